import type { Held, RowScanner } from '../../scan/scanner.ts';
import { failureKind } from '../../vocabulary/hops.ts';
import type { ListedKind } from '../format.ts';
import { rayId, rowOutcome } from './request-record.ts';
import { Row } from './row.ts';
import type { ScannedRow } from './scanned-row.ts';

/** When the answer was given is told with each listed row. */
const TOLD = 'EdgeEndTimestamp';

/** Kinds of rows as scanners know them, by their numbers; 0 is none. All scanners of a thread share them: there are few. */
export const KINDS: (ListedKind | undefined)[] = [undefined];
const NUMBERS = new Map<string, number>();

function numberOf(kind: ListedKind): number {
  const key = JSON.stringify(kind);
  let number = NUMBERS.get(key);
  if (number === undefined) {
    number = KINDS.push(kind) - 1;
    NUMBERS.set(key, number);
  }
  return number;
}

/**
 * Teaches a scanner what rows are. How a row counts hangs on the columns that were asked for until that was known, and on
 * nothing else; so another one that holds the same in them counts the same, whatever the rules are.
 */
export class RowLessons {
  private readonly scanner: RowScanner;
  private readonly row: ScannedRow;
  private readonly columns: readonly string[];
  private readonly words: ReadonlyMap<string, number>;
  /** Columns that the row must lack. */
  private readonly lacked: readonly Held[];

  /** `row` is the one at which the scanner is; `words` holds where columns begin in it; rows that have one of `strangers` are never counted. */
  constructor(
    scanner: RowScanner,
    row: ScannedRow,
    columns: readonly string[],
    words: ReadonlyMap<string, number>,
    strangers: readonly string[],
  ) {
    this.scanner = scanner;
    this.row = row;
    this.columns = columns;
    this.words = words;
    this.lacked = strangers.map((name) => ({ column: columns.indexOf(name), value: null }));
  }

  /** Teaches what the row at hand is, which lacks the strangers. */
  teach(): void {
    const asked = new AskedRow(this.row);
    const parentRay = rayId(asked.text('ParentRayID'));
    const weight = Math.max(1, asked.number('sampleInterval') ?? 1);
    const outcome = rowOutcome(asked);
    if (outcome === null || this.row.isDoubtful || this.row.moment(TOLD) === undefined) return;
    const { status, origin, signal, visitor } = outcome;
    if (parentRay !== undefined) asked.asked.set('ParentRayID', false);
    const path = [...asked.asked].map(([name, answer]) =>
      typeof name === 'number' ? { lastedMs: name, answer } : this.held(name, answer),
    );
    const kind: ListedKind = {
      status,
      reached: (origin ?? 0) > 0,
      signal,
      visitor,
      weight,
      sample: sampleOf(outcome),
    };
    // Parts of requests are added up exactly only in the order of the rows.
    const isWhole = Number.isSafeInteger(weight);
    this.scanner.teach([...this.lacked, ...path], isWhole ? { number: numberOf(kind), sample: kind.sample } : null);
  }

  private held(name: string, repeats: boolean): Held {
    const { row, memory } = this.scanner;
    const word = this.words.get(name) ?? 0;
    const from = row[word] ?? 0;
    const to = row[word + 1] ?? 0;
    const column = this.columns.indexOf(name);
    if (from === 0) return { column, value: null };
    return { column, value: repeats && to > from ? memory.subarray(from, to) : undefined };
  }
}

function sampleOf({
  status,
  signal,
  visitor,
}: Pick<ListedKind, 'status' | 'signal' | 'visitor'>): ListedKind['sample'] {
  const failure = failureKind(status);
  if (failure === 'blocked') return 'refused';
  if (failure !== null || signal !== undefined) return 'failed';
  return visitor ? 'ordinary' : null;
}

/** Notes what a row was asked for, in order. */
class AskedRow extends Row {
  /** Columns, and whether what they hold is likely to come again; milliseconds, and whether the request took as long. */
  readonly asked = new Map<string | number, boolean>();
  private readonly row: Row;
  private isMeasured = false;

  constructor(row: Row) {
    super();
    this.row = row;
  }

  get(name: string): unknown {
    if (!this.isMeasured && !this.asked.has(name)) this.asked.set(name, true);
    return this.row.get(name);
  }

  override moment(name: string): number | undefined {
    const ms = this.row.moment(name);
    // A time does not come again.
    if (!this.isMeasured && name !== TOLD) this.asked.set(name, ms === undefined);
    return ms;
  }

  override lasted(ms: number, durationMs: () => number | undefined): boolean {
    this.isMeasured = true;
    const answer = super.lasted(ms, durationMs);
    this.isMeasured = false;
    this.asked.set(ms, answer);
    return answer;
  }
}
