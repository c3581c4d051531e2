/**
 * The kernel of nginx's error log: counts entries that only count, in AssemblyScript. Built by `npm run kernel`
 * into `src/scan/kernels/entries.ts`; the contract stands in `src/scan/entry-counter.ts`.
 *
 * It does what `src/formats/proxy/error-blocks.ts` does for an entry that no sample wants, and stops at each other one. The
 * texts of messages, steps and contexts, and which kinds of entries count as what, are written into its memory.
 *
 * Above 400 lines, as what one function has read lies in variables that the next one goes on from: parts would share all of them.
 */

import {
  ASK_CLIENT,
  CLIENT_CLOUDFLARE,
  CLIENT_OTHER,
  CLIENT_SELF,
  CONTEXTS,
  FOUND_AT,
  FOUND_ENTRIES,
  FOUND_KIND,
  FOUND_LINES,
  FOUND_SECOND,
  FURTHER,
  KIND_CLIENT_SHIFT,
  KIND_ERRNO_SHIFT,
  KIND_LEVEL_SHIFT,
  KIND_RANK_SHIFT,
  KIND_STEP_SHIFT,
  KIND_WORDS_SHIFT,
  MESSAGES,
  MOST_ERRNO,
  MOST_RANKS,
  SAID,
  SECONDS_SHIFT,
  STEPS,
  STOP_ENTRY,
  STOP_KIND,
  WORDS,
} from '../entry-numbers';
import { digit, finish, fnv, lineFeed } from './text-bytes';

// Memory: what it has found | minute | masks | text at hand | levels | slots of texts | ranges of addresses | texts | kinds | weights | counts | numbers | pairs | block.
export const FOUND: i32 = 0;
export const MINUTE: i32 = 64;
const MASKS: usize = 128;
export const TEXT: i32 = 192;
export const LEVELS: i32 = 512;
const SLOTS: usize = 1024;
/** Cloudflare's ranges of addresses: how many, then the first 32 bits of each and the mask of those that count. */
export const RANGES_FOUR: i32 = 10240;
export const RANGES_SIX: i32 = 11264;
const TEXTS: usize = 12288;
const KINDS: usize = 49152;
export const WEIGHTS: i32 = 81920;
export const COUNTS: i32 = 90112;
/** By number of the system's error, its index and 1. */
export const ERRNOS: i32 = 122880;
/** A bit for each two bytes with which a text of `SAID` begins. */
const PAIRS: usize = 139264;
export const BLOCK: i32 = 147456;

// A table of texts: slots by what long ones begin with, then by the first byte of short ones.
const TABLE_BYTES: usize = 1536;
const SHORT_SLOTS: usize = 1024;
const LONG_TEXT: usize = 12;
// A text: the next one of its slot, its length, its index + 1; its bytes.
const TEXT_LENGTH: usize = 4;
const TEXT_INDEX: usize = 8;
const TEXT_BYTES: usize = 16;
// A kind that is known, and its class.
const KIND_SLOTS: u32 = 4096;
const MOST_KINDS: i32 = 2048;
const KIND_CLASS: usize = 4;
// A level: its text and the mask of its bytes; their number.
const LEVEL_COUNT: i32 = 8;
const LEVEL_BYTES: usize = 32;
const LEVEL_MASK: usize = 8;
const LEVEL_LENGTH: usize = 16;

const LF: u8 = 10;
const CR: u8 = 13;
const BLANK: u8 = 32;
const QUOTE: u8 = 34;
const HASH: u8 = 35;
const AMPERSAND: u8 = 38;
const STAR: u8 = 42;
const COMMA: u8 = 44;
const DOT: u8 = 46;
const SLASH: u8 = 47;
const ZERO: u8 = 48;
const COLON: u8 = 58;
const SEMICOLON: u8 = 59;
const OPEN: u8 = 40;
const CLOSE: u8 = 41;
const UNDERSCORE: u8 = 95;
const BRACKET: u8 = 91;
const LETTER_C: u8 = 99;
const LETTER_I: u8 = 105;
const LETTER_Q: u8 = 113;
const LETTER_W: u8 = 119;

