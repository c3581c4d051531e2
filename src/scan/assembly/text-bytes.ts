/** Reading bytes of text, as the kernels of access rows, error entries and tunnel lines all do. A vector may read 15 bytes behind the text. */

const LF: u8 = 10;
const ZERO: u8 = 48;

/** Value of a digit; more than 9 for any other byte. */
@inline
export function digit(p: usize): u8 {
  return load<u8>(p) - ZERO;
}

/** Where the next line feed stands; there must be one. */
@inline
export function lineFeed(p: usize): usize {
  while (true) {
    const feeds = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(LF)));
    if (feeds != 0) return p + <usize>ctz(feeds);
    p += 16;
  }
}

/** Start of a hash, as `HASH_START` of `src/vocabulary/hash.ts`. */
export const HASH_START: u32 = 0x811c9dc5;

@inline
function addWord(hash: u32, word: u32): u32 {
  return rotl<u32>(hash ^ (rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593), 13) * 5 + 0xe6546b64;
}

/** Adds bytes to a hash, as `addBytes` there does. */
@inline
export function addBytes(hash: u32, from: usize, to: usize): u32 {
  let p = from;
  for (; p + 4 <= to; p += 4) hash = addWord(hash, load<u32>(p));
  return p < to ? addWord(hash, load<u32>(p) & ((<u32>1 << (<u32>(to - p) << 3)) - 1)) : hash;
}

/** Adds a time in milliseconds, as `addTime` there does. */
@inline
export function addTime(hash: u32, ms: i64): u32 {
  return addWord(addWord(hash, <u32>ms), <u32>(ms >> 32));
}

/** Ends a hash, as `finishHash` there does. */
@inline
export function finish(hash: u32): u32 {
  let h = hash ^ (hash >> 16);
  h *= 0x85ebca6b;
  h ^= h >> 13;
  h *= 0xc2b2ae35;
  return h ^ (h >> 16);
}
