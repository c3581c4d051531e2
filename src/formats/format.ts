import type { CountedKind, CountedSecond, ListedRows } from '../scan/count-rules.ts';
import type { Hop } from '../vocabulary/hops.ts';
import type { ClueRecord, LogRecord, RequestRecord, Stamp } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';

/** What a wrapper (journald, syslog, docker, kubectl …) said about a line before it was peeled off. */
export interface Wrapper {
  readonly stamp: Stamp;
  readonly server?: string;
  /** Program named by the wrapper (`cloudflared`, `kernel`, `systemd`, `nginx`). */
  readonly program?: string;
  readonly pid?: string;
}

/** A line without its wrapper, terminal colours and line end. */
export interface Line {
  readonly text: string;
  /** Counted from 1. */
  readonly number: number;
  readonly wrapper: Wrapper | null;
  /** Which of several logs that are printed together it is of, as it is named before the line: Compose's container, a pod, a process of PM2. */
  readonly container?: string | undefined;
}

/** What a parser did with a line: `taken` (entry or continuation), `no` (not this format's). */
export type Taken = boolean;

/** Reads the lines of one source in order. A parser holds at most the entry it is working on. */
export interface LineParser {
  /** Offers a line; true where the format takes it (as an entry, a continuation, or known chatter). */
  push(line: Line): Taken;
  /** No more lines: hands over what is still held. */
  end(): void;
  /** Whether the next line is of the entry at hand, whatever it looks like: inside marks that begin and end it. */
  isInside?(): boolean;
  /**
   * Reads the blocks of a source together with this parser, which gets the lines that are handed over: where lines hang on
   * each other. It takes any source in which its format prevails, wrapped lines and those of others too.
   */
  readBlocks?(sink: SharedSink): BlockReader;
}

export type Emit = (record: LogRecord) => void;

/** An input line (or lines) and what becomes of it: test, help page and documentation in one. */
export interface Example {
  /** The line(s) as they lie in a file, without wrapper unless that is the point. */
  readonly input: string;
  /** What the example shows, in a few words. */
  readonly shows: string;
  /** Fields that the records must have, in order; an empty list for chatter that makes no record. */
  readonly records: readonly (Partial<RequestRecord> | Partial<ClueRecord>)[];
}

interface FormatBase {
  /** Stable id (`nginx-error`), shown in results. */
  readonly id: string;
  /** Name for people: "nginx error log". */
  readonly title: string;
  readonly hop: Hop;
  /** Where such a file is found on a machine or how it is fetched. */
  readonly foundAt: readonly string[];
  /** What this log cannot tell. */
  readonly limits: readonly string[];
  /** A function, since few runs look at them: as tables they took 4 % of the time of a small log. */
  readonly examples: () => readonly Example[];
}

/** What requests that only count are told by. */
export interface RequestKind extends CountedKind {
  /** What the row says of its own failure; most went well. */
  readonly signal?: SignalId | undefined;
}

/** A visitor's request that only counts: what the exact counts and the choice of the sample need of it. */
export interface CountedRequest extends RequestKind {
  /** When the answer was given, milliseconds since 1970, and the zone it was written in; undefined where that is not known. */
  readonly ms: number;
  readonly offsetMinutes: number | undefined;
}

/** A row that failed, was refused or carries a signal, without what is needed only where it is kept. */
export interface CountedFailure extends CountedRequest {
  /** What an exported row is known by again, as an export may hold it twice; null for rows of other logs. */
  readonly exported: { readonly ray: string; readonly parentRay: string | undefined } | null;
  readonly visitor: boolean;
  /** How many requests the row stands for. */
  readonly weight: number;
}

/** What rows of an export have in common that were counted without being read: all but who they are and when. */
export interface ListedKind extends Pick<CountedFailure, 'status' | 'signal' | 'reached' | 'visitor' | 'weight'> {
  /** By which weight they are sampled; null: by none. The failed and the refused may be in the export twice. */
  readonly sample: 'ordinary' | 'failed' | 'refused' | null;
}

/** A line that only counts, because enough records of its signal are kept already. */
export interface CountedClue {
  /** Written milliseconds and how they are written (see `Stamp`). */
  readonly stamp: Stamp;
  readonly outerStamp?: Stamp | undefined;
  /** Machine named by the wrapper. */
  readonly server?: string | undefined;
  readonly signal: SignalId;
  readonly level: string | undefined;
}

