/**
 * The kernel of access logs: counts the rows of `combined` and its kin that only count, in AssemblyScript. Built by
 * `npm run kernel` into `src/scan/kernels/access.ts`; the contract stands in `src/scan/access-counter.ts`.
 *
 * It does what `src/formats/proxy/access-blocks.ts` does for a good or refused row that no sample wants, and stops at each
 * other row. Which bytes a class holds, what a status means and how rows are laid out is written into its memory.
 */

import {
  FIELD_BYTES,
  FIELD_LEAD,
  FIELD_LEAD_LENGTH,
  FIELD_MASK,
  FIELD_QUOTED,
  FIELD_ROLE,
  FOUND_AT,
  FOUND_CODES,
  FOUND_ROWS,
  FOUND_TIME_AT,
  KIND_ORDINARY,
  KIND_OTHER,
  LAYOUT_BYTES,
  LAYOUT_FIELDS,
  LAYOUT_FIRST_FIELD,
  LAYOUT_NAMES_REQUEST,
  ROLE_BARE,
  ROLE_BARE_RAY,
  ROLE_HEADER_TIME,
  ROLE_HOST,
  ROLE_OTHER,
  ROLE_RAY,
  ROLE_SERVER_NAME,
  ROLE_STATUS,
  ROLE_UPSTREAM_STATUS,
  STOP_END,
  STOP_ROW,
  STOP_TIME,
} from '../access-numbers';

// Memory: what it has found | time | classes | kinds of statuses | layouts | counts | codes counted | block.
export const FOUND: i32 = 0;
export const TIME: i32 = 64;
export const TIME_TEXT: i32 = 128;
export const CLASSES: i32 = 256;
export const KINDS: i32 = 1024;
export const LAYOUTS: i32 = 2048;
export const COUNTS: i32 = 28672;
export const CODES: i32 = 45056;
export const BLOCK: i32 = 65536;

// A class: its name's 16 bytes by low half byte, each with a bit for every high one.
const WORD: usize = <usize>CLASSES;
const USER: usize = <usize>CLASSES + 16;
const PATH: usize = <usize>CLASSES + 32;
const RAY: usize = <usize>CLASSES + 48;
const METHOD: usize = <usize>CLASSES + 64;

const LF: u8 = 10;
const CR: u8 = 13;
const SPACE: u8 = 32;
const QUOTE: u8 = 34;
const HASH: u8 = 35;
const DASH: u8 = 45;
const DOT: u8 = 46;
const SLASH: u8 = 47;
const ZERO: u8 = 48;
const COLON: u8 = 58;
const QUESTION: u8 = 63;
const OPEN: u8 = 91;
const BACKSLASH: u8 = 92;
const CLOSE: u8 = 93;
const UNDERSCORE: u8 = 95;

const SHORTEST_ROW: usize = 50;
const LONGEST_ROW: usize = 32768;
const TIME_BYTES: usize = 26;
const RAY_BYTES: usize = 16;
const RAY_COLO_BYTES: usize = 20;
const LONGEST_METHOD: usize = 21;

let layoutCount: i32 = 0;
let timeTextLength: usize = 0;
let ordinaryWeight: u32 = 1;
let refusedWeight: u32 = 1;

// What the fields of the row at hand say.
let rayAt: usize = 0;
let upstreamStatus: i32 = 0;
let headerCame: bool = false;

/** Begins anew, with so many layouts in memory. */
export function layouts(count: i32): void {
  layoutCount = count;
}

/** Rows with the time in memory are read from now on; its text for the hash has this length. */
export function timeIs(textLength: i32): void {
  timeTextLength = <usize>textLength;
}

/** Reads on from the row at `at` to `end`, behind a line feed, until a row is not for it. Counts good and refused rows whose hash these do not divide. */
export function run(at: usize, end: usize, ordinary: u32, refused: u32): i32 {
  ordinaryWeight = ordinary;
  refusedWeight = refused;
  let rows = 0;
  let outcome = STOP_END;
  while (at < end) {
    const feed = lineFeed(at);
    const stop = feed > at && load<u8>(feed - 1) == CR ? feed - 1 : feed;
    outcome = row(at, stop);
    if (outcome != STOP_END) break;
    rows++;
    at = feed + 1;
  }
  store<u32>(FOUND, <u32>at, 4 * FOUND_AT);
  store<i32>(FOUND, rows, 4 * FOUND_ROWS);
  return outcome;
}

