import { placesOfKinds } from '../digest/cell-list.ts';
import type { CellKind, CellList } from '../digest/digest.ts';
import { firstFrom, isAscending } from '../vocabulary/ascending.ts';
import type { ToInstant } from './written.ts';

/** Cells, of which those of one bucket stand together. */
interface Buckets {
  /** When each of them begins; NaN where its cells carry no time. */
  readonly bucketMs: ArrayLike<number>;
  /** The place of its first cell. */
  readonly begins: ArrayLike<number>;
  readonly counts: Float64Array;
  readonly kindOf: Uint32Array;
}

/**
 * How many requests of each kind a stream has in each of its buckets, on the one clock: in order of time, undated ones last. They
 * are lists of numbers, as a busy hour has tens of thousands of them and each burst goes over them again.
 */
export class TimedCells {
  /** The instants at which cells begin, each once, in milliseconds and in order. */
  readonly atMs: Float64Array;
  readonly counts: Float64Array;
  /** Kind of each cell, as its place in `kinds`. */
  readonly kindOf: Uint32Array;
  readonly kinds: readonly CellKind[];
  /** Place of the first cell of each instant, and of the first one behind those of the last. */
  private readonly firsts: Uint32Array;
  /** Place behind the last cell, be it dated or not. */
  private readonly end: number;
  /** Requests before each instant, and before the end; made when they are asked for. */
  private before: Float64Array | null = null;

  private constructor(
    atMs: Float64Array,
    firsts: Uint32Array,
    end: number,
    { counts, kindOf, kinds }: Pick<TimedCells, 'counts' | 'kindOf' | 'kinds'>,
  ) {
    this.atMs = atMs;
    this.firsts = firsts;
    this.end = end;
    this.counts = counts;
    this.kindOf = kindOf;
    this.kinds = kinds;
  }

  /** Puts cells on the one clock. */
  static of(cells: readonly CellList[], toInstant: ToInstant): TimedCells {
    const length = cells.reduce((sum, list) => sum + list.counts.length, 0);
    const counts = new Float64Array(length);
    const kindOf = new Uint32Array(length);
    const kinds: CellKind[] = [];
    // Cells of one bucket stand together: when they begin, and the place of the first of them.
    const bucketMs: number[] = [];
    const begins: number[] = [];
    let at = 0;
    for (const list of cells) {
      counts.set(list.counts, at);
      kindOf.set(list.kindOf, at);
      const places = placesOfKinds(list.kinds, kinds);
      if (places.some((place, kind) => place !== kind))
        for (let i = at; i < at + list.counts.length; i++) kindOf[i] = places[kindOf[i] ?? 0] ?? 0;
      let segment = -1;
      let bucket = Number.NaN;
      for (let i = 0; i < list.bucketMs.length; i++) {
        if (list.bucketMs[i] === bucket && list.segments[i] === segment) continue;
        segment = list.segments[i] ?? 0;
        bucket = list.bucketMs[i] ?? 0;
        bucketMs.push(toInstant(segment, bucket));
        begins.push(at + i);
      }
      at += list.counts.length;
    }
    return TimedCells.ofBuckets(kinds, inTime({ bucketMs, begins, counts, kindOf }));
  }

  private static ofBuckets(kinds: readonly CellKind[], { bucketMs, begins, counts, kindOf }: Buckets): TimedCells {
    const atMs = new Float64Array(bucketMs.length);
    const firsts = new Uint32Array(bucketMs.length + 1);
    const end = counts.length;
    let length = 0;
    let next = 0;
    for (; next < bucketMs.length; next++) {
      const ms = bucketMs[next] ?? 0;
      if (Number.isNaN(ms)) break;
      if (length > 0 && atMs[length - 1] === ms) continue;
      atMs[length] = ms;
      firsts[length++] = begins[next] ?? 0;
    }
    firsts[length] = begins[next] ?? end;
    return new TimedCells(atMs.subarray(0, length), firsts.subarray(0, length + 1), end, { counts, kindOf, kinds });
  }

  get length(): number {
    return this.end - (this.firsts[0] ?? 0);
  }

  /** Calls `visit` for each cell; its kind is told by its place in `kinds`. */
  each(visit: (atMs: number, count: number, kind: number) => void): void {
    const { counts, kindOf, end } = this;
    this.eachInstant((ms, from, to) => {
      for (let i = from; i < to; i++) visit(ms, counts[i] ?? 0, kindOf[i] ?? 0);
    });
    for (let i = this.firsts.at(-1) ?? 0; i < end; i++) visit(Number.NaN, counts[i] ?? 0, kindOf[i] ?? 0);
  }