const SHORTEST_HEAD: usize = 32;
const MOST_DIGITS: usize = 10;
const MOST_CONNECTION_DIGITS: usize = 20;
const LONGEST_ENTRY: usize = 8000;
const LONGEST_MESSAGE: usize = 1984;
const LONGEST_TAIL: usize = 8;
const LONGEST_ERRNO: usize = 5;
const LONGEST_ADDRESS: usize = 45;
const MOST_FURTHER_LINES: i32 = 199;
const MOST_FRAME_DIGITS: usize = 6;
/** Bytes that the sampling hash sees, and those of them that are the same for all entries of a second. */
const HASHED: usize = 48;
const HASHED_TIME: usize = 21;

let textsEnd: usize = TEXTS;
let kindCount: i32 = 0;

// The head read last.
let headSecond: i32 = 0;
let headLevel: i32 = 0;
let messageAt: usize = 0;

// The message scanned last: where its context begins, where the step that it names, the latest ` (` before that (0: none).
let contextAt: usize = 0;
let stepAt: usize = 0;
let step: u32 = 0;
let openAt: usize = 0;
/** Bits of the words that it holds, and where the last of them end. */
let words: u32 = 0;
let wordsEnd: usize = 0;

/** Index and 1 of the beginning of entries that pass on what an application said; how much of it is said already. */
let passing: u32 = 0;
let passingSaid: usize = 0;

/** The second whose hash is known. */
let hashedSecond: i32 = -1;
let secondHash: u32 = 0;

/** Knows the text at `TEXT` from now on. A table's longer texts come after shorter ones. 0: there is no room. */
export function addText(table: i32, length: usize, index: i32): i32 {
  const room = TEXT_BYTES + ((length + 15) & ~15);
  if (textsEnd + room > KINDS) return 0;
  const entry = textsEnd;
  const slot = length < LONG_TEXT ? shortSlot(table, <usize>TEXT) : longSlot(table, <usize>TEXT);
  store<u32>(entry, load<u32>(slot));
  store<u32>(entry, <u32>length, TEXT_LENGTH);
  store<u32>(entry, <u32>index + 1, TEXT_INDEX);
  memory.copy(entry + TEXT_BYTES, <usize>TEXT, length);
  store<u32>(slot, <u32>entry);
  textsEnd += room;
  if (table == SAID) {
    const pair = <usize>load<u16>(<usize>TEXT);
    store<u8>(PAIRS + (pair >> 3), load<u8>(PAIRS + (pair >> 3)) | (1 << <u8>(pair & 7)));
  }
  return 1;
}

/** Entries whose message begins with the text of this index pass on what an application said: from its last `said` bytes on. */
export function passesOn(index: i32, said: usize): void {
  passing = <u32>index + 1;
  passingSaid = said;
}

/** Entries of this kind are of this class from now on; 0: there is no room. */
export function learn(kind: u32, group: i32): i32 {
  if (kindCount == MOST_KINDS) return 0;
  const place = kindPlace(kind);
  if (load<u32>(place) == 0) kindCount++;
  store<u32>(place, kind + 1);
  store<i32>(place, group, KIND_CLASS);
  return 1;
}

/** Entries of the minute in memory are counted from now on. */
export function minuteIs(): void {
  hashedSecond = -1;
  // Masks of 0 to 16 bytes: one set of bytes, one clear.
  v128.store(MASKS, i8x16.splat(-1));
}

/**
 * Reads on from the entry at `at`, which must be of `second` of the minute or later, to `end`, behind a line feed. Counts
 * entries that another one follows, until one is not for it.
 */
