import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { wholeMembers } from '../cut-object.ts';
import { jsonStamp, parseIso } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import type { AccessFields } from './access-fields.ts';
import { parseClf } from './access-time.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A line of Caddy's, in JSON or as it prints to a terminal. */
export interface CaddyLine {
  readonly stamp: Stamp;
  readonly level: string;
  /** The part of Caddy that speaks (`http.log.error.log0`); empty for Caddy as a whole. */
  readonly logger: string;
  readonly message: string;
  readonly fields: Fields;
}

/** Up to here it is looked for who wrote a line. */
export const LONGEST_LOOK = 4096;
/** The part that writes access rows. */
export const ACCESS_LOGGER = 'http.log.access';
/** Names of Caddy's own parts; every module's logger begins with one of them. */
const LOGGER = /"logger"\s?:\s?"(?:http|tls|admin|events|pki|caddy|layer4|docker-proxy|dynamic_dns)\b/;
/** What Caddy says as a whole, without naming a part; from 2.10 on its ACME client (acmez client.go) does so, too. */
const WHOLE =
  /"msg"\s?:\s?"(?:trying to solve challenge|challenge (?:accepted|failed)|validating authorization|authorization finalized|validations succeeded|successfully downloaded available certificate chains|serving initial configuration|shutting down apps|exiting; byeee|shutdown complete|using (?:provided|adjacent|config from|default) |autosaved config|adapted config to JSON|Caddyfile input is not formatted|redirected default logger|maxprocs: |GOMEMLIMIT is |failed to sufficiently increase receive buffer size )/;
const CONSOLE =
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)[\t ]{1,8}(DEBUG|INFO|WARN|ERROR|PANIC|FATAL|debug|info|warn|error|panic|fatal)[\t ]{1,8}/;
/** The same with zap's own time: seconds since 1970 (the first betas of Caddy 2). */
const CONSOLE_EPOCH =
  /^(1(?:\.\d{3,18}e\+09|\d{9}(?:\.\d{1,9})?))[\t ]{1,8}(debug|info|warn|error|panic|fatal)[\t ]{1,8}(?=http\.)/;
const PART = /^(?:http|tls|admin|events|pki|caddy|layer4)(?:\.[\w.-]{1,120})?(?=[\t ])/;
/** What Caddy says as a whole on a terminal. */
const WHOLE_TEXT =
  /^(?:serving initial configuration|shutting down apps|exiting; byeee|shutdown complete|using |autosaved )/;

/** What Caddy 1 writes of a request that failed: `22/Jul/2019:02:21:39 +0000 [ERROR 502 /cart] …`. */
const OLD =
  /^\s{0,8}(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}) \[ERROR (\d{3}) (\/\S{0,4000})\] (.{1,4000})/;
/** The same quoted without its time, perhaps behind the words of who quotes it. */
const OLD_UNDATED = /^[^[\]\d]{0,80}\[ERROR (5\d\d) (\/\S{0,4000})\] (.{1,4000})/;
/** A line of the terminal whose time was not copied. */
const BARE = /^(ERROR|WARN|error|warn)[\t ]{1,8}(http\.(?:log\.error|handlers)\.?[\w.-]{0,120})[\t ]{1,8}(.{1,4000})/;

/** Reads a line of Caddy's; null where it is none. */
export function readCaddyLine(text: string): CaddyLine | null {
  return text.charAt(0) === '{' ? jsonLine(text) : (consoleLine(text) ?? oldLine(text) ?? bareLine(text));
}

function jsonLine(text: string): CaddyLine | null {
  const beginning = text.slice(0, LONGEST_LOOK);
  if (!LOGGER.test(beginning) && !WHOLE.test(beginning)) return null;
  const fields = parseObject(text) ?? wholeMembers(text);
  if (fields === null || typeof fields.msg !== 'string') return null;
  return {
    stamp: stampOf(fields.ts),
    level: textOf(fields.level),
    logger: textOf(fields.logger),
    message: fields.msg,
    fields,
  };
}

