/**
 * The kernel of the row scanner: `src/scan/reference.ts` for WebAssembly with 128-bit vectors, in AssemblyScript. Built by
 * `npm run kernel` into `src/scan/kernels/ndjson.ts`; the contract stands in `src/scan/scanner.ts`.
 *
 * A row is walked field by field. Rows of one export have the same columns in the same order, so each key remembers which
 * key came after it and that one is compared first, 16 bytes at a time: a right guess costs one comparison, a wrong one a
 * look-up. It remembers how long its value was, too, which of many columns is always the same. What was learned changes
 * the speed, never the outcome.
 */

import { COUNTED, count, NO_ROOM, OF_UNKNOWN_KIND } from './row-counts';
import { BLOCK, ENTRIES, ROW, ROW_COLUMNS, ROW_END, ROW_FLAGS, ROW_START, SLOTS } from './row-layout';

export {
  CODES,
  CODE_SLOTS,
  COUNTS,
  FIRST_VALUE,
  KINDS,
  LIMITS,
  LIMIT_BYTES,
  MOST_LIMITS,
  SECONDS,
  SECOND_SLOTS,
  SPANS,
  VALUE_BYTES,
  beginCounting,
  codesInUse,
  forget,
  slotToGive,
} from './row-counts';
export { measureBy } from './row-duration';
export { forgetListed, listedRows } from './row-kinds';
export { BLOCK, LISTED, NODES, NODES_BYTES, ROW, VALUES, VALUES_BYTES } from './row-layout';

const SLOT_COUNT: u32 = 1024;
const ENTRY_BYTES: usize = 160;
const ENTRY_COUNT: i32 = 320;
/** A key as it stands in a row, with its quotes and colon, has at most this many bytes to be remembered. */
const LONGEST_LITERAL: i32 = 64;

// Fields of a learned key.
const LENGTH: usize = 0;
const COLUMN: usize = 4;
const NEXT: usize = 8;
const HASH: usize = 12;
const LITERAL: usize = 16;
// Where the literal's last 16 bytes begin, 0 where it has fewer; a bit for each of 16 bytes that is behind it.
const LAST: usize = 80;
const BEYOND: usize = 84;
// How many bytes the value is guessed to have, 0 where it was guessed wrong too often in this block.
const GUESS: usize = 88;
const MISSES: usize = 92;

const MOST_MISSES: i32 = 4;

const LF: u8 = 10;
const CR: u8 = 13;
const QUOTE: u8 = 34;
const COMMA: u8 = 44;
const MINUS: u8 = 45;
const DOT: u8 = 46;
const ZERO: u8 = 48;
const COLON: u8 = 58;
const BACKSLASH: u8 = 92;
const OPEN_LIST: u8 = 91;
const CLOSE_LIST: u8 = 93;
const OPEN_OBJECT: u8 = 123;
const CLOSE_OBJECT: u8 = 125;
const DEEPEST: i32 = 63;

// "true", "null", "alse" as little-endian words.
const TRUE: u32 = 0x65757274;
const NULL: u32 = 0x6c6c756e;
const ALSE: u32 = 0x65736c61;

// Vectors of one byte each, 16 times. V8 makes a constant in three instructions each time; a load is one.
const ZEROS: usize = 4016;
const NINES: usize = 4032;
const TURN: usize = 4048;
const SPACES: usize = 4064;
const BACKSLASHES: usize = 4080;

/** Stands before the first key of a row. */
const HEAD: usize = ENTRIES;
/** Stands for keys that are not remembered; nothing matches it. */
const STRANGER: usize = ENTRIES + ENTRY_BYTES;

let entryCount: i32 = 2;
let rowBytes: usize = 0;
/** The next row, the end of the block, and how many lines of it were read. */
let nextRow: usize = BLOCK;
let blockEnd: usize = BLOCK;
let lines: i32 = 0;
/** Whether the string read last holds a backslash. */
let escaped: bool = false;

// What `next` comes to.
const AT_END: i32 = 0;
const AT_ROW: i32 = 1;
const AT_FULL: i32 = 2;
/** At a row of which, and those like it, nothing is known. */
const AT_UNKNOWN: i32 = 3;

/** Lines of the block that were read, that of the row at hand among them. */
export function linesRead(): i32 {
  return lines;
}