  /** Calls `visit` for each instant at which cells begin, with the place of the first of them and that behind the last. */
  eachInstant(visit: (atMs: number, from: number, to: number) => void): void {
    const { atMs, firsts } = this;
    for (let i = 0; i < atMs.length; i++) visit(atMs[i] ?? 0, firsts[i] ?? 0, firsts[i + 1] ?? 0);
  }

  /** The seconds since 1970 in which cells begin, ascending, each once. */
  seconds(): Float64Array {
    const { atMs } = this;
    const seconds = new Float64Array(atMs.length);
    let length = 0;
    for (let i = 0; i < atMs.length; i++) {
      const second = Math.floor((atMs[i] ?? 0) / 1000);
      if (length === 0 || second !== seconds[length - 1]) seconds[length++] = second;
    }
    return seconds.subarray(0, length);
  }

  /** How many requests there are, of some kinds. */
  sum(isCounted: (kind: CellKind) => boolean = () => true): number {
    const { counts, kindOf, end } = this;
    const counted = this.kinds.map(isCounted);
    let sum = 0;
    for (let i = this.firsts[0] ?? 0; i < end; i++) if (counted[kindOf[i] ?? 0]) sum += counts[i] ?? 0;
    return sum;
  }

  /** How many requests there are in the cells that begin before an instant, in milliseconds. */
  countBefore(ms: number): number {
    return this.sums()[this.firstWhere((at) => at >= ms)] ?? 0;
  }

  /** The same with those that begin at the instant. */
  countThrough(ms: number): number {
    return this.sums()[this.firstWhere((at) => at > ms)] ?? 0;
  }

  private sums(): Float64Array {
    if (this.before !== null) return this.before;
    const { counts } = this;
    const before = new Float64Array(this.atMs.length + 1);
    let sum = 0;
    let next = 0;
    this.eachInstant((_, from, to) => {
      for (let i = from; i < to; i++) sum += counts[i] ?? 0;
      before[++next] = sum;
    });
    this.before = before;
    return before;
  }

  /** The cells that begin in a time; both ends, in milliseconds, belong to it. */
  between(fromMs: number, toMs: number): TimedCells {
    const from = this.firstWhere((ms) => ms >= fromMs);
    const to = Math.max(
      from,
      this.firstWhere((ms) => ms > toMs),
    );
    return new TimedCells(this.atMs.subarray(from, to), this.firsts.subarray(from, to + 1), this.firsts[to] ?? 0, this);
  }

  /** The cells as they are where the clock was so much further ahead than it was taken for. */
  setBack(ms: number): TimedCells {
    return new TimedCells(
      this.atMs.map((at) => at - ms),
      this.firsts,
      this.end,
      this,
    );
  }

  /** Index of the first instant that is reached. */
  private firstWhere(isReached: (ms: number) => boolean): number {
    let low = 0;
    let high = this.atMs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isReached(this.atMs[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The same in order of time, undated ones last. */
function inTime(buckets: Buckets): Buckets {
  const { bucketMs, begins, counts, kindOf } = buckets;
  const order = inOrder(Float64Array.from(bucketMs));
  if (order === null) return buckets;
  const sorted = {
    bucketMs: Float64Array.from(order, (bucket) => bucketMs[bucket] ?? 0),
    begins: new Uint32Array(order.length),
    counts: new Float64Array(counts.length),
    kindOf: new Uint32Array(counts.length),
  };
  let at = 0;
  order.forEach((bucket, place) => {
    sorted.begins[place] = at;
    const end = begins[bucket + 1] ?? counts.length;
    for (let i = begins[bucket] ?? 0; i < end; i++, at++) {
      sorted.counts[at] = counts[i] ?? 0;
      sorted.kindOf[at] = kindOf[i] ?? 0;
    }
  });
  return sorted;
}

/** The places of instants in order of time, those that are missing last; null where they are in order. */
function inOrder(instants: Float64Array): Uint32Array | null {
  if (!Number.isNaN(instants[0]) && isAscending(instants)) return null;
  const sorted = instants.slice().sort();
  const dated = sorted.findIndex(Number.isNaN);
  const order = new Uint32Array(instants.length);
  // So many of those that are equal to the one at a place have their place.
  const taken = new Uint32Array(instants.length);
  for (let i = 0; i < instants.length; i++) {
    const ms = instants[i] ?? 0;
    const first = Number.isNaN(ms) ? dated : firstFrom(sorted, ms);
    order[first + (taken[first] ?? 0)] = i;
    taken[first] = (taken[first] ?? 0) + 1;
  }
  return order;
}
