/**
 * The kernel of cloudflared's log: passes over lines that tell nothing, notes the requests of debug lines, counts failed requests
 * whose two lines follow each other, and notes other lines of such requests, in AssemblyScript. Built by `npm run kernel` into `src/scan/kernels/tunnel.ts`;
 * the contract stands in `src/scan/tunnel-counter.ts`.
 *
 * It does what `src/formats/tunnel/cloudflared-blocks.ts` does for such lines, and stops at each other one. What lines say is
 * written into its memory.
 *
 * Above 400 lines, as what one function has read lies in variables that the next one goes on from: parts would share all of them.
 */

import {
  FIELD_BYTES,
  FIELD_CONNECTION,
  FIELD_DEST,
  FIELD_ERROR,
  FIELD_SERVICE,
  FIELD_TEXT,
  FIELDS,
  FOUND_AT,
  FOUND_CODES,
  FOUND_HALVES,
  FOUND_LINES,
  FOUND_TALKS,
  HALF_ADDRESS,
  HALF_ADDRESS_END,
  HALF_ADDRESS_START,
  HALF_CLASS,
  HALF_CONNECTION,
  HALF_END,
  HALF_ERROR_END,
  HALF_ERROR_ID,
  HALF_ERROR_START,
  HALF_HASH,
  HALF_KIND,
  HALF_LINE,
  HALF_PAIRED,
  HALF_START,
  HALF_TALKS,
  HALF_WORDS,
  LONGEST_ADDRESS,
  LONGEST_ERROR,
  MOST_TALKS,
  SAID_NOTHING,
  SAID_ORIGIN,
  SAID_OTHER,
  SAID_TRANSPORT,
  STOP_END,
  STOP_FULL,
  STOP_LINE,
  STOP_SAID,
  TALK_ADDRESS,
  TALK_BYTES,
  TALK_LENGTH,
  TALK_RAY,
  TALK_RAY_LENGTH,
} from '../tunnel-numbers';
import { addBytes, finish, HASH_START, lineFeed } from './text-bytes';

// Memory: what it has found | masks | levels | names | prefix | weights | weights from then on | counts | codes | errors that wait | slots
// | digits that may be others | texts | requests | lines of failed requests | block.
export const FOUND: i32 = 0;
const MASKS: usize = 64;
export const LEVELS: i32 = 96;
export const NAMES: i32 = 128;
export const PREFIX: i32 = 256;
export const WEIGHTS: i32 = 1024;
/** Weights of classes once one of their requests was noted. */
export const LATER: i32 = 2048;
export const COUNTS: i32 = 3072;
export const CODES: i32 = 4096;
export const WAITING: i32 = 5120;
const SLOTS: usize = 7168;
/** Of the error of the line at which it stopped: 255 for digits in whose place others say the same. */
export const FREE: i32 = 15360;
const TEXTS: usize = 19456;
export const TALKS: i32 = 131072;
export const HALVES: i32 = 262144;
export const BLOCK: i32 = 311296;

const SLOT_COUNT: u32 = 2048;
const MOST_SAIDS: i32 = 1024;
// What a line says: hash, length of its message, that of its error (with quotes), level and whether a host is named; what comes of it,
// and where its error begins without the carriers' words. Then the message, the error with zeros for digits that may be others, and which are.
const SAID_MESSAGE: usize = 4;
const SAID_ERROR: usize = 8;
const SAID_KEY: usize = 12;
const SAID_KIND: usize = 16;
const SAID_CLASS: usize = 20;
const SAID_ERROR_ID: usize = 24;
const SAID_BARE: usize = 28;
const SAID_TEXT: usize = 32;

const LEVEL_COUNT: i32 = 4;
const DEBUG: i32 = 0;
const LEVEL_LENGTH: usize = 4;
const LONGEST_LINE: usize = 20000;
const LONGEST_NAME: usize = 42;
const LONGEST_MESSAGE: usize = 200;
const MOST_METHOD: usize = 10;
const HASHED: usize = 48;

