import type { TimedRequest } from '../clock/timeline.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { type Calm, NO_CALM } from './concentration.ts';

/** What a request is called by something of it; undefined or empty where its row does not tell. */
export type NameOf = (record: RequestRecord) => string | undefined;

/** Some names. */
export interface Names {
  readonly has: (name: string) => boolean;
  readonly keys: () => Iterable<string>;
}

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
  const names: string[] = [];
  const places = new Map<string, number>();
  const nameOfRow = new Uint32Array(rows.length);
  let i = 0;
  for (const { record } of rows) {
    const name = nameOf(record) ?? '';
    let place = places.get(name);
    if (place === undefined) {
      place = names.length;
      places.set(name, place);
      names.push(name);
    }
    nameOfRow[i++] = place;
  }
  return { names, places, nameOfRow };
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

  /** Calls `visit` for each name but some; `''`, that of rows that do not tell, is none. */
  eachBut(names: Iterable<string>, visit: (name: string, sum: number) => void): void {
    const { sums, column } = this;
    const isLeftOut = this.placesOf(names);
    for (let i = 0; i < sums.length; i++) {
      const sum = sums[i] ?? 0;
      if (!Number.isNaN(sum) && isLeftOut[i] === 0) visit(column.names[i] ?? '', sum);
    }
  }

  /** What there is of all names but some, together; `''` is none. */
  allBut(names: Iterable<string>): Calm {
    const { sums } = this;
    if (sums.length === 0) return NO_CALM;
    const isLeftOut = this.placesOf(names);
    let values = 0;
    let fine = 0;
    let most = 0;
    for (let i = 0; i < sums.length; i++) {
      const sum = sums[i] ?? 0;
      if (Number.isNaN(sum) || isLeftOut[i] === 1) continue;
      values++;
      fine += sum;
      if (sum > most) most = sum;
    }
    return { values, fine, most };
  }

  /** 1 at the places of some names and of `''`. */
  private placesOf(names: Iterable<string>): Uint8Array {
    const { places } = this.column;
    const isOne = new Uint8Array(this.sums.length);
    for (const name of names) {
      const place = places.get(name);
      if (place !== undefined) isOne[place] = 1;
    }
    const nameless = places.get('');
    if (nameless !== undefined) isOne[nameless] = 1;
    return isOne;
  }
}

/** Some of the rows of a log, and how many requests each stands for: 0 or more. */
export class WeightedRows {
  private readonly rows: readonly TimedRequest[];
  private readonly places: Uint32Array;
  private readonly weights: Float64Array;
  private readonly sums = new Map<NameOf, Sums>();

  /** `places` are those of the rows in the whole list; they have as many weights. */
  constructor(rows: readonly TimedRequest[], places: Uint32Array, weights: Float64Array) {
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

  /** How many requests the rows stand for. */
  sum(): number {
    const { weights } = this;
    let sum = 0;
    for (let i = 0; i < weights.length; i++) sum += weights[i] ?? 0;
    return sum;
  }

  /** How many requests there are by what they are called; `''` for those whose row does not tell. Told once, as `columnOf`. */
  sumBy(nameOf: NameOf): Sums {
    let told = this.sums.get(nameOf);
    if (told === undefined) {
      told = this.sumUp(columnOf(this.rows, nameOf));
      this.sums.set(nameOf, told);
    }
    return told;
  }

  private sumUp(column: Column): Sums {
    const { places, weights } = this;
    const { nameOfRow } = column;
    const sums = new Float64Array(column.names.length).fill(Number.NaN);
    for (let i = 0; i < places.length; i++) {
      const name = nameOfRow[places[i] ?? 0] ?? 0;
      const sum = sums[name] ?? 0;
      sums[name] = (Number.isNaN(sum) ? 0 : sum) + (weights[i] ?? 0);
    }
    return new Sums(column, sums);
  }

  /** Those of the rows that are called one of some names. `nameOf` is remembered. */
  called(nameOf: NameOf, names: Names): WeightedRows {
    const { names: all, places: placesOfNames, nameOfRow } = columnOf(this.rows, nameOf);
    const isOne = new Uint8Array(all.length);
    for (const name of names.keys()) {
      const place = placesOfNames.get(name);
      if (place !== undefined) isOne[place] = 1;
    }
    const places = new Uint32Array(this.places.length);
    const weights = new Float64Array(this.places.length);
    let length = 0;
    for (let i = 0; i < places.length; i++) {
      const place = this.places[i] ?? 0;
      if (isOne[nameOfRow[place] ?? 0] === 0) continue;
      places[length] = place;
      weights[length] = this.weights[i] ?? 0;
      length++;
    }
    if (length === places.length) return this;
    return new WeightedRows(this.rows, places.subarray(0, length), weights.subarray(0, length));
  }

  /** Whether each row stands for itself alone, or less. */
  get isWhole(): boolean {
    return !this.weights.some((weight) => weight > 1);
  }
}
