/**
 * All maximal scoring subsequences (Ruzzo and Tompa 1999), in order. Linear: each open segment knows the nearest one to its
 * left that begins on a lower sum, so that the search skips what lies between.
 */
export function maximalSegments(scores: readonly number[]): { from: number; to: number }[] {
  interface Open {
    from: number;
    to: number;
    before: number;
    through: number;
    /** Index of the nearest open segment to the left that begins on a lower sum; -1 for none. */
    lower: number;
  }
  const open: Open[] = [];
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    const before = total;
    total += score;
    if (score <= 0) continue;
    let candidate: Open = { from: i, to: i, before, through: total, lower: -1 };
    for (;;) {
      let j = open.length - 1;
      while (j >= 0 && (open[j]?.before ?? 0) >= candidate.before) j = open[j]?.lower ?? -1;
      candidate.lower = j;
      const left = open[j];
      if (left === undefined || left.through >= candidate.through) break;
      candidate = { ...left, to: candidate.to, through: candidate.through };
      open.length = j;
    }
    open.push(candidate);
  }
  return open.map(({ from, to }) => ({ from, to }));
}
