/** Reads strings of JSON from their bytes, each of them strictly: what is odd is left to `JSON.parse`. */

const QUOTE = 34;
const BACKSLASH = 92;
const BLANK = 32;
const TAB = 9;
const LF = 10;
const UNICODE = 117;
const WORD = 4;
/** What a letter stands for behind a backslash. */
const ESCAPED = new Uint8Array(256);
for (const [letter = '', char = ''] of ['""', '\\\\', '//', 't\t', 'n\n'].map((pair) => [...pair]))
  ESCAPED[letter.charCodeAt(0)] = char.charCodeAt(0);

/** Where the string that begins at `start`, behind its quote, ends: at its other quote; at `end` or behind it where it has none. */
export function stringEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Bytes as a view, which `writeLine` wants. */
export function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

/**
 * Writes a line that is a string of JSON, `bytes[start, end)` without quotes, to `target` at `at`, without the line feed that
 * ends it where it `isFed`; where it ends there. -1 where it is not whole (docker cuts long lines), is no string, is more than a line or
 * holds control characters. A line never takes more room than its string; up to four bytes behind it are written to, too.
 */
export function writeLine(
  target: DataView,
  at: number,
  bytes: DataView,
  start: number,
  end: number,
  isFed: boolean,
): number {
  let to = at;
  for (let i = start; i < end; ) {
    if (i + WORD <= end) {
      const word = bytes.getInt32(i, true);
      target.setInt32(to, word, true);
      const plain = plainBytes(word);
      i += plain;
      to += plain;
      if (plain === WORD) continue;
    }
    let byte = bytes.getUint8(i++);
    if (byte < BLANK || byte === QUOTE) return -1;
    if (byte === BACKSLASH) {
      if (i >= end) return -1;
      const letter = bytes.getUint8(i++);
      byte = ESCAPED[letter] ?? 0;
      if (byte === LF) return isFed && i === end ? to : -1;
      if (letter === UNICODE && i + WORD <= end) {
        byte = asciiAt(bytes, i);
        i += WORD;
      }
      if (byte < BLANK && byte !== TAB) return -1;
    }
    target.setUint8(to++, byte);
  }
  return isFed ? -1 : to;
}

/** How many of four bytes stand before the first that is a quote, a backslash or a control character. */
export function plainBytes(word: number): number {
  const quotes = word ^ 0x22222222;
  const slashes = word ^ 0x5c5c5c5c;
  const odd =
    (((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes) | ((word - 0x20202020) & ~word)) &
    0x80808080;
  // The lowest bit that is set is the first one's; of those behind it some are set for no reason.
  return odd === 0 ? WORD : (31 - Math.clz32(odd & -odd)) >> 3;
}

/** The ASCII character of four hexadecimal digits; 0 for another. */
function asciiAt(bytes: DataView, at: number): number {
  if (bytes.getUint8(at) !== 48 || bytes.getUint8(at + 1) !== 48) return 0;
  const code = 16 * digit(bytes.getUint8(at + 2)) + digit(bytes.getUint8(at + 3));
  return code < 128 ? code : 0;
}

/** The value of a hexadecimal digit; a great number for another character. */
function digit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : 1000;
}