/** Counts the row; STOP_END where that is done, else why not. */
@inline
function row(start: usize, end: usize): i32 {
  const length = end - start;
  if (length < SHORTEST_ROW || length > LONGEST_ROW) return STOP_ROW;
  let p = addressEnd(start);
  // ` - `
  if (p == 0 || (load<u32>(p) & 0xffffff) != 0x202d20) return STOP_ROW;
  p += 3;
  const user = p;
  p = runEnd(p, USER);
  // ` [`
  if (p == user || load<u16>(p) != 0x5b20) return STOP_ROW;
  const timeAt = p + 2;
  const requestAt = timeAt + TIME_BYTES + 3;
  // `] "`
  if (requestAt >= end || (load<u32>(requestAt - 3) & 0xffffff) != 0x22205d) return STOP_ROW;
  const requestEnd = quote(requestAt);
  const statusAt = requestEnd + 2;
  if (statusAt + 3 > end || load<u8>(requestEnd - 1) == BACKSLASH || load<u8>(requestEnd + 1) != SPACE) return STOP_ROW;
  const status = threeDigits(statusAt);
  if (status < 0) return STOP_ROW;
  const kind = load<u8>(<usize>KINDS + <usize>status);
  if (kind == KIND_OTHER) return STOP_ROW;
  const rest = statusAt + 3;
  if (rest < end && load<u8>(rest) != SPACE) return STOP_ROW;
  let layout: usize = <usize>LAYOUTS;
  const last = layout + <usize>layoutCount * LAYOUT_BYTES;
  while (layout < last && !fields(layout, rest, end, status)) layout += LAYOUT_BYTES;
  if (layout == last) return STOP_ROW;
  if (!isSameTime(timeAt)) {
    store<u32>(FOUND, <u32>timeAt, 4 * FOUND_TIME_AT);
    return STOP_TIME;
  }
  let hash: u32 = 0x811c9dc5;
  if (rayAt != 0) hash = fnv(hash, rayAt, rayAt + RAY_BYTES);
  else {
    const pathEnd: usize = load<u32>(layout, LAYOUT_NAMES_REQUEST) != 0 ? 0 : plainPathEnd(requestAt, requestEnd);
    if (pathEnd == 0) return STOP_ROW;
    hash = fnv(fnv(hash, requestAt, pathEnd), TIME_TEXT, <usize>TIME_TEXT + timeTextLength);
  }
  if (finish(hash) % (kind == KIND_ORDINARY ? ordinaryWeight : refusedWeight) == 0) return STOP_ROW;
  count((status << 1) | (headerCame && upstreamStatus >= 100 ? 1 : 0));
  return STOP_END;
}

@inline
function count(code: i32): void {
  const place = <usize>COUNTS + (<usize>code << 2);
  const before = load<u32>(place);
  store<u32>(place, before + 1);
  if (before != 0) return;
  const codes = load<u32>(FOUND, 4 * FOUND_CODES);
  store<u32>(<usize>CODES + (<usize>codes << 2), <u32>code);
  store<u32>(FOUND, codes + 1, 4 * FOUND_CODES);
}

/** Whether the fields after the status are laid out so; takes up what they say. */
function fields(layout: usize, start: usize, end: usize, status: i32): bool {
  rayAt = 0;
  upstreamStatus = 0;
  headerCame = false;
  let at = start;
  let field = layout + LAYOUT_FIRST_FIELD;
  const last = field + <usize>load<u32>(layout, LAYOUT_FIELDS) * FIELD_BYTES;
  for (; field < last; field += FIELD_BYTES) {
    const length = <usize>load<u32>(field, FIELD_LEAD_LENGTH);
    if (at + length >= end || !begins(at, field, length)) return false;
    const from = at + length;
    const quoted = load<u32>(field, FIELD_QUOTED) != 0;
    let to: usize;
    if (quoted) {
      to = quote(from);
      if (to >= end || load<u8>(to - 1) == BACKSLASH) return false;
      at = to + 1;
    } else {
      to = runEnd(from, WORD);
      if (to == from) return false;
      at = to;
    }
    const role = load<i32>(field, FIELD_ROLE);
    if (role != ROLE_OTHER && !note(from, to, role, status)) return false;
    if (at < end && load<u8>(at) != SPACE) return false;
  }
  return at == end;
}

/** Whether the field's lead stands at `p`. */
@inline
function begins(p: usize, field: usize, length: usize): bool {
  if (v128.any_true(v128.and(v128.xor(v128.load(p), v128.load(field, FIELD_LEAD)), v128.load(field, FIELD_MASK)))) return false;
  if (length <= 16) return true;
  const difference = v128.xor(v128.load(p, 16), v128.load(field, FIELD_LEAD + 16));
  return !v128.any_true(v128.and(difference, v128.load(field, FIELD_MASK + 16)));
}

/** Takes up what a field says; false where the ordinary way may see more in it. */
function note(from: usize, to: usize, role: i32, status: i32): bool {
  const length = to - from;
  if (role == ROLE_BARE) return load<u8>(from) != COLON && !looksLikeRay(from, length);
  if (role == ROLE_UPSTREAM_STATUS) {
    upstreamStatus = length == 3 ? threeDigits(from) : 0;
    return upstreamStatus > 0 || isDash(from, length);
  }
  if (role == ROLE_HEADER_TIME) {
    headerCame = isDecimal(from, to);
    return headerCame || isDash(from, length);
  }
  if (role == ROLE_RAY) {
    rayAt = 0;
    return isDash(from, length) || noteRay(from, length);
  }
  if (role == ROLE_BARE_RAY) {
    if (load<u8>(from) == COLON) return false;
    return !looksLikeRay(from, length) || (rayAt == 0 && noteRay(from, length));
  }
  if (role == ROLE_HOST || role == ROLE_SERVER_NAME) return runEnd(from, WORD) >= to;
  if (role == ROLE_STATUS) return length == 3 && threeDigits(from) == status;
  return false;
}