export function run(at: usize, end: usize, second: i32): i32 {
  let entries = 0;
  let lines = 0;
  let latest = second;
  let outcome = STOP_ENTRY;
  let feed = lineFeed(at);
  if (head(at, feed)) {
    while (true) {
      const start = at;
      const from = messageAt;
      const level = headLevel;
      const own = headSecond;
      const begun = find(MESSAGES, from);
      const passes = begun != 0 && load<u32>(begun, TEXT_INDEX) == passing;
      let next = feed + 1;
      if (own < latest || next >= end) break;
      let nextFeed = lineFeed(next);
      let further = 0;
      let isNext = head(next, nextFeed);
      while (passes && !isNext && further < MOST_FURTHER_LINES) {
        further++;
        feed = nextFeed;
        next = feed + 1;
        if (next >= end) break;
        nextFeed = lineFeed(next);
        isNext = head(next, nextFeed);
      }
      if (!isNext) break;
      if (passes) outcome = takePassedOn(start, from, from + <usize>load<u32>(begun, TEXT_LENGTH), feed, level, own, further > 0);
      else outcome = take(start, from, load<u8>(feed - 1) == CR ? feed - 1 : feed, begun, level, own);
      if (outcome >= 0) break;
      outcome = STOP_ENTRY;
      latest = own;
      entries++;
      lines += 1 + further;
      at = next;
      feed = nextFeed;
    }
  }
  store<u32>(FOUND, <u32>at, 4 * FOUND_AT);
  store<i32>(FOUND, entries, 4 * FOUND_ENTRIES);
  store<i32>(FOUND, lines, 4 * FOUND_LINES);
  store<i32>(FOUND, latest, 4 * FOUND_SECOND);
  return outcome;
}

/** Whether the line begins with a head of the minute. */
@inline
function head(at: usize, feed: usize): bool {
  if (feed - at < SHORTEST_HEAD) return false;
  if (v128.any_true(v128.xor(v128.load(at), v128.load(MINUTE)))) return false;
  // `:10 [`
  if (load<u8>(at + 16) != COLON || load<u16>(at + 19) != 0x5b20) return false;
  const tens = digit(at + 17);
  const ones = digit(at + 18);
  if (tens > 5 || ones > 9) return false;
  headSecond = <i32>tens * 10 + <i32>ones;
  const name = load<u64>(at + 21);
  let level = 0;
  let entry: usize = <usize>LEVELS;
  while (level < LEVEL_COUNT && (name & load<u64>(entry, LEVEL_MASK)) != load<u64>(entry)) {
    level++;
    entry += LEVEL_BYTES;
  }
  if (level == LEVEL_COUNT) return false;
  headLevel = level;
  let p = at + 21 + <usize>load<u32>(entry, LEVEL_LENGTH);
  let from = p;
  while (digit(p) <= 9) p++;
  if (p == from || p - from > MOST_DIGITS || load<u8>(p) != HASH) return false;
  from = ++p;
  while (digit(p) <= 9) p++;
  // `: `
  if (p == from || p - from > MOST_DIGITS || load<u16>(p) != 0x203a) return false;
  p += 2;
  const first = load<u8>(p);
  if (first == UNDERSCORE) return false;
  if (first == STAR) {
    from = ++p;
    while (digit(p) <= 9) p++;
    if (p == from || p - from > MOST_CONNECTION_DIGITS || load<u8>(p) != BLANK) return false;
    p++;
  }
  messageAt = p;
  return true;
}

