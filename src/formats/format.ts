import type { Hop } from '../vocabulary/hops.ts';
import type { ClueRecord, LogRecord, RequestRecord, Stamp } from '../vocabulary/records.ts';

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
}

/** What a parser did with a line: `taken` (entry or continuation), `no` (not this format's). */
export type Taken = boolean;

/** Reads the lines of one source in order. A parser holds at most the entry it is working on. */
export interface LineParser {
  /** Offers a line; true where the format takes it (as an entry, a continuation, or known chatter). */
  push(line: Line): Taken;
  /** No more lines: hands over what is still held. */
  end(): void;
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
  readonly examples: readonly Example[];
}

/** A log of lines. */
export interface LineFormat extends FormatBase {
  readonly shape: 'lines';
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
  readonly read: (text: string, emit: Emit) => { readonly notUnderstood: number; readonly warning?: string };
}

export type Format = LineFormat | DocumentFormat;
