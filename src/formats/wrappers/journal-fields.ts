import type { Stamp } from '../../vocabulary/records.ts';
import { microseconds } from './json.ts';
import type { Peeled } from './peeled.ts';
import { fullStamp } from './syslog.ts';

const VERBOSE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?) ([A-Z]{2,5}|[+-]\d\d(?:\d\d)?) \[s=/;
const FIELD = /^ {0,8}([A-Z_][A-Z0-9_]{1,63})=/;

/**
 * journalctl -o verbose and -o export: one field a line. Only the line with the message is handed on; the others are
 * answered with an empty text. Fields that stand after the message (often the program) come too late for it.
 */
export class JournalFields {
  private stamp: Stamp | undefined;
  private server: string | undefined;
  private program: string | undefined;
  private active = false;

  /** The message with what is known of its entry; null where the line is no part of such an output. */
  peel(text: string): Peeled | null {
    const head = VERBOSE.exec(text);
    if (head?.[1] !== undefined && head[2] !== undefined) {
      this.begin(fullStamp(head[1], head[2]));
      return { rest: '' };
    }
    if (text.startsWith('__CURSOR=')) {
      this.begin(undefined);
      return { rest: '' };
    }
    if (!this.active) return null;
    const name = FIELD.exec(text);
    if (name?.[1] === undefined) return null;
    const value = text.slice(name[0].length);
    if (name[1] === 'MESSAGE') return this.message(value);
    if (name[1] === '__REALTIME_TIMESTAMP') this.stamp = microseconds(value);
    if (name[1] === '_HOSTNAME') this.server = value;
    if (name[1] === 'SYSLOG_IDENTIFIER') this.program = value;
    return { rest: '' };
  }

  private begin(stamp: Stamp | undefined): void {
    this.active = true;
    this.stamp = stamp;
    this.program = undefined;
  }

  private message(rest: string): Peeled {
    return {
      rest,
      ...(this.stamp === undefined ? {} : { stamp: this.stamp }),
      ...(this.server === undefined ? {} : { server: this.server }),
      ...(this.program === undefined ? {} : { program: this.program }),
    };
  }
}
