import type { CountedSecond, ListedRows, RowKind, RowWeights } from './count-rules.ts';

/**
 * # The row scanner
 *
 * Finds the rows of NDJSON and, in each, the values of wanted columns, without making strings or objects. Rows that only
 * count it may count itself: ordinary ones by second, those of kinds that it was taught one by one, in a list. There are two implementations of one contract, a WebAssembly kernel (`assembly/ndjson.ts`,
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
 * | `ROW_KIND` | the number of its kind, where that was taught and a weight is why it is given; else 0 |
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
   * Goes to the next row; false where all that was loaded is read. Plain rows that its rules let it count, or of a kind that
   * it was taught, may be counted instead where these weights allow it.
   */
  next(weights: RowWeights): boolean;
  /** Whether nothing is known yet of rows like the one at hand: `teach` says what they are. */
  readonly isUnknown: boolean;
  /**
   * Rows that hold what the path says are of this kind from now on; null: they are for the reader. Which column a path asks for
   * hangs on what those before it hold. What finds no room is not learned, nor told as unknown for ever.
   */
  teach(path: readonly (Held | Lasted)[], kind: RowKind | null): void;
  /**
   * From now on gives what is counted to this one; what was counted for another before is given to that one first. Rows of
   * several seconds wait in the scanner: they come now and then, all of them when `giveCounts` is called.
   */
  countInto(taker: CountTaker): void;
  giveCounts(): void;
  /** Gives the rows that are listed, and leaves what is counted by second. */
  giveListed(): void;
}

/** What a column of a row holds; the columns of a path are asked for one after the other, each as those before it tell. */
export interface Held {
  /** Index of the column. */
  readonly column: number;
  /** The value as it is written; null: the row lacks the column; undefined: values of the column hardly repeat. */
  readonly value: Uint8Array | null | undefined;
}

/** Whether requests of a path took at least so many milliseconds (`CountRules.duration`). */
export interface Lasted {
  readonly lastedMs: number;
  readonly answer: boolean;
}

export interface CountTaker {
  counted(second: CountedSecond): void;
  /** The list holds good during the call. */
  listed(rows: ListedRows): void;
}
