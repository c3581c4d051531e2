/** Where things lie in the memory of the row scanner's kernel; what its files share. */

// Slots of the look-up | learned keys | the row at hand | rules and counts (`row-counts.ts`) | listed rows, masks, nodes and values of kinds (`row-kinds.ts`) | block.
export const SLOTS: usize = 4096;
export const ENTRIES: usize = 8192;
export const ROW: i32 = 61440;
export const COUNTER: usize = 65536;
export const LISTED: i32 = 115712;
export const MASKS: usize = 125952;
export const NODES: i32 = 126976;
export const NODES_BYTES: i32 = 32768;
export const VALUES: i32 = 159744;
export const VALUES_BYTES: i32 = 20480;
export const BLOCK: i32 = 180224;
/** 256 KiB stay in the second-level cache. */
export const BLOCK_BYTES: i32 = 262144;

// Words of a row, in bytes (`table.ts`).
export const ROW_START: usize = 0;
export const ROW_END: usize = 4;
export const ROW_FLAGS: usize = 8;
export const ROW_KIND: usize = 12;
export const ROW_COLUMNS: usize = 16;