/** Seconds since 1970 unless `time_format` says otherwise. */
function stampOf(ts: unknown): Stamp {
  const stamp = jsonStamp(ts);
  if (stamp.kind !== 'none' || typeof ts !== 'string') return stamp;
  return parseClf(ts) ?? parseIso(ts.replaceAll('/', '-')) ?? NO_STAMP;
}

function consoleLine(text: string): CaddyLine | null {
  const beginning = text.slice(0, 60);
  const head = CONSOLE.exec(beginning);
  if (head === null) return epochLine(text, CONSOLE_EPOCH.exec(beginning));
  // Caddy writes UTC unless `time_local` is set.
  const wall = parseIso(`${head[1]}-${head[2]}-${head[3]} ${head[4]}`);
  const stamp: Stamp = wall?.kind === 'local' ? { kind: 'utc', ms: wall.ms } : NO_STAMP;
  return consoleRest(text.slice(head[0].length), stamp, head[5] ?? '');
}

function epochLine(text: string, head: RegExpExecArray | null): CaddyLine | null {
  if (head === null) return null;
  return consoleRest(text.slice(head[0].length), jsonStamp(Number(head[1])), head[2] ?? '');
}

/** What follows time and level. */
function consoleRest(rest: string, stamp: Stamp, level: string): CaddyLine | null {
  const logger = PART.exec(rest.slice(0, 130))?.[0] ?? '';
  if (logger === '' && !WHOLE_TEXT.test(rest)) return null;
  const said = rest.slice(logger.length).trimStart();
  const at = said.search(/[\t ]\{"/);
  const fields = at < 0 ? null : parseObject(said.slice(at + 1));
  return {
    stamp,
    level: level.toLowerCase(),
    logger,
    message: fields === null ? said : said.slice(0, at).trimEnd(),
    fields: fields ?? {},
  };
}

function oldLine(text: string): CaddyLine | null {
  const undated = OLD_UNDATED.exec(text);
  const [, time = '', status, uri, message] = undated === null ? (OLD.exec(text) ?? []) : ['', '', ...undated.slice(1)];
  if (message === undefined) return null;
  const fields = { status: Number(status), request: { uri } };
  return { stamp: parseClf(time) ?? NO_STAMP, level: 'error', logger: 'http.log.error', message, fields };
}

function bareLine(text: string): CaddyLine | null {
  const [, level = '', logger = '', message] = BARE.exec(text) ?? [];
  return message === undefined ? null : { stamp: NO_STAMP, level: level.toLowerCase(), logger, message, fields: {} };
}

/** Fields of the request that a line is about, as an access row has them; undefined where it is about none. */
export function requestIn(fields: Fields): AccessFields | undefined {
  const request = objectOf(fields.request);
  if (request === undefined) return undefined;
  const headers = objectOf(request.headers) ?? {};
  const header = (name: string): string => textOf(arrayOf(headers[name])[0] ?? headers[name]);
  return present({
    status: numberText(fields.status),
    method: textOf(request.method),
    uri: textOf(request.uri),
    host: textOf(request.host),
    remoteAddr: textOf(request.client_ip) || textOf(request.remote_ip) || addressOf(textOf(request.remote_addr)),
    visitorAddr: header('Cf-Connecting-Ip'),
    forwardedFor: header('X-Forwarded-For'),
    ray: header('Cf-Ray'),
    userAgent: header('User-Agent'),
    requestTime: typeof fields.duration === 'number' ? fields.duration.toFixed(6) : '',
    bytes: numberText(fields.size),
  });
}

/** Names of the header fields of an answer, in lower case. */
export function answerHeaders(fields: Fields): readonly string[] {
  return Object.keys(objectOf(fields.resp_headers) ?? {}).map((name) => name.toLowerCase());
}

function present(fields: AccessFields): AccessFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function numberText(value: unknown): string {
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : '';
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

/** Caddy before 2.5 wrote address and port in one. */
function addressOf(text: string): string {
  return text.replace(/:\d{1,5}$/, '').replace(/^\[|\]$/g, '');
}
