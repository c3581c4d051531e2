import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { clueOn, LONGEST_MATCHED, withContainer } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { fpmStamp } from './fpm-stamp.ts';
import { groupValues } from './group-values.ts';
import { classifyPhp } from './php-classify.ts';
import { PHP_FPM_EXAMPLES } from './php-fpm-examples.ts';
import { PHP_MESSAGES, type PhpMessage } from './php-messages.ts';
import { methodAndPath } from './request-line.ts';
import { type Said, SaidLines } from './said.ts';

/*
 * PHP-FPM's own log (reference: php-fpm section 2). Times are the host's wall clock, without zone.
 */

const FPM_MESSAGES: readonly PhpMessage[] = PHP_MESSAGES.filter((message) => message.from === 'fpm');

const HEAD =
  /^\[(\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d{6})?)\] (DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:pid \d{1,10}, \S{1,100}\(\), line \d{1,6}: )?/;
const HEADS = /\[\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d(?:\.\d{6})?\] (?:DEBUG|NOTICE|WARNING|ERROR|ALERT): /g;
/** Without stamp: pasted, from syslog (`[WARNING] `), or from a worker whose output is not decorated. */
const BARE_LEVEL = /^(?:\[(DEBUG|NOTICE|WARNING|ERROR|ALERT)\] |(DEBUG|NOTICE|WARNING|ERROR|ALERT): )/;
/** What a worker printed, where `decorate_workers_output = no` takes time and pool from it. */
const UNDECORATED = /^(?:NOTICE|WARNING|ERROR): PHP message: /;
const POOL = /^\[pool ([^\]]{1,200})\] /;
const SAID = /^(?:\[pool ([^\]]{1,200})\] )?child (\d{1,10}) said into std(?:err|out): "/;
const TRACE_LINE = /^(?:#\d{1,4} |Stack trace:| {2}thrown in |PHP message: )/;
/** Rows whose text alone, without stamp, level and pool, might be any program's. */
const NEEDS_HEAD: ReadonlySet<SignalId> = new Set<SignalId>([
  'fpm.scoreboard',
  'fpm.fork',
  'fpm.fdset',
  'fpm.systemd',
  'fpm.test-ok',
  'fpm.child-started',
]);

/** Rows whose text needs a level at least. */
const NEEDS_LEVEL: ReadonlySet<SignalId> = new Set<SignalId>(['fpm.terminating', 'fpm.finishing']);

function messageOf(body: string): { row: PhpMessage; match: RegExpExecArray } | null {
  const text = body.length > LONGEST_MATCHED ? body.slice(0, LONGEST_MATCHED) : body;
  for (const row of FPM_MESSAGES) {
    const match = row.pattern.exec(text);
    if (match !== null) return { row, match };
  }
  return null;
}

/** Whether a program named by a wrapper is PHP-FPM (`php-fpm`, `php-fpm8.2`, `php8.2-fpm`, `php-fpm: pool www`). */
function isFpmProgram(program: string | undefined): boolean {
  return program !== undefined && /^php[\d.-]{0,8}-?fpm/.test(program);
}

function score(line: Line): number {
  if (HEAD.test(line.text)) return 1;
  const text = line.text.slice(0, 500).trimStart();
  if (/^(?:NOTICE|WARNING|ERROR): PHP message: /.test(text)) return 0.9;
  const level = BARE_LEVEL.exec(text);
  const found = messageOf(level === null ? text : text.slice(level[0].length));
  if (found === null) return 0;
  if (isFpmProgram(line.wrapper?.program) || POOL.test(text)) return 0.9;
  const { signal } = found.row;
  if (NEEDS_HEAD.has(signal) || signal.startsWith('fpm.conf') || (level === null && NEEDS_LEVEL.has(signal))) return 0;
  return level === null ? 0.6 : 0.8;
}

class FpmParser implements LineParser {
  private readonly emit: Emit;
  private readonly said: SaidLines;
  private undecorated = false;

  constructor(emit: Emit) {
    this.emit = emit;
    this.said = new SaidLines((said) => this.emitSaid(said));
  }

  push(line: Line): boolean {
    if (line.text.trim() === '') return true;
    if (HEAD.test(line.text)) {
      this.undecorated = false;
      for (const entry of recordsOf(line.text)) this.entry(line, entry);
      return true;
    }
    return this.bare(line);
  }

  end(): void {
    this.said.flush();
  }

  private entry(line: Line, text: string): void {
    const head = HEAD.exec(text);
    if (head?.[1] === undefined || head[2] === undefined) return;
    const body = text.slice(head[0].length);
    const said = SAID.exec(body);
    if (said?.[2] !== undefined) {
      const inner = body
        .slice(said[0].length)
        .replace(/, pipe is closed$/, '')
        .replace(/"$/, '');
      const whole = { line, stampText: head[1], level: head[2], pool: said[1], child: said[2], text: inner };
      this.said.add(whole, text.length);
      return;
    }
    this.said.flush();
    this.emitMessage(line, fpmStamp(head[1]), head[2], body, text);
  }

  private bare(line: Line): boolean {
    const text = line.text.trimStart();
    const level = BARE_LEVEL.exec(text);
    const body = level === null ? text : text.slice(level[0].length);
    if (level !== null && body.startsWith('PHP message: ')) {
      this.said.flush();
      this.undecorated = true;
      const meaning = classifyPhp(body);
      if (meaning !== null) {
        const clue = clueOn(line, NO_STAMP, 'app', meaning.signal);
        clue.values = meaning.values;
        this.emit(clue);
      }
      return true;
    }
    if (score(line) > 0) {
      this.said.flush();
      this.emitMessage(line, NO_STAMP, level?.[1] ?? level?.[2], body, line.text);
      return true;
    }
    return this.undecorated && TRACE_LINE.test(line.text);
  }

  private emitMessage(line: Line, stamp: Stamp, level: string | undefined, body: string, text: string): void {
    const found = messageOf(body);
    if (found === null && level === 'DEBUG') return;
    const { child, request, ...groups } = found?.match.groups ?? {};
    const pool = POOL.exec(body)?.[1];
    const signal = found?.row.signal ?? (level === 'ALERT' ? 'fpm.conf-alert' : 'fpm.other');
    const clue = clueOn(line, stamp, 'app', signal, text);
    if (level !== undefined) clue.level = level;
    if (pool !== undefined) clue.subject = pool;
    if (child !== undefined) clue.connection = child;
    if (request !== undefined) Object.assign(clue, methodAndPath(request));
    clue.values = withContainer(groupValues(groups), line);
    this.emit(clue);
  }

  /** What a worker said: FPM's own words about a refused client or script, PHP's messages, or anything. */
  private emitSaid(said: Said): void {
    const inner = said.text.replace(/^(?:NOTICE|WARNING|ERROR|ALERT|DEBUG): (?:\S{1,100}\(\), line \d{1,6}: )?/, '');
    const own = inner.startsWith('PHP message: ') ? null : messageOf(inner);
    const meaning = own === null ? classifyPhp(inner) : null;
    const isPhp = inner.startsWith('PHP message: ') || (meaning !== null && meaning.signal !== 'php.custom');
    const signal = own?.row.signal ?? (isPhp && meaning !== null ? meaning.signal : 'fpm.said');
    const text = said.text.includes('\n') ? said.text : said.line.text;
    const clue = clueOn(said.line, fpmStamp(said.stampText), 'app', signal, text);
    clue.level = said.level;
    clue.connection = said.child;
    if (said.pool !== undefined) clue.subject = said.pool;
    clue.values = own === null ? (isPhp ? (meaning?.values ?? {}) : {}) : groupValues(own.match.groups);
    this.emit(clue);
  }
}

/** The entries of a line: two processes that write at once may put two on one line. */
function recordsOf(text: string): readonly string[] {
  const starts = [...text.matchAll(HEADS)].map((match) => match.index);
  if (starts.length < 2) return [text];
  return starts.map((start, i) => text.slice(start, starts[i + 1]));
}

/** PHP-FPM's error log. */
export const phpFpm: LineFormat = {
  shape: 'lines',
  id: 'php-fpm',
  title: 'PHP-FPM log',
  hop: 'app',
  foundAt: ['/var/log/php8.2-fpm.log', '/var/log/php-fpm/error.log', 'docker logs of a php-fpm container'],
  limits: [
    'No zone in its stamps.',
    'A full pool with pm = static logs nothing, one with pm = dynamic logs one line and then nothing.',
    'A master killed by SIGKILL logs nothing.',
  ],
  examples: PHP_FPM_EXAMPLES,
  fieldsIn: ({ text }) => {
    const level = HEAD.exec(text)?.[2];
    if (level !== undefined) return [`level=${level.toLowerCase()}`];
    return UNDECORATED.test(text) ? ['undecorated'] : [];
  },
  score,
  open: (emit) => new FpmParser(emit),
};
