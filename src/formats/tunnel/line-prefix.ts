import type { Stamp } from '../../vocabulary/records.ts';
import type { Wrapper } from '../format.ts';
import { atTime } from '../frame.ts';
import { BlockView, KnownBytes } from '../known-bytes.ts';
import { parseIso, wallMs } from '../stamps.ts';
import { Unwrapper } from '../wrappers.ts';
import { isOwnProgram } from './cloudflared-words.ts';

/** What stands before the level of a line, and what it says. */
export interface LinePrefix {
  readonly known: KnownBytes;
  /** Where cloudflared's own part begins: its stamp. */
  readonly textAt: number;
  readonly wrapper: Wrapper | null;
  /** Whether the wrapper names cloudflared. */
  readonly isNamed: boolean;
  readonly stamp: Stamp;
  readonly ms: number;
  /** What the wrapper says of stamp and machine. */
  readonly outerStamp: Stamp | undefined;
  readonly server: string | undefined;
}

/** Levels as they are written and as records name them. */
export const LEVELS = [
  ['DBG', 'debug'],
  ['INF', 'info'],
  ['WRN', 'warn'],
  ['ERR', 'error'],
] as const;
/** Of a level's word and the blank behind it. */
export const LEVEL_BYTES = 4;
const LEVEL_WORDS = LEVELS.map(([word]) => Buffer.from(`${word} `, 'latin1').readInt32LE());

/** A few connectors may write into one journal. */
const MOST_KNOWN = 16;
/** No wrapper of a text line is longer. */
const LONGEST = 300;
const CLEAN_HEAD = /^[\x20-\x7e]{0,300}$/;
const OWN_PART = /:\d\dZ (?:DBG|INF|WRN|ERR) /;
const OWN_HEAD = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (DBG|INF|WRN|ERR) /;

/** Knows the beginnings of lines again: they are the same for all lines of a second. */
export class LinePrefixes {
  /** Index into `LEVELS` of the line whose prefix was read last. */
  level = 0;
  /** Of each writer the latest. */
  private readonly known: LinePrefix[] = [];
  private readonly view = new BlockView();
  private next = 0;
  private latest = 0;

  /** The prefix of the line `bytes[start, end)`; null where it has none of the form that is read from bytes. */
  read(bytes: Buffer, start: number, end: number): LinePrefix | null {
    const view = this.view.of(bytes);
    const prefix = this.find(view, start, end) ?? this.derive(bytes, view, start, end) ?? this.learn(bytes, start, end);
    if (prefix === null) return null;
    this.level = LEVEL_WORDS.indexOf(view.getInt32(start + prefix.known.length, true));
    return this.level < 0 ? null : prefix;
  }

  private find(view: DataView, start: number, end: number): LinePrefix | null {
    const { known, latest } = this;
    for (let i = 0; i < known.length; i++) {
      const index = (latest + i) % known.length;
      const prefix = known[index];
      if (prefix === undefined || end - start < prefix.known.length + LEVEL_BYTES) continue;
      if (!prefix.known.isAt(view, start)) continue;
      this.latest = index;
      return prefix;
    }
    return null;
  }

  /** Lines of another second differ from a known one in nothing but the digits of their two clocks. */
  private derive(bytes: Buffer, view: DataView, start: number, end: number): LinePrefix | null {
    const { known, latest } = this;
    for (let i = 0; i < known.length; i++) {
      const index = (latest + i) % known.length;
      const prefix = known[index];
      const moved = prefix && moveTo(prefix, bytes, view, start, end);
      if (!moved) continue;
      known[index] = moved;
      this.latest = index;
      return moved;
    }
    return null;
  }

  private learn(bytes: Buffer, start: number, end: number): LinePrefix | null {
    const found = prefixOf(bytes, start, end);
    if (found === null) return null;
    this.known[this.next] = found;
    this.latest = this.next;
    this.next = (this.next + 1) % MOST_KNOWN;
    return found;
  }
}

function prefixOf(bytes: Buffer, start: number, end: number): LinePrefix | null {
  const head = bytes.toString('latin1', start, Math.min(end, start + LONGEST));
  if (!OWN_PART.test(head)) return null;
  const line = new Unwrapper().unwrap(head, 1);
  const own = OWN_HEAD.exec(line.text);
  const stamp = own?.[1] === undefined ? undefined : parseIso(own[1]);
  if (own === null || stamp?.kind !== 'utc' || !head.endsWith(line.text)) return null;
  const textAt = head.length - line.text.length;
  const length = textAt + own[0].length - LEVEL_BYTES;
  const isNamed = isOwnProgram(line.wrapper?.program);
  if (!CLEAN_HEAD.test(head.slice(0, length)) || (line.wrapper?.program !== undefined && !isNamed)) return null;
  return {
    known: new KnownBytes(bytes.subarray(start, start + length)),
    textAt,
    wrapper: line.wrapper,
    isNamed,
    stamp,
    ms: stamp.ms,
    outerStamp: outerStampOf(line.wrapper),
    server: line.wrapper?.server,
  };
}

const STAMP_BYTES = 19;
/** Of these up to the seconds. */
const MINUTE_BYTES = 17;
/** `2026-11-20T08:00:00`: which of its bytes are digits. */
const STAMP_SHAPE = Buffer.from('dddd-dd-ddTdd:dd:dd', 'latin1');
/** The same of a clock alone, and what stands before it in `Nov 20 08:00:00`. */
const CLOCK_SHAPE = Buffer.from('dd:dd:dd', 'latin1');
const CLOCK_BYTES = CLOCK_SHAPE.length;
const DAY_BYTES = 7;
const DIGIT = 100;
const POINT = 46;

