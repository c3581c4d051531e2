import {
  type AccessCounter,
  type AccessRules,
  COUNTER_BYTES,
  KIND,
  openAccessCounter,
  STOP,
} from '../../scan/access-counter.ts';
import { addBytes, addText, finishHash, HASH_START } from '../../vocabulary/hash.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { Stamp } from '../../vocabulary/records.ts';
import type { BlockReader, BlockSink, CountedRequest, HeldRequest } from '../format.ts';
import { cleaned } from '../wrappers/pasted.ts';
import {
  addressEnd,
  BACKSLASH,
  CLASS,
  CLOSE,
  COLON,
  CR,
  DASH,
  IN_METHOD,
  IN_PATH,
  IN_RAY,
  IN_USER,
  IN_WORD,
  isDash,
  isDecimal,
  isLength,
  isPlainReferrer,
  LF,
  looksLikeRay,
  OPEN,
  pieceEnd,
  plainPathEnd,
  QUOTE,
  quotedEnd,
  RAY_BYTES,
  RAY_COLO_BYTES,
  RewrittenLines,
  runEnd,
  SPACE,
  threeDigits,
} from './access-blocks-bytes.ts';
import { type Layout, type LayoutField, learnLayout, ROLE, type Role } from './access-blocks-layout.ts';
import { layoutFields, layoutRecord } from './access-blocks-record.ts';
import type { Tail } from './access-blocks-tails.ts';
import { rowSignal } from './access-row.ts';
import { accessSignal } from './access-signal.ts';
import { parseClf } from './access-time.ts';

/**
 * Reads access rows straight from their bytes. Counts those that went well and are written in a known layout; all others,
 * and whatever it is not sure of, it hands over.
 */

/** What becomes of a line. */
const DONE = 0;
/** A row of an access log whatever else it may be, for the ordinary way. */
const ROW = 1;
/** A line that the reader does not know: it may belong to another format. */
const UNKNOWN = 2;
type Verdict = typeof DONE | typeof ROW | typeof UNKNOWN;

/** The ordinary way reads no more of a line than twice this. */
const LONGEST_ROW = 32_768;
/** As `LineReader` cuts them. */
const LONGEST_LINE = 64 * 1024 * 1024;
/** Log formats that one file may mix. */
const MOST_LAYOUTS = 4;
/** Rows from which a layout is tried to be learned. */
const MOST_LESSONS = 200;
/** Shorter lines cannot hold address, time, request and status. */
const SHORTEST_ROW = 50;
/** Length of `20/Nov/2026:03:14:38 -0500`. */
const TIME_BYTES = 26;
/** Where the last digit of the seconds stands in it. */
const SECONDS_AT = 19;
const LETTERS = 26;
/** Bytes of a lead that are compared as words. */
const WORDS_BYTES = 8;

/** By status: 1 where a row with it has no signal and is no failure, whatever its other fields say. */
const GOOD_STATUS = new Uint8Array(1000);
for (let status = 0; status < GOOD_STATUS.length; status++) {
  const good = accessSignal({ status }) === undefined && failureKind(status) === null;
  // Of a 400 the request line tells whether it was TLS.
  GOOD_STATUS[status] = good && status !== 400 ? 1 : 0;
}

/** By status: how a row with it is counted. */
const KINDS = GOOD_STATUS.map((good, status) =>
  good === 1 ? KIND.ordinary : failureKind(status) === 'blocked' ? KIND.refused : KIND.other,
);
const REFUSED = accessSignal({ status: 403 });

const RULES: AccessRules = {
  classes: CLASS,
  bits: { word: IN_WORD, user: IN_USER, path: IN_PATH, ray: IN_RAY, method: IN_METHOD },
  kinds: KINDS,
};

/** What the counter was told. */
interface Told {
  layouts: number;
  /** Whether it can count rows in these layouts. */
  isForIt: boolean;
  time: number;
  piece: Buffer | null;
}
const NOTHING_TOLD: Told = { layouts: 0, isForIt: false, time: -1, piece: null };

/** Opens the block reader of access logs (`BlockReader`). Without `withCounter` it reads each row itself: the reference. */
export function openAccessBlocks(sink: BlockSink, withCounter = true): BlockReader {
  return new AccessBlocks(sink, withCounter);
}

