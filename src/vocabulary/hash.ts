/**
 * Sampling hashes: MurmurHash3's 32-bit steps (Austin Appleby, in the public domain), four bytes at a time, with its avalanche at the
 * end, so that every bit may be used to choose. Made of an entry's own content, so that the choice is the same in every run, order and
 * division of the work. Characters above 0xff count by their UTF-16 unit; for ASCII, bytes and text give the same. What is added in two
 * goes gives the same as in one where the first has a multiple of four bytes.
 */

/** Error lines are told apart by their time, process and connection, which stand at their beginning. */
export const CLUE_CHARS = 48;

/** Start of a hash. */
export const HASH_START = 0x811c9dc5;

const HIGH = 2 ** 32;

/** Adds 32 bits to a hash. */
function addWord(hash: number, word: number): number {
  const product = Math.imul(word, 0xcc9e2d51);
  const h = hash ^ Math.imul((product << 15) | (product >>> 17), 0x1b873593);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

/** Adds a text to a hash. */
export function addText(hash: number, text: string): number {
  const { length } = text;
  let h = hash;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const first = text.charCodeAt(i) ^ (text.charCodeAt(i + 1) << 8);
    h = addWord(h, first ^ (text.charCodeAt(i + 2) << 16) ^ (text.charCodeAt(i + 3) << 24));
  }
  if (i === length) return h;
  let word = 0;
  for (let shift = 0; i < length; i++, shift += 8) word ^= text.charCodeAt(i) << shift;
  return addWord(h, word);
}

/** Adds `bytes[start, end)` to a hash. */
export function addBytes(hash: number, bytes: Uint8Array, start: number, end: number): number {
  let h = hash;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const first = (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8);
    h = addWord(h, first | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24));
  }
  if (i === end) return h;
  let word = 0;
  for (let shift = 0; i < end; i++, shift += 8) word |= (bytes[i] ?? 0) << shift;
  return addWord(h, word);
}

/** Adds a time in milliseconds to a hash. */
export function addTime(hash: number, ms: number): number {
  return addWord(addWord(hash, (ms % HIGH) | 0), Math.floor(ms / HIGH));
}

/** Ends a hash: an unsigned 32-bit number. */
export function finishHash(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Sampling hash of a request: of its Ray ID, else of time, method and path. */
export function requestHash(
  ray: string | undefined,
  method: string | undefined,
  path: string | undefined,
  ms: number,
): number {
  if (ray !== undefined) return finishHash(addText(HASH_START, ray));
  return finishHash(addText(addTime(HASH_START, ms), `${method ?? ''} ${path ?? ''}`));
}

/** Sampling hash of an error line: of the beginning of its text. */
export function clueHash(text: string): number {
  return finishHash(addText(HASH_START, text.length > CLUE_CHARS ? text.slice(0, CLUE_CHARS) : text));
}

/** `clueHash` of the line `bytes[start, end)`, which must be ASCII up to there. */
export function clueHashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  return finishHash(addBytes(HASH_START, bytes, start, Math.min(end, start + CLUE_CHARS)));
}
