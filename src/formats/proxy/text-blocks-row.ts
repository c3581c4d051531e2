import type { Line } from '../format.ts';
import { cleaned } from '../wrappers/pasted.ts';
import { Unwrapper } from '../wrappers.ts';
import {
  BACKSLASH,
  CLOSE,
  COLON,
  IN_WORD,
  looksLikeRay,
  OPEN,
  peerEnd,
  QUOTE,
  REWRITTEN,
  runEnd,
  SPACE,
} from './access-blocks-bytes.ts';
import type { AccessFields } from './access-fields.ts';
import { type accessRecord, type RowSignal, rowSignal } from './access-row.ts';
import { LearnedRow } from './learned-row.ts';
import { ROLE_BARE, ROLE_BARE_RAY, ROLE_RAY, ROLE_TIME, ROLES } from './row-roles.ts';
import { learnTextLayout, type TextClosing, type TextLayout } from './text-blocks-layout.ts';

const TAB = 9;
const HASH = 35;
const AMPERSAND = 38;
const EQUALS = 61;
/** Longer rows are read the ordinary way, in bytes. */
const LONGEST_ROW = 16_384;

/** How the ordinary way reads the text of a row. */
export type ReadFields = (text: string) => AccessFields | null;

/** A row in a text of its own (`LearnedRow`, `learnTextLayout`). */
export class TextRow extends LearnedRow<TextLayout> {
  private readonly readFields: ReadFields;
  private rowStart = 0;
  private rowEnd = 0;

  constructor(readFields: ReadFields, readLine: (line: Line) => ReturnType<typeof accessRecord>) {
    super(LONGEST_ROW, readLine);
    this.readFields = readFields;
  }

  signal(): RowSignal | undefined {
    const fields = this.readFields(cleaned(this.bytes.toString('utf8', this.rowStart, this.rowEnd)));
    return fields === null ? undefined : rowSignal(fields);
  }

  protected canBegin(byte: number | undefined): boolean {
    return byte !== undefined && byte > SPACE;
  }

  protected layoutOf(start: number, end: number): TextLayout | null {
    const text = this.bytes.toString('utf8', start, end);
    const line = new Unwrapper().unwrap(text, 1);
    return line.wrapper === null && line.text === text ? learnTextLayout(text) : null;
  }

  protected hasLayout(start: number, end: number, { fields, tail, beginsWithValue }: TextLayout): boolean {
    const { bytes, view, starts, ends } = this;
    // Of words only an address, also one behind a host's name, is surely no wrapper's.
    if (beginsWithValue && bytes[peerEnd(bytes, start, end)] !== SPACE) return false;
    this.rowStart = start;
    this.rowEnd = end;
    starts.fill(-1);
    let at = start;
    for (const { lead, closing, role } of fields) {
      if (!lead.isAt(view, at)) return false;
      const from = at + lead.length;
      at = valueEnd(bytes, from, closing);
      if (at < 0) return false;
      let told = role;
      if (role === ROLE_BARE || role === ROLE_BARE_RAY) {
        if (!looksLikeRay(bytes, from, at)) continue;
        if (role === ROLE_BARE) return false;
        told = ROLE_RAY;
      }
      if (told < ROLES) {
        starts[told] = from;
        ends[told] = at;
      }
    }
    return at + tail.length === end && tail.isAt(view, at);
  }

  /** A time without a zone, or seconds since 1970, may be what the ordinary way does not take for the row's time. */
  protected override readValues(): boolean {
    return super.readValues() && (!this.has(ROLE_TIME) || this.offsetMinutes !== undefined);
  }

  protected plainEnd(_start: number, end: number): number {
    return end;
  }
}

/** Where the value that begins at `start` ends; -1 where that is not sure. */
function valueEnd(bytes: Buffer, start: number, closing: TextClosing): number {
  if (closing !== '') return textEnd(bytes, start, closing);
  // A word that begins so is a list's separator.
  const end = bytes[start] === COLON ? start : runEnd(bytes, start, bytes.length, IN_WORD);
  return end > start ? end : -1;
}

/** Where a value ends that may hold blanks; -1 where it holds what the ordinary way may see more in. */
function textEnd(bytes: Buffer, start: number, closing: '"' | ']' | '\t'): number {
  const isTabbed = closing === '\t';
  const last = isTabbed ? TAB : closing === '"' ? QUOTE : CLOSE;
  for (let at = start; ; at++) {
    while (PLAIN[bytes[at] ?? 0] === 1) at++;
    const byte = bytes[at] ?? 0;
    if (byte === last || (isTabbed && byte < SPACE)) return at;
    if (!isHarmless(bytes, at, isTabbed)) return -1;
  }
}

/** Whether nothing begins or ends at a byte that is read otherwise than it is written. */
function isHarmless(bytes: Buffer, at: number, isTabbed: boolean): boolean {
  switch (bytes[at]) {
    case CLOSE:
      return true;
    case OPEN:
      return !isTabbed && !isTextAt(bytes, at, '[Client');
    case HASH:
    case AMPERSAND:
      return !REWRITTEN.some((text) => isTextAt(bytes, at, text));
    case EQUALS:
      return !EVENT_NAMES.some(
        (name) => isTextAt(bytes, at - name.length, name) && isBlank(bytes[at - name.length - 1]),
      );
    default:
      return false;
  }
}
/** Behind a blank and before a sign of equality these make a row of names and values an event (`looksNamed`). */
const EVENT_NAMES = ['msg', 'message', 'level', 'lvl'];

/** Hard blanks are read as others; this is the second of their two bytes. */
const HARD_BLANK = 0xa0;

const isBlank = (byte: number | undefined): boolean => byte === SPACE || byte === HARD_BLANK;

function isTextAt(bytes: Buffer, at: number, text: string): boolean {
  return bytes[at] === text.charCodeAt(0) && bytes.toString('latin1', at, at + text.length) === text;
}

/** Bytes that stand for themselves in quotes, in brackets and between tabs. */
const PLAIN = new Uint8Array(256).fill(1, SPACE);
for (const byte of [QUOTE, HASH, AMPERSAND, EQUALS, OPEN, BACKSLASH, CLOSE]) PLAIN[byte] = 0;
