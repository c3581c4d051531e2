/**
 * The kernel of access logs: counts the rows of `combined` and its kin that only count, in AssemblyScript. Built by
 * `npm run kernel` into `src/scan/kernels/access.ts`; the contract stands in `src/scan/access-counter.ts`.
 *
 * It does what `src/formats/proxy/access-blocks.ts` does for a row that no sample wants, notes those that one does or that it
 * is not sure of, and stops at each row that it does not know. Which bytes a class holds, what a status means, what a failed row tells and how rows are laid out is written into its memory.
 * Each byte is looked at once: control characters end every search, so that none runs on behind its row.
 *
 * Above 400 lines, as what one function has read lies in variables that the next one goes on from: parts would share all of them.
 */

import {
  ADDRESS_ABSENT,
  ADDRESS_GROUP,
  ADDRESS_NONE,
  ADDRESS_PEER,
  ADDRESS_UNKNOWN,
  ADDRESSES,
  ASKED_ROLES,
  CODE_SIGNAL_SHIFT,
  CONNECT_CAME,
  CONNECT_NONE,
  CONNECT_UNKNOWN,
  ENTRY_BYTES,
  ENTRY_END,
  ENTRY_HASH,
  ENTRY_IS_ROW,
  ENTRY_LAYOUT_SHIFT,
  ENTRY_ROWS,
  ENTRY_SECOND_SHIFT,
  ENTRY_START,
  ENTRY_UNSURE,
  FIELD_BYTES,
  FIELD_CLOSING,
  FIELD_LEAD,
  FIELD_LEAD_LENGTH,
  FIELD_MASK,
  FIELD_ROLE,
  FOUND_AT,
  FIRST_ASKED,
  FIRST_TOLD,
  FOUND_ENTRIES,
  FOUND_OUTCOME,
  FOUND_ROWS,
  FOUND_STATUS,
  FOUND_TIME_AT,
  HEADER_ABSENT,
  HEADER_CAME,
  HEADER_NONE,
  HEADERS,
  KIND_ORDINARY,
  KIND_TOLD,
  LAYOUT_BYTES,
  LAYOUT_FIELDS,
  LAYOUT_FIRST_FIELD,
  LAYOUT_NAMES_REQUEST,
  LAYOUT_PLAIN_FIELDS,
  LAYOUT_TAIL_AT,
  LAYOUT_UNCLEAR,
  MOST_ENTRIES,
  OUTCOMES,
  REQUEST_PLAIN,
  REQUEST_TLS,
  REQUEST_UNKNOWN,
  REQUESTS,
  ROLE_ADDRESS,
  ROLE_BARE,
  ROLE_BARE_RAY,
  ROLE_CONNECT,
  ROLE_HEADER_TIME,
  ROLE_HOST,
  ROLE_NUMBER,
  ROLE_OTHER,
  ROLE_RAY,
  ROLE_SECONDS,
  ROLE_SERVER_NAME,
  ROLE_STATUS,
  ROLE_UPSTREAM_STATUS,
  ROW_ENTRIES,
  STOP_END,
  STOP_FULL,
  STOP_OPEN,
  STOP_ROW,
  STOP_TIME,
  TOLD_LEFT,
  TOLD_NOTHING,
  TOOK_ABSENT,
  TOOK_NONE,
  TOOK_SHORT,
  TOOK_UNKNOWN,
  TOOKS,
  UPSTREAM_ABSENT,
  UPSTREAM_LOW,
  UPSTREAM_NONE,
  UPSTREAM_OTHER,
  UPSTREAM_SAME,
} from '../access-numbers';
import { addBytes, addTime, digit, finish, HASH_START } from './text-bytes';

// Memory: what it has found | values that few rows are asked for | time | classes | kinds of statuses | layouts | tails | by length: tails | entries | by code: its entry | block | what outcomes tell.
export const FOUND: i32 = 0;
const ASKED: usize = 32;
export const TIME: i32 = 64;
export const CLASSES: i32 = 256;
export const KINDS: i32 = 1024;
export const LAYOUTS: i32 = 2048;
const TAILS: usize = 28672;
const TAILS_OF: usize = 49152;
export const ENTRIES: i32 = 65536;
const ENTRY_OF: usize = 131072;
export const BLOCK: i32 = 262144;
export const TOLD: i32 = 589824;

// A class: its name's 16 bytes by low half byte, each with a bit for every high one.
const WORD: usize = <usize>CLASSES;
const USER: usize = <usize>CLASSES + 16;
const PATH: usize = <usize>CLASSES + 32;
const RAY: usize = <usize>CLASSES + 48;
const METHOD: usize = <usize>CLASSES + 64;
const NAME: usize = <usize>CLASSES + 80;

