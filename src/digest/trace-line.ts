import type { Format, Line } from '../formats/format.ts';
import type { SourceFile } from '../input/source.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import { type Trace, traceSource } from './trace.ts';

/** Entries are looked for this many lines back: the longest stack traces have a few hundred. */
const LONGEST_ENTRY_LINES = 1000;
/** Two lines of one event stand this near to each other. */
const TOLD_WITHIN_LINES = 100;
/** What is guessed of a source is guessed from so many lines at its beginning. */
const TELLING_LINES = 400;
/** A line that its format is less sure of than this begins no entry: it continues the one before it. */
const BEGINS_ENTRY = 0.2;

/** What became of one line of a source (of a document: of one entry). */
export interface LineTrace {
  /** The line as its format saw it; null for a document, and where the source has no such line. */
  readonly line: Line | null;
  /** The format that took it; null where none did. */
  readonly format: Format | null;
  /** The records of its entry; none where the format knows the line and has nothing to tell of it. */
  readonly records: readonly LogRecord[];
  /** The line on which its entry begins, or that tells the same event. */
  readonly entryLine: number;
  /** True where it is the other of two lines about one event (`entryLine`), which is counted once. */
  readonly isSecond: boolean;
  /** The format of most lines of the source, and how many lines there are. */
  readonly sourceFormat: Format | null;
  readonly lines: number;
  /** What its columns were taken for and why, where the source does not name them; empty else. */
  readonly columns: readonly { readonly name: string; readonly why: string }[];
  /** Formats that the line resembles a little, the most alike first; only where none took it. */
  readonly resembles: readonly Format[];
}

/** Reads a source up to its end and tells what became of the line with this number (from 1). Never throws for its content. */
export async function traceLine(
  source: SourceFile,
  formats: readonly Format[],
  wanted: number,
  forceFormat?: string,
): Promise<LineTrace> {
  const trace = await traceSource(
    source,
    formats,
    forceFormat,
    (line) => line <= TELLING_LINES || (line <= wanted + TOLD_WITHIN_LINES && line > wanted - LONGEST_ENTRY_LINES),
  );
  const found = trace.lines.find(({ line }) => line.number === wanted);
  const format = found === undefined ? documentFormat(trace, wanted) : found.format;
  const own = recordsAt(trace, format, wanted);
  const continues = own.length === 0 && found !== undefined && scoreOf(format, found.line) < BEGINS_ENTRY;
  const second = own.length > 0 || continues || found === undefined ? null : toldBeside(trace, format, found.line);
  const entryLine = second ?? (continues ? entryBefore(trace, format, wanted) : wanted);
  return {
    line: found?.line ?? null,
    format,
    records: recordsAt(trace, format, entryLine),
    entryLine,
    isSecond: second !== null,
    sourceFormat: trace.format,
    lines: trace.count,
    columns: guessedColumns(trace, format),
    resembles: found === undefined || format !== null ? [] : alike(found.line, formats),
  };
}

function guessedColumns(trace: Trace, format: Format | null): LineTrace['columns'] {
  if (format?.shape !== 'lines' || format.guessedColumns === undefined) return [];
  return format.guessedColumns(
    trace.lines.flatMap(({ line, format: by }) => (by === format && line.number <= TELLING_LINES ? [line] : [])),
  );
}

function documentFormat(trace: Trace, wanted: number): Format | null {
  return trace.format?.shape === 'document' && wanted <= trace.count ? trace.format : null;
}

function recordsAt(trace: Trace, format: Format | null, line: number): LogRecord[] {
  return trace.records
    .filter(({ record, format: by }) => by === format && record.line === line)
    .map(({ record }) => record);
}

/** The entry that a line continues: the nearest before it of which the format made a record or which it took as a beginning. */
function entryBefore(trace: Trace, format: Format | null, wanted: number): number {
  for (const { line, format: by } of [...trace.lines].reverse()) {
    if (line.number >= wanted || by !== format) continue;
    if (recordsAt(trace, format, line.number).length > 0 || scoreOf(format, line) >= BEGINS_ENTRY) return line.number;
  }
  return wanted;
}

/**
 * The line that tells of the same event as this one, of which no record was made although it says something by itself:
 * cloudflared writes two lines about one failed request. Null where there is none near.
 */
function toldBeside(trace: Trace, format: Format | null, line: Line): number | null {
  if (format?.shape !== 'lines') return null;
  const alone: LogRecord[] = [];
  const parser = format.open((record) => alone.push(record));
  parser.push(line);
  parser.end();
  const near = trace.records
    .filter(({ record, format: by }) => by === format && alone.some((own) => isSameEvent(own, record)))
    .map(({ record }) => record.line)
    .sort((a, b) => Math.abs(a - line.number) - Math.abs(b - line.number));
  const [nearest] = near;
  return nearest !== undefined && Math.abs(nearest - line.number) <= TOLD_WITHIN_LINES ? nearest : null;
}

function isSameEvent(a: LogRecord, b: LogRecord): boolean {
  const connection = (record: LogRecord): string | undefined =>
    record.kind === 'clue' ? record.connection : record.ray;
  return a.signal !== undefined && a.signal === b.signal && connection(a) === connection(b);
}

function scoreOf(format: Format | null, line: Line): number {
  return format?.shape === 'lines' ? format.score(line) : 0;
}

function alike(line: Line, formats: readonly Format[]): Format[] {
  return formats.filter((format) => scoreOf(format, line) > 0).sort((a, b) => scoreOf(b, line) - scoreOf(a, line));
}
