import type { Stamp } from '../../vocabulary/records.ts';
import type { Wrapper } from '../format.ts';
import { BlockView, KnownBytes } from '../known-bytes.ts';
import { parseIso, wallMs } from '../stamps.ts';
import { Unwrapper } from '../wrappers.ts';
import { isOwnProgram } from './cloudflared-words.ts';

/** What stands before the message of a line, and what it says. */
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
  /** Index into `LEVELS`. */
  readonly level: number;
}

/** Levels as they are written and as records name them. */
export const LEVELS = [
  ['DBG', 'debug'],
  ['INF', 'info'],
  ['WRN', 'warn'],
  ['ERR', 'error'],
] as const;

/** Lines of one second differ by level, a few connectors may write into one journal. */
const MOST_KNOWN = 16;
/** No wrapper of a text line is longer. */
const LONGEST = 300;
const CLEAN_HEAD = /^[\x20-\x7e]{0,300}$/;
const OWN_PART = /:\d\dZ (?:DBG|INF|WRN|ERR) /;
const OWN_HEAD = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ) (DBG|INF|WRN|ERR) /;

/** Knows the beginnings of lines again: they are the same for all lines of a second and level. */
export class LinePrefixes {
  private readonly known: LinePrefix[] = [];
  private readonly view = new BlockView();
  private next = 0;
  private latest = 0;

  /** The prefix of the line `bytes[start, end)`; null where it has none of the form that is read from bytes. */
  read(bytes: Buffer, start: number, end: number): LinePrefix | null {
    const { known, latest } = this;
    const view = this.view.of(bytes);
    for (let i = 0; i < known.length; i++) {
      const index = (latest + i) % known.length;
      const prefix = known[index];
      if (prefix === undefined || end - start < prefix.known.length || !prefix.known.isAt(view, start)) continue;
      this.latest = index;
      return prefix;
    }
    const found = this.derive(bytes, start, end) ?? learn(bytes, start, end);
    if (found === null) return null;
    this.known[this.next] = found;
    this.latest = this.next;
    this.next = (this.next + 1) % MOST_KNOWN;
    return found;
  }

  /** Lines of another second differ from a known one in nothing but the digits of their two clocks. */
  private derive(bytes: Buffer, start: number, end: number): LinePrefix | null {
    const { known, latest } = this;
    for (let i = 0; i < known.length; i++) {
      const prefix = known[(latest + i) % known.length];
      const moved = prefix && moveTo(prefix, bytes, start, end);
      if (moved) return moved;
    }
    return null;
  }
}

function learn(bytes: Buffer, start: number, end: number): LinePrefix | null {
  const head = bytes.toString('latin1', start, Math.min(end, start + LONGEST));
  if (!OWN_PART.test(head)) return null;
  const line = new Unwrapper().unwrap(head, 1);
  const own = OWN_HEAD.exec(line.text);
  const stamp = own?.[1] === undefined ? undefined : parseIso(own[1]);
  if (own === null || stamp?.kind !== 'utc' || !head.endsWith(line.text)) return null;
  const textAt = head.length - line.text.length;
  const length = textAt + own[0].length;
  const isNamed = isOwnProgram(line.wrapper?.program);
  if (!CLEAN_HEAD.test(head.slice(0, length)) || (line.wrapper?.program !== undefined && !isNamed)) return null;
  return {
    known: new KnownBytes(bytes.subarray(start, start + length)),
    textAt,
    wrapper: line.wrapper,
    outerStamp: outerStampOf(line.wrapper),
    server: line.wrapper?.server,
    isNamed,
    stamp,
    ms: stamp.ms,
    level: LEVELS.findIndex(([word]) => word === own[2]),
  };
}

const STAMP_BYTES = 19;
/** `2026-11-20T08:00:00`: which of its bytes are digits. */
const STAMP_SHAPE = Buffer.from('dddd-dd-ddTdd:dd:dd', 'latin1');
/** The same of a clock alone, and what stands before it in `Nov 20 08:00:00`. */
const CLOCK_SHAPE = Buffer.from('dd:dd:dd', 'latin1');
const CLOCK_BYTES = CLOCK_SHAPE.length;
const DAY_BYTES = 7;
const DIGIT = 100;
const POINT = 46;

/** The prefix with the times of a line that is written alike; null where it is not. */
function moveTo(prefix: LinePrefix, bytes: Buffer, start: number, end: number): LinePrefix | null {
  const { textAt, wrapper } = prefix;
  const known = prefix.known.bytes;
  if (end - start < known.length || !agree(bytes, start, known, textAt + STAMP_BYTES, known.length)) return null;
  const text = start + textAt;
  if (!isStamp(bytes, text)) return null;
  const ms = wallAt(bytes, text);
  const stamp: Stamp = { kind: 'utc', ms, offsetMinutes: 0 };
  const moved = wrapper === null ? wrapper : moveWrapper(wrapper, known, textAt, bytes, start);
  if (moved === undefined) return null;
  const own = new KnownBytes(bytes.subarray(start, start + known.length));
  return { ...prefix, known: own, wrapper: moved, outerStamp: outerStampOf(moved), stamp, ms };
}

function outerStampOf(wrapper: Wrapper | null): Stamp | undefined {
  return wrapper === null || wrapper.stamp.kind === 'none' ? undefined : wrapper.stamp;
}

/** The wrapper with the time of another line; undefined where it differs in more than that. */
function moveWrapper(
  wrapper: Wrapper,
  known: Uint8Array,
  textAt: number,
  bytes: Uint8Array,
  start: number,
): Wrapper | undefined {
  const { stamp } = wrapper;
  if (stamp.kind === 'none') return undefined;
  if (isStamp(known, 0) && isStamp(bytes, start)) {
    const end = fractionEnd(known, STAMP_BYTES);
    if (fractionEnd(bytes, start + STAMP_BYTES) !== start + end || !agree(bytes, start, known, end, textAt))
      return undefined;
    const fractions = millisecondAt(bytes, start + STAMP_BYTES) - millisecondAt(known, STAMP_BYTES);
    const ms = stamp.ms + wallAt(bytes, start) - wallAt(known, 0) + fractions;
    return { ...wrapper, stamp: { ...stamp, ms } };
  }
  // `Nov 20 08:00:00 `: of the same day only the clock differs.
  if (!isClock(known, DAY_BYTES) || !isClock(bytes, start + DAY_BYTES)) return undefined;
  if (!agree(bytes, start, known, 0, DAY_BYTES) || !agree(bytes, start, known, DAY_BYTES + CLOCK_BYTES, textAt))
    return undefined;
  const ms = stamp.ms + clockAt(bytes, start + DAY_BYTES) - clockAt(known, DAY_BYTES);
  return { ...wrapper, stamp: { ...stamp, ms } };
}

/** Whether the bytes from `from` up to `to` are the same in both. */
function agree(bytes: Uint8Array, start: number, known: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[start + i] !== known[i]) return false;
  return true;
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
