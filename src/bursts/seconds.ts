/** Exact counts of the seconds in which a witness saw anything. */
export interface Seconds {
  /** The seconds since 1970, ascending. */
  readonly at: readonly number[];
  /** Requests that went well in each of them. */
  readonly fine: readonly number[];
  /** By group (`kind madeBy`): failures by second. */
  readonly failed: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** Counts what happened in which second, in any order. */
export class SecondCounter {
  private readonly places = new Map<number, number>();
  private readonly at: number[] = [];
  private readonly fine: number[] = [];
  private readonly failed = new Map<string, Map<number, number>>();
  private latest = -1;

  /** Adds requests that went well. */
  addFine(second: number, count: number): void {
    const place = this.placeOf(second);
    this.fine[place] = (this.fine[place] ?? 0) + count;
  }

  /** Adds failures of a group. */
  addFailed(second: number, group: string, count: number): void {
    this.placeOf(second);
    let counts = this.failed.get(group);
    if (counts === undefined) {
      counts = new Map();
      this.failed.set(group, counts);
    }
    counts.set(second, (counts.get(second) ?? 0) + count);
  }

  /** All counts, in order of time. */
  counted(): Seconds {
    const { at, fine, failed } = this;
    if (!at.some((second, i) => second < (at[i - 1] ?? Number.NEGATIVE_INFINITY))) return { at, fine, failed };
    const order = at.map((_, i) => i).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
    return { at: order.map((i) => at[i] ?? 0), fine: order.map((i) => fine[i] ?? 0), failed };
  }

  private placeOf(second: number): number {
    if (this.at[this.latest] === second) return this.latest;
    let place = this.places.get(second);
    if (place === undefined) {
      place = this.at.push(second) - 1;
      this.fine.push(0);
      this.places.set(second, place);
    }
    this.latest = place;
    return place;
  }
}

/** All that failed in a second. */
export function failedIn({ failed }: Seconds, second: number): number {
  let sum = 0;
  for (const counts of failed.values()) sum += counts.get(second) ?? 0;
  return sum;
}

/** All requests that were counted between two instants, in milliseconds; the seconds of both belong to it. */
export function countedBetween(seconds: Seconds, startMs: number, endMs: number): number {
  const { at, fine } = seconds;
  const first = Math.floor(startMs / 1000);
  const last = Math.floor(endMs / 1000);
  let [low, high] = [0, at.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] ?? 0) < first) low = middle + 1;
    else high = middle;
  }
  let total = 0;
  for (let i = low; (at[i] ?? Number.NaN) <= last; i++) total += (fine[i] ?? 0) + failedIn(seconds, at[i] ?? 0);
  return total;
}
