import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { groupValues } from '../app/group-values.ts';
import { clueOn, LONGEST_MATCHED, withContainer } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { roleOfProgram } from '../host/units.ts';
import { monthIndex, parseIso, wallMs } from '../stamps.ts';
import { zoneOffsetMinutes } from '../zone-names.ts';
import { DB_EXAMPLES } from './db-examples.ts';
import { DEPENDENCY_MESSAGES, type DependencyMessage } from './db-messages.ts';

/*
 * Error logs of MySQL, MariaDB, PostgreSQL, MongoDB and Redis: only what tells that they were down, full or refusing.
 */

interface Head {
  readonly of: DependencyMessage['of'];
  readonly stamp: Stamp;
  readonly level: string | undefined;
  readonly message: string;
}

/** `2025-10-15T03:31:41.922493Z 0 [ERROR] [MY-010334] [Server] text`; UTC or host time with offset. */
const MYSQL =
  /^(\d{4}-\d\d-\d\d)[T ]{1,2}([ \d]?\d:\d\d:\d\d(?:\.\d{1,6})?)(Z|[+-]\d\d:\d\d)? (?:\d{1,10} )?\[(System|Note|Warning|ERROR|Error)\] (?:\[MY-\d{1,6}\] \[\w{1,20}\] )?/;
/** InnoDB's own stamp of a failed assertion (`ut_print_timestamp`): the thread in place of a level. */
const INNODB = /^(\d{4}-\d\d-\d\d)[T ]([\d ]\d:\d\d:\d\d)(Z)? (?:0x)?[\da-f]{6,16} {1,2}(?=InnoDB: )/;
/** The signal handler's first words (`print_fatal_signal`), in UTC: the time of day, from 8.0.31 on the date, too. */
const MYSQL_SIGNAL = /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)|\d\d:\d\d:\d\d) UTC - (?=mysqld got (?:signal|exception) )/;
/** MySQL and MariaDB up to 5.5 and 10.1: `250603  9:44:31 [Note] text`. */
const OLD_MYSQL =
  /^(\d\d)(\d\d)(\d\d) {1,2}([ \d]?\d):(\d\d):(\d\d) (?:\[(Note|Warning|ERROR)\] |mysqld_safe |mysqld )/;
/** InnoDB's last words, and all that it wrote up to 5.5. */
const INNODB_BARE = /^InnoDB: \S/;
/** `2025-06-03 09:44:31.123 UTC [1234] shop@shop LOG:  text`, with any log_line_prefix between zone and level. */
const POSTGRES =
  /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,6})?) ([A-Z]{2,5}|[+-]\d\d(?::?\d\d)?|[A-Z][a-z]{2,15}\/[A-Za-z_]{2,30})[: ].{0,200}?\b(DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|DETAIL|HINT|STATEMENT|CONTEXT): {1,3}/;
const POSTGRES_BARE =
  /^(?:\[\d{1,10}(?:-\d{1,9})?\] )?(?:\S{1,64}@\S{1,64} )?(LOG|ERROR|FATAL|PANIC|WARNING|HINT|DETAIL|STATEMENT): {2}(?! )/;
/** `1234:M 03 Jun 2025 09:44:31.123 * text`; without the year up to 4.0, and `[1234]` in place of `1234:M` up to 2.8. */
const REDIS =
  /^(?:\d{1,10}:[MSXC]|\[\d{1,10}\]) (\d\d) ([A-Z][a-z]{2})(?: (\d{4}))? (\d\d):(\d\d):(\d\d)\.(\d{3}) [.\-*#] /;

/** MongoDB from 4.4 on (its manual, "Log Messages"): JSON on one line, the severity first of what is said. */
const MONGO =
  /^\{"t":\{"\$date":"([^"]{19,35})"\},"s":"([FEWID])\d?", {0,4}"c":"[A-Z_-]{1,20}", {0,12}"id":\d{1,10}, {0,8}"ctx":"[^"]{1,100}",(?="msg":)/;
/** The same up to 4.2: `2020-10-26T06:37:27.812+0000 F -        [WTCheckpointThread] text`. */
const OLD_MONGO =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(?:Z|[+-]\d{4})) ([FEWID])\d? {1,2}[A-Z_-]{1,12} {1,12}\[[^\]]{1,100}\] /;

