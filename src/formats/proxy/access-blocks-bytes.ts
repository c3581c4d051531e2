/** Reads values of access rows from their bytes; each function is strict and leaves whatever is odd to the ordinary way. */

export const LF = 10;
export const CR = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const COMMA = 44;
export const DASH = 45;
export const COLON = 58;
export const OPEN = 91;
export const BACKSLASH = 92;
export const CLOSE = 93;
const HASH = 35;
const DOT = 46;
const SLASH = 47;
const ZERO = 48;
const QUESTION = 63;
const FIRST_CAPITAL = 65;
const LAST_CAPITAL = 90;
const UNDERSCORE = 95;

const LONGEST_METHOD = 22;
export const RAY_BYTES = 16;
/** Length of a Ray ID with its colo. */
const RAY_COLO_BYTES = 20;
const COLO_LETTERS = 3;
const MOST_LENGTH_DIGITS = 18;
const MOST_PORT_DIGITS = 5;
/** Powers of ten are exact up to here. */
const MOST_DIGITS = 20;

/** As `LineReader` cuts lines. */
export const LONGEST_LINE = 64 * 1024 * 1024;

/** Texts that the unwrapper takes out of a line or turns into others: terminal colours, HTML's quotes; the kernel of access rows knows them, too. */
export const REWRITTEN = ['\u001b', '#033[', '&quot;'];

/** Bits of `CLASS`: what a byte may be part of. */
export const IN_WORD = 1;
export const IN_USER = 2;
export const IN_PATH = 4;
export const IN_RAY = 8;
export const IN_ADDRESS = 16;
export const IN_METHOD = 32;
/** Begins none of the texts that are rewritten. */
const IN_KEPT = 64;
export const IN_NAME = 128;
export const CLASS = new Uint8Array(256);
for (let byte = 0; byte < CLASS.length; byte++)
  CLASS[byte] = REWRITTEN.some((text) => text.charCodeAt(0) === byte) ? 0 : IN_KEPT;
