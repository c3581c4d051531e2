import { KIND_REFUSED, KIND_TOLD } from '../../scan/access-numbers.ts';
import type { Draft } from '../../vocabulary/draft.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { eachLine } from '../each-line.ts';
import type { BlockReader, BlockSink, CountedFailure, HeldRequest, Line } from '../format.ts';
import { HeldRow, heldLine } from '../held-line.ts';
import { LONGEST_LINE } from './access-blocks-bytes.ts';
import { REFUSED, STATUS_KINDS } from './access-blocks-outcomes.ts';
import type { LearnedRow } from './learned-row.ts';

/**
 * Reads access logs whose rows are written alike: counts the rows that have a layout that was learned; all others, and whatever it is
 * not sure of, it hands over.
 */
export class LearnedBlocks implements BlockReader {
  private readonly sink: BlockSink;
  private readonly row: LearnedRow<unknown>;
  private readonly readRecord: (line: Line) => RequestRecord | null;
  /** The last line that was handed over was not taken by this format: another one may be asked first. */
  private strayed = false;
  /** What is given to the sink. One object: rows are many, and it holds good during the call alone. */
  private readonly entry: Draft<CountedFailure> = {
    ms: 0,
    offsetMinutes: undefined,
    status: 0,
    signal: undefined,
    reached: false,
    exported: null,
    visitor: true,
    weight: 1,
  };

  /** `readRecord` is the ordinary way for a row that is kept. */
  constructor(sink: BlockSink, row: LearnedRow<unknown>, readRecord: (line: Line) => RequestRecord | null) {
    this.sink = sink;
    this.row = row;
    this.readRecord = readRecord;
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    return eachLine(bytes, start, end, number, (from, to, line) => {
      if (this.strayed || !this.readRow(bytes, from, to, line))
        this.strayed = !this.sink.line(bytes.subarray(from, Math.min(to, from + LONGEST_LINE)), line);
    });
  }

  /** Counts a row and keeps it where it is wanted; false where it is not for this reader. */
  private readRow(bytes: Buffer, start: number, end: number, number: number): boolean {
    const { row, sink } = this;
    if (!row.read(bytes, start, end)) return false;
    const hash = row.hash();
    const kind = STATUS_KINDS[row.status];
    const told = kind === KIND_TOLD ? row.signal() : undefined;
    if (hash < 0 || (kind === KIND_TOLD && told === undefined)) return false;
    const entry = this.entryOf(row, kind === KIND_REFUSED ? REFUSED : told?.signal);
    if (told !== undefined) entry.reached = (told.received ?? 0) > 0;
    const isGood = entry.signal === undefined && failureKind(row.status) === null;
    if (isGood && !sink.wantsRequest(hash)) sink.count(entry);
    else if (isGood) sink.keepRequest(entry, hash, this.heldRow(bytes, start, end, number));
    else this.keepFailure(entry, hash, bytes, start, end, number);
    return true;
  }

  /** A function of its own: what a closure holds is allocated at each call, and most rows went well. */
  private keepFailure(
    entry: Draft<CountedFailure>,
    hash: number,
    bytes: Buffer,
    start: number,
    end: number,
    number: number,
  ): void {
    this.sink.keepFailure(entry, hash, () => this.heldRow(bytes, start, end, number));
  }

  private heldRow(bytes: Buffer, start: number, end: number, number: number): HeldRequest {
    return new HeldRow(heldLine(this.sink, bytes, start, end, number), this.readRecord);
  }

  private entryOf(
    { ms, offsetMinutes, status, reached }: LearnedRow<unknown>,
    signal: SignalId | undefined,
  ): Draft<CountedFailure> {
    const { entry } = this;
    entry.ms = ms;
    entry.offsetMinutes = offsetMinutes;
    entry.status = status;
    entry.signal = signal;
    entry.reached = reached;
    return entry;
  }
}
