import { readFileSync } from 'node:fs';

/** Fewer bytes could be guessed by trying. */
const SHORTEST_KEY_BYTES = 16;

export const KEY_WANTED = `a file of at least ${SHORTEST_KEY_BYTES} bytes is wanted; openssl rand -hex 32 > redact.key makes one`;

/** The key in a file, without the line end behind it; null where there is none that would do. */
export function readKey(path: string): Uint8Array | null {
  try {
    const bytes = readFileSync(path);
    let end = bytes.length;
    while (end > 0 && (bytes[end - 1] === 10 || bytes[end - 1] === 13)) end -= 1;
    return end < SHORTEST_KEY_BYTES ? null : bytes.subarray(0, end);
  } catch {
    return null;
  }
}