const LF: u8 = 10;
const CR: u8 = 13;
const SPACE: u8 = 32;
const QUOTE: u8 = 34;
const HASH: u8 = 35;
const AMPERSAND: u8 = 38;
const COMMA: u8 = 44;
const DASH: u8 = 45;
const DOT: u8 = 46;
const SLASH: u8 = 47;
const ZERO: u8 = 48;
const COLON: u8 = 58;
const QUESTION: u8 = 63;
const CAPITAL_A: u8 = 65;
const OPEN: u8 = 91;
const BACKSLASH: u8 = 92;
const CLOSE: u8 = 93;
const UNDERSCORE: u8 = 95;
const LAST_CONTROL: u8 = 31;

const SHORTEST_ROW: usize = 50;
const LONGEST_ROW: usize = 32768;
const TIME_BYTES: usize = 26;
/** Where the seconds stand in a time. */
const SECONDS_AT: usize = 18;
const RAY_BYTES: usize = 16;
const RAY_COLO_BYTES: usize = 20;
const LONGEST_METHOD: usize = 21;
const MOST_LENGTH_DIGITS: usize = 18;
const LETTERS: u8 = 26;
// Longest names of groups, of peers and of sockets that are surely one, and most digits of a port.
const LONGEST_GROUP: usize = 100;
const LONGEST_HOST: usize = 253;
const LONGEST_SOCKET: usize = 200;
const LONGEST_IPV6: usize = 60;
const MOST_PORT_DIGITS: usize = 5;
// Digits of a time below 100 s, and of its thousandths.
const MOST_SECONDS_DIGITS: usize = 2;
const MOST_FRACTION_DIGITS: usize = 3;

/**
 * A tail: the named fields at the end of a row, as they were written in an earlier one of the same length: digits may differ,
 * the Ray ID is left to its own check, every other byte must be the same (see `access-blocks-tails.ts`). Its layout, where
 * values begin (-1: nowhere), what was logged of the upstream, the values that few rows are asked for, as in `ASKED`; the lowest value of each byte, and how many more it may have.
 */
const TAIL_BYTES: usize = 304;
const TAIL_RAY: usize = 4;
const TAIL_RAY_LENGTH: usize = 8;
const TAIL_STATUS: usize = 12;
const TAIL_UPSTREAM: usize = 16;
const TAIL_HEADER: usize = 20;
const TAIL_ASKED: usize = 24;
const TAIL_LOWEST: usize = 48;
const TAIL_RANGE: usize = 176;
const LONGEST_TAIL: usize = 128;
const MOST_TAILS: i32 = 64;

let layoutCount: i32 = 0;
let ordinaryWeight: u32 = 1;
let refusedWeight: u32 = 1;
let failedWeight: u32 = 1;

/** Epoch seconds at which the minute began whose rows are read. */
let minute: i64 = 0;
/** The second of it that is counted, and the one whose time is in `timeHash`. */
let second: i32 = -1;
let hashedSecond: i32 = -1;
let timeHash: u32 = 0;
/** Entries made in this run, and how many of them belong to earlier seconds. */
let entries: i32 = 0;
let earlier: i32 = 0;
/** Rows read in this run. */
let rows: u32 = 0;

// What the fields of the row at hand say.
let rayAt: usize = 0;
let upstreamStatus: i32 = 0;
let upstream: i32 = UPSTREAM_ABSENT;
let header: i32 = HEADER_ABSENT;
/** Where the Ray ID ends; where the upstream's status begins, 0 where it has no value. */
let rayEnd: usize = 0;
let upstreamAt: usize = 0;
/** The tail that the row's is like, and where the row's begins; 0 where its fields were read one by one. */
let tailLike: usize = 0;
let tailFrom: usize = 0;
/** Where the row behind it begins. */
let next: usize = 0;

let tailCount: i32 = 0;

/** Begins anew, with so many layouts in memory. */
export function layouts(count: i32): void {
  layoutCount = count;
  tailCount = 0;
  for (let p = TAILS_OF; p <= TAILS_OF + 8 * LONGEST_TAIL; p += 8) store<u64>(p, 0);
}

/** Rows of the minute whose time is in memory are read from now on; it began at this epoch second, above 0. */
export function timeIs(seconds: f64): void {
  minute = <i64>seconds;
  hashedSecond = -1;
}

/**
 * Reads on from the row at `at` to `end`, behind a line feed, until a row is not for it. Counts rows whose hash these, powers of
 * two, do not divide; the others get an entry of their own.
 */
