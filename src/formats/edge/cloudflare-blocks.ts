import { COUNT_NONE, type CountRules, KIND, type RowWeights } from '../../scan/count-rules.ts';
import { openScanner } from '../../scan/open.ts';
import type { CountTaker, RowScanner } from '../../scan/scanner.ts';
import { ROW_END, ROW_FLAGS, ROW_KIND, ROW_START } from '../../scan/table.ts';
import { addBytes, finishHash, HASH_START, requestHash } from '../../vocabulary/hash.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { BlockReader, CountedFailure, ListedKind, SharedSink } from '../format.ts';
import { HeldRows } from './held-rows.ts';
import { MomentBytes } from './moment-bytes.ts';
import { type RowOutcome, type RowTold, rayId, requestRecord, rowOutcome } from './request-record.ts';
import { KINDS as LISTED_KINDS, RowLessons } from './row-lessons.ts';
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
const SOURCES = ['ClientRequestSource', 'RequestSource'] as const;
const SOURCE_WORDS = SOURCES.map(wordOf);
const SUBREQUEST = wordOf('WorkerSubrequest');
const SAMPLE_INTERVAL = wordOf('sampleInterval');
/** Wrappers' keys (docker, journald), and what rows of other data sets have: the ordinary way tells them apart. */
const STRANGERS = ['log', 'MESSAGE', 'Outcome', 'Action', 'RuleID'] as const;
const STRANGER_WORDS = STRANGERS.map(wordOf);
/** Where these tell something, an answer of 400 to 499 may be Cloudflare's own (rules 1.4 and 27c of the decision table). */
const ACTED = [
  'SecurityAction',
  'SecurityActions',
  'FirewallMatchesActions',
  'WAFAction',
  'EdgeRateLimitAction',
  'EdgePathingOp',
  'EdgePathingSrc',
] as const;
const ACTED_WORDS = ACTED.map(wordOf);
/** Values of those that tell nothing. */
const IDLE = ['""', '[]', 'null', '"unknown"', '"undef"', '"wl"', '"macro"', '"log"'];
/** How a visitor is written (ClientRequestSource 1 is `eyeball`). */
const VISITOR = ['"eyeball"', '""', '"1"', '1'];

const LF = 10;
const CR = 13;
const QUOTE = 34;
const ZERO = 48;
const RAY_DIGITS = 16;
const NOT_PLAIN = -1;

/** Lower-case hexadecimal digits, as Ray IDs are written. */
const IS_HEX = Uint8Array.from({ length: 256 }, (_, code) => (/[0-9a-f]/.test(String.fromCharCode(code)) ? 1 : 0));

/** By status: refusals (403 and 429), 499 and all from 500 on count as more than that they were. */
const KINDS = Uint8Array.from({ length: 1000 }, (_, status) => {
  if (status < 200 || status >= 499 || status === 403 || status === 429) return KIND.other;
  return status < 400 ? KIND.good : KIND.refused;
});

/** What the rules tell of a visitor's ordinary answer. */
const ORDINARY: RowTold = { visitor: true };

/** The rows that `count` counts, as far as the scanner can tell them. */
const RULES: CountRules = {
  kinds: KINDS,
  status: 'EdgeResponseStatus',
  nextStatus: 'OriginResponseStatus',
  time: 'EdgeEndTimestamp',
  id: 'RayID',
  duration: {
    start: 'EdgeStartTimestamp',
    firstByteMs: 'EdgeTimeToFirstByteMs',
    upstreamMs: 'OriginResponseDurationMs',
    upstreamNs: 'OriginResponseTime',
  },
  limits: [
    ...STRANGERS.map((column) => ({ column, values: [], ofRefused: false })),
    ...SOURCES.map((column) => ({ column, values: VISITOR, ofRefused: false })),
    { column: 'WorkerSubrequest', values: ['false'], ofRefused: false },
    { column: 'sampleInterval', values: [], ofRefused: false },
    ...ACTED.map((column) => ({ column, values: IDLE, ofRefused: true })),
  ],
};

type OpenScanner = (columns: readonly string[], user: string, rules?: CountRules) => RowScanner;

/** Rows held of all sources: they stay when their reader is not needed any more, and share memory with those of the next one. */
const HELD = new Map<OpenScanner, HeldRows>();

function heldRows(open: OpenScanner): HeldRows {
  let held = HELD.get(open);
  if (held === undefined) {
    held = new HeldRows(() => {
      const scanner = open(COLUMNS, 'held rows');
      return { scanner, row: new ScannedRow(scanner, WORDS, new SeenTexts()) };
    });
    HELD.set(open, held);
  }
  return held;
}

