import {
  type AccessCounter,
  type AccessRules,
  COUNTER_BYTES,
  type FoundTaker,
  openAccessCounter,
  type WantedRow,
} from '../../scan/access-counter.ts';
import {
  KIND_OPEN,
  KIND_ORDINARY,
  KIND_OTHER,
  KIND_REFUSED,
  STOP_END,
  STOP_FULL,
  STOP_OPEN,
  STOP_TIME,
} from '../../scan/access-numbers.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { BlockReader, BlockSink, CountedRequest, HeldRequest } from '../format.ts';
import { cleaned } from '../wrappers/pasted.ts';
import {
  CLASS,
  CR,
  IN_METHOD,
  IN_PATH,
  IN_RAY,
  IN_USER,
  IN_WORD,
  isRewritten,
  LF,
  pieceEnd,
} from './access-blocks-bytes.ts';
import type { Layout } from './access-blocks-layout.ts';
import { toldOutcomes, toldSignal } from './access-blocks-outcomes.ts';
import { layoutFields, layoutRecord } from './access-blocks-record.ts';
import { AccessRow } from './access-blocks-row.ts';
import { rowSignal } from './access-row.ts';
import { accessSignal } from './access-signal.ts';

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

/** By status: 1 where a row with it has no signal and is no failure, whatever its other fields say. */
const GOOD_STATUS = new Uint8Array(1000);
for (let status = 0; status < GOOD_STATUS.length; status++) {
  const good = accessSignal({ status }) === undefined && failureKind(status) === null;
  // Of a 400 the request line tells whether it was TLS.
  GOOD_STATUS[status] = good && status !== 400 ? 1 : 0;
}

/** By status: how a row with it is counted. */
const KINDS = GOOD_STATUS.map((good, status) => {
  if (good === 1) return KIND_ORDINARY;
  const failure = failureKind(status);
  return failure === null ? KIND_OTHER : failure === 'blocked' ? KIND_REFUSED : KIND_OPEN;
});
const REFUSED = accessSignal({ status: 403 });

const RULES: AccessRules = {
  classes: CLASS,
  bits: { word: IN_WORD, user: IN_USER, path: IN_PATH, ray: IN_RAY, method: IN_METHOD },
  kinds: KINDS,
};

/** What the counter was told. */
interface Told {
  layouts: number;
  /** Whether it can count rows in these layouts, and of this minute. */
  isForLayouts: boolean;
  isForMinute: boolean;
  minute: number;
  piece: Buffer | null;
}
const NOTHING_TOLD: Told = { layouts: 0, isForLayouts: false, isForMinute: false, minute: -1, piece: null };

/** Opens the block reader of access logs (`BlockReader`). Without `withCounter` it reads each row itself: the reference. */
export function openAccessBlocks(sink: BlockSink, withCounter = true): BlockReader {
  return new AccessBlocks(sink, withCounter);
}

class AccessBlocks implements BlockReader, FoundTaker {
  private readonly sink: BlockSink;
  private readonly row = new AccessRow();
  /** A line that may be another format's went by: until the next row is read the ordinary way, that format is asked first. */
  private strayed = false;
  private readonly withCounter: boolean;
  private readonly told: Told = { ...NOTHING_TOLD };
  // What is being read: a piece of a block that begins there, and the number of the line at hand.
  private bytes: Buffer = Buffer.alloc(0);
  private pieceAt = 0;
  private next = 1;

  constructor(sink: BlockSink, withCounter: boolean) {
    this.sink = sink;
    this.withCounter = withCounter;
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    this.row.load(bytes);
    this.bytes = bytes;
    this.next = number;
    let at = start;
    while (at < end) {
      const stop = pieceEnd(bytes, at, end, COUNTER_BYTES);
      this.readPiece(at, stop);
      at = stop;
    }
    return this.next - number;
  }

  private readPiece(start: number, end: number): void {
    const { bytes } = this;
    const piece = bytes.subarray(start, end);
    this.pieceAt = start;
    for (let at = start; at < end; ) {
      const counter = this.counterOf(piece);
      if (counter !== null) {
        const why = this.count(counter, at - start, piece.length);
        at = start + counter.at;
        if (why === STOP_END || why === STOP_FULL) continue;
        if (why === STOP_TIME && this.row.readTime(bytes, start + counter.timeAt)) continue;
        if (why === STOP_OPEN) {
          counter.tell(counter.status, toldOutcomes(counter.status));
          continue;
        }
      }
      at = this.readLine(at, end);
    }
  }

  /** Lets the counter read on, and takes what it has found; why it stopped (`STOP_…`). */
  private count(counter: AccessCounter, at: number, end: number): number {
    const { sink } = this;
    const why = counter.count(
      at,
      end,
      sink.sampleWeight('ordinary'),
      sink.sampleWeight('refused'),
      sink.sampleWeight('failed'),
    );
    counter.drain(this);
    this.next += counter.rows;
    return why;
  }

  counted(second: number, status: number, told: number, reached: boolean, rows: number): void {
    const { minuteMs, offsetMinutes } = this.row;
    const ms = minuteMs + 1000 * second;
    this.sink.count({ ms, offsetMinutes, status, signal: signalOf(status, told), reached }, rows);
  }

