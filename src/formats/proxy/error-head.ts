import { wallMs } from '../stamps.ts';
import { LEVELS } from './nginx-matcher.ts';

/** `2026/11/20 08:10` */
export const DATE_BYTES = 16;
const BLANK = 32;
const HASH = 35;
const STAR = 42;
const UNDERSCORE = 95;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const MOST_DIGITS = 10;
const MOST_CONNECTION_DIGITS = 20;

/** What stands behind `[` for each of `LEVELS`, up to the process. */
export const LEVEL_BYTES = LEVELS.map((level) => Buffer.from(`${level}] `, 'latin1'));
const NO_LEVEL = -1;

/** Where the digits that begin at `start` end; at most `most` of them. */
export function digitsEnd(bytes: Uint8Array, start: number, end: number, most: number): number {
  let i = start;
  const last = Math.min(end, start + most);
  while (i < last && isDigit(bytes[i] ?? 0)) i++;
  return i;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/**
 * Reads the head that nginx itself writes, from bytes: `2026/11/20 08:10:14 [error] 12#12: *3 ` at the very beginning of
 * the line. Other heads (wrapped, pasted, without date) are for `findHead`.
 */
export class ErrorHead {
  /** The wall clock read as though UTC. */
  ms = 0;
  /** The same of its minute. */
  minuteMs = 0;
  /** Index into `LEVELS`. */
  level = NO_LEVEL;
  /** Whether it names a connection. */
  hasConnection = false;
  /** Where the message begins. */
  end = 0;
  private readonly minute = new Uint8Array(DATE_BYTES);

  /** Whether `bytes[start, end)` begins with such a head; the fields hold it then. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < 32 || bytes[start + 16] !== COLON || bytes[start + 19] !== BLANK || bytes[start + 20] !== OPEN)
      return false;
    const tens = (bytes[start + 17] ?? 0) - 48;
    const ones = (bytes[start + 18] ?? 0) - 48;
    if (tens < 0 || tens > 9 || ones < 0 || ones > 9) return false;
    if (!this.sameMinute(bytes, start) && !this.readMinute(bytes, start)) return false;
    this.ms = this.minuteMs + (tens * 10 + ones) * 1000;
    return this.readLevel(bytes, start + 21, end) && this.readProcess(bytes, end);
  }

  private sameMinute(bytes: Uint8Array, start: number): boolean {
    const { minute } = this;
    for (let i = DATE_BYTES - 1; i >= 0; i--) if (bytes[start + i] !== minute[i]) return false;
    return true;
  }

  private readMinute(bytes: Uint8Array, start: number): boolean {
    const text = Buffer.from(bytes.subarray(start, start + DATE_BYTES)).toString('latin1');
    const date = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d)$/.exec(text);
    if (date === null) return false;
    this.minuteMs = wallMs(Number(date[1]), Number(date[2]) - 1, Number(date[3]), Number(date[4]), Number(date[5]), 0);
    this.minute.set(bytes.subarray(start, start + DATE_BYTES));
    return true;
  }

  private readLevel(bytes: Uint8Array, start: number, end: number): boolean {
    for (let level = 0; level < LEVEL_BYTES.length; level++) {
      const name = LEVEL_BYTES[level];
      if (name === undefined || bytes[start] !== name[0] || bytes[start + name.length - 2] !== CLOSE) continue;
      let i = 1;
      while (i < name.length && bytes[start + i] === name[i]) i++;
      if (i < name.length || start + i >= end) continue;
      this.level = level;
      this.end = start + i;
      return true;
    }
    return false;
  }

  /** `12#12: ` and `*3 `; a star that is none of nginx's own makes the head one for `findHead`. */
  private readProcess(bytes: Uint8Array, end: number): boolean {
    const pid = digitsEnd(bytes, this.end, end, MOST_DIGITS);
    if (pid === this.end || bytes[pid] !== HASH) return false;
    const tid = digitsEnd(bytes, pid + 1, end, MOST_DIGITS);
    if (tid === pid + 1 || bytes[tid] !== COLON || bytes[tid + 1] !== BLANK || tid + 2 > end) return false;
    const from = tid + 2;
    if (bytes[from] === UNDERSCORE) return false;
    this.hasConnection = bytes[from] === STAR;
    if (!this.hasConnection) {
      this.end = from;
      return true;
    }
    const connection = digitsEnd(bytes, from + 1, end, MOST_CONNECTION_DIGITS);
    if (connection === from + 1 || bytes[connection] !== BLANK || connection >= end) return false;
    this.end = connection + 1;
    return true;
  }
}
