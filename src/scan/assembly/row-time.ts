/** The part of the row scanner's kernel that reads times. */

import { BLOCK, COUNTER } from './row-layout';
import { digit } from './text-bytes';

const MINUTES: usize = COUNTER + 14592;
// A minute that was read: its text, and its second since 1970.
const MINUTE_BYTES: usize = 24;
const MINUTE_SECOND: usize = 16;

const QUOTE: u8 = 34;
const DOT: u8 = 46;
const COLON: u8 = 58;
const BIG_T: u8 = 84;
const BIG_Z: u8 = 90;
const MINUTE_CHARS: usize = 16;
const SECOND_DIGITS: usize = 10;
const EARLIEST_S: u64 = 978307200;
const LATEST_S: u64 = 4102444800;
const NEAR_NS: u64 = 998000;
export const NO_TIME: u64 = 0;

export function forgetMinutes(): void {
  memory.fill(MINUTES, 0, 16 * MINUTE_BYTES);
}

/** The time that a column of the row holds, in milliseconds since 1970; `NO_TIME` where it is not written in a usual form (`moment-bytes.ts`). */
export function timeIn(column: usize): u64 {
  const from = load<i32>(column);
  const to = load<i32>(column, 4);
  if (from == 0 || to <= from) return NO_TIME;
  const p = <usize>BLOCK + <usize>from;
  const end = <usize>BLOCK + <usize>to;
  if (load<u8>(p) != QUOTE) return unixMs(p, end);
  if (end - p < MINUTE_CHARS + 6) return unixMs(p + 1, end - 1);
  return iso(p + 1, end - 2);
}

/** RFC 3339 in UTC, with or without fraction; its `Z` must stand at `end`. */
@inline
function iso(p: usize, end: usize): u64 {
  if (load<u8>(end) != BIG_Z || load<u8>(p + MINUTE_CHARS) != COLON) return NO_TIME;
  const seconds = digits(p + MINUTE_CHARS + 1, 2);
  if (seconds > 59) return NO_TIME;
  const second = minute(p);
  if (second == 0) return NO_TIME;
  const ms = (second + seconds) * 1000;
  const fraction = p + MINUTE_CHARS + 3;
  if (fraction == end) return ms;
  const places = end - fraction - 1;
  if (load<u8>(fraction) != DOT || places < 1 || places > 9 || digits(fraction + 1, places) > 999999999) return NO_TIME;
  let shown = digits(fraction + 1, places < 3 ? places : 3);
  for (let i = places; i < 3; i++) shown *= 10;
  return ms + shown;
}

/** The second since 1970 with which the minute `YYYY-MM-DDTHH:MM` begins; 0 where it is none. */
@inline
function minute(p: usize): u64 {
  const slot = MINUTES + <usize>(load<u8>(p + MINUTE_CHARS - 1) & 15) * MINUTE_BYTES;
  if (!v128.any_true(v128.xor(v128.load(p), v128.load(slot)))) return load<u64>(slot, MINUTE_SECOND);
  const second = minuteOf(p);
  if (second == 0) return 0;
  v128.store(slot, v128.load(p));
  store<u64>(slot, second, MINUTE_SECOND);
  return second;
}

function minuteOf(p: usize): u64 {
  if (load<u8>(p + 4) != 45 || load<u8>(p + 7) != 45 || load<u8>(p + 10) != BIG_T || load<u8>(p + 13) != COLON) return 0;
  const year = digits(p, 4);
  const month = digits(p + 5, 2);
  const day = digits(p + 8, 2);
  const hour = digits(p + 11, 2);
  const minute = digits(p + 14, 2);
  if (year < 2001 || year > 2099 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59) return 0;
  if (day > daysIn(year, month)) return 0;
  // Days since 1970-01-01; every fourth year from 2001 to 2099 is a leap year.
  let days = (year - 1970) * 365 + (year - 1969) / 4 + day - 1;
  for (let before: u64 = 1; before < month; before++) days += daysIn(year, before);
  return ((days * 24 + hour) * 60 + minute) * 60;
}

function daysIn(year: u64, month: u64): u64 {
  if (month == 2) return (year & 3) == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/** A Unix time of 10, 13, 16 or 19 digits. */
function unixMs(p: usize, end: usize): u64 {
  const length = end - p;
  if (length != 10 && length != 13 && length != 16 && length != 19) return NO_TIME;
  const seconds = digits(p, SECOND_DIGITS);
  if (seconds < EARLIEST_S || seconds >= LATEST_S) return NO_TIME;
  if (length == 10) return seconds * 1000;
  const ms = digits(p + 10, 3);
  if (ms > 999) return NO_TIME;
  const rest = length == 13 ? 0 : digits(p + 13, length - 13) * (length == 16 ? 1000 : 1);
  return rest >= NEAR_NS ? NO_TIME : seconds * 1000 + ms;
}

/** The number of these digits, ten at most; a huge one where another byte is among them. */
@inline
function digits(p: usize, length: usize): u64 {
  let number: u64 = 0;
  for (let i: usize = 0; i < length; i++) {
    const c = digit(p + i);
    if (c > 9) return 1 << 40;
    number = number * 10 + <u64>c;
  }
  return number;
}
