import type { Kept, StreamDigest } from '../digest/digest.ts';
import type { SecondList } from '../digest/second-list.ts';
import type { ClueRecord, RequestRecord } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { SkewCourse } from './course.ts';
import { coverageOf, type Span } from './coverage.ts';
import { SecondCounts } from './second-counts.ts';
import { TimedCells } from './timed-cells.ts';
import type { ToInstant } from './written.ts';

/** How a stream's written times were put on the one clock, and how that is known. */
export interface StreamClock {
  readonly zone: string;
  readonly zoneOffsetMinutes: number;
  /** This clock minus the edge's, else minus UTC. */
  readonly skewSeconds: number;
  readonly year: { readonly value: number; readonly method: string } | null;
  readonly method: 'explicit' | 'inner' | 'sibling' | 'ray-id' | 'request' | 'process' | 'shape' | 'assumed' | 'option';
  readonly uncertaintySeconds: number;
  readonly alternatives: readonly {
    readonly zoneOffsetMinutes: number;
    readonly skewSeconds: number;
    readonly support: number;
  }[];
  /** How the skew went, where the clock was set or ran away while the log was written; `skewSeconds` is then that of most of it. */
  readonly course?: SkewCourse;
  /** True where something in this very log told its skew; else it is that of its machine, or none is known. */
  readonly tied?: true;
  /**
   * Set where its times cannot be set against those of the other logs: its zone is a guess while they have one, or its
   * outage, its silence or all of its trouble lies beside the failures that the others show.
   */
  readonly adrift?: 'zone' | 'outage' | 'silence' | 'trouble';
  /** Set where its own tale told its place against its zone or its machine's clock: what in it lies upon which failures. */
  readonly moved?: 'outage' | 'outages' | 'silence' | 'rhythm';
}

/** A request on the one clock. */
export interface TimedRequest {
  readonly record: RequestRecord;
  readonly source: number;
  /** When the answer was given; NaN where the row carries no time. */
  readonly atMs: number;
  readonly startedMs: number;
}

/** A clue on the one clock. */
export interface TimedClue {
  readonly record: ClueRecord;
  readonly source: number;
  readonly atMs: number;
}

/** A stream on the one clock. */
export interface TimedStream {
  readonly stream: StreamDigest;
  readonly clock: StreamClock;
  /** First and last entry; NaN where the stream carries no time. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** First and last instant of each of the stream's segments. */
  readonly segmentSpans: readonly Span[];
  /** The times that the stream covers: outside them its silence says nothing. */
  readonly coverage: readonly Span[];
  readonly failures: readonly TimedRequest[];
  readonly sample: readonly TimedRequest[];
  readonly cells: TimedCells;
  readonly clues: ReadonlyMap<
    SignalId,
    { readonly count: number; readonly seconds: SecondCounts; readonly kept: readonly TimedClue[] }
  >;
}

/** Puts a stream's records and counts on the one clock; `labels` are the names of the sources. */
export function timeStream(
  stream: StreamDigest,
  clock: StreamClock,
  toInstant: ToInstant,
  labels: readonly string[] = [],
): TimedStream {
  const instantOf = ({ record: { stamp }, segment }: Kept<RequestRecord | ClueRecord>): number =>
    stamp.kind === 'none' ? Number.NaN : toInstant(segment, stamp.ms);
  const request = (kept: Kept<RequestRecord>): TimedRequest => {
    const atMs = instantOf(kept);
    return { record: kept.record, source: kept.source, atMs, startedMs: atMs - (kept.record.durationMs ?? 0) };
  };
  const cells = TimedCells.of(stream.cells, toInstant);
  const clues = new Map(
    [...stream.clues].map(([signal, series]) => {
      const kept = series.kept.map(
        (clue): TimedClue => ({ record: clue.record, source: clue.source, atMs: instantOf(clue) }),
      );
      return [signal, { count: series.count, seconds: secondsOf(series.perSecond, toInstant), kept }] as const;
    }),
  );
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;
  const segmentSpans = stream.segments.map(
    ({ firstMs: first, lastMs: last }, i) => [toInstant(i, first), toInstant(i, last)] as const,
  );
  for (const [first, last] of segmentSpans) {
    if (Number.isNaN(first)) continue;
    if (!(firstMs <= first)) firstMs = first;
    if (!(lastMs >= last)) lastMs = last;
  }
  return {
    stream,
    clock,
    firstMs,
    lastMs,
    segmentSpans,
    coverage: coverageOf(stream, segmentSpans, cells, labels),
    failures: [...stream.kept.failed.rows, ...stream.kept.refused.rows].map(request),
    sample: stream.kept.ordinary.rows.map(request),
    cells,
    clues,
  };
}

/** Counts by written second, for each segment, on the one clock. */
function secondsOf(perSecond: readonly SecondList[], toInstant: ToInstant): SecondCounts {
  const length = perSecond.reduce((sum, written) => sum + written.seconds.length, 0);
  const seconds = new Float64Array(length);
  const counts = new Float64Array(length);
  let at = 0;
  perSecond.forEach((written, segment) => {
    for (let i = 0; i < written.seconds.length; i++, at++) {
      seconds[at] = Math.floor(toInstant(segment, (written.seconds[i] ?? 0) * 1000) / 1000);
      counts[at] = written.counts[i] ?? 0;
    }
  });
  return SecondCounts.of(seconds, counts);
}

/** A stream whose clock is so much further ahead than it was taken for, with what is then known of it. */
export function setBack(timed: TimedStream, ms: number, clock: StreamClock): TimedStream {
  const request = (one: TimedRequest): TimedRequest => ({
    ...one,
    atMs: one.atMs - ms,
    startedMs: one.startedMs - ms,
  });
  const span = ([from, to]: Span): Span => [from - ms, to - ms];
  const clues = [...timed.clues].map(([signal, { count, seconds, kept }]) => {
    const { seconds: before, counts } = seconds.dated();
    const moved = before.map((second) => Math.floor(second - ms / 1000));
    const lines = kept.map((clue): TimedClue => ({ ...clue, atMs: clue.atMs - ms }));
    return [signal, { count, seconds: SecondCounts.of(moved, counts), kept: lines }] as const;
  });
  return {
    stream: timed.stream,
    clock,
    firstMs: timed.firstMs - ms,
    lastMs: timed.lastMs - ms,
    segmentSpans: timed.segmentSpans.map(span),
    coverage: timed.coverage.map(span),
    failures: timed.failures.map(request),
    sample: timed.sample.map(request),
    cells: timed.cells.setBack(ms),
    clues: new Map(clues),
  };
}
