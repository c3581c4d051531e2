import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { present } from '../entry.ts';

/** A packet that a firewall rule wrote to the kernel log (netfilter's LOG target). */
export interface LoggedPacket {
  readonly signal: SignalId;
  readonly client: string;
  readonly label: string | undefined;
  readonly values: Readonly<Record<string, string | number>>;
}

const PACKET = /(?:^|[\s:\]])IN=(\S{0,32}) OUT=(\S{0,32}) /;
const FIELD = /\b(SRC|DST|PROTO|SPT|DPT)=(\S{1,64})/g;
const LABEL = /^\[?([A-Za-z][^\]=]{0,60}?)[\]:\s]{0,4}(?:IN=|$)/;
/** Rules that log what they let through. */
const LET_THROUGH = /allow|accept|audit|\bpass\b/i;
const WEB_SERVERS: ReadonlySet<string> = new Set(['80', '443']);
const FIRST_CLIENT_PORT = 32_768;

/** The packet of a line, or null where it is none; a rule that lets through gives chatter. */
export function loggedPacket(text: string): LoggedPacket | null {
  const line = text.slice(0, 2000);
  const head = PACKET.exec(line);
  if (head === null) return null;
  const field: Record<string, string> = {};
  for (const [, name, value] of line.slice(head.index).matchAll(FIELD)) {
    if (name !== undefined && value !== undefined) field[name] ??= value;
  }
  const { SRC: from, DST: to } = field;
  if (from === undefined || to === undefined) return null;
  const label = LABEL.exec(line.slice(0, head.index))?.[1]?.trim();
  const inbound = head[1] !== '';
  const port = field.DPT === undefined ? undefined : Number(field.DPT);
  // An answer of a web server to a port of ours: the packet belongs to a connection that this host opened.
  const isAnswer = WEB_SERVERS.has(field.SPT ?? '') && (port ?? 0) >= FIRST_CLIENT_PORT;
  let signal: SignalId = 'kernel.packet-dropped-other';
  if (label !== undefined && LET_THROUGH.test(label)) signal = 'unit.chatter';
  else if (!inbound && isCloudflareAddress(to)) signal = 'kernel.packet-dropped-out';
  else if (inbound && isCloudflareAddress(from) && !isAnswer) signal = 'kernel.packet-dropped';
  return {
    signal,
    client: inbound ? from : to,
    label,
    values: present({ port, protocol: field.PROTO, direction: inbound ? 'in' : 'out' }),
  };
}