export function run(at: usize, end: usize, ordinary: u32, refused: u32, failed: u32): i32 {
  ordinaryWeight = ordinary;
  refusedWeight = refused;
  failedWeight = failed;
  endSecond();
  second = -1;
  entries = 0;
  earlier = 0;
  rows = 0;
  let outcome = STOP_END;
  while (at < end) {
    outcome = entries > MOST_ENTRIES - ROW_ENTRIES ? STOP_FULL : row(at);
    if (outcome != STOP_END) break;
    rows++;
    at = next;
  }
  store<u32>(FOUND, <u32>at, 4 * FOUND_AT);
  store<u32>(FOUND, rows, 4 * FOUND_ROWS);
  store<i32>(FOUND, entries, 4 * FOUND_ENTRIES);
  return outcome;
}

/** Counts the row, or makes an entry of it; STOP_END where that is done, else why not. */
@inline
function row(start: usize): i32 {
  let p = peerEnd(start);
  // ` - `
  if (p == 0 || (load<u32>(p) & 0xffffff) != 0x202d20) return STOP_ROW;
  p += 3;
  const user = p;
  p = runEnd(p, USER);
  // ` [`
  if (p == user || load<u16>(p) != 0x5b20) return STOP_ROW;
  const timeAt = p + 2;
  const requestAt = timeAt + TIME_BYTES + 3;
  if (!isSameMinute(timeAt)) {
    if (hasControl(timeAt)) return STOP_ROW;
    store<u32>(FOUND, <u32>timeAt, 4 * FOUND_TIME_AT);
    return STOP_TIME;
  }
  const tens = <i32>digit(timeAt + SECONDS_AT);
  const units = <i32>digit(timeAt + SECONDS_AT + 1);
  if (tens > 5 || units > 9) return STOP_ROW;
  const now = 10 * tens + units;
  // `] "`
  if ((load<u32>(requestAt - 3) & 0xffffff) != 0x22205d) return STOP_ROW;
  const requestEnd = quote(requestAt);
  if (requestEnd == 0 || load<u8>(requestEnd - 1) == BACKSLASH || load<u8>(requestEnd + 1) != SPACE) return STOP_ROW;
  const statusAt = requestEnd + 2;
  const status = threeDigits(statusAt);
  if (status < 0) return STOP_ROW;
  const kind = load<u8>(<usize>KINDS + <usize>status);
  const rest = statusAt + 3;
  let layout: usize = <usize>LAYOUTS;
  const last = layout + <usize>layoutCount * LAYOUT_BYTES;
  let end: usize = 0;
  for (; layout < last; layout += LAYOUT_BYTES) {
    end = fields(layout, rest, status);
    if (end != 0) break;
  }
  if (end == 0 || end - start < SHORTEST_ROW || end - start > LONGEST_ROW) return STOP_ROW;
  let code = (status << 1) | (header == HEADER_CAME && upstreamStatus >= 100 ? 1 : 0);
  let weight = kind == KIND_ORDINARY ? ordinaryWeight : refusedWeight;
  let isSure = true;
  if (kind == KIND_TOLD) {
    const outcome = outcomeOf(layout, status, requestAt);
    const told = <i32>load<u8>(<usize>TOLD + <usize>((status - FIRST_TOLD) * OUTCOMES + outcome));
    if (told == TOLD_NOTHING) {
      store<i32>(FOUND, status, 4 * FOUND_STATUS);
      store<i32>(FOUND, outcome, 4 * FOUND_OUTCOME);
      return STOP_OPEN;
    }
    isSure = told != TOLD_LEFT;
    const signal = (told - 1) >> 1;
    weight = signal == 0 ? ordinaryWeight : failedWeight;
    code = (signal << CODE_SIGNAL_SHIFT) | (status << 1) | ((told - 1) & 1);
  }
  let hash = HASH_START;
  if (rayAt != 0) hash = addBytes(hash, rayAt, rayAt + RAY_BYTES);
  else {
    if (now != hashedSecond) {
      hashedSecond = now;
      timeHash = addTime(HASH_START, (minute + <i64>now) * 1000);
    }
    const pathEnd = plainPathEnd(requestAt, requestEnd);
    if (load<u32>(layout, LAYOUT_NAMES_REQUEST) != 0) isSure = false;
    else if (pathEnd != 0) hash = addBytes(timeHash, requestAt, pathEnd);
    // The blank behind the request line stands for the one between a method and a path that are not there.
    else if (namesNothing(requestAt, requestEnd)) hash = addBytes(timeHash, requestEnd + 1, requestEnd + 2);
    else isSure = false;
  }
  hash = finish(hash);
  const isWanted = (hash & (weight - 1)) == 0;
  // The fields without name of a row that is kept, or whose outcome tells, must be what their places say.
  if (isSure && (isWanted || kind == KIND_TOLD)) isSure = isPlain(layout, rest);
  if (isSure && !isWanted) count(code, now);
  else {
    const place = <u32>((layout - <usize>LAYOUTS) / LAYOUT_BYTES);
    const sure = isSure ? <u32>code | (place << ENTRY_LAYOUT_SHIFT) : ENTRY_UNSURE;
    keep(sure | (<u32>now << ENTRY_SECOND_SHIFT), start, end, hash);
  }
  return STOP_END;
}

