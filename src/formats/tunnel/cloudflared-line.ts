import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { parseJson } from '../parse-json.ts';
import { monthIndex, parseIso, wallMs } from '../stamps.ts';
import { ZEROLOG_LEVELS } from '../zerolog-levels.ts';

/** One line of cloudflared, taken apart. */
export interface CloudflaredLine {
  readonly stamp: Stamp;
  /** Lower-case word (`error`), or null where the line does not tell. */
  readonly level: string | null;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
  /** How the line was recognised. */
  readonly form: 'console' | 'json' | 'logrus' | 'old' | 'bare';
}

const LEVELS: Readonly<Record<string, string>> = {
  ...ZEROLOG_LEVELS,
  DEBU: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  WARNING: 'warn',
  ERRO: 'error',
  ERROR: 'error',
  FATA: 'fatal',
  FATAL: 'fatal',
  PANI: 'panic',
  PANIC: 'panic',
};

/** The longest real lines are pushed configurations; what is longer is cut. */
const LONGEST_LINE = 262_144;
/** What stands before the stamp is a wrapper; no wrapper is longer. */
const HEAD_LENGTH = 400;
// Since 2021.2.0 (reference 2.1). Searched, not anchored: viewers glue their own stamp on without a blank.
const CONSOLE =
  /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (TRC|DBG|INF|WRN|ERR|FTL|PNC)(?: |$)/;
// The same without a stamp: pasted lines, kitchen time (`3:04PM`) of 2021.1, and journal lines that lost host and program.
const UNSTAMPED =
  /^(?:\d{1,2}:\d\d[AP]M )?(?:([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d):? {1,2})?(?:: )?(TRC|DBG|INF|WRN|ERR|FTL|PNC) /;
// 2020.7 to 2020.12, and logrus on a terminal (`ERRO[0042]`).
const BRACKETED = /^(INFO|WARN|WARNING|ERRO|ERROR|DEBU|DEBUG|FATA|FATAL|PANI|PANIC)\[([^\]]{0,40})\]\s{1,8}/;
// 2020.6: `[2020-06-01T12:00:00.123456789Z]: text`, in the log file.
const FILE_2020 = /^\[(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d))\]: /;

/** Takes a line apart, or null where it has no form of cloudflared's. `bare` texts must be told by their words. */
export function parseCloudflaredLine(text: string): CloudflaredLine | null {
  const start = firstVisible(text);
  if (text.charCodeAt(start) === OPEN_BRACE) return readJson(text.slice(start));
  const head = text.length > HEAD_LENGTH ? text.slice(0, HEAD_LENGTH) : text;
  const console = CONSOLE.exec(head);
  if (console) {
    const stamp = parseIso(console[1] ?? '') ?? NO_STAMP;
    return withFields(text.slice(console.index + console[0].length), stamp, console[2] ?? '', 'console');
  }
  const body = head.trimStart();
  const unstamped = UNSTAMPED.exec(body);
  if (unstamped)
    return withFields(text.slice(start + unstamped[0].length), journalStamp(unstamped), unstamped[6] ?? '', 'console');
  const bracketed = BRACKETED.exec(body);
  if (bracketed) {
    const stamp = parseIso(bracketed[2] ?? '') ?? NO_STAMP;
    return withFields(text.slice(start + bracketed[0].length), stamp, bracketed[1] ?? '', 'old');
  }
  const file = FILE_2020.exec(body);
  if (file) return withFields(text.slice(start + file[0].length), parseIso(file[1] ?? '') ?? NO_STAMP, '', 'old');
  if (/^time="?\d{4}-/.test(body)) return parseLogrus(text);
  return null;
}

/** The yearless stamp of a journal line, from the first five captures. */
function journalStamp(m: RegExpExecArray): Stamp {
  const month = monthIndex(m[1] ?? '');
  if (month === undefined) return NO_STAMP;
  return { kind: 'yearless', ms: wallMs(2000, month, Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5])) };
}

/** A text without stamp and level, its trailing fields split off. */
export function parseBareLine(text: string): CloudflaredLine {
  return withFields(text.trim(), NO_STAMP, '', 'bare');
}

