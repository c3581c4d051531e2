import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { jsonStamp, monthIndex, parseIso, textStamp } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { zoneOffsetMinutes } from '../zone-names.ts';
import { type AppHead, formHead } from './app-heads.ts';
import { type AppLevel, levelOfMark, levelOfWord } from './app-levels.ts';

/** One entry of an application's log, whatever its form. */
export interface AppEntry {
  readonly stamp: Stamp;
  /** `error`, `warn`, `info`, `debug`, `fatal`, or undefined where none is written. */
  readonly level: AppLevel | undefined;
  readonly message: string;
}

/** Numbers that stand for levels, each for all up to the next: pino and bunyan (30 info), Monolog (200), Nextcloud (1). */
const PINO: readonly (readonly [number, AppLevel])[] = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
  [30, 'info'],
];
const MONOLOG: readonly (readonly [number, AppLevel])[] = [
  [500, 'fatal'],
  [400, 'error'],
  [300, 'warn'],
  [200, 'info'],
];
const NEXTCLOUD: readonly (readonly [number, AppLevel])[] = [
  [4, 'fatal'],
  [3, 'error'],
  [2, 'warn'],
  [1, 'info'],
];

/** The level that a JSON row names; Nextcloud's rows are known by their `reqId`. */
function levelOf(object: Readonly<Record<string, unknown>>): AppLevel | undefined {
  const value = LEVEL_KEYS.map((key) => object[key]).find((found) => found !== undefined);
  if (typeof value === 'string') return levelOfWord(value);
  if (typeof value !== 'number') return undefined;
  const scale = value >= 100 ? MONOLOG : 'reqId' in object && value < 5 ? NEXTCLOUD : PINO;
  return scale.find(([from]) => value >= from)?.[1] ?? 'debug';
}

const TIME_KEYS = ['time', 'timestamp', '@timestamp', 'ts', 't', 'datetime', 'date', 'asctime', 'eventTime'] as const;
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'levelname', 'log.level', 'loglevel', 'l', 'level_name', '@l'] as const;
const MESSAGE_KEYS = ['msg', 'message', 'event', '@m', '@mt', 'text', 'body', 'short_message'] as const;
const ERROR_KEYS = ['err', 'error', 'exception', 'exc_info', 'stack', 'stack_trace', 'stacktrace', '@x'] as const;
const LOOKS_LIKE =
  /"(?:level|severity|lvl|levelname|log\.level|loglevel|level_name|@l|@t)"\s{0,2}:|"(?:msg|message|@m|@mt)"\s{0,2}:/;

/** A JSON object with the usual names (pino, bunyan, winston, zap, logback, serilog, monolog), or null. */
export function jsonEntry(text: string): AppEntry | null {
  if (text.charAt(0) !== '{' || !LOOKS_LIKE.test(text.slice(0, 4000))) return null;
  const object = parseObject(text);
  if (object === null) return null;
  const message = firstText(object, MESSAGE_KEYS);
  const error = firstText(object, ERROR_KEYS);
  const level = levelOf(object);
  if (message === undefined && error === undefined) return null;
  if (level === undefined && message === undefined) return null;
  const time = TIME_KEYS.map((key) => object[key]).find((value) => value !== undefined) ?? object['@t'];
  return { stamp: jsonStamp(time), level, message: [message, error].filter((part) => part !== undefined).join(': ') };
}

const FIRST_FRAME = /\n {1,8}at /;
/** Characters of a stack that are looked at. */
const MOST_STACK = 2000;

function firstText(object: Readonly<Record<string, unknown>>, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = object[key];
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value !== 'object' || value === null) continue;
    const inner: Readonly<Record<string, unknown>> = { ...value };
    const parts = [inner.name, inner.type, inner.code, inner.message].filter((part) => typeof part === 'string');
    // The frames tell whose driver threw it.
    const frames = typeof inner.stack === 'string' ? FIRST_FRAME.exec(inner.stack)?.index : undefined;
    const stack =
      typeof inner.stack === 'string' && frames !== undefined ? inner.stack.slice(frames, frames + MOST_STACK) : '';
    if (parts.length > 0) return parts.join(' ') + stack;
  }
  return undefined;
}

const ISO_HEAD =
  /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)(?: ?(Z|UTC|[+-]\d\d:?\d\d)(?![\w]))?(?: ([A-Z]{3,4}|[A-Z][a-z]{2,15}\/[A-Za-z_]{2,30})(?=\]))?\]?/;
const SLASH_HEAD = /^\[?(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)\]?/;
const DAY_FIRST_HEAD =
  /^\[?(\d\d)[-/ ]([A-Z][a-z]{2})[-/ ](\d{4})[ :](\d\d:\d\d:\d\d(?:[.,]\d{1,6})?)(?: ?([+-]\d{4}))?\]?/;
