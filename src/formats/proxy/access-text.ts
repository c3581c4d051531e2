import { parseIso } from '../stamps.ts';
import { type AccessField, type AccessFields, fieldOf, isUpstreamAddress, isUpstreamList } from './access-fields.ts';
import { parseClf } from './access-time.ts';
import { type Token, tokenize } from './access-tokens.ts';

const STATUS = /^\d{3}$/;
const STATUS_LIST = /^(?:\d{3}|-)(?:(?:, | : )(?:\d{3}|-))*$/;
const SECONDS_LIST = /^(?:\d{1,9}\.\d{1,6}|-)(?:(?:, | : )(?:\d{1,9}\.\d{1,6}|-))*$/;
const DECIMAL = /^\d{1,9}\.\d{1,6}$/;
const INTEGER = /^\d{1,18}$/;
const ADDRESS = /^(?:\d{1,3}(?:\.(?:\d{1,3}|x)){3}|[\da-fA-F]{0,4}(?::[\da-fA-F]{0,4}){2,7}(?:\.\d{1,3}){0,3}|unix:)$/;
/** A clock within a wrapper's stamp looks like the groups of an IPv6 address. */
const CLOCK = /^\d\d:\d\d:\d\d$/;
const ADDRESS_LIST = /^[\da-fA-F.:]{3,45}(?:, ?[\da-fA-F.:]{3,45})*$/;
const HOST_NAME = /^(?=.*[.:]|localhost)[\w*.-]{1,253}(?::\d{1,5})?$/;
/** A Ray ID with its colo, which is told by its shape where it has no name. */
export const BARE_RAY = /^[\da-f]{16}-[A-Z]{3}$/;

function isTime(token: Token): boolean {
  return token.kind === 'bracket' && (parseClf(token.text) ?? parseIso(token.text)) !== undefined;
}

/** The pieces before the time: peer, user, and a virtual host in front of them (`$host:$server_port $remote_addr - …`). */
export function readFront(words: readonly string[], fields: AccessFields): void {
  const clean = words.map((word) => word.replace(/,.*$/, ''));
  let peer = clean.findIndex((word) => ADDRESS.test(word) && !CLOCK.test(word));
  if (peer < 0) peer = Math.max(0, clean.length - 3);
  const address = clean[peer];
  if (address === undefined || address === '-') return;
  fields.remoteAddr = address;
  const host = clean.slice(0, peer).find((word) => HOST_NAME.test(word));
  if (host !== undefined) fields.host = host;
}

/** What stands after the browser's name in a row of ingress-nginx: `LENGTH TIME [NAMESPACE-SERVICE-PORT] [] ADDR LENGTH TIME STATUS ID`. */
export const INGRESS_PLACES: readonly (AccessField | undefined)[] = [
  undefined,
  'requestTime',
  undefined,
  undefined,
  'upstreamAddr',
  undefined,
  'upstreamResponseTime',
  'upstreamStatus',
  undefined,
];

/** Whether these stand after the browser's name in a row of ingress-nginx. */
export function isIngress([length, , service, alternative]: readonly Token[]): boolean {
  return INTEGER.test(length?.text ?? '') && service?.kind === 'bracket' && alternative?.kind === 'bracket';
}

function readIngress(rest: readonly Token[], fields: AccessFields): boolean {
  if (!isIngress(rest)) return false;
  INGRESS_PLACES.forEach((field, place) => {
    const text = rest[place]?.text;
    if (field !== undefined && text !== undefined) fields[field] = text;
  });
  return true;
}

