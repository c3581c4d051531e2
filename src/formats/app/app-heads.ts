import type { Draft } from '../../vocabulary/draft.ts';
import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { parseIso } from '../stamps.ts';
import { type AppLevel, levelOfMark, levelOfWord } from './app-levels.ts';
import { groupStamp } from './group-stamp.ts';

/** What stands before a message. */
export interface AppHead {
  readonly stamp: Stamp;
  /** Characters of the line that it takes. */
  readonly length: number;
  /** Undefined where the head has none. */
  readonly level?: AppLevel;
}

/** The head that one program, library or framework writes. */
interface HeadForm {
  /** Who writes it; the source of its form. */
  readonly writer: string;
  /** Groups: those of a time (`groupStamp`), `level` as a word, `mark` for a letter or sign that stands for one. */
  readonly pattern: RegExp;
  /** Of every such line, where it says so by being one. */
  readonly level?: AppLevel;
  /** The message is all of the line, its head with it. */
  readonly isMessage?: true;
}

/** java.util.logging as it comes (`SimpleFormatter`), Tomcat run from a program: the time, then class and method; the message stands below. */
const JUL_HEAD =
  /^(?<month>[A-Z][a-z]{2}) (?<day>\d{1,2}), (?<year>\d{4}),? (?<clock>\d{1,2}:\d\d:\d\d)[ \u202f](?<half>[AP])M (?=[\w.$/]{3,300}(?: \S{1,200})?$)/;
