import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { Row } from './row.ts';

/** ClientRequestSource by number (logs/reference/clientrequestsource). */
const SOURCES: readonly string[] = [
  'unknown',
  'eyeball',
  'purge',
  'alwaysonline',
  'healthcheck',
  'edgeworkerfetch',
  'edgeworkercacheapi',
  'edgeworkerkv',
  'imageresizing',
  'orangetoorange',
  'ssldetector',
  'earlyhintscache',
  'inbrowserchallenge',
];

/** Security actions that end a request; `log`, `skip`, `allow` and `simulate` let it pass. */
const ENDING_ACTIONS =
  /^(?:block|drop|challenge|jschallenge|managedchallenge|captcha|connectionclose|forceconnectionclose|ratelimit|ban|deny)$/;
const CACHED = new Set(['hit', 'stale', 'updating', 'revalidated', 'streamhit']);

/** What the decision table asks of a row. */
export interface EdgeFacts {
  readonly status: number;
  /** 0: none came; undefined: the export lacks the column. */
  readonly origin: number | undefined;
  /** Lower case, without separators. */
  readonly source: string;
  readonly originAddress: string | undefined;
  readonly originIsCloudflare: boolean;
  /** The row reached the cache stage: any cache status but `unknown`. */
  readonly reachedCache: boolean;
  readonly servedFromCache: boolean;
  readonly workerRan: boolean;
  /** WorkerStatus, lower case without separators; empty where the row lacks it. */
  readonly workerStatus: string;
  readonly subrequest: boolean;
  readonly ownZone: boolean;
  readonly securityActed: boolean;
  /** EdgePathingStatus where EdgePathingSrc or EdgePathingOp say that the host's configuration is at fault. */
  readonly hostError: string | undefined;
  /** A speculative request; told of a 503 alone. */
  readonly prefetch: boolean;
  readonly method: string;
  readonly durationMs: number | undefined;
}

/** Draws the facts from a row whose status and duration are known. */
export function edgeFacts(row: Row, status: number, durationMs: number | undefined): EdgeFacts {
  const originAddress = row.text('OriginIP');
  const cache = folded(row.text('CacheCacheStatus'));
  const zone = row.text('ZoneName')?.toLowerCase();
  const host = row.text('ClientRequestHost')?.toLowerCase();
  const worker = folded(row.text('WorkerStatus'));
  return {
    status,
    origin: originStatus(row),
    source: requestSource(row),
    originAddress,
    originIsCloudflare:
      row.flag('EdgeCFConnectingO2O') || (originAddress !== undefined && isCloudflares(originAddress)),
    reachedCache: cache !== '' && cache !== 'unknown',
    servedFromCache: CACHED.has(cache),
    workerRan:
      (worker !== '' && worker !== 'unknown') ||
      (row.number('WorkerCPUTime') ?? 0) > 0 ||
      (row.number('WorkerWallTimeUs') ?? 0) > 0 ||
      (row.number('WorkerSubrequestCount') ?? 0) > 0 ||
      row.text('WorkerScriptName') !== undefined,
    workerStatus: worker,
    subrequest: isSubrequest(row),
    ownZone: zone !== undefined && host !== undefined && (host === zone || host.endsWith(`.${zone}`)),
    securityActed: securityActed(row),
    hostError: hostError(row),
    // Asked of a 503 alone, as the headers must be parsed for it.
    prefetch: status === 503 && (row.nested('RequestHeaders')?.text('sec-purpose')?.includes('prefetch') ?? false),
    method: row.text('ClientRequestMethod')?.toUpperCase() ?? '',
    durationMs,
  };
}

/** Status received from upstream; 0 = none came, undefined = the export does not tell. */
export function originStatus(row: Row): number | undefined {
  return row.has('OriginResponseStatus') ? (row.number('OriginResponseStatus') ?? 0) : undefined;
}

/** Who made the request, lower case without separators; empty where the row does not tell. */
export function requestSource(row: Row): string {
  const value = row.text('ClientRequestSource') ?? row.text('RequestSource') ?? '';
  return /^\d{1,2}$/.test(value) ? (SOURCES[Number(value)] ?? '') : folded(value);
}

/** Whether the row is a `fetch()` of a Worker. */
export function isSubrequest(row: Row): boolean {
  return row.flag('WorkerSubrequest') || requestSource(row).startsWith('edgeworker');
}

/** Origins whose address was looked up: a site has a few. */
const LOOKED_UP = new Map<string, boolean>();
const MOST_LOOKED_UP = 1000;

function isCloudflares(address: string): boolean {
  let known = LOOKED_UP.get(address);
  if (known === undefined) {
    known = isCloudflareAddress(address);
    if (LOOKED_UP.size === MOST_LOOKED_UP) LOOKED_UP.clear();
    LOOKED_UP.set(address, known);
  }
  return known;
}

/** Words that were folded: columns that hold one word of a few repeat it in every row. */
const FOLDED = new Map<string, string>();
const MOST_FOLDED = 1000;

/** Lower case, without separators. */
function folded(text: string | undefined): string {
  if (text === undefined) return '';
  let word = FOLDED.get(text);
  if (word === undefined) {
    word = text.replace(/[_\- ]/g, '').toLowerCase();
    if (FOLDED.size === MOST_FOLDED) FOLDED.clear();
    FOLDED.set(text, word);
  }
  return word;
}

function securityActed(row: Row): boolean {
  const actions = [
    ...row.list('SecurityAction'),
    ...row.list('SecurityActions'),
    ...row.list('FirewallMatchesActions'),
    ...row.list('WAFAction'),
    ...row.list('EdgeRateLimitAction'),
  ];
  return (
    actions.some((action) => ENDING_ACTIONS.test(folded(action))) ||
    /^(?:ban|chl)/.test(folded(row.text('EdgePathingOp')))
  );
}

function hostError(row: Row): string | undefined {
  const op = folded(row.text('EdgePathingOp'));
  return op === 'errhost' || folded(row.text('EdgePathingSrc')) === 'err'
    ? folded(row.text('EdgePathingStatus'))
    : undefined;
}