const CR: u8 = 13;
const BLANK: u8 = 32;
const QUOTE: u8 = 34;
const HASH: u8 = 35;
const AMPERSAND: u8 = 38;
const DASH: u8 = 45;
const SLASH: u8 = 47;
const ZERO: u8 = 48;
const EQUALS: u8 = 61;
const QUESTION: u8 = 63;
const BACKSLASH: u8 = 92;
const UNDERSCORE: u8 = 95;
const LETTER_Q: u8 = 113;
const LETTER_W: u8 = 119;

let prefixLength: usize = 0;
let textAt: usize = 0;
/** Of the sampling hash of a line what the prefix gives, and of how many bytes: a multiple of four. */
let prefixHash: u32 = 0;
let prefixHashed: usize = 0;
let textsEnd: usize = TEXTS;
let saidCount: i32 = 0;

// The line taken apart last: where its message and the values of its fields begin and end (0: no such field).
let level: i32 = 0;
let messageStart: usize = 0;
let messageEnd: usize = 0;
let errorStart: usize = 0;
let errorEnd: usize = 0;
let connectionStart: usize = 0;
let connectionEnd: usize = 0;
let destStart: usize = 0;
let destEnd: usize = 0;
let hostStart: usize = 0;
let serviceStart: usize = 0;
/** Whether the line is only looked at. */
let isAhead: bool = false;
/** How many lines were read. */
let lines: i32 = 0;
/** What it says, the hash of that and where it is to be written if it is not known. */
let said: usize = 0;
let saidHash: u32 = 0;
let saidSlot: usize = 0;

/** Lines that begin with the prefix in memory, of this length, are read from now on; their own text begins at `from` in it. */
export function prefixIs(length: usize, from: usize): void {
  prefixLength = length;
  textAt = from;
  prefixHashed = (length - from) & ~3;
  prefixHash = addBytes(HASH_START, <usize>PREFIX + from, <usize>PREFIX + from + prefixHashed);
  v128.store(MASKS, i8x16.splat(-1));
}

/** Forgets what lines say. */
export function forget(): void {
  memory.fill(SLOTS, 0, <usize>SLOT_COUNT << 2);
  textsEnd = TEXTS;
  saidCount = 0;
}

/**
 * Knows from now on what lines like the one say that it stopped at with `STOP_SAID`, whose error has `bare` bytes before what is
 * the same on both lines of a request, and digits that may be others (`FREE`); 0: there is no room.
 */
export function learn(kind: i32, group: i32, errorId: i32, bare: i32): i32 {
  const message = messageEnd - messageStart;
  const error = errorEnd - errorStart;
  const room = SAID_TEXT + ((message + error + error + 31) & ~15);
  if (saidCount == MOST_SAIDS || textsEnd + room > <usize>TALKS || error > <usize>LONGEST_ERROR) return 0;
  const entry = textsEnd;
  store<u32>(entry, saidHash);
  store<u32>(entry, <u32>message, SAID_MESSAGE);
  store<u32>(entry, <u32>error, SAID_ERROR);
  store<i32>(entry, key(), SAID_KEY);
  store<i32>(entry, kind, SAID_KIND);
  store<i32>(entry, group, SAID_CLASS);
  store<i32>(entry, errorId, SAID_ERROR_ID);
  store<i32>(entry, bare, SAID_BARE);
  memory.copy(entry + SAID_TEXT, messageStart, message);
  const text = entry + SAID_TEXT + message;
  memory.copy(text, errorStart, error);
  memory.copy(text + error, FREE, error);
  for (let i: usize = 0; i < error; i++) if (load<u8>(text + error + i) != 0) store<u8>(text + i, ZERO);
  store<u32>(saidSlot, <u32>entry);
  textsEnd += room;
  saidCount++;
  return 1;
}

/**
 * Reads on from the line at `at` to `end`, behind a line feed, until a line is not for it. Notes at most so many lines of failed
 * requests.
 */
