/**
 * The part of the row scanner's kernel that lists rows of known kinds: rows whose columns hold what rows held that its user has
 * taught (`src/scan/row-kinds.ts`, which writes nodes and values). They may stand in a log twice, so each is told with its id.
 */

import {
  CLOSED,
  LASTED,
  LISTED_ID,
  LISTED_KIND,
  LISTED_MS,
  LISTED_WORDS,
  MOST_LISTED,
  NODE_CHILD,
  NODE_COLUMN,
  NODE_LATEST,
  NODE_MEANING,
  NODE_MS,
  NODE_SIBLING,
  NODE_VALUE,
} from '../row-numbers';
import { durationTo, NO_DURATION } from './row-duration';
import { BLOCK, LISTED, MASKS, NODES, ROW } from './row-layout';
import { timeIn } from './row-time';

/** A value: its length, and its bytes. */
const VALUE_TEXT: usize = 4;

let listed: i32 = 0;

export function listedRows(): i32 {
  return listed;
}

export function forgetListed(): void {
  listed = 0;
  // Masks of 0 to 16 bytes: one set of bytes, one clear.
  v128.store(MASKS, i8x16.splat(-1));
}

@inline
export function isListFull(): bool {
  return listed == MOST_LISTED;
}

/** Lists a row of this kind and time, its id being the 16 hexadecimal digits in lower case at `id`. */
@inline
export function list(kind: u32, id: usize, ms: u64): void {
  const place = <usize>LISTED + <usize>(listed * LISTED_WORDS) * 4;
  listed++;
  const text = v128.load(id);
  // A letter is 39 more than a digit would be.
  const letters = v128.and(i8x16.gt_s(text, i8x16.splat(57)), i8x16.splat(39));
  const digits = i8x16.sub(i8x16.sub(text, i8x16.splat(48)), letters);
  const pairs = v128.and(v128.or(i16x8.shl(digits, 4), i16x8.shr_u(digits, 8)), i16x8.splat(255));
  const number = bswap<u64>(i64x2.extract_lane(i8x16.narrow_i16x8_u(pairs, pairs), 0));
  store<u32>(place, kind, 4 * LISTED_KIND);
  store<u32>(place, <u32>(number >> 32), 4 * LISTED_ID);
  store<u32>(place, <u32>number, 4 * LISTED_ID + 4);
  store<u32>(place, <u32>(ms >> 32), 4 * LISTED_MS);
  store<u32>(place, <u32>ms, 4 * LISTED_MS + 4);
}

/** What the row at hand is, whose time stands in a column: what the node means to which the values of its columns lead. */
export function kindOfRow(timeColumn: usize): u32 {
  let node: usize = <usize>NODES;
  while (true) {
    const column: usize = load<u32>(node, 4 * NODE_COLUMN);
    let next: usize = 0;
    if (column == LASTED) {
      const ms = durationTo(timeIn(timeColumn));
      if (ms == NO_DURATION) return CLOSED;
      next = answerTo(node, ms >= <u64>load<u32>(node, 4 * NODE_MS) ? 1 : 0);
    } else if (column != 0) next = below(node, <usize>ROW + column);
    if (next == 0) return load<u32>(node, 4 * NODE_MEANING);
    node = next;
  }
}

/** The node below to which what the column holds leads; 0: none. The one gone to last is tried first. */
@inline
function below(node: usize, column: usize): usize {
  const from = load<i32>(column);
  // Less than 0 where the value holds a backslash: such values are not taught.
  const length = load<i32>(column, 4) - from;
  const latest: usize = load<u32>(node, 4 * NODE_LATEST);
  if (latest != 0 && leads(latest, from, length)) return latest;
  let child: usize = load<u32>(node, 4 * NODE_CHILD);
  while (child != 0 && !leads(child, from, length)) child = load<u32>(child, 4 * NODE_SIBLING);
  if (child != 0) store<u32>(node, <u32>child, 4 * NODE_LATEST);
  return child;
}

/** The node below for requests that took as long as was asked, or did not; 0: none. */
function answerTo(node: usize, answer: u32): usize {
  let child: usize = load<u32>(node, 4 * NODE_CHILD);
  while (child != 0 && load<u32>(child, 4 * NODE_VALUE) != answer) child = load<u32>(child, 4 * NODE_SIBLING);
  return child;
}

/** Whether a value of this length at `from` in the block leads to the node; 0: the row lacks the column. */
@inline
function leads(node: usize, from: i32, length: i32): bool {
  const value: usize = load<u32>(node, 4 * NODE_VALUE);
  if (value == 0 || from == 0) return value == 0 && from == 0;
  if (load<i32>(value) != length) return false;
  const text = <usize>BLOCK + <usize>from;
  for (let i = 0; i < length; i += 16) {
    const mask = v128.load(MASKS + <usize>(16 - min(16, length - i)));
    const difference = v128.xor(v128.load(text + <usize>i), v128.load(value + <usize>i, VALUE_TEXT));
    if (v128.any_true(v128.and(difference, mask))) return false;
  }
  return true;
}
