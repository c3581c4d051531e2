import { COUNTER_BYTES } from '../../scan/entry-counter.ts';
import { pieceEnd } from '../../scan/piece.ts';
import { clueHashOfBytes } from '../../vocabulary/hash.ts';
import type { ClueRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { eachLine } from '../each-line.ts';
import type { BlockReader, BlockSink, CountedClue } from '../format.ts';
import { ErrorCounts } from './error-counts.ts';
import { DATE_BYTES, ErrorHead } from './error-head.ts';
import { type EntryBytes, EntrySignals } from './error-signals.ts';
import { LEVELS } from './nginx-matcher.ts';

const LF = 10;
const CR = 13;
const MINUTE_MS = 60_000;

/** Reads the lines of one whole entry by itself: the records that the ordinary way makes of it. */
export type ReadEntry = (entry: string, number: number) => readonly ClueRecord[];

/** One entry of a block. */
interface TimedEntry extends EntryBytes {
  /** Of its first line. */
  readonly number: number;
  readonly ms: number;
}

/**
 * Reads nginx's error log from bytes. An entry whose head nginx itself wrote, and which another such head follows, is
 * complete whatever it ends with; of such an entry bytes tell the signal. All others are handed over.
 */
export class ErrorBlocks implements BlockReader {
  private readonly sink: BlockSink;
  private readonly readEntry: ReadEntry;
  private readonly head = new ErrorHead();
  private readonly signals = new EntrySignals();
  private readonly counts: ErrorCounts | null;
  /** The ordinary way may wait for more lines of an entry. */
  private waits = false;
  /** The last entry, which nothing has followed yet. */
  private held: TimedEntry | null = null;
  /** Time of the entry that was counted last. */
  private countedMs = Number.NaN;

  /** Without `withCounter` it reads each entry itself: the reference. */
  constructor(sink: BlockSink, readEntry: ReadEntry, withCounter = true) {
    this.sink = sink;
    this.readEntry = readEntry;
    this.counts = withCounter
      ? ErrorCounts.open(sink, (clue, hash, text, number) => this.keep(clue, hash, text, number, 0))
      : null;
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    let line = number;
    for (let at = start; at < end; ) {
      const stop = pieceEnd(bytes, at, end, COUNTER_BYTES);
      line = this.readPiece(bytes, at, stop, line);
      at = stop;
    }
    return line - number;
  }

  end(): void {
    this.giveHeld(false);
  }

  /** The number of the line behind the piece. */
  private readPiece(bytes: Buffer, start: number, end: number, number: number): number {
    const { head } = this;
    const counts = end - start <= COUNTER_BYTES ? this.counts : null;
    let isLoaded = false;
    let line = number;
    let lineAt = start;
    let lineEnd = feedAfter(bytes, start, end);
    let isHead = head.read(bytes, lineAt, lineEnd);
    this.giveHeld(isHead);
    while (lineAt < end) {
      const entryAt = lineAt;
      const firstEnd = lineEnd;
      const firstLine = line;
      const wasHead = isHead;
      const { ms, minuteMs, level, end: messageAt } = head;
      let entryEnd = lineEnd;
      // The entry goes on up to the next head, which may lie in the next block.
      do {
        entryEnd = lineEnd;
        lineAt = lineEnd + 1;
        line++;
        isHead = false;
        if (lineAt >= end) break;
        lineEnd = feedAfter(bytes, lineAt, end);
        isHead = head.read(bytes, lineAt, lineEnd);
      } while (!isHead);
      if (wasHead && this.waits) {
        this.sink.entryEnds();
        this.waits = false;
      }
      const entry = { bytes, start: entryAt, firstEnd, end: entryEnd, number: firstLine, ms, level, messageAt };
      if (wasHead && !isHead) this.hold(entry, Math.min(lineAt, end));
      else if (!wasHead || !this.take(entry)) this.handOver(bytes, entryAt, Math.min(lineAt, end), firstLine);
      else if (counts !== null && ms === this.countedMs && ms < minuteMs + MINUTE_MS) {
        if (!isLoaded) counts.load(bytes.subarray(start, end));
        isLoaded = true;
        const counted = counts.run(lineAt - start, line, ms, bytes.subarray(entryAt, entryAt + DATE_BYTES), minuteMs);
        if (counted === 0) continue;
        line += counted;
        lineAt = start + counts.at;
        lineEnd = feedAfter(bytes, lineAt, end);
        isHead = head.read(bytes, lineAt, lineEnd);
      }
    }
    this.counts?.drain();
    return line;
  }

  /** Keeps the last entry of a piece, whose lines end at `end`, until it is known what follows. */
  private hold(entry: TimedEntry, end: number): void {
    const { start, firstEnd, messageAt } = entry;
    this.held = {
      ...entry,
      bytes: Buffer.from(entry.bytes.subarray(start, end)),
      start: 0,
      firstEnd: firstEnd - start,
      end: entry.end - start,
      messageAt: messageAt - start,
    };
  }

  /** Reads the entry that was held; it is complete where a head follows. */
  private giveHeld(isComplete: boolean): void {
    const { held } = this;
    if (held === null) return;
    this.held = null;
    if (!isComplete || !this.take(held)) this.handOver(held.bytes, 0, held.bytes.length, held.number);
  }

  /** Counts or keeps an entry; false where bytes do not tell what it is. */
  private take(entry: TimedEntry): boolean {
    this.countedMs = Number.NaN;
    const signals = this.signals.of(entry);
    if (signals === null) return false;
    const { bytes, start, end } = entry;
    const hash = clueHashOfBytes(bytes, start, bytes[end - 1] === CR ? end - 1 : end);
    let copy: string | undefined;
    if (typeof signals === 'string') this.count(entry, signals, hash, 0, copy);
    else
      signals.forEach((signal, i) => {
        copy = this.count(entry, signal, hash, i, copy);
      });
    return true;
  }

  /** Counts record `index` of an entry and keeps it where it is wanted; returns the copy of the entry, if one was made. */
  private count(
    entry: TimedEntry,
    signal: SignalId,
    hash: number,
    index: number,
    copied: string | undefined,
  ): string | undefined {
    const { ms, number } = entry;
    this.counts?.meet(ms);
    this.countedMs = ms;
    const stamp: Stamp = { kind: 'local', ms };
    const clue: CountedClue = { stamp, signal, level: LEVELS[entry.level] };
    if (!this.sink.wantsClue(signal, Math.floor(ms / MINUTE_MS), hash)) {
      this.sink.countClue(clue);
      return copied;
    }
    const copy = copied ?? entry.bytes.toString('latin1', entry.start, entry.end);
    this.keep(clue, hash, copy, number, index);
    this.counts?.hasKept(signal);
    return copy;
  }

  /** Keeps record `index` of an entry, whose text has one character per byte: short strings cost less to hold than pieces of memory. */
  private keep(clue: CountedClue, hash: number, text: string, number: number, index: number): void {
    const { readEntry } = this;
    this.sink.keepClue(clue, hash, () => readEntry(decoded(text), number)[index]);
  }

  /** Gives the lines of `bytes[start, end)` the ordinary way. */
  private handOver(bytes: Buffer, start: number, end: number, number: number): void {
    this.counts?.drain();
    this.countedMs = Number.NaN;
    this.waits = true;
    eachLine(bytes, start, end, number, (from, to, line) => {
      this.sink.line(bytes.subarray(from, to), line);
    });
  }
}

const BEYOND_ASCII = /[\u0080-\u00ff]/;

/** The text of bytes, of which it has one character each. */
function decoded(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text;
}

/** Index of the next line feed; `end` where there is none. */
function feedAfter(bytes: Buffer, start: number, end: number): number {
  const at = bytes.indexOf(LF, start);
  return at < 0 || at > end ? end : at;
}
