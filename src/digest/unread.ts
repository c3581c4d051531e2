import type { LogRecord } from '../vocabulary/records.ts';
import { KEPT_KINDS, type Kept, type StreamDigest } from './digest.ts';
import type { RowIdentity } from './seen-requests.ts';

/** What a record is read from. */
export interface Unread<R extends LogRecord> {
  /** The record, once; nothing where none comes of it. */
  read(): R | undefined;
  /** The same in memory that it does not share with what was dropped; it takes the place of this one. */
  moved?(): Unread<R>;
  /** It will not be read: its memory may be used again. */
  drop?(): void;
}

/** What decides what is kept, besides hashes, where it is put together. */
interface Traits {
  /** Minute of a clue's written time; NaN where it is undated, and of requests. */
  readonly minute: number;
  /** What a failed row of an export is known by again; null for all else. */
  readonly identity: RowIdentity | null;
}

/**
 * A kept record that is read once it is sure to be kept: samples get thinner while a log is read and where its pieces are put
 * together, so that most of what was kept at first is dropped again. Of this process alone, until `readRecords`.
 */
export class UnreadKept<R extends LogRecord> implements Kept<R>, Traits {
  readonly source: number;
  readonly segment: number;
  readonly hash: number;
  readonly minute: number;
  readonly identity: RowIdentity | null;
  private unread: Unread<R>;
  private known: (R & { line: number }) | undefined;
  private linesBefore = 0;

  constructor(
    unread: Unread<R>,
    { source, segment, hash }: Omit<Kept<R>, 'record'>,
    { minute = Number.NaN, identity = null }: Partial<Traits>,
  ) {
    this.unread = unread;
    this.source = source;
    this.segment = segment;
    this.hash = hash;
    this.minute = minute;
    this.identity = identity;
  }

  get record(): R {
    const record = this.read();
    if (record === undefined) throw new Error('no record comes of what was kept');
    return record;
  }

  /** So many lines lie before the piece that its line was counted in. */
  countLinesOn(lines: number): void {
    if (this.known === undefined) this.linesBefore += lines;
    else this.known.line += lines;
  }

  /** Lets go of the memory that it shares with rows that were dropped. */
  move(): void {
    if (this.known === undefined && this.unread.moved !== undefined) this.unread = this.unread.moved();
  }

  drop(): void {
    if (this.known === undefined) this.unread.drop?.();
  }

  /** With its record; null where none comes of it. */
  settled(): Kept<R> | null {
    const { source, segment, hash } = this;
    const record = this.read();
    return record === undefined ? null : { record, source, segment, hash };
  }

  private read(): R | undefined {
    if (this.known === undefined) {
      this.known = this.unread.read();
      if (this.known !== undefined) this.known.line += this.linesBefore;
    }
    return this.known;
  }
}

/** Reads all records of streams; nothing of them hangs on this process any more. */
export function readRecords(streams: readonly StreamDigest[]): void {
  for (const { kept, clues } of streams) {
    for (const kind of KEPT_KINDS) kept[kind].rows = settled(kept[kind].rows);
    for (const series of clues.values()) series.kept = settled(series.kept);
  }
}

function settled<R extends LogRecord>(rows: readonly Kept<R>[]): Kept<R>[] {
  return rows.flatMap((kept) => (kept instanceof UnreadKept ? (kept.settled() ?? []) : kept));
}
