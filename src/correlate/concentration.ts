/** Requests with one value of a dimension, in the same time; the good ones may be estimated from a sample. */
export interface Tally {
  failed: number;
  fine: number;
}

/** The values with which no request failed: of visitors and paths there are thousands. */
export interface Calm {
  readonly values: number;
  readonly fine: number;
  /** Requests of the value that has most. */
  readonly most: number;
}

export const NO_CALM: Calm = { values: 0, fine: 0, most: 0 };

/** Values to which failures are bound, while requests with other values go well. */
export interface Bound {
  /** The most failures first. */
  readonly values: readonly string[];
  /** Part of the failures that they hold. */
  readonly share: number;
  /** Part of all requests of the same time that they carry. */
  readonly trafficShare: number;
}

/** Part of the failures that must lie on the values to speak of "only". */
const ONLY = 0.95;
const MOST_VALUES = 3;
/** Good answers that other values must have had in the same time. */
const FEWEST_FINE = 5;
const FEWEST_FAILED = 5;
/** The others may fail at this part of the values' own rate: the background goes on. */
const OTHERS_RATE = 1 / 3;
/** The chance that failures which do not care for the value fall like that. */
const CHANCE = 1e-3;

/**
 * The one, two or three values that hold the failures, or null. Held against the traffic of the same time: where the values
 * carry nearly all requests anyway, where others are not known to go well, or where chance alone can have put the failures
 * there, nothing is said. What no request failed with may be left out of the tallies and be told as `calm`.
 */
export function boundTo(tallies: ReadonlyMap<string, Tally>, calm: Calm = NO_CALM): Bound | null {
  const ranked = [...tallies].sort((a, b) => b[1].failed - a[1].failed || (a[0] < b[0] ? -1 : 1));
  const all = sumOf(ranked);
  all.fine += calm.fine;
  const values = ranked.length + calm.values;
  if (all.failed < FEWEST_FAILED) return null;
  for (let k = 1; k <= Math.min(MOST_VALUES, values - 1); k++) {
    const own = sumOf(ranked.slice(0, k));
    const share = own.failed / all.failed;
    if (share < ONLY) continue;
    const others = { failed: all.failed - own.failed, fine: all.fine - own.fine };
    const trafficShare = sizeOf(own) / sizeOf(all);
    const rate = own.failed / sizeOf(own);
    const othersRate = others.failed / sizeOf(others);
    const isBound =
      others.fine >= FEWEST_FINE &&
      othersRate <= OTHERS_RATE * rate &&
      chance(all.failed, share, trafficShare, values, k) < CHANCE;
    if (isBound) return { values: ranked.slice(0, k).map(([value]) => value), share, trafficShare };
    return null;
  }
  return null;
}

/** Whether few enough values hold enough failures to be what these are bound to, by how many failed with each. */
export function canBeBound(failed: ReadonlyMap<string, number>): boolean {
  const most = [...failed.values()].sort((a, b) => b - a);
  const all = most.reduce((sum, count) => sum + count, 0);
  const held = most.slice(0, MOST_VALUES).reduce((sum, count) => sum + count, 0);
  return all >= FEWEST_FAILED && held / all >= ONLY;
}

/**
 * Whether failures come from all values alike: from each that has enough requests to show some at the common rate, and at
 * no less than a third of it. False where fewer than two values can tell.
 */
export function isEverywhere(tallies: ReadonlyMap<string, Tally>, calm: Calm = NO_CALM): boolean {
  const all = sumOf([...tallies]);
  all.fine += calm.fine;
  const rate = all.failed / sizeOf(all);
  if (rate * calm.most >= FEWEST_FAILED) return false;
  const telling = [...tallies.values()].filter((tally) => rate * sizeOf(tally) >= FEWEST_FAILED);
  return telling.length >= 2 && telling.every((tally) => tally.failed >= OTHERS_RATE * rate * sizeOf(tally));
}

/** Bound for the chance that so many of `failed` fall on some `k` of `values` values (Chernoff; any k may have been chosen). */
function chance(failed: number, share: number, trafficShare: number, values: number, k: number): number {
  if (share <= trafficShare) return 1;
  const part = (p: number, q: number): number => (p === 0 ? 0 : p * Math.log(p / q));
  const divergence = part(share, trafficShare) + part(1 - share, 1 - trafficShare);
  let choices = 1;
  for (let i = 0; i < k; i++) choices *= (values - i) / (i + 1);
  return choices * Math.exp(-failed * divergence);
}

const sizeOf = ({ failed, fine }: Tally): number => failed + fine;

function sumOf(entries: readonly (readonly [string, Tally])[]): Tally {
  const sum = { failed: 0, fine: 0 };
  for (const [, { failed, fine }] of entries) {
    sum.failed += failed;
    sum.fine += fine;
  }
  return sum;
}
