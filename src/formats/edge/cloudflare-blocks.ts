import { openScanner, type RowScanner } from '../../scan/scanner.ts';
import { ROW_END, ROW_FLAGS, ROW_START } from '../../scan/table.ts';
import { finishHash, HASH_START } from '../../vocabulary/hash.ts';
import type { BlockReader, BlockSink } from '../format.ts';
import { requestRecord } from './cloudflare-http.ts';
import { MomentBytes } from './moment-bytes.ts';
import { columnWords, ScannedRow } from './scanned-row.ts';
import { isText, SeenTexts } from './seen-texts.ts';

/** The columns that a request's record is made of, and those that a row of another kind would have. */
const COLUMNS = [
  'EdgeResponseStatus',
  'OriginResponseStatus',
  'EdgeEndTimestamp',
  'EdgeStartTimestamp',
  'Datetime',
  'RayID',
  'ParentRayID',
  'EdgeColoCode',
  'ClientRequestHost',
  'ClientRequestSource',
  'RequestSource',
  'WorkerSubrequest',
  'sampleInterval',
  'ClientRequestMethod',
  'ClientRequestPath',
  'ClientRequestURI',
  'ClientRequestUserAgent',
  'ClientIP',
  'OriginIP',
  'OriginResponseDurationMs',
  'OriginResponseTime',
  'EdgeTimeToFirstByteMs',
  'EdgeResponseBytes',
  'EdgeResponseContentType',
  'CacheCacheStatus',
  'ZoneName',
  'WorkerStatus',
  'WorkerSubrequestCount',
  'WorkerScriptName',
  'EdgeCFConnectingO2O',
  'RequestHeaders',
  'SecurityAction',
  'SecurityActions',
  'FirewallMatchesActions',
  'WAFAction',
  'EdgeRateLimitAction',
  'EdgePathingOp',
  'EdgePathingSrc',
  'EdgePathingStatus',
  'log',
  'MESSAGE',
  'Outcome',
  'Action',
  'RuleID',
] as const;
type Column = (typeof COLUMNS)[number];

const WORDS = columnWords(COLUMNS);
const wordOf = (column: Column): number => WORDS.get(column) ?? 0;

const STATUS = wordOf('EdgeResponseStatus');
const ORIGIN_STATUS = wordOf('OriginResponseStatus');
const END = wordOf('EdgeEndTimestamp');
const START = wordOf('EdgeStartTimestamp');
const RAY = wordOf('RayID');
const COLO = wordOf('EdgeColoCode');
const HOST = wordOf('ClientRequestHost');
const SOURCES = [wordOf('ClientRequestSource'), wordOf('RequestSource')] as const;
const SUBREQUEST = wordOf('WorkerSubrequest');
const SAMPLE_INTERVAL = wordOf('sampleInterval');
/** Wrappers' keys (docker, journald), and what rows of other data sets have: the ordinary way tells them apart. */
const STRANGERS = (['log', 'MESSAGE', 'Outcome', 'Action', 'RuleID'] as const).map(wordOf);
/** Where these tell something, an answer of 400 to 499 may be Cloudflare's own (rules 1.4 and 27c of the decision table). */
const ACTED = (
  [
    'SecurityAction',
    'SecurityActions',
    'FirewallMatchesActions',
    'WAFAction',
    'EdgeRateLimitAction',
    'EdgePathingOp',
    'EdgePathingSrc',
  ] as const
).map(wordOf);
/** Values of those that tell nothing. */
const IDLE = ['""', '[]', 'null', '"unknown"', '"wl"', '"macro"', '"log"'];
/** How a visitor is written (ClientRequestSource 1 is `eyeball`). */
const VISITOR = ['"eyeball"', '""', '"1"', '1'];

const LF = 10;
const QUOTE = 34;
const ZERO = 48;
const RAY_DIGITS = 16;
/** A longer row goes the ordinary way, which looks at its nesting before it parses it. */
const FNV_PRIME = 0x01000193;
const NOT_PLAIN = -1;

/** Lower-case hexadecimal digits, as Ray IDs are written. */
const IS_HEX = Uint8Array.from({ length: 256 }, (_, code) => (/[0-9a-f]/.test(String.fromCharCode(code)) ? 1 : 0));
/** What a host may be made of to be counted by its bytes: its lower case is itself. */
const IS_HOST = Uint8Array.from({ length: 256 }, (_, code) => (/[0-9a-z._:-]/.test(String.fromCharCode(code)) ? 1 : 0));

/**
 * Reads Logpush rows from their bytes. Ordinary answers to visitors are counted; the records of plain rows are made without
 * parsing the row; all that is odd, wrapped or of another data set is handed over.
 */
export class CloudflareBlocks implements BlockReader {
  private readonly sink: BlockSink;
  private readonly scanner: RowScanner;
  private readonly texts = new SeenTexts();
  private readonly moments = new MomentBytes();
  private readonly row: ScannedRow;

  constructor(sink: BlockSink, scanner: RowScanner = openScanner(COLUMNS)) {
    this.sink = sink;
    this.scanner = scanner;
    this.row = new ScannedRow(scanner, WORDS, this.texts);
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    let next = number;
    for (let at = start; at < end; ) {
      const rows = this.scanner.scan(bytes, at, end);
      if (rows === 0) {
        const feed = bytes.indexOf(LF, at);
        const lineEnd = feed === -1 || feed >= end ? end : feed;
        this.sink.line(bytes.subarray(at, lineEnd), next++);
        at = lineEnd + 1;
        continue;
      }
      this.readRows(bytes, at, rows, next);
      next += rows;
      at += this.scanner.consumed;
    }
    return next - number;
  }

