const QUARTER_HOUR_MS = 900_000;
const NEAR_MS = 4000;
const MIN_HITS = 8;
/** The best offset must explain this many times what the next one does. */
const CLEARLY = 1.5;
const MAX_EVENTS = 1000;

/**
 * The zone offset (−12 h to +14 h in quarters of an hour) at which the errors of one log fall on the failures of another.
 * Null where the two have too little in common or two offsets fit alike.
 */
export function bestShift(
  leftMs: readonly number[],
  rightMs: readonly number[],
): { readonly differenceMs: number; readonly support: number } | null {
  const right = new Set(rightMs.map((ms) => Math.floor(ms / NEAR_MS)));
  const step = Math.max(1, Math.ceil(leftMs.length / MAX_EVENTS));
  const left = leftMs.filter((_, i) => i % step === 0);
  const scored: { differenceMs: number; support: number }[] = [];
  for (let quarter = -48; quarter <= 56; quarter++) {
    const differenceMs = quarter * QUARTER_HOUR_MS;
    let support = 0;
    for (const ms of left) {
      const cell = Math.floor((ms - differenceMs) / NEAR_MS);
      if (right.has(cell) || right.has(cell - 1) || right.has(cell + 1)) support++;
    }
    scored.push({ differenceMs, support });
  }
  scored.sort((a, b) => b.support - a.support || Math.abs(a.differenceMs) - Math.abs(b.differenceMs));
  const [best, next] = scored;
  if (!best || best.support < MIN_HITS) return null;
  return next && best.support < next.support * CLEARLY ? null : best;
}
