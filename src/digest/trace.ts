import type { Format, Line } from '../formats/format.ts';
import { readSource } from '../input/bytes.ts';
import type { SourceFile } from '../input/source.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import { SourceReader } from './source-reader.ts';

/** A line as it was read, and the format that took it (null: none did). */
export interface TracedLine {
  readonly line: Line;
  readonly format: Format | null;
}

/** What became of each line of one source. */
export interface Trace {
  /** The format of most lines; null where none was found. */
  readonly format: Format | null;
  /** In order; empty for a document, which is no log of lines. */
  readonly lines: readonly TracedLine[];
  /** In the order in which they were made, with the format that made them. */
  readonly records: readonly { readonly record: LogRecord; readonly format: Format }[];
  /** Lines (of a document: entries) that nobody understood. */
  readonly notUnderstood: number;
  /** Lines, or entries of a document. */
  readonly count: number;
  /** Why it is no log; null where it is one. */
  readonly skipped: string | null;
  readonly warnings: readonly string[];
}

/**
 * Reads a source line by line, the slow and telling way: the same records as an analysis makes. `wanted` chooses the lines and
 * records that are kept, by line number. Never throws for what the source holds.
 */
export async function traceSource(
  source: SourceFile,
  formats: readonly Format[],
  forceFormat?: string,
  wanted: (line: number) => boolean = () => true,
): Promise<Trace> {
  const lines: TracedLine[] = [];
  const records: Trace['records'][number][] = [];
  const reader = new SourceReader(
    source.label,
    formats,
    {
      emit: (record, format) => {
        if (wanted(record.line)) records.push({ record, format });
      },
      sink: null,
      onLine: (line, format) => {
        if (wanted(line.number)) lines.push({ line, format });
      },
    },
    { forceFormat },
  );
  const bytes = readSource(source, { sha256: false });
  for await (const block of bytes) reader.write(block);
  reader.end();
  return {
    format: reader.mainFormat(),
    lines,
    records,
    notUnderstood: reader.notUnderstood,
    count: reader.lines,
    skipped: reader.whyNoLog(),
    warnings: [...bytes.summary().warnings, ...reader.warnings],
  };
}
