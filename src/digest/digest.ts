import type { Hop } from '../vocabulary/hops.ts';
import type { ClueRecord, RequestRecord } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { ClueSample } from './clue-sample.ts';
import type { SecondList } from './second-list.ts';

/**
 * The mergeable summary of what was read: exact counts, a bounded sample of records, coverage. Plain data, so that it can
 * cross threads. Stamps are kept as written; the clock stage gives them their place later.
 */

/** How the stamps of a segment are written (see `Stamp`); one segment holds one kind. */
export type StampKind = 'utc' | 'local' | 'yearless' | 'none';

/**
 * A stretch of a stream whose stamps run forwards. Wall clocks without zone begin a new one wherever they run backwards by
 * more than two minutes: the repeated hour of a clock change, or a second year.
 */
export interface Segment {
  readonly kind: StampKind;
  readonly source: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly entries: number;
}

/** What the requests of a cell have in common. A log has a handful of these: what follows from them is asked once for each. */
export interface CellKind {
  readonly status: number;
  readonly signal: SignalId | null;
  /** Whether the next hop gave a status. */
  readonly reached: boolean;
}

/**
 * Visitors' requests that share segment, bucket and kind, with their exact count. Colos and hosts are told from the sample. Lists
 * of numbers, one entry for each cell: a busy log has a hundred thousand of them.
 */
export interface CellList {
  /** All kinds, each once. */
  readonly kinds: CellKind[];
  readonly segments: number[];
  /** Start of the bucket, in the segment's written time; NaN where the rows carry none. */
  readonly bucketMs: number[];
  /** Place among the kinds. */
  readonly kindOf: number[];
  readonly counts: number[];
}

/** A record that was kept, with where it came from. */
export interface Kept<R extends RequestRecord | ClueRecord> {
  readonly record: R;
  readonly source: number;
  /** Index into the stream's segments. */
  readonly segment: number;
  readonly hash: number;
  /** The hash of what the record said before it was masked, for those who have the key (`changed.ts`). */
  readonly sealed?: number | undefined;
}

/** `failed`: gateway and application errors, and rows with a signal; `refused`: 403 and 429; `ordinary`: visitors' others. */
export const KEPT_KINDS = ['ordinary', 'failed', 'refused'] as const;
export type KeptKind = (typeof KEPT_KINDS)[number];

/** Rows of one kind; each stands for `weight` of them. */
export interface KeptRows {
  rows: Kept<RequestRecord>[];
  weight: number;
}

/** One clue signal of a stream: exact counts per written second, and the records kept of it. */
export interface ClueSeries {
  readonly signal: SignalId;
  count: number;
  /** For each segment (as far as any has lines of it) counts by second of the written time; undated lines are not in it. */
  readonly perSecond: SecondList[];
  kept: Kept<ClueRecord>[];
  /** Which lines are kept. */
  readonly sample: ClueSample;
}

/** Stamps written on two clocks at once: what the outer clock showed when the inner instant passed. */
export interface ClockPair {
  readonly outerKind: 'local' | 'yearless';
  readonly outerMs: number;
  readonly innerMs: number;
}

/** One log of one program on one host, with its rotated pieces. */
export interface StreamDigest {
  /** Identity: format, machine and file family. */
  readonly key: string;
  readonly format: string;
  readonly hop: Hop;
  readonly server: string | null;
  /** Folder of the pieces, for guesses about which logs share a machine. */
  readonly folder: string;
  segments: Segment[];
  /** Visitors' requests; 0 for logs without requests. */
  requestCount: number;
  /** As they were counted, one list for each piece of the log: neighbours may both have cells of one second. */
  cells: CellList[];
  /** Width of the buckets: a power of two. */
  bucketSeconds: number;
  /** Rows that are kept, by kind. */
  readonly kept: Readonly<Record<KeptKind, KeptRows>>;
  /** Rows that are no visitor's (health checks, Worker subrequests). */
  internalCount: number;
  /** Rows dropped because the same request was already there. */
  duplicateCount: number;
  clues: Map<SignalId, ClueSeries>;
  /** Zones written in stamps: offset in minutes → instants at which it first and last occurred. */
  offsets: Map<number, { firstMs: number; lastMs: number; count: number }>;
  clockPairs: ClockPair[];
  /** Log levels seen, with counts. */
  levels: Map<string, number>;
}

/** What became of one source. */
export interface SourceDigest {
  readonly index: number;
  readonly label: string;
  /** Format that took most lines; null where nothing was understood. */
  readonly format: string | null;
  readonly hop: Hop | null;
  readonly server: string | null;
  readonly bytes: number;
  readonly sha256: string | null;
  readonly lines: number;
  readonly records: number;
  readonly notUnderstood: {
    readonly count: number;
    readonly samples: readonly { readonly line: number; readonly text: string }[];
  };
  readonly lostBytes: number;
  /** When it was last written, as an archive says of its member; absent elsewhere. */
  readonly modifiedMs?: number | undefined;
  /** Set where the source is no log (a picture, a note, an empty file): the reason. */
  readonly skipped: string | null;
  readonly warnings: readonly string[];
  readonly streams: readonly StreamDigest[];
}

/** All that was read, in canonical order of the sources. */
export interface Digest {
  readonly sources: readonly SourceDigest[];
  readonly streams: readonly StreamDigest[];
}