/** Counts the entry, whose message begins with a text of the table (0: with none); -1 where that is done, else why not. */
@inline
function take(start: usize, from: usize, end: usize, begun: usize, level: i32, second: i32): i32 {
  const first = load<u8>(from);
  if (end - start > LONGEST_ENTRY || first == BLANK || first == OPEN) return STOP_ENTRY;
  if (!scan(from, end)) return STOP_ENTRY;
  const hashEnd = min(start + HASHED, end);
  if (contextAt < hashEnd) return STOP_ENTRY;
  let last = step == 0 ? contextAt : stepAt;
  const least = last - from > LONGEST_TAIL ? last - LONGEST_TAIL : from;
  while (last > least && (load<u8>(last - 1) == BLANK || load<u8>(last - 1) == COMMA)) last--;
  if (wordsEnd > last) return STOP_ENTRY;
  let kind: u32 = 0;
  if (begun != 0) {
    // A message that is shorter than its beginning was cut in it.
    if (from + <usize>load<u32>(begun, TEXT_LENGTH) > last) return STOP_ENTRY;
    kind = load<u32>(begun, TEXT_INDEX);
  }
  kind |= (step << KIND_STEP_SHIFT) | (<u32>level << KIND_LEVEL_SHIFT) | (words << KIND_WORDS_SHIFT);
  if (openAt != 0) kind |= errno(openAt + 2, last) << KIND_ERRNO_SHIFT;
  const place = kindPlace(kind);
  if (load<u32>(place) != 0 && load<u32>(place, KIND_CLASS) == ASK_CLIENT) {
    const client = clientAt(contextAt);
    if (client == 0) return STOP_ENTRY;
    kind |= client << KIND_CLIENT_SHIFT;
  }
  return count(kind, start, hashEnd, second);
}

/** Counts an entry of a kind; -1 where that is done, else why not. */
@inline
function count(kind: u32, start: usize, hashEnd: usize, second: i32): i32 {
  const place = kindPlace(kind);
  if (load<u32>(place) == 0) {
    store<u32>(FOUND, kind, 4 * FOUND_KIND);
    return STOP_KIND;
  }
  const group = load<u32>(place, KIND_CLASS);
  if (group == 0) return STOP_ENTRY;
  if (second != hashedSecond) {
    hashedSecond = second;
    secondHash = fnv(0x811c9dc5, start, start + HASHED_TIME);
  }
  const hash = finish(fnv(secondHash, start + HASHED_TIME, hashEnd));
  if (hash % load<u32>(<usize>WEIGHTS + (<usize>group << 2)) == 0) return STOP_ENTRY;
  const cell = <usize>COUNTS + (((<usize>group << SECONDS_SHIFT) + <usize>second) << 2);
  store<u32>(cell, load<u32>(cell) + 1);
  return -1;
}

/** Whose the client is that the context at `at` names (`CLIENT_…`); 0: it is not named plainly. */
@inline
function clientAt(at: usize): u32 {
  // `, client: `
  if (load<u64>(at) != 0x746e65696c63202c || load<u16>(at + 8) != 0x203a) return 0;
  const from = at + 10;
  return isHexGroup(from) ? six(from) : four(from);
}

/** `, server: ` */
@inline
function isServer(p: usize): bool {
  return load<u64>(p) == 0x726576726573202c && load<u16>(p + 8) == 0x203a;
}

function four(from: usize): u32 {
  let p = from;
  let bits: u32 = 0;
  for (let group = 0; group < 4; group++) {
    if (group > 0 && load<u8>(p++) != DOT) return 0;
    const begin = p;
    let number: u32 = 0;
    while (p - begin < 3 && digit(p) <= 9) number = number * 10 + digit(p++);
    if (p == begin || number > 255) return 0;
    bits = (bits << 8) | number;
  }
  if (!isServer(p)) return 0;
  // `127.0.0.1` is so written.
  if (bits == 0x7f000001) return p - from == 9 ? CLIENT_SELF : 0;
  return clientIn(<usize>RANGES_FOUR, bits);
}

/** Whether a group of an address of version 6 stands there and a colon behind. */
@inline
function isHexGroup(p: usize): bool {
  const end = hexEnd(p);
  return end > p && load<u8>(end) == COLON;
}

@inline
function hexEnd(from: usize): usize {
  let p = from;
  while (p - from < 4 && hexDigit(p) < 16) p++;
  return p;
}