for (let byte = 0x21; byte < 0x7f; byte++) {
  const char = String.fromCharCode(byte);
  CLASS[byte] =
    (CLASS[byte] ?? 0) |
    (/[^",;=[\]|\\]/.test(char) ? IN_WORD : 0) |
    (/[\w.@-]/.test(char) ? IN_USER : 0) |
    (/[^"?#]/.test(char) ? IN_PATH : 0) |
    (/[\da-f]/.test(char) ? IN_RAY : 0) |
    (/[\da-fA-F]/.test(char) ? IN_ADDRESS : 0) |
    (/[A-Z_-]/.test(char) ? IN_METHOD : 0) |
    (/[\w.-]/.test(char) ? IN_NAME : 0);
}

/** End of the run of bytes of a class that begins at `start`. */
export function runEnd(bytes: Buffer, start: number, end: number, bit: number): number {
  let at = start;
  while (at < end && ((CLASS[bytes[at] ?? 0] ?? 0) & bit) !== 0) at++;
  return at;
}

/** Whether the unwrapper would rewrite the line `bytes[start, end)`. */
export function isRewritten(bytes: Buffer, start: number, end: number): boolean {
  for (let at = runEnd(bytes, start, end, IN_KEPT); at < end; at = runEnd(bytes, at + 1, end, IN_KEPT))
    if (REWRITTEN.some((text) => at + text.length <= end && bytes.toString('latin1', at, at + text.length) === text))
      return true;
  return false;
}

/** End of the peer's address that begins a row, or stands behind a virtual host (`example.com:443 192.0.2.1`); -1 where none does. */
export function peerEnd(bytes: Buffer, start: number, end: number): number {
  const at = addressEnd(bytes, start, end);
  if (at >= 0) return at;
  const host = hostEnd(bytes, start, end);
  return host < 0 || bytes[host] !== SPACE ? -1 : addressEnd(bytes, host + 1, end);
}

/** End of a host's name with dots or a port, as no wrapper has it before an address; -1 where none begins at `start`. */
function hostEnd(bytes: Buffer, start: number, end: number): number {
  // A letter.
  if ((((bytes[start] ?? 0) | 32) - 97) >>> 0 > 25) return -1;
  const at = runEnd(bytes, start, end, IN_NAME);
  let stop = at + 1;
  if (bytes[at] !== COLON) {
    for (let i = start; i < at; i++) if (bytes[i] === DOT) return at;
    return -1;
  }
  while (stop < end && digit(bytes, stop) <= 9) stop++;
  return stop > at + 1 && stop - at - 1 <= MOST_PORT_DIGITS ? stop : -1;
}

/** End of the IPv4 or IPv6 address at `start`, -1 where none is. */
function addressEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  for (let group = 0; group < 4; group++) {
    const from = at;
    while (at < end && digit(bytes, at) <= 9) at++;
    if (at === from || at - from > 3 || at === end) return ipv6End(bytes, start, end);
    if (group < 3 && bytes[at++] !== DOT) return ipv6End(bytes, start, end);
  }
  return at;
}

/** Groups of up to four digits; with fewer than three colons it may be a clock. */
function ipv6End(bytes: Buffer, start: number, end: number): number {
  let colons = 0;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON) {
      colons++;
      digits = 0;
    } else if (((CLASS[byte] ?? 0) & IN_ADDRESS) === 0) return colons >= 3 && colons <= 7 ? at : -1;
    else if (++digits > 4) return -1;
  }
  return -1;
}

/** Four quotes; and the lowest and highest bit of each of four bytes. */
const QUOTES = 0x22222222;
const LOWEST = 0x01010101;
const HIGHEST = 0x80808080;

/**
 * Index of the quote that ends a value, -1 where that is not sure. `long` looks for it with a native call, else four bytes
 * are looked at together: subtracting 1 from each sets the highest bit first in the byte that is zero after the exclusive or.
 */
export function quotedEnd(bytes: Buffer, view: DataView, start: number, end: number, long: boolean): number {
  let at = start;
  if (long) at = bytes.indexOf(QUOTE, start);
  else {
    while (at + 4 <= end) {
      const word = view.getUint32(at, true) ^ QUOTES;
      const zeros = (word - LOWEST) & ~word & HIGHEST;
      if (zeros !== 0) {
        at += (31 - Math.clz32(zeros & -zeros)) >> 3;
        break;
      }
      at += 4;
    }
    while (at < end && bytes[at] !== QUOTE) at++;
  }
  return at < start || at >= end || bytes[at - 1] === BACKSLASH ? -1 : at;
}

/** End of `METHOD /path` within a request line; -1 where they are not written plainly. */
export function plainPathEnd(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] === DASH || bytes[start] === UNDERSCORE) return -1;
  const methodEnd = runEnd(bytes, start, end, IN_METHOD);
  const length = methodEnd - start;
  if (length < 2 || length > LONGEST_METHOD - 1 || bytes[methodEnd] !== SPACE || bytes[methodEnd + 1] !== SLASH)
    return -1;
  const at = runEnd(bytes, methodEnd + 1, end, IN_PATH);
  const byte = bytes[at];
  return at === end || byte === SPACE || byte === QUESTION || byte === HASH ? at : -1;
}

/** Whether a request line surely has neither method nor path: none came (`""`, `"-"`), or TLS (`"\\x16\\x03…"`). */
export function namesNothing(bytes: Buffer, start: number, end: number): boolean {
  const byte = bytes[start] ?? 0;
  return start === end || (byte !== SLASH && (byte < FIRST_CAPITAL || byte > LAST_CAPITAL));
}

