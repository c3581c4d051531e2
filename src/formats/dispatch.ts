import type { LogRecord } from '../vocabulary/records.ts';
import { detectLines } from './detect.ts';
import type { Line, LineFormat, LineParser } from './format.ts';
import { LogReaders } from './log-readers.ts';

/** Lines of so many containers or programs are read apart; what more of them write is read as one log. */
const MOST_WRITERS = 64;
/** Lines of a source that nobody takes are offered to formats that its beginning did not show, but only so often; those of a writer, too. */
const LATE_OFFERS = 2000;
const LATE_OFFERS_OF_WRITER = 200;

/** Takes what was read; `writer` where the lines of each are read apart. */
export type EmitOf = (record: LogRecord, format: LineFormat, writer?: string) => void;

/**
 * Hands the lines of one source to the formats found in it. Where several containers or programs write into it (`docker compose
 * logs`, a journal), the lines of each are a log of their own: what one says goes on below, whatever the others say in between.
 */
export class Dispatcher {
  private readonly found: readonly LineFormat[];
  private readonly all: readonly LineFormat[];
  private readonly emit: EmitOf;
  private readonly sample: readonly Line[];
  /** Whether the writers of most lines are named. */
  private readonly isApart: boolean;
  /** Parsers that read lines from their bytes, too: those know of no writers, and of all lines. */
  private readonly ofBytes = new Map<LineFormat, LineParser>();
  /** Of lines whose writer is not named, and of what is read from bytes. */
  private readonly shared: LogReaders;
  private readonly byWriter = new Map<string, LogReaders>();
  /** That of the line before. */
  private at: LogReaders;

  /** `sample`: the source's first lines, which show whether writers are named. */
  constructor(found: readonly LineFormat[], all: readonly LineFormat[], emit: EmitOf, sample: readonly Line[] = []) {
    this.found = found;
    this.all = all;
    this.emit = emit;
    this.sample = sample;
    this.isApart = 2 * sample.filter((line) => writerOf(line) !== undefined).length > sample.length;
    this.shared = this.openLog(found, LATE_OFFERS);
    this.at = this.shared;
  }

  /** Offers a line; false where no format takes it. */
  push(line: Line): boolean {
    if (this.isApart) this.at = this.logOf(line);
    return this.at.push(line);
  }

  /** The parser of a format that was found; undefined where it was not. */
  parserOf(format: LineFormat): LineParser | undefined {
    return this.shared.parserOf(format);
  }

  /** Whether lines are offered to no more formats than were found. */
  get isAsFound(): boolean {
    for (const log of this.byWriter.values()) if (log.formats !== this.found.length) return false;
    return this.shared.formats === this.found.length;
  }

  /** Whether no other format would be offered a line of this one: `named` where its wrapper names this format's program. */
  isAlone(format: LineFormat, named: boolean): boolean {
    for (const log of this.byWriter.values()) if (!log.isAlone(format, named)) return false;
    return this.shared.isAlone(format, named);
  }

  /** Lines of this format were read from their bytes: as though its parser had taken them. */
  tookLines(format: LineFormat, lines: number): void {
    this.shared.tookLines(format, lines);
  }

  /** No further line belongs to the entry that this format's parser holds. */
  entryEnds(format: LineFormat): void {
    for (const log of this.byWriter.values()) log.parserOf(format)?.end();
    this.shared.parserOf(format)?.end();
  }

  end(): void {
    for (const log of this.logs()) log.end();
  }

  /** Format that took the last line that was taken, or null. */
  latest(): LineFormat | null {
    return this.at.latest();
  }

  /** Format that took most lines, or null. */
  main(): LineFormat | null {
    const taken = new Map<LineFormat, number>();
    for (const log of this.logs())
      for (const [format, lines] of log.taken()) taken.set(format, (taken.get(format) ?? 0) + lines);
    let best: LineFormat | null = null;
    for (const [format, lines] of taken) if (lines > (best === null ? 0 : (taken.get(best) ?? 0))) best = format;
    return best;
  }

  private logs(): readonly LogReaders[] {
    return [this.shared, ...this.byWriter.values()];
  }

  private logOf(line: Line): LogReaders {
    const writer = writerOf(line);
    if (writer === undefined) return this.shared;
    const known = this.byWriter.get(writer);
    if (known !== undefined) return known;
    if (this.byWriter.size === MOST_WRITERS) return this.shared;
    const first = this.sample.filter((one) => writerOf(one) === writer);
    const own = detectLines(first.length === 0 ? [line] : first, this.all, '');
    const opened = this.openLog([...new Set([...own, ...this.found])], LATE_OFFERS_OF_WRITER, writer);
    this.byWriter.set(writer, opened);
    return opened;
  }

  private openLog(formats: readonly LineFormat[], lateOffers: number, writer?: string): LogReaders {
    const openParser = (format: LineFormat): LineParser => {
      const parser = this.ofBytes.get(format) ?? format.open((record) => this.emit(record, format, writer));
      if (parser.readBlocks !== undefined) this.ofBytes.set(format, parser);
      return parser;
    };
    return new LogReaders(formats, this.all, openParser, lateOffers);
  }
}

/** Who wrote a line, where several write into one source: a container, a program. */
function writerOf({ container, wrapper }: Line): string | undefined {
  return container ?? wrapper?.program;
}