export function run(at: usize, end: usize, mostHalves: i32): i32 {
  lines = 0;
  let outcome = STOP_END;
  while (at < end) {
    const feed = lineFeed(at);
    const stop = lineEnd(at, feed);
    outcome = read(at, stop);
    if (outcome >= 0) break;
    if (said == 0 || load<i32>(said, SAID_KIND) == SAID_NOTHING) {
      lines++;
      at = feed + 1;
      continue;
    }
    outcome = STOP_LINE;
    if (!isHalf()) break;
    if (load<i32>(FOUND, 4 * FOUND_HALVES) + 2 > mostHalves) {
      outcome = STOP_FULL;
      break;
    }
    const half = halfAt(0, at, stop);
    at = feed + 1;
    const nextFeed = at < end && !waits() ? lineFeed(at) : 0;
    if (nextFeed != 0 && isOther(at, lineEnd(at, nextFeed), half)) {
      const other = halfAt(1, at, lineEnd(at, nextFeed));
      // The line that names the request is quoted.
      const quoted = load<u32>(half, 4 * HALF_KIND) == <u32>SAID_TRANSPORT ? half : other;
      if (count(quoted)) lines += 2;
      else {
        store<u32>(half, 1, 4 * HALF_PAIRED);
        noteHalf(half);
        noteHalf(other);
      }
      at = nextFeed + 1;
    } else {
      noteHalf(half);
      store<u8>(<usize>WAITING + <usize>load<u32>(half, 4 * HALF_ERROR_ID), 1);
    }
    outcome = STOP_END;
  }
  store<u32>(FOUND, <u32>at, 4 * FOUND_AT);
  store<i32>(FOUND, lines, 4 * FOUND_LINES);
  return at < end ? outcome : STOP_END;
}

@inline
function lineEnd(at: usize, feed: usize): usize {
  return feed > at && load<u8>(feed - 1) == CR ? feed - 1 : feed;
}

/** Counts the request of a quoted line, unless that may be wanted. */
@inline
function count(quoted: usize): bool {
  const group = load<u32>(quoted, 4 * HALF_CLASS);
  const weight = <usize>WEIGHTS + (<usize>group << 2);
  if (hashOf(quoted) % load<u32>(weight) == 0) {
    store<u32>(weight, load<u32>(<usize>LATER + (<usize>group << 2)));
    return false;
  }
  const place = <usize>COUNTS + (<usize>group << 2);
  const before = load<u32>(place);
  store<u32>(place, before + 1);
  if (before == 0) {
    const codes = load<u32>(FOUND, 4 * FOUND_CODES);
    store<u32>(<usize>CODES + (<usize>codes << 2), group);
    store<u32>(FOUND, codes + 1, 4 * FOUND_CODES);
  }
  return true;
}

/** Sampling hash of a line: all lines of a prefix begin alike. */
@inline
function hashOf(half: usize): u32 {
  const start = <usize>load<u32>(half, 4 * HALF_START);
  const end = <usize>load<u32>(half, 4 * HALF_END);
  return finish(addBytes(prefixHash, start + prefixHashed, min(end, start + HASHED)));
}

/** Whether a line with the error of the line taken apart last waits for its other one, or may. */
@inline
function waits(): bool {
  return load<u8>(<usize>WAITING + <usize>load<i32>(said, SAID_ERROR_ID)) != 0;
}

/** Takes the line apart; whether it is the other one of a failed request. */
@inline
function isOther(at: usize, end: usize, half: usize): bool {
  isAhead = true;
  const outcome = read(at, end);
  isAhead = false;
  if (outcome >= 0 || !isHalf() || load<u32>(half, 4 * HALF_KIND) == load<u32>(said, SAID_KIND)) return false;
  const connection = connectionStart == 0 ? 0 : load<u8>(connectionStart);
  const others = <u8>load<u32>(half, 4 * HALF_CONNECTION);
  if (connection != 0 && others != 0 && connection != others) return false;
  const start = <usize>load<u32>(half, 4 * HALF_ERROR_START);
  const length = <usize>load<u32>(half, 4 * HALF_ERROR_END) - start;
  const own = errorStart + <usize>load<u32>(said, SAID_BARE);
  return errorEnd - 1 - own == length && same(start, own, length);
}

