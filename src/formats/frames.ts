import { NO_STAMP, type Stamp } from '../vocabulary/records.ts';
import type { Line, Wrapper } from './format.ts';
import { stringEnd, writeLine } from './json-strings.ts';
import { cleaned } from './wrappers/pasted.ts';
import { Unwrapper } from './wrappers.ts';

/**
 * What stands around a line in its wrapper. It is the same around many lines, but for the digits of seconds: so it is
 * learned from a line that the unwrapper took it off, and known again from its bytes.
 */
export interface Frame {
  readonly before: Uint8Array;
  readonly behind: Uint8Array;
  /** For each byte before and behind: up to which digit it may be another digit; 0: it is always the same. */
  readonly digitsBefore: Uint8Array;
  readonly digitsBehind: Uint8Array;
  /** Whether the line stands in a string of JSON. */
  readonly isJson: boolean;
  /** That of the line from which it was learned. */
  readonly wrapper: Wrapper | null;
  /** What of the wrapper's time is open; null where it is the same in all lines. */
  readonly clock: FrameClock | null;
}

/** Where in a frame the seconds stand that its wrapper's time tells, and what that is without them. */
interface FrameClock {
  readonly isBehind: boolean;
  readonly at: number;
  readonly bytes: number;
  readonly minuteMs: number;
}

/** The wrapper of `bytes[start, end)`, a line with this frame. */
export function wrapperIn(
  { wrapper, clock, behind }: Frame,
  bytes: Buffer,
  start: number,
  end: number,
): Wrapper | null {
  if (wrapper === null || clock === null) return wrapper;
  const at = (clock.isBehind ? end - behind.length : start) + clock.at;
  return atTime(wrapper, clock.minuteMs + secondsMs(bytes, at, at + clock.bytes));
}

/** The wrapper at another time. A copy that begins with `...` has a hidden class of its own, which is slow to make: times are many. */
export function atTime(wrapper: Wrapper, ms: number): Wrapper {
  return Object.assign({}, wrapper, { stamp: Object.assign({}, wrapper.stamp, { ms }) });
}

/** A source has one for each container, and for each length of a fraction of a second. */
const MOST_FRAMES = 16;
const LONGEST = 400;
/** Of longer lines none is learned. */
const LONGEST_LINE = 65_536;
/** Where frames are not known again, it is not tried for each line: so many lessons are given in any case, and for one of so many lines. */
const FREE_LESSONS = 256;
const LINES_PER_LESSON = 16;

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

/** Knows the wrappers of a source's lines. */
export class Frames {
  private readonly unwrapper = new Unwrapper();
  /** The one that was found last stands first. */
  private readonly known: Frame[] = [];
  private lessons = 0;
  private lines = 0;

  /** The frame of the line `bytes[start, end)`; null where it is not known, or the line is bare. */
  find(bytes: Buffer, start: number, end: number): Frame | null {
    this.lines++;
    const { known } = this;
    for (let i = 0; i < known.length; i++) {
      const frame = known[i];
      if (frame === undefined || !surrounds(frame, bytes, start, end)) continue;
      if (i > 0) known.unshift(...known.splice(i, 1));
      return frame;
    }
    if (end - start > LONGEST_LINE || this.lessons > FREE_LESSONS + this.lines / LINES_PER_LESSON) return null;
    this.lessons++;
    const frame = this.learn(bytes, start, end);
    if (frame === null) return null;
    known.unshift(frame);
    if (known.length > MOST_FRAMES) known.pop();
    return frame;
  }

  /** The line as the ordinary way unwraps it. */
  unwrap(text: string, number: number): Line {
    return this.unwrapper.unwrap(text, number);
  }

  private learn(bytes: Buffer, start: number, end: number): Frame | null {
    const written = bytes.toString('latin1', start, end);
    const { text, wrapper } = this.unwrap(bytes.toString('utf8', start, end), 0);
    const inner = Buffer.from(text, 'utf8').toString('latin1');
    const around = cutFrom(written, inner);
    if (around === null) return null;
    const [before, behind, isJson] = around;
    if (before.length + behind.length > LONGEST || !PLAIN.test(before) || !PLAIN.test(behind)) return null;
    const clocks = [...clocksIn(before, false), ...clocksIn(behind, true)];
    const clock = clockOf(clocks, wrapper?.stamp ?? NO_STAMP);
    const isOpen = clock !== undefined;
    const frame: Frame = {
      before: Buffer.from(before, 'latin1'),
      behind: Buffer.from(behind, 'latin1'),
      digitsBefore: openDigits(isOpen ? before : '', before.length),
      digitsBehind: openDigits(isOpen ? behind : '', behind.length),
      isJson,
      wrapper,
      clock: clock ?? null,
    };
    return surrounds(frame, bytes, start, end) ? frame : null;
  }
}

/** What stands before and behind the inner line, and whether that is a string of JSON; null where it was not just taken off. */
function cutFrom(written: string, inner: string): readonly [before: string, behind: string, isJson: boolean] | null {
  const json = JSON_BEFORE.exec(written)?.[0];
  if (json !== undefined) {
    const bytes = Buffer.from(written, 'latin1');
    const target = Buffer.alloc(bytes.length + 4);
    const end = stringEnd(bytes, json.length);
    const length = writeLine(viewOf(target), 0, viewOf(bytes), json.length, end);
    return length >= 0 && target.toString('latin1', 0, length) === inner ? [json, written.slice(end), true] : null;
  }
  if (cleaned(written) !== written || inner.length >= written.length || !written.endsWith(inner)) return null;
  return [written.slice(0, written.length - inner.length), '', false];
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
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

/** Whether the frame stands around something in `bytes[start, end)` that begins with no blank: it may be the frame's. */
function surrounds(
  { before, behind, digitsBefore, digitsBehind }: Frame,
  bytes: Buffer,
  start: number,
  end: number,
): boolean {
  const to = end - behind.length;
  const from = start + before.length;
  if (from >= to || (bytes[from] ?? 0) <= BLANK) return false;
  return isAt(behind, digitsBehind, bytes, to) && isAt(before, digitsBefore, bytes, start);
}

function isAt(text: Uint8Array, digits: Uint8Array, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const byte = bytes[at + i] ?? 0;
    if (byte !== text[i] && (byte < 48 || byte > (digits[i] ?? 0))) return false;
  }
  return true;
}