/** .NET's console logger: level and category; the message stands indented on the lines below, and a time only where one asks for it. */
const DOTNET_HEAD = /^(?<level>trce|dbug|info|warn|fail|crit): [A-Za-z_][\w.`+]{0,200}\[\d{1,6}\]$/;
/** The level before the time, in brackets or not. */
const LEVEL_FIRST: readonly HeadForm[] = [
  {
    writer: 'Django’s documentation (`{levelname} {asctime} {module}`), and many layouts of log4j and logback',
    pattern:
      /^\[?(?<level>TRACE|DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\]?:? {1,5}\[?(?<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)\]?(?= )/,
  },
  {
    writer: 'Go’s `log` with a prefix: `ERROR: 2026/11/20 08:12:30 text`, perhaps with the place in the source',
    pattern:
      /^\[?(?<level>TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|PANIC)\]?:? {1,5}(?<date>\d{4}\/\d\d\/\d\d) (?<clock>\d\d:\d\d:\d\d(?:\.\d{6})?) (?:[\w./-]{1,120}\.go:\d{1,6}: )?(?=\S)/,
  },
];

/** Heads in brackets, and Puma's lines. */
const BRACKETED: readonly HeadForm[] = [
  {
    writer: 'Puma: `=== puma shutdown: 2026-11-20 08:12:30 +0000 ===`',
    pattern: /^(?:\[\d{1,10}\] )?=== puma (?:startup|shutdown): (?<iso>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d{4}) ===$/,
    isMessage: true,
  },
  {
    writer: 'Tornado (`log.py`, LogFormatter): `[E 261120 08:12:30 web:1820] text`',
    pattern:
      /^\[(?<mark>[DIWEC]) (?<shortDate>\d{6}) (?<clock>\d\d:\d\d:\d\d(?:\.\d{3})?) [A-Za-z_][\w.]{0,60}(?: [A-Za-z_][\w.]{0,60})?(?::\d{1,6})?\] /,
  },
  {
    writer: 'Jupyter, with its name for the module: `[E 2026-11-20 08:12:30.123 ServerApp] text`',
    pattern:
      /^\[(?<mark>[DIWEC]) (?<iso>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{3})?) [A-Za-z_][\w.]{0,60}(?: [A-Za-z_][\w.]{0,60})?(?::\d{1,6})?\] /,
  },
  {
    writer: 'Passenger: level (since 5.1), time, process and thread, place in its source',
    pattern:
      /^\[ (?:(?<mark>[CEWNID])\d? )?(?<iso>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{1,6}) [\w/]{1,40} [\w/.:-]{1,120} \]: /,
  },
  {
    writer:
      'Nuxt’s server (Nitro, h3) of a request that ended in an error, with its name before it or, since 2.11, without',
    pattern: /^(?:\[(?:nitro|nuxt)\] (?=\[)|(?=\[request error\] \[))/,
    level: 'error',
  },
  {
    writer: 'SvelteKit (`runtime/server`, where nobody hooks its errors): status and request, the stack stands below',
    pattern: /^(?=\[5\d\d\] [A-Z]{3,10} \/\S{0,8000}$)/,
    level: 'error',
  },
  {
    writer: 'Nest: the process, the date as the locale has it (month first where AM or PM follows), the level',
    pattern:
      /^\[Nest\] \d{1,10} {1,4}- (?<month>\d\d)\/(?<day>\d\d)\/(?<year>\d{4}), (?<clock>\d{1,2}:\d\d:\d\d) (?<half>[AP])M {1,8}(?<level>LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) /,
  },
  {
    writer: 'Nest in a locale of 24 hours, whose order of day and month is not known',
    pattern:
      /^\[Nest\] \d{1,10} {1,4}- \d\d\/\d\d\/\d{4}, \d{1,2}:\d\d:\d\d {1,8}(?<level>LOG|ERROR|WARN|DEBUG|VERBOSE|FATAL) /,
  },
  {
    writer:
      'signale with date and time, as Nginx Proxy Manager logs of itself: `[4/23/2020] [3:02:34 PM] [Global   ] › ✖  error     text`',
    pattern:
      /^\[(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})\] \[(?<clock>\d{1,2}:\d\d:\d\d) (?<half>[AP])M\] \[[^\]\n]{1,40}\] › \S{1,3} {1,4}(?<level>[a-z]{2,9}) {1,12}(?=\S)/,
  },
  {
    writer: '`toLocaleString` of Node in brackets, as Homebridge has it: `[11/20/2026, 8:12:30 AM] [Plugin] text`',
    pattern:
      /^\[(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4}), (?<clock>\d{1,2}:\d\d:\d\d)[ \u202f](?<half>[AP])M\] (?=\S)/,
  },
  {
    writer: 'PHP’s own server (`php -S`, `sapi_cli_server_log_write`), with the process before it where it has workers',
    pattern:
      /^(?:\[\d{1,10}\] )?\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<clock>\d\d:\d\d:\d\d) (?<year>\d{4})\] (?=PHP |Failed to listen on |\S{3,60}:\d{1,5} (?:Accepted|Closing|Closed|Invalid|\[))/,
  },
  {
    writer:
      'CouchDB (`couch_log_writer_stderr.erl`): `[error] 2026-11-20T08:12:30.123456Z nonode@nohost <0.123.0> -------- text`',
    pattern:
      /^\[(?<level>debug|info|notice|warning|error|critical|alert|emergency)\] (?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (?=\S)/,
  },
  {
    writer: 'Dancer2 (`Core/Role/Logger.pm`): `[Shop:812] error @2026-11-20 08:12:30> text`',
    pattern:
      /^\[[\w:.-]{1,100}:\d{1,10}\] {1,4}(?<level>core|debug|info|warning|error) @(?<iso>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)> (?=\S)/,
  },
  {
    writer: 'NLog to a console, as Sonarr, Radarr and Prowlarr have it: `[Error] RssSyncService: text`',
    pattern: /^\[(?<level>Trace|Debug|Info|Warn|Error|Fatal)\] (?=[A-Z][\w.]{2,100}: )/,
  },
  ...LEVEL_FIRST,
];

/** Heads that begin with a digit and with no date of their own that all know. */
const DIGITS_FIRST: readonly HeadForm[] = [
  {
    writer: 'LiteLLM (`_logging.py`): `08:12:30 - LiteLLM Proxy:ERROR: proxy_server.py:3456 - text`',
    pattern: /^\d{1,2}:\d\d:\d\d - [\w .-]{1,40}:(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL): (?=\S)/,
  },
  {
    writer:
      'ClickHouse and SonarQube, dots in the date: `2026.11.20 08:12:30.123456 [ 12 ] {} <Error> text`, `2026.11.20 08:12:30 ERROR web[] text`',
    pattern: /^(?<date>\d{4}\.\d\d\.\d\d) (?<clock>\d\d:\d\d:\d\d(?:\.\d{6})?) (?=\[ \d|[A-Z]{4,5} )/,
  },
  {
    writer:
      'zerolog’s console, whose time is that of a kitchen’s clock unless one asks for more: `8:12AM ERR text`, Portainer’s with the day',
    pattern:
      /^(?:(?<date>\d{4}\/\d\d\/\d\d) )?(?<clock>\d{1,2}:\d\d)(?<half>[AP])M (?<level>TRC|DBG|INF|WRN|ERR|FTL|PNC) (?=\S)/,
  },
];

/** Heads that begin with a letter, a sign or a blank. */
const WORDS_FIRST: readonly HeadForm[] = [
  {
    writer: 'Passenger before what an application wrote to its output',
    pattern: /^App \d{1,10} (?:output|stdout|stderr): (?=\S)/,
  },
  { writer: 'Next.js and Nuxt mark what they print, and write no time', pattern: /^ {0,3}(?<mark>[⨯✓⚠▲○]) (?=\S)/ },
  ...LEVEL_FIRST,
  {
    writer: 'Python’s `logging.basicConfig` as it comes: `ERROR:root:text`',
    pattern: /^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL):[A-Za-z_][\w.]{0,100}:(?=\S)/,
  },
  {
    writer:
      'Monolog’s channel and level, copied without the time before them: Laravel (`local.ERROR: text`), Symfony (`request.CRITICAL: text`)',
    pattern: /^[a-z][\w-]{1,40}\.(?<level>DEBUG|INFO|NOTICE|WARNING|ERROR|CRITICAL|ALERT|EMERGENCY): (?=\S)/,
  },
  {
    writer:
      'CodeIgniter (`Log::_format_line` of 3, `FileHandler::handle` of 4): `ERROR - 2026-11-20 08:12:30 --> text`',
    pattern: /^(?<level>[A-Z]{4,9}) - (?<iso>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) --> (?=\S)/,
  },
  { writer: '.NET’s console logger', pattern: DOTNET_HEAD, isMessage: true },
  {
    writer: 'Ruby: `E, [2026-11-20T08:12:30.123456 #812] ERROR -- : text`',
    pattern: /^[DIWEFA], \[(?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?) #\d{1,10}\] {1,2}(?=[A-Z])/,
  },
  { writer: 'java.util.logging', pattern: JUL_HEAD },
  {
    writer: 'Plex: `Nov 20, 2026 08:12:30.123 [140231] ERROR - text`',
    pattern:
      /^(?<month>[A-Z][a-z]{2}) (?<day>\d\d), (?<year>\d{4}) (?<clock>\d\d:\d\d:\d\d\.\d{3}) \[(?:\d{1,20}|0x[\da-f]{1,16})(?:\/[^\]\n]{1,60})?\] (?<level>VERBOSE|DEBUG|INFO|WARN|ERROR) - (?=\S)/,
  },
  {
    writer: 'uvicorn fills its levels up to ten characters, and writes no time',
    pattern:
      /^(?<level>INFO(?=: {5}\S)|(?:TRACE|DEBUG|ERROR)(?=: {4}\S)|WARNING(?=: {2}\S)|CRITICAL(?=: \S)): {1,5}(?=[A-Z[])/,
  },
  {
    writer:
      'vLLM (`logging_utils/formatter.py`), the process before it since 0.10: `ERROR 11-20 08:12:30 [core.py:291] text`',
    pattern:
      /^(?:\([\w .=-]{3,80}\) )?(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL) (?<month>\d\d)-(?<day>\d\d) (?<clock>\d\d:\d\d:\d\d) \[?[\w./]{3,80}:\d{1,6}\] (?=\S)/,
  },
  {
    writer: 'glog, with the year since 0.5: `E1120 08:12:30.123456     812 server.go:62] text`',
    pattern:
      /^(?<mark>[IWEF])(?<year>20\d\d)?(?<month>\d\d)(?<day>\d\d) (?<clock>\d\d:\d\d:\d\d)\.\d{6} {1,8}\d{1,10} (?=[\w./-]{1,80}:\d{1,6}\])/,
  },
  {
    writer: 'TYPO3 (`FileWriter`): `Fri, 20 Nov 2026 08:12:30 +0000 [CRITICAL] request="…" component="…": text`',
    pattern:
      /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<clock>\d\d:\d\d:\d\d) (?<zone>[+-]\d{4}) \[(?<level>[A-Z]{4,9})\] (?=\S)/,
  },
  {
    writer:
      'WebLogic: `<Nov 20, 2026 8:12:30,123 AM UTC> <Error> <HTTP> <BEA-101017> <text>`, in the server’s log with `####` before it',
    pattern:
      /^(?:####)?<(?<month>[A-Z][a-z]{2}) (?<day>\d{1,2}), (?<year>\d{4}),? (?<clock>\d{1,2}:\d\d:\d\d(?:,\d{3})?) (?<half>[AP])M (?<zone>[A-Z]{3,5})> <(?<level>[A-Z][a-z]{3,8})> (?=<)/,
  },
  {
    writer:
      'logrus to a terminal (`text_formatter.go`): `ERRO[2026-11-20T08:12:30Z] text`, or the seconds since it began',
    pattern:
      /^(?<level>PANI|FATA|ERRO|WARN|INFO|DEBU|TRAC)\[(?:(?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))|\d{4,9})\] {0,2}(?=\S)/,
  },
  {
    writer: 'apex/log as Pterodactyl’s Wings has it: ` INFO: [Nov 20 08:12:30.123] text`',
    pattern:
      /^ {0,2}(?<level>DEBUG|INFO|WARN|ERROR|FATAL): \[(?<month>[A-Z][a-z]{2}) {1,2}(?<day>\d{1,2}) (?<clock>\d\d:\d\d:\d\d\.\d{3})\] (?=\S)/,
  },
  {
    writer: 'winston with `padLevels`: `error:   text`',
    pattern: /^(?<level>error|warn|info|http|verbose|debug|silly): {2,6}(?=\S)/,
  },
  {
    writer: 'logfmt',
    pattern:
      /^(?:(?:logger|level|lvl|caller|user_?[iI]d|org_?[iI]d|uname)=\S{0,120} ){0,6}(?:time|ts|timestamp|t)="?(?<iso>[^"\s]{10,40}(?: [^"\s=]{5,20})?)"? /,
  },
];

