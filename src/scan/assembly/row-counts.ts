/**
 * The counting part of the row scanner's kernel: rows that nobody needs more of than that they were are counted by second,
 * status and whether the next hop gave one; of the others, those of a known kind are listed (`row-kinds.ts`). Which rows those are is written into its memory (`CountRules` in
 * `src/scan/count-rules.ts`); what it takes is what `src/formats/edge/cloudflare-blocks.ts` takes of them.
 */

import { CLOSED, SAMPLED_FAILED, SAMPLED_NEVER, SAMPLED_ORDINARY, UNKNOWN } from '../row-numbers';
import { isListFull, kindOfRow, list } from './row-kinds';
import { BLOCK, COUNTER, ROW, ROW_KIND } from './row-layout';
import { forgetMinutes, NO_TIME, timeIn } from './row-time';
import { addBytes, digit, finish, HASH_START } from './text-bytes';

// Memory: kinds by status | limits | numbers of codes | codes by number | minutes | seconds | spans | counts.
export const KINDS: i32 = <i32>COUNTER;
export const LIMITS: i32 = <i32>COUNTER + 1024;
export const CODES: i32 = <i32>COUNTER + 14336;
export const SECONDS: i32 = <i32>COUNTER + 15360;
export const SPANS: i32 = <i32>COUNTER + 16384;
export const COUNTS: i32 = <i32>COUNTER + 17408;
const NUMBERS: usize = COUNTER + 12288;

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
const RAY_DIGITS: usize = 16;

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
  forgetMinutes();
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

/** Counts the row at hand, unless it is of no known kind or the weight of its sort divides its hash: then its kind is noted. */
export function count(ordinary: u32, failed: u32, refused: u32): i32 {
  const status = smallNumber(statusColumn);
  if (status < 100) return NOT_COUNTED;
  const next = load<u32>(nextStatusColumn) == 0 ? 0 : smallNumber(nextStatusColumn);
  let weight = ordinary;
  let kind: u32 = 0;
  if (!isOrdinary(status, next)) {
    kind = kindOfRow(timeColumn);
    if (kind == UNKNOWN) return OF_UNKNOWN_KIND;
    if (kind == CLOSED) return NOT_COUNTED;
    const sample = kind & 3;
    if (sample != SAMPLED_ORDINARY) weight = sample == SAMPLED_NEVER ? NEVER : sample == SAMPLED_FAILED ? failed : refused;
  }
  const id = load<u32>(idColumn);
  if (id == 0 || load<i32>(idColumn, 4) - <i32>id != <i32>RAY_DIGITS + 2) return NOT_COUNTED;
  const rayAt = <usize>BLOCK + <usize>id + 1;
  if (load<u8>(rayAt - 1) != QUOTE || !isRay(rayAt)) return NOT_COUNTED;
  const ms = timeIn(timeColumn);
  if (ms == NO_TIME || weight == 0) return NOT_COUNTED;
  if (weight != NEVER && finish(addBytes(HASH_START, rayAt, rayAt + RAY_DIGITS)) % weight == 0) {
    store<u32>(ROW, kind >> 2, ROW_KIND);
    return NOT_COUNTED;
  }
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
