/** Exact counts of the seconds in which a witness saw anything. */
export interface Seconds {
  /** The seconds since 1970, ascending. */
  readonly at: readonly number[];
  /** Requests that went well in each of them. */
  readonly fine: readonly number[];
  /** By group (`kind madeBy`): failures in each of them. */
  readonly failed: ReadonlyMap<string, readonly number[]>;
}

/** Counts what happened in which second, in any order. */
export class SecondCounter {
  private readonly places = new Map<number, number>();
  private readonly at: number[] = [];
  private readonly fine: number[] = [];
  private readonly failed = new Map<string, number[]>();
  private latest = -1;

  /** Adds requests that went well. */
  addFine(second: number, count: number): void {
    const place = this.placeOf(second);
    this.fine[place] = (this.fine[place] ?? 0) + count;
  }

  /** Adds failures of a group. */
  addFailed(second: number, group: string, count: number): void {
    const place = this.placeOf(second);
    let counts = this.failed.get(group);
    if (counts === undefined) {
      counts = [];
      this.failed.set(group, counts);
    }
    while (counts.length <= place) counts.push(0);
    counts[place] = (counts[place] ?? 0) + count;
  }

  /** All counts, in order of time. */
  counted(): Seconds {
    const { at, fine, failed } = this;
    for (const counts of failed.values()) while (counts.length < at.length) counts.push(0);
    if (isAscending(at)) return { at, fine, failed };
    const order = at.map((_, i) => i).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
    const inOrder = (counts: readonly number[]): number[] => order.map((i) => counts[i] ?? 0);
    const groups = [...failed].map(([group, counts]) => [group, inOrder(counts)] as const);
    return { at: inOrder(at), fine: inOrder(fine), failed: new Map(groups) };
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

function isAscending(seconds: readonly number[]): boolean {
  for (let i = 1; i < seconds.length; i++) if ((seconds[i] ?? 0) < (seconds[i - 1] ?? 0)) return false;
  return true;
}

/** Index of the first of some seconds, ascending, that is not before another. */
export function firstFrom(seconds: readonly number[], second: number): number {
  let [low, high] = [0, seconds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((seconds[middle] ?? 0) < second) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** All that failed in the second at a place of `at`. */
export function failedIn({ failed }: Seconds, place: number): number {
  let sum = 0;
  for (const counts of failed.values()) sum += counts[place] ?? 0;
  return sum;
}

/** All requests that were counted between two instants, in milliseconds; the seconds of both belong to it. */
export function countedBetween({ at, fine, failed }: Seconds, startMs: number, endMs: number): number {
  const from = firstFrom(at, Math.floor(startMs / 1000));
  const to = firstFrom(at, Math.floor(endMs / 1000) + 1);
  let total = 0;
  for (const counts of [fine, ...failed.values()]) for (let i = from; i < to; i++) total += counts[i] ?? 0;
  return total;
}
