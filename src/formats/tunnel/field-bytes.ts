import { FIELD_CONNECTION, FIELD_DEST, FIELD_ERROR, FIELD_SERVICE } from '../../scan/tunnel-numbers.ts';

const BLANK = 32;
const QUOTE = 34;
const EQUALS = 61;
const BACKSLASH = 92;
const LONGEST_NAME = 41;

/** Kinds of bytes. */
const ODD = 0;
const PLAIN = 1;
const NAME = 2;
const NAME_START = 3;
/** Printable ASCII without what is undone before a line is read as text (`#033[`, `&quot;`). */
const KIND = new Uint8Array(256).fill(PLAIN, 33, 127);
for (let byte = 0; byte < 128; byte++) {
  const character = String.fromCharCode(byte);
  if (/[A-Za-z_]/.test(character)) KIND[byte] = NAME_START;
  else if (/[\d-]/.test(character)) KIND[byte] = NAME;
}
const HASH = 35;
const AMPERSAND = 38;
const LETTER_Q = 113;
const ZERO = 48;

/** As the counter of lines knows them (`FIELD_…`). */
export const FIELD_NAMES = ['error=', 'connIndex=', 'dest=', 'originService='] as const;
const ERROR = Buffer.from(FIELD_NAMES[FIELD_ERROR], 'latin1');
const CONNECTION = Buffer.from(FIELD_NAMES[FIELD_CONNECTION], 'latin1');
const DEST = Buffer.from(FIELD_NAMES[FIELD_DEST], 'latin1');
const SERVICE = Buffer.from(FIELD_NAMES[FIELD_SERVICE], 'latin1');

/**
 * Takes `message name=value name="quoted value"` apart in bytes, as `splitFields` does in text: fields are what follows the
 * last word that is none.
 */
export class FieldBytes {
  messageStart = 0;
  messageEnd = 0;
  /** Where the values begin and end, with their quotes; -1 = no such field. */
  errorStart = -1;
  errorEnd = -1;
  connectionStart = -1;
  connectionEnd = -1;
  destStart = -1;
  destEnd = -1;
  serviceStart = -1;
  serviceEnd = -1;

  /** False where the bytes hold what is not read from bytes. */
  read(bytes: Buffer, start: number, end: number): boolean {
    let at = start;
    while (at < end && bytes[at] === BLANK) at++;
    this.messageStart = at;
    this.messageEnd = at;
    this.reset();
    while (at < end) {
      if (bytes[at] === BLANK) {
        at++;
        continue;
      }
      const value = nameEnd(bytes, at, end);
      if (value < 0) {
        at = tokenEnd(bytes, at, end);
        if (at < 0) return false;
        this.messageEnd = at;
        this.reset();
      } else {
        at = this.readField(bytes, at, value, end);
        if (at < 0) return false;
      }
    }
    return true;
  }

  private readField(bytes: Buffer, name: number, value: number, end: number): number {
    const at = bytes[value] === QUOTE ? quotedEnd(bytes, value, end) : tokenEnd(bytes, value, end);
    if (isName(bytes, name, value, ERROR)) {
      this.errorStart = value;
      this.errorEnd = at;
    } else if (isName(bytes, name, value, CONNECTION)) {
      this.connectionStart = value;
      this.connectionEnd = at;
    } else if (isName(bytes, name, value, DEST)) {
      this.destStart = value;
      this.destEnd = at;
    } else if (isName(bytes, name, value, SERVICE)) {
      this.serviceStart = value;
      this.serviceEnd = at;
    }
    return at;
  }

  private reset(): void {
    this.errorStart = -1;
    this.connectionStart = -1;
    this.destStart = -1;
    this.serviceStart = -1;
  }
}

/** Where the value of a field begins whose name begins at `start`; -1 where none does. */
function nameEnd(bytes: Uint8Array, start: number, end: number): number {
  if (KIND[bytes[start] ?? 0] !== NAME_START) return -1;
  const last = Math.min(end, start + LONGEST_NAME + 1);
  for (let i = start + 1; i < last; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === EQUALS) return i + 1;
    if ((KIND[byte] ?? 0) < NAME) return -1;
  }
  return -1;
}

/** Where a word ends; -1 where it holds odd bytes. */
export function tokenEnd(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  for (; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === BLANK) break;
    if (isOdd(bytes, i, byte)) return -1;
  }
  return i;
}

/** Where a quoted value ends (after its closing quote, or at the end of the line); -1 where it holds odd bytes. */
function quotedEnd(bytes: Uint8Array, open: number, end: number): number {
  for (let i = open + 1; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) return i + 1;
    if (byte !== BLANK && isOdd(bytes, i, byte)) return -1;
    if (byte === BACKSLASH) {
      i++;
      if (i < end && bytes[i] !== BLANK && isOdd(bytes, i, bytes[i] ?? 0)) return -1;
    }
  }
  return end;
}

function isOdd(bytes: Uint8Array, at: number, byte: number): boolean {
  if (KIND[byte] === ODD) return true;
  return (byte === AMPERSAND && bytes[at + 1] === LETTER_Q) || (byte === HASH && bytes[at + 1] === ZERO);
}

function isName(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false;
  return true;
}
