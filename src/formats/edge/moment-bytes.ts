import { momentMs } from './moment.ts';

const QUOTE = 34;
const DOT = 46;
const ZERO = 48;
const COLON = 58;
const Z = 90;
/** `YYYY-MM-DDTHH:MM`. */
const MINUTE_CHARS = 16;
/** Minutes remembered at a time; a power of two. */
const MINUTES = 8;
/** A Unix time of ten digits, with three, six or nine more. */
const SECOND_DIGITS = 10;
const EARLIEST_S = 978_307_200;
const LATEST_S = 4_102_444_800;
/** `momentMs` of nanoseconds is off by up to half a microsecond; nearer than this to the next millisecond it must be asked. */
const NEAR_NS = 998_000;

/**
 * `momentMs` of a column's bytes, for the usual forms: RFC 3339 that ends in `Z`, with or without fraction, and Unix times
 * of 10, 13, 16 or 19 digits.
 */
export class MomentBytes {
  /** Minutes that were read, by their last digit: rows are written within seconds of each other, not in order. */
  private readonly minutes = new Uint8Array(MINUTES * MINUTE_CHARS);
  private readonly minutesMs = new Float64Array(MINUTES).fill(Number.NaN);

  /** Milliseconds since 1970 of the value `bytes[from, to)`, quotes included; NaN where it is written otherwise. */
  read(bytes: Buffer, from: number, to: number): number {
    if (bytes[from] !== QUOTE) return unixMs(bytes, from, to);
    const length = to - from - 2;
    if (length < MINUTE_CHARS + 4) return unixMs(bytes, from + 1, to - 1);
    if (bytes[to - 2] !== Z) return Number.NaN;
    const at = from + 1;
    const slot = (bytes[at + MINUTE_CHARS - 1] ?? 0) & (MINUTES - 1);
    for (let i = 0; i < MINUTE_CHARS; i++) {
      if (bytes[at + i] !== this.minutes[slot * MINUTE_CHARS + i]) {
        this.learn(bytes, at, slot);
        break;
      }
    }
    const seconds = digits(bytes, at + MINUTE_CHARS + 1, 2);
    if (bytes[at + MINUTE_CHARS] !== COLON || seconds === -1) return Number.NaN;
    const ms = (this.minutesMs[slot] ?? Number.NaN) + seconds * 1000;
    const fraction = at + MINUTE_CHARS + 3;
    return fraction === to - 2 ? ms : ms + fractionMs(bytes, fraction, to - 2);
  }

  private learn(bytes: Buffer, at: number, slot: number): void {
    this.minutes.set(bytes.subarray(at, at + MINUTE_CHARS), slot * MINUTE_CHARS);
    this.minutesMs[slot] = momentMs(`${bytes.toString('latin1', at, at + MINUTE_CHARS)}:00Z`) ?? Number.NaN;
  }
}

/** Milliseconds of `.5`, `.123456789`; NaN where it is none of 1 to 9 digits. */
function fractionMs(bytes: Uint8Array, from: number, to: number): number {
  const count = to - from - 1;
  if (bytes[from] !== DOT || count < 1 || count > 9 || digits(bytes, from + 1, count) === -1) return Number.NaN;
  const shown = Math.min(3, count);
  return digits(bytes, from + 1, shown) * 10 ** (3 - shown);
}

function unixMs(bytes: Uint8Array, from: number, to: number): number {
  const more = to - from - SECOND_DIGITS;
  const seconds = digits(bytes, from, SECOND_DIGITS);
  if (seconds < EARLIEST_S || seconds >= LATEST_S) return Number.NaN;
  if (more === 0) return seconds * 1000;
  if (more !== 3 && more !== 6 && more !== 9) return Number.NaN;
  const ms = digits(bytes, from + SECOND_DIGITS, 3);
  const rest = more === 3 ? 0 : digits(bytes, from + SECOND_DIGITS + 3, more - 3) * (more === 6 ? 1000 : 1);
  return ms === -1 || rest < 0 || rest >= NEAR_NS ? Number.NaN : seconds * 1000 + ms;
}

/** The number of these digits; -1 where another byte is among them. */
function digits(bytes: Uint8Array, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}