class AccessBlocks implements BlockReader {
  private readonly sink: BlockSink;
  private readonly layouts: Layout[] = [];
  private lessons = 0;
  /** The block at hand, to read four bytes at a time. */
  private view: DataView = new DataView(new ArrayBuffer(0));
  /** A line that may be another format's went by: until the next row is read the ordinary way, that format is asked first. */
  private strayed = false;
  // The last time read; rows come many to a second.
  private readonly time = new Uint8Array(TIME_BYTES);
  private readonly timeView = new DataView(this.time.buffer);
  private ms = 0;
  private offsetMinutes = 0;
  private timeHash = '';
  /** How many times were read so far, one after the other. */
  private times = 0;
  // What the row at hand says.
  private status = 0;
  /** Whether all fields without name are what their place says. */
  private isPlain = false;
  private rayAt = -1;
  private rayEnd = -1;
  private upstreamStatusAt = -1;
  private headerTimeAt = -1;
  private upstreamStatus = 0;
  private headerCame = false;
  private readonly withCounter: boolean;
  private readonly told: Told = { ...NOTHING_TOLD };
  private readonly giveCounts = (status: number, reached: boolean, rows: number): void => {
    const { ms, offsetMinutes } = this;
    const signal = KINDS[status] === KIND.refused ? REFUSED : undefined;
    this.sink.count({ ms, offsetMinutes, status, signal, reached }, rows);
  };

  constructor(sink: BlockSink, withCounter: boolean) {
    this.sink = sink;
    this.withCounter = withCounter;
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = start;
    let next = number;
    while (at < end) {
      const stop = pieceEnd(bytes, at, end);
      next = this.readPiece(bytes, at, stop, next);
      at = stop;
    }
    return next - number;
  }

  private readPiece(bytes: Buffer, start: number, end: number, number: number): number {
    const piece = bytes.subarray(start, end);
    const { sink } = this;
    const rewritten = new RewrittenLines(piece);
    let next = number;
    for (let at = start; at < end; ) {
      const known = start + rewritten.startFrom(at - start);
      const counter = at < known ? this.counterOf(piece) : null;
      if (counter !== null) {
        const stop = counter.count(
          at - start,
          known - start,
          sink.sampleWeight('ordinary'),
          sink.sampleWeight('refused'),
        );
        counter.drain(this.giveCounts);
        next += counter.rows;
        at = start + counter.at;
        if (stop === STOP.end || (stop === STOP.time && this.readTime(bytes, start + counter.timeAt))) continue;
      }
      const found = bytes.indexOf(LF, at);
      const hasEnd = found !== -1 && found < end;
      const lineEnd = hasEnd ? found : end;
      // As `LineReader`: a carriage return belongs to the line's end only before a line feed.
      const stop = hasEnd && lineEnd > at && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
      const verdict = at < known && stop - at <= LONGEST_ROW ? this.readRow(bytes, at, stop, next) : UNKNOWN;
      if (verdict !== DONE) this.handOver(bytes, at, stop, next, verdict);
      next++;
      at = lineEnd + 1;
    }
    return next;
  }

  /** The counter, knowing all that this reader knows, with this piece loaded; null where the next row is not for it. */
  private counterOf(piece: Buffer): AccessCounter | null {
    const { layouts, told } = this;
    if (this.strayed || layouts.length === 0 || piece.length > COUNTER_BYTES || piece.at(-1) !== LF) return null;
    const counter = this.withCounter ? openAccessCounter(RULES) : null;
    if (counter === null) return null;
    if (counter.isNewTo(this)) Object.assign(told, NOTHING_TOLD);
    if (told.layouts !== layouts.length) {
      told.layouts = layouts.length;
      told.isForIt = counter.learn(layouts);
    }
    if (!told.isForIt) return null;
    if (told.time !== this.times) {
      told.time = this.times;
      counter.timeIs(this.time, this.timeHash);
    }
    if (told.piece !== piece) {
      told.piece = piece;
      counter.load(piece);
    }
    return counter;
  }

  private handOver(bytes: Buffer, start: number, end: number, number: number, verdict: Verdict): void {
    this.strayed = verdict === UNKNOWN;
    this.sink.line(bytes.subarray(start, Math.min(end, start + LONGEST_LINE)), number);
  }

