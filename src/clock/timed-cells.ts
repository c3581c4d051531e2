import { placesOfKinds } from '../digest/cell-list.ts';
import type { CellKind, CellList } from '../digest/digest.ts';
import { firstFrom, isAscending } from '../vocabulary/ascending.ts';
import type { ToInstant } from './written.ts';

/**
 * How many requests of each kind a stream has in each of its buckets, on the one clock: in order of time, undated ones last. They
 * are lists of numbers, as a busy hour has tens of thousands of them and each burst goes over them again.
 */
export class TimedCells {
  /** When each cell begins, in milliseconds; NaN where it carries no time. */
  readonly atMs: Float64Array;
  readonly counts: Float64Array;
  /** Kind of each cell, as its place in `kinds`. */
  readonly kindOf: Uint32Array;
  readonly kinds: readonly CellKind[];
  /** So many cells have a time. */
  readonly dated: number;
  /** Requests before each of them; made when it is asked for. */
  private before: Float64Array | null = null;

  private constructor(
    atMs: Float64Array,
    counts: Float64Array,
    kindOf: Uint32Array,
    kinds: readonly CellKind[],
    dated: number,
  ) {
    this.atMs = atMs;
    this.counts = counts;
    this.kindOf = kindOf;
    this.kinds = kinds;
    this.dated = dated;
  }

  /** Puts cells on the one clock. */
  static of(cells: readonly CellList[], toInstant: ToInstant): TimedCells {
    const length = cells.reduce((sum, { counts }) => sum + counts.length, 0);
    const instants = new Float64Array(length);
    const all = new Float64Array(length);
    const kindOf = new Uint32Array(length);
    const kinds: CellKind[] = [];
    let at = 0;
    for (const { segments, bucketMs, counts, ...list } of cells) {
      all.set(counts, at);
      kindOf.set(list.kindOf, at);
      const places = placesOfKinds(list.kinds, kinds);
      if (places.some((place, kind) => place !== kind))
        for (let i = at; i < at + counts.length; i++) kindOf[i] = places[kindOf[i] ?? 0] ?? 0;
      // Cells of one bucket stand together.
      let segment = -1;
      let bucket = Number.NaN;
      let ms = Number.NaN;
      for (let i = 0; i < bucketMs.length; i++) {
        if (bucketMs[i] !== bucket || segments[i] !== segment) {
          segment = segments[i] ?? 0;
          bucket = bucketMs[i] ?? 0;
          ms = toInstant(segment, bucket);
        }
        instants[at + i] = ms;
      }
      at += counts.length;
    }
    if (!Number.isNaN(instants[0]) && isAscending(instants))
      return new TimedCells(instants, all, kindOf, kinds, length);
    const sorted = instants.slice().sort();
    let dated = length;
    while (dated > 0 && Number.isNaN(sorted[dated - 1])) dated--;
    const order = inOrder(instants, sorted, dated);
    if (order === null) return new TimedCells(instants, all, kindOf, kinds, dated);
    return new TimedCells(
      sorted,
      all.map((_, i) => all[order[i] ?? 0] ?? 0),
      kindOf.map((_, i) => kindOf[order[i] ?? 0] ?? 0),
      kinds,
      dated,
    );
  }

  get length(): number {
    return this.atMs.length;
  }

  /** Calls `visit` for each cell; its kind is told by its place in `kinds`. */
  each(visit: (atMs: number, count: number, kind: number) => void): void {
    const { atMs, counts, kindOf } = this;
    for (let i = 0; i < atMs.length; i++) visit(atMs[i] ?? 0, counts[i] ?? 0, kindOf[i] ?? 0);
  }

  /** The seconds since 1970 in which cells begin, ascending, each once. */
  seconds(): Float64Array {
    const seconds = new Float64Array(this.dated);
    let length = 0;
    let latestMs = Number.NaN;
    for (let i = 0; i < this.dated; i++) {
      const ms = this.atMs[i] ?? 0;
      if (ms === latestMs) continue;
      latestMs = ms;
      const second = Math.floor(ms / 1000);
      if (length === 0 || second !== seconds[length - 1]) seconds[length++] = second;
    }
    return seconds.subarray(0, length);
  }

  /** How many requests there are, of some kinds. */
  sum(isCounted: (kind: CellKind) => boolean = () => true): number {
    const { counts, kindOf } = this;
    const counted = this.kinds.map(isCounted);
    let sum = 0;
    for (let i = 0; i < counts.length; i++) if (counted[kindOf[i] ?? 0]) sum += counts[i] ?? 0;
    return sum;
  }

  /** How many requests there are in the cells that begin before an instant, in milliseconds. */
  countBefore(ms: number): number {
    if (this.before === null) {
      this.before = new Float64Array(this.dated + 1);
      for (let i = 0; i < this.dated; i++) this.before[i + 1] = (this.before[i] ?? 0) + (this.counts[i] ?? 0);
    }
    return this.before[this.firstWhere((at) => at >= ms)] ?? 0;
  }

  /** The cells that begin in a time; both ends, in milliseconds, belong to it. */
  between(fromMs: number, toMs: number): TimedCells {
    const from = this.firstWhere((ms) => ms >= fromMs);
    const to = Math.max(
      from,
      this.firstWhere((ms) => ms > toMs),
    );
    return new TimedCells(
      this.atMs.subarray(from, to),
      this.counts.subarray(from, to),
      this.kindOf.subarray(from, to),
      this.kinds,
      to - from,
    );
  }

  /** The cells as they are where the clock was so much further ahead than it was taken for. */
  setBack(ms: number): TimedCells {
    return new TimedCells(
      this.atMs.map((at) => at - ms),
      this.counts,
      this.kindOf,
      this.kinds,
      this.dated,
    );
  }

  /** Index of the first dated cell whose time is reached. */
  private firstWhere(isReached: (ms: number) => boolean): number {
    let low = 0;
    let high = this.dated;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isReached(this.atMs[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/**
 * The places of instants in order of time, those that are missing last; null where they are in order. `sorted` are the same instants in
 * order, so many of them `dated`.
 */
function inOrder(instants: Float64Array, sorted: Float64Array, dated: number): Uint32Array | null {
  // Nothing comes behind what is undated.
  let at = 0;
  while (at < dated && instants[at] === sorted[at]) at++;
  if (at === dated) return null;
  const order = new Uint32Array(instants.length);
  // So many of those that are equal to the one at a place have their place.
  const taken = new Uint32Array(instants.length);
  let first = 0;
  for (let i = 0; i < instants.length; i++) {
    const ms = instants[i] ?? 0;
    if (i === 0 || ms !== instants[i - 1]) first = Number.isNaN(ms) ? dated : firstFrom(sorted, ms);
    order[first + (taken[first] ?? 0)] = i;
    taken[first] = (taken[first] ?? 0) + 1;
  }
  return order;
}
