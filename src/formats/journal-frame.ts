import type { Line, Wrapper } from './format.ts';
import { atTime, type Frame, type Place } from './frame.ts';
import { stringEnd } from './json-strings.ts';
import { BlockView, KnownBytes } from './known-bytes.ts';
import { Unwrapper } from './wrappers.ts';

const BLANK = 32;
const TILDE = 126;
const QUOTE = 34;
const BACKSLASH = 92;
const ZERO = 48;
/** Microseconds since 1970, of the years 2001 to 2286. */
const TIME_DIGITS = 16;

/** A field, from the mark before its name to the end of its value. */
const MEMBER = /[{,] ?"(\w{1,64})": ?"((?:[^"\\]|\\.){0,4000})"/y;
const ENDING = /^ ?\}$/;

const MESSAGE = 'MESSAGE';
const TIME = '__REALTIME_TIMESTAMP';
/** What else differs from line to line of a process: the cursor and the clocks, and how bad it is. The wrapper tells nothing of them. */
const OPEN = /^__|_TIMESTAMP$|^PRIORITY$/;

/** A value that differs from line to line, and what stands before it up to its opening quote. */
interface Part {
  readonly before: KnownBytes;
  readonly value: 'message' | 'time' | 'any';
}

/** An object of `journalctl -o json`: the same fields in the same order, as those of one process are. */
export class JournalFrame implements Frame {
  readonly inside = 'json';
  readonly wrapper: Wrapper;
  readonly head: string | null;
  private readonly parts: readonly Part[];
  private readonly ending: KnownBytes;
  private readonly view = new BlockView();

  /** The frame of a line as it is written (a character for each byte), which was unwrapped to this one; null where it is no such object. */
  static of(written: string, { text, wrapper }: Line): JournalFrame | null {
    if (wrapper === null || wrapper.stamp.kind !== 'utc') return null;
    const parts: Part[] = [];
    const names = new Set<string>();
    let fixedFrom = 0;
    let at = 0;
    let message: string | null = null;
    for (;;) {
      MEMBER.lastIndex = at;
      const member = MEMBER.exec(written);
      if (member === null) break;
      at = MEMBER.lastIndex;
      const [, name = '', string = ''] = member;
      // `{"log":` is docker's; of a name that comes again the last one counts.
      if (name === 'log' || names.has(name)) return null;
      names.add(name);
      const value = name === MESSAGE ? 'message' : name === TIME ? 'time' : 'any';
      if (value === 'any' && (!OPEN.test(name) || string.includes('\\'))) continue;
      if (value === 'message') message = string;
      const valueEnd = at - 1;
      parts.push({ before: known(written.slice(fixedFrom, valueEnd - string.length)), value });
      fixedFrom = valueEnd;
    }
    if (message === null || !names.has(TIME) || !ENDING.test(written.slice(at)) || !isLine(message, text)) return null;
    return new JournalFrame(wrapper, parts, known(written.slice(fixedFrom)));
  }

  private constructor(wrapper: Wrapper, parts: readonly Part[], ending: KnownBytes) {
    this.wrapper = wrapper;
    this.parts = parts;
    this.ending = ending;
    this.head = headOf(wrapper);
  }

  find(bytes: Buffer, start: number, end: number, place: Place): boolean {
    const view = this.view.of(bytes);
    let at = start;
    for (const { before, value } of this.parts) {
      if (!before.isAt(view, at)) return false;
      at += before.length;
      const from = at;
      if (value === 'message') {
        at = stringEnd(bytes, from, end);
        if ((bytes[from] ?? 0) <= BLANK) return false;
        place.from = from;
        place.to = at;
      } else {
        at = plainEnd(bytes, from, end);
        if (value !== 'time') continue;
        place.ms = msOf(bytes, from, at);
        if (Number.isNaN(place.ms)) return false;
      }
    }
    return at + this.ending.length === end && this.ending.isAt(view, at);
  }

  wrapperIn(bytes: Buffer, start: number): Wrapper {
    let at = start;
    for (const { before, value } of this.parts) {
      at += before.length;
      if (value === 'time') return atTime(this.wrapper, msOf(bytes, at, at + TIME_DIGITS));
      at = value === 'message' ? stringEnd(bytes, at, bytes.length) : plainEnd(bytes, at, bytes.length);
    }
    return this.wrapper;
  }
}

/** Milliseconds of the microseconds that `bytes[start, end)` says; NaN where it does not. */
function msOf(bytes: Buffer, start: number, end: number): number {
  if (end - start !== TIME_DIGITS) return Number.NaN;
  let microseconds = 0;
  for (let i = start; i < end; i++) {
    const digit = (bytes[i] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    microseconds = microseconds * 10 + digit;
  }
  return Math.floor(microseconds / 1000);
}

function known(text: string): KnownBytes {
  return new KnownBytes(Buffer.from(text, 'latin1'));
}

/** Whether a string of JSON, as it is written, is this line. */
function isLine(string: string, line: string): boolean {
  try {
    return JSON.parse(Buffer.from(`"${string}"`, 'latin1').toString('utf8')) === line;
  } catch {
    return false;
  }
}

/** What stands for itself in a string of JSON, and is ASCII. */
const PLAIN = new Uint8Array(256).fill(1, BLANK, TILDE + 1);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

/** Where such characters end. */
function plainEnd(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && PLAIN[bytes[at] ?? 0] === 1) at++;
  return at;
}

/** What names machine and process in a journal's text, where that says the same. */
function headOf({ server, program, pid }: Wrapper): string | null {
  if (server === undefined || program === undefined) return null;
  const head = `${server} ${program}${pid === undefined ? '' : `[${pid}]`}: `;
  const { wrapper } = new Unwrapper().unwrap(`2026-11-20T08:19:33+0000 ${head}x`, 1);
  const isSame = wrapper?.server === server && wrapper.program === program && wrapper.pid === pid;
  return isSame ? head : null;
}