/** Writes down what is told of the line taken apart last, which is the first or second of its request (0, 1): where. */
@inline
function halfAt(index: i32, at: usize, end: usize): usize {
  const half = <usize>HALVES + <usize>(load<i32>(FOUND, 4 * FOUND_HALVES) + index) * 4 * HALF_WORDS;
  store<u32>(half, load<u32>(said, SAID_KIND), 4 * HALF_KIND);
  store<u32>(half, load<u32>(said, SAID_CLASS), 4 * HALF_CLASS);
  store<u32>(half, load<u32>(said, SAID_ERROR_ID), 4 * HALF_ERROR_ID);
  store<i32>(half, lines + index, 4 * HALF_LINE);
  store<i32>(half, load<i32>(FOUND, 4 * FOUND_TALKS), 4 * HALF_TALKS);
  store<u32>(half, <u32>(at + textAt), 4 * HALF_START);
  store<u32>(half, <u32>end, 4 * HALF_END);
  store<u32>(half, <u32>errorStart + load<u32>(said, SAID_BARE), 4 * HALF_ERROR_START);
  store<u32>(half, <u32>errorEnd - 1, 4 * HALF_ERROR_END);
  store<u32>(half, connectionStart == 0 ? 0 : <u32>load<u8>(connectionStart), 4 * HALF_CONNECTION);
  store<u32>(half, <u32>hostStart, 4 * HALF_ADDRESS_START);
  store<u32>(half, <u32>destEnd, 4 * HALF_ADDRESS_END);
  store<u32>(half, 0, 4 * HALF_PAIRED);
  return half;
}

/** Notes the line that was written down. */
@inline
function noteHalf(half: usize): void {
  store<u32>(half, hashOf(half), 4 * HALF_HASH);
  const from = <usize>load<u32>(half, 4 * HALF_ADDRESS_START);
  if (from != 0) {
    const to = addressEnd(from, <usize>load<u32>(half, 4 * HALF_ADDRESS_END));
    store<u32>(half, finish(addBytes(HASH_START, from, to)), 4 * HALF_ADDRESS);
    store<u32>(half, <u32>to, 4 * HALF_ADDRESS_END);
  }
  store<i32>(FOUND, load<i32>(FOUND, 4 * FOUND_HALVES) + 1, 4 * FOUND_HALVES);
  lines++;
}

/** Whether the line taken apart last is one of the two of a failed request. */
@inline
function isHalf(): bool {
  hostStart = 0;
  const kind = said == 0 ? SAID_OTHER : load<i32>(said, SAID_KIND);
  if (kind == SAID_ORIGIN) {
    // `warp-routing` is no web service.
    return serviceStart == 0 || (isSmall(load<u8>(serviceStart)) && load<u8>(serviceStart) != LETTER_W);
  }
  return kind == SAID_TRANSPORT && serviceStart == 0 && namesHost();
}

/** Whether `dest` names a host plainly: `https://app.example.com/`. */
@inline
function namesHost(): bool {
  let p = destStart;
  while (p < destEnd && isSmall(load<u8>(p))) p++;
  // `://`
  if (p == destStart || (load<u32>(p) & 0xffffff) != 0x2f2f3a || p + 3 >= destEnd) return false;
  const first = load<u8>(p + 3);
  hostStart = p + 3;
  return first != SLASH && first != QUESTION && first != HASH;
}

/** Takes the line apart: -1 where that is done (`said` is 0 for a request that was noted), else why not. */
function read(at: usize, end: usize): i32 {
  const from = at + prefixLength + LEVEL_LENGTH;
  if (from > end || end - at > LONGEST_LINE || !beginsWithPrefix(at)) return STOP_LINE;
  const word = load<u32>(at + prefixLength);
  level = 0;
  while (level < LEVEL_COUNT && load<u32>(<usize>LEVELS + (<usize>level << 2)) != word) level++;
  if (level == LEVEL_COUNT) return STOP_LINE;
  said = 0;
  if (level == DEBUG && isCapital(load<u8>(from))) return isAhead ? STOP_LINE : talk(from, end);
  if (!fields(from, end)) return STOP_LINE;
  const message = messageEnd - messageStart;
  if (message > LONGEST_MESSAGE) return STOP_LINE;
  if (connectionStart != 0 && (connectionEnd - connectionStart != 1 || !isDigit(load<u8>(connectionStart)))) return STOP_LINE;
  // A closed quotation is one that a blank follows.
  if (errorStart != 0 && (load<u8>(errorStart) != QUOTE || load<u8>(errorEnd) != BLANK)) return STOP_LINE;
  saidHash = folded(hashed(hashed(<u64>key() + 1, messageStart, messageEnd), errorStart, errorEnd));
  let slot = saidHash & (SLOT_COUNT - 1);
  while (true) {
    saidSlot = SLOTS + (<usize>slot << 2);
    const entry = <usize>load<u32>(saidSlot);
    if (entry == 0) return STOP_SAID;
    if (load<u32>(entry) == saidHash && isSaid(entry)) {
      if (load<i32>(entry, SAID_KIND) == SAID_OTHER) return STOP_LINE;
      said = entry;
      return -1;
    }
    slot = (slot + 1) & (SLOT_COUNT - 1);
  }
}

