import type { ClueSeries, StreamDigest } from './digest.ts';

/** Ordinary rows are all kept up to this many; beyond, a fixed 1-in-64 sample chosen by hash (then totals are estimated). */
const SAMPLE_CAP = 20_000;
const SAMPLE_STRIDE = 64;
/** Failed rows are all kept up to this many; beyond, every second, fourth, … by hash. */
const FAILURE_CAP = 50_000;
/** Clues of one signal are all kept up to this many; beyond, the first and last of each minute and a sample by hash. */
export const CLUE_CAP = 4000;
const CLUE_TARGET = 1000;

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

/** Keeps the records of one signal within bounds; counts stay exact. */
export function limitClues(series: ClueSeries): void {
  if (series.kept.length <= series.cap) return;
  const edges = new Map<string, { first: number; last: number }>();
  series.kept.forEach((kept, i) => {
    const { stamp } = kept.record;
    const minute = `${kept.segment} ${stamp.kind === 'none' ? '' : Math.floor(stamp.ms / 60_000)}`;
    const edge = edges.get(minute);
    if (edge) edge.last = i;
    else edges.set(minute, { first: i, last: i });
  });
  const always = new Set<number>();
  for (const { first, last } of edges.values()) always.add(first).add(last);
  const threshold = [...series.kept].map((kept) => kept.hash).sort((a, b) => a - b)[CLUE_TARGET] ?? 0xffffffff;
  series.kept = series.kept.filter((kept, i) => always.has(i) || kept.hash < threshold);
  series.cap = Math.max(CLUE_CAP, series.kept.length * 2);
}
