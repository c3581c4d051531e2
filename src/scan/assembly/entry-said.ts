/** What an application said that an entry of nginx's error log passes on: how far it goes, and by which texts it is told. */

import { FURTHER, MOST_RANKS, SAID } from '../entry-numbers';
import { PAIRS } from './entry-layout';
import { find, TEXT_INDEX, TEXT_LENGTH } from './entry-texts';
import { digit } from './text-bytes';

const LF: u8 = 10;
const BLANK: u8 = 32;
const QUOTE: u8 = 34;
const HASH: u8 = 35;
const AMPERSAND: u8 = 38;
const OPEN: u8 = 40;
const SLASH: u8 = 47;
const ZERO: u8 = 48;
const BRACKET: u8 = 91;
const LETTER_Q: u8 = 113;
const MOST_FRAME_DIGITS: usize = 6;

/** Where what was said ends: at the quote before the only ` while `; 0 where the entry must be read otherwise. */
export function saidEnd(from: usize, end: usize, isLong: bool): usize {
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
export function leastRank(from: usize, end: usize): u32 {
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