/** Fields without names are told by their shape; the first decimal is the request's time, the second the upstream's. */
function readByShape(tokens: readonly Token[], fields: AccessFields): void {
  let afterAddress = false;
  for (const { kind, text } of tokens) {
    if (kind === 'bracket') continue;
    if (BARE_RAY.test(text)) fields.ray ??= text;
    else if (afterAddress && STATUS_LIST.test(text) && fields.upstreamStatus === undefined)
      fields.upstreamStatus = text;
    else if (SECONDS_LIST.test(text) && text !== '-') {
      if (fields.requestTime === undefined && DECIMAL.test(text)) fields.requestTime = text;
      else fields.upstreamResponseTime ??= text;
    } else if (isUpstreamAddress(text) && fields.upstreamAddr === undefined) {
      fields.upstreamAddr = text;
      afterAddress = true;
    } else if (kind === 'quoted' && fields.forwardedFor === undefined && ADDRESS_LIST.test(text))
      fields.forwardedFor = text;
    else if (kind === 'quoted' && fields.userAgent === undefined && /[/ (]/.test(text) && !/^https?:/.test(text)) {
      fields.userAgent = text;
    }
  }
}

/** `"ADDR" "STATUS" "TIME" "browser"`: an upstream is logged without names, also where none was asked (`"-" "-" "-"`). */
function readUpstreamTriple(quoted: readonly Token[], fields: AccessFields): boolean {
  const [addr, status, seconds] = quoted;
  if (quoted.length < 4 || !addr || !status || !seconds) return false;
  if (addr.text !== '-' && !isUpstreamList(addr.text)) return false;
  if (!STATUS_LIST.test(status.text) || !SECONDS_LIST.test(seconds.text)) return false;
  Object.assign(fields, { upstreamAddr: addr.text, upstreamStatus: status.text, upstreamResponseTime: seconds.text });
  const behind = quoted.slice(3).map(({ text }) => text);
  const browser = behind.find((text) => !BARE_RAY.test(text));
  if (browser !== undefined) fields.userAgent = browser;
  return true;
}

/** What follows the status: length, referrer and browser as in `combined`, then whatever people add. */
function readBack(tokens: readonly Token[], fields: AccessFields): void {
  let rest = tokens.filter((token) => token.kind !== 'pair');
  const [bytes] = rest;
  if (bytes?.kind === 'word' && (INTEGER.test(bytes.text) || bytes.text === '-')) {
    fields.bytes = bytes.text;
    rest = rest.slice(1);
  }
  const [seconds] = rest;
  if (seconds?.kind === 'word' && DECIMAL.test(seconds.text)) {
    fields.requestTime = seconds.text;
    rest = rest.slice(1);
  }
  const isTriple = readUpstreamTriple(
    rest.filter((token) => token.kind === 'quoted'),
    fields,
  );
  if (isTriple) {
    const ray = rest.find(({ kind, text }) => kind !== 'bracket' && BARE_RAY.test(text));
    if (ray !== undefined) fields.ray = ray.text;
  } else {
    const [referrer, browser] = rest;
    const combined = referrer?.kind === 'quoted' && browser?.kind === 'quoted' && !isUpstreamAddress(referrer.text);
    if (combined) fields.userAgent = browser.text;
    const added = combined ? rest.slice(2) : rest;
    if (!readIngress(added, fields)) readByShape(added, fields);
  }
  for (const token of tokens) {
    if (token.kind !== 'pair' || token.key === undefined) continue;
    const field = fieldOf(token.key, token.text, fields.userAgent !== undefined);
    if (field !== undefined) fields[field] = token.text;
  }
}

/** Where the time, what was asked for and its status stand among the tokens of a row. */
export interface RowPlaces {
  readonly time: number;
  /** -1 where the status follows the time. */
  readonly request: number;
  readonly status: number;
}

/** The time may have so many tokens before it. */
const LAST_TIME = 12;

/** The places of a bracketed time and of the status behind a quoted request, or behind the time; null where there are none. */
export function placesIn(tokens: readonly Token[]): RowPlaces | null {
  const time = tokens.findIndex(isTime);
  if (time < 0 || time > LAST_TIME) return null;
  const request = tokens.findIndex(
    (token, i) => i > time && token.kind === 'quoted' && STATUS.test(tokens[i + 1]?.text ?? ''),
  );
  const status = Math.max(request, time) + 1;
  const token = tokens[status];
  return token?.kind === 'word' && STATUS.test(token.text) ? { time, request, status } : null;
}

/**
 * Reads a row of `combined` and of what people make of it: a virtual host in front, a forwarded address behind, named or
 * bare fields after it, ingress-nginx. Null where the line has no bracketed time followed by a status.
 */
export function readTextRow(line: string): AccessFields | null {
  const open = line.indexOf('[');
  if (open < 0) return null;
  const tokens = tokenize(line);
  const places = placesIn(tokens);
  if (places === null) return null;
  const { time, request, status } = places;
  // With what most rows have, so that it need not grow.
  const fields: AccessFields = {
    time: tokens[time]?.text ?? '',
    status: tokens[status]?.text ?? '',
    remoteAddr: undefined,
    request: undefined,
    bytes: undefined,
    userAgent: undefined,
    requestTime: undefined,
    upstreamAddr: undefined,
  };
  readFront(
    tokens.slice(0, time).flatMap(({ kind, text }) => (kind === 'word' ? [text] : [])),
    fields,
  );
  if (request >= 0) {
    fields.request = tokens[request]?.text ?? '';
    for (const { kind, text } of tokens.slice(time + 1, request)) {
      if (kind !== 'word') continue;
      if (ADDRESS.test(text)) fields.remoteAddr ??= text;
      else if (DECIMAL.test(text)) fields.requestTime ??= text;
      else if (HOST_NAME.test(text)) fields.host ??= text;
    }
  }
  readBack(tokens.slice(status + 1), fields);
  return fields;
}
