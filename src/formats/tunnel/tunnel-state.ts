import type { SignalId } from '../../vocabulary/signals.ts';
import type { Circumstances } from './cloudflared-match.ts';

/** What a connection says first. */
export const DIALLING = 'Tunnel connection curve preferences';
const STARTS: ReadonlySet<SignalId | null> = new Set<SignalId>([
  'cloudflared.proc-start',
  'cloudflared.proc-version',
  'cloudflared.edge-reg',
  'cloudflared.edge-reg-old',
]);
const STOPS: ReadonlySet<SignalId | null> = new Set<SignalId>([
  'cloudflared.proc-sigterm',
  'cloudflared.proc-shutdown-err',
]);

/** What a log has told so far of the process and its connections; some lines mean nothing without it. */
export class TunnelState {
  /** `told`: a shutdown line came; `ended`: the last words came without one (the log is cut, or printed newest first). */
  private stopping: 'no' | 'told' | 'ended' = 'no';
  private startSeen = false;
  private readonly connections = new Map<string, 'dialling' | 'up' | 'down'>();

  /** How things stand for a line of this connection. */
  circumstances(connIndex: string | undefined): Circumstances {
    const own = connIndex === undefined ? undefined : this.connections.get(connIndex);
    let othersUp = false;
    for (const [index, state] of this.connections) if (index !== connIndex && state === 'up') othersUp = true;
    return {
      stopping: this.stopping !== 'no',
      unregistered: connIndex !== undefined && (own === 'dialling' || (own === undefined && this.startSeen)),
      othersUp,
    };
  }

  /** Takes note of a line by its signal and message. */
  see(signal: SignalId | null, message: string, connIndex: string | undefined): void {
    if (STOPS.has(signal)) this.stopping = this.stopping === 'ended' ? 'no' : 'told';
    if (STARTS.has(signal)) this.stopping = 'no';
    if (signal === 'cloudflared.proc-stopped' && this.stopping === 'no') this.stopping = 'ended';
    if (signal === 'cloudflared.proc-start') {
      this.startSeen = true;
      this.connections.clear();
    }
    if (connIndex === undefined) return;
    if (signal === 'cloudflared.edge-reg' || signal === 'cloudflared.edge-reg-old')
      this.connections.set(connIndex, 'up');
    else if (message.startsWith(DIALLING)) this.connections.set(connIndex, 'dialling');
    else if (signal?.startsWith('cloudflared.edge-') && this.connections.get(connIndex) === 'up') {
      this.connections.set(connIndex, 'down');
    }
  }
}
