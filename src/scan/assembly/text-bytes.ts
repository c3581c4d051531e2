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

/** Adds bytes to a hash, as `addBytes` of `src/vocabulary/hash.ts` does. */
@inline
export function fnv(hash: u32, from: usize, to: usize): u32 {
  for (let p = from; p < to; p++) hash = (hash ^ load<u8>(p)) * 0x01000193;
  return hash;
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
