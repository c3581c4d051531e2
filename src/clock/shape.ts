/** The finest common measure of all logs. */
const SECOND_MS = 1000;
const QUARTER_HOUR_S = 900;
/** Offsets of zones that are tried, each quarter of an hour. */
export interface Zones {
  readonly leastS: number;
  readonly mostS: number;
}

/** Zones lie between −12 h and +14 h. */
const ALL_ZONES: Zones = { leastS: -12 * 3600, mostS: 14 * 3600 };
/** The zone is known: only a skew is asked for. */
export const NO_ZONE: Zones = { leastS: 0, mostS: 0 };
/** Clocks are wrong by at most five minutes; whole-second stamps add one or two. */
export const MOST_SKEW_S = 302;
/** A line and the failure it belongs to lie this near to each other. */
const NEAR_S = 3;
/** Requests wait for at most a minute as nginx, PHP-FPM and most others are set. */
const LEAD_S = 60;
/** Failures further from the next one are strays, which everything can be laid upon. */
const LONE_S = 10;
const MOST_SECONDS = 3000;
/** Offsets whose fit comes this near to the best one's are the same fit. */
const PLATEAU = 0.95;

/** How well the trouble of one log lies on the failures of others when it is moved by a difference. */
export interface Fit {
  readonly differenceS: number;
  /** Seconds of trouble that fall on failures. */
  readonly hits: number;
  /** Part of both that the other explains, 0–1, where both logs cover the time. */
  readonly likeness: number;
  /** The difference may be this much smaller or larger. */
  readonly slackS: number;
}

/** Seconds that are not alone, at most so many of them. */
function stretches(seconds: Iterable<number>, keepLone: boolean): number[] {
  const sorted = [...seconds].sort((a, b) => a - b);
  const dense = keepLone
    ? sorted
    : sorted.filter((s, i) => s - (sorted[i - 1] ?? -1e12) <= LONE_S || (sorted[i + 1] ?? 1e12) - s <= LONE_S);
  const step = Math.max(1, Math.ceil(dense.length / MOST_SECONDS));
  return dense.filter((_, i) => i % step === 0);
}

/**
 * The offsets at which the trouble of one log (`left`, seconds of its wall clock) falls on the failures of others (`right`,
 * seconds on the one clock): the best of each of the zones, skewed by what `allows` allows, best first. A difference is wall
 * clock minus true time. Built on the cross-correlation over all seconds.
 */
export function fits(
  left: { readonly seconds: Iterable<number>; readonly firstMs: number; readonly lastMs: number },
  right: { readonly seconds: Iterable<number>; readonly firstMs: number; readonly lastMs: number },
  allows: (skewS: number) => boolean,
  zones: Zones = ALL_ZONES,
): Fit[] {
  const ours = stretches(left.seconds, true);
  const theirs = stretches(right.seconds, false);
  const lowest = zones.leastS - MOST_SKEW_S - 2;
  const highest = zones.mostS + MOST_SKEW_S + 2;
  const counts = new Int32Array(highest - lowest + 1);
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let from = 0;
  for (const own of ours) {
    while (from < theirs.length && own - (theirs[from] ?? 0) > highest) from++;
    for (let i = from; i < theirs.length; i++) {
      const difference = own - (theirs[i] ?? 0);
      if (difference < lowest) break;
      const at = difference - lowest;
      counts[at] = (counts[at] ?? 0) + 1;
      least = Math.min(least, difference);
      most = Math.max(most, difference);
    }
  }
  const near = (differenceS: number): number => {
    const at = differenceS - lowest;
    return (counts[at - 1] ?? 0) + (counts[at] ?? 0) + (counts[at + 1] ?? 0);
  };
  const found: Fit[] = [];
  for (let zone = zones.leastS; zone <= zones.mostS; zone += QUARTER_HOUR_S) {
    // Logs of some minutes do not meet in most zones.
    if (zone + MOST_SKEW_S + 1 < least || zone - MOST_SKEW_S - 1 > most) continue;
    const fit = peakNear(zone, near, allows);
    if (fit === null) continue;
    const { differenceS, slackS } = fit;
    found.push({ ...likenessAt(ours, theirs, left, right, differenceS), differenceS, slackS });
  }
  return found.sort((a, b) => worth(b) - worth(a) || Math.abs(a.differenceS) - Math.abs(b.differenceS));
}

/**
 * The highest place of the cross-correlation near a zone's offset. Where a short log lies within a long failure it is flat:
 * then the place in it that asks for the least skew is taken, as clocks are right more often than not.
 */
function peakNear(
  zone: number,
  near: (differenceS: number) => number,
  allows: (skewS: number) => boolean,
): Pick<Fit, 'differenceS' | 'slackS'> | null {
  let peak = 0;
  let most = 0;
  for (let size = 0; size <= MOST_SKEW_S; size++) {
    for (const skew of [size, -size]) {
      if (!allows(skew) || near(zone + skew) <= most) continue;
      most = near(zone + skew);
      peak = skew;
    }
  }
  if (most === 0) return null;
  const isFlat = (skew: number): boolean => allows(skew) && near(zone + skew) >= PLATEAU * most;
  let [low, high] = [peak, peak];
  while (low > -MOST_SKEW_S && isFlat(low - 1)) low--;
  while (high < MOST_SKEW_S && isFlat(high + 1)) high++;
  const isWide = high - low > NEAR_S * 3;
  const skew = low <= 0 && high >= 0 ? 0 : isWide ? (low > 0 ? low : high) : Math.round((low + high) / 2);
  return { differenceS: zone + skew, slackS: Math.max(high - skew, skew - low) };
}

/** Seconds of trouble (`left`) that, moved by a difference, a failure (`right`) follows within the longest usual time-out. */
export function leadsTo(left: readonly number[], right: readonly number[], differenceS: number): number {
  const failures = [...right].sort((a, b) => a - b);
  let at = 0;
  let leads = 0;
  for (const second of [...left].sort((a, b) => a - b)) {
    const moved = second - differenceS;
    while (at < failures.length && (failures[at] ?? 0) < moved - NEAR_S) at++;
    if ((failures[at] ?? Number.POSITIVE_INFINITY) <= moved + LEAD_S) leads++;
  }
  return leads;
}

/** What fits are ranked by: many seconds, and few that are left over. */
export const worth = ({ hits, likeness }: Fit): number => hits * likeness;

function likenessAt(
  ours: readonly number[],
  theirs: readonly number[],
  left: { readonly firstMs: number; readonly lastMs: number },
  right: { readonly firstMs: number; readonly lastMs: number },
  differenceS: number,
): { hits: number; likeness: number } {
  const inside = (s: number, { firstMs, lastMs }: { readonly firstMs: number; readonly lastMs: number }): boolean =>
    s >= firstMs / SECOND_MS - NEAR_S && s <= lastMs / SECOND_MS + NEAR_S;
  const explained = (of: readonly number[], by: readonly number[], move: number): number => {
    let at = 0;
    let hits = 0;
    for (const second of of) {
      const moved = second + move;
      while (at < by.length && (by[at] ?? 0) < moved - NEAR_S) at++;
      if (at < by.length && (by[at] ?? 0) <= moved + NEAR_S) hits++;
    }
    return hits;
  };
  const oursInside = ours.filter((s) => inside(s - differenceS, right));
  const theirsInside = theirs.filter((s) => inside(s + differenceS, left));
  const hits = explained(oursInside, theirs, -differenceS);
  const back = explained(theirsInside, ours, differenceS);
  const all = oursInside.length + theirsInside.length;
  return { hits, likeness: all === 0 ? 0 : (hits + back) / all };
}
