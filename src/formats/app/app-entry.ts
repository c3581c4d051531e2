import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { jsonStamp, monthIndex, parseIso, textStamp, wallMs } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { zoneOffsetMinutes } from '../zone-names.ts';

/** One entry of an application's log, whatever its form. */
export interface AppEntry {
  readonly stamp: Stamp;
  /** `error`, `warn`, `info`, `debug`, `fatal`, or undefined where none is written. */
  readonly level: AppLevel | undefined;
  readonly message: string;
}

export type AppLevel = 'debug' | 'info' | 'warn' | 'error' | 'fatal';

const LEVELS: Readonly<Record<string, AppLevel>> = {
  trace: 'debug',
  trce: 'debug',
  trc: 'debug',
  debug: 'debug',
  dbug: 'debug',
  dbg: 'debug',
  verbose: 'debug',
  vrb: 'debug',
  fine: 'debug',
  info: 'info',
  inf: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  wrn: 'warn',
  warning: 'warn',
  error: 'error',
  err: 'error',
  eror: 'error',
  severe: 'error',
  fail: 'error',
  alert: 'fatal',
  crit: 'fatal',
  critical: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  fatal: 'fatal',
  ftl: 'fatal',
  panic: 'fatal',
  dpanic: 'fatal',
};

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
  if (typeof value === 'string') return LEVELS[value.toLowerCase()];
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
/** Ruby: `E, [2026-11-20T08:12:30.123456 #812] ERROR -- : text`. */
const RUBY_HEAD = /^[DIWEFA], \[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?) #\d{1,10}\] {1,2}(?=[A-Z])/;
/** Puma: `=== puma shutdown: 2026-11-20 08:12:30 +0000 ===`. */
const PUMA_HEAD = /^(?:\[\d{1,10}\] )?=== puma (?:startup|shutdown): (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}) ===$/;
/** Passenger: level (since 5.1), time, process and thread, place in its source. */
const PASSENGER_HEAD =
  /^\[ (?:([CEWNID])\d? )?(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}) [\w/]{1,40} [\w/.:-]{1,120} \]: /;
const LETTER_LEVELS: Readonly<Record<string, AppLevel>> = {
  C: 'fatal',
  E: 'error',
  W: 'warn',
  N: 'info',
  I: 'info',
  D: 'debug',
};
/** Passenger before what an application wrote to its output. */
const PASSENGER_OUTPUT_HEAD = /^App \d{1,10} (?:output|stdout|stderr): (?=\S)/;
/** uvicorn fills its levels up to ten characters, and writes no time. */
const UVICORN_HEAD = /^(?:INFO: {5}|(?:TRACE|DEBUG|ERROR): {4}|WARNING: {2}|CRITICAL: )(?=[A-Z[])/;
/** The level before the time: Django's documentation has it so (`{levelname} {asctime} {module}`), and many layouts of log4j and logback. */
const LEVEL_FIRST_HEAD =
  /^\[?(TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\]?:? {1,5}\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\]?(?= )/;
/** PHP's own server (`php -S`, `sapi_cli_server_log_write`), with the process before it where it has workers. */
const PHP_SERVER_HEAD =
  /^(?:\[\d{1,10}\] )?\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4})\] (?=PHP |Failed to listen on |\S{3,60}:\d{1,5} (?:Accepted|Closing|Closed|Invalid|\[))/;
/** Python's `logging.basicConfig` as it comes: `ERROR:root:text`. */
const PYTHON_HEAD = /^(DEBUG|INFO|WARNING|ERROR|CRITICAL):[A-Za-z_][\w.]{0,100}:(?=\S)/;
/** Monolog's channel and level, copied without the time before them: Laravel (`local.ERROR: text`), Symfony (`request.CRITICAL: text`). */
const MONOLOG_HEAD = /^[a-z][\w-]{1,40}\.(DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY): (?=\S)/;
/** CodeIgniter (`Log::_format_line` of 3, `FileHandler::handle` of 4): `ERROR - 2026-11-20 08:12:30 --> text`. */
const CODEIGNITER_HEAD = /^([A-Z]{4,9}) - (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) --> (?=\S)/;
/** Nest: the process, the date as the locale has it (month first where AM or PM follows), the level. */
const NEST_HEAD =
  /^\[Nest\] \d{1,10} {1,4}- (\d\d)\/(\d\d)\/(\d{4}), (\d{1,2}):(\d\d):(\d\d)(?: ([AP])M)? {1,8}(LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) /;
/** signale with date and time, as Nginx Proxy Manager logs of itself: `[4/23/2020] [3:02:34 PM] [Global   ] › ✖  error     text`. */
const SIGNALE_HEAD =
  /^\[(\d{1,2})\/(\d{1,2})\/(\d{4})\] \[(\d{1,2}):(\d\d):(\d\d) ([AP])M\] \[[^\]\n]{1,40}\] › \S{1,3} {1,4}([a-z]{2,9}) {1,12}(?=\S)/;