/** What a row of this layout says beside its status, as a number (`OUTCOMES`). */
function outcomeOf(layout: usize, status: i32, requestAt: usize): i32 {
  let from = upstream;
  if (upstreamStatus > 0)
    from = upstreamStatus == status ? UPSTREAM_SAME : upstreamStatus < 100 ? UPSTREAM_LOW : UPSTREAM_OTHER;
  if (tailLike != 0) findInTail();
  const unclear = load<u32>(layout, LAYOUT_UNCLEAR);
  const addressAt = askedOf(ROLE_ADDRESS - FIRST_ASKED);
  let address = load<u32>(addressAt) == 0 ? ADDRESS_ABSENT : addressKind(askedAt(addressAt), askedEnd(addressAt));
  if ((unclear & (1 << (ROLE_ADDRESS - FIRST_ASKED))) != 0) address = ADDRESS_UNKNOWN;
  const secondsAt = askedOf(ROLE_SECONDS - FIRST_ASKED);
  let took = load<u32>(secondsAt) == 0 ? TOOK_ABSENT : tookKind(askedAt(secondsAt), askedEnd(secondsAt));
  if ((unclear & (1 << (ROLE_SECONDS - FIRST_ASKED))) != 0) took = TOOK_UNKNOWN;
  let began = header;
  if (began == HEADER_ABSENT) {
    const connectAt = askedOf(ROLE_CONNECT - FIRST_ASKED);
    if (load<u32>(connectAt) != 0) began = connectKind(askedAt(connectAt), askedEnd(connectAt));
    if ((unclear & (1 << (ROLE_CONNECT - FIRST_ASKED))) != 0) began = CONNECT_UNKNOWN;
  }
  const request = load<u32>(layout, LAYOUT_NAMES_REQUEST) != 0 ? REQUEST_UNKNOWN : requestKind(requestAt);
  return (((from * HEADERS + began) * ADDRESSES + address) * TOOKS + took) * REQUESTS + request;
}

/** Where it is noted where the value of such a role begins, 0 where it is not logged, and how long it is. */
@inline
function askedOf(index: usize): usize {
  return ASKED + 8 * index;
}

@inline
function askedAt(noted: usize): usize {
  return <usize>load<u32>(noted);
}

@inline
function askedEnd(noted: usize): usize {
  return <usize>load<u32>(noted) + <usize>load<u32>(noted, 4);
}

/** Finds the values that few rows are asked for in a tail that is like an earlier one. */
function findInTail(): void {
  for (let i: usize = 0; i < <usize>ASKED_ROLES; i++) {
    const at = load<u32>(tailLike + 8 * i, TAIL_ASKED);
    store<u32>(askedOf(i), at == 0 ? 0 : <u32>tailFrom + at);
    store<u32>(askedOf(i), load<u32>(tailLike + 8 * i, TAIL_ASKED + 4), 4);
  }
}

/** When the upstream was connected (`CONNECT_…`). */
function connectKind(from: usize, to: usize): i32 {
  if (to == from || isDash(from, to - from)) return CONNECT_NONE;
  return isDecimal(from, to) ? CONNECT_CAME : CONNECT_UNKNOWN;
}

/** Who an upstream was (`ADDRESS_…`): known only where `src/formats/proxy/access-fields.ts` takes it for one address. */
function addressKind(from: usize, to: usize): i32 {
  const length = to - from;
  if (length == 0 || isDash(from, length)) return ADDRESS_NONE;
  if (load<u8>(from) == OPEN) {
    let p = from + 1;
    while (digit(p) <= 9 || <u8>((load<u8>(p) | 32) - 97) < 6 || load<u8>(p) == COLON || load<u8>(p) == DOT) p++;
    const isAddress = p - from > 2 && p - from <= LONGEST_IPV6 && load<u8>(p) == CLOSE;
    return isAddress && isPort(p + 1, to) ? ADDRESS_PEER : ADDRESS_UNKNOWN;
  }
  const end = runEnd(from, NAME);
  if (end == to) return length <= LONGEST_GROUP ? ADDRESS_GROUP : ADDRESS_UNKNOWN;
  if (end > from && end - from <= LONGEST_HOST && isPort(end, to)) return ADDRESS_PEER;
  // `unix:/`
  const isSocket = length > 6 && load<u32>(from) == 0x78696e75 && load<u16>(from + 4) == 0x2f3a;
  const isOne = length <= LONGEST_SOCKET && runEnd(from, WORD) == to && load<u8>(to - 1) != COLON;
  return isSocket && isOne ? ADDRESS_PEER : ADDRESS_UNKNOWN;
}