@inline
function key(): i32 {
  return (level << 2) | (destStart != 0 ? 2 : 0) | (errorStart != 0 ? 1 : 0);
}

@inline
function isSaid(entry: usize): bool {
  const message = messageEnd - messageStart;
  const error = errorEnd - errorStart;
  if (<usize>load<u32>(entry, SAID_MESSAGE) != message || <usize>load<u32>(entry, SAID_ERROR) != error) return false;
  if (load<i32>(entry, SAID_KEY) != key()) return false;
  return same(entry + SAID_TEXT, messageStart, message) && saysSame(entry + SAID_TEXT + message, errorStart, error);
}

/** Whether an error differs from a known one in nothing but digits that may be others. */
@inline
function saysSame(known: usize, error: usize, length: usize): bool {
  for (let i: usize = 0; i < length; i += 16) {
    const bytes = v128.load(error + i);
    const freed = v128.and(digits(bytes), v128.load(known + length + i));
    const differs = v128.xor(v128.bitselect(i8x16.splat(ZERO), bytes, freed), v128.load(known + i));
    const rest = length - i;
    if (v128.any_true(rest >= 16 ? differs : v128.and(differs, v128.load(MASKS + 16 - rest)))) return false;
  }
  return true;
}

/** Of 16 bytes those that are digits. */
@inline
function digits(bytes: v128): v128 {
  return i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(ZERO)), i8x16.splat(10));
}

@inline
function same(a: usize, b: usize, length: usize): bool {
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(a), v128.load(b)))) return false;
    a += 16;
    b += 16;
    length -= 16;
  }
  return !v128.any_true(v128.and(v128.xor(v128.load(a), v128.load(b)), v128.load(MASKS + 16 - length)));
}

@inline
function beginsWithPrefix(at: usize): bool {
  return same(<usize>PREFIX, at, prefixLength);
}

/** Where host and path end: before `?` and `#`. */
@inline
function addressEnd(from: usize, end: usize): usize {
  for (let p = from; p < end; p += 16) {
    const bytes = v128.load(p);
    const marks = i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(QUESTION)), i8x16.eq(bytes, i8x16.splat(HASH))));
    if (marks != 0) return min(end, p + <usize>ctz(marks));
  }
  return end;
}

/** Notes the request of `GET https://app.example.com/cart HTTP/1.1 …`. */
function talk(start: usize, end: usize): i32 {
  let p = start;
  while (p - start < MOST_METHOD && isCapital(load<u8>(p))) p++;
  // ` http`
  if (p - start < 3 || load<u8>(p) != BLANK || load<u32>(p + 1) != 0x70747468) return STOP_LINE;
  p += 5;
  if (load<u8>(p) == 115) p++;
  // `://`
  if ((load<u32>(p) & 0xffffff) != 0x2f2f3a) return STOP_LINE;
  const from = p + 3;
  const wordEnd = tokenEnd(from, end);
  if (wordEnd == 0) return STOP_LINE;
  const to = addressEnd(from, wordEnd);
  if (to == from || to - from > <usize>LONGEST_ADDRESS) return STOP_LINE;
  const talks = load<i32>(FOUND, 4 * FOUND_TALKS);
  if (talks == MOST_TALKS) return STOP_FULL;
  const entry = <usize>TALKS + <usize>talks * TALK_BYTES;
  store<u32>(entry, finish(addBytes(HASH_START, from, to)));
  store<u32>(entry, <u32>(to - from), TALK_LENGTH);
  // What is copied beyond the Ray ID lies where the address comes.
  store<u32>(entry, ray(to, end, entry + TALK_RAY), TALK_RAY_LENGTH);
  copy(entry + TALK_ADDRESS, from, to - from);
  store<i32>(FOUND, talks + 1, 4 * FOUND_TALKS);
  return -1;
}

