import type { Line, LineFormat, LineParser } from './format.ts';

/** Another format must be this sure of a line to take it from the one that reads the log. */
const SURE = 0.7;

interface Reader {
  readonly format: LineFormat;
  readonly parser: LineParser;
  taken: number;
}

/**
 * Hands the lines of one log to the formats found in it. The last one that took a line is asked first, unless another
 * is surer: so a stack trace stays with its entry, and a log of several programs is read by each program's format.
 */
export class LogReaders {
  private readonly readers: Reader[];
  private readonly others: readonly LineFormat[];
  private lateOffers: number;
  private last: Reader | null;
  private readonly openParser: (format: LineFormat) => LineParser;

  /** `lateOffers`: so many lines that nobody takes are offered to the other formats of all, too. */
  constructor(
    found: readonly LineFormat[],
    all: readonly LineFormat[],
    openParser: (format: LineFormat) => LineParser,
    lateOffers: number,
  ) {
    this.openParser = openParser;
    this.lateOffers = lateOffers;
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
    if (this.lateOffers > 0) {
      this.lateOffers--;
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

  /** The parser of a format; undefined where it reads nothing here. */
  parserOf(format: LineFormat): LineParser | undefined {
    return this.readerOf(format)?.parser;
  }

  /** How many formats read lines. */
  get formats(): number {
    return this.readers.length;
  }

  /** As `Dispatcher.isAlone`. */
  isAlone(format: LineFormat, named: boolean): boolean {
    for (const reader of this.readers) {
      if (reader.format !== format && !(named && reader.format.leavesPrograms)) return false;
    }
    return true;
  }

  /** As `Dispatcher.tookLines`. */
  tookLines(format: LineFormat, lines: number): void {
    if (this.last?.format !== format) this.last = this.readerOf(format) ?? this.last;
    if (this.last) this.last.taken += lines;
  }

  end(): void {
    for (const { parser } of this.readers) parser.end();
  }

  /** Format that took the last line that was taken, or null. */
  latest(): LineFormat | null {
    return this.last?.format ?? null;
  }

  /** How many lines each format took. */
  taken(): readonly (readonly [LineFormat, number])[] {
    return this.readers.map(({ format, taken }) => [format, taken]);
  }

  private open(format: LineFormat): Reader {
    return { format, parser: this.openParser(format), taken: 0 };
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