/** Whether `:8080` stands there. */
function isPort(from: usize, to: usize): bool {
  if (load<u8>(from) != COLON || to - from < 2 || to - from > 1 + MOST_PORT_DIGITS) return false;
  for (let p = from + 1; p < to; p++) if (digit(p) > 9) return false;
  return true;
}

/** How long a request took (`TOOK_…`). */
function tookKind(from: usize, to: usize): i32 {
  const length = to - from;
  if (length == 0 || isDash(from, length)) return TOOK_NONE;
  let p = from;
  while (p < to && digit(p) <= 9) p++;
  if (p == from || p - from > MOST_SECONDS_DIGITS) return TOOK_UNKNOWN;
  if (p == to) return TOOK_SHORT;
  if (load<u8>(p) != DOT || to - p < 2 || to - p > 1 + MOST_FRACTION_DIGITS) return TOOK_UNKNOWN;
  for (p++; p < to; p++) if (digit(p) > 9) return TOOK_UNKNOWN;
  return TOOK_SHORT;
}

/** What was asked for (`REQUEST_…`). */
function requestKind(at: usize): i32 {
  if (load<u8>(at) != BACKSLASH) return REQUEST_PLAIN;
  // `\x16\x03`
  return load<u64>(at) == 0x3330785c3631785c ? REQUEST_TLS : REQUEST_UNKNOWN;
}

@inline
function count(code: i32, now: i32): void {
  if (now != second) {
    endSecond();
    second = now;
  }
  const place = ENTRY_OF + (<usize>code << 2);
  let entry = <usize>load<u32>(place);
  if (entry == 0) {
    entry = entryAt(entries);
    entries++;
    store<u32>(place, <u32>entry);
    store<u32>(entry, <u32>(code | (second << ENTRY_SECOND_SHIFT)));
    store<u32>(entry, 1, 4 * ENTRY_ROWS);
  } else store<u32>(entry, load<u32>(entry, 4 * ENTRY_ROWS) + 1, 4 * ENTRY_ROWS);
}

/** Makes an entry of a row. */
function keep(what: u32, start: usize, end: usize, hash: u32): void {
  const entry = entryAt(entries);
  entries += ROW_ENTRIES;
  store<u32>(entry, what | ENTRY_IS_ROW);
  store<u32>(entry, rows, 4 * ENTRY_ROWS);
  store<u32>(entry, <u32>start, 4 * ENTRY_START);
  store<u32>(entry, <u32>end, 4 * ENTRY_END);
  store<u32>(entry, hash, 4 * ENTRY_HASH);
}

@inline
function entryAt(index: i32): usize {
  return <usize>ENTRIES + <usize>index * ENTRY_BYTES;
}

/** What is counted from now on gets entries of its own. */
function endSecond(): void {
  while (earlier < entries) {
    const what = load<u32>(entryAt(earlier));
    if ((what & ENTRY_IS_ROW) != 0) earlier += ROW_ENTRIES;
    else {
      store<u32>(ENTRY_OF + (<usize>(what & ((1 << ENTRY_SECOND_SHIFT) - 1)) << 2), 0);
      earlier++;
    }
  }
}

/** End of the row whose fields after the status are laid out so, 0 where they are not; takes up what they say. */
function fields(layout: usize, start: usize, status: i32): usize {
  forget();
  let at = start;
  let tailAt: usize = 0;
  const tailField = <usize>load<u32>(layout, LAYOUT_TAIL_AT);
  let field = layout + LAYOUT_FIRST_FIELD;
  const last = field + <usize>load<u32>(layout, LAYOUT_FIELDS) * FIELD_BYTES;
  // Each lead begins with a blank.
  for (; field < last; field += FIELD_BYTES) {
    if (field - layout == tailField) {
      const end = tailEnd(layout, at);
      if (end != 0) return end;
      forget();
      tailAt = at;
    }
    const length = <usize>load<u32>(field, FIELD_LEAD_LENGTH);
    if (!begins(at, field, length)) return 0;
    let from = at + length;
    let to: usize;
    const closing = load<u32>(field, FIELD_CLOSING);
    if (closing == QUOTE) {
      to = quote(from);
      if (to == 0 || load<u8>(to - 1) == BACKSLASH) return 0;
      at = to + 1;
    } else {
      to = runEnd(from, WORD);
      // `, `: the last of a list belongs to the answer.
      while (closing == COMMA && load<u16>(to) == 0x202c) {
        from = to + 2;
        to = runEnd(from, WORD);
      }
      if (closing == CLOSE ? load<u8>(to) != CLOSE : to == from) return 0;
      at = closing == CLOSE ? to + 1 : to;
    }
    const role = load<i32>(field, FIELD_ROLE);
    if (role != ROLE_OTHER && !note(from, to, role, status)) return 0;
  }
  const feed = load<u8>(at) == CR ? at + 1 : at;
  if (load<u8>(feed) != LF) return 0;
  next = feed + 1;
  if (tailAt != 0) learnTail(layout, tailAt, at);
  return at;
}

