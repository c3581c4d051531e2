import type { Draft } from '../vocabulary/draft.ts';
import type { Hop } from '../vocabulary/hops.ts';
import type { ClueRecord, Stamp } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { Line } from './format.ts';

/** Longest text of an entry that a report may show. */
const LONGEST_TEXT = 2000;
/** So long a word is cut all the same. */
const LONGEST_WORD = 300;
const SPACE = 0x20;

/** Longest part of a line that message patterns look at: a hostile line of megabytes costs no more than this. */
export const LONGEST_MATCHED = 16_384;

/** The fields that every record has, from the line and the entry's own stamp. */
export interface EntryFields {
  readonly line: number;
  readonly stamp: Stamp;
  readonly outerStamp?: Stamp;
  readonly server?: string;
  readonly text: string;
}

/**
 * Fields of an entry that begins on `line`. Where the entry and its wrapper both carry a time, the one with a zone
 * dates it and the other teaches the stream's zone; where only one does, that one.
 */
export function entryFields(line: Line, own: Stamp, text = line.text): EntryFields {
  const shown = text.length > LONGEST_TEXT ? text.slice(0, endOfText(text)) : text;
  const { wrapper } = line;
  if (wrapper === null) return { line: line.number, stamp: own, text: shown };
  const { stamp, outerStamp } = clockOf(own, wrapper.stamp);
  const fields: Draft<EntryFields> = { line: line.number, stamp, text: shown };
  if (outerStamp !== undefined) fields.outerStamp = outerStamp;
  if (wrapper.server !== undefined) fields.server = wrapper.server;
  return fields;
}

/** The clue of an entry that begins on `line`, dated as by `entryFields`, for what else it tells to be filled in. */
export function clueOn(line: Line, own: Stamp, hop: Hop, signal: SignalId, text = line.text): Draft<ClueRecord> {
  const { stamp, outerStamp, server, text: shown } = entryFields(line, own, text);
  const clue: Draft<ClueRecord> = { kind: 'clue', hop, signal, line: line.number, stamp, text: shown };
  if (outerStamp !== undefined) clue.outerStamp = outerStamp;
  if (server !== undefined) clue.server = server;
  return clue;
}

type Values = NonNullable<ClueRecord['values']>;

/** Values of a clue, with the container that is named before its line. */
export function withContainer(values: Values, { container }: Line): Values {
  return container === undefined ? values : { ...values, container };
}

/** Where a long text is cut: before the word that would be cut, of which half a mail address or key could be left and be known for neither. */
function endOfText(text: string): number {
  let end = LONGEST_TEXT;
  while (end > LONGEST_TEXT - LONGEST_WORD && text.charCodeAt(end) > SPACE) end -= 1;
  return end > LONGEST_TEXT - LONGEST_WORD ? end : LONGEST_TEXT;
}

/** What dates an entry, and what else is known of its time, by its own stamp and its wrapper's. */
export function clockOf(own: Stamp, outer: Stamp): { stamp: Stamp; outerStamp?: Stamp } {
  if (own.kind === 'none') return { stamp: outer };
  if (outer.kind === 'none') return { stamp: own };
  if (own.kind === 'utc') return outer.kind === 'utc' ? { stamp: own } : { stamp: own, outerStamp: outer };
  if (outer.kind === 'utc') return { stamp: outer, outerStamp: own };
  return own.kind === 'yearless' ? { stamp: outer } : { stamp: own, outerStamp: outer };
}

/** Values without those that are undefined. */
export function present(
  values: Readonly<Record<string, string | number | undefined>>,
): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) if (value !== undefined) kept[name] = value;
  return kept;
}