/** A row that may be kept: what its record is read from. Bytes are cheap to keep and to drop, records are not. */
export interface HeldRequest {
  /** The record that the ordinary way would make of the row, once; whatever of it is made later holds the row until then. */
  read(): RequestRecord;
  /** The same, in memory that it does not share with rows that were dropped; it takes the place of this one. */
  moved(): HeldRequest;
  /** It will not be read: its memory may be used again. Absent where that brings nothing. */
  drop?(): void;
}

/** Where a block reader's findings go. A request that is given to it holds good during the call alone: readers use one object for all. */
export interface BlockSink {
  /**
   * Whether a good request with this sampling hash (`requestHash`) is to be kept: then the reader calls `keepRequest` or
   * hands over its line, else `count`.
   */
  wantsRequest(hash: number): boolean;
  /** A good request, one that was refused (403, 429) or one that failed is wanted where this divides its hash. */
  sampleWeight(kind: 'ordinary' | 'refused' | 'failed'): number;
  /** Counts a request that is not to be kept. */
  count(request: CountedRequest): void;
  /** Counts requests of one second that are not to be kept, all of visitors, and written in this zone. */
  countSecond(second: CountedSecond, offsetMinutes: number): void;
  /**
   * Counts a wanted request whose record is read only once it is sure to be kept: of a long log, most of the first ones are
   * dropped again.
   */
  keepRequest(request: CountedRequest, hash: number, held: HeldRequest): void;
  /**
   * Counts a failed row with this sampling hash. Where it is to be kept, `hold` is called for what its record is read from
   * later, as with `keepRequest`.
   */
  keepFailure(failure: CountedFailure, hash: number, hold: () => HeldRequest): void;
  /** Counts rows of an export, none of them wanted by the sample, that are of these kinds by their numbers. */
  countListed(rows: ListedRows, kinds: readonly (ListedKind | undefined)[]): void;
  /** Whether a line of this signal, minute and hash is to become a record; else the reader counts it. */
  wantsClue(signal: SignalId, minute: number, hash: number, server?: string): boolean;
  /** Lines of this signal and minute are wanted where this divides their hash. */
  clueWeight(signal: SignalId, minute: number, server?: string): number;
  /** Counts so many lines that are alike; one where it is not said. */
  countClue(clue: CountedClue, lines?: number): void;
  /**
   * Counts a wanted line whose record is read only at the end, if it is among the kept then: most lines of a signal that
   * comes often are dropped again. `read` gives the record that the ordinary way would make.
   */
  keepClue(clue: CountedClue, hash: number, read: () => ClueRecord | undefined): void;
  /** The entry whose lines were handed over last is complete: the ordinary way need not wait for more of it. */
  entryEnds(): void;
  /** A record that a reader has made itself, the same that the ordinary way would have made of its line. */
  record(record: LogRecord): void;
  /**
   * A line for the ordinary way: unwrapped, offered to the formats, parsed. The memory holds good during the call. Returns
   * whether the reader's format is the first to be asked of the next line, too: false where another one took this line.
   */
  line(bytes: Buffer, number: number): boolean;
  /** Whether a row of text that follows is offered to the reader's format first, although another one took the last line. */
  leavesRows?(): boolean;
  /** Requests that follow are of this machine, by what carries their lines; of none where it is never called. */
  from(server: string | undefined): void;
  /** Whether requests are wanted as records for what the clock of their wrapper says, where it is not UTC. */
  comparesClocks(): boolean;
  /** What carries the line of this number, which is being read, as the ordinary way tells it. Absent where lines are bare. */
  wrapper?(number: number): Wrapper | null;
  /**
   * The line of this number, which is being read, to be unwrapped when it is asked for, as the ordinary way does it. Absent
   * where lines are bare.
   */
  carriedLine?(number: number): () => Line;
}

/** Where the findings of a reader go that reads blocks together with the parser of its format. */
export interface SharedSink extends BlockSink {
  /** Whether no other format would be offered a line of this one: `named` where its wrapper names this format's program. */
  isAlone(named: boolean): boolean;
  /** So many lines (one where it is not said) were read from their bytes: as though the parser had taken them. */
  took(lines?: number): void;
}