/** Begins with rows of this many bytes, a multiple of 16. */
export function open(bytes: i32): void {
  rowBytes = bytes;
  entryCount = 2;
  memory.fill(SLOTS, 0, ROW - <i32>SLOTS);
  v128.store(ZEROS, i8x16.splat(ZERO));
  v128.store(NINES, i8x16.splat(9));
  v128.store(TURN, i8x16.splat(2));
  v128.store(SPACES, i8x16.splat(32));
  v128.store(BACKSLASHES, i8x16.splat(BACKSLASH));
  // A bit that no comparison has.
  store<i32>(STRANGER, 0x10000, BEYOND);
  store<u32>(STRANGER, 1, LENGTH);
  store<u32>(HEAD, <u32>STRANGER, NEXT);
  store<u32>(STRANGER, <u32>STRANGER, NEXT);
}

/** Asks for the key whose literal (`"Key":`) stands at the start of the block, in column 0, 1, …; false where it is not plain. */
export function want(column: i32): bool {
  const entry = find(BLOCK);
  if (entry == 0 || entry == STRANGER) return false;
  store<u32>(entry, <u32>ROW_COLUMNS + (<u32>column << 3), COLUMN);
  return true;
}

/** Begins with a block of so many bytes, whole lines; a line feed must stand behind it. */
export function begin(bytes: i32): void {
  nextRow = BLOCK;
  blockEnd = BLOCK + <usize>bytes;
  lines = 0;
  for (let i = 0; i < entryCount; i++) store<i32>(ENTRIES + <usize>i * ENTRY_BYTES, 0, MISSES);
}

/** Goes to the next row that is not counted; with a weight of 0 none of its sort is. */
export function next(ordinary: u32, failed: u32, refused: u32): i32 {
  const counts = (ordinary | failed | refused) != 0;
  while (nextRow < blockEnd) {
    const at = nextRow;
    for (let word: usize = 0; word < rowBytes; word += 16) v128.store(ROW + word, i64x2.splat(0));
    let lineEnd = object(at, ROW);
    let outcome = 0;
    if (lineEnd != 0 && counts) {
      outcome = count(ordinary, failed, refused);
      // It is read again when there is room.
      if (outcome == NO_ROOM) return AT_FULL;
      if (outcome == COUNTED) {
        lines++;
        nextRow = lineEnd + 1;
        continue;
      }
    }
    if (lineEnd == 0) {
      store<u32>(ROW, 1, ROW_FLAGS);
      lineEnd = lineFeed(at);
    }
    store<u32>(ROW, <u32>(at - BLOCK), ROW_START);
    store<u32>(ROW, <u32>(lineEnd - BLOCK), ROW_END);
    lines++;
    nextRow = lineEnd + 1;
    return outcome == OF_UNKNOWN_KIND ? AT_UNKNOWN : AT_ROW;
  }
  return AT_END;
}

/** Reads one row; its line feed, or 0 where it is odd. */
function object(start: usize, row: usize): usize {
  if (load<u8>(start) != OPEN_OBJECT) return 0;
  let p = start + 1;
  let previous = HEAD;
  while (true) {
    let entry: usize = load<u32>(previous, NEXT);
    if (!matches(entry, p)) {
      entry = find(p);
      if (entry == 0) return 0;
      store<u32>(previous, <u32>entry, NEXT);
    }
    p += load<u32>(entry, LENGTH);
    const from = p;
    escaped = false;
    p = simple(p);
    if (p == 0) {
      p = nested(from);
      if (p == 0) return 0;
    }
    // A right guess says the same, but sooner: the processor reads the next field while it looks for the end of this one.
    const guess = from + load<u32>(entry, GUESS);
    if (p == guess) p = guess;
    else guessAnew(entry, <u32>(p - from));
    const column = load<u32>(entry, COLUMN);
    if (column != 0) {
      if (load<u32>(row + column) != 0) return 0;
      store<u32>(row + column, <u32>(from - BLOCK));
      const to = <i32>(p - BLOCK);
      store<i32>(row + column, escaped ? -to : to, 4);
    }
    const c = load<u8>(p++);
    previous = entry;
    if (c == COMMA) continue;
    if (c == CLOSE_OBJECT) break;
    return 0;
  }
  if (load<u8>(p) == CR) p++;
  return load<u8>(p) == LF ? p : 0;
}

