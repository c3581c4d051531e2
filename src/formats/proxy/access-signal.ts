import type { SignalId } from '../../vocabulary/signals.ts';

/** What of a row tells who made its status. Undefined: the row does not carry the field; `-` or empty: nginx had no value. */
export interface AccessOutcome {
  readonly status: number;
  readonly request?: string | undefined;
  readonly requestTimeMs?: number | undefined;
  /** Last elements of the lists: they belong to the answer. */
  readonly upstreamStatus?: string | undefined;
  readonly upstreamAddr?: string | undefined;
  readonly connectTime?: string | undefined;
  readonly headerTime?: string | undefined;
  readonly responseTimeMs?: number | undefined;
}

/** Cloudflare waits so long for an answer at least (`TOOK_SHORT` of the counter: less). */
export const EDGE_WAITS_MS = 100_000;
/** It waits 100 s, 120 s on newer connections; what is later in a row is its way to the log. */
const EDGE_PATIENCE_MS: readonly (readonly [number, number])[] = [
  [EDGE_WAITS_MS, 101_500],
  [120_000, 121_500],
];
/** nginx's timers fire within this time after a whole second. */
const TIMER_LATENESS_MS = 50;

function empty(value: string | undefined): boolean {
  return value === '-' || value === '';
}

/** Whether an upstream's name is a group's: nginx writes it where it asked no peer of the group. */
function isGroup(address: string | undefined): boolean {
  return address !== undefined && !empty(address) && !address.startsWith('unix:') && !/:\d{1,5}$/.test(address);
}

/** Whether a response header came from the upstream; undefined where the row does not tell. */
export function headerCame(row: AccessOutcome): boolean | undefined {
  if (row.headerTime !== undefined) return /^\d/.test(row.headerTime);
  if (row.connectTime !== undefined && empty(row.connectTime)) return false;
  return undefined;
}

function gatewaySignal(row: AccessOutcome): SignalId {
  const came = headerCame(row);
  if (row.status === 504) {
    if (came === undefined) {
      const ms = row.responseTimeMs ?? row.requestTimeMs;
      const onTimer = ms !== undefined && ms >= 1000 && ms % 1000 <= TIMER_LATENESS_MS;
      return onTimer ? 'access.timeout-504' : 'access.5xx';
    }
    return came ? 'access.answered-5xx' : 'access.timeout-504';
  }
  if (came === true) return 'access.answered-5xx';
  if (isGroup(row.upstreamAddr)) return 'access.no-live-502';
  return came === false ? 'access.no-answer-502' : 'access.5xx';
}

/** A 5xx for which no upstream gave or was given a status: nginx made it before it asked one. */
function ownSignal(status: number, upstreamAddr: string | undefined): SignalId {
  if (status === 502 && (upstreamAddr === undefined || empty(upstreamAddr))) return 'access.no-upstream-502';
  if (status === 500) return 'access.own-500';
  if (status === 503) return 'access.own-503';
  return 'access.5xx';
}

function serverErrorSignal(row: AccessOutcome): SignalId {
  const { status, upstreamStatus } = row;
  if (upstreamStatus === undefined) return 'access.5xx';
  if (empty(upstreamStatus)) return ownSignal(status, row.upstreamAddr);
  if (Number(upstreamStatus) !== status) return status === 500 || status === 503 ? ownSignal(status, '') : 'access.5xx';
  // nginx makes up 502 and 504 for a failed try, and no other number (ngx_http_upstream_next).
  if (status === 502 || status === 504) return gatewaySignal(row);
  return 'access.answered-5xx';
}

/**
 * What a row says about its own failure (reference: nginx section 2, "What the numbers tell"); undefined where nothing. Asks for
 * no more of the row than it needs: what it did not ask for cannot change the answer (`access-blocks-outcomes.ts`).
 */
export function accessSignal(row: AccessOutcome): SignalId | undefined {
  const { status } = row;
  if (status >= 500 && status <= 599) return serverErrorSignal(row);
  if (status === 403 || status === 429) return 'access.refused-403';
  if (status === 499) {
    const { requestTimeMs } = row;
    const byEdge =
      requestTimeMs !== undefined && EDGE_PATIENCE_MS.some(([a, b]) => requestTimeMs >= a && requestTimeMs <= b);
    return byEdge ? 'access.edge-gave-up' : 'access.client-abort';
  }
  if (status === 400 && /^(?:\\x16\\x03|\\u0016\\u0003|\x16\x03)/i.test(row.request ?? ''))
    return 'access.tls-to-plain-port';
  return undefined;
}