function withFields(rest: string, stamp: Stamp, level: string, form: CloudflaredLine['form']): CloudflaredLine {
  const { message, fields } = splitFields(rest.length > LONGEST_LINE ? rest.slice(0, LONGEST_LINE) : rest);
  return { stamp, level: LEVELS[level] ?? null, message, fields, form };
}

function parseLogrus(text: string): CloudflaredLine | null {
  const { fields } = splitFields(text.slice(0, LONGEST_LINE));
  if (fields.level === undefined || fields.msg === undefined) return null;
  const stamp = parseIso(fields.time ?? '') ?? NO_STAMP;
  return { stamp, level: levelWord(fields.level), message: fields.msg, fields, form: 'logrus' };
}

const LEVEL_WORDS = new Set(['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic']);

function levelWord(text: string): string | null {
  const word = text.toLowerCase();
  if (!LEVEL_WORDS.has(word)) return null;
  return word === 'warning' ? 'warn' : word;
}

/** JSON of the log file and of `--output json` (reference 2.2), logrus' JSON, and one event of `cloudflared tail`. */
function readJson(text: string): CloudflaredLine | null {
  const value = parseJson(text);
  if (!isObject(value)) return null;
  const event = Array.isArray(value.logs) && isObject(value.logs[0]) ? value.logs[0] : value;
  const nested = isObject(event.fields) ? event.fields : {};
  const fields: Record<string, string> = {};
  for (const [name, field] of [...Object.entries(event), ...Object.entries(nested)]) {
    if (typeof field === 'string') fields[name] = field;
    else if (typeof field === 'number' || typeof field === 'boolean') fields[name] = String(field);
    else if (field !== null && typeof field === 'object') fields[name] = JSON.stringify(field).slice(0, 20_000);
  }
  const level = levelWord(fields.level ?? '');
  if (level === null || fields.time === undefined) return null;
  const message = fields.message ?? fields.msg ?? '';
  return { stamp: parseIso(fields.time) ?? NO_STAMP, level, message, fields, form: 'json' };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const OPEN_BRACE = 123;
const BLANK = 32;
const QUOTE = 34;
const BACKSLASH = 92;

function firstVisible(text: string): number {
  let i = 0;
  while (i < text.length && text.charCodeAt(i) <= BLANK) i++;
  return i;
}

const NAME = /[A-Za-z_][\w-]{0,40}=/y;

/**
 * Splits `message name=value name="quoted value"` at the first field after which everything is fields. One pass: a token
 * that is no field makes all before it message.
 */
export function splitFields(text: string): {
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
} {
  let fields: Record<string, string> = {};
  let messageEnd = 0;
  let at = 0;
  while (at < text.length) {
    if (text.charCodeAt(at) === BLANK) {
      at++;
      continue;
    }
    NAME.lastIndex = at;
    const name = NAME.exec(text);
    if (!name) {
      at = endOfToken(text, at);
      messageEnd = at;
      fields = {};
      continue;
    }
    const valueAt = at + name[0].length;
    const end = text.charCodeAt(valueAt) === QUOTE ? endOfQuoted(text, valueAt) : endOfToken(text, valueAt);
    const raw = text.slice(valueAt, end);
    fields[name[0].slice(0, -1)] = raw.charCodeAt(0) === QUOTE ? unquote(raw) : raw;
    at = end;
  }
  return { message: text.slice(0, messageEnd).trim(), fields };
}

function endOfToken(text: string, from: number): number {
  const blank = text.indexOf(' ', from);
  return blank < 0 ? text.length : blank;
}

/** Index after the closing quote; the end of the text where a paste lost it. */
function endOfQuoted(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i + 1;
  }
  return text.length;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/** Undoes Go's `strconv.Quote`. Bytes written as `\x15` stay as they are: they are no characters. */
function unquote(raw: string): string {
  const closed = raw.length > 1 && raw.endsWith('"');
  const inner = raw.slice(1, closed ? -1 : undefined);
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\(u[0-9a-f]{4}|.)/gi, (whole, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    if (escaped === 'x' || escaped === 'X') return whole;
    return SIMPLE_ESCAPES[escaped] ?? escaped;
  });
}