  wanted({ second, status, told, reached, layout, hash }: WantedRow, before: number, start: number, end: number): void {
    const { sink, row, bytes, pieceAt } = this;
    const { minuteMs, offsetMinutes } = row;
    const known = row.layouts[layout];
    if (known === undefined) return;
    const ms = minuteMs + 1000 * second;
    const hold = (): HeldRequest => {
      const text = bytes.toString('utf8', pieceAt + start, pieceAt + end);
      return heldRow(text, this.next + before, { kind: 'utc', ms, offsetMinutes }, known);
    };
    const signal = signalOf(status, told);
    if (signal !== undefined)
      sink.keepFailure(
        { ms, offsetMinutes, status, reached, signal, exported: null, visitor: true, weight: 1 },
        hash,
        hold,
      );
    // Samples become thinner while rows are kept.
    else if (sink.wantsRequest(hash)) sink.keepRequest({ ms, offsetMinutes, status, reached }, hash, hold());
    else sink.count({ ms, offsetMinutes, status, reached });
  }

  unsure(before: number, start: number, end: number): void {
    const { pieceAt } = this;
    this.takeRow(pieceAt + start, pieceAt + end, this.next + before, true);
  }

  /** Reads the line at `at`; where the next one begins. */
  private readLine(at: number, end: number): number {
    const { bytes } = this;
    const found = bytes.indexOf(LF, at);
    const hasEnd = found !== -1 && found < end;
    const lineEnd = hasEnd ? found : end;
    // As `LineReader`: a carriage return belongs to the line's end only before a line feed.
    const stop = hasEnd && lineEnd > at && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
    this.takeRow(at, stop, this.next++, stop - at <= LONGEST_ROW && !isRewritten(bytes, at, stop));
    return lineEnd + 1;
  }

  /** Counts a line or makes its record where it `isFor` this reader and is a row that it knows; else hands it over. */
  private takeRow(start: number, end: number, number: number, isFor: boolean): void {
    const verdict = isFor ? this.readRow(this.bytes, start, end, number) : UNKNOWN;
    if (verdict !== DONE) this.handOver(this.bytes, start, end, number, verdict);
  }

  /** The counter, knowing all that this reader knows, with this piece loaded; null where the next row is not for it. */
  private counterOf(piece: Buffer): AccessCounter | null {
    const { row, told } = this;
    const { layouts, minutes } = row;
    if (this.strayed || layouts.length === 0 || piece.length > COUNTER_BYTES || piece.at(-1) !== LF) return null;
    const counter = this.withCounter ? openAccessCounter(RULES) : null;
    if (counter === null) return null;
    if (counter.isNewTo(this)) Object.assign(told, NOTHING_TOLD);
    if (told.layouts !== layouts.length) {
      told.layouts = layouts.length;
      told.isForLayouts = counter.learn(layouts);
    }
    if (told.minute !== minutes) {
      told.minute = minutes;
      told.isForMinute = counter.minuteIs(row.time, row.minuteMs);
    }
    if (!told.isForLayouts || !told.isForMinute) return null;
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
    const { row } = this;
    if (!row.read(bytes, start, end) || row.layout === null) return UNKNOWN;
    const isGood = GOOD_STATUS[row.status] === 1;
    if (this.strayed || !(isGood || row.isPlain)) return ROW;
    const hash = row.hash(bytes);
    if (!isGood) {
      if (hash < 0) return ROW;
      this.keepOdd(bytes, start, end, number, row.layout, hash);
      return DONE;
    }
    if (hash >= 0 && !this.sink.wantsRequest(hash)) {
      this.sink.count(this.request());
      return DONE;
    }
    if (hash < 0 || !row.isPlain) return ROW;
    this.sink.keepRequest(this.request(), hash, this.held(bytes, start, end, number, row.layout));
    return DONE;
  }

  /** Counts a row whose status may tell of a failure, and keeps it where it is wanted. */
  private keepOdd(bytes: Buffer, start: number, end: number, number: number, layout: Layout, hash: number): void {
    const { ms, offsetMinutes, status } = this.row;
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

  private request(): CountedRequest {
    const { ms, offsetMinutes, status, reached } = this.row;
    return { ms, offsetMinutes, status, reached };
  }

  /** What the record of a row is read from: its text is taken now. */
  private held(bytes: Buffer, start: number, end: number, number: number, layout: Layout): HeldRequest {
    const { ms, offsetMinutes } = this.row;
    return heldRow(bytes.toString('utf8', start, end), number, { kind: 'utc', ms, offsetMinutes }, layout);
  }
}

/** What rows with a status say of their failure: refusals by their status, others as it was told. */
function signalOf(status: number, told: number): SignalId | undefined {
  return KINDS[status] === KIND_REFUSED ? REFUSED : toldSignal(told);
}

function heldRow(text: string, number: number, stamp: Stamp, layout: Layout): HeldRequest {
  const held: HeldRequest = { read: () => layoutRecord(text, number, stamp, layout), moved: () => held };
  return held;
}
