import { foldedName, isCanonical, plainName, Row } from './row.ts';

/** The columns of a CSV, asked by the documented names, however the export spells them. */
export class CsvColumns {
  readonly names: readonly string[];
  /** As they are written; of those with one name the last counts. */
  private readonly written: ReadonlyMap<string, number>;
  private readonly folded: ReadonlyMap<string, number>;
  private readonly places = new Map<string, number | null>();

  constructor(names: readonly string[]) {
    this.names = names;
    this.written = new Map(names.map((name, place) => [name, place]));
    const isDocumented = isCanonical((name) => this.written.has(name));
    this.folded = new Map(isDocumented ? [] : [...this.written].map(([name, place]) => [plainName(name), place]));
  }

  /** Null where there is no such column. */
  placeOf(name: string): number | null {
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const place = this.written.get(name) ?? this.folded.get(foldedName(name)) ?? null;
    this.places.set(name, place);
    return place;
  }
}

/** A row of a CSV with these columns. */
export class CsvRow extends Row {
  private readonly columns: CsvColumns;
  private readonly cells: readonly string[];

  constructor(columns: CsvColumns, cells: readonly string[]) {
    super();
    this.columns = columns;
    this.cells = cells;
  }

  get(name: string): string | undefined {
    const place = this.columns.placeOf(name);
    return place === null ? undefined : this.cells[place];
  }
}
