import type { Stamp } from '../vocabulary/records.ts';
import type { ClueSeries, StreamDigest } from './digest.ts';

/** Ordinary rows are all kept up to this many; beyond, one in 64 by hash, then one in 128, … (then totals are estimated). */
const SAMPLE_CAP = 20_000;
const SAMPLE_STRIDE = 64;
/** Failed rows are all kept up to this many; beyond, every second, fourth, … by hash. */
const FAILURE_CAP = 50_000;
/** Clues of one signal are all kept up to this many; beyond, the first of each minute and one in 64 by hash. */
export const CLUE_CAP = 4000;

/** Whether there are too many ordinary rows to keep them all. */
export function isBeyondSampleCap(rows: number): boolean {
  return rows > SAMPLE_CAP;
}

/** Whether an ordinary row with this hash belongs to a sample of this weight. */
export function isInSample(hash: number, weight: number): boolean {
  return hash % weight === 0;
}

/** Each row of the next thinner sample stands for this many. */
export function nextSampleWeight(weight: number): number {
  return weight === 1 ? SAMPLE_STRIDE : weight * 2;
}

/** Keeps the ordinary rows of a stream within bounds. The outcome depends on the rows alone, not on their order. */
export function limitSample(stream: StreamDigest): void {
  while (isBeyondSampleCap(stream.sample.length)) {
    const weight = nextSampleWeight(stream.sampleWeight);
    stream.sampleWeight = weight;
    stream.sample = stream.sample.filter(({ hash }) => isInSample(hash, weight));
  }
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

/** What decides whether a clue beyond the cap is kept. */
export interface ClueSample {
  readonly at: Stamp;
  readonly piece: number;
  readonly own: number;
}

/** Of clues in order: the first of each minute of each segment, and the sample. */
export function thinClues<K>(kept: readonly K[], sampleOf: (clue: K) => ClueSample): K[] {
  const seen = new Set<string>();
  return kept.filter((clue) => {
    const { at, piece, own } = sampleOf(clue);
    const minute = `${piece} ${at.kind === 'none' ? '' : minuteOf(at.ms)}`;
    const first = !seen.has(minute);
    seen.add(minute);
    return first || isChosenClue(own);
  });
}

/** Keeps the records of one signal within bounds; counts stay exact. The outcome depends on the lines alone. */
export function limitClues(series: ClueSeries): void {
  if (series.count <= CLUE_CAP) return;
  series.thinned = true;
  series.kept = thinClues(series.kept, ({ record, segment, hash }) => ({
    at: record.stamp,
    piece: segment,
    own: hash,
  }));
}
