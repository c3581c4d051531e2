import type { ClueSeries, StreamDigest } from './digest.ts';

/** Ordinary rows are all kept up to this many; beyond, a fixed 1-in-64 sample chosen by hash (then totals are estimated). */
const SAMPLE_CAP = 20_000;
export const SAMPLE_STRIDE = 64;
/** Failed rows are all kept up to this many; beyond, every second, fourth, … by hash. */
const FAILURE_CAP = 50_000;
/** Clues of one signal are all kept up to this many; beyond, the first of each minute and one in 64 by hash. */
export const CLUE_CAP = 4000;

/** Keeps the ordinary rows of a stream within bounds. The outcome depends on the rows alone, not on their order. */
export function limitSample(stream: StreamDigest): void {
  if (stream.sampleWeight > 1 || stream.sample.length <= SAMPLE_CAP) return;
  stream.sampleWeight = SAMPLE_STRIDE;
  stream.sample = stream.sample.filter((kept) => kept.hash % SAMPLE_STRIDE === 0);
}

/** Keeps the failed rows of a stream within bounds. */
export function limitFailures(stream: StreamDigest): void {
  while (stream.failures.length > FAILURE_CAP) {
    stream.failureWeight *= 2;
    stream.failures = stream.failures.filter((kept) => kept.hash % stream.failureWeight === 0);
  }
}

/** The minute of a written time, as clues are sampled by it; NaN for undated lines. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / 60_000);
}

/** Whether a clue beyond the cap is kept for its hash. */
export function isChosenClue(hash: number): boolean {
  return hash % SAMPLE_STRIDE === 0;
}

/** Keeps the records of one signal within bounds; counts stay exact. The outcome depends on the lines alone. */
export function limitClues(series: ClueSeries): void {
  if (series.count <= CLUE_CAP) return;
  series.thinned = true;
  const seen = new Set<string>();
  series.kept = series.kept.filter(({ record: { stamp }, segment, hash }) => {
    const minute = `${segment} ${stamp.kind === 'none' ? '' : minuteOf(stamp.ms)}`;
    const first = !seen.has(minute);
    seen.add(minute);
    return first || isChosenClue(hash);
  });
}