/**
 * Reads Logpush rows from their bytes. Ordinary answers to visitors are counted, most of them by the scanner; it lists the other
 * plain rows once it is taught what they are (`RowLessons`), but for those that are kept. The records of plain rows are made
 * without parsing the row; all that is odd, wrapped or of another data set is handed over.
 */
export class CloudflareBlocks implements BlockReader {
  private readonly sink: SharedSink;
  private readonly scanner: RowScanner;
  private readonly moments = new MomentBytes();
  private readonly row: ScannedRow;

  private readonly held: HeldRows;
  /** Whether no other format would be offered the rows; a line that went the ordinary way may have changed it. */
  private isAlone: boolean;
  private readonly lessons: RowLessons;
  private readonly taker: CountTaker = {
    counted: (second) => {
      this.sink.countSecond(second, 0);
      this.sink.took(second.rows);
    },
    listed: (listed) => {
      this.sink.countListed(listed, LISTED_KINDS);
      this.sink.took(listed.rows);
    },
  };

  constructor(sink: SharedSink, open: OpenScanner = openScanner) {
    this.sink = sink;
    this.isAlone = sink.isAlone(false);
    this.scanner = open(COLUMNS, 'blocks', RULES);
    this.row = new ScannedRow(this.scanner, WORDS, new SeenTexts());
    this.lessons = new RowLessons(this.scanner, this.row, COLUMNS, WORDS, STRANGERS);
    this.held = heldRows(open);
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    const { scanner } = this;
    scanner.countInto(this.taker);
    let next = number;
    for (let at = start; at < end; ) {
      const loaded = scanner.load(bytes, at, end);
      if (loaded === 0) {
        const feed = bytes.indexOf(LF, at);
        const lineEnd = feed === -1 || feed >= end ? end : feed;
        this.handOver(bytes.subarray(at, lineEnd), next++);
        at = lineEnd + 1;
        continue;
      }
      this.readRows(next);
      next += scanner.lines;
      at += loaded;
    }
    return next - number;
  }

  end(): void {
    this.scanner.countInto(this.taker);
    this.scanner.giveCounts();
  }

  /** Reads what the scanner has loaded; its first line has this number. */
  private readRows(number: number): void {
    const { scanner, sink } = this;
    while (scanner.next(this.isAlone ? this.weights() : COUNT_NONE)) {
      const line = number + scanner.lines - 1;
      const isOwn = this.isAlone && scanner.row[ROW_FLAGS] === 0 && this.isRequest();
      if (isOwn && (this.keepKnown(line) || this.count(line) || this.record(line))) sink.took();
      else this.handOver(this.bytesOfRow(), line);
    }
  }

  private weights(): RowWeights {
    const { sink } = this;
    return {
      ordinary: sink.sampleWeight('ordinary'),
      failed: sink.sampleWeight('failed'),
      refused: sink.sampleWeight('refused'),
    };
  }

  private handOver(line: Buffer, number: number): void {
    // What other formats do with the line may depend on what came before.
    this.scanner.giveCounts();
    this.sink.line(line.at(-1) === CR ? line.subarray(0, -1) : line, number);
    this.isAlone = this.sink.isAlone(false);
  }

  /** The row's bytes, in the scanner's memory. */
  private bytesOfRow(): Buffer {
    const { row, memory } = this.scanner;
    return memory.subarray(row[ROW_START], row[ROW_END]);
  }

  /** Whether the row is a request's for sure: in the documented spelling, with a time, and nothing of other data sets. */
  private isRequest(): boolean {
    const { row } = this.scanner;
    if (row[STATUS] === 0 || (row[END] === 0 && row[START] === 0)) return false;
    for (const word of STRANGER_WORDS) if (row[word] !== 0) return false;
    return true;
  }

  /** Counts the row where it is a visitor's ordinary answer; else false. Its record is made where it stays wanted. */
  private count(line: number): boolean {
    const { row } = this.scanner;
    const status = this.smallNumber(STATUS);
    const origin = row[ORIGIN_STATUS] === 0 ? 0 : this.smallNumber(ORIGIN_STATUS);
    const kind = KINDS[status] ?? KIND.other;
    if (kind === KIND.other || origin < 0 || origin >= 500) return false;
    if (kind === KIND.refused && !this.isIdle()) return false;
    if (row[SAMPLE_INTERVAL] !== 0 || !this.isVisitor()) return false;
    const hash = this.rayHash();
    if (hash === NOT_PLAIN) return false;
    const ms = this.moments.read(this.scanner.memory, row[END] ?? 0, row[END + 1] ?? 0);
    if (Number.isNaN(ms)) return false;
    const request = { ms, offsetMinutes: 0, status, reached: origin > 0 };
    if (this.sink.wantsRequest(hash))
      this.sink.keepRequest(request, hash, this.held.hold(this.bytesOfRow(), line, ORDINARY));
    else this.sink.count(request);
    return true;
  }

