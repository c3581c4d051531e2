import { addBytes, addTime, finishHash, HASH_START, requestHash } from '../../vocabulary/hash.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import type { Line } from '../format.ts';
import { bareLine } from '../held-line.ts';
import { BlockView } from '../known-bytes.ts';
import {
  decimalOf,
  isDash,
  isDecimal,
  isRay,
  namesNothing,
  plainPathEnd,
  RAY_BYTES,
  SPACE,
  threeDigits,
} from './access-blocks-bytes.ts';
import type { RowSignal } from './access-row.ts';
import {
  ROLE_BEGIN,
  ROLE_EPOCH,
  ROLE_HEADER_TIME,
  ROLE_METHOD,
  ROLE_MSEC,
  ROLE_NANOSECONDS,
  ROLE_RAY,
  ROLE_REQUEST,
  ROLE_STATUS,
  ROLE_TIME,
  ROLE_UPSTREAM_STATUS,
  ROLE_URI,
  ROLES,
} from './row-roles.ts';
import { msecOf, WrittenTime } from './row-time.ts';

/** Layouts that one file may mix. */
const MOST_LAYOUTS = 16;
/** Rows from which a layout is tried to be learned. */
const MOST_LESSONS = 200;
const NANOSECONDS_PER_MS = 1e6;
/** Seconds since 1970 lie between these. */
const FIRST_EPOCH = 1e9;
const LAST_EPOCH = 1e11;

/**
 * The row at hand of a log whose rows are all written alike, read from its bytes as far as counting needs it. Which field tells
 * what (`row-roles.ts`) is learned from rows that the ordinary way reads; each further one is held against these layouts byte by
 * byte, and whatever differs is left to the ordinary way.
 */
export abstract class LearnedRow<Layout> {
  ms = 0;
  /** The zone that its time was written in, where that is known. */
  offsetMinutes: number | undefined;
  status = 0;
  /** Whether an answer began to come from the upstream. */
  reached = false;
  protected bytes: Buffer = Buffer.alloc(0);
  /** The same, to read four bytes at a time. */
  protected view: DataView = new DataView(new ArrayBuffer(0));
  // By role: where its value lies; -1 where the row has none.
  protected readonly starts = new Int32Array(ROLES);
  protected readonly ends = new Int32Array(ROLES);
  private readonly longest: number;
  private readonly readLine: (line: Line) => RequestRecord | null;
  private readonly views = new BlockView();
  private readonly layouts: Layout[] = [];
  /** That of the row before. */
  private latest: Layout | undefined;
  private lessons = 0;
  private readonly time = new WrittenTime();
  /** `METHOD /path` of values that stand apart. */
  private readonly joined: Buffer;

  /**
   * @param longest in bytes; longer rows are not looked at
   * @param readLine the record that the ordinary way makes of a row; null where it is none
   */
  protected constructor(longest: number, readLine: (line: Line) => RequestRecord | null) {
    this.longest = longest;
    this.readLine = readLine;
    this.joined = Buffer.alloc(longest);
  }

  /** Reads the line `bytes[start, end)`; false where it is no row that can be read so. */
  read(bytes: Buffer, start: number, end: number): boolean {
    if (end - start > this.longest || !this.canBegin(bytes[start])) return false;
    this.bytes = bytes;
    this.view = this.views.of(bytes);
    return this.hasKnownLayout(start, end) ? this.readValues() : this.learn(start, end);
  }

  /** What the row tells of its own failure; undefined where it is not sure. */
  abstract signal(): RowSignal | undefined;

  /** Whether a row can begin with a byte. */
  protected abstract canBegin(byte: number | undefined): boolean;

  /** The layout of the row `bytes[start, end)`; null where only the ordinary way understands it. */
  protected abstract layoutOf(start: number, end: number): Layout | null;

  /** Whether a row has this layout; notes where its values lie. */
  protected abstract hasLayout(start: number, end: number, layout: Layout): boolean;

  /** Where the value that begins there has its first escape, or its end. */
  protected abstract plainEnd(start: number, end: number): number;

  private hasKnownLayout(start: number, end: number): boolean {
    const { latest, layouts } = this;
    if (latest !== undefined && this.hasLayout(start, end, latest)) return true;
    const other = layouts.find((layout) => layout !== latest && this.hasLayout(start, end, layout));
    this.latest = other ?? latest;
    return other !== undefined;
  }

  /** Learns the layout of a row, where this reader makes the same of it as the ordinary way. */
  private learn(start: number, end: number): boolean {
    if (this.layouts.length === MOST_LAYOUTS || this.lessons === MOST_LESSONS) return false;
    this.lessons++;
    const layout = this.layoutOf(start, end);
    if (layout === null || !this.hasLayout(start, end, layout) || !this.readValues()) return false;
    const record = this.readLine(bareLine(this.bytes.toString('utf8', start, end), 1));
    if (record === null || !this.isLike(record)) return false;
    this.layouts.push(layout);
    return true;
  }

  private isLike({ status, stamp, ray, method, path }: RequestRecord): boolean {
    if (status !== this.status || stamp.kind !== 'utc' || stamp.ms !== this.ms) return false;
    return stamp.offsetMinutes === this.offsetMinutes && requestHash(ray, method, path, stamp.ms) === this.hash();
  }

