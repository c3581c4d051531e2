import { type ClueRecord, NO_STAMP } from '../../vocabulary/records.ts';

/** One connector or tunnel as a command shows it. */
export interface ShownTunnel {
  readonly line: number;
  readonly text: string;
  /** Name or id of the tunnel. */
  readonly tunnel: string | undefined;
  /** Connections to Cloudflare that were up as the command ran. */
  readonly connections: number;
  /** Data centres of these, without repeats. */
  readonly colos: readonly string[];
  readonly version?: string | undefined;
}

const LONGEST_TEXT = 2000;
const LONGEST_VALUE = 200;

/**
 * What a command or a dump says of a tunnel at the moment it was made, which it does not write: connected, or not. Of the
 * service behind the tunnel it says nothing.
 */
export function tunnelClue({ line, text, tunnel, connections, colos, version }: ShownTunnel): ClueRecord {
  return {
    kind: 'clue',
    hop: 'tunnel',
    signal: connections === 0 ? 'cloudflared.shown-disconnected' : 'cloudflared.shown-connected',
    line,
    stamp: NO_STAMP,
    text: text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text,
    ...(tunnel !== undefined && { subject: tunnel.slice(0, LONGEST_VALUE) }),
    values: {
      connections,
      ...(colos.length > 0 && { colos: colos.join(',').slice(0, LONGEST_VALUE) }),
      ...(version !== undefined && { version: version.slice(0, LONGEST_VALUE) }),
    },
  };
}
