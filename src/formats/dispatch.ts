import type { LogRecord } from '../vocabulary/records.ts';
import type { Line, LineFormat, LineParser } from './format.ts';

/** Lines that nobody takes are offered to formats that the sample did not show, but only this often per source. */
const LATE_OFFERS = 2000;
/** Another format must be this sure of a line to take it from the one that reads the file. */
const SURE = 0.7;

interface Reader {
  readonly format: LineFormat;
  readonly parser: LineParser;
  taken: number;
}

/**
 * Hands the lines of one source to the formats found in it. The last one that took a line is asked first, unless another
 * is surer: so a stack trace stays with its entry, and a file of several programs is read by each program's format.
 */
export class Dispatcher {
  private readonly readers: Reader[];
  private readonly others: readonly LineFormat[];
  private readonly found: number;
  private lateOffers = 0;
  private last: Reader | null;
  private readonly emit: (record: LogRecord, format: LineFormat) => void;

  constructor(
    found: readonly LineFormat[],
    all: readonly LineFormat[],
    emit: (record: LogRecord, format: LineFormat) => void,
  ) {
    this.emit = emit;
    this.found = found.length;
    this.readers = found.map((format) => this.open(format));
    this.others = all.filter((format) => !found.includes(format));
    this.last = this.readers[0] ?? null;
  }

  /** Offers a line; false where no format takes it. */
  push(line: Line): boolean {
    const isAsked = this.readers.length > 1 && this.last?.parser.isInside?.() !== true;
    const first = isAsked ? this.surest(line) : this.last;
    if (first?.parser.push(line)) return this.took(first);
    for (const reader of this.readers) {
      if (reader !== first && reader.parser.push(line)) return this.took(reader);
    }
    if (this.lateOffers < LATE_OFFERS) {
      this.lateOffers++;
      for (const format of this.others) {
        if (this.readers.some((reader) => reader.format === format) || format.score(line) < (format.lateFrom ?? SURE))
          continue;
        const reader = this.open(format);
        if (reader.parser.push(line)) {
          this.readers.push(reader);
          return this.took(reader);
        }
      }
    }
    return false;
  }

  /** The parser of a format that was found; undefined where it was not. */
  parserOf(format: LineFormat): LineParser | undefined {
    return this.readerOf(format)?.parser;
  }

  /** Whether lines are offered to no more formats than were found. */
  get isAsFound(): boolean {
    return this.readers.length === this.found;
  }

  /** Whether no other format would be offered a line of this one: `named` where its wrapper names this format's program. */
  isAlone(format: LineFormat, named: boolean): boolean {
    for (const reader of this.readers) {
      if (reader.format !== format && !(named && reader.format.leavesPrograms)) return false;
    }
    return true;
  }

  /** Lines of this format were read from their bytes: as though its parser had taken them. */
  tookLines(format: LineFormat, lines: number): void {
    if (this.last?.format !== format) this.last = this.readerOf(format) ?? this.last;
    if (this.last) this.last.taken += lines;
  }

  /** No further line belongs to the entry that this format's parser holds. */
  entryEnds(format: LineFormat): void {
    this.readerOf(format)?.parser.end();
  }

  end(): void {
    for (const { parser } of this.readers) parser.end();
  }

  /** Format that took the last line that was taken, or null. */
  latest(): LineFormat | null {
    return this.last?.format ?? null;
  }

  /** Format that took most lines, or null. */
  main(): LineFormat | null {
    let best: Reader | null = null;
    for (const reader of this.readers) if (reader.taken > (best?.taken ?? 0)) best = reader;
    return best?.format ?? null;
  }

  private open(format: LineFormat): Reader {
    return { format, parser: format.open((record) => this.emit(record, format)), taken: 0 };
  }

  private readerOf(format: LineFormat): Reader | undefined {
    return this.readers.find((reader) => reader.format === format);
  }

  private took(reader: Reader): true {
    reader.taken++;
    this.last = reader;
    return true;
  }

  private surest(line: Line): Reader | null {
    let best = this.last;
    let bestScore = best ? best.format.score(line) : 0;
    if (bestScore >= SURE) return best;
    for (const reader of this.readers) {
      if (reader === this.last) continue;
      const score = reader.format.score(line);
      if (score >= SURE && score > bestScore) {
        best = reader;
        bestScore = score;
      }
    }
    return best;
  }
}