/**
 * Reads blocks of whole lines straight from their bytes. It may count a line itself only where the ordinary way would come
 * to the same; every other line it hands over, in order. Held to that by property tests (reference: the ordinary way).
 */
export interface BlockReader {
  /** `bytes[start, end)` holds whole lines, each with its line feed (the last may lack it); the first has this number. Returns how many lines there were. */
  read(bytes: Buffer, start: number, end: number, number: number): number;
  /** All was read: gives what it still holds. Absent where it holds nothing. */
  end?(): void;
}

/** Reads lines that stand among those of another format. */
export interface LineReader extends BlockReader {
  /** The line `bytes[start, end)` of this number: counts it or hands it over. */
  readLine(bytes: Buffer, start: number, end: number, number: number): void;
}

/** A log of lines. */
export interface LineFormat extends FormatBase {
  readonly shape: 'lines';
  /** Reads unwrapped sources of this format alone from their bytes; absent where nobody needs it to be faster. */
  readonly openBlocks?: (sink: BlockSink) => BlockReader;
  /**
   * The same reader also does for sources in which lines of other formats stand, and for wrapped ones: it takes each line by
   * itself, holds none from one block to the next, and reads none where another format would be asked first.
   */
  readonly readsAmong?: true;
  /** Reads its lines one by one in the same way: of wrapped sources of this format alone, and among rows of `standsAmong`. */
  readonly openLines?: (sink: BlockSink) => LineReader;
  /** Id of a format of rows: neither is sure of a line that the other one reads from its bytes, rows of JSON aside. */
  readonly standsAmong?: string;
  /** Takes lines that no format found in the sample wants, though it is no surer of them than this: of any program's log. */
  readonly lateFrom?: number;
  /**
   * Whether a line surely begins an entry, so that an unwrapped log may be cut before it and its parts be read apart. Absent
   * where entries hang on each other.
   */
  readonly entryBegins?: (line: Buffer) => boolean;
  /** Takes no wrapped line of a program whose log has a format of its own. */
  readonly leavesPrograms?: true;
  /**
   * What an entry holds that other logs of this format may lack, by the names under which a configuration asks for it
   * (`$http_cf_ray`, `OriginResponseStatus`, `level=notice`); empty for a line that is none. Absent where nothing can be asked for.
   */
  readonly fieldsIn?: (line: Line) => readonly string[];
  /**
   * What a line near the beginning shows that a whole source lacks, so that its rows cannot count: said to people with how to
   * get it. Undefined where nothing is lacking or the line is none of this format's. Absent where that cannot be.
   */
  readonly lacking?: (line: Line) => string | undefined;
  /**
   * What each column of a table without head was taken for and why, by the source's first lines; empty where the columns are named, or
   * told otherwise. Absent where entries have no columns.
   */
  readonly guessedColumns?: (lines: readonly Line[]) => readonly { readonly name: string; readonly why: string }[];
  /** How surely a line (without wrapper) begins an entry of this format: 0 = no, 1 = nothing else looks like this. */
  readonly score: (line: Line) => number;
  readonly open: (emit: Emit) => LineParser;
}

/** One document that is no log of lines (a HAR). */
export interface DocumentFormat extends FormatBase {
  readonly shape: 'document';
  /** How surely a source that begins with this text (up to 64 KiB) is such a document. */
  readonly scoreHead: (head: string) => number;
  /** Reads the whole document; returns how many entries it did not understand. A cut document gives its complete entries. */
  readonly read: (text: string, emit: Emit) => DocumentEnd;
  /** Reads a document in pieces, holding no more than the entry at hand; absent where such documents are small. */
  readonly openPieces?: (emit: Emit) => DocumentReader;
}

/** What is known of a document once it has been read. */
export interface DocumentEnd {
  /** Entries that were not understood. */
  readonly notUnderstood: number;
  /** What is wrong with it, for people. */
  readonly warning?: string;
}

/** Reads a document that comes in pieces. */
export interface DocumentReader {
  push(text: string): void;
  end(): DocumentEnd;
}

export type Format = LineFormat | DocumentFormat;
