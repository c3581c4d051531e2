import type { TimedRequest } from '../clock/timeline.ts';
import { firstFrom, isAscending } from '../vocabulary/ascending.ts';

/** The instants of some rows or lines: each burst asks which of them lie in its time. */
export class RowTimes {
  /** Milliseconds on the one clock; NaN where there is no time. */
  private readonly ms: Float64Array;
  private readonly isAscending: boolean;

  constructor(ms: Float64Array) {
    this.ms = ms;
    this.isAscending = isAscending(ms);
  }

  /** Places of those within a time, ascending; both ends belong to it. */
  within(fromMs: number, toMs: number): Uint32Array {
    if (!(fromMs <= toMs)) return new Uint32Array(0);
    const { ms } = this;
    const first = this.isAscending ? firstFrom(ms, fromMs) : 0;
    let end = this.isAscending ? firstFrom(ms, toMs, first) : ms.length;
    while (ms[end] === toMs) end++;
    const places = new Uint32Array(end - first);
    let length = 0;
    for (let i = first; i < end; i++) {
      const at = ms[i] ?? 0;
      if (at >= fromMs && at <= toMs) places[length++] = i;
    }
    return places.subarray(0, length);
  }
}

const started = new WeakMap<readonly TimedRequest[], RowTimes>();

/** When the requests of some rows came in. */
export function startTimes(rows: readonly TimedRequest[]): RowTimes {
  let times = started.get(rows);
  if (times === undefined) {
    times = new RowTimes(Float64Array.from(rows, ({ startedMs }) => startedMs));
    started.set(rows, times);
  }
  return times;
}

/** What was written at an instant: a row, a line, a failure. */
interface Written {
  readonly atMs: number;
}

const written = new WeakMap<readonly Written[], RowTimes>();

/** When some rows or lines were written: of rows, when the answers were given. */
export function writtenTimes(rows: readonly Written[]): RowTimes {
  let times = written.get(rows);
  if (times === undefined) {
    times = new RowTimes(Float64Array.from(rows, ({ atMs }) => atMs));
    written.set(rows, times);
  }
  return times;
}

/** Those that were written in a time, in their order; both ends belong to it. */
export function writtenWithin<T extends Written>(rows: readonly T[], fromMs: number, toMs: number): T[] {
  const found: T[] = [];
  for (const place of writtenTimes(rows).within(fromMs, toMs)) {
    const row = rows[place];
    if (row !== undefined) found.push(row);
  }
  return found;
}
