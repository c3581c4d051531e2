import {
  type AccessCounter,
  type AccessRules,
  COUNTER_BYTES,
  type FoundTaker,
  openAccessCounter,
  type WantedRow,
} from '../../scan/access-counter.ts';
import { KIND_ORDINARY, KIND_REFUSED, STOP_END, STOP_FULL, STOP_OPEN, STOP_TIME } from '../../scan/access-numbers.ts';
import type { CountedKind } from '../../scan/count-rules.ts';
import type { Draft } from '../../vocabulary/draft.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { BlockReader, BlockSink, CountedFailure, HeldRequest, Line, RequestKind } from '../format.ts';
import { heldLine } from '../held-line.ts';
import { cleaned } from '../wrappers/pasted.ts';
import {
  CLASS,
  CR,
  IN_METHOD,
  IN_NAME,
  IN_PATH,
  IN_RAY,
  IN_USER,
  IN_WORD,
  isRewritten,
  LF,
  LONGEST_LINE,
  pieceEnd,
} from './access-blocks-bytes.ts';
import type { Layout } from './access-blocks-layout.ts';
import { REFUSED, STATUS_KINDS, toldOutcome, toldSignal } from './access-blocks-outcomes.ts';
import { heldFields, heldRecord } from './access-blocks-record.ts';
import { AccessRow } from './access-blocks-row.ts';
import { rowSignal } from './access-row.ts';

/**
 * Reads access rows straight from their bytes. Counts those that went well and are written in a known layout; all others,
 * and whatever it is not sure of, it hands over.
 */

/** The ordinary way reads no more of a line than twice this. */
const LONGEST_ROW = 32_768;

const RULES: AccessRules = {
  classes: CLASS,
  bits: { word: IN_WORD, user: IN_USER, path: IN_PATH, ray: IN_RAY, method: IN_METHOD, name: IN_NAME },
  kinds: STATUS_KINDS,
  countedAs: (status, told, reached): RequestKind => ({ status, signal: signalOf(status, told), reached }),
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
  /** Another format took a line: until a row is read the ordinary way, that format is asked first. */
  private strayed = false;
  private readonly withCounter: boolean;
  private readonly told: Told = { ...NOTHING_TOLD };
  // What is being read: a piece of a block that begins there, and the number of the line at hand.
  private bytes: Buffer = Buffer.alloc(0);
  private pieceAt = 0;
  private next = 1;
  // The row that the sink is asked about.
  private heldStart = 0;
  private heldEnd = 0;
  private heldNumber = 0;
  /** Its layout, where its fields are plain. */
  private heldLayout: Layout | null = null;
  /** What is given to the sink. One object: rows are many, and it holds good during the call alone. */
  private readonly entry: Draft<CountedFailure> = {
    ms: 0,
    offsetMinutes: 0,
    status: 0,
    signal: undefined,
    reached: false,
    exported: null,
    visitor: true,
    weight: 1,
  };
  /** What the record of that row is read from: its text is taken now. */
  private readonly hold = (): HeldRequest => {
    const { bytes, heldStart, heldEnd, heldNumber, heldLayout, entry, row } = this;
    const line = heldLine(this.sink, bytes, heldStart, heldEnd, heldNumber);
    return new HeldRow(line, entry.ms, row.offsetMinutes, heldLayout);
  };

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
          const { status, outcome } = counter;
          counter.tell(status, outcome, toldOutcome(status, outcome));
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

  counted(second: number, kinds: readonly CountedKind[], counts: readonly number[], rows: number): void {
    const { minuteMs, offsetMinutes } = this.row;
    const ms = minuteMs + 1000 * second;
    this.sink.countSecond({ firstMs: ms, lastMs: ms, kinds, counts, rows }, offsetMinutes);
  }

  wanted({ second, status, told, reached, layout, hash, before, start, end }: WantedRow): void {
    const { sink, row } = this;
    const signal = signalOf(status, told);
    const entry = this.entryOf(row.minuteMs + 1000 * second, status, signal, reached);
    this.heldStart = this.pieceAt + start;
    this.heldEnd = this.pieceAt + end;
    this.heldNumber = this.next + before;
    this.heldLayout = row.layouts[layout] ?? null;
    if (signal !== undefined) sink.keepFailure(entry, hash, this.hold);
    // Samples become thinner while rows are kept.
    else if (sink.wantsRequest(hash)) sink.keepRequest(entry, hash, this.hold());
    else sink.count(entry);
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
    if (isFor && this.readRow(this.bytes, start, end, number)) return;
    const { sink } = this;
    const isFirst = sink.line(this.bytes.subarray(start, Math.min(end, start + LONGEST_LINE)), number);
    this.strayed = !isFirst && sink.leavesRows?.() !== true;
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

  /** Counts a row or makes its record; false where the ordinary way must read it. */
  private readRow(bytes: Buffer, start: number, end: number, number: number): boolean {
    const { row } = this;
    if (this.strayed || !row.read(bytes, start, end)) return false;
    const hash = row.hash(bytes);
    if (hash < 0) return false;
    this.heldStart = start;
    this.heldEnd = end;
    this.heldNumber = number;
    this.heldLayout = row.isPlain ? row.layout : null;
    if (STATUS_KINDS[row.status] !== KIND_ORDINARY) {
      this.keepOdd(hash);
      return true;
    }
    const entry = this.entryOf(row.ms, row.status, undefined, row.reached);
    if (this.sink.wantsRequest(hash)) this.sink.keepRequest(entry, hash, this.hold());
    else this.sink.count(entry);
    return true;
  }

  /** Counts a row whose status may tell of a failure, and keeps it where it is wanted. */
  private keepOdd(hash: number): void {
    const { sink, heldStart, heldEnd, heldLayout } = this;
    const { ms, status } = this.row;
    const text = cleaned(this.bytes.toString('utf8', heldStart, heldEnd));
    const { signal, received } = rowSignal(heldFields(text, heldLayout));
    const entry = this.entryOf(ms, status, signal, (received ?? 0) > 0);
    if (signal !== undefined || failureKind(status) !== null) sink.keepFailure(entry, hash, this.hold);
    else if (sink.wantsRequest(hash)) sink.keepRequest(entry, hash, this.hold());
    else sink.count(entry);
  }

  /** An entry for the sink; it holds good until the next one is asked for. */
  private entryOf(ms: number, status: number, signal: SignalId | undefined, reached: boolean): CountedFailure {
    const { entry } = this;
    entry.ms = ms;
    entry.offsetMinutes = this.row.offsetMinutes;
    entry.status = status;
    entry.signal = signal;
    entry.reached = reached;
    return entry;
  }
}

/** What rows with a status say of their failure: refusals by their status, others as it was told. */
function signalOf(status: number, told: number): SignalId | undefined {
  return STATUS_KINDS[status] === KIND_REFUSED ? REFUSED : toldSignal(told);
}

/** A row that may be kept: its line, and what was found out about it. */
class HeldRow implements HeldRequest {
  private readonly line: () => Line;
  private readonly ms: number;
  private readonly offsetMinutes: number;
  private readonly layout: Layout | null;

  constructor(line: () => Line, ms: number, offsetMinutes: number, layout: Layout | null) {
    this.line = line;
    this.ms = ms;
    this.offsetMinutes = offsetMinutes;
    this.layout = layout;
  }

  read(): RequestRecord {
    const { line, ms, offsetMinutes, layout } = this;
    return heldRecord(line(), { kind: 'utc', ms, offsetMinutes }, layout);
  }

  moved(): HeldRequest {
    return this;
  }
}
