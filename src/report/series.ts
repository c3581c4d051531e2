import type { Result } from '../result/schema.ts';

/** Names of the two series that the main chart is drawn from; all others are lanes of their own. */
export const FAILED_SERIES = 'failed';
export const TOTAL_SERIES = 'total';

type Series = Result['timeline']['series'][number];

export interface Timeline {
  readonly stepSeconds: number;
  readonly start: string | null;
  readonly series: readonly Series[];
}

/** A timeline in as many buckets as can be drawn. */
export interface Chart {
  readonly startMs: number;
  readonly endMs: number;
  /** Seconds in one bucket. */
  readonly stepSeconds: number;
  /** Failed requests per bucket; null where no series counts them. */
  readonly failed: readonly number[] | null;
  /** All requests per bucket, failed ones included. */
  readonly total: readonly number[] | null;
  readonly lanes: readonly Series[];
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

/** A timeline folded into at most `most` buckets (sums), or null where there is nothing to draw. */
export function chartOf(timeline: Timeline, most: number): Chart | null {
  const length = timeline.series.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  if (timeline.start === null || length === 0 || !(timeline.stepSeconds > 0)) return null;
  const least = Math.ceil(length / most);
  const nice = NICE_SECONDS.map((seconds) => seconds / timeline.stepSeconds).find(
    (by) => Number.isInteger(by) && by >= least,
  );
  const by = nice ?? least;
  const buckets = Math.ceil(length / by);
  const startMs = Date.parse(timeline.start);
  const sumOf = (name: string): readonly number[] | null => {
    const series = timeline.series.find((one) => one.name === name);
    return series ? folded(series.values, by, buckets) : null;
  };
  return {
    startMs,
    endMs: startMs + buckets * by * timeline.stepSeconds * 1000,
    stepSeconds: by * timeline.stepSeconds,
    failed: sumOf(FAILED_SERIES),
    total: sumOf(TOTAL_SERIES),
    lanes: timeline.series
      .filter(({ name }) => name !== FAILED_SERIES && name !== TOTAL_SERIES)
      .map((series) => ({ ...series, values: folded(series.values, by, buckets) })),
  };
}

/** A round number at or above the greatest value: the top of an axis. */
export function axisTop(values: readonly number[]): number {
  const greatest = values.reduce((most, value) => Math.max(most, value), 1);
  const power = 10 ** Math.floor(Math.log10(greatest));
  return [1, 2, 5, 10].map((factor) => factor * power).find((top) => top >= greatest) ?? greatest;
}
