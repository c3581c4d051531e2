/**
 * The counting part of the row scanner's kernel: rows that nobody needs more of than that they were are counted by second,
 * status and whether the next hop gave one; of the others, those of a known kind are listed (`row-kinds.ts`). Which rows those are is written into its memory (`CountRules` in
 * `src/scan/count-rules.ts`); what it takes is what `src/formats/edge/cloudflare-blocks.ts` takes of them.
 */

import { CLOSED, SAMPLED_FAILED, SAMPLED_NEVER, SAMPLED_ORDINARY, UNKNOWN } from '../row-numbers';
import { isListFull, kindOfRow, list } from './row-kinds';
import { BLOCK, COUNTER, ROW } from './row-layout';
import { addBytes, finish, HASH_START } from './text-bytes';

// Memory: kinds by status | limits | numbers of codes | codes by number | minutes | seconds | spans | counts.
export const KINDS: i32 = <i32>COUNTER;
export const LIMITS: i32 = <i32>COUNTER + 1024;
export const CODES: i32 = <i32>COUNTER + 14336;
export const SECONDS: i32 = <i32>COUNTER + 15360;
export const SPANS: i32 = <i32>COUNTER + 16384;
export const COUNTS: i32 = <i32>COUNTER + 17408;
const NUMBERS: usize = COUNTER + 12288;
const MINUTES: usize = COUNTER + 14592;

/** Seconds that are counted at a time, by their last bits. */
export const SECOND_SLOTS: i32 = 256;
/** What rows are counted by within a second: status and whether the next hop gave one. The first number stands for none. */
export const CODE_SLOTS: i32 = 32;
const COUNTS_BYTES: usize = <usize>SECOND_SLOTS * <usize>CODE_SLOTS * 4;

// A limit: the column, whether it holds for refusals alone, how many values it may have; then these: length, bytes and mask.
export const LIMIT_BYTES: i32 = 512;
export const MOST_LIMITS: i32 = 22;
export const VALUE_BYTES: i32 = 48;
export const FIRST_VALUE: i32 = 16;
const LIMIT_REFUSED: usize = 4;
const LIMIT_VALUES: usize = 8;
const VALUE_TEXT: usize = 16;
const VALUE_MASK: usize = 32;

// A minute that was read: its text, and its second since 1970.
const MINUTE_BYTES: usize = 24;
const MINUTE_SECOND: usize = 16;

// Kinds of statuses (`KIND` in count-rules.ts).
const OTHER_KIND: u8 = 0;
const REFUSED_KIND: u8 = 2;

/** What became of a row. */
export const NOT_COUNTED: i32 = 0;
export const COUNTED: i32 = 1;
/** Its second or code finds no room, or the list: `slotToGive` must be given away first. */
export const NO_ROOM: i32 = 2;
/** Nothing is known of rows like it. */
export const OF_UNKNOWN_KIND: i32 = 3;

/** The weight of rows that no sample wants. */
const NEVER: u32 = 0xffffffff;

const QUOTE: u8 = 34;
const DOT: u8 = 46;
const COLON: u8 = 58;
const BIG_T: u8 = 84;
const BIG_Z: u8 = 90;
const MINUTE_CHARS: usize = 16;
const RAY_DIGITS: usize = 16;
const SECOND_DIGITS: usize = 10;
const EARLIEST_S: u64 = 978307200;
const LATEST_S: u64 = 4102444800;
const NEAR_NS: u64 = 998000;
const NO_TIME: u64 = 0;

let limitCount: i32 = 0;
let codeCount: i32 = 1;
let statusColumn: usize = 0;
let nextStatusColumn: usize = 0;
let timeColumn: usize = 0;
let idColumn: usize = 0;

let fullSlot: i32 = 0;

/** The slot that must be given away; -1: all of them, as there are too many codes; -2: the listed rows. */
export function slotToGive(): i32 {
  return fullSlot;
}

/** Begins anew: columns by their place in the row, in bytes, and how many limits stand in memory. */
export function beginCounting(status: i32, nextStatus: i32, time: i32, id: i32, limits: i32): void {
  statusColumn = <usize>ROW + <usize>status;
  nextStatusColumn = <usize>ROW + <usize>nextStatus;
  timeColumn = <usize>ROW + <usize>time;
  idColumn = <usize>ROW + <usize>id;
  limitCount = limits;
  memory.fill(MINUTES, 0, 16 * MINUTE_BYTES);
  forget();
}

/** Forgets all that was counted. */
export function forget(): void {
  codeCount = 1;
  memory.fill(NUMBERS, 0, 2000);
  memory.fill(SECONDS, 0, <usize>SECOND_SLOTS * 4);
  memory.fill(COUNTS, 0, COUNTS_BYTES);
}

/** How many codes there are, the first of them none. */
export function codesInUse(): i32 {
  return codeCount;
}

