import type { CountedRows } from './count-rules.ts';

/**
 * # The row scanner
 *
 * Finds the rows of NDJSON and, in each, the values of wanted columns, without making strings or objects. Rows that only
 * count it may count itself. There are two implementations of one contract, a WebAssembly kernel (`assembly/ndjson.ts`,
 * `assembly/row-counts.ts`, `simd.ts`) and a plain one that counts nothing (`reference.ts`); tests hold the first to the
 * second and to the reader that counts the rows given by it, and the second to `JSON.parse`.
 *
 * `load` copies as many whole lines as fit into the scanner's own memory, `memory`; `next` goes from row to row. The words
 * of the row at hand are in `row`:
 *
 * | word | holds |
 * |---|---|
 * | `ROW_START` | where the row begins in `memory` |
 * | `ROW_END` | where it ends, without line feed; a carriage return belongs to it |
 * | `ROW_FLAGS` | 0: a plain row; else an odd one, whose columns say nothing |
 * | `ROW_COLUMNS + 2 * c` | where the value of column `c` begins (a string's quote included); 0: the row has no such column |
 * | `ROW_COLUMNS + 2 * c + 1` | where that value ends; negated where its bytes hold a backslash |
 *
 * A row is plain when all of it is one JSON object with at least one member (RFC 8259) and
 * - no blanks stand outside strings, but one carriage return at the end;
 * - its own keys are made of ASCII letters, digits, `_`, `-` and `.`, and no wanted one stands there twice;
 * - its values are nested at most 63 deep.
 *
 * So the text of a plain row's columns is what `JSON.parse` of the row would give. Bytes that are no UTF-8 may stand in
 * strings. An odd row may still be good JSON: it is for its reader to find out.
 */
export interface RowScanner {
  readonly memory: Buffer;
  /** The words of the row at hand. */
  readonly row: Int32Array;
  /** Lines that were read of what was loaded: counted ones and that of the row at hand. */
  readonly lines: number;
  /**
   * Copies whole lines from `bytes[start, end)`, where the last may lack its line feed, until they do not fit. Returns how
   * many bytes; 0 where the first line alone is longer than `BLOCK_BYTES`.
   */
  load(bytes: Uint8Array, start: number, end: number): number;
  /**
   * Goes to the next row; false where all that was loaded is read. Plain rows that its rules let it count and whose sampling
   * hash `weight` does not divide may be counted instead; none with a weight of 0.
   */
  next(weight: number): boolean;
  /**
   * From now on gives what is counted to this one; what was counted for another before is given to that one first. Rows of
   * several seconds wait in the scanner: they come now and then, all of them when `giveCounts` is called.
   */
  countInto(give: GiveCounted): void;
  giveCounts(): void;
}

export type GiveCounted = (counted: CountedRows) => void;
