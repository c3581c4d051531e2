import type { SignalId } from '../../vocabulary/signals.ts';

/** A connection of the tunnel is up. */
export const REGISTERED: readonly SignalId[] = ['cloudflared.edge-reg', 'cloudflared.edge-reg-old'];
/** What cloudflared says when it ends: it was told to, it gives up, or it has updated itself. */
export const STOPS: readonly SignalId[] = [
  'cloudflared.proc-sigterm',
  'cloudflared.proc-shutdown-err',
  'cloudflared.proc-update',
  'cloudflared.proc-stopped',
];
/** A cloudflared that was started is connected within this; later something else keeps it away. */
export const CONNECTED_WITHIN_MS = 15_000;
/** What happens within this after the failures belongs to them: a start, a good answer. */
export const BACK_WITHIN_MS = 60_000;
