/**
 * The part of the row scanner's kernel that tells how long a request took: `duration` of
 * `src/formats/edge/request-record.ts`, where the row tells it plainly.
 */

import { BLOCK, ROW } from './row-layout';
import { NO_TIME, timeIn } from './row-time';
import { digit } from './text-bytes';

export const NO_DURATION: u64 = 0xffffffffffffffff;
const NO_NUMBER: u64 = 0xffffffffffffffff;
const MOST_DIGITS: i32 = 15;

let startColumn: usize = 0;
let firstByteColumn: usize = 0;
let upstreamMsColumn: usize = 0;
let upstreamNsColumn: usize = 0;

/** Columns by their place in the row, in bytes. */
export function measureBy(start: i32, firstByteMs: i32, upstreamMs: i32, upstreamNs: i32): void {
  startColumn = <usize>ROW + <usize>start;
  firstByteColumn = <usize>ROW + <usize>firstByteMs;
  upstreamMsColumn = <usize>ROW + <usize>upstreamMs;
  upstreamNsColumn = <usize>ROW + <usize>upstreamNs;
}

/** Milliseconds until the answer of this time, 0 where the row has none; `NO_DURATION` where they are not told plainly. */
export function durationTo(endMs: u64): u64 {
  const firstByteMs = wholeNumber(firstByteColumn);
  const upstreamMs = wholeNumber(upstreamMsColumn);
  const upstreamNs = wholeNumber(upstreamNsColumn);
  if (endMs == NO_TIME || firstByteMs == NO_NUMBER || upstreamMs == NO_NUMBER || upstreamNs == NO_NUMBER) return NO_DURATION;
  const fineMs = max(firstByteMs, upstreamMs > 0 ? upstreamMs : (upstreamNs + 500000) / 1000000);
  if (load<i32>(startColumn) == 0) return fineMs;
  const startMs = timeIn(startColumn);
  if (startMs == NO_TIME) return NO_DURATION;
  const coarseMs = endMs > startMs ? endMs - startMs : 0;
  const areSeconds = startMs % 1000 == 0 && endMs % 1000 == 0;
  const apart = fineMs > coarseMs ? fineMs - coarseMs : coarseMs - fineMs;
  return areSeconds && fineMs > 0 && apart <= 1000 ? fineMs : coarseMs;
}

/** A column's digits as a number, 0 where the row lacks it. */
function wholeNumber(column: usize): u64 {
  const from = load<i32>(column);
  if (from == 0) return 0;
  const length = load<i32>(column, 4) - from;
  if (length < 1 || length > MOST_DIGITS) return NO_NUMBER;
  let number: u64 = 0;
  for (let i = 0; i < length; i++) {
    const value = digit(<usize>BLOCK + <usize>from + <usize>i);
    if (value > 9) return NO_NUMBER;
    number = number * 10 + <u64>value;
  }
  return number;
}
