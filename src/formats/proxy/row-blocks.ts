import { requestHash } from '../../vocabulary/hash.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import { eachLine } from '../each-line.ts';
import type { BlockReader, BlockSink, CountedRequest, HeldRequest, Line } from '../format.ts';
import { HeldRow } from '../held-line.ts';
import { cleaned } from '../wrappers/pasted.ts';
import { Unwrapper } from '../wrappers.ts';

/**
 * Reads a log whose every line is a request of its own (`rowPerLine`) from its blocks: counts rows by what little of them
 * counts, and makes the records of those that are kept in the end. Half of the ordinary way's time goes into records that are dropped
 * again, a quarter into the search for wrappers.
 */

/** What counts of a row, as its record would tell it. */
export interface PeekedRow extends CountedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
}

/** What counts of a line; null where it is no row, or may have a wrapper. The text is cleaned up. */
export type Peek = (text: string) => PeekedRow | null;
type Read = (line: Line) => RequestRecord | null;

/** Formats cut longer lines off, some behind their wrapper. */
const LONGEST_ROW = 16_000;

/** Opens the block reader of such a format. */
export function rowBlocks(peek: Peek, read: Read): (sink: BlockSink) => BlockReader {
  return (sink) => new RowBlocks(sink, peek, read);
}

class RowBlocks implements BlockReader {
  private readonly sink: BlockSink;
  private readonly peek: Peek;
  private readonly makeRecord: Read;
  /** Another format took a line: until a row is read the ordinary way, that format is asked first. */
  private strayed = false;

  constructor(sink: BlockSink, peek: Peek, read: Read) {
    this.sink = sink;
    this.peek = peek;
    this.makeRecord = read;
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    return eachLine(bytes, start, end, number, (from, to, line) => this.takeLine(bytes.subarray(from, to), line));
  }

  private takeLine(bytes: Buffer, number: number): void {
    const text = bytes.length <= LONGEST_ROW ? bytes.toString('utf8') : '';
    const row = this.strayed ? null : this.peek(cleaned(text));
    if (row === null) this.strayed = !this.sink.line(bytes, number);
    else this.count(row, text, number);
  }

  private count(row: PeekedRow, text: string, number: number): void {
    const { sink } = this;
    const hash = requestHash(undefined, row.method, row.path, row.ms);
    const hold = (): HeldRequest => new HeldRow(() => new Unwrapper().unwrap(text, number), this.makeRecord);
    if (row.signal !== undefined || failureKind(row.status) !== null)
      sink.keepFailure({ ...row, exported: null, visitor: true, weight: 1 }, hash, hold);
    else if (sink.wantsRequest(hash)) sink.keepRequest(row, hash, hold());
    else sink.count(row);
  }
}