/** Copies 16 bytes at a time, up to 15 more than are asked for. */
@inline
function copy(to: usize, from: usize, length: usize): void {
  for (let i: usize = 0; i < length; i += 16) v128.store(to + i, v128.load(from + i));
}

/** Copies the Ray ID in `"Cf-Ray":["9043aabbccdd5d0c-AMS"` and gives its length; 0: there is none. */
function ray(p: usize, end: usize, to: usize): u32 {
  for (; p < end; p += 16) {
    const quoted = v128.and(i8x16.eq(v128.load(p), i8x16.splat(QUOTE)), i8x16.eq(v128.load(p, 1), i8x16.splat(67)));
    let marks = i8x16.bitmask(quoted);
    for (; marks != 0; marks &= marks - 1) {
      const at = p + <usize>ctz(marks);
      if (at >= end) return 0;
      if (!isRayName(at)) continue;
      const from = at + 11;
      if (!areHex(v128.load(from))) continue;
      let q = from + 16;
      if (load<u8>(q) == DASH && isCapital(load<u8>(q + 1)) && isCapital(load<u8>(q + 2)) && isCapital(load<u8>(q + 3))) q += 4;
      if (load<u8>(q) != QUOTE || q >= end) continue;
      copy(to, from, q - from);
      return <u32>(q - from);
    }
  }
  return 0;
}

@inline
function isRayName(at: usize): bool {
  // `"Cf-Ray"`, `:["`
  return load<u64>(at) == 0x227961522d664322 && (load<u32>(at + 8) & 0xffffff) == 0x225b3a;
}

/** Takes `message name=value name="quoted value"` apart: fields are what follows the last word that is none. */
function fields(start: usize, end: usize): bool {
  let at = start;
  while (at < end && load<u8>(at) == BLANK) at++;
  messageStart = at;
  messageEnd = at;
  reset();
  while (at < end) {
    if (load<u8>(at) == BLANK) {
      at++;
      continue;
    }
    const value = nameEnd(at, end);
    if (value == 0) {
      at = tokenEnd(at, end);
      if (at == 0) return false;
      messageEnd = at;
      reset();
    } else {
      const stop = load<u8>(value) == QUOTE ? quotedEnd(value, end) : tokenEnd(value, end);
      if (stop == 0) return false;
      note(at, value, stop);
      at = stop;
    }
  }
  return true;
}

@inline
function reset(): void {
  errorStart = 0;
  errorEnd = 0;
  connectionStart = 0;
  destStart = 0;
  serviceStart = 0;
}

@inline
function note(name: usize, value: usize, end: usize): void {
  let field = 0;
  let known: usize = <usize>NAMES;
  while (field < FIELDS && !isName(known, name, value - name)) {
    field++;
    known += FIELD_BYTES;
  }
  if (field == FIELD_ERROR) {
    errorStart = value;
    errorEnd = end;
  } else if (field == FIELD_CONNECTION) {
    connectionStart = value;
    connectionEnd = end;
  } else if (field == FIELD_DEST) {
    destStart = value;
    destEnd = end;
  } else if (field == FIELD_SERVICE) serviceStart = value;
}

@inline
function isName(known: usize, name: usize, length: usize): bool {
  return <usize>load<u32>(known) == length && same(known + FIELD_TEXT, name, length);
}

/** Where the value of a field begins whose name begins at `start`; 0 where none does. */
@inline
function nameEnd(start: usize, end: usize): usize {
  const first = load<u8>(start);
  if (!isLetter(first) && first != UNDERSCORE) return 0;
  const last = min(end, start + LONGEST_NAME);
  for (let p = start; p < last; p += 16) {
    const others = otherThanName(p);
    if (others == 0) continue;
    const at = p + <usize>ctz(others);
    return at < last && load<u8>(at) == EQUALS ? at + 1 : 0;
  }
  return 0;
}

