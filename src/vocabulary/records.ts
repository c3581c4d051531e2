import type { Hop } from './hops.ts';
import type { SignalId } from './signals.ts';

/**
 * When an entry was written, as far as the entry itself tells.
 * - `utc`: an instant; `ms` since 1970, `offsetMinutes` the zone it was written in where that is known (0 for `Z`).
 * - `local`: a wall clock whose zone is not written; `ms` is that wall clock read as though it were UTC.
 * - `yearless`: a wall clock without zone and year; `ms` read as though UTC in the year 2000 (a leap year).
 * - `none`: the entry carries no time.
 */
export type Stamp =
  | { readonly kind: 'utc'; readonly ms: number; readonly offsetMinutes?: number }
  | { readonly kind: 'local'; readonly ms: number }
  | { readonly kind: 'yearless'; readonly ms: number }
  | { readonly kind: 'none' };

export const NO_STAMP: Stamp = { kind: 'none' };

interface EntryBase {
  /** Line of the source on which the entry begins, counted from 1 (for a HAR: the entry's number). */
  readonly line: number;
  readonly stamp: Stamp;
  /** A second clock on the same line (journald's local time before cloudflared's UTC): teaches the host's zone. */
  readonly outerStamp?: Stamp;
  /** Name of the machine that wrote the line, where a wrapper tells it (`web01` in a journal line). */
  readonly server?: string;
  /** The entry's text as a report may show it, cut at 2,000 characters. */
  readonly text: string;
}

/** One answered (or failed) request: an edge row, an access row, a HAR entry. `stamp` is when the answer was given. */
export interface RequestRecord extends EntryBase {
  readonly kind: 'request';
  readonly hop: Hop;
  /** Status given to this hop's client; 0 where no answer came. */
  readonly status: number;
  /** Status received from the next hop: 0 = none came; undefined = the row does not tell. */
  readonly originStatus?: number;
  /** What the row says about its own failure; undefined for an ordinary answer. */
  readonly signal?: SignalId;
  readonly method?: string;
  readonly host?: string;
  /** Path without query. */
  readonly path?: string;
  /** 16 hexadecimal digits, lower case, without the colo. */
  readonly ray?: string;
  readonly colo?: string;
  /** Visitor's address (or the peer's, where the visitor's is not logged). */
  readonly client?: string;
  /** Address or name of the next hop (`127.0.0.1:3000`, `unix:/run/php/php8.2-fpm.sock`, an origin's address). */
  readonly upstream?: string;
  /** Wall time of the whole request. */
  readonly durationMs?: number;
  /** Wall time of the next hop alone. */
  readonly upstreamMs?: number;
  readonly bytes?: number;
  readonly contentType?: string;
  readonly userAgent?: string;
  /** False for rows that are no visitor's: health checks, Worker subrequests, internal look-ups. */
  readonly visitor: boolean;
  /** Each row stands for this many requests (Instant Logs' sampleInterval); 1 where unsampled. */
  readonly weight?: number;
  /** Cloudflare's address that spoke to the origin; undefined where no request was sent there or the row does not tell. */
  readonly edgeServer?: string;
  /** The answer says when to come back (`Retry-After`). */
  readonly retryAfter?: boolean;
  /** How far the clock of `stamp` is ahead of Cloudflare's, as the answer's own `date` header shows: within about a second. */
  readonly aheadOfEdgeMs?: number;
  /** A Worker's subrequest: Ray ID of the request that made it. */
  readonly parentRay?: string;
}

/** One line that tells something: an error line, a daemon's line, a kernel line. */
export interface ClueRecord extends EntryBase {
  readonly kind: 'clue';
  readonly hop: Hop;
  readonly signal: SignalId;
  readonly level?: string;
  readonly method?: string;
  readonly host?: string;
  /** Path without query. */
  readonly path?: string;
  readonly ray?: string;
  readonly client?: string;
  /** Address or name of the next hop, or cloudflared's originService. */
  readonly upstream?: string;
  /** Connection of an nginx error line (`pid*N`), process of a daemon's line: lines with the same one belong together. */
  readonly connection?: string;
  /** systemd unit, PHP-FPM pool, process name: what the line speaks of (`nginx.service`, `www`, `php-fpm8.2`). */
  readonly subject?: string;
  /** Numbers and names the signal's sentence or a fix needs (`maxChildren: 5`, `plugin: 'woo-feed'`, `afterMs: 30000`). */
  readonly values?: Readonly<Record<string, string | number>>;
}

export type LogRecord = RequestRecord | ClueRecord;