function six(from: usize): u32 {
  let p = from;
  let bits: u32 = 0;
  for (let group = 0; group < 2; group++) {
    const end = hexEnd(p);
    let number: u32 = 0;
    for (; p < end; p++) number = (number << 4) | hexDigit(p);
    if (load<u8>(p++) != COLON) return 0;
    bits = (bits << 16) | number;
  }
  while (p - from <= LONGEST_ADDRESS && (hexDigit(p) < 16 || load<u8>(p) == COLON || load<u8>(p) == DOT)) p++;
  return p - from <= LONGEST_ADDRESS && isServer(p) ? clientIn(<usize>RANGES_SIX, bits) : 0;
}

/** Value of a hexadecimal digit; more than 15 for any other byte. */
@inline
function hexDigit(p: usize): u32 {
  const ten = digit(p);
  if (ten <= 9) return ten;
  const letter = <u8>((load<u8>(p) | 32) - 97);
  return letter < 6 ? 10 + letter : 16;
}

@inline
function clientIn(ranges: usize, bits: u32): u32 {
  const end = ranges + 4 + (<usize>load<u32>(ranges) << 3);
  for (let range = ranges + 4; range < end; range += 8)
    if ((bits & load<u32>(range, 4)) == load<u32>(range)) return CLIENT_CLOUDFLARE;
  return CLIENT_OTHER;
}

/** Counts an entry that passes on what an application said, from `from` on after what all such entries begin with; as `take`. */
function takePassedOn(start: usize, begin: usize, from: usize, end: usize, level: i32, second: i32, isLong: bool): i32 {
  if (end - start > LONGEST_ENTRY) return STOP_ENTRY;
  const close = saidEnd(begin, end, isLong);
  if (close < from) return STOP_ENTRY;
  // Blanks and semicolons at the end are left out, and which characters are blank is not told by one byte beyond ASCII.
  const last = load<u8>(close - 1);
  if (last <= BLANK || last == SEMICOLON || last > 126) return STOP_ENTRY;
  const kind = passing | (<u32>level << KIND_LEVEL_SHIFT) | ((leastRank(from - passingSaid, close) + 1) << KIND_RANK_SHIFT);
  return count(kind, start, min(start + HASHED, end), second);
}

/** Where what was said ends: at the quote before the only ` while `; 0 where the entry must be read otherwise. */
function saidEnd(from: usize, end: usize, isLong: bool): usize {
  let close: usize = 0;
  let p = from;
  while (true) {
    for (let marks = oddMarksAt(p); marks != 0; marks &= marks - 1) {
      const at = p + <usize>ctz(marks);
      if (at >= end) return close;
      const byte = load<u8>(at);
      if (byte == LF) {
        if (close != 0 || !isFurther(at + 1)) return 0;
      } else if (byte == QUOTE) {
        // ` while `
        if (load<u32>(at + 1) != 0x69687720 || load<u32>(at + 4) != 0x20656c69) continue;
        if (close != 0) return 0;
        close = at;
      } else if (byte == BLANK) {
        // ` () `
        if (load<u32>(at) == 0x20292820) return 0;
        // ` [20/`
        if (isLong && load<u8>(at + 1) == BRACKET && digit(at + 2) <= 9 && digit(at + 3) <= 9 && load<u8>(at + 4) == SLASH) return 0;
      } else if (byte == HASH) {
        // `#033[`
        if (load<u32>(at + 1) == 0x5b333330) return 0;
      } else if (byte < 128 || (byte == 0xc2 && load<u8>(at + 1) == 0xa0)) return 0;
    }
    p += 16;
  }
}