@inline
function forget(): void {
  rayAt = 0;
  upstreamStatus = 0;
  upstream = UPSTREAM_ABSENT;
  header = HEADER_ABSENT;
  upstreamAt = 0;
  for (let i: usize = 0; i < <usize>ASKED_ROLES; i++) store<u32>(askedOf(i), 0);
  tailLike = 0;
}

/** End of the row whose tail begins at `start`, where it is like an earlier one, else 0; takes up what it says. */
@inline
function tailEnd(layout: usize, start: usize): usize {
  const feed = lineFeed(start, start + LONGEST_TAIL);
  if (feed == 0) return 0;
  const end = load<u8>(feed - 1) == CR ? feed - 1 : feed;
  let tails = load<u64>(TAILS_OF + 8 * (end - start));
  for (; tails != 0; tails >>= 8) {
    const tail = TAILS + (<usize>(tails & 255) - 1) * TAIL_BYTES;
    if (<usize>load<u32>(tail) != layout || !isLike(start, end, tail)) continue;
    if (!takeTail(start, tail)) return 0;
    next = feed + 1;
    return end;
  }
  return 0;
}

/** The next line feed that stands before `end`, about; 0 where none does. */
@inline
function lineFeed(start: usize, end: usize): usize {
  for (let p = start; p < end; p += 16) {
    const feeds = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(LF)));
    if (feeds != 0) return p + <usize>ctz(feeds);
  }
  return 0;
}

@inline
function isLike(start: usize, end: usize, tail: usize): bool {
  for (let p = start; p < end; p += 16) {
    const at = tail + (p - start);
    const above = i8x16.sub(v128.load(p), v128.load(at, TAIL_LOWEST));
    if (v128.any_true(i8x16.gt_u(above, v128.load(at, TAIL_RANGE)))) return false;
  }
  return true;
}

/** Reads the values of a tail that is written like an earlier one; false where one of them is odd. */
@inline
function takeTail(start: usize, tail: usize): bool {
  const ray = load<i32>(tail, TAIL_RAY);
  if (ray >= 0 && !noteRay(start + ray, load<u32>(tail, TAIL_RAY_LENGTH))) return false;
  tailLike = tail;
  tailFrom = start;
  header = load<i32>(tail, TAIL_HEADER);
  upstream = load<i32>(tail, TAIL_UPSTREAM);
  const status = load<i32>(tail, TAIL_STATUS);
  if (status < 0) return true;
  upstreamStatus = threeDigits(start + status);
  return upstreamStatus > 0;
}

/** Remembers the tail of the row at hand. */
function learnTail(layout: usize, start: usize, end: usize): void {
  const length = end - start;
  if (length > LONGEST_TAIL || tailCount == MOST_TAILS) return;
  const known = load<u64>(TAILS_OF + 8 * length);
  if (known >> 56 != 0) return;
  const tail = TAILS + <usize>tailCount * TAIL_BYTES;
  tailCount++;
  store<u64>(TAILS_OF + 8 * length, (known << 8) | <u64>tailCount);
  store<u32>(tail, <u32>layout);
  store<i32>(tail, rayAt == 0 ? -1 : <i32>(rayAt - start), TAIL_RAY);
  store<i32>(tail, <i32>(rayEnd - rayAt), TAIL_RAY_LENGTH);
  store<i32>(tail, upstreamAt == 0 ? -1 : <i32>(upstreamAt - start), TAIL_STATUS);
  store<i32>(tail, upstream, TAIL_UPSTREAM);
  store<i32>(tail, header, TAIL_HEADER);
  for (let i: usize = 0; i < <usize>ASKED_ROLES; i++) {
    const at = load<u32>(askedOf(i));
    store<u32>(tail + 8 * i, at == 0 ? 0 : at - <u32>start, TAIL_ASKED);
    store<u32>(tail + 8 * i, load<u32>(askedOf(i), 4), TAIL_ASKED + 4);
  }
  for (let i: usize = 0; i < LONGEST_TAIL; i++) {
    const p = start + i;
    const isRay = rayAt != 0 && p >= rayAt && p < rayEnd;
    const isAny = i >= length || isRay;
    const isDigit = digit(p) <= 9;
    store<u8>(tail + i, isAny ? 0 : isDigit ? ZERO : load<u8>(p), TAIL_LOWEST);
    store<u8>(tail + i, isAny ? 0xff : isDigit ? 9 : 0, TAIL_RANGE);
  }
}

