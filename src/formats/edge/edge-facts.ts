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
const ACTION_COLUMNS = [
  'SecurityAction',
  'SecurityActions',
  'FirewallMatchesActions',
  'WAFAction',
  'EdgeRateLimitAction',
] as const;
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
  /** Whether at least so many milliseconds passed until the answer; no where the row does not tell. */
  readonly lasted: (ms: number) => boolean;
}

/** Draws the facts from a row of this status, each when a rule asks for it: most rows are told by a few of them. */
export function edgeFacts(row: Row, status: number, durationMs: () => number | undefined): EdgeFacts {
  return new RowFacts(row, status, durationMs);
}

class RowFacts implements EdgeFacts {
  readonly status: number;
  readonly origin: number | undefined;
  private readonly row: Row;
  private readonly duration: () => number | undefined;

  constructor(row: Row, status: number, duration: () => number | undefined) {
    this.row = row;
    this.status = status;
    this.origin = originStatus(row);
    this.duration = duration;
  }

  get source(): string {
    return requestSource(this.row);
  }

  get originAddress(): string | undefined {
    return this.row.text('OriginIP');
  }

  get originIsCloudflare(): boolean {
    const { originAddress } = this;
    return this.row.flag('EdgeCFConnectingO2O') || (originAddress !== undefined && isCloudflares(originAddress));
  }

  get reachedCache(): boolean {
    const cache = folded(this.row.text('CacheCacheStatus'));
    return cache !== '' && cache !== 'unknown';
  }

  get servedFromCache(): boolean {
    return CACHED.has(folded(this.row.text('CacheCacheStatus')));
  }

  get workerRan(): boolean {
    const { row, workerStatus } = this;
    return (
      (workerStatus !== '' && workerStatus !== 'unknown') ||
      (row.number('WorkerCPUTime') ?? 0) > 0 ||
      (row.number('WorkerWallTimeUs') ?? 0) > 0 ||
      (row.number('WorkerSubrequestCount') ?? 0) > 0 ||
      row.text('WorkerScriptName') !== undefined
    );
  }

  get workerStatus(): string {
    return folded(this.row.text('WorkerStatus'));
  }

  get subrequest(): boolean {
    return isSubrequest(this.row);
  }

  get ownZone(): boolean {
    const zone = this.row.text('ZoneName')?.toLowerCase();
    const host = this.row.text('ClientRequestHost')?.toLowerCase();
    return zone !== undefined && host !== undefined && (host === zone || host.endsWith(`.${zone}`));
  }

  get securityActed(): boolean {
    return securityActed(this.row);
  }

  get hostError(): string | undefined {
    return hostError(this.row);
  }

  get prefetch(): boolean {
    const { row, status } = this;
    // Asked of a 503 alone, as the headers must be parsed for it.
    return status === 503 && (row.nested('RequestHeaders')?.text('sec-purpose')?.includes('prefetch') ?? false);
  }

  get method(): string {
    return this.row.text('ClientRequestMethod')?.toUpperCase() ?? '';
  }

  lasted(ms: number): boolean {
    return this.row.lasted(ms, this.duration);
  }
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
  const ends = (action: string): boolean => ENDING_ACTIONS.test(folded(action));
  return (
    ACTION_COLUMNS.some((name) => row.list(name).some(ends)) || /^(?:ban|chl)/.test(folded(row.text('EdgePathingOp')))
  );
}

function hostError(row: Row): string | undefined {
  const op = folded(row.text('EdgePathingOp'));
  return op === 'errhost' || folded(row.text('EdgePathingSrc')) === 'err'
    ? folded(row.text('EdgePathingStatus'))
    : undefined;
}
