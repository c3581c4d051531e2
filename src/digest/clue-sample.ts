/**
 * Which lines of a signal are kept: all of some hundreds; of more, every second by hash, every fourth, … and the first of every
 * minute, so that no part of a long log is left without a line to quote. Where there are too many minutes, of every two, four, …
 */
export interface ClueSample {
  /** Lines whose hash this divides are kept. */
  weight: number;
  /** Width of the stretches of which the first line is kept. */
  minutes: number;
}

/** How many lines of a signal are kept: all of `whole`; of more, at most `sampled` for their hash and as many for their minute. */
export interface ClueRule {
  readonly whole: number;
  readonly sampled: number;
}

export const CLUE_RULE: ClueRule = { whole: 1000, sampled: 300 };

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
 * The lines that are kept of these, in their order. Makes the sample as much thinner as the rule wants; the outcome depends on
 * the lines alone, not on the pieces in which they came.
 */
export function thinnedClues<K>(
  lines: readonly K[],
  sample: ClueSample,
  rule: ClueRule,
  sampled: (line: K) => Sampled,
): K[] {
  const all = lines.map(sampled);
  if (sample.weight === 1 && all.length <= rule.whole) return [...lines];
  sample.weight = Math.max(2, sample.weight);
  while (all.filter((line) => isChosen(line, sample)).length > rule.sampled) sample.weight *= 2;
  while (new Set(all.map((line) => stretchOf(line, sample))).size > rule.sampled) sample.minutes *= 2;
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