/** Whether the first fields of a row, which is laid out so, are what their places say. */
function isPlain(layout: usize, start: usize): bool {
  const plain = load<i32>(layout, LAYOUT_PLAIN_FIELDS);
  if (plain == 0) return false;
  const end = runEnd(start + 1, WORD);
  if (load<i32>(layout, LAYOUT_FIRST_FIELD + FIELD_ROLE) == ROLE_BARE && !isLength(start + 1, end)) return false;
  return plain == 1 || isPlainReferrer(end + 2, quote(end + 2));
}

/** Digits, or a dash. */
function isLength(from: usize, to: usize): bool {
  if (isDash(from, to - from)) return true;
  for (let p = from; p < to; p++) if (digit(p) > 9) return false;
  return to - from <= MOST_LENGTH_DIGITS;
}

/** None, or a URL. */
function isPlainReferrer(from: usize, to: usize): bool {
  const length = to - from;
  if (length == 0 || isDash(from, length)) return true;
  // `http`, then `/` behind `:` or `s:`.
  if (length < 8 || load<u32>(from) != 0x70747468) return false;
  return load<u8>(from + 5) == SLASH || load<u8>(from + 6) == SLASH;
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
  if ((role == ROLE_BARE || role >= FIRST_ASKED) && (load<u8>(from) == COLON || looksLikeRay(from, length))) return false;
  if (role == ROLE_BARE) return true;
  if (role == ROLE_UPSTREAM_STATUS) {
    upstreamStatus = length == 3 ? threeDigits(from) : 0;
    upstream = UPSTREAM_NONE;
    upstreamAt = upstreamStatus > 0 ? from : 0;
    return upstreamStatus > 0 || isDash(from, length);
  }
  if (role == ROLE_HEADER_TIME) {
    header = isDecimal(from, to) ? HEADER_CAME : HEADER_NONE;
    return header == HEADER_CAME || isDash(from, length);
  }
  if (role == ROLE_RAY) {
    rayAt = 0;
    return isDash(from, length) || noteRay(from, length);
  }
  if (role == ROLE_BARE_RAY) {
    if (load<u8>(from) == COLON) return false;
    return !looksLikeRay(from, length) || (rayAt == 0 && noteRay(from, length));
  }
  if (role >= FIRST_ASKED) {
    store<u32>(askedOf(<usize>(role - FIRST_ASKED)), <u32>from);
    store<u32>(askedOf(<usize>(role - FIRST_ASKED)), <u32>length, 4);
    return true;
  }
  if (role == ROLE_HOST || role == ROLE_SERVER_NAME) return runEnd(from, WORD) >= to;
  if (role == ROLE_NUMBER) return isLength(from, to) && !isDash(from, length);
  if (role == ROLE_STATUS) return length == 3 && threeDigits(from) == status;
  return false;
}

function noteRay(from: usize, length: usize): bool {
  if (length < RAY_BYTES || runEnd(from, RAY) < from + RAY_BYTES) return false;
  rayAt = from;
  rayEnd = from + length;
  if (length == RAY_BYTES) return true;
  if (length != RAY_COLO_BYTES || load<u8>(from + RAY_BYTES) != DASH) return false;
  return isCapital(load<u8>(from + 17)) && isCapital(load<u8>(from + 18)) && isCapital(load<u8>(from + 19));
}

