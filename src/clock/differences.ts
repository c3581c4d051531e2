/** One event on a clock: what it was (comparable between clocks) and when, in milliseconds. */
export interface ClockEvent {
  readonly key: string;
  readonly ms: number;
}

/** A difference between two clocks that many events agree on. */
export interface AgreedDifference {
  /** Clock of `left` minus clock of `right`. */
  readonly differenceMs: number;
  /** Events that agree within the tolerance. */
  readonly support: number;
  /** Best rival more than the tolerance away, and its support. */
  readonly runnerUp: { readonly differenceMs: number; readonly support: number } | null;
}

/** Keys that occur more often than this tell only where they are rare for the time that a log covers. */
const FEW_PER_KEY = 25;
/** What occurs so often per bin that chance lays it upon a partner says nothing. */
const MOST_PER_BIN = 0.03;
/** Pairs looked at, those of the rarest keys first. */
const MOST_PAIRS = 3_000_000;
const BIN_MS = 1000;

/**
 * Finds the difference between two clocks from events seen on both: all differences between events of the same key are
 * put into bins of one second; the true difference is where they pile up. `allowed` restricts the search (for example to
 * multiples of a quarter of an hour plus a few minutes). Null where nothing piles up.
 */
export function agreedDifference(
  left: readonly ClockEvent[],
  right: readonly ClockEvent[],
  allowed: (differenceMs: number) => boolean,
): AgreedDifference | null {
  const bins = new Map<number, Set<number>>();
  for (const { ours, theirs } of tellingKeys(left, right)) {
    for (const index of ours) {
      const { ms } = left[index] ?? { ms: Number.NaN };
      for (const partner of theirs) {
        const difference = ms - partner;
        if (!allowed(difference)) continue;
        const bin = Math.round(difference / BIN_MS);
        const members = bins.get(bin);
        if (members) members.add(index);
        else bins.set(bin, new Set([index]));
      }
    }
  }
  if (bins.size === 0) return null;
  const support = (bin: number): number => {
    const members = new Set<number>();
    for (const near of [bin - 1, bin, bin + 1]) for (const index of bins.get(near) ?? []) members.add(index);
    return members.size;
  };
  const ranked = [...bins.keys()]
    .map((bin) => ({ bin, support: support(bin), own: bins.get(bin)?.size ?? 0 }))
    .sort((a, b) => b.support - a.support || b.own - a.own || Math.abs(a.bin) - Math.abs(b.bin) || a.bin - b.bin);
  const best = ranked[0];
  if (!best) return null;
  const rival = ranked.find(({ bin }) => Math.abs(bin - best.bin) > 3);
  return {
    differenceMs: best.bin * BIN_MS,
    support: best.support,
    runnerUp: rival ? { differenceMs: rival.bin * BIN_MS, support: rival.support } : null,
  };
}

interface SharedKey {
  /** Indexes into the events of the left side. */
  readonly ours: number[];
  /** Times on the right side. */
  readonly theirs: number[];
}

/** The keys that both sides have and that are rare enough to tell, the rarest first, up to a bound on the work. */
function tellingKeys(left: readonly ClockEvent[], right: readonly ClockEvent[]): SharedKey[] {
  const byKey = new Map<string, SharedKey>();
  left.forEach(({ key }, index) => {
    const shared = byKey.get(key);
    if (shared) shared.ours.push(index);
    else byKey.set(key, { ours: [index], theirs: [] });
  });
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { key, ms } of right) {
    byKey.get(key)?.theirs.push(ms);
    if (ms < firstMs) firstMs = ms;
    if (ms > lastMs) lastMs = ms;
  }
  const most = Math.max(FEW_PER_KEY, (MOST_PER_BIN * (lastMs - firstMs)) / BIN_MS);
  let pairs = 0;
  return [...byKey.values()]
    .filter(({ ours, theirs }) => theirs.length > 0 && ours.length <= most && theirs.length <= most)
    .sort((a, b) => a.ours.length * a.theirs.length - b.ours.length * b.theirs.length)
    .filter(({ ours, theirs }) => {
      pairs += ours.length * theirs.length;
      return pairs <= MOST_PAIRS;
    });
}
