import { firstFrom } from '../vocabulary/ascending.ts';
/** Exact counts of the seconds in which a witness saw anything. */
export interface Seconds {
  /** The seconds since 1970, ascending. */
  readonly at: Float64Array;
  /** Requests that went well in each of them. */
  readonly fine: Float64Array;
  /** By group (`kind madeBy`): failures in each of them. */
  readonly failed: ReadonlyMap<string, Float64Array>;
  /** All requests before each of them, and before the end. */
  readonly before: Float64Array;
}

/** Of a witness that saw nothing. */
export const NO_SECONDS: Seconds = {
  at: new Float64Array(0),
  fine: new Float64Array(0),
  failed: new Map(),
  before: new Float64Array(1),
};

/** Counts what happened in which second. */
export class SecondCounter {
  /** The seconds since 1970, ascending. */
  readonly at: Float64Array;
  /** The counts of what went well, to add to. */
  readonly fine: Float64Array;
  private readonly failed = new Map<string, Float64Array>();

  /** Takes the seconds since 1970 of all that will be counted, each list ascending and without one twice. */
  constructor(lists: readonly Float64Array[]) {
    this.at = distinct(lists);
    this.fine = new Float64Array(this.at.length);
  }

  /** The counts of a group's failures, to add to. */
  failedOf(group: string): Float64Array {
    let counts = this.failed.get(group);
    if (counts === undefined) {
      counts = new Float64Array(this.at.length);
      this.failed.set(group, counts);
    }
    return counts;
  }

  /** All that was counted. */
  counted(): Seconds {
    const { at, fine, failed } = this;
    const before = new Float64Array(at.length + 1);
    before.set(fine, 1);
    for (const counts of failed.values())
      for (let i = 0; i < at.length; i++) before[i + 1] = (before[i + 1] ?? 0) + (counts[i] ?? 0);
    for (let i = 0; i < at.length; i++) before[i + 1] = (before[i + 1] ?? 0) + (before[i] ?? 0);
    return { at, fine, failed, before };
  }
}

/** All seconds of some lists, ascending, each once. */
function distinct(lists: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(0), ...others] = lists;
  return others.reduce(united, first);
}

/** The seconds of two lists, both ascending, in one. */
function united(some: Float64Array, others: Float64Array): Float64Array {
  const all = new Float64Array(some.length + others.length);
  let length = 0;
  let i = 0;
  let j = 0;
  while (i < some.length || j < others.length) {
    const one = some[i] ?? Number.POSITIVE_INFINITY;
    const other = others[j] ?? Number.POSITIVE_INFINITY;
    if (one <= other) i++;
    if (other <= one) j++;
    const second = Math.min(one, other);
    if (length === 0 || second !== all[length - 1]) all[length++] = second;
  }
  return all.subarray(0, length);
}

/** All that failed in the second at a place of `at`. */
export function failedIn({ failed }: Seconds, place: number): number {
  let sum = 0;
  for (const counts of failed.values()) sum += counts[place] ?? 0;
  return sum;
}

/** All requests that were counted between two instants, in milliseconds; the seconds of both belong to it. */
export function countedBetween({ at, before }: Seconds, startMs: number, endMs: number): number {
  const from = firstFrom(at, Math.floor(startMs / 1000));
  const to = firstFrom(at, Math.floor(endMs / 1000) + 1);
  return to <= from ? 0 : (before[to] ?? 0) - (before[from] ?? 0);
}
