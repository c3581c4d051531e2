/** How often something happened in each second of the one clock, so that the sum over any time is told at once. */
export class SecondCounts implements Iterable<readonly [second: number, count: number]> {
  /** Seconds since 1970, ascending. */
  private readonly seconds: Float64Array;
  /** Count of each second, and of all seconds before it. */
  private readonly counts: Float64Array;
  private readonly before: Float64Array;

  /** Takes counts by second, in any order. */
  constructor(counts: ReadonlyMap<number, number>) {
    this.seconds = Float64Array.from(counts.keys()).sort();
    this.counts = this.seconds.map((second) => counts.get(second) ?? 0);
    this.before = new Float64Array(this.seconds.length + 1);
    for (let i = 0; i < this.counts.length; i++) this.before[i + 1] = (this.before[i] ?? 0) + (this.counts[i] ?? 0);
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

  /** The seconds that begin in a time, ascending; both ends, in milliseconds, belong to it. */
  *within(fromMs: number, toMs: number): Generator<readonly [second: number, count: number]> {
    const to = this.firstFrom(Math.floor(toMs / 1000) + 1);
    for (let i = this.firstFrom(Math.ceil(fromMs / 1000)); i < to; i++)
      yield [this.seconds[i] ?? 0, this.counts[i] ?? 0];
  }

  [Symbol.iterator](): Iterator<readonly [second: number, count: number]> {
    return this.within(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
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
