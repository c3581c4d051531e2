import { clueHashOfBytes } from '../../vocabulary/hash.ts';
import { type ClueRecord, NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { eachLine } from '../each-line.ts';
import { clockOf } from '../entry.ts';
import type { BlockSink, Line, LineReader } from '../format.ts';
import { heldLine } from '../held-line.ts';
import { cleaned } from '../wrappers/pasted.ts';
import { ErrorHead } from './error-head.ts';
import { EntrySignals } from './error-signals.ts';
import { isWhole } from './nginx-entry.ts';
import { LEVELS } from './nginx-matcher.ts';

const MINUTE_MS = 60_000;
const CONNECTION = '*';

/** Reads one line that is an entry of its own: the records that the ordinary way makes of it. */
type ReadEntry = (line: Line) => readonly ClueRecord[];

/**
 * Reads nginx's error log from bytes where other things stand between its lines: each entry by itself that is one line, whose
 * head nginx itself wrote, and that ends like an entry, so that nothing can follow. All other lines are handed over.
 */
export class ErrorLines implements LineReader {
  private readonly sink: BlockSink;
  private readonly readEntry: ReadEntry;
  private readonly head = new ErrorHead();
  private readonly signals = new EntrySignals();
  /** The ordinary way may wait for more lines of an entry. */
  private waits = false;
  /** Another format took a line: until an entry is read the ordinary way, that format is asked first. */
  private strayed = false;

  constructor(sink: BlockSink, readEntry: ReadEntry) {
    this.sink = sink;
    this.readEntry = readEntry;
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    return eachLine(bytes, start, end, number, (from, to, line) => this.readLine(bytes, from, to, line));
  }

  readLine(bytes: Buffer, start: number, end: number, number: number): void {
    if (!this.strayed && this.take(bytes, start, end, number)) return;
    this.waits = true;
    this.strayed = !this.sink.line(bytes.subarray(start, end), number);
  }

  /** Counts or keeps the entry in a line; false where it is none that is told from its bytes. */
  private take(bytes: Buffer, start: number, end: number, number: number): boolean {
    const { head } = this;
    if (!head.read(bytes, start, end)) return false;
    const signals = this.signals.of({ bytes, start, firstEnd: end, end, level: head.level, messageAt: head.end });
    if (signals === null || !this.isAlone(bytes, start, end)) return false;
    if (this.waits) this.sink.entryEnds();
    this.waits = false;
    const hash = clueHashOfBytes(bytes, start, end);
    const wrapper = this.sink.wrapper?.(number);
    const own: Stamp = { kind: 'local', ms: head.ms };
    const { stamp, outerStamp } = clockOf(own, wrapper?.stamp ?? NO_STAMP);
    const minute = Math.floor((stamp.kind === 'none' ? Number.NaN : stamp.ms) / MINUTE_MS);
    const server = wrapper?.server;
    const level = LEVELS[head.level];
    const count = (signal: SignalId, index: number): void => {
      const clue = { stamp, outerStamp, server, signal, level };
      if (!this.sink.wantsClue(signal, minute, hash, server)) {
        this.sink.countClue(clue);
        return;
      }
      const line = heldLine(this.sink, bytes, start, end, number);
      this.sink.keepClue(clue, hash, () => this.readEntry(line())[index]);
    };
    if (typeof signals === 'string') count(signals, 0);
    else signals.forEach(count);
    return true;
  }

  /** Whether the ordinary way would wait for no more lines of the entry whose head was read, and leaves the line as it is. */
  private isAlone(bytes: Buffer, start: number, end: number): boolean {
    const text = bytes.toString('utf8', start, end);
    const { hasConnection, end: messageAt } = this.head;
    return (
      cleaned(text) === text &&
      isWhole(text.slice(messageAt - start), hasConnection ? CONNECTION : undefined, text.length)
    );
  }
}
