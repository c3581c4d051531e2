/**
 * Sampling hashes: 32-bit FNV-1a with an avalanche at the end, so that every bit may be used to choose. Made of an entry's
 * own content, so that the choice is the same in every run, order and division of the work. Characters above 0xff count by
 * their UTF-16 unit; for ASCII, bytes and text give the same.
 */

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** Error lines are told apart by their time, process and connection, which stand at their beginning. */
export const CLUE_CHARS = 48;

/** Start of a hash. */
export const HASH_START = OFFSET;

/** Adds a text to a hash. */
export function addText(hash: number, text: string): number {
  let h = hash;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), PRIME);
  return h;
}

/** Adds `bytes[start, end)` to a hash. */
export function addBytes(hash: number, bytes: Uint8Array, start: number, end: number): number {
  let h = hash;
  for (let i = start; i < end; i++) h = Math.imul(h ^ (bytes[i] ?? 0), PRIME);
  return h;
}

/** Ends a hash: an unsigned 32-bit number. */
export function finishHash(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Sampling hash of a request: of its Ray ID, else of method, path and time. */
export function requestHash(
  ray: string | undefined,
  method: string | undefined,
  path: string | undefined,
  ms: number,
): number {
  return finishHash(addText(HASH_START, ray ?? `${method ?? ''} ${path ?? ''} ${ms}`));
}

/** Sampling hash of an error line: of the beginning of its text. */
export function clueHash(text: string): number {
  return finishHash(addText(HASH_START, text.length > CLUE_CHARS ? text.slice(0, CLUE_CHARS) : text));
}

/** `clueHash` of the line `bytes[start, end)`, which must be ASCII up to there. */
export function clueHashOfBytes(bytes: Uint8Array, start: number, end: number): number {
  return finishHash(addBytes(HASH_START, bytes, start, Math.min(end, start + CLUE_CHARS)));
}
