import { type CloudflaredLine, splitFields } from './cloudflared-line.ts';
import { type Circumstances, hangsOnState } from './cloudflared-match.ts';
import { type Said, saidBy } from './cloudflared-meaning.ts';
import type { FieldBytes } from './field-bytes.ts';
import { LEVELS } from './line-prefix.ts';
import { TextMemo } from './text-memo.ts';

const MOST_MESSAGES = 1024;
const MOST_ERRORS = 4096;
/** Longer ones are pushed configurations and other rare talk. */
const LONGEST_MESSAGE = 200;
const LONGEST_ERROR = 4000;
const ERROR_BYTES = 1 << 19;

/** What a line says, and the message that the tunnel's state is told. */
export interface KnownSaid {
  readonly said: Said;
  readonly message: string;
}

/** Meanings by message, error, level and circumstances: a log says few different things, very often. */
export class SaidMemo {
  private readonly errors = new TextMemo(MOST_ERRORS, ERROR_BYTES);
  private readonly messages = new TextMemo(MOST_MESSAGES, MOST_MESSAGES * LONGEST_MESSAGE);
  private readonly messageTexts: { readonly text: string; readonly hangsOnState: boolean }[] = [];
  private known = new Map<number, KnownSaid>();

  /** The meaning of a line that was taken apart; null where it is not to be told from bytes. */
  of(
    bytes: Buffer,
    fields: FieldBytes,
    level: number,
    stateOf: (connection: string | undefined) => Circumstances,
    connection: string | undefined,
  ): KnownSaid | null {
    const message = this.messageId(bytes, fields.messageStart, fields.messageEnd);
    if (message === null) return null;
    const error = this.errorId(bytes, fields);
    if (error === null) return null;
    const hasDest = fields.destStart >= 0;
    const text = this.messageTexts[message];
    if (text === undefined) return null;
    const now = text.hangsOnState ? stateOf(connection) : CALM;
    const circumstances = (now.stopping ? 1 : 0) + (now.unregistered ? 2 : 0) + (now.othersUp ? 4 : 0);
    const key =
      ((message * (MOST_ERRORS + 1) + error + 1) * LEVELS.length + level) * 16 + circumstances * 2 + (hasDest ? 1 : 0);
    let known = this.known.get(key);
    if (known === undefined) {
      known = { said: saidBy(this.line(bytes, fields, text.text, level), now), message: text.text };
      this.known.set(key, known);
    }
    return known;
  }

  private line(bytes: Buffer, fields: FieldBytes, message: string, level: number): CloudflaredLine {
    const error = fields.errorStart < 0 ? '' : ` error=${bytes.toString('latin1', fields.errorStart, fields.errorEnd)}`;
    const dest = fields.destStart < 0 ? '' : ' dest=x';
    const split = splitFields(`x${error}${dest}`);
    return {
      stamp: { kind: 'none' },
      level: LEVELS[level]?.[1] ?? null,
      message,
      fields: split.fields,
      form: 'console',
    };
  }

  private messageId(bytes: Buffer, start: number, end: number): number | null {
    if (end - start > LONGEST_MESSAGE) return null;
    const found = this.messages.find(bytes, start, end);
    if (found >= 0) return found;
    if (this.messages.isFullFor(end - start)) this.forget();
    const text = bytes.toString('latin1', start, end);
    // Its error stands in the message (lines of 2021).
    if (text.includes(', err: ')) return null;
    const id = this.messages.add(bytes, start, end);
    this.messageTexts[id] = { text, hangsOnState: hangsOnState(text) };
    return id;
  }

  /** -1 where there is no error. */
  private errorId(bytes: Buffer, fields: FieldBytes): number | null {
    const { errorStart, errorEnd } = fields;
    if (errorStart < 0) return -1;
    // A closed quotation is one that a blank follows.
    if (bytes[errorStart] !== 0x22 || bytes[errorEnd] !== 0x20) return null;
    const found = this.errors.find(bytes, errorStart, errorEnd);
    if (found >= 0) return found;
    const length = errorEnd - errorStart;
    if (length > LONGEST_ERROR) return null;
    if (this.errors.isFullFor(length)) this.forget();
    return this.errors.add(bytes, errorStart, errorEnd);
  }

  private forget(): void {
    this.errors.clear();
    this.messages.clear();
    this.messageTexts.length = 0;
    this.known = new Map();
  }
}

const CALM: Circumstances = { stopping: false, unregistered: false, othersUp: false };
