import { journalEntry, parseObject } from './json.ts';
import type { Peeled } from './peeled.ts';

const MEMBER = /^\t"[A-Z_][A-Z0-9_]{0,63}" : /;

/**
 * journalctl -o json-pretty: one member a line, between lines of braces. The members are answered with an empty text, the
 * closing brace with the message. Only journald writes tabs and a blank before the colon.
 */
export class JournalPretty {
  private members: string[] = [];
  private isKnown = false;

  /** The message at the end of an entry; null where the line is no part of such an output. */
  peel(text: string): Peeled | null {
    if (text.charAt(0) === '\t' && MEMBER.test(text)) {
      this.isKnown = true;
      this.members.push(text.endsWith(',') ? text.slice(0, -1) : text);
      return { rest: '' };
    }
    if (!this.isKnown || (text !== '{' && text !== '}')) return null;
    const object = text === '}' ? parseObject(`{${this.members.join(',')}}`) : null;
    this.members = [];
    return (object === null ? null : journalEntry(object)) ?? { rest: '' };
  }
}
