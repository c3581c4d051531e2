/** How often something happened in each second of the one clock, so that the sum over any time is told at once. */
export class SecondCounts {
  /** Seconds since 1970, ascending. */
  private readonly seconds: readonly number[];
  /** Count of each second, and of all seconds before it. */
  private readonly counts: readonly number[];
  private readonly before: Float64Array;

  private constructor(seconds: readonly number[], counts: readonly number[]) {
    this.seconds = seconds;
    this.counts = counts;
    this.before = new Float64Array(seconds.length + 1);
    for (let i = 0; i < counts.length; i++) this.before[i + 1] = (this.before[i] ?? 0) + (counts[i] ?? 0);
  }

  /** Takes counts of seconds, in any order; those of one second add up. */
  static of(seconds: readonly number[], counts: readonly number[]): SecondCounts {
    if (isAscending(seconds)) return new SecondCounts(seconds, counts);
    const bySecond = new Map<number, number>();
    seconds.forEach((second, i) => {
      bySecond.set(second, (bySecond.get(second) ?? 0) + (counts[i] ?? 0));
    });
    const sorted = new Float64Array([...bySecond.keys()]).sort();
    return new SecondCounts(
      [...sorted],
      Array.from(sorted, (second) => bySecond.get(second) ?? 0),
    );
  }

  /** Sum over all seconds. */
  get total(): number {
    return this.before[this.seconds.length] ?? 0;
  }

  /** Sum over the seconds that begin in a time; both ends, in milliseconds, belong to it. */
  between(fromMs: number, toMs: number): number {
    const from = this.firstFrom(Math.ceil(fromMs / 1000));
    const to = this.firstFrom(Math.floor(toMs / 1000) + 1);
    return to <= from ? 0 : (this.before[to] ?? 0) - (this.before[from] ?? 0);
  }

  /** The seconds that begin in a time; both ends, in milliseconds, belong to it. */
  within(fromMs: number, toMs: number): SecondCounts {
    const from = this.firstFrom(Math.ceil(fromMs / 1000));
    const to = Math.max(from, this.firstFrom(Math.floor(toMs / 1000) + 1));
    return new SecondCounts(this.seconds.slice(from, to), this.counts.slice(from, to));
  }

  /** Calls `visit` for the seconds that begin in a time, ascending; both ends, in milliseconds, belong to it. All if not given. */
  each(
    visit: (second: number, count: number) => void,
    fromMs = Number.NEGATIVE_INFINITY,
    toMs = Number.POSITIVE_INFINITY,
  ): void {
    const to = this.firstFrom(Math.floor(toMs / 1000) + 1);
    for (let i = this.firstFrom(Math.ceil(fromMs / 1000)); i < to; i++)
      visit(this.seconds[i] ?? 0, this.counts[i] ?? 0);
  }

  /** Index of the first second that is not before another. */
  private firstFrom(second: number): number {
    let low = 0;
    let high = this.seconds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.seconds[middle] ?? 0) < second) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isAscending(seconds: readonly number[]): boolean {
  for (let i = 1; i < seconds.length; i++) if (!((seconds[i] ?? 0) > (seconds[i - 1] ?? 0))) return false;
  return true;
}
