import type { Cell } from '../digest/digest.ts';
import type { SignalId } from '../vocabulary/signals.ts';

/** What the requests of a cell have in common. A log has a handful of these: what follows from them is asked once for each. */
export type CellKind = Pick<Cell, 'status' | 'signal' | 'reached'>;

/**
 * How many requests of each kind a stream has in each of its buckets, on the one clock: in order of time, undated ones last. They
 * are lists of numbers, as a busy hour has tens of thousands of them and each burst goes over them again.
 */
export class TimedCells {
  /** When each cell begins, in milliseconds; NaN where it carries no time. */
  readonly atMs: Float64Array;
  readonly counts: Float64Array;
  /** Kind of each cell, as its place in `kinds`. */
  private readonly kindOf: Uint32Array;
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
  static of(cells: readonly Cell[], instantOf: (cell: Cell) => number): TimedCells {
    const instants = cells.map(instantOf);
    const order = inOrder(instants);
    const atMs = new Float64Array(cells.length);
    const counts = new Float64Array(cells.length);
    const kindOf = new Uint32Array(cells.length);
    const kinds = new Kinds();
    let dated = 0;
    for (let i = 0; i < cells.length; i++) {
      const place = order?.[i] ?? i;
      const cell = cells[place];
      const ms = instants[place];
      if (cell === undefined || ms === undefined) continue;
      if (!Number.isNaN(ms)) dated++;
      atMs[i] = ms;
      counts[i] = cell.count;
      kindOf[i] = kinds.numberOf(cell);
    }
    return new TimedCells(atMs, counts, kindOf, kinds.all, dated);
  }

  get length(): number {
    return this.atMs.length;
  }

  /** Calls `visit` for each cell; its kind is told by its place in `kinds`. */
  each(visit: (atMs: number, count: number, kind: number) => void): void {
    const { atMs, counts, kindOf } = this;
    for (let i = 0; i < atMs.length; i++) visit(atMs[i] ?? 0, counts[i] ?? 0, kindOf[i] ?? 0);
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

/** The places of instants in order of time, those that are missing last; null where they are in order. */
function inOrder(instants: readonly number[]): number[] | null {
  let lastMs = Number.NEGATIVE_INFINITY;
  let isInOrder = true;
  for (const ms of instants) {
    // Nothing comes behind what is undated, either.
    if (!Number.isNaN(ms) && !(ms >= lastMs)) isInOrder = false;
    lastMs = ms;
  }
  if (isInOrder) return null;
  const places = instants.map((_, i) => i);
  const dated = places.filter((i) => !Number.isNaN(instants[i] ?? 0));
  const undated = places.filter((i) => Number.isNaN(instants[i] ?? 0));
  return dated.sort((a, b) => (instants[a] ?? 0) - (instants[b] ?? 0)).concat(undated);
}

/** Numbers kinds as they come. */
class Kinds {
  readonly all: CellKind[] = [];
  /** By signal, and by whether they reached the origin: numbers by status. */
  private readonly reached = new Map<SignalId | null, Map<number, number>>();
  private readonly others = new Map<SignalId | null, Map<number, number>>();

  numberOf({ status, signal, reached }: Cell): number {
    const bySignal = reached ? this.reached : this.others;
    let byStatus = bySignal.get(signal);
    if (byStatus === undefined) {
      byStatus = new Map();
      bySignal.set(signal, byStatus);
    }
    let number = byStatus.get(status);
    if (number === undefined) {
      number = this.all.push({ status, signal, reached }) - 1;
      byStatus.set(status, number);
    }
    return number;
  }
}
