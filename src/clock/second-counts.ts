import { firstFrom } from '../vocabulary/ascending.ts';

/** How often something happened in each second of the one clock, so that the sum over any time is told at once. */
export class SecondCounts {
  /** Seconds since 1970, ascending; such as have no time come last. */
  private readonly seconds: Float64Array;
  /** Count of each second, and, when it is asked for, of all seconds before it. */
  private readonly counts: Float64Array;
  private sums: Float64Array | null = null;

  private constructor(seconds: Float64Array, counts: Float64Array) {
    this.seconds = seconds;
    this.counts = counts;
  }

  /** Takes counts of seconds, in any order, which stay as they are; those of one second add up. */
  static of(seconds: Float64Array, counts: Float64Array): SecondCounts {
    if (isStrictlyAscending(seconds)) return new SecondCounts(seconds, counts);
    const bySecond = new Map<number, number>();
    for (let i = 0; i < seconds.length; i++) {
      const second = seconds[i] ?? 0;
      bySecond.set(second, (bySecond.get(second) ?? 0) + (counts[i] ?? 0));
    }
    const sorted = new Float64Array(bySecond.keys()).sort();
    return new SecondCounts(
      sorted,
      sorted.map((second) => bySecond.get(second) ?? 0),
    );
  }

  private get before(): Float64Array {
    if (this.sums !== null) return this.sums;
    const { counts } = this;
    const sums = new Float64Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) sums[i + 1] = (sums[i] ?? 0) + (counts[i] ?? 0);
    this.sums = sums;
    return sums;
  }

  /** Sum over all seconds. */
  get total(): number {
    return this.before[this.seconds.length] ?? 0;
  }

  /** Sum over the seconds that begin in a time; both ends, in milliseconds, belong to it. */
  between(fromMs: number, toMs: number): number {
    const from = firstFrom(this.seconds, Math.ceil(fromMs / 1000));
    const to = firstFrom(this.seconds, Math.floor(toMs / 1000) + 1);
    return to <= from ? 0 : (this.before[to] ?? 0) - (this.before[from] ?? 0);
  }

  /** The seconds that begin in a time; both ends, in milliseconds, belong to it. */
  within(fromMs: number, toMs: number): SecondCounts {
    const from = firstFrom(this.seconds, Math.ceil(fromMs / 1000));
    const to = Math.max(from, firstFrom(this.seconds, Math.floor(toMs / 1000) + 1));
    return new SecondCounts(this.seconds.subarray(from, to), this.counts.subarray(from, to));
  }

  /** All seconds that have a time, ascending, and the count of each. */
  dated(): { readonly seconds: Float64Array; readonly counts: Float64Array } {
    const length = firstFrom(this.seconds, Number.POSITIVE_INFINITY);
    return { seconds: this.seconds.subarray(0, length), counts: this.counts.subarray(0, length) };
  }

  /** Calls `visit` for the seconds that begin in a time, ascending; both ends, in milliseconds, belong to it. All if not given. */
  each(
    visit: (second: number, count: number) => void,
    fromMs = Number.NEGATIVE_INFINITY,
    toMs = Number.POSITIVE_INFINITY,
  ): void {
    const to = firstFrom(this.seconds, Math.floor(toMs / 1000) + 1);
    for (let i = firstFrom(this.seconds, Math.ceil(fromMs / 1000)); i < to; i++)
      visit(this.seconds[i] ?? 0, this.counts[i] ?? 0);
  }
}

function isStrictlyAscending(seconds: Float64Array): boolean {
  for (let i = 1; i < seconds.length; i++) if (!((seconds[i] ?? 0) > (seconds[i - 1] ?? 0))) return false;
  return true;
}
