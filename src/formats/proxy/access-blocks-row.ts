import {
  ROLE_ADDRESS,
  ROLE_BARE,
  ROLE_BARE_RAY,
  ROLE_CONNECT,
  ROLE_HEADER_TIME,
  ROLE_HOST,
  ROLE_NUMBER,
  ROLE_OTHER,
  ROLE_RAY,
  ROLE_SECONDS,
  ROLE_SERVER_NAME,
  ROLE_STATUS,
  ROLE_UPSTREAM_STATUS,
} from '../../scan/access-numbers.ts';
import { addBytes, addTime, finishHash, HASH_START, requestHash } from '../../vocabulary/hash.ts';
import {
  BACKSLASH,
  CLOSE,
  COLON,
  COMMA,
  DASH,
  IN_USER,
  IN_WORD,
  isDash,
  isDecimal,
  isLength,
  isPlainReferrer,
  isRay,
  looksLikeRay,
  namesNothing,
  OPEN,
  peerEnd,
  plainPathEnd,
  QUOTE,
  quotedEnd,
  RAY_BYTES,
  runEnd,
  SPACE,
  threeDigits,
  twoDigits,
} from './access-blocks-bytes.ts';
import { type Layout, type LayoutField, learnLayout } from './access-blocks-layout.ts';
import type { Tail } from './access-blocks-tails.ts';
import { parseClf } from './access-time.ts';

/** Log formats that one file may mix. */
const MOST_LAYOUTS = 4;
/** Rows from which a layout is tried to be learned. */
const MOST_LESSONS = 200;
/** Shorter lines cannot hold address, time, request and status. */
const SHORTEST_ROW = 50;
/** Length of `20/Nov/2026:03:14:38 -0500`. */
const TIME_BYTES = 26;
/** Where the seconds stand in it, and what is behind them. */
const SECONDS_AT = 18;
const ZONE_AT = 20;
const MINUTE_SECONDS = 60;
/** Bytes of a lead that are compared as words. */
const WORDS_BYTES = 8;

/** The row at hand, read from its bytes as far as counting needs it, in layouts that are learned on the way. */
export class AccessRow {
  readonly layouts: Layout[] = [];
  /** Of the layout that the row has. */
  layout: Layout | null = null;
  ms = 0;
  // The last minute read, as its first time was written; rows come many to a second.
  readonly time = new Uint8Array(TIME_BYTES);
  minuteMs = 0;
  offsetMinutes = 0;
  /** How many minutes were read so far, one after the other. */
  minutes = 0;
  status = 0;
  /** Whether all fields without name are what their place says. */
  isPlain = false;
  private lessons = 0;
  /** The block at hand, to read four bytes at a time. */
  private view: DataView = new DataView(new ArrayBuffer(0));
  private readonly timeView = new DataView(this.time.buffer);
  private requestAt = 0;
  private requestEnd = 0;
  private rayAt = -1;
  private rayEnd = -1;
  private upstreamStatusAt = -1;
  private headerTimeAt = -1;
  private upstreamStatus = 0;
  private headerCame = false;

  /** Rows are of this block from now on. */
  load(bytes: Buffer): void {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Whether an answer began to come from the upstream. */
  get reached(): boolean {
    return this.headerCame && this.upstreamStatus >= 100;
  }

  /** Reads the line `bytes[start, end)`; false where it is no row in a layout that can be read so. */
  read(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < SHORTEST_ROW) return false;
    let at = peerEnd(bytes, start, end);
    if (at < 0 || bytes[at] !== SPACE || bytes[at + 1] !== DASH || bytes[at + 2] !== SPACE) return false;
    const userAt = at + 3;
    at = runEnd(bytes, userAt, end, IN_USER);
    const timeAt = at + 2;
    const requestAt = timeAt + TIME_BYTES + 3;
    if (requestAt >= end || at === userAt || bytes[at] !== SPACE || bytes[at + 1] !== OPEN) return false;
    if (bytes[requestAt - 3] !== CLOSE || bytes[requestAt - 2] !== SPACE || bytes[requestAt - 1] !== QUOTE)
      return false;
    if (!this.readTime(bytes, timeAt)) return false;
    const requestEnd = bytes.indexOf(QUOTE, requestAt);
    const statusAt = requestEnd + 2;
    const statusEnd = statusAt + 3;
    if (requestEnd < 0 || statusEnd > end) return false;
    if (bytes[requestEnd - 1] === BACKSLASH || bytes[requestEnd + 1] !== SPACE) return false;
    this.status = threeDigits(bytes, statusAt);
    if (this.status < 0 || (statusEnd < end && bytes[statusEnd] !== SPACE)) return false;
    this.requestAt = requestAt;
    this.requestEnd = requestEnd;
    this.layout = this.findLayout(bytes, statusEnd, end);
    return this.layout !== null;
  }

