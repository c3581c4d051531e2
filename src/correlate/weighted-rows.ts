import type { TimedRequest } from '../clock/timeline.ts';
import type { RequestRecord } from '../vocabulary/records.ts';

/** What a request is called by something of it; undefined or empty where its row does not tell. */
export type NameOf = (record: RequestRecord) => string | undefined;

/** How each of some rows is called: by the place of the name. */
export interface Column {
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, number>;
  readonly nameOfRow: Uint32Array;
}

const known = new WeakMap<readonly TimedRequest[], Map<NameOf, Column>>();

/** How rows are called, told once for each list of rows and each way to call them: every burst is held against the same rows. */
export function columnOf(rows: readonly TimedRequest[], nameOf: NameOf): Column {
  let columns = known.get(rows);
  if (columns === undefined) {
    columns = new Map();
    known.set(rows, columns);
  }
  let column = columns.get(nameOf);
  if (column === undefined) {
    column = readColumn(rows, nameOf);
    columns.set(nameOf, column);
  }
  return column;
}

function readColumn(rows: readonly TimedRequest[], nameOf: NameOf): Column {
  const places = new Map<string, number>();
  const nameOfRow = new Uint32Array(rows.length);
  rows.forEach(({ record }, i) => {
    const name = nameOf(record) ?? '';
    let place = places.get(name);
    if (place === undefined) {
      place = places.size;
      places.set(name, place);
    }
    nameOfRow[i] = place;
  });
  return { names: [...places.keys()], places, nameOfRow };
}

const counted = new WeakMap<readonly TimedRequest[], Map<NameOf, ReadonlyMap<string, number>>>();

/** How many of some rows are called what, the first one first; `''` where they do not tell. Counted once, as `columnOf`. */
export function countsOf(rows: readonly TimedRequest[], nameOf: NameOf): ReadonlyMap<string, number> {
  const byNameOf = counted.get(rows) ?? new Map<NameOf, ReadonlyMap<string, number>>();
  counted.set(rows, byNameOf);
  const before = byNameOf.get(nameOf);
  if (before !== undefined) return before;
  const counts = new Map<string, number>();
  for (const { record } of rows) {
    const name = nameOf(record) ?? '';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  byNameOf.set(nameOf, counts);
  return counts;
}

/** How many requests there are of each name. */
export class Sums {
  private readonly column: Column;
  /** By the place of the name; NaN where there are none. */
  private readonly sums: Float64Array;

  constructor(column: Column, sums: Float64Array) {
    this.column = column;
    this.sums = sums;
  }

  /** Those of one name; undefined where there are none. */
  of(name: string): number | undefined {
    const sum = this.sums[this.column.places.get(name) ?? -1];
    return sum === undefined || Number.isNaN(sum) ? undefined : sum;
  }

  /** Calls `visit` for each name; `''` is that of rows that do not tell. */
  each(visit: (name: string, sum: number) => void): void {
    const { names } = this.column;
    this.sums.forEach((sum, i) => {
      if (!Number.isNaN(sum)) visit(names[i] ?? '', sum);
    });
  }
}

/** Some of the rows of a log, and how many requests each stands for. */
export class WeightedRows {
  private readonly rows: readonly TimedRequest[];
  private readonly places: readonly number[];
  private readonly weights: readonly number[];

  /** `places` are those of the rows in the whole list; they have as many weights. */
  constructor(rows: readonly TimedRequest[], places: readonly number[], weights: readonly number[]) {
    this.rows = rows;
    this.places = places;
    this.weights = weights;
  }

  /** Calls `visit` for each row. */
  each(visit: (record: RequestRecord, weight: number) => void): void {
    const { rows, places, weights } = this;
    for (let i = 0; i < places.length; i++) {
      const row = rows[places[i] ?? 0];
      if (row !== undefined) visit(row.record, weights[i] ?? 0);
    }
  }

  /** How many requests the rows stand for, or some of them. */
  sum(isCounted: (record: RequestRecord) => boolean = () => true): number {
    let sum = 0;
    this.each((record, weight) => {
      if (isCounted(record)) sum += weight;
    });
    return sum;
  }

  /** How many requests there are by what they are called; `''` for those whose row does not tell. `nameOf` is remembered. */
  sumBy(nameOf: NameOf): Sums {
    const { places, weights } = this;
    const column = columnOf(this.rows, nameOf);
    const sums = new Float64Array(column.names.length).fill(Number.NaN);
    for (let i = 0; i < places.length; i++) {
      const name = column.nameOfRow[places[i] ?? 0] ?? 0;
      const sum = sums[name] ?? 0;
      sums[name] = (Number.isNaN(sum) ? 0 : sum) + (weights[i] ?? 0);
    }
    return new Sums(column, sums);
  }

  /** Those of the rows for which something holds. */
  where(holds: (record: RequestRecord) => boolean): WeightedRows {
    return this.at((place) => {
      const row = this.rows[place];
      return row !== undefined && holds(row.record);
    });
  }

  /** Those of the rows that are called one of some names. `nameOf` is remembered. */
  called(nameOf: NameOf, names: { readonly has: (name: string) => boolean }): WeightedRows {
    const column = columnOf(this.rows, nameOf);
    const isOne = column.names.map((name) => names.has(name));
    return this.at((place) => isOne[column.nameOfRow[place] ?? 0] === true);
  }

  private at(holds: (place: number) => boolean): WeightedRows {
    const places: number[] = [];
    const weights: number[] = [];
    this.places.forEach((place, i) => {
      if (!holds(place)) return;
      places.push(place);
      weights.push(this.weights[i] ?? 0);
    });
    return new WeightedRows(this.rows, places, weights);
  }

  /** Whether each row stands for itself alone, or less. */
  get isWhole(): boolean {
    return !this.weights.some((weight) => weight > 1);
  }
}