/** Redis in its signal handler, where it may not format a date: `30252:signal-handler (1795191405) text`. */
const REDIS_SIGNAL = /^\d{1,10}:signal-handler \((\d{10})\) /;
/** A server that breaks prints its last words over many lines that have no head. */
const LAST_WORDS: ReadonlySet<string> = new Set(['db.crash', 'cache.crash']);
const MOST_LAST_WORDS = 500;

function headOf(line: Line): Head | null {
  const { text } = line;
  const mysql = MYSQL.exec(text) ?? INNODB.exec(text);
  if (mysql?.[1] !== undefined && mysql[2] !== undefined) {
    const time = mysql[2].trim().padStart(8, '0');
    const padded = /^\d:/.test(mysql[2].trim()) ? `0${mysql[2].trim()}` : time;
    const stamp = parseIso(`${mysql[1]}T${padded}${mysql[3] ?? ''}`) ?? NO_STAMP;
    // `Z` is MySQL's default (log_timestamps = UTC) on any host.
    const known: Stamp = stamp.kind === 'utc' && mysql[3] === 'Z' ? { kind: 'utc', ms: stamp.ms } : stamp;
    return { of: 'mysql', stamp: known, level: mysql[4], message: text.slice(mysql[0].length) };
  }
  const postgres = POSTGRES.exec(text);
  if (postgres?.[1] !== undefined && postgres[2] !== undefined) {
    const wall = parseIso(postgres[1]);
    const offset = wall?.kind === 'local' ? zoneOffsetMinutes(postgres[2], wall.ms) : undefined;
    const stamp: Stamp =
      wall?.kind !== 'local' ? NO_STAMP : offset === undefined ? wall : { kind: 'utc', ms: wall.ms - offset * 60_000 };
    return { of: 'postgres', stamp, level: postgres[3], message: text.slice(postgres[0].length) };
  }
  const redis = REDIS.exec(text);
  const month = redis?.[2] === undefined ? undefined : monthIndex(redis[2]);
  if (redis !== null && month !== undefined) {
    const clock = [Number(redis[4]), Number(redis[5]), Number(redis[6]), Number(redis[7])] as const;
    const ms = wallMs(Number(redis[3] ?? 2000), month, Number(redis[1]), ...clock);
    const stamp: Stamp = { kind: redis[3] === undefined ? 'yearless' : 'local', ms };
    return { of: 'redis', stamp, level: undefined, message: text.slice(redis[0].length) };
  }
  const mongo = MONGO.exec(text) ?? OLD_MONGO.exec(text);
  if (mongo?.[1] !== undefined) {
    return {
      of: 'mongo',
      stamp: parseIso(mongo[1]) ?? NO_STAMP,
      level: mongo[2],
      message: text.slice(mongo[0].length),
    };
  }
  const died = MYSQL_SIGNAL.exec(text);
  if (died !== null) {
    const stamp = parseIso(died[1] ?? '') ?? NO_STAMP;
    return { of: 'mysql', stamp, level: undefined, message: text.slice(died[0].length) };
  }
  const handler = REDIS_SIGNAL.exec(text);
  if (handler !== null) {
    const stamp: Stamp = { kind: 'utc', ms: Number(handler[1]) * 1000 };
    return { of: 'redis', stamp, level: undefined, message: text.slice(handler[0].length) };
  }
  return oldHeadOf(text) ?? wrappedHeadOf(line);
}