/** After a value of another length than was guessed. */
@inline
function guessAnew(entry: usize, length: u32): void {
  const misses = load<i32>(entry, MISSES) + 1;
  store<i32>(entry, misses, MISSES);
  store<u32>(entry, misses < MOST_MISSES ? length : 0, GUESS);
}

/** Whether the bytes at `p` are the key's literal. */
@inline
function matches(entry: usize, p: usize): bool {
  const last: usize = load<u32>(entry, LAST);
  const same = v128.and(
    i8x16.eq(v128.load(p), v128.load(entry, LITERAL)),
    i8x16.eq(v128.load(p + last), v128.load(entry + last, LITERAL)),
  );
  if ((i8x16.bitmask(same) | load<i32>(entry, BEYOND)) != 0xffff) return false;
  for (let i: usize = 16; i < last; i += 16) {
    if (i8x16.bitmask(i8x16.eq(v128.load(p + i), v128.load(entry + i, LITERAL))) != 0xffff) return false;
  }
  return true;
}

/** The key at `p`, learned where there is room; 0 where there is none or it is not plain. */
function find(p: usize): usize {
  if (load<u8>(p) != QUOTE) return 0;
  let q = p + 1;
  let hash: u32 = 0x811c9dc5;
  for (; ; q++) {
    const c = load<u8>(q);
    if (c == QUOTE) break;
    if (!isPlain(c)) return 0;
    hash = (hash ^ c) * 0x01000193;
  }
  if (load<u8>(q + 1) != COLON) return 0;
  const length = <i32>(q + 2 - p);
  if (length <= LONGEST_LITERAL) {
    let slot = (hash ^ (hash >> 15)) & (SLOT_COUNT - 1);
    while (true) {
      const entry: usize = load<u32>(SLOTS + (<usize>slot << 2));
      if (entry == 0) break;
      if (load<u32>(entry, HASH) == hash && load<i32>(entry, LENGTH) == length && matches(entry, p)) return entry;
      slot = (slot + 1) & (SLOT_COUNT - 1);
    }
    if (entryCount < ENTRY_COUNT) {
      const entry = ENTRIES + <usize>entryCount * ENTRY_BYTES;
      entryCount++;
      store<i32>(entry, length, LENGTH);
      store<u32>(entry, 0, COLUMN);
      store<u32>(entry, <u32>STRANGER, NEXT);
      store<u32>(entry, hash, HASH);
      memory.copy(entry + LITERAL, p, length);
      store<i32>(entry, max(length - 16, 0), LAST);
      store<i32>(entry, length < 16 ? 0xffff & (0xffff << length) : 0, BEYOND);
      store<u32>(SLOTS + (<usize>slot << 2), <u32>entry);
      return entry;
    }
  }
  store<i32>(STRANGER, length, LENGTH);
  return STRANGER;
}

/** Letters, digits, `_`, `-` and `.`: what names of columns are made of. */
function isPlain(c: u8): bool {
  return <u8>((c | 32) - 97) < 26 || <u8>(c - 48) < 10 || c == 95 || c == 45 || c == 46;
}

/** The end of the string, number, `true`, `false` or `null` at `p`; 0 where there is none. */
@inline
function simple(p: usize): usize {
  const c = load<u8>(p);
  if (c == QUOTE) return text(p + 1);
  if (c <= 57) return number(p);
  return word(p, c);
}

function word(p: usize, c: u8): usize {
  if (c == 102) return load<u32>(p + 1) == ALSE ? p + 5 : 0;
  const four = load<u32>(p);
  return four == TRUE || four == NULL ? p + 4 : 0;
}

/** The end of the string whose first byte is at `p`; 0 where it is none. */
@inline
function text(p: usize): usize {
  while (true) {
    const stops = stopsIn(p);
    if (stops == 0) {
      p += 16;
      continue;
    }
    p += <usize>ctz(stops);
    const c = load<u8>(p);
    if (c == QUOTE) return p + 1;
    if (c != BACKSLASH) return 0;
    p = escape(p);
    if (p == 0) return 0;
  }
}

