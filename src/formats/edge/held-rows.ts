import type { RowScanner } from '../../scan/scanner.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import type { HeldRequest } from '../format.ts';
import { Unwrapper } from '../wrappers.ts';
import { requestRecord } from './request-record.ts';
import { rowsOf } from './row.ts';
import type { ScannedRow } from './scanned-row.ts';

/** Memory for copies: little at first, as exports come in thousands of small files; each next chunk is twice as large. */
const FIRST_CHUNK_BYTES = 16 * 1024;
const LARGEST_CHUNK_BYTES = 1024 * 1024;

const COUNT_NONE = 0;

/** A copy of a row, `chunk[from, to)`: a hundred thousand of them come and go, so it holds no more than it needs. */
class HeldRow implements HeldRequest {
  private readonly rows: HeldRows;
  private readonly chunk: Buffer;
  private readonly from: number;
  private readonly to: number;
  private readonly line: number;

  constructor(rows: HeldRows, chunk: Buffer, from: number, to: number, line: number) {
    this.rows = rows;
    this.chunk = chunk;
    this.from = from;
    this.to = to;
    this.line = line;
  }

  read(): RequestRecord {
    return this.rows.read(this.chunk, this.from, this.to, this.line);
  }

  moved(): HeldRequest {
    return this.rows.hold(this.chunk.subarray(this.from, this.to), this.line);
  }
}

/** Copies of plain rows whose records may be wanted later. */
export class HeldRows {
  private chunk = Buffer.alloc(0);
  private filled = 0;
  private nextBytes = FIRST_CHUNK_BYTES;
  private readonly open: () => { readonly scanner: RowScanner; readonly row: ScannedRow };
  private opened: { readonly scanner: RowScanner; readonly row: ScannedRow } | null = null;

  /** `open` gives a scanner of its own, since rows are read while another scanner is at a row. */
  constructor(open: () => { readonly scanner: RowScanner; readonly row: ScannedRow }) {
    this.open = open;
  }

  /** Copies a plain request's row. */
  hold(row: Buffer, line: number): HeldRequest {
    if (this.filled + row.length > this.chunk.length) {
      this.chunk = Buffer.allocUnsafeSlow(Math.max(this.nextBytes, row.length));
      this.nextBytes = Math.min(2 * this.nextBytes, LARGEST_CHUNK_BYTES);
      this.filled = 0;
    }
    const { chunk, filled: from } = this;
    row.copy(chunk, from);
    const to = from + row.length;
    this.filled = to;
    return new HeldRow(this, chunk, from, to, line);
  }

  /** The record of a row that is held. */
  read(bytes: Buffer, from: number, to: number, line: number): RequestRecord {
    this.opened ??= this.open();
    const { scanner, row } = this.opened;
    scanner.load(bytes, from, to);
    scanner.next(COUNT_NONE);
    row.goOn();
    const record = requestRecord(row, line);
    if (record !== null && !row.isDoubtful) return record;
    const { text } = new Unwrapper().unwrap(bytes.toString('utf8', from, to), line);
    const parsed = rowsOf(text, () => true).map((found) => requestRecord(found, line))[0];
    if (!parsed) throw new Error('a plain row must have a record');
    return parsed;
  }
}
