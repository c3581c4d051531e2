/**
 * Which rows a row scanner may count instead of giving them (`RowScanner.countInto`): those that are known by their columns
 * to be of no more interest than that they were. What a column may hold is said as it is written in the row, quotes included.
 */
export interface CountRules {
  /** By status of three digits, whether such a row may be counted (`KIND`). */
  readonly kinds: Uint8Array;
  readonly status: string;
  /** What the next hop answered: absent, or a number below 500; above 0 it was reached. */
  readonly nextStatus: string;
  /** When the answer was given: RFC 3339 in UTC, or a Unix time of 10, 13, 16 or 19 digits. */
  readonly time: string;
  /** 16 hexadecimal digits in lower case, of which the sampling hash is made. */
  readonly id: string;
  /** Columns that must be absent or hold one of some values. */
  readonly limits: readonly Limit[];
}

export interface Limit {
  readonly column: string;
  /** Of at most 16 ASCII characters each. */
  readonly values: readonly string[];
  /** Whether it holds only for rows that were refused. */
  readonly ofRefused: boolean;
}

/** Rows by their status: not to be counted; good; refused. */
export const KIND = { other: 0, good: 1, refused: 2 } as const;

/** Rows that were counted, alike in all but their time, which lies within one second. Milliseconds since 1970. */
export interface CountedRows {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly status: number;
  readonly reached: boolean;
  readonly rows: number;
}