/** The time of day without the day: Serilog (`[11:54:23 INF]`), logback (`11:54:23.167 [main] INFO`), WildFly, Elixir with its metadata. */
const TIME_HEAD =
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{3,6})?\]? (?:\[[^\]\n]{1,80}\] |(?:[a-z_]{1,40}=\S{1,200} ){1,6})?(?=\[?(VRB|DBG|INF|WRN|ERR|FTL|TRACE|DEBUG|INFO|WARN|ERROR|FATAL|debug|info|notice|warning|error|critical)\b)/;
/** The same between bars, as NLog has it: `|Info|`. */
const LEVEL_BETWEEN_BARS = /^\|(Trace|Debug|Info|Warn|Error|Fatal)\|/;
const LEVEL_PART =
  /(?:^|[\s[|:.(<"=])(TRACE|DEBUG|DBG|VERBOSE|INFO|INF|Information|NOTICE|WARN|WRN|WARNING|Warning|ERROR|ERR|Error|SEVERE|CRITICAL|CRIT|ALERT|EMERGENCY|FATAL|FTL|PANIC|trace|debug|info|notice|warn|warning|error|eror|fail|crit|critical|fatal|panic)(?=[\s\]|:)>"]|\/(?:MainProcess|ForkPoolWorker)|$)/;
const LEVEL_REACH = 120;
/** Gitea, Forgejo and Gogs: the place in the source, then the level's first letter (`modules/log/level.go`). */
const GITEA_LEVEL = /^ {0,2}(?:\[?\.{0,3}[\w./-]{1,120}\.go:\d{1,6}[: ]\S{1,80}\(\)\]? )?\[([TDIWECF])\] /;

/** A text line that begins with a time: Java, Python, Go, Ruby, .NET, Laravel, logfmt. Null without one. */
export function textEntry(text: string): AppEntry | null {
  const head = headOf(text);
  if (head === null) return null;
  const rest = text.slice(head.length);
  const level = head.level ?? levelOfMark(GITEA_LEVEL.exec(rest)?.[1]) ?? levelIn(rest);
  // pm2 with `log_date_format`: a colon stands between its time and what was printed (`God/ForkMode.js`).
  return { stamp: head.stamp, level, message: rest.replace(/^:(?= )/, '').trimStart() };
}

/** The level that stands near the beginning of a text. */
export function levelIn(text: string): AppLevel | undefined {
  const word = (LEVEL_BETWEEN_BARS.exec(text) ?? LEVEL_PART.exec(text.slice(0, LEVEL_REACH)))?.[1];
  return levelOfWord(word);
}

function headOf(text: string): AppHead | null {
  const first = text.charAt(0);
  if (first >= '0' && first <= '9') return dateHead(text) ?? timeHead(text) ?? formHead(text);
  const head = formHead(text);
  return head === null && first === '[' ? (dateHead(text) ?? timeHead(text)) : head;
}

/** Without a day no moment is known: the order of lines alone, or what a wrapper says. */
function timeHead(text: string): AppHead | null {
  const head = TIME_HEAD.exec(text);
  const level = levelOfWord(head?.[1]);
  return head === null || level === undefined ? null : { stamp: NO_STAMP, length: head[0].length, level };
}

function dateHead(text: string): AppHead | null {
  const iso = ISO_HEAD.exec(text);
  if (iso?.[1] !== undefined) {
    const stamp = textStamp(`${iso[1]}${iso[2] ?? ''}`);
    if (stamp === undefined) return null;
    const named = iso[3] === undefined || stamp.kind !== 'local' ? undefined : zoneOffsetMinutes(iso[3], stamp.ms);
    const zoned: Stamp =
      named === undefined || stamp.kind !== 'local' ? stamp : { kind: 'utc', ms: stamp.ms - named * 60_000 };
    return { stamp: zoned, length: iso[0].length };
  }
  const slash = SLASH_HEAD.exec(text);
  if (slash?.[1] !== undefined) {
    const stamp = parseIso(`${slash[1]}-${slash[2]}-${slash[3]} ${slash[4]}`);
    return stamp === undefined ? null : { stamp, length: slash[0].length };
  }
  const day = DAY_FIRST_HEAD.exec(text);
  const month = day?.[2] === undefined ? undefined : monthIndex(day[2]);
  if (day === null || month === undefined) return null;
  const iso2 = `${day[3]}-${String(month + 1).padStart(2, '0')}-${day[1]} ${day[4]}${day[5] ?? ''}`;
  const stamp = parseIso(iso2);
  return stamp === undefined ? null : { stamp, length: day[0].length };
}
