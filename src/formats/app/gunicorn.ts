import { type ClueRecord, NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields, LONGEST_MATCHED } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { jsonEntry } from './app-entry.ts';
import { appMeaning } from './app-messages.ts';
import { groupValues } from './group-values.ts';

/*
 * gunicorn's error log (arbiter.py, glogging.py): `[2025-10-21 13:11:39 +0200] [6408] [CRITICAL] WORKER TIMEOUT (pid:6409)`.
 * Tracebacks belong to the entry before them.
 */

const HEAD =
  /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) ?([+-]\d{4})?\] \[(\d{1,10})\] \[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /;
const OLD_HEAD = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(?:,\d{3})? \[(\d{1,10})\] \[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /;
/** Its logger by name (`glogging.py`), where an application’s own logging writes JSON for it: structlog, python-json-logger. */
const LOGGER = '"gunicorn.error"';
const BARE_HEAD = /^(?:\[(\d{1,10})\] )?\[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\] /;

interface GunicornMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** Whether the text alone, without a head, can only be gunicorn's. */
  readonly certain: boolean;
  readonly sample: string;
}

/** First match wins. Source: gunicorn arbiter.py, sock.py, workers/base.py (19.x to 23.x). */
export const GUNICORN_MESSAGES: readonly GunicornMessage[] = [
  {
    signal: 'gunicorn.worker-timeout',
    pattern: /^WORKER TIMEOUT \(pid: ?(?<pid>\d{1,10})\)/,
    certain: true,
    sample: 'WORKER TIMEOUT (pid:6409)',
  },
  {
    signal: 'gunicorn.worker-sigkill',
    pattern:
      /^Worker (?:with pid (?<pid>\d{1,10}) was terminated due to signal (?<signalNumber>9)\b|\(pid:(?<worker>\d{1,10})\) was sent SIGKILL)/,
    certain: true,
    sample: 'Worker with pid 6409 was terminated due to signal 9',
  },
  {
    signal: 'gunicorn.worker-crash',
    pattern:
      /^Worker (?:with pid (?<pid>\d{1,10}) was terminated due to signal (?<signalNumber>4|6|7|8|11)\b|\(pid:(?<worker>\d{1,10})\) was sent SIG(?:SEGV|ABRT|BUS|ILL|FPE))/,
    certain: true,
    sample: 'Worker (pid:6409) was sent SIGSEGV!',
  },
  {
    signal: 'gunicorn.boot-failed',
    pattern:
      /^(?:Worker failed to boot|Exception in worker process|Worker \(pid:\d{1,10}\) exited with code 3\b|Reason: Worker failed to boot|Shutting down: Master.*boot|App failed to load)/,
    certain: true,
    sample: 'Exception in worker process',
  },
  {
    signal: 'gunicorn.worker-exit',
    pattern:
      /^(?:Worker exiting|Worker (?:with pid \d{1,10} was terminated|\(pid:\d{1,10}\) (?:was sent|exited))|Autorestarting worker)/,
    certain: false,
    sample: 'Worker exiting (pid: 6409)',
  },
  {
    signal: 'gunicorn.worker-boot',
    pattern: /^Booting worker with pid/,
    certain: true,
    sample: 'Booting worker with pid: 6412',
  },
  {
    // Hypercorn, which has gunicorn's way to log: once for each worker.
    signal: 'app.start',
    pattern: /^Running on (?:https?:\/\/|unix:|fd:)/,
    certain: false,
    sample: 'Running on http://192.0.2.10:8080 (CTRL + C to quit)',
  },
  {
    signal: 'gunicorn.port-in-use',
    pattern: /^(?:Connection in use|connection to .{1,200} failed: \[Errno 98\]|Can't connect to|Invalid address)/,
    certain: false,
    sample: "Connection in use: ('127.0.0.1', 8000)",
  },
  {
    signal: 'gunicorn.other',
    pattern: /^Retrying in \d{1,4} seconds?\./,
    certain: false,
    sample: 'Retrying in 1 second.',
  },
  {
    signal: 'gunicorn.reload',
    pattern: /^(?:Hang up: |Handling signal: hup|Worker reloading)/,
    certain: false,
    sample: 'Handling signal: hup',
  },
  {
    signal: 'gunicorn.stop',
    pattern: /^(?:Handling signal: (?:term|int|quit)|Shutting down: )/,
    certain: false,
    sample: 'Handling signal: term',
  },
  {
    signal: 'gunicorn.start',
    pattern: /^(?:Starting gunicorn|Listening at: )/,
    certain: true,
    sample: 'Starting gunicorn 20.1.0',
  },
  {
    signal: 'app.crash',
    pattern: /^Unhandled exception in main loop/,
    certain: true,
    sample: 'Unhandled exception in main loop',
  },
  {
    signal: 'gunicorn.exception',
    pattern:
      /^(?:Error handling request|Exception on|Ignoring EPIPE|Socket error processing request|Traceback)(?: (?<target>\S{1,500}))?/,
    certain: false,
    sample: 'Error handling request /slow/report',
  },
];

interface Entry {
  readonly clue: ClueRecord;
  readonly lines: string[];
}

class GunicornParser implements LineParser {
  private readonly emit: Emit;
  private entry: Entry | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const { text } = line;
    if (text.trim() === '') return true;
    const head = headOf(line);
    if (head !== null) return this.begin(line, head);
    if (this.entry === null || !continues(text)) return false;
    if (this.entry.lines.length < 200) this.entry.lines.push(text.slice(0, 2000));
    return true;
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    if (entry === null) return;
    const meaning = entry.clue.signal === 'gunicorn.exception' ? appMeaning(entry.lines.slice(1).join('\n')) : null;
    const { clue } = entry;
    this.emit(
      meaning === null ? clue : { ...clue, signal: meaning.signal, values: { ...clue.values, ...meaning.values } },
    );
  }

  private begin(line: Line, head: Head): boolean {
    this.end();
    const found = messageOf(head.message);
    const { pid, worker, target, ...groups } = { ...found?.match.groups };
    const path = target?.startsWith('/') ? target.split('?', 1)[0] : undefined;
    const child = pid ?? worker ?? head.pid;
    const signal =
      found?.row.signal ??
      (/^(?:ERROR|CRITICAL|error|fatal)$/.test(head.level ?? '') ? 'gunicorn.exception' : 'gunicorn.other');
    this.entry = {
      clue: {
        kind: 'clue',
        hop: 'app',
        signal,
        ...entryFields(line, head.stamp),
        ...(head.level === undefined ? {} : { level: head.level }),
        ...(child === undefined ? {} : { connection: child }),
        ...(path === undefined ? {} : { path }),
        values: groupValues(groups),
      },
      lines: [line.text],
    };
    return true;
  }
}

interface Head {
  readonly stamp: Stamp;
  readonly pid: string | undefined;
  readonly level: string | undefined;
  readonly message: string;
}

function headOf(line: Line): Head | null {
  const { text } = line;
  if (text.charAt(0) === '{') return text.slice(0, 4000).includes(LOGGER) ? jsonHead(text) : null;
  const head = HEAD.exec(text);
  if (head?.[1] !== undefined) {
    const stamp = parseIso(`${head[1]}${head[2] ?? ''}`) ?? NO_STAMP;
    return { stamp, pid: head[3], level: head[4], message: text.slice(head[0].length) };
  }
  const old = OLD_HEAD.exec(text);
  if (old?.[1] !== undefined) {
    return { stamp: parseIso(old[1]) ?? NO_STAMP, pid: old[2], level: old[3], message: text.slice(old[0].length) };
  }
  const bare = BARE_HEAD.exec(text);
  const message = bare === null ? text : text.slice(bare[0].length);
  const found = messageOf(message);
  if (found === null || !(found.row.certain || bare?.[1] !== undefined)) return null;
  return { stamp: NO_STAMP, pid: bare?.[1], level: bare?.[2], message };
}

function jsonHead(text: string): Head | null {
  const entry = jsonEntry(text);
  if (entry === null) return null;
  return { stamp: entry.stamp, pid: undefined, level: entry.level, message: entry.message };
}

function messageOf(text: string): { row: GunicornMessage; match: RegExpExecArray } | null {
  const line = text.slice(0, LONGEST_MATCHED);
  for (const row of GUNICORN_MESSAGES) {
    const match = row.pattern.exec(line);
    if (match !== null) return { row, match };
  }
  return null;
}

/** A Python traceback: its head, indented frames, the exception's own line, and chained ones. */
function continues(text: string): boolean {
  return (
    /^\s/.test(text) ||
    /^(?:Traceback |The above exception|During handling|[A-Za-z_][\w.]{0,120}(?:Error|Exception|Exit|Interrupt|Timeout|Warning)\b)/.test(
      text,
    )
  );
}

/** gunicorn's error log. */
export const gunicorn: LineFormat = {
  shape: 'lines',
  id: 'gunicorn',
  title: 'gunicorn error log',
  hop: 'app',
  foundAt: ['the file named by --error-logfile', 'journalctl -u gunicorn', 'docker logs of the application'],
  limits: ['A worker that is killed by its time-out leaves no word on which request it served.'],
  examples: () => [
    {
      input: '[2025-10-21 13:11:39 +0200] [6408] [CRITICAL] WORKER TIMEOUT (pid:6409)',
      shows: 'a request that took longer than --timeout',
      records: [
        {
          kind: 'clue',
          hop: 'app',
          signal: 'gunicorn.worker-timeout',
          level: 'CRITICAL',
          connection: '6409',
          stamp: { kind: 'utc', ms: Date.UTC(2025, 9, 21, 11, 11, 39), offsetMinutes: 120 },
        },
      ],
    },
    {
      input: 'WORKER TIMEOUT (pid:6409)',
      shows: 'the same, pasted',
      records: [{ signal: 'gunicorn.worker-timeout', stamp: { kind: 'none' }, connection: '6409' }],
    },
    {
      input: [
        '{"event": "WORKER TIMEOUT (pid:158)", "level": "critical", "logger": "gunicorn.error", "timestamp": "2026-11-20T08:19:08.119491"}',
        '{"event": "Worker (pid:158) was sent SIGKILL! Perhaps out of memory?", "level": "error", "logger": "gunicorn.error", "timestamp": "2026-11-20T08:19:09.306992"}',
      ].join('\n'),
      shows: 'what it says through the JSON of an application’s own logging',
      records: [
        { signal: 'gunicorn.worker-timeout', level: 'fatal', connection: '158' },
        { signal: 'gunicorn.worker-sigkill', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 19, 9, 306) } },
      ],
    },
    {
      input: '[2025-10-21 13:11:40 +0200] [6408] [WARNING] Worker with pid 6409 was terminated due to signal 9',
      shows: 'a worker that was killed',
      records: [{ signal: 'gunicorn.worker-sigkill', connection: '6409', values: { signalNumber: 9 } }],
    },
    {
      input: [
        '[2025-10-21 13:11:40 +0200] [6409] [ERROR] Error handling request /slow/report?x=1',
        'Traceback (most recent call last):',
        '  File "/srv/app/views.py", line 7, in report',
        'psycopg2.OperationalError: connection to server at "db" (192.0.2.4), port 5432 failed: Connection refused',
        '[2025-10-21 13:11:41 +0200] [6408] [INFO] Booting worker with pid: 6412',
      ].join('\n'),
      shows: 'a traceback that ends at the database, then a new worker',
      records: [
        { signal: 'app.db-error', path: '/slow/report', line: 1 },
        { signal: 'gunicorn.worker-boot', line: 5 },
      ],
    },
    {
      input: [
        '[2026-11-21 14:05:28 +0000] [17255] [INFO] Unhandled exception in main loop',
        'Traceback (most recent call last):',
        '  File "/usr/lib/python3/dist-packages/gunicorn/arbiter.py", line 209, in run',
        '    self.sleep()',
        "RuntimeError: reentrant call inside <_io.BufferedWriter name='<stderr>'>",
      ].join('\n'),
      shows:
        'the end of gunicorn itself, here by a fault of its own as two workers died at once: nobody listens any more',
      records: [{ signal: 'app.crash', connection: '17255', line: 1 }],
    },
  ],
  score: (line) => {
    if (HEAD.test(line.text)) return 0.95;
    if (OLD_HEAD.test(line.text)) return 0.85;
    return line.text.length < 2000 && headOf(line) !== null ? 0.8 : 0;
  },
  open: (emit) => new GunicornParser(emit),
};
