import type { Unit } from './units.ts';

/** What reading came to so far. */
export interface Done {
  readonly bytes: number;
  /** `Folds.singles`: the rest was counted at the speed of a kernel. */
  readonly singles: number;
}

/** Work (bytes after unpacking) beside the largest file that makes up for starting one more thread (measured). */
const BESIDE = 100e6;
/**
 * The same for what is left of a single plain file, where bytes that are only counted weigh a tenth: that goes at gigabytes a
 * second, so another thread gains less than a fifth of the time and costs half as much memory again and a fifth to a
 * third more processor time. Of exports, access and error logs from 0.3 to 4 GB, the one with many failed rows gained more.
 */
const LEFT = 1e9;
const COUNTED = 0.1;
/** What an entry takes that is looked at by itself: as long as so many bytes that are only counted (measured: 1.5 µs). */
const SINGLE_BYTES = 3000;

/** Threads beside the main one that pay from the beginning. Of the pieces of a single file it shows only while they are read. */
export function threadsFor(units: readonly Pick<Unit, 'weight'>[]): number {
  const weights = units.map(({ weight }) => weight);
  const beside = weights.reduce((sum, weight) => sum + weight, 0) - weights.reduce((a, b) => Math.max(a, b), 0);
  return Math.floor(beside / BESIDE);
}

/** Threads beside the main one that pay for so many bytes that are left of a plain file, where they are like those that were read. */
export function threadsForRest(leftBytes: number, { bytes, singles }: Done): number {
  if (bytes === 0) return 0;
  return Math.floor((leftBytes * (COUNTED + (singles * SINGLE_BYTES) / bytes)) / LEFT);
}
