import type { FailureKind, Hop, Maker } from '../vocabulary/hops.ts';
import type { SignalId } from '../vocabulary/signals.ts';

/** A line of a source, for quoting: index of the source, line number (from 1), text. */
export interface LineRef {
  readonly source: number;
  readonly line: number;
  readonly text: string;
}

/** How one signal behaved around a burst. */
export interface SignalFact {
  readonly signal: SignalId;
  /** Occurrences within the burst (for processes: from a minute before the first failing request to its end). */
  readonly count: number;
  /** Occurrences before it. */
  readonly before: number;
  /** Part of the failed requests that this signal accounts for, 0–1; 1 for signals that are not counted per request. */
  readonly share: number;
  /** How much of a rule's weight the occurrence deserves, 0–1: share, timing, and rise over the background. */
  readonly strength: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly lines: readonly LineRef[];
  /** Numbers and names taken from its records (`maxChildren`, `pool`, `plugin`, `afterMs`); most frequent value each. */
  readonly values: Readonly<Record<string, string | number>>;
  /** What the lines speak of (unit, process, pool), most frequent first. */
  readonly subjects: readonly string[];
}

export type Dimension = 'host' | 'server' | 'path' | 'method' | 'colo' | 'upstream' | 'client';

/** The most frequent value of a dimension among failed requests. */
export interface TopValue {
  readonly value: string;
  readonly failed: number;
  /** Of the failed requests. */
  readonly share: number;
  /** Of all requests in the same time; null where unknown. */
  readonly trafficShare: number | null;
}

/** To what failures are bound, by the traffic of the same time. */
export interface Scope {
  /** One to three values that hold the failures while requests with others go well; paths without their varying parts. */
  readonly only: ReadonlyMap<Dimension, readonly string[]>;
  /** Whether all data centres with enough traffic fail alike. */
  readonly everyColo: boolean;
  /** Part of the requests of that kind that failed; null where the log knows failures only. */
  readonly failedShare: number | null;
  /** Files that the web server or the cache hands out were served well meanwhile. */
  readonly isStaticFine: boolean;
}

/**
 * What a cause may know of a burst, and all that it may know. Made by correlate/ from the digest on the corrected clock.
 * Times are milliseconds since 1970 on the edge's clock.
 */
export interface Facts {
  readonly kind: FailureKind;
  readonly madeBy: Maker;
  /** First and last failed answer. */
  readonly startMs: number;
  readonly endMs: number;
  readonly failed: number;
  readonly total: number | null;
  readonly peakPerMinute: number;
  /** Failed requests by status, counted by the witness. */
  readonly statuses: ReadonlyMap<number, number>;
  readonly signals: ReadonlyMap<SignalId, SignalFact>;
  /** Hops of which a log that tells why (of the inner hops: error lines, not access rows) covers the burst. */
  readonly covered: ReadonlySet<Hop>;
  /** Ids of the formats of the logs that were read; what wrote them. */
  readonly formats?: ReadonlySet<string>;
  readonly scope: Scope;
  readonly top: (dimension: Dimension) => TopValue | null;
  /** False where no log tells the year: the dates of `startMs` and `endMs` are right but for it. Known if not given. */
  readonly isYearKnown?: boolean;
  /** How far the origin's clock is ahead of the edge's: commands run on the origin need its times. 0 if not given. */
  readonly originSkewMs?: number;
  /** Median wall time of the failed requests in milliseconds, by the innermost log that has it; null where unknown. */
  readonly failedMedianMs: number | null;
}