function oldHeadOf(text: string): Head | null {
  const old = OLD_MYSQL.exec(text);
  if (old === null) return null;
  const [year, month, day, hour, minute, second] = old.slice(1, 7).map(Number);
  const ms = wallMs(2000 + (year ?? 0), (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  return { of: 'mysql', stamp: { kind: 'local', ms }, level: old[7], message: text.slice(old[0].length) };
}

/** Lines without a time of their own under the head of a journal; PostgreSQL's also when pasted. */
function wrappedHeadOf(line: Line): Head | null {
  const { text } = line;
  const program = line.wrapper?.program;
  if (INNODB_BARE.test(text)) return { of: 'mysql', stamp: NO_STAMP, level: undefined, message: text };
  const bare = POSTGRES_BARE.exec(text);
  if (bare !== null && (program === undefined || roleOfProgram(program) === 'db')) {
    return { of: 'postgres', stamp: NO_STAMP, level: bare[1], message: text.slice(bare[0].length) };
  }
  if (program === undefined) return null;
  const role = roleOfProgram(program);
  if (role === 'cache') return { of: 'redis', stamp: NO_STAMP, level: undefined, message: text };
  if (role !== 'db') return null;
  return { of: /^p/.test(program) ? 'postgres' : 'mysql', stamp: NO_STAMP, level: undefined, message: text };
}

function messageOf(head: Head): { row: DependencyMessage; match: RegExpExecArray } | null {
  const message = head.message.slice(0, LONGEST_MATCHED);
  for (const row of DEPENDENCY_MESSAGES) {
    if (row.of !== head.of) continue;
    const match = row.pattern.exec(message);
    if (match !== null) return { row, match };
  }
  return null;
}

class DbParser implements LineParser {
  private readonly emit: Emit;
  private inEntry = false;
  private lastWords = 0;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const head = headOf(line);
    if (head === null || (this.lastWords > 0 && INNODB_BARE.test(line.text))) return this.continues(line);
    this.inEntry = true;
    const found = messageOf(head);
    const isCache = head.of === 'redis';
    const signal = found?.row.signal ?? unnamedSignal(head);
    const clue = clueOn(line, head.stamp, 'dependency', signal);
    if (head.level !== undefined) clue.level = head.level;
    clue.subject = line.wrapper?.program ?? head.of;
    clue.values = withContainer({ ...groupValues(found?.match.groups), role: isCache ? 'cache' : 'db' }, line);
    this.emit(clue);
    if (LAST_WORDS.has(signal)) this.lastWords = MOST_LAST_WORDS;
    else if (signal.endsWith('.start')) this.lastWords = 0;
    return true;
  }

  end(): void {}

  private continues({ text }: Line): boolean {
    if (this.lastWords > 0) this.lastWords--;
    return this.inEntry && (this.lastWords > 0 || text === '' || /^(?:\s|Version: '|=== REDIS BUG REPORT)/.test(text));
  }
}

/** A server's own error, or its end (PostgreSQL's PANIC, MongoDB's F); a client's bad statement (PostgreSQL's ERROR) is none. */
function unnamedSignal({ of: server, level = '' }: Head): SignalId {
  if (server === 'postgres' ? level === 'PANIC' : level === 'F') return 'db.crash';
  return (server === 'mysql' && /^error$/i.test(level)) || level === 'E' ? 'db.error' : 'db.chatter';
}

/** Error logs of databases. */
export const db: LineFormat = {
  shape: 'lines',
  id: 'db',
  title: 'Database log (MySQL, MariaDB, PostgreSQL, MongoDB, Redis)',
  hop: 'dependency',
  foundAt: [
    '/var/log/mysql/error.log',
    '/var/log/postgresql/',
    '/var/log/mongodb/',
    '/var/log/redis/',
    'journalctl -u mariadb',
  ],
  limits: ['Refused connections are not logged by default: the application’s log has them.'],
  examples: DB_EXAMPLES,
  score: (line) => {
    const program = line.wrapper?.program;
    const head = headOf(line);
    if (head === null) return 0;
    // Applications begin lines as databases do, none as Redis: a container of it may be called anything.
    const isOthers = program !== undefined && roleOfProgram(program) !== 'db' && roleOfProgram(program) !== 'cache';
    if (isOthers && head.of !== 'redis') return 0;
    if (head.stamp.kind !== 'none') return 0.9;
    return program === undefined ? 0.6 : 0.75;
  },
  open: (emit) => new DbParser(emit),
};