  /** Keeps a row that failed or was refused where its kind was taught, so that no rule need be asked again; else false. */
  private keepKnown(line: number): boolean {
    const { row, memory } = this.scanner;
    const kind = LISTED_KINDS[row[ROW_KIND] ?? 0];
    if (kind === undefined || kind.sample === 'ordinary') return false;
    const ray = (row[RAY] ?? 0) + 1;
    const ms = this.moments.read(memory, row[END] ?? 0, row[END + 1] ?? 0);
    this.keep(kind, ms, memory.toString('latin1', ray, ray + RAY_DIGITS), undefined, line);
    return true;
  }

  private keep(
    kind: Omit<ListedKind, 'sample'>,
    ms: number,
    ray: string,
    parentRay: string | undefined,
    line: number,
  ): void {
    const { status, reached, signal, visitor, weight } = kind;
    const failure: CountedFailure = {
      ms,
      offsetMinutes: 0,
      status,
      reached,
      signal,
      exported: { ray, parentRay },
      visitor,
      weight,
    };
    // Which of two rows is the second of its kind hangs on their order.
    this.scanner.giveListed();
    this.sink.keepFailure(failure, requestHash(ray, undefined, undefined, ms), () =>
      this.held.hold(this.bytesOfRow(), line, kind),
    );
  }

  /** Hands over the record of the row; false where the ordinary way must make it. */
  private record(line: number): boolean {
    this.row.goOn();
    const outcome = rowOutcome(this.row);
    if (outcome === null || this.row.isDoubtful) return false;
    if (this.scanner.isUnknown) this.lessons.teach();
    if (this.keepFailure(outcome, line)) return true;
    const record = requestRecord(this.row, line);
    if (record === null || this.row.isDoubtful) return false;
    this.scanner.giveListed();
    this.sink.record(record);
    return true;
  }

  /** Counts a row that failed; false where it did not, or its record is needed to count it. */
  private keepFailure(outcome: RowOutcome, line: number): boolean {
    const { status, origin, atMs, signal, visitor } = outcome;
    if (atMs === undefined || (signal === undefined && failureKind(status) === null)) return false;
    const ray = rayId(this.row.text('RayID'));
    if (ray === undefined) return false;
    const parentRay = rayId(this.row.text('ParentRayID'));
    const weight = Math.max(1, this.row.number('sampleInterval') ?? 1);
    // Asking for a column may have shown that the row is doubtful.
    if (this.row.isDoubtful) return false;
    this.keep({ status, reached: (origin ?? 0) > 0, signal, visitor, weight }, atMs, ray, parentRay, line);
    return true;
  }

  /** A number of one to three digits; -1 where the column holds something else. */
  private smallNumber(column: number): number {
    const { row, memory } = this.scanner;
    const from = row[column] ?? 0;
    const to = row[column + 1] ?? 0;
    if (to - from > 3 || to <= from) return NOT_PLAIN;
    let number = 0;
    for (let at = from; at < to; at++) {
      const digit = (memory[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return NOT_PLAIN;
      number = number * 10 + digit;
    }
    return number;
  }

  /** Whether nothing tells that Cloudflare gave the answer. */
  private isIdle(): boolean {
    for (const column of ACTED_WORDS) if (!this.isOneOf(column, IDLE)) return false;
    return true;
  }

  private isVisitor(): boolean {
    for (const column of SOURCE_WORDS) if (!this.isOneOf(column, VISITOR)) return false;
    return this.isOneOf(SUBREQUEST, ['false']);
  }

  /** Whether the row lacks the column or its value is written like one of these. */
  private isOneOf(column: number, values: readonly string[]): boolean {
    const { row, memory } = this.scanner;
    const from = row[column] ?? 0;
    if (from === 0) return true;
    const length = (row[column + 1] ?? 0) - from;
    for (const value of values) if (value.length === length && isText(memory, from, value)) return true;
    return false;
  }

  /** `requestHash` of the Ray ID; -1 where it is not written as 16 digits in lower case. */
  private rayHash(): number {
    const { row, memory } = this.scanner;
    const from = (row[RAY] ?? 0) + 1;
    if (memory[from - 1] !== QUOTE || (row[RAY + 1] ?? 0) - 1 - from !== RAY_DIGITS) return NOT_PLAIN;
    for (let at = from; at < from + RAY_DIGITS; at++) if (IS_HEX[memory[at] ?? 0] === 0) return NOT_PLAIN;
    return finishHash(addBytes(HASH_START, memory, from, from + RAY_DIGITS));
  }
}
