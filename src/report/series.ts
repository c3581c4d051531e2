import { greatest, max, sum } from 'd3-array';
import type { Result } from '../result/schema.ts';
import { HOPS, type Hop } from '../vocabulary/hops.ts';

/** Names of the two series of a request log; all others count its lines. */
export const FAILED_SERIES = 'failed';
export const TOTAL_SERIES = 'total';

type Series = Result['timeline']['series'][number];

export interface Timeline {
  readonly stepSeconds: number;
  readonly start: string | null;
  readonly series: readonly Series[];
}

/** What one log of one hop counted, bucket by bucket. */
export interface Lane {
  readonly hop: Hop;
  /** What `marks` counts. */
  readonly name: string;
  /** Failed requests, or lines. */
  readonly marks: readonly number[];
  /** All requests, failed ones included; null where the lane counts lines. */
  readonly traffic: readonly number[] | null;
}

/** A timeline in as many buckets as can be drawn. */
export interface Chart {
  readonly startMs: number;
  readonly endMs: number;
  /** Seconds in one bucket. */
  readonly stepSeconds: number;
  /** Whose request log `failed` and `total` are from; null where no log counts requests. */
  readonly hop: Hop | null;
  /** Failed requests per bucket; null where no series counts them. */
  readonly failed: readonly number[] | null;
  /** All requests per bucket, failed ones included. */
  readonly total: readonly number[] | null;
  /** All logs, from the visitor inwards. */
  readonly lanes: readonly Lane[];
}

/** Steps that read well: a bucket is one of these many seconds, or the source's own step times a whole number. */
const NICE_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400];

function folded(values: readonly number[], by: number, length: number): number[] {
  const sums = new Array<number>(length).fill(0);
  values.forEach((value, index) => {
    const at = Math.floor(index / by);
    sums[at] = (sums[at] ?? 0) + value;
  });
  return sums;
}

function isOfRequests({ name }: Series): boolean {
  return name === FAILED_SERIES || name === TOTAL_SERIES;
}

/**
 * A timeline folded into at most `most` buckets (sums), or null where there is nothing to draw. Failures and traffic are those
 * that `witness` counted, else those of the log with most requests.
 */
export function chartOf(timeline: Timeline, most: number, witness?: Hop): Chart | null {
  const length = max(timeline.series, ({ values }) => values.length) ?? 0;
  if (timeline.start === null || length === 0 || !(timeline.stepSeconds > 0)) return null;
  const least = Math.ceil(length / most);
  const nice = NICE_SECONDS.map((seconds) => seconds / timeline.stepSeconds).find(
    (by) => Number.isInteger(by) && by >= least,
  );
  const by = nice ?? least;
  const buckets = Math.ceil(length / by);
  const startMs = Date.parse(timeline.start);
  const valuesOf = (hop: Hop, name: string): readonly number[] | null => {
    const series = timeline.series.find((one) => one.hop === hop && one.name === name);
    return series ? folded(series.values, by, buckets) : null;
  };
  const counting = timeline.series.filter(isOfRequests);
  const hop =
    counting.find((one) => one.hop === witness)?.hop ?? greatest(counting, ({ values }) => sum(values))?.hop ?? null;
  return {
    startMs,
    endMs: startMs + buckets * by * timeline.stepSeconds * 1000,
    stepSeconds: by * timeline.stepSeconds,
    hop,
    failed: hop && valuesOf(hop, FAILED_SERIES),
    total: hop && valuesOf(hop, TOTAL_SERIES),
    lanes: HOPS.flatMap((of): Lane[] => {
      const traffic = valuesOf(of, TOTAL_SERIES);
      const failed = valuesOf(of, FAILED_SERIES);
      const lines = timeline.series.filter((one) => one.hop === of && !isOfRequests(one));
      return [
        ...(traffic || failed
          ? [{ hop: of, name: 'failed', marks: failed ?? (traffic ?? []).map(() => 0), traffic }]
          : []),
        ...lines.map(({ name, values }) => ({
          hop: of,
          name,
          marks: folded(values, by, buckets),
          traffic: null,
        })),
      ];
    }),
  };
}