/** Of 16 bytes those that stand in no name of a field: other than letters, digits, `-` and `_`. */
@inline
function otherThanName(p: usize): u32 {
  const bytes = v128.load(p);
  const small = v128.or(bytes, i8x16.splat(32));
  const letters = i8x16.lt_u(i8x16.sub(small, i8x16.splat(97)), i8x16.splat(26));
  const marks = v128.or(i8x16.eq(bytes, i8x16.splat(DASH)), i8x16.eq(bytes, i8x16.splat(UNDERSCORE)));
  return i8x16.bitmask(v128.not(v128.or(v128.or(letters, digits(bytes)), marks)));
}

/** Where a word ends; 0 where it holds bytes that are undone before a line is read as text. */
@inline
function tokenEnd(p: usize, end: usize): usize {
  while (true) {
    let marks = oddAt(p, 33);
    for (; marks != 0; marks &= marks - 1) {
      const at = p + <usize>ctz(marks);
      if (at >= end) return end;
      if (load<u8>(at) == BLANK) return at;
      if (isOdd(at)) return 0;
    }
    p += 16;
  }
}

/** Where a quoted value ends, after its closing quote, or at the end of the line; 0 where it holds such bytes or an escape. */
@inline
function quotedEnd(open: usize, end: usize): usize {
  let p = open + 1;
  while (true) {
    const bytes = v128.load(p);
    let marks =
      oddAt(p, 32) |
      i8x16.bitmask(v128.or(i8x16.eq(bytes, i8x16.splat(QUOTE)), i8x16.eq(bytes, i8x16.splat(BACKSLASH))));
    for (; marks != 0; marks &= marks - 1) {
      const at = p + <usize>ctz(marks);
      if (at >= end) return end;
      const byte = load<u8>(at);
      if (byte == QUOTE) return at + 1;
      if (byte == BACKSLASH || isOdd(at)) return 0;
    }
    p += 16;
  }
}

/** Of 16 bytes those below `least` or above `~`, and `&` and `#`. */
@inline
function oddAt(p: usize, least: i8): i32 {
  const bytes = v128.load(p);
  const outside = v128.or(i8x16.lt_s(bytes, i8x16.splat(least)), i8x16.eq(bytes, i8x16.splat(127)));
  const undone = v128.or(i8x16.eq(bytes, i8x16.splat(AMPERSAND)), i8x16.eq(bytes, i8x16.splat(HASH)));
  return i8x16.bitmask(v128.or(outside, undone));
}

/** Whether such a byte is undone indeed: `&quot;`, `#033[`. */
@inline
function isOdd(at: usize): bool {
  const byte = load<u8>(at);
  if (byte == AMPERSAND) return load<u8>(at + 1) == LETTER_Q;
  return byte != HASH || load<u8>(at + 1) == ZERO;
}

@inline
function isDigit(c: u8): bool {
  return <u8>(c - 48) < 10;
}

@inline
function isLetter(c: u8): bool {
  return <u8>((c | 32) - 97) < 26;
}

@inline
function isSmall(c: u8): bool {
  return <u8>(c - 97) < 26;
}

@inline
function isCapital(c: u8): bool {
  return <u8>(c - 65) < 26;
}

@inline
function areHex(bytes: v128): bool {
  const letters = i8x16.lt_u(i8x16.sub(v128.or(bytes, i8x16.splat(32)), i8x16.splat(97)), i8x16.splat(6));
  return i8x16.all_true(v128.or(digits(bytes), letters));
}

/** Adds bytes to a hash, digits as zeros. */
@inline
function hashed(start: u64, from: usize, end: usize): u64 {
  let hash = start ^ (<u64>(end - from) << 32);
  for (let p = from; p < end; p += 16) {
    const read = v128.load(p);
    let bytes = v128.bitselect(i8x16.splat(ZERO), read, digits(read));
    if (end - p < 16) bytes = v128.and(bytes, v128.load(MASKS + 16 - (end - p)));
    hash = rotl<u64>((hash ^ i64x2.extract_lane(bytes, 0)) * 0x9e3779b97f4a7c15, 29);
    hash = (hash ^ i64x2.extract_lane(bytes, 1)) * 0xbf58476d1ce4e5b9;
  }
  return hash;
}

@inline
function folded(hash: u64): u32 {
  return <u32>(hash ^ (hash >> 32));
}
