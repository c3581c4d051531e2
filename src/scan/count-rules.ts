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
  /**
   * What tells how long a request took (`duration` of `src/formats/edge/request-record.ts`): when it came, and times up to the
   * first byte and of the next hop, which are finer.
   */
  readonly duration: Readonly<Record<'start' | 'firstByteMs' | 'upstreamMs' | 'upstreamNs', string>>;
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

/** What counted rows are told by. A kind is one object for as long as it is counted, and known again by that; formats say more in it. */
export interface CountedKind {
  readonly status: number;
  /** Whether the next hop gave a status. */
  readonly reached: boolean;
}

/** Rows that were counted, all within one second. Holds good during the call that it is given to. */
export interface CountedSecond {
  /** When the first and the last of them were written, milliseconds since 1970. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Of what kinds they are, and how many there are of each. */
  readonly kinds: readonly CountedKind[];
  readonly counts: readonly number[];
  /** How many there are of all kinds. */
  readonly rows: number;
}

/** A kind of rows that was taught: its number (1 and more, the reader's own), and by which weight it is sampled; null: by none. */
export interface RowKind {
  readonly number: number;
  readonly sample: keyof RowWeights | null;
}

/** Rows may be counted whose sampling hash is not divided by the weight of their sort; none of a sort with a weight of 0. */
export interface RowWeights {
  readonly ordinary: number;
  readonly failed: number;
  readonly refused: number;
}

/** With these weights no row is counted. */
export const COUNT_NONE: RowWeights = { ordinary: 0, failed: 0, refused: 0 };

/** Rows of taught kinds, in the order in which they stand in the log: `LISTED_WORDS` (`row-numbers.ts`) for each. */
export interface ListedRows {
  readonly words: Uint32Array;
  readonly rows: number;
}