/** Of 16 bytes those that `saidEnd` must look at; the line feed behind the entry at the latest. */
@inline
function oddMarksAt(p: usize): u32 {
  const a = v128.load(p);
  const b = v128.load(p, 1);
  const outside = v128.or(i8x16.lt_s(a, i8x16.splat(BLANK)), i8x16.eq(a, i8x16.splat(127)));
  const entity = v128.and(
    i8x16.eq(a, i8x16.splat(AMPERSAND)),
    v128.or(i8x16.eq(b, i8x16.splat(LETTER_Q)), i8x16.eq(b, i8x16.splat(HASH))),
  );
  const colour = v128.and(i8x16.eq(a, i8x16.splat(HASH)), i8x16.eq(b, i8x16.splat(ZERO)));
  const quoted = v128.and(i8x16.eq(a, i8x16.splat(QUOTE)), i8x16.eq(b, i8x16.splat(BLANK)));
  const blank = v128.and(
    i8x16.eq(a, i8x16.splat(BLANK)),
    v128.or(i8x16.eq(b, i8x16.splat(OPEN)), i8x16.eq(b, i8x16.splat(BRACKET))),
  );
  return i8x16.bitmask(v128.or(v128.or(outside, blank), v128.or(v128.or(entity, colour), quoted)));
}

/** Whether a further line of an entry begins at `p`: `#0 `, or with a text that is known. */
@inline
function isFurther(p: usize): bool {
  if (load<u8>(p) != HASH) return find(FURTHER, p) != 0;
  const from = p + 1;
  let to = from;
  while (to - from < MOST_FRAME_DIGITS && digit(to) <= 9) to++;
  return to > from && load<u8>(to) == BLANK;
}

/** The least rank of the texts that stand in what was said; `MOST_RANKS` where none does. */
@inline
function leastRank(from: usize, end: usize): u32 {
  let least: u32 = MOST_RANKS;
  for (let p = from; p + 1 < end; p++) {
    const pair = <usize>load<u16>(p);
    if ((load<u8>(PAIRS + (pair >> 3)) & (1 << <u8>(pair & 7))) == 0) continue;
    const text = find(SAID, p);
    if (text == 0) continue;
    // One that goes on behind the end may hide a shorter one.
    if (p + <usize>load<u32>(text, TEXT_LENGTH) > end) return 0;
    const rank = load<u32>(text, TEXT_INDEX) - 1;
    if (rank < least) least = rank;
  }
  return least;
}

/** Finds what the message at `from` is told by; false where it must be read otherwise. */
@inline
function scan(from: usize, end: usize): bool {
  step = 0;
  openAt = 0;
  words = 0;
  wordsEnd = 0;
  contextAt = end;
  // The blank before the message, too.
  for (let p = from - 1; p < from + LONGEST_MESSAGE; p += 16) {
    let marks = marksAt(p);
    while (marks != 0) {
      const at = p + <usize>ctz(marks);
      marks &= marks - 1;
      // The line feed at the latest.
      if (at >= end) return true;
      const byte = load<u8>(at);
      if (byte == COMMA) {
        const mark = find(CONTEXTS, at + 1);
        if (mark == 0) continue;
        const behind = load<u8>(at + 1 + <usize>load<u32>(mark, TEXT_LENGTH));
        contextAt = at;
        return behind != OPEN && behind != SLASH;
      }
      if (byte != BLANK) return false;
      const next = load<u8>(at + 1);
      // ` () `
      if (next == OPEN && load<u8>(at + 2) == CLOSE) return false;
      if (step != 0) continue;
      if (next == OPEN) openAt = at;
      else if (next == LETTER_W) {
        // ` while `
        if (at < from || load<u32>(at + 1) != 0x6c696877 || load<u16>(at + 5) != 0x2065) continue;
        const found = find(STEPS, at + 7);
        if (found == 0) continue;
        step = load<u32>(found, TEXT_INDEX);
        stepAt = at;
      } else {
        const found = find(WORDS, at);
        if (found == 0) continue;
        words |= 1 << (load<u32>(found, TEXT_INDEX) - 1);
        wordsEnd = at + <usize>load<u32>(found, TEXT_LENGTH);
      }
    }
  }
  return false;
}