  /** Counts a row or makes its record; else says what it is. */
  private readRow(bytes: Buffer, start: number, end: number, number: number): Verdict {
    if (end - start < SHORTEST_ROW) return UNKNOWN;
    let at = addressEnd(bytes, start, end);
    if (at < 0 || bytes[at] !== SPACE || bytes[at + 1] !== DASH || bytes[at + 2] !== SPACE) return UNKNOWN;
    const userAt = at + 3;
    at = runEnd(bytes, userAt, end, IN_USER);
    const timeAt = at + 2;
    const requestAt = timeAt + TIME_BYTES + 3;
    if (requestAt >= end || at === userAt || bytes[at] !== SPACE || bytes[at + 1] !== OPEN) return UNKNOWN;
    if (bytes[requestAt - 3] !== CLOSE || bytes[requestAt - 2] !== SPACE || bytes[requestAt - 1] !== QUOTE)
      return UNKNOWN;
    if (!this.readTime(bytes, timeAt)) return UNKNOWN;
    const requestEnd = bytes.indexOf(QUOTE, requestAt);
    const statusAt = requestEnd + 2;
    const statusEnd = statusAt + 3;
    if (requestEnd < 0 || statusEnd > end) return UNKNOWN;
    if (bytes[requestEnd - 1] === BACKSLASH || bytes[requestEnd + 1] !== SPACE) return UNKNOWN;
    this.status = threeDigits(bytes, statusAt);
    if (this.status < 0 || (statusEnd < end && bytes[statusEnd] !== SPACE)) return UNKNOWN;
    const layout = this.findLayout(bytes, statusEnd, end);
    if (layout === null) return UNKNOWN;
    if (this.strayed) return ROW;
    if (GOOD_STATUS[this.status] === 1) {
      const hash = this.hash(bytes, requestAt, requestEnd, layout);
      if (hash >= 0 && !this.sink.wantsRequest(hash)) {
        this.sink.count(this.counted());
        return DONE;
      }
      if (hash < 0 || !this.isPlain) return ROW;
      this.sink.keepRequest(this.counted(), hash, this.held(bytes, start, end, number, layout));
      return DONE;
    }
    if (!this.isPlain) return ROW;
    const hash = this.hash(bytes, requestAt, requestEnd, layout);
    if (hash < 0) return ROW;
    this.keepOdd(bytes, start, end, number, layout, hash);
    return DONE;
  }

  /** Counts a row whose status may tell of a failure, and keeps it where it is wanted. */
  private keepOdd(bytes: Buffer, start: number, end: number, number: number, layout: Layout, hash: number): void {
    const { ms, offsetMinutes, status } = this;
    const text = cleaned(bytes.toString('utf8', start, end));
    const { signal, received } = rowSignal(layoutFields(text, layout));
    const reached = (received ?? 0) > 0;
    const hold = (): HeldRequest => heldRow(text, number, { kind: 'utc', ms, offsetMinutes }, layout);
    if (signal !== undefined || failureKind(status) !== null)
      // Field by field: spreading a part into it took as long as all the rest.
      this.sink.keepFailure(
        { ms, offsetMinutes, status, reached, signal, exported: null, visitor: true, weight: 1 },
        hash,
        hold,
      );
    else if (this.sink.wantsRequest(hash)) this.sink.keepRequest({ ms, offsetMinutes, status, reached }, hash, hold());
    else this.sink.count({ ms, offsetMinutes, status, reached });
  }

  /** Reads the time unless it is the last row's. */
  private readTime(bytes: Buffer, at: number): boolean {
    if (this.isSameTime(bytes, at)) return true;
    const stamp = parseClf(bytes.toString('latin1', at, at + TIME_BYTES));
    if (stamp?.kind !== 'utc' || stamp.offsetMinutes === undefined || Number.isNaN(stamp.ms)) return false;
    bytes.copy(this.time, 0, at, at + TIME_BYTES);
    this.ms = stamp.ms;
    this.offsetMinutes = stamp.offsetMinutes;
    this.timeHash = ` ${stamp.ms}`;
    this.times++;
    return true;
  }

