import type { Format } from '../formats/format.ts';
import { readSource } from '../input/bytes.ts';
import type { LineRanges } from '../input/line-ranges.ts';
import type { SourceFile } from '../input/source.ts';
import { addText, finishHash, HASH_START } from '../vocabulary/hash.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import { SourceReader } from './source-reader.ts';
import { stampMs } from './written-time.ts';

/** An entry of a source. */
export interface SourceEntry {
  readonly record: LogRecord;
  /** Its written time, not before that of an earlier entry; of an undated one that of the entry before it. */
  readonly ms: number;
}

const NO_TIME = Number.NEGATIVE_INFINITY;
/** Runs of lines that are remembered of a source; what is repeated behind them is read. */
const MOST_RUNS = 2 ** 20;

/** Reads the entries of a source one by one, and remembers the lines of those that are repeated. */
export class EntryReader {
  /** The entry at hand; null at the end. */
  current: SourceEntry | null = null;
  repeated = 0;
  private entries: LogRecord[] = [];
  private at = 0;
  private ms = NO_TIME;
  private readonly blocks: AsyncIterator<Buffer>;
  private readonly reader: SourceReader;
  private ended = false;
  private readonly runs: number[] = [];
  private runFrom: number | null = null;
  /** Entries since the first repeated one, and at the latest repeated one. */
  private sinceFirst = 0;
  private upToLast = 0;

  constructor(file: SourceFile, formats: readonly Format[], forceFormat: string | undefined) {
    this.blocks = readSource(file)[Symbol.asyncIterator]();
    this.reader = new SourceReader(
      file.label,
      formats,
      { emit: (record) => void this.entries.push(record), sink: null },
      { forceFormat },
    );
  }

  /** Goes to the next entry. Where there is one in the bytes at hand, there is nothing to wait for: `true`. */
  advance(): true | Promise<void> {
    const record = this.entries[this.at++];
    if (record === undefined) return this.readOn();
    const ms = stampMs(record.stamp);
    if (ms > this.ms) this.ms = ms;
    this.current = { record, ms: this.ms };
    return true;
  }

  private async readOn(): Promise<void> {
    this.entries = [];
    this.at = 0;
    this.current = null;
    while (this.entries.length === 0 && !this.ended) {
      const next = await this.blocks.next();
      if (next.done === true) {
        this.reader.end();
        this.ended = true;
      } else this.reader.write(next.value);
    }
    // Entries of several lines come when they are complete.
    this.entries.sort((a, b) => a.line - b.line);
    if (this.entries.length > 0) this.advance();
  }

  /** Says of the entry at hand whether another source has it, too. */
  mark(isRepeated: boolean): void {
    const { line = 0 } = this.current?.record ?? {};
    if (this.repeated > 0 || isRepeated) this.sinceFirst++;
    if (isRepeated) {
      this.repeated++;
      this.upToLast = this.sinceFirst;
      if (this.runs.length < 2 * MOST_RUNS) this.runFrom ??= line;
    } else this.endRun(line - 1);
  }

  /** Of the entries from the first to the last repeated one the part that is repeated. */
  get repeatedPart(): number {
    return this.repeated / this.upToLast;
  }

  /** The lines of what is repeated, with those that no entry begins on. */
  repeatedLines(): LineRanges {
    this.endRun(Number.MAX_SAFE_INTEGER);
    return this.runs;
  }

  private endRun(line: number): void {
    const from = this.runFrom;
    this.runFrom = null;
    if (from === null || line < from || from <= (this.runs.at(-1) ?? 0)) return;
    this.runs.push(from, line);
  }
}

/** Hash of an entry's text, written like a Ray ID: 16 hexadecimal digits. */
export function textHash({ text, server = '' }: LogRecord): string {
  const half = (start: number): string =>
    finishHash(addText(addText(start, server), text))
      .toString(16)
      .padStart(8, '0');
  return half(HASH_START) + half(~HASH_START);
}
