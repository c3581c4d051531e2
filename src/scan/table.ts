/** Places of a row's words (see `scanner.ts`). */
export const ROW_START = 0;
export const ROW_END = 1;
export const ROW_FLAGS = 2;
export const ROW_KIND = 3;
export const ROW_COLUMNS = 4;

/** Bytes of rows that a scanner takes at a time; a longer line is not for it. */
export const BLOCK_BYTES = 256 * 1024;

const LF = 10;

/** Words of a row: a multiple of four, so that 16 bytes are cleared at a time. */
export function rowWordsFor(columns: number): number {
  return (ROW_COLUMNS + 2 * columns + 3) & ~3;
}

/** Where the whole lines end that begin at `start` and fit into a block; `start` where the first one does not. */
export function endOfBlock(bytes: Uint8Array, start: number, end: number): number {
  if (end - start <= BLOCK_BYTES) return end;
  const feed = bytes.subarray(start, start + BLOCK_BYTES).lastIndexOf(LF);
  return start + feed + 1;
}
