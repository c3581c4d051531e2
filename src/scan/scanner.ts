/**
 * # The row scanner
 *
 * Finds the rows of NDJSON and, in each, the values of wanted columns, without making strings or objects: what most rows of
 * an incident's logs are needed for (to be counted) can be read from these bytes. There are two implementations of one
 * contract, a WebAssembly kernel (`assembly/ndjson.ts`, `simd.ts`) and a plain one (`reference.ts`); tests hold the first
 * to the second, and the second to `JSON.parse`.
 *
 * `scan` copies as many whole rows as fit into the scanner's own memory, `memory`, and describes them in `table`. Row `i`
 * has `rowWords` words from `i * rowWords`:
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
  /** Where the rows of the last scan lie. */
  readonly memory: Buffer;
  readonly table: Int32Array;
  readonly rowWords: number;
  /** Bytes that the last scan has read: whole rows with their line feeds. */
  readonly consumed: number;
  /**
   * Reads rows from `bytes[start, end)`, which holds whole lines (the last may lack its line feed), until they do not fit.
   * Returns how many rows the table holds; 0 where the first line alone is longer than `BLOCK_BYTES`.
   */
  scan(bytes: Uint8Array, start: number, end: number): number;
}