/** Whether a value is a Ray ID, with or without its colo. */
export function isRay(bytes: Buffer, start: number, end: number): boolean {
  if (end - start < RAY_BYTES || runEnd(bytes, start, start + RAY_BYTES, IN_RAY) < start + RAY_BYTES) return false;
  if (end - start === RAY_BYTES) return true;
  if (end - start !== RAY_COLO_BYTES || bytes[start + RAY_BYTES] !== DASH) return false;
  for (let at = end - COLO_LETTERS; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < FIRST_CAPITAL || byte > LAST_CAPITAL) return false;
  }
  return true;
}

/** Whether a value has the length and the dash of a Ray ID with its colo. */
export function looksLikeRay(bytes: Buffer, start: number, end: number): boolean {
  return end - start === RAY_COLO_BYTES && bytes[start + RAY_BYTES] === DASH;
}

export function isDash(bytes: Buffer, start: number, end: number): boolean {
  return end - start === 1 && bytes[start] === DASH;
}

/** Whether a value is a number of seconds, as far as its characters tell. */
export function isDecimal(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (digit(bytes, i) > 9 && bytes[i] !== DOT) return false;
  return end > start && digit(bytes, start) <= 9;
}

/** Whether a value is the length of an answer: digits, or a dash. */
export function isLength(bytes: Buffer, start: number, end: number): boolean {
  if (isDash(bytes, start, end)) return true;
  for (let i = start; i < end; i++) if (digit(bytes, i) > 9) return false;
  return end > start && end - start <= MOST_LENGTH_DIGITS;
}

/** Whether a referrer is surely no upstream's address: none, or a URL. */
export function isPlainReferrer(bytes: Buffer, start: number, end: number): boolean {
  if (end === start || isDash(bytes, start, end)) return true;
  if (end - start < 8 || bytes[start] !== 104 || bytes[start + 1] !== 116 || bytes[start + 2] !== 116) return false;
  return bytes[start + 3] === 112 && (bytes[start + 5] === SLASH || bytes[start + 6] === SLASH);
}

/** A number of exactly three digits, or -1. */
export function threeDigits(bytes: Buffer, at: number): number {
  const a = digit(bytes, at);
  const b = digit(bytes, at + 1);
  const c = digit(bytes, at + 2);
  return a > 9 || b > 9 || c > 9 ? -1 : a * 100 + b * 10 + c;
}

/** A number of exactly two digits, or -1. */
export function twoDigits(bytes: Buffer, at: number): number {
  const a = digit(bytes, at);
  const b = digit(bytes, at + 1);
  return a > 9 || b > 9 ? -1 : a * 10 + b;
}

/** Value of a digit; more than 9 for any other byte. */
export function digit(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) - ZERO) >>> 0;
}

/** End of a piece of whole lines, of at most `most` bytes where its first line is not longer, that begins at `start`. */
export function pieceEnd(bytes: Buffer, start: number, end: number, most: number): number {
  if (end - start <= most) return end;
  const last = bytes.lastIndexOf(LF, start + most - 1);
  if (last >= start) return last + 1;
  const next = bytes.indexOf(LF, start + most);
  return next === -1 || next >= end ? end : next + 1;
}

/** End of a run of digits. */
export function digitsEnd(bytes: Buffer, start: number): number {
  let at = start;
  while (digit(bytes, at) <= 9) at++;
  return at;
}

/** The value of a number. Where its digits are an exact whole number, so is dividing it by a power of ten. */
export function decimalOf(bytes: Buffer, start: number, end: number): number {
  const wholeEnd = digitsEnd(bytes, start);
  const digitsStop = bytes[wholeEnd] === DOT ? digitsEnd(bytes, wholeEnd + 1) : wholeEnd;
  let digits = 0;
  let scale = 1;
  for (let at = start; at < end; at++) {
    if (at !== wholeEnd) digits = 10 * digits + digit(bytes, at);
    if (at > wholeEnd) scale *= 10;
  }
  const isExact = digitsStop === end && end - start <= MOST_DIGITS && digits <= Number.MAX_SAFE_INTEGER;
  return isExact ? digits / scale : Number(bytes.toString('latin1', start, end));
}
