import { type ClueRecord, NO_STAMP, type RequestRecord, type Stamp } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { monthIndex, wallMs } from '../stamps.ts';
import { appMeaning } from './app-messages.ts';
import { groupValues } from './group-values.ts';
import { UWSGI_EXAMPLES } from './uwsgi-examples.ts';
import { isChatter, UWSGI_MESSAGES, type UwsgiMessage } from './uwsgi-messages.ts';

/*
 * uWSGI's log: one file for what the server says and for its requests (measured with uWSGI 2.0.21, docs/neighbours.md). Only some
 * lines are dated, in the host's wall clock; a traceback comes before the row of the request that it belongs to.
 */

const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const DATE = `${WEEKDAY} ([A-Z][a-z]{2}) ([ \\d]\\d) (\\d\\d):(\\d\\d):(\\d\\d) (\\d{4})`;
const HEAD = new RegExp(`^${DATE} - `);
/** `[pid: 812|app: 0|req: 5/2] 192.0.2.7 () {24 vars in 256 bytes} [Fri Nov 20 16:17:15 2026] GET /a => generated 0 bytes in 146 msecs (HTTP/1.1 500) …`. */
const ROW = new RegExp(
  `^\\[pid: (\\d{1,10})\\|app: -?\\d{1,6}\\|req: -?\\d{1,12}/\\d{1,12}\\] (\\S{0,64}) \\([^)]{0,200}\\) \\{\\d{1,6} vars in \\d{1,9} bytes\\} \\[${DATE}\\] ([A-Z]{1,20}) (\\S{1,8000}) => generated (\\d{1,15}) bytes in (\\d{1,12}) (msecs|micros)(?: via \\w{1,20}\\(\\))? \\(HTTP/[\\d.]{1,4} (\\d{3})\\)`,
);
const TRACE =
  /^(?:Traceback \(most recent|\s|The above exception|During handling|[A-Za-z_][\w.]{0,160}(?:Error|Exception|Exit|Interrupt|Timeout|Warning)\b)/;
const LONGEST_TRACE = 200;
const LONGEST_ROW = 9000;

function stampOf(parts: readonly (string | undefined)[]): Stamp {
  const [month, day, hour, minute, second, year] = parts;
  const index = monthIndex(month ?? '');
  if (index === undefined) return NO_STAMP;
  const ms = wallMs(Number(year), index, Number(day), Number(hour), Number(minute), Number(second));
  return { kind: 'local', ms };
}

function messageOf(text: string): { row: UwsgiMessage; match: RegExpExecArray } | null {
  for (const row of UWSGI_MESSAGES) {
    const match = row.pattern.exec(text);
    if (match !== null) return { row, match };
  }
  return null;
}

/** The text after the date that some lines begin with. */
function undated(text: string, longest = 2000): string {
  const head = HEAD.exec(text.slice(0, 40));
  return (head === null ? text : text.slice(head[0].length)).slice(0, longest);
}

class UwsgiParser implements LineParser {
  private readonly emit: Emit;
  private trace: { readonly line: Line; readonly lines: string[] } | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const { text } = line;
    const row = ROW.exec(undated(text, LONGEST_ROW));
    if (row !== null) return this.row(line, row);
    if (TRACE.test(text.slice(0, 500)) && (this.trace !== null || text.startsWith('Traceback '))) {
      this.trace ??= { line, lines: [] };
      if (this.trace.lines.length < LONGEST_TRACE) this.trace.lines.push(text.slice(0, 2000));
      return true;
    }
    if (text.trim() === '') return true;
    const found = messageOf(undated(text));
    if (found === null && !isChatter(undated(text))) return false;
    this.endTrace(NO_STAMP);
    if (found !== null) this.say(line, found);
    return true;
  }

  end(): void {
    this.endTrace(NO_STAMP);
  }

  private row(line: Line, row: RegExpExecArray): true {
    const stamp = stampOf(row.slice(3, 9));
    const path = row[10]?.split('?', 1)[0];
    this.endTrace(stamp, path);
    const status = Number(row[14]);
    const record: RequestRecord = {
      kind: 'request',
      hop: 'app',
      ...entryFields(line, stamp),
      status,
      ...(status >= 500 ? { signal: 'access.5xx' } : {}),
      method: row[9] ?? '',
      ...(path === undefined ? {} : { path }),
      ...(row[2] ? { client: row[2] } : {}),
      durationMs: Number(row[12]) / (row[13] === 'micros' ? 1000 : 1),
      bytes: Number(row[11]),
      visitor: true,
    };
    this.emit(record);
    return true;
  }

  private say(line: Line, { row, match }: { row: UwsgiMessage; match: RegExpExecArray }): void {
    const head = HEAD.exec(line.text.slice(0, 40)) ?? new RegExp(`\\[${DATE}\\]`).exec(line.text.slice(0, 200));
    const { pid, path, ...groups } = { ...match.groups };
    this.emit({
      kind: 'clue',
      hop: 'app',
      signal: row.signal,
      ...entryFields(line, head === null ? NO_STAMP : stampOf(head.slice(1, 7))),
      ...(pid === undefined ? {} : { connection: pid }),
      ...(path === undefined ? {} : { path }),
      subject: 'uwsgi',
      values: groupValues(groups),
    });
  }

  /** Hands over a traceback; the row of its request dates it. */
  private endTrace(stamp: Stamp, path?: string): void {
    const { trace } = this;
    this.trace = null;
    if (trace === null) return;
    const text = trace.lines.join('\n');
    const meaning = appMeaning(text);
    const clue: ClueRecord = {
      kind: 'clue',
      hop: 'app',
      signal: meaning?.signal ?? 'app.error',
      ...entryFields(trace.line, stamp, text),
      ...(path === undefined ? {} : { path }),
      subject: 'uwsgi',
      values: meaning?.values ?? {},
    };
    this.emit(clue);
  }
}

/** uWSGI's log. */
export const uwsgi: LineFormat = {
  shape: 'lines',
  id: 'uwsgi',
  title: 'uWSGI log',
  hop: 'app',
  foundAt: ['the file named by logto or daemonize', '/var/log/uwsgi/app/', 'journalctl -u uwsgi', 'docker logs'],
  limits: [
    'Lines about a worker that died carry no time unless log-date is set.',
    'A request that was killed by harakiri leaves no row.',
  ],
  examples: UWSGI_EXAMPLES,
  score: ({ text }) => {
    if (ROW.test(undated(text, LONGEST_ROW))) return 0.95;
    return text.length < 2000 && messageOf(undated(text))?.row.certain ? 0.9 : 0;
  },
  open: (emit) => new UwsgiParser(emit),
};