function noteRay(from: usize, length: usize): bool {
  if (length < RAY_BYTES || runEnd(from, RAY) < from + RAY_BYTES) return false;
  rayAt = from;
  if (length == RAY_BYTES) return true;
  if (length != RAY_COLO_BYTES || load<u8>(from + RAY_BYTES) != DASH) return false;
  return isCapital(load<u8>(from + 17)) && isCapital(load<u8>(from + 18)) && isCapital(load<u8>(from + 19));
}

function isCapital(c: u8): bool {
  return <u8>(c - 65) < 26;
}

@inline
function looksLikeRay(from: usize, length: usize): bool {
  return length == RAY_COLO_BYTES && load<u8>(from + RAY_BYTES) == DASH;
}

@inline
function isDash(from: usize, length: usize): bool {
  return length == 1 && load<u8>(from) == DASH;
}

@inline
function isDecimal(from: usize, to: usize): bool {
  if (to == from || digit(from) > 9) return false;
  for (let p = from + 1; p < to; p++) if (digit(p) > 9 && load<u8>(p) != DOT) return false;
  return true;
}

@inline
function isSameTime(at: usize): bool {
  const first = v128.xor(v128.load(at), v128.load(TIME));
  const second = v128.xor(v128.load(at, 10), v128.load(TIME, 10));
  return !v128.any_true(v128.or(first, second));
}

/** End of the IPv4 or IPv6 address at `start`, 0 where none is. */
@inline
function addressEnd(start: usize): usize {
  let p = start;
  for (let group = 0; group < 4; group++) {
    const from = p;
    while (digit(p) <= 9) p++;
    if (p == from || p - from > 3) return ipv6End(start);
    if (group == 3) break;
    if (load<u8>(p) != DOT) return ipv6End(start);
    p++;
  }
  return p;
}

function ipv6End(start: usize): usize {
  let colons = 0;
  let digits = 0;
  let p = start;
  while (true) {
    const c = load<u8>(p);
    if (c == COLON) {
      colons++;
      digits = 0;
    } else if (digit(p) > 9 && <u8>((c | 32) - 97) > 5) break;
    else if (++digits > 4) return 0;
    p++;
  }
  return colons >= 3 && colons <= 7 ? p : 0;
}

/** End of `METHOD /path` within a request line, 0 where they are not written plainly. */
@inline
function plainPathEnd(start: usize, end: usize): usize {
  const first = load<u8>(start);
  if (first == DASH || first == UNDERSCORE) return 0;
  const methodEnd = runEnd(start, METHOD);
  const length = methodEnd - start;
  // ` /`
  if (length < 2 || length > LONGEST_METHOD || load<u16>(methodEnd) != 0x2f20) return 0;
  const p = runEnd(methodEnd + 1, PATH);
  const c = load<u8>(p);
  return p == end || c == SPACE || c == QUESTION || c == HASH ? p : 0;
}

/** The next quote. A line feed stands behind all rows, but a quote may not: one is put behind the block. */
@inline
function quote(p: usize): usize {
  while (true) {
    const quotes = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(QUOTE)));
    if (quotes != 0) return p + <usize>ctz(quotes);
    p += 16;
  }
}

@inline
function lineFeed(p: usize): usize {
  while (true) {
    const feeds = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(LF)));
    if (feeds != 0) return p + <usize>ctz(feeds);
    p += 16;
  }
}

/** End of the run of bytes of a class that begins at `p`. */
@inline
function runEnd(p: usize, low: usize): usize {
  const lows = v128.load(low);
  const highs = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0);
  while (true) {
    const bytes = v128.load(p);
    const held = v128.and(
      v128.swizzle(lows, v128.and(bytes, i8x16.splat(15))),
      v128.swizzle(highs, i8x16.shr_u(bytes, 4)),
    );
    const others = i8x16.bitmask(i8x16.eq(held, i8x16.splat(0)));
    if (others != 0) return p + <usize>ctz(others);
    p += 16;
  }
}

@inline
function threeDigits(p: usize): i32 {
  const a = <i32>digit(p);
  const b = <i32>digit(p + 1);
  const c = <i32>digit(p + 2);
  return a > 9 || b > 9 || c > 9 ? -1 : a * 100 + b * 10 + c;
}

/** Value of a digit; more than 9 for any other byte. */
@inline
function digit(p: usize): u8 {
  return load<u8>(p) - ZERO;
}

@inline
function fnv(hash: u32, from: usize, to: usize): u32 {
  for (let p = from; p < to; p++) hash = (hash ^ load<u8>(p)) * 0x01000193;
  return hash;
}

@inline
function finish(hash: u32): u32 {
  let h = hash ^ (hash >> 16);
  h *= 0x85ebca6b;
  h ^= h >> 13;
  h *= 0xc2b2ae35;
  return h ^ (h >> 16);
}
