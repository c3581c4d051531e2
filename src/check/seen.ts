import { firstLines, HEAD_BYTES } from '../digest/head.ts';
import { detectDocument, detectLines } from '../formats/detect.ts';
import { Dispatcher } from '../formats/dispatch.ts';
import type { Format, Line, LineFormat } from '../formats/format.ts';
import { Unwrapper } from '../formats/wrappers.ts';
import { looksBinary } from '../input/binary.ts';
import { readSource } from '../input/bytes.ts';
import { decodeLine, LineReader } from '../input/lines.ts';
import type { SourceFile } from '../input/source.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import type { NamedFormat } from './remedy.ts';

/** What the beginning of a log shows of one format in it. */
export interface Seen {
  /** Label of the source; of a declared format also its name. */
  readonly source: string;
  readonly format: string;
  /** Entries looked at; 0 where a configuration tells. */
  readonly entries: number;
  /** Names of the fields, see `fieldsIn` of a format; `zone` where the times write theirs. */
  readonly fields: ReadonlySet<string>;
  /** An entry as it is written, without wrapper; null where a configuration tells. */
  readonly example: string | null;
  /** Where the log lies, as far as that is known. */
  readonly path?: string | null;
  /** The format of its rows or lines, where a configuration tells. */
  readonly declared?: NamedFormat;
  /** Where a configuration has it written to. */
  readonly log?: string;
  /** Why its rows cannot be read, in plain words (`LineFormat.lacking`). */
  readonly unread?: string;
}

/** A configuration among the inputs. */
export interface ConfigurationFile {
  readonly label: string;
  readonly text: string;
}

/** So much of a source is looked at: several days' starts and stops of a quiet log, thousands of rows of a busy one. */
export const SAMPLE_BYTES = 4 * 1024 * 1024;

/** What a source shows; and what is wrong with it, in plain words. */
export interface SeenInSource {
  readonly seen: readonly Seen[];
  readonly warnings: readonly string[];
}

/** The formats in the beginning of a source, with what their entries hold; and what damaged it. */
export async function seenIn(source: SourceFile, formats: readonly Format[]): Promise<SeenInSource> {
  const bytes = readSource(source);
  const blocks: Buffer[] = [];
  let size = 0;
  for await (const block of bytes) {
    // Blocks hold good until the next one is asked for.
    blocks.push(Buffer.from(block));
    size += block.length;
    if (size >= SAMPLE_BYTES) break;
  }
  const { warnings } = bytes.summary();
  const beginning = Buffer.concat(blocks).subarray(0, SAMPLE_BYTES);
  if (looksBinary(beginning) !== null || detectDocument(decodeLine(beginning.subarray(0, HEAD_BYTES)), formats))
    return { seen: [], warnings };
  return { seen: seenInLines(source.label, beginning, formats), warnings };
}

interface Tally {
  entries: number;
  readonly fields: Set<string>;
  example: string | null;
  unread?: string;
}

/** Formats in the lines of a log's beginning; a last line that was cut is left out. */
export function seenInLines(label: string, beginning: Buffer, formats: readonly Format[]): Seen[] {
  const head = firstLines(beginning.subarray(0, HEAD_BYTES));
  const found = detectLines(head, formats, label);
  const all = formats.filter((format) => format.shape === 'lines');
  const tallies = new Map<LineFormat, Tally>();
  const tallyOf = (format: LineFormat) => {
    const known: Tally = tallies.get(format) ?? { entries: 0, fields: new Set(), example: null };
    tallies.set(format, known);
    return known;
  };
  const count = ({ stamp }: LogRecord, format: LineFormat): void => {
    const tally = tallyOf(format);
    tally.entries++;
    if (stamp.kind === 'utc') tally.fields.add('zone');
  };
  const dispatcher = new Dispatcher(found, all, count, head);
  const unwrapper = new Unwrapper();
  const reader = new LineReader((bytes, number) => {
    const line = unwrapper.unwrap(decodeLine(bytes), number);
    if (!dispatcher.push(line)) return;
    for (const format of found) {
      const fields = format.fieldsIn?.(line) ?? [];
      if (fields.length === 0) continue;
      const tally = tallyOf(format);
      tally.example ??= line.text;
      for (const field of fields) tally.fields.add(field);
    }
  });
  reader.write(beginning);
  if (beginning.length < SAMPLE_BYTES) reader.end();
  dispatcher.end();
  for (const format of all) {
    const unread = (tallies.get(format)?.example ?? null) === null ? saidOnce(format, head) : undefined;
    if (unread !== undefined) tallyOf(format).unread = unread;
  }
  return [...tallies].map(([{ id }, tally]) => ({ source: label, format: id, ...tally }));
}

/** What a format says of rows that it cannot read. */
function saidOnce({ lacking }: LineFormat, lines: readonly Line[]): string | undefined {
  if (lacking === undefined) return undefined;
  for (const line of lines) {
    const said = lacking(line);
    if (said !== undefined) return said;
  }
  return undefined;
}