  /** Reads the time; of the last row's minute only its seconds. */
  readTime(bytes: Buffer, at: number): boolean {
    const second = twoDigits(bytes, at + SECONDS_AT);
    if (second >= 0 && second < MINUTE_SECONDS && this.isSameMinute(bytes, at)) {
      this.ms = this.minuteMs + 1000 * second;
      return true;
    }
    const stamp = parseClf(bytes.toString('latin1', at, at + TIME_BYTES));
    if (stamp?.kind !== 'utc' || stamp.offsetMinutes === undefined || Number.isNaN(stamp.ms)) return false;
    bytes.copy(this.time, 0, at, at + TIME_BYTES);
    this.ms = stamp.ms;
    this.minuteMs = stamp.ms - 1000 * second;
    this.offsetMinutes = stamp.offsetMinutes;
    this.minutes++;
    return true;
  }

  private isSameMinute(bytes: Buffer, at: number): boolean {
    const { time, view, timeView } = this;
    // Minutes differ first.
    if (this.minutes === 0 || bytes[at + SECONDS_AT - 2] !== time[SECONDS_AT - 2]) return false;
    for (let i = 0; i < SECONDS_AT - 2; i += 4)
      if (view.getInt32(at + i, true) !== timeView.getInt32(i, true)) return false;
    for (let i = ZONE_AT; i < TIME_BYTES; i++) if (bytes[at + i] !== time[i]) return false;
    return bytes[at + SECONDS_AT - 1] === time[SECONDS_AT - 1];
  }

  /** The layout of `bytes[start, end)`, the fields after the status, which are read on the way; null where they have none. */
  private findLayout(bytes: Buffer, start: number, end: number): Layout | null {
    for (const layout of this.layouts) if (this.readFields(bytes, start, end, layout)) return layout;
    if (this.layouts.length === MOST_LAYOUTS || this.lessons === MOST_LESSONS) return null;
    this.lessons++;
    const layout = learnLayout(bytes.toString('latin1', start, end));
    if (layout === null || !this.readFields(bytes, start, end, layout)) return null;
    this.layouts.push(layout);
    return layout;
  }

  private readFields(bytes: Buffer, start: number, end: number, layout: Layout): boolean {
    const { fields, plainFields, tails } = layout;
    this.rayAt = -1;
    this.rayEnd = -1;
    this.upstreamStatusAt = -1;
    this.headerTimeAt = -1;
    this.upstreamStatus = 0;
    this.headerCame = false;
    this.isPlain = plainFields !== null;
    let at = start;
    let tailAt = -1;
    for (let i = 0; i < fields.length; i++) {
      if (i === plainFields && tails !== null) {
        tailAt = at;
        const tail = tails.find(this.view, at, end);
        if (tail !== undefined && this.readTail(bytes, at, tail)) return true;
      }
      const field = fields[i];
      if (field === undefined) return false;
      const { closing, role } = field;
      let valueAt = this.leadEnd(bytes, at, end, field);
      if (valueAt < 0) return false;
      let valueEnd =
        closing === QUOTE
          ? quotedEnd(bytes, this.view, valueAt, end, field.long)
          : runEnd(bytes, valueAt, end, IN_WORD);
      // The last of a list belongs to the answer.
      while (closing === COMMA && valueEnd + 1 < end && bytes[valueEnd] === COMMA && bytes[valueEnd + 1] === SPACE) {
        valueAt = valueEnd + 2;
        valueEnd = runEnd(bytes, valueAt, end, IN_WORD);
      }
      const isMarked = closing === QUOTE || closing === CLOSE;
      if (valueEnd < valueAt || (valueEnd === valueAt && !isMarked)) return false;
      if (closing === CLOSE && (valueEnd === end || bytes[valueEnd] !== CLOSE)) return false;
      if (role !== ROLE_OTHER && !this.note(bytes, valueAt, valueEnd, role)) return false;
      if (this.isPlain && i < 2 && role === ROLE_BARE)
        this.isPlain = i === 0 ? isLength(bytes, valueAt, valueEnd) : isPlainReferrer(bytes, valueAt, valueEnd);
      at = isMarked ? valueEnd + 1 : valueEnd;
      if (at < end && bytes[at] !== SPACE) return false;
    }
    if (at !== end) return false;
    if (tails !== null && tailAt >= 0) {
      const { rayAt, rayEnd, upstreamStatusAt, headerTimeAt } = this;
      tails.learn(bytes, tailAt, end, {
        rayAt: rayAt < 0 ? -1 : rayAt - tailAt,
        rayLength: rayEnd - rayAt,
        upstreamStatusAt: upstreamStatusAt < 0 ? -1 : upstreamStatusAt - tailAt,
        headerTimeAt: headerTimeAt < 0 ? -1 : headerTimeAt - tailAt,
      });
    }
    return true;
  }

