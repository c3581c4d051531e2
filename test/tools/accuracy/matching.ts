/** A span of time; both ends in milliseconds since 1970. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/** A truth and a found span that belong together, as indices, with their overlap over union. */
export interface Pair {
  readonly truth: number;
  readonly found: number;
  readonly overlap: number;
}

/** A truth burst counts as found from this overlap over union on. */
export const FOUND_AT = 0.5;

/** Length of the common part over the length of both together, 0–1. Two equal instants overlap fully. */
export function overlapOverUnion(a: Span, b: Span): number {
  const common = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
  if (common < 0) return 0;
  const union = Math.max(a.endMs, b.endMs) - Math.min(a.startMs, b.startMs);
  return union === 0 ? 1 : common / union;
}

/** Pairs each truth span with at most one found span, the best overlap first; pairs below `FOUND_AT` are left out. */
export function matchSpans(truth: readonly Span[], found: readonly Span[]): readonly Pair[] {
  const candidates: Pair[] = [];
  for (const [t, truthSpan] of truth.entries()) {
    for (const [f, foundSpan] of found.entries()) {
      const overlap = overlapOverUnion(truthSpan, foundSpan);
      if (overlap >= FOUND_AT) candidates.push({ truth: t, found: f, overlap });
    }
  }
  candidates.sort((a, b) => b.overlap - a.overlap || a.truth - b.truth || a.found - b.found);
  const takenTruth = new Set<number>();
  const takenFound = new Set<number>();
  return candidates.filter((pair) => {
    if (takenTruth.has(pair.truth) || takenFound.has(pair.found)) return false;
    takenTruth.add(pair.truth);
    takenFound.add(pair.found);
    return true;
  });
}
