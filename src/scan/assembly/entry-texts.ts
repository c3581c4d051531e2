/**
 * Texts that stand in entries of nginx's error log: tables of them by kind (`MESSAGES` … `SAID`), and what of a table stands at a
 * place.
 */

import { SAID } from '../entry-numbers';
import { KINDS, MASKS, PAIRS, SLOTS, TEXT, TEXTS } from './entry-layout';

// A table of texts: slots by what long ones begin with, then by the first byte of short ones.
const TABLE_BYTES: usize = 1536;
const SHORT_SLOTS: usize = 1024;
const LONG_TEXT: usize = 12;
// A text: the next one of its slot, its length, its index + 1; its bytes.
export const TEXT_LENGTH: usize = 4;
export const TEXT_INDEX: usize = 8;
const TEXT_BYTES: usize = 16;

let textsEnd: usize = TEXTS;

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

/** The longest text of a table that stands at `p`; 0: none. */
@inline
export function find(table: i32, p: usize): usize {
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
