import { plainBytes } from '../json-strings.ts';
import {
  BACKSLASH,
  CLOSE,
  COLON,
  DASH,
  digitsEnd,
  IN_ADDRESS,
  OPEN,
  QUOTE,
  runEnd,
  SPACE,
} from './access-blocks-bytes.ts';

export const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const PLUS = 43;
const COMMA = 44;
const DOT = 46;
const ZERO = 48;
const SMALL_E = 101;
const SMALL_U = 117;
/** Set in small letters alone. */
const SMALL = 32;
const HEX_DIGITS = 4;
const DEEPEST = 16;

/** What stands in strings for itself. */
const PLAIN = new Uint8Array(256).fill(1, SPACE);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;
/** What may follow a backslash alone. */
const ESCAPED: ReadonlySet<number | undefined> = new Set(Buffer.from('"\\/bfnrt'));
const LITERALS = ['true', 'false', 'null'];

const WORD = 4;

/** Told of each member of an object or list: where its key and its value lie; lists have no keys. */
export type OnMember = (keyStart: number, keyEnd: number, start: number, end: number) => void;

/**
 * Where the values of JSON rows end. Stricter than `JSON.parse`: whatever it would refuse has no end here, nor have names with
 * escapes and more than one blank between things. No value goes on behind the end of its line or block.
 */
export class JsonBytes {
  private bytes: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));

  load(bytes: Buffer): void {
    if (bytes === this.bytes) return;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /**
   * Where a string that goes on at `start` has its end, a backslash, or what may not stand in it. Four bytes are looked at together
   * (twice as fast, measured).
   */
  plainEnd(start: number): number {
    const { bytes, view } = this;
    let at = start;
    for (const last = view.byteLength - WORD; at <= last; at += WORD) {
      const plain = plainBytes(view.getInt32(at, true));
      if (plain < WORD) return at + plain;
    }
    while (PLAIN[bytes[at] ?? 0] === 1) at++;
    return at;
  }

  /** Index of the quote that ends a string, whose text begins at `start`; -1 where none does. */
  stringEnd(start: number): number {
    const { bytes } = this;
    let at = this.plainEnd(start);
    while (bytes[at] === BACKSLASH) {
      const isHex = bytes[at + 1] === SMALL_U;
      const next = at + 2 + (isHex ? HEX_DIGITS : 0);
      if (isHex ? runEnd(bytes, at + 2, next, IN_ADDRESS) < next : !ESCAPED.has(bytes[at + 1])) return -1;
      at = this.plainEnd(next);
    }
    return bytes[at] === QUOTE ? at : -1;
  }

  /** End of a number; -1 where none begins. */
  numberEnd(start: number): number {
    const { bytes } = this;
    const whole = bytes[start] === DASH ? start + 1 : start;
    let at = digitsEnd(bytes, whole);
    if (at === whole || (bytes[whole] === ZERO && at > whole + 1)) return -1;
    if (bytes[at] === DOT) {
      const fraction = at + 1;
      at = digitsEnd(bytes, fraction);
      if (at === fraction) return -1;
    }
    if (((bytes[at] ?? 0) | SMALL) !== SMALL_E) return at;
    const sign = bytes[at + 1];
    const exponent = at + (sign === PLUS || sign === DASH ? 2 : 1);
    at = digitsEnd(bytes, exponent);
    return at === exponent ? -1 : at;
  }

  /** End of any value; -1 where none begins, or one that lies too deep. */
  valueEnd(start: number, depth = 0): number {
    const { bytes } = this;
    const byte = bytes[start];
    if (byte === QUOTE) return this.stringEnd(start + 1) + 1 || -1;
    if (byte === OPEN_BRACE || byte === OPEN) return this.membersEnd(start, undefined, depth + 1);
    for (const literal of LITERALS)
      if (byte === literal.charCodeAt(0))
        return bytes.toString('latin1', start, start + literal.length) === literal ? start + literal.length : -1;
    return this.numberEnd(start);
  }

  /** End of the object or list that begins at `start`; -1 where none does. */
  membersEnd(start: number, onMember?: OnMember, depth = 0): number {
    const { bytes } = this;
    const hasKeys = bytes[start] === OPEN_BRACE;
    const close = hasKeys ? CLOSE_BRACE : CLOSE;
    let at = this.blankEnd(start + 1);
    if (bytes[at] === close) return at + 1;
    for (; depth < DEEPEST; at = this.blankEnd(at + 1)) {
      const keyStart = at + 1;
      let keyEnd = keyStart;
      if (hasKeys) {
        if (bytes[at] !== QUOTE) return -1;
        keyEnd = this.plainEnd(keyStart);
        at = this.blankEnd(keyEnd + 1);
        if (bytes[keyEnd] !== QUOTE || bytes[at] !== COLON) return -1;
        at = this.blankEnd(at + 1);
      }
      const end = this.valueEnd(at, depth);
      if (end < 0) return -1;
      onMember?.(keyStart, keyEnd, at, end);
      at = this.blankEnd(end);
      if (bytes[at] === close) return at + 1;
      if (bytes[at] !== COMMA) return -1;
    }
    return -1;
  }

  private blankEnd(at: number): number {
    return this.bytes[at] === SPACE ? at + 1 : at;
  }
}
