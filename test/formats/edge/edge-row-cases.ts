import type { SignalId } from '../../../src/vocabulary/signals.ts';

export type Columns = Readonly<Record<string, unknown>>;

export const PLAIN = {
  ClientRequestSource: 'eyeball',
  WorkerStatus: 'unknown',
  WorkerSubrequestCount: 0,
  CacheCacheStatus: 'dynamic',
};
const NO_ORIGIN = { OriginResponseStatus: 0, OriginIP: '' };
const TRIED = { OriginResponseStatus: 0, OriginIP: '203.0.113.9' };

/** One row of a log for every row of the table: status, columns, duration, what must come out. */
export const EDGE_ROW_CASES: readonly (readonly [string, number, Columns, SignalId, number?])[] = [
  ['1', 504, { ...NO_ORIGIN, ClientRequestSource: 'earlyHintsCache' }, 'edge.early-hints-504'],
  ['2', 504, { ...NO_ORIGIN, ClientRequestSource: 6 }, 'edge.worker-cache-504'],
  ['3', 503, { ...NO_ORIGIN, RequestHeaders: { 'sec-purpose': 'prefetch' } }, 'edge.prefetch-503'],
  ['4', 522, { ...TRIED, ClientRequestSource: 'healthcheck' }, 'edge.own-traffic'],
  ['25', 200, { OriginResponseStatus: 503, OriginIP: '203.0.113.9', CacheCacheStatus: 'stale' }, 'edge.masked-5xx'],
  ['28', 499, TRIED, 'edge.client-abort'],
  [
    '24a',
    530,
    { ...NO_ORIGIN, EdgePathingSrc: 'err', EdgePathingOp: 'err_host', EdgePathingStatus: 'dns_err' },
    'edge.530-1016',
  ],
  ['1.4', 409, { ...NO_ORIGIN, EdgePathingOp: 'errHost', EdgePathingStatus: 'no_existing_host' }, 'edge.dns-error'],
  ['27a', 429, { ...NO_ORIGIN, SecurityActions: ['block'], SecuritySources: ['ratelimit'] }, 'edge.rate-limit'],
  ['27b', 403, { ...NO_ORIGIN, SecurityAction: 'managed_challenge' }, 'edge.waf-block'],
  ['27c', 405, { ...NO_ORIGIN, FirewallMatchesActions: 'block' }, 'edge.waf-block'],
  ['27d', 403, { OriginResponseStatus: 403, OriginIP: '203.0.113.9' }, 'edge.origin-refused-403'],
  ['29', 502, { OriginResponseStatus: 0, OriginIP: '', CacheCacheStatus: 'hit' }, 'edge.cached-error'],
  [
    '6',
    522,
    { OriginResponseStatus: 522, OriginIP: '203.0.113.9', EdgeCFConnectingO2O: true },
    'edge.upstream-is-cloudflare',
  ],
  ['26', 500, { OriginResponseStatus: 200, OriginIP: '203.0.113.9', WorkerStatus: 'ok' }, 'edge.worker-changed-status'],
  ['11', 503, { ...NO_ORIGIN, WorkerStatus: 'exceededCpu' }, 'edge.worker-limit'],
  ['11, 12', 500, { ...NO_ORIGIN, WorkerStatus: 'exception' }, 'edge.worker-5xx'],
  ['5', 504, { OriginResponseStatus: 504, OriginIP: '203.0.113.9' }, 'edge.origin-answered-5xx'],
  ['7', 502, { OriginResponseStatus: 200, OriginIP: '203.0.113.9' }, 'edge.refused-origin-answer'],
  ['1.5', 502, {}, 'edge.5xx-origin-unknown'],
  ['8', 502, TRIED, 'edge.502-tried-origin'],
  ['9', 502, { ...NO_ORIGIN, CacheCacheStatus: 'unknown' }, 'edge.502-no-origin'],
  ['13', 504, TRIED, 'edge.504-no-origin', 100_500],
  ['10', 500, { ...NO_ORIGIN, CacheCacheStatus: 'unknown' }, 'edge.own-5xx'],
  ['14', 520, TRIED, 'edge.520'],
  ['15', 521, TRIED, 'edge.521'],
  [
    '18',
    522,
    { ...TRIED, WorkerSubrequest: true, ClientRequestHost: 'www.example.com', ZoneName: 'example.com' },
    'edge.worker-child-5xx',
  ],
  ['17', 522, TRIED, 'edge.522-no-ack', 90_100],
  ['16', 522, TRIED, 'edge.522-connect', 19_000],
  ['19', 523, TRIED, 'edge.523'],
  ['21', 524, { ...TRIED, ClientRequestMethod: 'POST' }, 'edge.524-upload', 30_100],
  ['20', 524, { ...TRIED, ClientRequestMethod: 'POST' }, 'edge.524', 120_050],
  ['22', 525, TRIED, 'edge.525'],
  ['23', 526, TRIED, 'edge.526'],
  ['2.4', 527, TRIED, 'edge.527'],
  ['24', 530, NO_ORIGIN, 'edge.530'],
];
