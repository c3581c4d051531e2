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

/** All lines. */
export function wholeSample(): ClueSample {
  return { weight: 1, minutes: 1 };
}

/** The stretch that a minute of written time (NaN: undated) belongs to. */
export function stretchOf(minute: number, { minutes }: ClueSample): number {
  return Math.floor(minute / minutes);
}

/** Whether a line is kept for its hash. */
export function isChosen(hash: number, { weight }: ClueSample): boolean {
  return hash % weight === 0;
}

/** How many of some lines are kept for their hash. */
export function chosenOf(lines: readonly { readonly hash: number }[], sample: ClueSample): number {
  let chosen = 0;
  for (const { hash } of lines) if (isChosen(hash, sample)) chosen++;
  return chosen;
}

/** The stretches in which some lines lie. */
export function stretchesOf<K>(lines: readonly K[], sample: ClueSample, minuteOf: (line: K) => number): Set<number> {
  const stretches = new Set<number>();
  let latest: number | undefined;
  for (const line of lines) {
    const stretch = stretchOf(minuteOf(line), sample);
    // Lines come about in the order of time.
    if (stretch !== latest) stretches.add(stretch);
    latest = stretch;
  }
  return stretches;
}

/**
 * The lines that are kept of these, in their order. Makes the sample as much thinner as the rule wants; the outcome depends on
 * the lines alone, not on the pieces in which they came. `minuteOf` gives the minute of a line's written time; NaN if undated.
 */
export function thinnedClues<K extends { readonly hash: number }>(
  lines: readonly K[],
  sample: ClueSample,
  rule: ClueRule,
  minuteOf: (line: K) => number,
): K[] {
  if (sample.weight === 1 && lines.length <= rule.whole) return [...lines];
  sample.weight = Math.max(2, sample.weight);
  while (chosenOf(lines, sample) > rule.sampled) sample.weight *= 2;
  while (stretchesOf(lines, sample, minuteOf).size > rule.sampled) sample.minutes *= 2;
  const seen = new Set<number>();
  const kept: K[] = [];
  let latest: number | undefined;
  for (const line of lines) {
    const stretch = stretchOf(minuteOf(line), sample);
    const isFirst = stretch !== latest && !seen.has(stretch);
    latest = stretch;
    if (isFirst) seen.add(stretch);
    if (isFirst || isChosen(line.hash, sample)) kept.push(line);
  }
  return kept;
}