  /** Reads what the values tell; false where the ordinary way may see more in them. */
  protected readValues(): boolean {
    return this.readStatus() && this.readTime() && this.readRay() && this.readUpstream();
  }

  private readStatus(): boolean {
    const start = this.starts[ROLE_STATUS] ?? -1;
    this.status = this.ends[ROLE_STATUS] === start + 3 ? threeDigits(this.bytes, start) : -1;
    return start >= 0 && this.status >= 0;
  }

  private readTime(): boolean {
    const { bytes, time } = this;
    let ms = -1;
    this.offsetMinutes = undefined;
    if (this.has(ROLE_TIME)) {
      if (!time.read(bytes, this.startOf(ROLE_TIME), this.endOf(ROLE_TIME))) return false;
      ms = time.ms;
      this.offsetMinutes = time.offsetMinutes;
    }
    if (this.has(ROLE_MSEC)) ms = msecOf(bytes, this.startOf(ROLE_MSEC), this.endOf(ROLE_MSEC));
    if (this.has(ROLE_EPOCH)) {
      const seconds = decimalOf(bytes, this.startOf(ROLE_EPOCH), this.endOf(ROLE_EPOCH));
      if (seconds >= FIRST_EPOCH && seconds < LAST_EPOCH) ms = Math.floor(seconds * 1000);
    }
    if (this.has(ROLE_BEGIN) && this.has(ROLE_NANOSECONDS)) {
      if (!time.read(bytes, this.startOf(ROLE_BEGIN), this.endOf(ROLE_BEGIN))) return false;
      const nanoseconds = decimalOf(bytes, this.startOf(ROLE_NANOSECONDS), this.endOf(ROLE_NANOSECONDS));
      ms = time.ms + Math.round(nanoseconds / NANOSECONDS_PER_MS);
    }
    this.ms = ms;
    return ms >= 0;
  }

  private readRay(): boolean {
    if (!this.has(ROLE_RAY)) return true;
    if (!this.isNothing(ROLE_RAY)) return isRay(this.bytes, this.startOf(ROLE_RAY), this.endOf(ROLE_RAY));
    this.starts[ROLE_RAY] = -1;
    return true;
  }

  private readUpstream(): boolean {
    const { bytes } = this;
    const start = this.startOf(ROLE_UPSTREAM_STATUS);
    const upstreamStatus = start >= 0 && this.endOf(ROLE_UPSTREAM_STATUS) === start + 3 ? threeDigits(bytes, start) : 0;
    const headerCame =
      this.has(ROLE_HEADER_TIME) && isDecimal(bytes, this.startOf(ROLE_HEADER_TIME), this.endOf(ROLE_HEADER_TIME));
    this.reached = headerCame && upstreamStatus >= 100;
    return (
      (upstreamStatus > 0 || this.isNothing(ROLE_UPSTREAM_STATUS)) && (headerCame || this.isNothing(ROLE_HEADER_TIME))
    );
  }

  /** The sampling hash (`requestHash`); -1 where its method and path are not written plainly. */
  hash(): number {
    const { bytes, joined, ms } = this;
    if (this.has(ROLE_RAY)) {
      const rayAt = this.startOf(ROLE_RAY);
      return finishHash(addBytes(HASH_START, bytes, rayAt, rayAt + RAY_BYTES));
    }
    const isApart = this.has(ROLE_METHOD) && this.has(ROLE_URI);
    const start = this.startOf(ROLE_REQUEST);
    const end = this.endOf(ROLE_REQUEST);
    if (start >= 0) {
      const plainEnd = this.plainEnd(start, end);
      if (!isApart && plainEnd === end && namesNothing(bytes, start, end))
        return requestHash(undefined, undefined, undefined, ms);
      return targetHash(bytes, start, end, plainEnd, ms);
    }
    if (!isApart) return -1;
    // Byte by byte: they are few.
    let length = 0;
    for (let at = this.startOf(ROLE_METHOD); at < this.endOf(ROLE_METHOD); at++) joined[length++] = bytes[at] ?? 0;
    joined[length++] = SPACE;
    const uriAt = this.startOf(ROLE_URI);
    const uriEnd = this.endOf(ROLE_URI);
    const plainEnd = length + this.plainEnd(uriAt, uriEnd) - uriAt;
    for (let at = uriAt; at < uriEnd; at++) joined[length++] = bytes[at] ?? 0;
    return targetHash(joined, 0, length, plainEnd, ms);
  }

  protected has(role: number): boolean {
    return this.startOf(role) >= 0;
  }

  protected startOf(role: number): number {
    return this.starts[role] ?? -1;
  }

  protected endOf(role: number): number {
    return this.ends[role] ?? -1;
  }

  /** Whether a value is missing, empty or a dash. */
  private isNothing(role: number): boolean {
    const start = this.startOf(role);
    return start < 0 || start === this.endOf(role) || isDash(this.bytes, start, this.endOf(role));
  }
}

/** The hash of `METHOD /path…`, which has no escape up to `plainEnd`; -1 where it is not written plainly. */
function targetHash(bytes: Buffer, start: number, end: number, plainEnd: number, ms: number): number {
  const pathEnd = plainPathEnd(bytes, start, end);
  return pathEnd < 0 || pathEnd > plainEnd ? -1 : finishHash(addBytes(addTime(HASH_START, ms), bytes, start, pathEnd));
}
