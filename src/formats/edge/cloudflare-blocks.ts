import { openScanner } from '../../scan/open.ts';
import type { RowScanner } from '../../scan/scanner.ts';
import { ROW_END, ROW_FLAGS, ROW_START } from '../../scan/table.ts';
import { finishHash, HASH_START, requestHash } from '../../vocabulary/hash.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { BlockReader, SharedSink } from '../format.ts';
import { HeldRows } from './held-rows.ts';
import { MomentBytes } from './moment-bytes.ts';
import { type RowOutcome, rayId, requestRecord, rowOutcome } from './request-record.ts';
import { columnWords, ScannedRow } from './scanned-row.ts';
import { isText, SeenTexts } from './seen-texts.ts';

/** The columns that a request's record is made of, and those that a row of another kind would have. */
export const COLUMNS = [
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
  'EdgeServerIP',
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
  'WorkerCPUTime',
  'WorkerWallTimeUs',
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
const IDLE = ['""', '[]', 'null', '"unknown"', '"undef"', '"wl"', '"macro"', '"log"'];
/** How a visitor is written (ClientRequestSource 1 is `eyeball`). */
const VISITOR = ['"eyeball"', '""', '"1"', '1'];

const LF = 10;
const CR = 13;
const QUOTE = 34;
const ZERO = 48;
const RAY_DIGITS = 16;
const FNV_PRIME = 0x01000193;
const NOT_PLAIN = -1;

/** Lower-case hexadecimal digits, as Ray IDs are written. */
const IS_HEX = Uint8Array.from({ length: 256 }, (_, code) => (/[0-9a-f]/.test(String.fromCharCode(code)) ? 1 : 0));
/**
 * Reads Logpush rows from their bytes. Ordinary answers to visitors are counted; the records of plain rows are made without
 * parsing the row; all that is odd, wrapped or of another data set is handed over.
 */
export class CloudflareBlocks implements BlockReader {
  private readonly sink: SharedSink;
  private readonly scanner: RowScanner;
  private readonly texts = new SeenTexts();
  private readonly moments = new MomentBytes();
  private readonly row: ScannedRow;

  private readonly held: HeldRows;
  /** Whether no other format would be offered the rows; a line that went the ordinary way may have changed it. */
  private isAlone: boolean;

  constructor(sink: SharedSink, open: (columns: readonly string[], user: string) => RowScanner = openScanner) {
    this.sink = sink;
    this.isAlone = sink.isAlone(false);
    this.scanner = open(COLUMNS, 'blocks');
    this.row = new ScannedRow(this.scanner, WORDS, this.texts);
    this.held = new HeldRows(() => {
      const scanner = open(COLUMNS, 'held rows');
      return { scanner, row: new ScannedRow(scanner, WORDS, this.texts) };
    });
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    let next = number;
    for (let at = start; at < end; ) {
      const rows = this.scanner.scan(bytes, at, end);
      if (rows === 0) {
        const feed = bytes.indexOf(LF, at);
        const lineEnd = feed === -1 || feed >= end ? end : feed;
        this.handOver(bytes.subarray(at, lineEnd), next++);
        at = lineEnd + 1;
        continue;
      }
      this.readRows(rows, next);
      next += rows;
      at += this.scanner.consumed;
    }
    return next - number;
  }

  private readRows(rows: number, number: number): void {
    const { table, rowWords } = this.scanner;
    for (let index = 0; index < rows; index++) {
      const row = index * rowWords;
      const line = number + index;
      const isOwn = this.isAlone && table[row + ROW_FLAGS] === 0 && this.isRequest(row);
      if (isOwn && (this.count(row, line) || this.record(row, line))) this.sink.took();
      else this.handOver(this.bytesOf(row), line);
    }
  }

  private handOver(line: Buffer, number: number): void {
    this.sink.line(line.at(-1) === CR ? line.subarray(0, -1) : line, number);
    this.isAlone = this.sink.isAlone(false);
  }

  /** The row's bytes, in the scanner's memory. */
  private bytesOf(row: number): Buffer {
    const { table, memory } = this.scanner;
    return memory.subarray(table[row + ROW_START], table[row + ROW_END]);
  }

  /** Whether the row is a request's for sure: in the documented spelling, with a time, and nothing of other data sets. */
  private isRequest(row: number): boolean {
    const { table } = this.scanner;
    if (table[row + STATUS] === 0 || (table[row + END] === 0 && table[row + START] === 0)) return false;
    for (const word of STRANGERS) if (table[row + word] !== 0) return false;
    return true;
  }

  /** Counts the row where it is a visitor's ordinary answer; else false. Its record is made where it stays wanted. */
  private count(row: number, line: number): boolean {
    const { table } = this.scanner;
    const status = this.smallNumber(row, STATUS);
    const origin = table[row + ORIGIN_STATUS] === 0 ? 0 : this.smallNumber(row, ORIGIN_STATUS);
    if (status < 200 || origin < 0 || origin >= 500) return false;
    if (status >= 400 && !this.isPlainRefusal(row, status)) return false;
    if (table[row + SAMPLE_INTERVAL] !== 0 || !this.isVisitor(row)) return false;
    const hash = this.rayHash(row);
    if (hash === NOT_PLAIN) return false;
    const ms = this.moments.read(this.scanner.memory, table[row + END] ?? 0, table[row + END + 1] ?? 0);
    if (Number.isNaN(ms)) return false;
    const request = { ms, offsetMinutes: 0, status, reached: origin > 0 };
    if (this.sink.wantsRequest(hash)) this.sink.keepRequest(request, hash, this.held.hold(this.bytesOf(row), line));
    else this.sink.count(request);
    return true;
  }

  /** Hands over the record of the row; false where the ordinary way must make it. */
  private record(row: number, line: number): boolean {
    this.row.goTo(row);
    const outcome = rowOutcome(this.row);
    if (outcome === null || this.row.isDoubtful) return false;
    if (this.keepFailure(outcome, row, line)) return true;
    const record = requestRecord(this.row, line);
    if (record === null || this.row.isDoubtful) return false;
    this.sink.record(record);
    return true;
  }

  /** Counts a row that failed; false where it did not, or its record is needed to count it. */
  private keepFailure(outcome: RowOutcome, row: number, line: number): boolean {
    const { status, origin, atMs, signal, visitor } = outcome;
    if (atMs === undefined || (signal === undefined && failureKind(status) === null)) return false;
    const ray = rayId(this.row.text('RayID'));
    if (ray === undefined) return false;
    const failure = {
      ms: atMs,
      offsetMinutes: 0,
      status,
      reached: (origin ?? 0) > 0,
      signal,
      exported: { ray, parentRay: rayId(this.row.text('ParentRayID')) },
      visitor,
      weight: Math.max(1, this.row.number('sampleInterval') ?? 1),
    };
    // Asking for a column may have shown that the row is doubtful.
    if (this.row.isDoubtful) return false;
    this.sink.keepFailure(failure, requestHash(ray, undefined, undefined, atMs), () =>
      this.held.hold(this.bytesOf(row), line),
    );
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
}