/** Counts the row at hand, unless it is of no known kind or the weight of its sort divides its hash. */
export function count(ordinary: u32, failed: u32, refused: u32): i32 {
  const status = smallNumber(statusColumn);
  if (status < 100) return NOT_COUNTED;
  const next = load<u32>(nextStatusColumn) == 0 ? 0 : smallNumber(nextStatusColumn);
  let weight = ordinary;
  let kind: u32 = 0;
  if (!isOrdinary(status, next)) {
    kind = kindOfRow();
    if (kind == UNKNOWN) return OF_UNKNOWN_KIND;
    if (kind == CLOSED) return NOT_COUNTED;
    const sample = kind & 3;
    if (sample != SAMPLED_ORDINARY) weight = sample == SAMPLED_NEVER ? NEVER : sample == SAMPLED_FAILED ? failed : refused;
  }
  const id = load<u32>(idColumn);
  if (id == 0 || load<i32>(idColumn, 4) - <i32>id != <i32>RAY_DIGITS + 2) return NOT_COUNTED;
  const rayAt = <usize>BLOCK + <usize>id + 1;
  if (load<u8>(rayAt - 1) != QUOTE || !isRay(rayAt)) return NOT_COUNTED;
  const ms = time();
  if (ms == NO_TIME || weight == 0 || (weight != NEVER && finish(addBytes(HASH_START, rayAt, rayAt + RAY_DIGITS)) % weight == 0)) return NOT_COUNTED;
  if (kind == 0) return add(ms, (<usize>status << 1) | (next > 0 ? 1 : 0));
  if (isListFull()) {
    fullSlot = -2;
    return NO_ROOM;
  }
  list(kind >> 2, rayAt, ms);
  return COUNTED;
}

/** Whether the rules take the row for one that only counts. */
@inline
function isOrdinary(status: i32, next: i32): bool {
  const kind = load<u8>(<usize>KINDS + <usize>status);
  return kind != OTHER_KIND && next >= 0 && next < 500 && isWithinLimits(kind);
}

/** Adds a row of this time; a code is twice the status, and 1 where the next hop gave one. */
@inline
function add(ms: u64, code: usize): i32 {
  const second = <u32>(ms / 1000);
  const millis = <u32>(ms % 1000);
  const slot = <usize>(second & (SECOND_SLOTS - 1));
  let number = <i32>load<u8>(NUMBERS + code);
  if (number == 0) {
    if (codeCount == CODE_SLOTS) {
      fullSlot = -1;
      return NO_ROOM;
    }
    number = codeCount++;
    store<u8>(NUMBERS + code, <u8>number);
    store<u32>(<usize>CODES + (<usize>number << 2), <u32>code);
  }
  const known = load<u32>(<usize>SECONDS + (slot << 2));
  const span = <usize>SPANS + (slot << 2);
  if (known != second) {
    if (known != 0) {
      fullSlot = <i32>slot;
      return NO_ROOM;
    }
    store<u32>(<usize>SECONDS + (slot << 2), second);
    store<u16>(span, <u16>millis);
    store<u16>(span, <u16>millis, 2);
  }
  if (millis < <u32>load<u16>(span)) store<u16>(span, <u16>millis);
  if (millis > <u32>load<u16>(span, 2)) store<u16>(span, <u16>millis, 2);
  const place = <usize>COUNTS + (((slot << 5) + <usize>number) << 2);
  store<u32>(place, load<u32>(place) + 1);
  return COUNTED;
}

/** A column's number of one to three digits; -1 where it holds something else. */
@inline
function smallNumber(column: usize): i32 {
  const from = load<i32>(column);
  const length = load<i32>(column, 4) - from;
  if (from == 0 || length < 1 || length > 3) return -1;
  const p = <usize>BLOCK + <usize>from;
  let number: i32 = 0;
  for (let i = 0; i < length; i++) {
    const c = <i32>digit(p + <usize>i);
    if (c > 9) return -1;
    number = number * 10 + c;
  }
  return number;
}

/** Whether each column that is limited is absent or holds one of its values. */
@inline
function isWithinLimits(kind: u8): bool {
  let limit: usize = <usize>LIMITS;
  for (let i = 0; i < limitCount; i++, limit += <usize>LIMIT_BYTES) {
    const column = <usize>ROW + <usize>load<u32>(limit);
    if (load<u32>(column) == 0 || (kind != REFUSED_KIND && load<u32>(limit, LIMIT_REFUSED) != 0)) continue;
    if (!isAllowed(limit, column)) return false;
  }
  return true;
}

function isAllowed(limit: usize, column: usize): bool {
  const from = load<i32>(column);
  const length = load<i32>(column, 4) - from;
  const text = v128.load(<usize>BLOCK + <usize>from);
  let value = limit + <usize>FIRST_VALUE;
  for (let i = load<i32>(limit, LIMIT_VALUES); i > 0; i--, value += <usize>VALUE_BYTES) {
    if (load<i32>(value) != length) continue;
    const difference = v128.and(v128.xor(text, v128.load(value, VALUE_TEXT)), v128.load(value, VALUE_MASK));
    if (!v128.any_true(difference)) return true;
  }
  return false;
}

/** Whether 16 hexadecimal digits in lower case stand at `p`. */
@inline
function isRay(p: usize): bool {
  const bytes = v128.load(p);
  const digits = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10));
  const letters = i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(97)), i8x16.splat(6));
  return i8x16.all_true(v128.or(digits, letters));
}

/** The row's time in milliseconds since 1970; `NO_TIME` where it is not written in a usual form (`moment-bytes.ts`). */
@inline
function time(): u64 {
  const from = load<i32>(timeColumn);
  const to = load<i32>(timeColumn, 4);
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

/** Value of a digit; more than 9 for any other byte. */
@inline
function digit(p: usize): u8 {
  return load<u8>(p) - 48;
}
