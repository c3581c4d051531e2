import type { RequestRecord, Stamp } from '../../vocabulary/records.ts';
import { rayId, withoutQuery } from '../edge/request-record.ts';
import { monthIndex, parseIso, wallMs } from '../stamps.ts';
import { answerSignal } from './answer-signal.ts';

/** Characters of a base64 body that are decoded: enough for any error page. */
const BASE64_LOOKED_AT = 90_000;

type Fields = Readonly<Record<string, unknown>>;

/** The record of one HAR entry, or null where it is none (no request, no response, no JSON object). */
export function harRecord(entry: unknown, number: number): RequestRecord | null {
  const fields = object(entry);
  const request = object(fields?.request);
  const response = object(fields?.response);
  if (!fields || !request || !response) return null;
  // Old tools wrote negative numbers where no answer came.
  const status = Math.max(0, finite(response.status) ?? 0);
  const headers = headerMap(response.headers);
  const durationMs = duration(fields);
  const url = text(request.url) ?? '';
  const target = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)(.*)$/is.exec(url.slice(0, 20_000));
  const method = text(request.method)?.toUpperCase();
  const ray = headers.get('cf-ray');
  const rayHex = rayId(ray);
  const colo = ray === undefined ? undefined : /-([A-Z]{3,4})$/.exec(ray)?.[1];
  const signal = answerSignal({ status, headers, body: status >= 400 ? bodyText(response) : '' }, durationMs);
  const contentType = headers.get('content-type') ?? text(object(response.content)?.mimeType);
  const userAgent = headerMap(request.headers).get('user-agent');
  const bytes = finite(object(response.content)?.size);
  const path = target ? withoutQuery(target[2] ?? '') : undefined;
  const aheadOfEdgeMs = rayHex === undefined ? undefined : aheadOfDate(fields, headers);
  return {
    kind: 'request',
    hop: 'client',
    line: number,
    stamp: endStamp(text(fields.startedDateTime), durationMs),
    text: `${method ?? '?'} ${target ? `${target[1]}${path}` : url.slice(0, 200)} ${status}${durationMs === undefined ? '' : ` in ${Math.round(durationMs)} ms`}${rayHex === undefined ? '' : `, cf-ray ${ray}`}`.slice(
      0,
      2000,
    ),
    status,
    visitor: status !== 0,
    ...(signal && { signal }),
    ...(method !== undefined && { method }),
    ...(target && { host: (target[1] ?? '').toLowerCase() }),
    ...(path !== undefined && { path }),
    ...(rayHex !== undefined && { ray: rayHex }),
    ...(colo !== undefined && { colo }),
    ...(durationMs !== undefined && { durationMs }),
    ...(bytes !== undefined && bytes >= 0 && { bytes }),
    ...(contentType !== undefined && contentType !== '' && { contentType }),
    ...(userAgent !== undefined && { userAgent }),
    ...(headers.has('retry-after') && { retryAfter: true }),
    ...(aheadOfEdgeMs !== undefined && { aheadOfEdgeMs }),
  };
}

/** When the answer was complete: the start plus the time it took. */
function endStamp(started: string | undefined, durationMs: number | undefined): Stamp {
  const start = started === undefined ? undefined : parseIso(started);
  if (!start || start.kind === 'none') return { kind: 'none' };
  return { ...start, ms: start.ms + Math.round(durationMs ?? 0) };
}

/** `Date` of RFC 9110 5.6.7, the one form that is generated. */
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
/** A whole second stands for its middle. */
const HALF_SECOND_MS = 500;

/**
 * The capture's clock as the head of the answer came, minus the time that Cloudflare wrote into it. Undefined where the
 * answer lay in a cache meanwhile (`age`, a capture's `_fromCache`), or does not say when it was given.
 */
function aheadOfDate(fields: Fields, headers: ReadonlyMap<string, string>): number | undefined {
  const [, day, month, year, hour, minute, second] = HTTP_DATE.exec(headers.get('date') ?? '') ?? [];
  const index = month === undefined ? undefined : monthIndex(month);
  const started = parseIso(text(fields.startedDateTime) ?? '');
  if (index === undefined || started?.kind !== 'utc' || Number(headers.get('age') ?? 0) > 0) return undefined;
  if (fields._fromCache !== undefined) return undefined;
  const dateMs = wallMs(Number(year), index, Number(day), Number(hour), Number(minute), Number(second));
  const receiveMs = Math.max(0, finite(object(fields.timings)?.receive) ?? 0);
  return Math.round(started.ms + Math.max(0, (duration(fields) ?? 0) - receiveMs) - dateMs - HALF_SECOND_MS);
}

/** `time`, else the sum of the timings that apply (-1 = not applicable; `ssl` is inside `connect`). */
function duration(fields: Fields): number | undefined {
  const time = finite(fields.time);
  if (time !== undefined && time >= 0) return time;
  const timings = object(fields.timings);
  if (!timings) return undefined;
  let sum = 0;
  for (const name of ['blocked', 'dns', 'connect', 'send', 'wait', 'receive']) {
    const part = finite(timings[name]);
    if (part !== undefined && part > 0) sum += part;
  }
  return sum > 0 ? sum : undefined;
}

function bodyText(response: Fields): string {
  const content = object(response.content);
  const body = text(content?.text) ?? '';
  if (content?.encoding !== 'base64') return body;
  return Buffer.from(body.slice(0, BASE64_LOOKED_AT), 'base64').toString('utf8');
}

/** Header names in lower case; values of repeated ones joined. */
function headerMap(headers: unknown): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  if (!Array.isArray(headers)) return map;
  for (const header of headers) {
    const fields = object(header);
    const name = text(fields?.name)?.toLowerCase();
    const value = text(fields?.value);
    if (name === undefined || value === undefined) continue;
    const before = map.get(name);
    map.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return map;
}

function object(value: unknown): Fields | null {
  return isFields(value) ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number, also written as text. */
function finite(value: unknown): number | undefined {
  if (typeof value === 'string' && /^-?\d{1,15}(?:\.\d{1,10})?$/.test(value)) return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