  private readRows(bytes: Buffer, at: number, rows: number, number: number): void {
    const { table, rowWords } = this.scanner;
    for (let index = 0; index < rows; index++) {
      const row = index * rowWords;
      if (table[row + ROW_FLAGS] === 0 && this.isRequest(row) && (this.count(row) || this.record(row, number + index)))
        continue;
      const from = table[row + ROW_START] ?? 0;
      const to = table[row + ROW_END] ?? 0;
      this.sink.line(bytes.subarray(at + from, at + to), number + index);
    }
  }

  /** Whether the row is a request's for sure: in the documented spelling, with a time, and nothing of other data sets. */
  private isRequest(row: number): boolean {
    const { table } = this.scanner;
    if (table[row + STATUS] === 0 || (table[row + END] === 0 && table[row + START] === 0)) return false;
    for (const word of STRANGERS) if (table[row + word] !== 0) return false;
    return true;
  }

  /** Counts the row where it is a visitor's ordinary answer that no record is wanted of; else false. */
  private count(row: number): boolean {
    const { table } = this.scanner;
    const status = this.smallNumber(row, STATUS);
    const origin = table[row + ORIGIN_STATUS] === 0 ? 0 : this.smallNumber(row, ORIGIN_STATUS);
    if (status < 200 || origin < 0 || origin >= 500) return false;
    if (status >= 400 && !this.isPlainRefusal(row, status)) return false;
    if (table[row + SAMPLE_INTERVAL] !== 0 || !this.isVisitor(row)) return false;
    const hash = this.rayHash(row);
    if (hash === NOT_PLAIN || this.sink.wantsRequest(hash)) return false;
    const host = this.host(row);
    const colo = this.colo(row);
    const ms = this.moments.read(this.scanner.memory, table[row + END] ?? 0, table[row + END + 1] ?? 0);
    if (host === null || colo === null || Number.isNaN(ms)) return false;
    this.sink.count({ ms, offsetMinutes: 0, status, reached: origin > 0, colo, host });
    return true;
  }

  /** Hands over the record of the row; false where the ordinary way must make it. */
  private record(row: number, line: number): boolean {
    this.row.goTo(row);
    const record = requestRecord(this.row, line);
    if (record === null || this.row.isDoubtful) return false;
    this.sink.record(record);
    return true;
  }

  /** A number of one to three digits; -1 where the column holds something else. */
  private smallNumber(row: number, column: number): number {
    const { table, memory } = this.scanner;
    const from = table[row + column] ?? 0;
    const to = table[row + column + 1] ?? 0;
    if (to - from > 3 || to <= from) return NOT_PLAIN;
    let number = 0;
    for (let at = from; at < to; at++) {
      const digit = (memory[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return NOT_PLAIN;
      number = number * 10 + digit;
    }
    return number;
  }

  /** 400 to 498 but 403 and 429, and nothing tells that Cloudflare gave it. */
  private isPlainRefusal(row: number, status: number): boolean {
    if (status === 403 || status === 429 || status >= 499) return false;
    for (const column of ACTED) if (!this.isOneOf(row, column, IDLE)) return false;
    return true;
  }

  private isVisitor(row: number): boolean {
    for (const column of SOURCES) if (!this.isOneOf(row, column, VISITOR)) return false;
    return this.isOneOf(row, SUBREQUEST, ['false']);
  }

  /** Whether the row lacks the column or its value is written like one of these. */
  private isOneOf(row: number, column: number, values: readonly string[]): boolean {
    const { table, memory } = this.scanner;
    const from = table[row + column] ?? 0;
    if (from === 0) return true;
    const length = (table[row + column + 1] ?? 0) - from;
    for (const value of values) if (value.length === length && isText(memory, from, value)) return true;
    return false;
  }

  /** `requestHash` of the Ray ID; -1 where it is not written as 16 digits in lower case. */
  private rayHash(row: number): number {
    const { table, memory } = this.scanner;
    const from = (table[row + RAY] ?? 0) + 1;
    if (memory[from - 1] !== QUOTE || (table[row + RAY + 1] ?? 0) - 1 - from !== RAY_DIGITS) return NOT_PLAIN;
    let hash = HASH_START;
    for (let at = from; at < from + RAY_DIGITS; at++) {
      const digit = memory[at] ?? 0;
      if (IS_HEX[digit] === 0) return NOT_PLAIN;
      hash = Math.imul(hash ^ digit, FNV_PRIME);
    }
    return finishHash(hash);
  }

  /** The host; empty where the row has none, null where it is not plain. */
  private host(row: number): string | null {
    const { table, memory } = this.scanner;
    const from = table[row + HOST] ?? 0;
    if (from === 0) return '';
    const to = table[row + HOST + 1] ?? 0;
    if (memory[from] !== QUOTE || to < from) return null;
    for (let at = from + 1; at < to - 1; at++) if (IS_HOST[memory[at] ?? 0] === 0) return null;
    return this.texts.ascii(memory, from + 1, to - 1) ?? null;
  }

  /** The colo; empty where the row has none, null where it is not three or four capitals. */
  private colo(row: number): string | null {
    const { table, memory } = this.scanner;
    const from = table[row + COLO] ?? 0;
    if (from === 0) return '';
    const length = (table[row + COLO + 1] ?? 0) - from - 2;
    if (memory[from] !== QUOTE || (length !== 3 && length !== 4)) return null;
    for (let at = from + 1; at <= from + length; at++) {
      const letter = memory[at] ?? 0;
      if (letter < 65 || letter > 90) return null;
    }
    return this.texts.ascii(memory, from + 1, from + 1 + length) ?? null;
  }
}