/** The head of a line as one of these writes it; null where none does. */
export function formHead(text: string): AppHead | null {
  const first = text.charAt(0);
  if (first === '[' || first === '=') return headBy(BRACKETED, text);
  if (first >= '0' && first <= '9') return headBy(DIGITS_FIRST, text);
  return headBy(WORDS_FIRST, text) ?? winstonHead(text);
}

function headBy(forms: readonly HeadForm[], text: string): AppHead | null {
  for (const { pattern, level, isMessage } of forms) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const groups = found.groups ?? {};
    const stamp = groupStamp(groups);
    if (stamp === undefined) continue;
    const head: Draft<AppHead> = { stamp, length: isMessage ? 0 : found[0].length };
    const told = level ?? levelOfWord(groups.level) ?? levelOfMark(groups.mark);
    if (told !== undefined) head.level = told;
    return head;
  }
  return null;
}

const WINSTON_HEAD = /^(error|warn|info|http|verbose|debug|silly): (?=\S)/;
const WINSTON_TIME = /"timestamp":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/;

/** winston as it comes (`format.simple`): the level, and the time among what stands behind the message. */
function winstonHead(text: string): AppHead | null {
  const head = text.endsWith('}') ? WINSTON_HEAD.exec(text) : null;
  const written = head === null ? undefined : WINSTON_TIME.exec(text)?.[1];
  if (head === null || written === undefined) return null;
  const level = levelOfWord(head[1]);
  const found: Draft<AppHead> = { stamp: parseIso(written) ?? NO_STAMP, length: head[0].length };
  if (level !== undefined) found.level = level;
  return found;
}

/** Whether a message is the category that .NET's console logger writes above it. */
export function isDotnetHead(message: string): boolean {
  return DOTNET_HEAD.test(message);
}

/** Whether a text is the first of the two lines that java.util.logging writes. */
export function isJulHead(text: string): boolean {
  return JUL_HEAD.test(text);
}

const JUL_LEVEL = /^(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /;

/** The level that begins the second of them; undefined where a line is none. */
export function julLevel(text: string): AppLevel | undefined {
  const word = JUL_LEVEL.exec(text)?.[1];
  return word === undefined ? undefined : (levelOfWord(word) ?? 'debug');
}
