/**
 * Which lines of a signal are kept: all up to the cap; beyond, every second by hash, every fourth, … and the first of every
 * minute, so that no part of a long log is left without a line to quote. Where there are too many minutes, of every two, four, …
 */
export interface ClueSample {
  /** Lines whose hash this divides are kept. */
  weight: number;
  /** Width of the stretches of which the first line is kept. */
  minutes: number;
}

/** Most lines of a signal that are kept for their hash, and most for their minute. */
export const CLUE_CAP = 1000;

/** What decides whether a line is kept. */
export interface Sampled {
  readonly hash: number;
  /** Minute of its written time; NaN for undated lines. */
  readonly minute: number;
}

/** All lines. */
export function wholeSample(): ClueSample {
  return { weight: 1, minutes: 1 };
}

/** The stretch that a minute belongs to. */
export function stretchOf({ minute }: Sampled, { minutes }: ClueSample): number {
  return Math.floor(minute / minutes);
}

/** Whether a line is kept for its hash. */
export function isChosen({ hash }: Sampled, { weight }: ClueSample): boolean {
  return hash % weight === 0;
}

/**
 * The lines that are kept of these, in their order. Makes the sample as much thinner as the cap wants; the outcome depends on
 * the lines alone, not on the pieces in which they came.
 */
export function thinnedClues<K>(
  lines: readonly K[],
  sample: ClueSample,
  cap: number,
  sampled: (line: K) => Sampled,
): K[] {
  const all = lines.map(sampled);
  while (all.filter((line) => isChosen(line, sample)).length > cap) sample.weight *= 2;
  if (sample.weight === 1) return [...lines];
  while (new Set(all.map((line) => stretchOf(line, sample))).size > cap) sample.minutes *= 2;
  const seen = new Set<number>();
  return lines.filter((_, i) => {
    const line = all[i];
    if (line === undefined) return false;
    const stretch = stretchOf(line, sample);
    const isFirst = !seen.has(stretch);
    seen.add(stretch);
    return isFirst || isChosen(line, sample);
  });
}