/** A bit for each of the 16 bytes at `p` that is a quote, a backslash or a control character. */
@inline
function stopsIn(p: usize): i32 {
  const bytes = v128.load(p);
  // With this bit turned, quotes stand right behind the control characters.
  const turned = v128.xor(bytes, v128.load(TURN));
  const isQuoteOrControl = i8x16.eq(i8x16.min_u(turned, v128.load(SPACES)), turned);
  return i8x16.bitmask(v128.or(isQuoteOrControl, i8x16.eq(bytes, v128.load(BACKSLASHES))));
}

/** The end of the escape at `p`; 0 where it is none. */
function escape(p: usize): usize {
  escaped = true;
  const c = load<u8>(p + 1);
  // " \ / b f n r t
  if (c == 34 || c == 92 || c == 47 || c == 98 || c == 102 || c == 110 || c == 114 || c == 116) return p + 2;
  if (c != 117) return 0;
  for (let i: usize = 2; i < 6; i++) {
    const digit = load<u8>(p + i);
    if (<u8>(digit - 48) >= 10 && <u8>((digit | 32) - 97) >= 6) return 0;
  }
  return p + 6;
}

/** The end of the number at `p`; 0 where it is none. */
@inline
function number(start: usize): usize {
  let p = start;
  if (load<u8>(p) == MINUS) p++;
  const first = load<u8>(p);
  const whole = digits(p);
  if (whole == p || (first == ZERO && whole > p + 1)) return 0;
  const c = load<u8>(whole);
  return c == DOT || (c | 32) == 101 ? fraction(whole) : whole;
}

/** The end of fraction and exponent at `p`; 0 where a digit is missing. */
function fraction(p: usize): usize {
  if (load<u8>(p) == DOT) {
    const from = p + 1;
    p = digits(from);
    if (p == from) return 0;
  }
  if ((load<u8>(p) | 32) == 101) {
    p++;
    const sign = load<u8>(p);
    if (sign == 43 || sign == MINUS) p++;
    const from = p;
    p = digits(from);
    if (p == from) return 0;
  }
  return p;
}

/** Where the digits at `p` end. */
@inline
function digits(p: usize): usize {
  while (true) {
    const values = i8x16.sub(v128.load(p), v128.load(ZEROS));
    const run = ctz(~i8x16.bitmask(i8x16.eq(i8x16.min_u(values, v128.load(NINES)), values)));
    if (run < 16) return p + <usize>run;
    p += 16;
  }
}

/** The end of the list or object at `p`; 0 where there is none or it is nested too deeply. */
function nested(start: usize): usize {
  let p = start;
  /** A bit for each open bracket, the innermost lowest: 1 where it is an object. */
  let objects: u64 = 0;
  let depth = 0;
  while (true) {
    const c = load<u8>(p);
    let closed = false;
    if (c == OPEN_OBJECT || c == OPEN_LIST) {
      if (depth == DEEPEST) return 0;
      const isObject = c == OPEN_OBJECT;
      objects = (objects << 1) | (isObject ? 1 : 0);
      depth++;
      p++;
      closed = load<u8>(p) == (isObject ? CLOSE_OBJECT : CLOSE_LIST);
      if (!closed && isObject) {
        p = nestedKey(p);
        if (p == 0) return 0;
      }
    } else {
      p = simple(p);
      if (p == 0) return 0;
    }
    if (!closed && depth > 0 && (c == OPEN_OBJECT || c == OPEN_LIST)) continue;
    while (true) {
      if (!closed) {
        if (depth == 0) return p;
        const after = load<u8>(p);
        if (after == COMMA) {
          p++;
          if (objects & 1) {
            p = nestedKey(p);
            if (p == 0) return 0;
          }
          break;
        }
        if (after != ((objects & 1) != 0 ? CLOSE_OBJECT : CLOSE_LIST)) return 0;
      }
      closed = false;
      p++;
      objects >>= 1;
      depth--;
    }
  }
}

/** The end of the key at `p` with its colon; 0 where there is none. */
function nestedKey(p: usize): usize {
  if (load<u8>(p) != QUOTE) return 0;
  const end = text(p + 1);
  return end != 0 && load<u8>(end) == COLON ? end + 1 : 0;
}

/** The next line feed. */
function lineFeed(p: usize): usize {
  while (true) {
    const feeds = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(LF)));
    if (feeds != 0) return p + <usize>ctz(feeds);
    p += 16;
  }
}