function isCapital(c: u8): bool {
  return <u8>(c - CAPITAL_A) < LETTERS;
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

/** Whether all but the seconds is the time in memory. */
@inline
function isSameMinute(at: usize): bool {
  const first = v128.xor(v128.load(at), v128.load(TIME));
  const second = v128.xor(v128.load(at, 10), v128.load(TIME, 10));
  const masked = v128.and(second, i8x16(-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, -1, -1, -1, -1, -1, -1));
  return !v128.any_true(v128.or(first, masked));
}

/** Whether the row may end within a time: a control character stands there. */
function hasControl(at: usize): bool {
  const controls = i8x16.splat(LAST_CONTROL);
  const first = i8x16.ge_u(controls, v128.load(at));
  const second = i8x16.ge_u(controls, v128.load(at, 10));
  return v128.any_true(v128.or(first, second));
}

/** End of the peer's address at `start`, or behind a virtual host there; 0 where none is. */
@inline
function peerEnd(start: usize): usize {
  const p = addressEnd(start);
  if (p != 0) return p;
  const host = hostEnd(start);
  return host == 0 || load<u8>(host) != SPACE ? 0 : addressEnd(host + 1);
}

/** End of a host's name with dots or a port, 0 where none begins there. */
function hostEnd(start: usize): usize {
  if (!isCapital(load<u8>(start) & ~32)) return 0;
  const end = runEnd(start, NAME);
  let p = start;
  if (load<u8>(end) == COLON) {
    p = end + 1;
    while (digit(p) <= 9) p++;
    return isPort(end, p) ? p : 0;
  }
  while (p < end && load<u8>(p) != DOT) p++;
  return p < end ? end : 0;
}

/** End of the IPv4 or IPv6 address at `start`, 0 where none is. */
@inline
function addressEnd(start: usize): usize {
  const bytes = v128.load(start);
  const digits = <u32>i8x16.bitmask(i8x16.ge_u(i8x16.splat(9), i8x16.sub(bytes, i8x16.splat(ZERO))));
  const dots = <u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(DOT)));
  const length = ctz(~(digits | dots));
  const within = (<u32>1 << length) - 1;
  const inGroups = digits & within;
  const between = dots & within;
  // Three dots, each behind a digit and before one, and no four digits in a row.
  if (
    length < 16 &&
    popcnt(between) == 3 &&
    (between & ~(inGroups << 1)) == 0 &&
    (between & ~(inGroups >> 1)) == 0 &&
    (inGroups & (inGroups >> 1) & (inGroups >> 2) & (inGroups >> 3)) == 0
  )
    return start + <usize>length;
  return ipv6End(start);
}

/** Groups of up to four digits; with fewer than three colons it may be a clock. */
function ipv6End(start: usize): usize {
  let digits = hexDigits(v128.load(start));
  let colons = colonsIn(v128.load(start));
  digits |= hexDigits(v128.load(start, 16)) << 16;
  colons |= colonsIn(v128.load(start, 16)) << 16;
  digits |= hexDigits(v128.load(start, 32)) << 32;
  colons |= colonsIn(v128.load(start, 32)) << 32;
  const length = ctz(~(digits | colons));
  const within = (<u64>1 << length) - 1;
  digits &= within;
  const count = popcnt(colons & within);
  if (length >= 48 || count < 3 || count > 7) return 0;
  const pairs = digits & (digits >> 1);
  return (pairs & (pairs >> 2) & (digits >> 4)) == 0 ? start + <usize>length : 0;
}

@inline
function hexDigits(bytes: v128): u64 {
  const digits = i8x16.ge_u(i8x16.splat(9), i8x16.sub(bytes, i8x16.splat(ZERO)));
  const letters = i8x16.ge_u(i8x16.splat(5), i8x16.sub(v128.or(bytes, i8x16.splat(32)), i8x16.splat(97)));
  return <u64>(<u32>i8x16.bitmask(v128.or(digits, letters)));
}

@inline
function colonsIn(bytes: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(COLON))));
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

/** Whether a request line surely has neither method nor path: none came, or TLS. */
function namesNothing(start: usize, end: usize): bool {
  const first = load<u8>(start);
  return start == end || (first != SLASH && !isCapital(first));
}

/** The next quote; 0 where a control character stands before it, or a text that is taken out of lines or turned into another. */
@inline
function quote(p: usize): usize {
  while (true) {
    // Two vectors at a time: where a search ends is hard to guess, and a wrong guess costs more than to look at one too many.
    let found = stops(p) | (stops(p + 16) << 16);
    while (found != 0) {
      const at = p + <usize>ctz(found);
      const c = load<u8>(at);
      if (c == QUOTE) return at;
      if (c <= LAST_CONTROL || isRewritten(at)) return 0;
      found &= found - 1;
    }
    p += 32;
  }
}

/** A bit for each of 16 bytes at which a search for a quote may end. */
@inline
function stops(p: usize): u32 {
  const bytes = v128.load(p);
  const ends = v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.ge_u(i8x16.splat(LAST_CONTROL), bytes));
  const rewritten = v128.or(i8x16.eq(bytes, i8x16.splat(AMPERSAND)), i8x16.eq(bytes, i8x16.splat(HASH)));
  return <u32>i8x16.bitmask(v128.or(ends, rewritten));
}

/** Whether `#033[` or `&quot;` stands at `p`. */
function isRewritten(p: usize): bool {
  const word = load<u32>(p);
  return (word == 0x33333023 && load<u8>(p + 4) == 0x5b) || (word == 0x6f757126 && load<u16>(p + 4) == 0x3b74);
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
