import { TextDecoder } from 'node:util';

/** How the text of a file is written, told from its beginning. */
export interface TextEncoding {
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  /** Bytes of the byte order mark at the start, which are not text. */
  readonly markBytes: number;
}

/** Bytes from the start that decide on the encoding. */
export const HEAD_BYTES = 1024;

/** Fewer bytes than this show no pattern. */
const MIN_UNMARKED_BYTES = 16;

/**
 * Tells UTF-16 from everything else (read as UTF-8) by the byte order mark, or, without one, by every second byte being zero and the
 * others being letters: the look of Latin text in UTF-16, as PowerShell 5 and the Windows event viewer write it. `head`: the first bytes,
 * of which at most 1 KiB counts.
 */
export function detectEncoding(head: Buffer): TextEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  if (isLatinUtf16(head, 0)) return { encoding: 'utf-16le', markBytes: 0 };
  if (isLatinUtf16(head, 1)) return { encoding: 'utf-16be', markBytes: 0 };
  return { encoding: 'utf-8', markBytes: 0 };
}

/** True where most pairs are a printable byte at `lowAt` (0 or 1) and a zero beside it. */
function isLatinUtf16(head: Buffer, lowAt: 0 | 1): boolean {
  const end = Math.min(head.length, HEAD_BYTES) & ~1;
  if (end < MIN_UNMARKED_BYTES) return false;
  let letters = 0;
  for (let i = 0; i < end; i += 2) {
    const low = head[i + lowAt] ?? 0;
    const high = head[i + 1 - lowAt] ?? 0;
    if (high === 0 && isPrintable(low)) letters++;
  }
  return letters >= (end / 2) * 0.9;
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 ? byte !== 0x7f : byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0x1b;
}

/** Turns UTF-16 into UTF-8 piece by piece; a half or lone surrogate becomes U+FFFD. */
export class Utf16ToUtf8 {
  readonly #decoder: TextDecoder;

  constructor(encoding: 'utf-16le' | 'utf-16be') {
    // The mark at the start is dropped by the caller; further on it is a character like any other.
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
  }

  write(chunk: Buffer): Buffer {
    return Buffer.from(this.#decoder.decode(chunk, { stream: true }));
  }

  /** What is left of a character that was cut off. */
  end(): Buffer {
    return Buffer.from(this.#decoder.decode());
  }
}
