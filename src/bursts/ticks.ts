import { firstFrom } from '../vocabulary/ascending.ts';
import type { Seconds } from './seconds.ts';

/**
 * Failures against everything that went well. Only the seconds in which something failed are listed: they are few, and what lies
 * between them is told at once by sums.
 */
export interface Ticks {
  /** The seconds since 1970 in which anything was seen, ascending. */
  readonly at: Float64Array;
  /** What went well before each of them, and before the end: requests, and the idle seconds in front of each. */
  readonly fineBefore: Float64Array;
  /** So many of them have failures or anything that went well. */
  readonly seconds: number;
  /** Places in `at` of the seconds in which something failed, ascending. */
  readonly failing: Uint32Array;
  /** Failures before each of those, and before the end. */
  readonly failedBefore: Float64Array;
}

/** What goes well in a log: the same whatever failures are held against it. */
export interface Calm extends Pick<Ticks, 'at' | 'fineBefore'> {
  /** Something went well in so many seconds. */
  readonly busy: number;
}

/** Idle seconds count little in a request log (no request, no proof) and fully in a log of error lines. */
const IDLE_WEIGHT_WITH_TOTALS = 0.1;

/** What goes well in the seconds of a log; one without successes has nothing but its idle seconds. */
export function calmOf({ at, fine }: Seconds, knowsTotals: boolean): Calm {
  const fineBefore = new Float64Array(at.length + 1);
  let busy = 0;
  for (let i = 0; i < at.length; i++) {
    const idle = i === 0 ? 0 : (at[i] ?? 0) - (at[i - 1] ?? 0) - 1;
    const well = (fine[i] ?? 0) + (knowsTotals ? idle * IDLE_WEIGHT_WITH_TOTALS : idle);
    if (well > 0) busy++;
    fineBefore[i + 1] = (fineBefore[i] ?? 0) + well;
  }
  return { at, fineBefore, busy };
}

/** Failures by the counts of all seconds. */
export function ticksOfCounts(calm: Calm, counts: Float64Array): Ticks {
  const failing = new Uint32Array(counts.length);
  const failedBefore = new Float64Array(counts.length + 1);
  let length = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] ?? 0;
    if (count === 0) continue;
    failing[length] = i;
    failedBefore[length + 1] = (failedBefore[length] ?? 0) + count;
    length++;
  }
  return ticksOf(calm, failing.subarray(0, length), failedBefore.subarray(0, length + 1));
}

/** Failures by their times, ascending, each counted once; those in seconds that the log does not have are left out. */
export function ticksOfTimes(calm: Calm, failures: readonly { readonly atMs: number }[]): Ticks {
  const failing = new Uint32Array(failures.length);
  const failedBefore = new Float64Array(failures.length + 1);
  let length = 0;
  let latest = Number.NaN;
  for (const { atMs } of failures) {
    const second = Math.floor(atMs / 1000);
    if (second !== latest) {
      const place = firstFrom(calm.at, second);
      if (calm.at[place] !== second) continue;
      latest = second;
      failing[length] = place;
      length++;
      failedBefore[length] = failedBefore[length - 1] ?? 0;
    }
    failedBefore[length] = (failedBefore[length] ?? 0) + 1;
  }
  return ticksOf(calm, failing.subarray(0, length), failedBefore.subarray(0, length + 1));
}

function ticksOf({ at, fineBefore, busy }: Calm, failing: Uint32Array, failedBefore: Float64Array): Ticks {
  let seconds = busy;
  for (let i = 0; i < failing.length; i++) {
    const place = failing[i] ?? 0;
    if (fineBefore[place] === fineBefore[place + 1]) seconds++;
  }
  return { at, fineBefore, seconds, failing, failedBefore };
}
