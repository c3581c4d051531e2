/**
 * The kernel of nginx's error log: counts entries that only count, in AssemblyScript. Built by `npm run kernel`
 * into `src/scan/kernels/entries.ts`; the contract stands in `src/scan/entry-counter.ts`.
 *
 * It does what `src/formats/proxy/error-blocks.ts` does for an entry whose kind it knows, and stops at each other one; it counts
 * those that no sample wants, and notes where the others lie. The texts of messages, steps and contexts, and which kinds of
 * entries count as what, are written into its memory.
 */

import {
  ASK_CLIENT,
  CONTEXTS,
  FOUND_AT,
  FOUND_ENTRIES,
  FOUND_KIND,
  FOUND_LINES,
  FOUND_NOTES,
  FOUND_SECOND,
  KIND_CLIENT_SHIFT,
  KIND_ERRNO_SHIFT,
  KIND_LEVEL_SHIFT,
  KIND_RANK_SHIFT,
  KIND_STEP_SHIFT,
  KIND_WORDS_SHIFT,
  MESSAGES,
  MOST_ERRNO,
  MOST_NOTES,
  MOST_RANKS,
  NOTE_CLASS,
  NOTE_END,
  NOTE_HASH,
  NOTE_LINE,
  NOTE_SECOND,
  NOTE_START,
  NOTE_WORDS,
  SECONDS_SHIFT,
  STEPS,
  STOP_ENTRY,
  STOP_FULL,
  STOP_KIND,
  WORDS,
} from '../entry-numbers';
import { clientAt } from './entry-client';
import { COUNTS, ERRNOS, FOUND, KINDS, LEVELS, MASKS, MINUTE, NOTES, LATER, WEIGHTS } from './entry-layout';
import { leastRank, saidEnd } from './entry-said';
import { find, TEXT_INDEX, TEXT_LENGTH } from './entry-texts';
import { addBytes, digit, finish, HASH_START, lineFeed } from './text-bytes';

export {
  BLOCK,
  COUNTS,
  ERRNOS,
  FOUND,
  LEVELS,
  MINUTE,
  NOTES,
  RANGES_FOUR,
  RANGES_SIX,
  TEXT,
  LATER,
  WEIGHTS,
} from './entry-layout';
export { addText } from './entry-texts';

// A kind that is known, and its class.
const KIND_SLOTS: u32 = 4096;
const MOST_KINDS: i32 = 2048;
const KIND_CLASS: usize = 4;
// A level: its text and the mask of its bytes; their number.
const LEVEL_COUNT: i32 = 8;
const LEVEL_BYTES: usize = 32;
const LEVEL_MASK: usize = 8;
const LEVEL_LENGTH: usize = 16;

const CR: u8 = 13;
const BLANK: u8 = 32;
const HASH: u8 = 35;
const STAR: u8 = 42;
const COMMA: u8 = 44;
const SLASH: u8 = 47;
const COLON: u8 = 58;
const SEMICOLON: u8 = 59;
const OPEN: u8 = 40;
const CLOSE: u8 = 41;
const UNDERSCORE: u8 = 95;
const LETTER_C: u8 = 99;
const LETTER_I: u8 = 105;
const LETTER_W: u8 = 119;

const SHORTEST_HEAD: usize = 32;
const MOST_DIGITS: usize = 10;
const MOST_CONNECTION_DIGITS: usize = 20;
const LONGEST_ENTRY: usize = 8000;
const LONGEST_MESSAGE: usize = 1984;
const LONGEST_TAIL: usize = 8;
const LONGEST_ERRNO: usize = 5;
const MOST_FURTHER_LINES: i32 = 199;
/** Bytes that the sampling hash sees, and those of them that are the same for all entries of a second. */
const HASHED: usize = 48;
const HASHED_TIME: usize = 20;

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

/** Where the entry at hand ends, with its carriage return, and how many lines were read before it. */
let entryEnd: usize = 0;
let lines: i32 = 0;

/** The second whose hash is known. */
let hashedSecond: i32 = -1;
let secondHash: u32 = 0;

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
  let latest = second;
  lines = 0;
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
      entryEnd = feed;
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
    secondHash = addBytes(HASH_START, start, start + HASHED_TIME);
  }
  const hash = finish(addBytes(secondHash, start + HASHED_TIME, hashEnd));
  if (hash % load<u32>(<usize>WEIGHTS + (<usize>group << 2)) == 0) return note(start, group, second, hash);
  const cell = <usize>COUNTS + (((<usize>group << SECONDS_SHIFT) + <usize>second) << 2);
  store<u32>(cell, load<u32>(cell) + 1);
  return -1;
}

/** Notes the entry at hand; -1 where that is done. */
function note(start: usize, group: u32, second: i32, hash: u32): i32 {
  const notes = load<i32>(FOUND, 4 * FOUND_NOTES);
  if (notes == MOST_NOTES) return STOP_FULL;
  const place = <usize>NOTES + <usize>notes * 4 * NOTE_WORDS;
  store<u32>(place, <u32>start, 4 * NOTE_START);
  store<u32>(place, <u32>entryEnd, 4 * NOTE_END);
  store<u32>(place, group, 4 * NOTE_CLASS);
  store<i32>(place, second, 4 * NOTE_SECOND);
  store<u32>(place, hash, 4 * NOTE_HASH);
  store<i32>(place, lines, 4 * NOTE_LINE);
  store<i32>(FOUND, notes + 1, 4 * FOUND_NOTES);
  store<u32>(<usize>WEIGHTS + (<usize>group << 2), load<u32>(<usize>LATER + (<usize>group << 2)));
  return -1;
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
