/** Seconds compared at most; a burst of ten minutes tells what there is to tell. */
const MOST_SECONDS = 600;
const FEWEST_SECONDS = 12;
/** Seconds of trouble further apart than this belong to different stretches. */
const APART_S = 10;
/** Correlations that chance does not reach among all the differences that are tried: so many standard errors, at most `SURE`. */
const STANDARD_ERRORS = 4.5;
const SURE = 0.9;

/** A difference at which two logs rise and fall together from second to second. */
export interface Rhythm {
  readonly differenceS: number;
  /** Pearson's correlation of the counts. */
  readonly correlation: number;
  /** Seconds compared. */
  readonly seconds: number;
}

/**
 * The difference (`ours` minus `theirs`, in seconds) at which the failures that two logs count in each second rise and fall
 * together, among those given; null where chance may have made it. Only the inside of stretches of trouble is compared, as
 * any two bursts begin and end. Two logs of the same requests agree to the second; two bursts of equal length do not.
 */
export function sameRhythm(
  ours: ReadonlyMap<number, number>,
  theirs: ReadonlyMap<number, number>,
  differences: Iterable<number>,
): Rhythm | null {
  const inside = insideOfStretches(ours);
  const { length } = inside;
  if (length < FEWEST_SECONDS) return null;
  const own = Float64Array.from(inside, (second) => ours.get(second) ?? 0);
  const mean = own.reduce((sum, n) => sum + n, 0) / length;
  const spread = own.reduce((sum, n) => sum + (n - mean) ** 2, 0);
  if (spread === 0) return null;
  let best: Rhythm | null = null;
  for (const differenceS of differences) {
    let sum = 0;
    let squares = 0;
    let products = 0;
    for (let i = 0; i < length; i++) {
      const other = theirs.get((inside[i] ?? 0) - differenceS) ?? 0;
      sum += other;
      squares += other * other;
      products += ((own[i] ?? 0) - mean) * other;
    }
    const otherSpread = squares - (sum * sum) / length;
    if (otherSpread <= 0) continue;
    const correlation = products / Math.sqrt(spread * otherSpread);
    if (best === null || correlation > best.correlation) best = { differenceS, correlation, seconds: length };
  }
  return best !== null && best.correlation >= Math.min(SURE, STANDARD_ERRORS / Math.sqrt(length)) ? best : null;
}

/** Seconds from the first to the last of each stretch, those without trouble between them included. */
function insideOfStretches(counts: ReadonlyMap<number, number>): number[] {
  const seconds = [...counts.keys()].sort((a, b) => a - b);
  const inside: number[] = [];
  seconds.forEach((second, i) => {
    const before = seconds[i - 1];
    if (before !== undefined && second - before <= APART_S)
      for (let between = before + 1; between < second; between++) inside.push(between);
    inside.push(second);
  });
  return inside.slice(0, MOST_SECONDS);
}
