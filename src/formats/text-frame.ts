import { NO_STAMP, type Stamp } from '../vocabulary/records.ts';
import type { Line, Wrapper } from './format.ts';
import { atTime, type Frame, type Place } from './frame.ts';
import { stringEnd, viewOf, writeLine } from './json-strings.ts';
import { cleaned } from './wrappers/pasted.ts';

/** Where in a frame the seconds stand that its wrapper's time tells, and what that is without them. */
interface FrameClock {
  readonly isBehind: boolean;
  readonly at: number;
  readonly bytes: number;
  readonly minuteMs: number;
}

const LONGEST = 400;

const PLAIN = /^[\x20-\x7e]*$/;
/** Seconds, and what of them is written behind the point; no part of an address. */
const SECONDS = /(?<=[T _]\d\d:\d\d:)[0-5]\d(?:[.,]\d{1,9})?(?![\d:])/g;
/** docker's file of JSON; see `peelJson`. */
const JSON_BEFORE = /^\{"log": ?"/;
const NINE = 57;
const ZERO = 48;
const MINUTE_MS = 60_000;
const FIVE = 53;

const BLANK = 32;

/** A frame whose texts before and behind are the same around all lines, but for the digits of seconds. */
export class TextFrame implements Frame {
  readonly head = null;
  readonly inside: Frame['inside'];
  readonly wrapper: Wrapper | null;
  private readonly before: Uint8Array;
  private readonly behind: Uint8Array;
  /** For each byte before and behind: up to which digit it may be another digit; 0: it is always the same. */
  private readonly digitsBefore: Uint8Array;
  private readonly digitsBehind: Uint8Array;
  /** What of the wrapper's time is open; null where it is the same in all lines. */
  private readonly clock: FrameClock | null;

  /** The frame of a line as it is written (a character for each byte), which was unwrapped to this one; null where that is not sure. */
  static of(written: string, { text, wrapper }: Line): TextFrame | null {
    const inner = Buffer.from(text, 'utf8').toString('latin1');
    const around = cutFrom(written, inner);
    if (around === null) return null;
    const [before, behind] = around;
    if (before.length + behind.length > LONGEST || !PLAIN.test(before) || !PLAIN.test(behind)) return null;
    return new TextFrame(around, wrapper);
  }

  private constructor([before, behind, inside]: Around, wrapper: Wrapper | null) {
    const clocks = [...clocksIn(before, false), ...clocksIn(behind, true)];
    const clock = clockOf(clocks, wrapper?.stamp ?? NO_STAMP);
    const isOpen = clock !== undefined;
    this.before = Buffer.from(before, 'latin1');
    this.behind = Buffer.from(behind, 'latin1');
    this.digitsBefore = openDigits(isOpen ? before : '', before.length);
    this.digitsBehind = openDigits(isOpen ? behind : '', behind.length);
    this.inside = inside;
    this.wrapper = wrapper;
    this.clock = clock ?? null;
  }

  /** Only what begins with no blank: that may be the frame's. */
  find(bytes: Buffer, start: number, end: number, place: Place): boolean {
    const { before, behind } = this;
    const to = end - behind.length;
    const from = start + before.length;
    if (from >= to || (bytes[from] ?? 0) <= BLANK) return false;
    if (!isAt(behind, this.digitsBehind, bytes, to) || !isAt(before, this.digitsBefore, bytes, start)) return false;
    place.from = from;
    place.to = to;
    return true;
  }

  wrapperIn(bytes: Buffer, start: number, end: number): Wrapper | null {
    const { wrapper, clock, behind } = this;
    if (wrapper === null || clock === null) return wrapper;
    const at = (clock.isBehind ? end - behind.length : start) + clock.at;
    return atTime(wrapper, clock.minuteMs + secondsMs(bytes, at, at + clock.bytes));
  }
}

/** What stands before and behind a line, and how the line stands in it. */
type Around = readonly [before: string, behind: string, inside: Frame['inside']];

/** What stands around the inner line; null where it was not just taken off. */
function cutFrom(written: string, inner: string): Around | null {
  const json = JSON_BEFORE.exec(written)?.[0];
  if (json !== undefined) {
    const bytes = Buffer.from(written, 'latin1');
    const target = Buffer.alloc(bytes.length + 4);
    const end = stringEnd(bytes, json.length, bytes.length);
    const length = writeLine(viewOf(target), 0, viewOf(bytes), json.length, end, true);
    const isInner = length >= 0 && target.toString('latin1', 0, length) === inner;
    return isInner ? [json, written.slice(end), 'json-line'] : null;
  }
  if (cleaned(written) !== written || inner.length >= written.length || !written.endsWith(inner)) return null;
  return [written.slice(0, written.length - inner.length), '', 'text'];
}

/** Seconds in a text with their fraction, and how many milliseconds they are. */
interface Seconds extends Omit<FrameClock, 'minuteMs'> {
  readonly ms: number;
}

function clocksIn(text: string, isBehind: boolean): Seconds[] {
  return [...text.matchAll(SECONDS)].map(({ index, 0: all }) => {
    const bytes = Buffer.from(all, 'latin1');
    return { isBehind, at: index, bytes: bytes.length, ms: secondsMs(bytes, 0, bytes.length) };
  });
}

/** The one of these clocks that a stamp is of; null where there is no time, undefined where it is not sure. */
function clockOf(clocks: readonly Seconds[], stamp: Stamp): FrameClock | null | undefined {
  if (stamp.kind === 'none') return null;
  const { ms } = stamp;
  const [first, ...others] = clocks.filter((clock) => (ms - clock.ms) % MINUTE_MS === 0);
  if (first === undefined || others.length > 0) return undefined;
  const { isBehind, at, bytes } = first;
  return { isBehind, at, bytes, minuteMs: ms - first.ms };
}

/** Milliseconds of `14`, `14.5` or `14.123456789` in `bytes[start, end)`. */
function secondsMs(bytes: Uint8Array, start: number, end: number): number {
  let ms = 0;
  for (let i = 0, at = start; i < 5; i++, at++) {
    if (i === 2) at++;
    ms = ms * 10 + (at < end ? (bytes[at] ?? 0) - ZERO : 0);
  }
  return ms;
}

function openDigits(text: string, length: number): Uint8Array {
  const digits = new Uint8Array(length);
  for (const { index, 0: all } of text.matchAll(SECONDS)) {
    digits.fill(NINE, index, index + all.length);
    digits[index] = FIVE;
    if (all.length > 2) digits[index + 2] = 0;
  }
  return digits;
}

function isAt(text: Uint8Array, digits: Uint8Array, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte !== text[i] && (byte < 48 || byte > (digits[i] ?? 0))) return false;
  }
  return true;
}