  private isSameTime(bytes: Buffer, at: number): boolean {
    const { time, view, timeView } = this;
    // The seconds differ first.
    if (bytes[at + SECONDS_AT] !== time[SECONDS_AT]) return false;
    for (let i = 0; i + 4 <= TIME_BYTES; i += 4)
      if (view.getInt32(at + i, true) !== timeView.getInt32(i, true)) return false;
    return bytes[at + TIME_BYTES - 2] === time[TIME_BYTES - 2] && bytes[at + TIME_BYTES - 1] === time[TIME_BYTES - 1];
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
      const { quoted, role } = field;
      const valueAt = this.leadEnd(bytes, at, end, field);
      if (valueAt < 0) return false;
      const valueEnd = quoted
        ? quotedEnd(bytes, this.view, valueAt, end, field.long)
        : runEnd(bytes, valueAt, end, IN_WORD);
      if (valueEnd < valueAt || (valueEnd === valueAt && !quoted)) return false;
      if (role !== ROLE.other && !this.note(bytes, valueAt, valueEnd, role)) return false;
      if (this.isPlain && i < 2 && role === ROLE.bare)
        this.isPlain = i === 0 ? isLength(bytes, valueAt, valueEnd) : isPlainReferrer(bytes, valueAt, valueEnd);
      at = quoted ? valueEnd + 1 : valueEnd;
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
  private note(bytes: Buffer, start: number, end: number, role: Role): boolean {
    switch (role) {
      case ROLE.bare:
        // A word that begins so is a list's separator.
        return bytes[start] !== COLON && !looksLikeRay(bytes, start, end);
      case ROLE.bareRay:
        if (bytes[start] === COLON) return false;
        return !looksLikeRay(bytes, start, end) || (this.rayAt < 0 && this.noteRay(bytes, start, end));
      case ROLE.ray:
        this.rayAt = -1;
        return isDash(bytes, start, end) || this.noteRay(bytes, start, end);
      case ROLE.upstreamStatus:
        this.upstreamStatus = end - start === 3 ? threeDigits(bytes, start) : 0;
        this.upstreamStatusAt = this.upstreamStatus > 0 ? start : -1;
        return this.upstreamStatus > 0 || isDash(bytes, start, end);
      case ROLE.headerTime:
        this.headerCame = isDecimal(bytes, start, end);
        this.headerTimeAt = this.headerCame ? start : -1;
        return this.headerCame || isDash(bytes, start, end);
      case ROLE.host:
      case ROLE.serverName:
        return runEnd(bytes, start, end, IN_WORD) === end;
      case ROLE.status:
        return end - start === 3 && this.status === threeDigits(bytes, start);
      default:
        return false;
    }
  }

  private noteRay(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < RAY_BYTES || runEnd(bytes, start, start + RAY_BYTES, IN_RAY) < start + RAY_BYTES) return false;
    this.rayAt = start;
    this.rayEnd = end;
    if (end - start === RAY_BYTES) return true;
    if (end - start !== RAY_COLO_BYTES || bytes[start + RAY_BYTES] !== DASH) return false;
    const a = (bytes[end - 3] ?? 0) - 65;
    const b = (bytes[end - 2] ?? 0) - 65;
    const c = (bytes[end - 1] ?? 0) - 65;
    return a >= 0 && b >= 0 && c >= 0 && a < LETTERS && b < LETTERS && c < LETTERS;
  }

  /** The sampling hash of a good row (`requestHash`); -1 where its method and path are not written plainly. */
  private hash(bytes: Buffer, requestAt: number, requestEnd: number, layout: Layout): number {
    if (this.rayAt >= 0) return finishHash(addBytes(HASH_START, bytes, this.rayAt, this.rayAt + RAY_BYTES));
    const pathEnd = layout.namesRequest ? -1 : plainPathEnd(bytes, requestAt, requestEnd);
    return pathEnd < 0 ? -1 : finishHash(addText(addBytes(HASH_START, bytes, requestAt, pathEnd), this.timeHash));
  }

  private counted(): CountedRequest {
    return {
      ms: this.ms,
      offsetMinutes: this.offsetMinutes,
      status: this.status,
      reached: this.headerCame && this.upstreamStatus >= 100,
    };
  }

  /** What the record of a row is read from: its text is taken now. */
  private held(bytes: Buffer, start: number, end: number, number: number, layout: Layout): HeldRequest {
    const { ms, offsetMinutes } = this;
    return heldRow(bytes.toString('utf8', start, end), number, { kind: 'utc', ms, offsetMinutes }, layout);
  }
}

function heldRow(text: string, number: number, stamp: Stamp, layout: Layout): HeldRequest {
  const held: HeldRequest = { read: () => layoutRecord(text, number, stamp, layout), moved: () => held };
  return held;
}