/** Next.js and Nuxt mark what they print, and write no time. */
const NEXT_HEAD = /^ {0,3}([⨯✓⚠▲○]) (?=\S)/;
const NEXT_LEVELS: Readonly<Record<string, AppLevel>> = {
  '⨯': 'error',
  '⚠': 'warn',
  '✓': 'info',
  '▲': 'info',
  '○': 'info',
};
/** Nuxt's server (Nitro, h3) of a request that ended in an error, with its name before it or, since 2.11, without. */
const NUXT_HEAD = /^(?:\[(?:nitro|nuxt)\] (?=\[)|(?=\[request error\] \[))/;
/** SvelteKit (`runtime/server`, where nobody hooks its errors): status and request, the stack stands below. */
const SVELTE_HEAD = /^(?=\[5\d\d\] [A-Z]{3,10} \/\S{0,8000}$)/;
/** .NET's console logger: level and category; the message stands indented on the lines below, and a time only where one asks for it. */
const DOTNET_HEAD = /^(trce|dbug|info|warn|fail|crit): [A-Za-z_][\w.`+]{0,200}\[\d{1,6}\]$/;
/** The time of day without the day: Serilog (`[11:54:23 INF]`), logback (`11:54:23.167 [main] INFO`), WildFly, Elixir. */
const TIME_HEAD =
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{3,6})?\]? (?:\[[^\]\n]{1,80}\] )?(?=\[?(VRB|DBG|INF|WRN|ERR|FTL|TRACE|DEBUG|INFO|WARN|ERROR|FATAL|debug|info|notice|warning|error|critical)\b)/;
/** java.util.logging as it comes (`SimpleFormatter`), Tomcat run from a program: the time, then class and method; the message stands below. */
const JUL_HEAD =
  /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)[ \u202f]([AP])M (?=[\w.$/]{3,300}(?: \S{1,200})?$)/;
const JUL_LEVEL = /^(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /;
/** winston as it comes (`format.simple`): the level, and the time among what stands behind the message. */
const WINSTON_HEAD = /^(error|warn|info|http|verbose|debug|silly): (?=\S)/;
const WINSTON_TIME = /"timestamp":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/;
const GLOG_HEAD = /^([IWEF])(\d\d)(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{6}) {1,8}\d{1,10} (?=[\w./-]{1,80}:\d{1,6}\])/;
const GLOG_LEVELS: Readonly<Record<string, AppLevel>> = { I: 'info', W: 'warn', E: 'error', F: 'fatal' };
/** Tornado (`log.py`, LogFormatter): `[E 261120 08:12:30 web:1820] text`; Jupyter, with its name for the module: `[E 2026-11-20 08:12:30.123 ServerApp] text`. */
const TORNADO_HEAD =
  /^\[([DIWEC]) (\d{6}|\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{3})?) [A-Za-z_][\w.]{0,60}(?: [A-Za-z_][\w.]{0,60})?(?::\d{1,6})?\] /;
const LOGFMT =
  /^(?:(?:logger|level|lvl|caller|user_?id|org_?id|uname)=\S{0,120} ){0,6}(?:time|ts|timestamp|t)="?([^"\s]{10,40}(?: [^"\s=]{5,20})?)"? /;
const LEVEL_PART =
  /(?:^|[\s[|:.(<"=])(TRACE|DEBUG|DBG|VERBOSE|INFO|INF|Information|NOTICE|WARN|WRN|WARNING|Warning|ERROR|ERR|Error|SEVERE|CRITICAL|CRIT|ALERT|EMERGENCY|FATAL|FTL|PANIC|trace|debug|info|notice|warn|warning|error|eror|fail|crit|critical|fatal|panic)(?=[\s\]|:)>"]|\/(?:MainProcess|ForkPoolWorker)|$)/;
const LEVEL_REACH = 120;
/** Gitea, Forgejo and Gogs: the place in the source, then the level's first letter (`modules/log/level.go`). */
const GITEA_LEVEL = /^ {0,2}(?:\[?\.{0,3}[\w./-]{1,120}\.go:\d{1,6}[: ]\S{1,80}\(\)\]? )?\[([TDIWECF])\] /;
const GITEA_LEVELS: Readonly<Record<string, AppLevel>> = {
  T: 'debug',
  D: 'debug',
  I: 'info',
  W: 'warn',
  E: 'error',
  C: 'fatal',
  F: 'fatal',
};

/** A text line that begins with a time: Java, Python, Go, Ruby, .NET, Laravel, logfmt. Null without one. */
export function textEntry(text: string): AppEntry | null {
  const head = stampHead(text);
  if (head === null) return null;
  const rest = text.slice(head.length);
  const level = GITEA_LEVELS[GITEA_LEVEL.exec(rest)?.[1] ?? ''] ?? levelIn(rest) ?? head.level;
  // pm2 with `log_date_format`: a colon stands between its time and what was printed (`God/ForkMode.js`).
  return { stamp: head.stamp, level, message: rest.replace(/^:(?= )/, '').trimStart() };
}

/** The level that stands near the beginning of a text. */
export function levelIn(text: string): AppLevel | undefined {
  const word = LEVEL_PART.exec(text.slice(0, LEVEL_REACH))?.[1];
  return word === undefined ? undefined : LEVELS[word.toLowerCase()];
}

function stampHead(text: string): { stamp: Stamp; length: number; level?: AppLevel } | null {
  const first = text.charAt(0);
  if (first === '=' || first === '[') {
    const head = serverHead(text) ?? nodeHead(text) ?? phpServerHead(text) ?? levelFirstHead(text);
    if (head !== null) return head;
  }
  if (first === '[' || (first >= '0' && first <= '9')) return dateHead(text) ?? timeHead(text);
  const output = PASSENGER_OUTPUT_HEAD.exec(text)?.[0];
  if (output !== undefined) return { stamp: NO_STAMP, length: output.length };
  const next = NEXT_HEAD.exec(text);
  if (next !== null) return { stamp: NO_STAMP, length: next[0].length, level: NEXT_LEVELS[next[1] ?? ''] ?? 'info' };
  const leveledFirst = levelFirstHead(text);
  if (leveledFirst !== null) return leveledFirst;
  const python = PYTHON_HEAD.exec(text) ?? MONOLOG_HEAD.exec(text);
  if (python?.[1] !== undefined) return { stamp: NO_STAMP, length: python[0].length, ...leveled(python[1]) };
  const codeigniter = CODEIGNITER_HEAD.exec(text);
  if (codeigniter?.[1] !== undefined && codeigniter[2] !== undefined)
    return { stamp: textStamp(codeigniter[2]) ?? NO_STAMP, length: codeigniter[0].length, ...leveled(codeigniter[1]) };
  const dotnet = DOTNET_HEAD.exec(text)?.[1];
  if (dotnet !== undefined) return { stamp: NO_STAMP, length: 0, ...leveled(dotnet) };
  const ruby = RUBY_HEAD.exec(text);
  if (ruby?.[1] !== undefined) return { stamp: parseIso(ruby[1]) ?? NO_STAMP, length: ruby[0].length };
  const jul = first >= 'A' && first <= 'S' ? julHead(text) : null;
  if (jul !== null) return jul;
  const winston = text.endsWith('}') ? WINSTON_HEAD.exec(text) : null;
  const written = winston === null ? undefined : WINSTON_TIME.exec(text)?.[1];
  if (winston?.[1] !== undefined && written !== undefined)
    return { stamp: parseIso(written) ?? NO_STAMP, length: winston[0].length, ...leveled(winston[1]) };
  const uvicorn = UVICORN_HEAD.exec(text)?.[0];
  if (uvicorn !== undefined)
    return { stamp: NO_STAMP, length: uvicorn.length, ...leveled(uvicorn.slice(0, uvicorn.indexOf(':'))) };
  const glog = GLOG_HEAD.exec(text);
  if (glog?.[1] !== undefined) {
    const [month, day, hour, minute, second] = glog.slice(2, 7).map(Number);
    const ms = wallMs(2000, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
    const level = GLOG_LEVELS[glog[1]];
    return { stamp: { kind: 'yearless', ms }, length: glog[0].length, ...(level === undefined ? {} : { level }) };
  }
  const logfmt = LOGFMT.exec(text);
  const stamp = logfmt?.[1] === undefined ? undefined : textStamp(logfmt[1]);
  return logfmt === null || stamp === undefined ? null : { stamp, length: logfmt[0].length };
}

/** Whether a message is the category that .NET's console logger writes above it. */
export function isDotnetHead(message: string): boolean {
  return DOTNET_HEAD.test(message);
}

/** Whether a text is the first of the two lines that java.util.logging writes. */
export function isJulHead(text: string): boolean {
  return JUL_HEAD.test(text);
}

/** The level that begins the second of them; undefined where a line is none. */
export function julLevel(text: string): AppLevel | undefined {
  const word = JUL_LEVEL.exec(text)?.[1];
  return word === undefined ? undefined : (LEVELS[word.toLowerCase()] ?? 'debug');
}

function julHead(text: string): { stamp: Stamp; length: number } | null {
  const head = JUL_HEAD.exec(text);
  const month = head?.[1] === undefined ? undefined : monthIndex(head[1]);
  if (head === null || month === undefined) return null;
  const [day, year, hour, minute, second] = head.slice(2, 7).map(Number);
  const hours = ((hour ?? 0) % 12) + (head[7] === 'P' ? 12 : 0);
  const ms = wallMs(year ?? 0, month, day ?? 1, hours, minute ?? 0, second ?? 0);
  return { stamp: { kind: 'local', ms }, length: head[0].length };
}

/** The level by its word, where it is one. */
function leveled(word: string): { readonly level?: AppLevel } {
  const level = LEVELS[word.toLowerCase()];
  return level === undefined ? {} : { level };
}

/** Without a day no moment is known: the order of lines alone, or what a wrapper says. */
function timeHead(text: string): { stamp: Stamp; length: number; level?: AppLevel } | null {
  const head = TIME_HEAD.exec(text);
  return head?.[1] === undefined ? null : { stamp: NO_STAMP, length: head[0].length, ...leveled(head[1]) };
}

/** Heads of Nest, signale, Nuxt and SvelteKit. */
function nodeHead(text: string): { stamp: Stamp; length: number; level?: AppLevel } | null {
  const nuxt = NUXT_HEAD.exec(text) ?? SVELTE_HEAD.exec(text);
  if (nuxt !== null) return { stamp: NO_STAMP, length: nuxt[0].length, level: 'error' };
  const head = NEST_HEAD.exec(text) ?? SIGNALE_HEAD.exec(text);
  if (head === null) return null;
  const [month, day, year, hour, minute, second] = head.slice(1, 7).map(Number);
  const hours = ((hour ?? 0) % 12) + (head[7] === 'P' ? 12 : 0);
  const ms = wallMs(year ?? 0, (month ?? 1) - 1, day ?? 1, hours, minute ?? 0, second ?? 0);
  const stamp: Stamp = head[7] === undefined ? NO_STAMP : { kind: 'local', ms };
  return { stamp, length: head[0].length, ...leveled(head[8] ?? '') };
}

/** A head that begins with the level. */
function levelFirstHead(text: string): { stamp: Stamp; length: number; level?: AppLevel } | null {
  const head = LEVEL_FIRST_HEAD.exec(text);
  const stamp = head?.[2] === undefined ? undefined : textStamp(head[2]);
  return head === null || stamp === undefined ? null : { stamp, length: head[0].length, ...leveled(head[1] ?? '') };
}

/** The head of PHP's own server. */
function phpServerHead(text: string): { stamp: Stamp; length: number } | null {
  const head = PHP_SERVER_HEAD.exec(text);
  const month = head?.[1] === undefined ? undefined : monthIndex(head[1]);
  if (head === null || month === undefined) return null;
  const day = (head[2] ?? '').trim().padStart(2, '0');
  const stamp = parseIso(`${head[4]}-${String(month + 1).padStart(2, '0')}-${day} ${head[3]}`);
  return stamp === undefined ? null : { stamp, length: head[0].length };
}

/** Heads that application servers alone write. */
function serverHead(text: string): { stamp: Stamp; length: number; level?: AppLevel } | null {
  const puma = PUMA_HEAD.exec(text)?.[1];
  if (puma !== undefined) return { stamp: textStamp(puma) ?? NO_STAMP, length: 0 };
  const tornado = TORNADO_HEAD.exec(text);
  if (tornado?.[2] !== undefined) {
    const day = tornado[2].length === 6 ? `20${tornado[2].replace(/\B(?=(?:\d\d)+$)/g, '-')}` : tornado[2];
    const level = LETTER_LEVELS[tornado[1] ?? ''] ?? 'info';
    return { stamp: parseIso(`${day} ${tornado[3]}`) ?? NO_STAMP, length: tornado[0].length, level };
  }
  const passenger = PASSENGER_HEAD.exec(text);
  const level = LETTER_LEVELS[passenger?.[1] ?? ''];
  if (passenger?.[2] === undefined) return null;
  const stamp = parseIso(passenger[2]) ?? NO_STAMP;
  return { stamp, length: passenger[0].length, ...(level === undefined ? {} : { level }) };
}

function dateHead(text: string): { stamp: Stamp; length: number } | null {
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