/** The prefix with the times of a line that is written alike; null where it is not. */
function moveTo(prefix: LinePrefix, bytes: Buffer, view: DataView, start: number, end: number): LinePrefix | null {
  const { known, textAt, wrapper, isNamed, server } = prefix;
  if (end - start < known.length + LEVEL_BYTES) return null;
  if (!known.agrees(view, start, textAt + STAMP_BYTES, known.length)) return null;
  const sinceKnown = sinceStamp(known, textAt, bytes, view, start);
  if (Number.isNaN(sinceKnown)) return null;
  const ms = prefix.ms + sinceKnown;
  const stamp: Stamp = { kind: 'utc', ms, offsetMinutes: 0 };
  const moved = wrapper === null ? wrapper : moveWrapper(wrapper, known, textAt, bytes, view, start);
  if (moved === undefined) return null;
  const own = new KnownBytes(bytes.subarray(start, start + known.length));
  return { known: own, textAt, wrapper: moved, isNamed, stamp, ms, outerStamp: outerStampOf(moved), server };
}

/** How long after the stamp at `place` of a known text that is which stands there in a line; NaN where none does. */
function sinceStamp(known: KnownBytes, place: number, bytes: Buffer, view: DataView, start: number): number {
  const at = start + place;
  if (!isStamp(bytes, at)) return Number.NaN;
  if (!known.agrees(view, start, place, place + MINUTE_BYTES)) return wallAt(bytes, at) - wallAt(known.bytes, place);
  return (two(bytes, at + MINUTE_BYTES) - two(known.bytes, place + MINUTE_BYTES)) * 1000;
}

function outerStampOf(wrapper: Wrapper | null): Stamp | undefined {
  return wrapper === null || wrapper.stamp.kind === 'none' ? undefined : wrapper.stamp;
}

/** The wrapper with the time of another line; undefined where it differs in more than that. */
function moveWrapper(
  wrapper: Wrapper,
  known: KnownBytes,
  textAt: number,
  bytes: Buffer,
  view: DataView,
  start: number,
): Wrapper | undefined {
  const { stamp } = wrapper;
  const written = known.bytes;
  if (stamp.kind === 'none') return undefined;
  if (isStamp(written, 0) && isStamp(bytes, start)) {
    const end = fractionEnd(written, STAMP_BYTES);
    if (fractionEnd(bytes, start + STAMP_BYTES) !== start + end || !known.agrees(view, start, end, textAt))
      return undefined;
    const fractions = millisecondAt(bytes, start + STAMP_BYTES) - millisecondAt(written, STAMP_BYTES);
    const ms = stamp.ms + sinceStamp(known, 0, bytes, view, start) + fractions;
    return atTime(wrapper, ms);
  }
  // `Nov 20 08:00:00 `: of the same day only the clock differs.
  if (!isClock(written, DAY_BYTES) || !isClock(bytes, start + DAY_BYTES)) return undefined;
  if (!known.agrees(view, start, 0, DAY_BYTES) || !known.agrees(view, start, DAY_BYTES + CLOCK_BYTES, textAt))
    return undefined;
  const ms = stamp.ms + clockAt(bytes, start + DAY_BYTES) - clockAt(written, DAY_BYTES);
  return atTime(wrapper, ms);
}

function isStamp(bytes: Uint8Array, at: number): boolean {
  return hasShape(bytes, at, STAMP_SHAPE);
}

function isClock(bytes: Uint8Array, at: number): boolean {
  return hasShape(bytes, at, CLOCK_SHAPE);
}

function hasShape(bytes: Uint8Array, at: number, shape: Uint8Array): boolean {
  for (let i = 0; i < shape.length; i++) {
    const byte = bytes[at + i] ?? 0;
    if (shape[i] === DIGIT ? byte < 48 || byte > 57 : byte !== shape[i]) return false;
  }
  return true;
}

/** Where the digits after a point at `at` end; `at` where there is no point. */
function fractionEnd(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== POINT) return at;
  let i = at + 1;
  while ((bytes[i] ?? 0) >= 48 && (bytes[i] ?? 0) <= 57) i++;
  return i;
}

/** The first three digits of such a fraction. */
function millisecondAt(bytes: Uint8Array, at: number): number {
  const end = Math.min(fractionEnd(bytes, at), at + 4);
  let ms = 0;
  for (let i = 1; i <= 3; i++) ms = ms * 10 + (at + i < end ? (bytes[at + i] ?? 48) - 48 : 0);
  return ms;
}

function two(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 48) - 48) * 10 + (bytes[at + 1] ?? 48) - 48;
}

function clockAt(bytes: Uint8Array, at: number): number {
  return ((two(bytes, at) * 60 + two(bytes, at + 3)) * 60 + two(bytes, at + 6)) * 1000;
}

function wallAt(bytes: Uint8Array, at: number): number {
  const year = two(bytes, at) * 100 + two(bytes, at + 2);
  return wallMs(year, two(bytes, at + 5) - 1, two(bytes, at + 8), 0, 0, 0) + clockAt(bytes, at + 11);
}
