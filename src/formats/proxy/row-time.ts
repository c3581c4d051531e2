import { COLON, digit, digitsEnd, twoDigits } from './access-blocks-bytes.ts';
import { accessStamp } from './access-time.ts';

const DOT = 46;
const SLASH = 47;
const MINUTE_SECONDS = 60;
/** Where the seconds stand in `20/Nov/2026:03:14:38 -0500` and in `2026-11-20T03:14:38-05:00`. */
const CLF_SECONDS_AT = 18;
const ISO_SECONDS_AT = 17;
const SLASH_AT = 2;
const MOST_FRACTION_DIGITS = 9;
const FEWEST_SECONDS_DIGITS = 9;
const MOST_SECONDS_DIGITS = 11;
/** As a number `$msec` keeps so many digits of its fraction. */
const MSEC_DIGITS = 3;

/** A time in words, with or without a fraction. Rows come many to a minute: of the same minute only what differs is read. */
export class WrittenTime {
  ms = 0;
  /** Undefined where the time was written as seconds since 1970. */
  offsetMinutes: number | undefined;
  // Of the last time that was read as a whole: what stands before its seconds and behind their fraction.
  private before: Buffer = Buffer.alloc(0);
  private behind: Buffer = Buffer.alloc(0);
  private minuteMs = 0;

  /** Reads `bytes[start, end)`; false where that is no instant. */
  read(bytes: Buffer, start: number, end: number): boolean {
    const secondsAt = start + (bytes[start + SLASH_AT] === SLASH ? CLF_SECONDS_AT : ISO_SECONDS_AT);
    const second = twoDigits(bytes, secondsAt);
    const fractionAt = secondsAt + 2;
    const hasFraction = bytes[fractionAt] === DOT;
    const fractionEnd = hasFraction ? digitsEnd(bytes, fractionAt + 1) : fractionAt;
    const isClock =
      second >= 0 &&
      second < MINUTE_SECONDS &&
      bytes[secondsAt - 1] === COLON &&
      fractionEnd <= end &&
      (!hasFraction || (fractionEnd - fractionAt > 1 && fractionEnd - fractionAt <= MOST_FRACTION_DIGITS + 1));
    const inMinute = isClock ? 1000 * second + fractionMs(bytes, fractionAt + 1, fractionEnd) : 0;
    if (isClock && isSame(bytes, start, secondsAt, this.before) && isSame(bytes, fractionEnd, end, this.behind)) {
      this.ms = this.minuteMs + inMinute;
      return true;
    }
    const stamp = accessStamp(bytes.toString('latin1', start, end), undefined);
    if (stamp?.kind !== 'utc' || Number.isNaN(stamp.ms)) return false;
    this.ms = stamp.ms;
    this.offsetMinutes = stamp.offsetMinutes;
    const isKnown = isClock && stamp.offsetMinutes !== undefined;
    this.before = Buffer.from(isKnown ? bytes.subarray(start, secondsAt) : []);
    this.behind = Buffer.from(isKnown ? bytes.subarray(fractionEnd, end) : []);
    this.minuteMs = stamp.ms - inMinute;
    return true;
  }
}

/** Milliseconds of seconds since 1970 as nginx writes them (`1795162214.873`); -1 where they are written otherwise. */
export function msecOf(bytes: Buffer, start: number, end: number): number {
  const wholeEnd = digitsEnd(bytes, start);
  const digits = wholeEnd - start;
  const isWhole = wholeEnd === end;
  const fractionAt = isWhole ? end : wholeEnd + 1;
  if (digits < FEWEST_SECONDS_DIGITS || digits > MOST_SECONDS_DIGITS || end - fractionAt > MSEC_DIGITS) return -1;
  if (!isWhole && (bytes[wholeEnd] !== DOT || fractionAt === end || digitsEnd(bytes, fractionAt) !== end)) return -1;
  return 1000 * Number(bytes.toString('latin1', start, wholeEnd)) + fractionMs(bytes, fractionAt, end);
}

/** Whole milliseconds of a fraction of a second. */
function fractionMs(bytes: Buffer, start: number, end: number): number {
  let ms = 0;
  for (let at = start; at < start + MSEC_DIGITS; at++) ms = 10 * ms + (at < end ? digit(bytes, at) : 0);
  return ms;
}

function isSame(bytes: Buffer, start: number, end: number, known: Buffer): boolean {
  if (end - start !== known.length) return false;
  for (let i = 0; i < known.length; i++) if (bytes[start + i] !== known[i]) return false;
  return true;
}
