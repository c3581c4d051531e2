import { COUNT_NONE } from '../../scan/count-rules.ts';
import type { RowScanner } from '../../scan/scanner.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import type { HeldRequest } from '../format.ts';
import { Unwrapper } from '../wrappers.ts';
import { type RowTold, shownText, textlessRecord } from './request-record.ts';
import { type Row, rowsOf } from './row.ts';
import type { ScannedRow } from './scanned-row.ts';

/** Memory for copies: little at first, as exports come in thousands of small files; each next chunk is twice as large. */
const FIRST_CHUNK_BYTES = 16 * 1024;
const LARGEST_CHUNK_BYTES = 256 * 1024;
/** Chunks of the largest size that no row needs any more, for the next rows: else they would wait in memory to be collected. */
const FREE: Chunk[] = [];
const MOST_FREE = 24;

/** Copies of rows, one behind the other. */
interface Chunk {
  readonly bytes: Buffer;
  /** How many of them are still held. */
  rows: number;
}

/** Rows whose records were read, and then their texts. */
const TEXTS = new WeakMap<object, HeldRow | string>();

/** The text is made when it is asked for: few records are quoted. One for all, so that records stay alike. */
const LATE_TEXT: PropertyDescriptor & ThisType<object> = {
  enumerable: true,
  configurable: true,
  get() {
    const known = TEXTS.get(this) ?? '';
    if (typeof known === 'string') return known;
    const text = known.text();
    TEXTS.set(this, text);
    return text;
  },
};

function addLateText(record: Omit<RequestRecord, 'text'>, held: HeldRow): asserts record is RequestRecord {
  TEXTS.set(record, held);
  Object.defineProperty(record, 'text', LATE_TEXT);
}

/** A copy of a row, within a chunk from `from` to `to`: a hundred thousand of them come and go, so it holds no more than it needs. */
class HeldRow implements HeldRequest {
  private readonly rows: HeldRows;
  private readonly chunk: Chunk;
  private readonly from: number;
  private readonly to: number;
  private readonly line: number;
  private readonly told: RowTold;

  constructor(rows: HeldRows, chunk: Chunk, from: number, to: number, line: number, told: RowTold) {
    this.rows = rows;
    this.chunk = chunk;
    this.from = from;
    this.to = to;
    this.line = line;
    this.told = told;
  }

  read(): RequestRecord {
    const { line, told } = this;
    const record = this.readRow((row, isPlain) => textlessRecord(row, line, isPlain ? told : undefined));
    addLateText(record, this);
    return record;
  }

  text(): string {
    const text = this.readRow(shownText);
    this.drop();
    return text;
  }

  moved(): HeldRequest {
    const held = this.rows.hold(this.chunk.bytes.subarray(this.from, this.to), this.line, this.told);
    this.drop();
    return held;
  }

  drop(): void {
    this.rows.release(this.chunk);
  }

  private readRow<T>(read: (row: Row, isPlain: boolean) => T | null): T {
    const { chunk, from, to, line } = this;
    return this.rows.read(chunk.bytes, from, to, line, read);
  }
}

/** Copies of plain rows whose records may be wanted later. */
export class HeldRows {
  private chunk: Chunk = { bytes: Buffer.alloc(0), rows: 0 };
  private filled = 0;
  private nextBytes = FIRST_CHUNK_BYTES;
  private readonly open: () => { readonly scanner: RowScanner; readonly row: ScannedRow };
  private opened: { readonly scanner: RowScanner; readonly row: ScannedRow } | null = null;

  /** `open` gives a scanner of its own, since rows are read while another scanner is at a row. */
  constructor(open: () => { readonly scanner: RowScanner; readonly row: ScannedRow }) {
    this.open = open;
  }

  /** Copies a plain request's row, of which this is what the rules tell. */
  hold(row: Buffer, line: number, told: RowTold): HeldRequest {
    if (this.filled + row.length > this.chunk.bytes.length) this.takeChunk(row.length);
    const { chunk, filled: from } = this;
    chunk.bytes.set(row, from);
    const to = from + row.length;
    this.filled = to;
    chunk.rows++;
    return new HeldRow(this, chunk, from, to, line, told);
  }

  /** A row of the chunk is not held any more. */
  release(chunk: Chunk): void {
    chunk.rows--;
    if (chunk.rows > 0) return;
    if (chunk === this.chunk) this.filled = 0;
    else giveBack(chunk);
  }

  /** Goes on in another chunk, which has room for a row of this length. */
  private takeChunk(rowBytes: number): void {
    if (this.chunk.rows === 0) giveBack(this.chunk);
    const bytes = Math.max(this.nextBytes, rowBytes);
    const free = bytes === LARGEST_CHUNK_BYTES ? FREE.pop() : undefined;
    this.chunk = free ?? { bytes: Buffer.allocUnsafeSlow(bytes), rows: 0 };
    this.nextBytes = Math.min(2 * this.nextBytes, LARGEST_CHUNK_BYTES);
    this.filled = 0;
  }

  /** What is read from a row that is held, in the ordinary way where it turns out not to be plain. */
  read<T>(bytes: Buffer, from: number, to: number, line: number, read: (row: Row, isPlain: boolean) => T | null): T {
    this.opened ??= this.open();
    const { scanner, row } = this.opened;
    scanner.load(bytes, from, to);
    scanner.next(COUNT_NONE);
    row.goOn();
    const made = read(row, true);
    if (made !== null && !row.isDoubtful) return made;
    const { text } = new Unwrapper().unwrap(bytes.toString('utf8', from, to), line);
    const [parsed] = rowsOf(text, () => true);
    const remade = parsed && read(parsed, false);
    if (remade === undefined || remade === null) throw new Error('a plain row must have a record');
    return remade;
  }
}

function giveBack(chunk: Chunk): void {
  if (chunk.bytes.length === LARGEST_CHUNK_BYTES && FREE.length < MOST_FREE) FREE.push(chunk);
}
