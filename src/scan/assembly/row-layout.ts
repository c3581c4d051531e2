/** Where things lie in the memory of the row scanner's kernel; what its files share. */

// Slots of the look-up | learned keys | the row at hand | rules and counts (`row-counts.ts`) | block.
export const SLOTS: usize = 4096;
export const ENTRIES: usize = 8192;
export const ROW: i32 = 61440;
export const COUNTER: usize = 65536;
export const BLOCK: i32 = 131072;
/** 256 KiB stay in the second-level cache. */
export const BLOCK_BYTES: i32 = 262144;

// Words of a row, in bytes (`table.ts`).
export const ROW_START: usize = 0;
export const ROW_END: usize = 4;
export const ROW_FLAGS: usize = 8;
export const ROW_COLUMNS: usize = 16;