/**
 * What of 16 bytes of a message must be looked at: bytes that are undone before a line is read as text, `: /`, a comma before
 * a blank, and behind one `(`, `w` and the letters with which words begin that a message may hold.
 */
@inline
function marksAt(p: usize): u32 {
  const a = v128.load(p);
  const b = v128.load(p, 1);
  const blank = i8x16.splat(BLANK);
  const odd = v128.or(
    v128.or(i8x16.lt_s(a, blank), i8x16.eq(a, i8x16.splat(127))),
    v128.or(i8x16.eq(a, i8x16.splat(HASH)), i8x16.eq(a, i8x16.splat(38))),
  );
  const afterBlank = v128.and(
    i8x16.eq(a, blank),
    v128.or(
      v128.or(i8x16.eq(b, i8x16.splat(OPEN)), i8x16.eq(b, i8x16.splat(LETTER_W))),
      v128.or(i8x16.eq(b, i8x16.splat(LETTER_C)), i8x16.eq(b, i8x16.splat(LETTER_I))),
    ),
  );
  const beforeBlank = v128.and(
    i8x16.eq(b, blank),
    v128.or(
      i8x16.eq(a, i8x16.splat(COMMA)),
      v128.and(i8x16.eq(a, i8x16.splat(COLON)), i8x16.eq(v128.load(p, 2), i8x16.splat(SLASH))),
    ),
  );
  return i8x16.bitmask(v128.or(odd, v128.or(afterBlank, beforeBlank)));
}

/** Index and 1 of the number in `(111: Connection refused)`, whose first digit is to stand at `from`; 0: none that is known. */
@inline
function errno(from: usize, end: usize): u32 {
  let p = from;
  let number: u32 = 0;
  while (p < end && p - from < LONGEST_ERRNO && digit(p) <= 9) {
    number = number * 10 + digit(p);
    p++;
  }
  if (p == from || p + 2 > end || load<u16>(p) != 0x203a || number >= <u32>MOST_ERRNO) return 0;
  return load<u8>(<usize>ERRNOS + <usize>number);
}

/** The longest text of a table that stands at `p`; 0: none. */
@inline
function find(table: i32, p: usize): usize {
  let entry = <usize>load<u32>(longSlot(table, p));
  while (entry != 0 && !stands(entry, p)) entry = <usize>load<u32>(entry);
  if (entry != 0 || load<u8>(p) > 127) return entry;
  entry = <usize>load<u32>(shortSlot(table, p));
  while (entry != 0 && !stands(entry, p)) entry = <usize>load<u32>(entry);
  return entry;
}

@inline
function longSlot(table: i32, p: usize): usize {
  const hash = (load<u32>(p) + load<u32>(p + 8) * 0x85ebca6b) * 0x9e3779b1;
  return SLOTS + <usize>table * TABLE_BYTES + (<usize>(hash >> 24) << 2);
}

@inline
function shortSlot(table: i32, p: usize): usize {
  return SLOTS + <usize>table * TABLE_BYTES + SHORT_SLOTS + (<usize>load<u8>(p) << 2);
}

@inline
function stands(entry: usize, p: usize): bool {
  let length = <usize>load<u32>(entry, TEXT_LENGTH);
  let text = entry + TEXT_BYTES;
  while (length > 16) {
    if (v128.any_true(v128.xor(v128.load(p), v128.load(text)))) return false;
    p += 16;
    text += 16;
    length -= 16;
  }
  return !v128.any_true(v128.and(v128.xor(v128.load(p), v128.load(text)), v128.load(MASKS + 16 - length)));
}

@inline
function kindPlace(kind: u32): usize {
  let slot = (kind * 0x9e3779b1) >> 20;
  while (true) {
    const place = KINDS + (<usize>slot << 3);
    const held = load<u32>(place);
    if (held == 0 || held == kind + 1) return place;
    slot = (slot + 1) & (KIND_SLOTS - 1);
  }
}
