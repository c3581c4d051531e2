/** Where things lie in the memory of the kernel of error log entries; what its files share. */

// Memory: what it has found | minute | masks | text at hand | levels | slots of texts | ranges of addresses | texts | kinds | weights | weights from then on | counts | numbers | pairs | notes | block.
export const FOUND: i32 = 0;
export const MINUTE: i32 = 64;
export const MASKS: usize = 128;
export const TEXT: i32 = 192;
export const LEVELS: i32 = 512;
export const SLOTS: usize = 1024;
/** Cloudflare's ranges of addresses: how many, then the first 32 bits of each and the mask of those that count. */
export const RANGES_FOUR: i32 = 10240;
export const RANGES_SIX: i32 = 11264;
export const TEXTS: usize = 12288;
export const KINDS: usize = 49152;
export const WEIGHTS: i32 = 81920;
/** Weights of classes once one of their entries was noted. */
export const LATER: i32 = 86016;
export const COUNTS: i32 = 90112;
/** By number of the system's error, its index and 1. */
export const ERRNOS: i32 = 122880;
/** A bit for each two bytes with which a text of `SAID` begins. */
export const PAIRS: usize = 139264;
export const NOTES: i32 = 147456;
export const BLOCK: i32 = 172032;
