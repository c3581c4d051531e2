import type { RowScanner } from '../../scan/scanner.ts';
import { ROW_COLUMNS } from '../../scan/table.ts';
import { MomentBytes } from './moment-bytes.ts';
import { Row } from './row.ts';
import { isAscii, type SeenTexts } from './seen-texts.ts';

const QUOTE = 34;
const ZERO = 48;
const OPEN_LIST = 91;
const OPEN_OBJECT = 123;
const SMALL_T = 116;
const SMALL_F = 102;
const SMALL_N = 110;
/** Integers of this many digits are exact whichever way they are added up. */
const EXACT_DIGITS = 15;
const HARD_BLANK = '\u00a0';

/** Columns whose values hardly repeat. */
const UNIQUE = new Set(['RayID', 'ParentRayID', 'EdgeStartTimestamp', 'EdgeEndTimestamp', 'ClientRequestURI']);

/** A plain row of the row scanner, read column by column: the same values as `JSON.parse` of the row gives. */
export class ScannedRow extends Row {
  /**
   * Set where the ordinary way must decide: a value holds a hard blank, which is content or a trace of pasting, or a column
   * is asked for that the scanner does not look for.
   */
  isDoubtful = false;
  private readonly scanner: RowScanner;
  private readonly columns: ReadonlyMap<string, number>;
  private readonly texts: SeenTexts;
  private readonly moments = new MomentBytes();

  /** `columns` holds where a column's words begin within the scanner's row. */
  constructor(scanner: RowScanner, columns: ReadonlyMap<string, number>, texts: SeenTexts) {
    super();
    this.scanner = scanner;
    this.columns = columns;
    this.texts = texts;
  }

  /** Goes to the row at which the scanner is. */
  goOn(): void {
    this.isDoubtful = false;
  }

  get(name: string): unknown {
    const column = this.columns.get(name);
    if (column === undefined) {
      this.isDoubtful = true;
      return undefined;
    }
    const { row } = this.scanner;
    const from = row[column] ?? 0;
    return from === 0 ? undefined : this.value(name, from, row[column + 1] ?? 0);
  }

  override moment(name: string): number | undefined {
    const column = this.columns.get(name);
    if (column === undefined) return super.moment(name);
    const { row, memory } = this.scanner;
    const from = row[column] ?? 0;
    if (from === 0) return undefined;
    const ms = this.moments.read(memory, from, row[column + 1] ?? 0);
    return Number.isNaN(ms) ? super.moment(name) : ms;
  }

  private value(name: string, from: number, to: number): unknown {
    const { memory } = this.scanner;
    const first = memory[from];
    if (first === SMALL_T) return true;
    if (first === SMALL_F) return false;
    if (first === SMALL_N) return null;
    if (to < 0 || first === OPEN_LIST || first === OPEN_OBJECT) return this.parsed(from, Math.abs(to));
    return first === QUOTE ? this.string(name, from + 1, to - 1) : numberOf(memory, from, to);
  }

  private string(name: string, from: number, to: number): string {
    const { memory } = this.scanner;
    const text = UNIQUE.has(name)
      ? isAscii(memory, from, to)
        ? memory.toString('latin1', from, to)
        : undefined
      : this.texts.ascii(memory, from, to);
    return text ?? this.decoded(from, to);
  }

  private parsed(from: number, to: number): unknown {
    return JSON.parse(this.decoded(from, to));
  }

  private decoded(from: number, to: number): string {
    const text = this.scanner.memory.toString('utf8', from, to);
    if (text.includes(HARD_BLANK)) this.isDoubtful = true;
    return text;
  }
}

/** Where the words of each column begin within a row of the table. */
export function columnWords(columns: readonly string[]): ReadonlyMap<string, number> {
  return new Map(columns.map((name, index) => [name, ROW_COLUMNS + 2 * index]));
}

function numberOf(bytes: Buffer, from: number, to: number): number {
  if (to - from > EXACT_DIGITS) return Number(bytes.toString('latin1', from, to));
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number(bytes.toString('latin1', from, to));
    number = number * 10 + digit;
  }
  return number;
}