  /** Reads the values of a tail that is written like an earlier one; false where one of them is odd. */
  private readTail(bytes: Buffer, start: number, tail: Tail): boolean {
    const { rayAt, rayLength, upstreamStatusAt, headerTimeAt } = tail;
    if (rayAt >= 0 && !this.noteRay(bytes, start + rayAt, start + rayAt + rayLength)) return false;
    if (headerTimeAt >= 0) {
      if (!isDecimal(bytes, start + headerTimeAt, start + headerTimeAt + 1)) return false;
      this.headerCame = true;
    }
    if (upstreamStatusAt < 0) return true;
    this.upstreamStatus = threeDigits(bytes, start + upstreamStatusAt);
    return this.upstreamStatus > 0;
  }

  /** Where a field's value begins, -1 where other bytes stand before it. */
  private leadEnd(bytes: Buffer, at: number, end: number, { lead, words }: LayoutField): number {
    const { length } = lead;
    if (at + length >= end) return -1;
    let compared = 0;
    if (at + WORDS_BYTES <= end) {
      const { first, firstMask, second, secondMask } = words;
      const differs =
        ((this.view.getInt32(at, true) ^ first) & firstMask) |
        ((this.view.getInt32(at + 4, true) ^ second) & secondMask);
      if (differs !== 0) return -1;
      compared = WORDS_BYTES;
    }
    for (let i = compared; i < length; i++) if (bytes[at + i] !== lead[i]) return -1;
    return at + length;
  }

  /** Takes up what a field says; false where the ordinary way may see more in it. */
  private note(bytes: Buffer, start: number, end: number, role: number): boolean {
    switch (role) {
      case ROLE_BARE_RAY:
        if (bytes[start] === COLON) return false;
        return !looksLikeRay(bytes, start, end) || (this.rayAt < 0 && this.noteRay(bytes, start, end));
      case ROLE_RAY:
        this.rayAt = -1;
        return isDash(bytes, start, end) || this.noteRay(bytes, start, end);
      case ROLE_UPSTREAM_STATUS:
        this.upstreamStatus = end - start === 3 ? threeDigits(bytes, start) : 0;
        this.upstreamStatusAt = this.upstreamStatus > 0 ? start : -1;
        return this.upstreamStatus > 0 || isDash(bytes, start, end);
      case ROLE_HEADER_TIME:
        this.headerCame = isDecimal(bytes, start, end);
        this.headerTimeAt = this.headerCame ? start : -1;
        return this.headerCame || isDash(bytes, start, end);
      case ROLE_HOST:
      case ROLE_SERVER_NAME:
        return runEnd(bytes, start, end, IN_WORD) === end;
      case ROLE_NUMBER:
        return isLength(bytes, start, end) && !isDash(bytes, start, end);
      case ROLE_ADDRESS:
      case ROLE_SECONDS:
      case ROLE_CONNECT:
      // Whoever asks for those reads the row's text.
      case ROLE_BARE:
        // A word that begins so is a list's separator.
        return bytes[start] !== COLON && !looksLikeRay(bytes, start, end);
      case ROLE_STATUS:
        return end - start === 3 && this.status === threeDigits(bytes, start);
      default:
        return false;
    }
  }

  private noteRay(bytes: Buffer, start: number, end: number): boolean {
    this.rayAt = start;
    this.rayEnd = end;
    return isRay(bytes, start, end);
  }

  /** The sampling hash of a row (`requestHash`); -1 where its method and path are not written plainly. */
  hash(bytes: Buffer): number {
    if (this.rayAt >= 0) return finishHash(addBytes(HASH_START, bytes, this.rayAt, this.rayAt + RAY_BYTES));
    const { requestAt, requestEnd, layout, ms } = this;
    if (layout?.namesRequest) return -1;
    if (namesNothing(bytes, requestAt, requestEnd)) return requestHash(undefined, undefined, undefined, ms);
    const pathEnd = plainPathEnd(bytes, requestAt, requestEnd);
    return pathEnd < 0 ? -1 : finishHash(addBytes(addTime(HASH_START, ms), bytes, requestAt, pathEnd));
  }
}
