import type { Stamp } from '../vocabulary/records.ts';
import type { StampKind } from './digest.ts';

/** Wall clocks that run backwards by more than this begin a new segment. */
const BACKWARDS_MS = 120_000;

/** Whether an entry written at `ms` goes on with a segment whose latest was written at `lastMs`: a clock without zone must not run backwards. */
export function continuesClock(kind: StampKind, lastMs: number, ms: number): boolean {
  return kind === 'none' || kind === 'utc' || ms >= lastMs - BACKWARDS_MS;
}

/**
 * A source whose clock ran backwards this often is in no order of time (shuffled, or printed by many hosts at once): what follows goes
 * on with its latest segment, as memory and time are needed for each.
 */
export const MOST_SEGMENTS = 1000;

/** The minute of a written time, as clues are sampled by it; NaN for undated lines. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / 60_000);
}

/** Written milliseconds of a stamp; NaN where there is none. */
export function stampMs(stamp: Stamp): number {
  return stamp.kind === 'none' ? Number.NaN : stamp.ms;
}
