/**
 * All maximal scoring subsequences (Ruzzo and Tompa 1999), in order. Each score is given by the sums of all scores before it and through
 * it. Linear: each open segment knows the nearest one to its left that begins on a lower sum, so that the search skips what lies between.
 */
export function maximalSegments(before: Float64Array, through: Float64Array): { from: number; to: number }[] {
  // The open segments: first and last score, the sum before the first, and the nearest to the left that begins on a lower sum (-1: none).
  const from: number[] = [];
  const to: number[] = [];
  const sum: number[] = [];
  const lower: number[] = [];
  for (let i = 0; i < before.length; i++) {
    const total = through[i] ?? 0;
    let first = i;
    let begins = before[i] ?? 0;
    if (total <= begins) continue;
    let length = from.length;
    let left = length - 1;
    for (;;) {
      while (left >= 0 && (sum[left] ?? 0) >= begins) left = lower[left] ?? -1;
      if (left < 0 || (through[to[left] ?? 0] ?? 0) >= total) break;
      // What is open from there on belongs to this one.
      first = from[left] ?? i;
      begins = sum[left] ?? 0;
      length = left;
      left = length - 1;
    }
    from[length] = first;
    to[length] = i;
    sum[length] = begins;
    lower[length] = left;
    from.length = length + 1;
  }
  return from.map((first, k) => ({ from: first, to: to[k] ?? first }));
}
