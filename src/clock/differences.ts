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

/** Keys that occur more often than this on one side say little and cost much. */
const MAX_PER_KEY = 25;
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
  const byKey = new Map<string, number[]>();
  for (const { key, ms } of right) {
    const list = byKey.get(key);
    if (list) list.push(ms);
    else byKey.set(key, [ms]);
  }
  const leftCounts = new Map<string, number>();
  for (const { key } of left) leftCounts.set(key, (leftCounts.get(key) ?? 0) + 1);
  const bins = new Map<number, Set<number>>();
  left.forEach(({ key, ms }, index) => {
    const partners = byKey.get(key);
    if (!partners || partners.length > MAX_PER_KEY || (leftCounts.get(key) ?? 0) > MAX_PER_KEY) return;
    for (const partner of partners) {
      const difference = ms - partner;
      if (!allowed(difference)) continue;
      const bin = Math.round(difference / BIN_MS);
      const members = bins.get(bin);
      if (members) members.add(index);
      else bins.set(bin, new Set([index]));
    }
  });
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
