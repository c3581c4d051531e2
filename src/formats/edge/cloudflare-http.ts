import type { RequestRecord } from '../../vocabulary/records.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { HTTP_EXAMPLES } from './cloudflare-http-examples.ts';
import { edgeFacts, isSubrequest, originStatus, requestSource } from './edge-facts.ts';
import { edgeSignal, isOrdinary } from './edge-rows.ts';
import { momentMs } from './moment.ts';
import { type Row, rowsOf } from './row.ts';

const LONGEST_TEXT = 2000;
/**
 * Sources that stand for a visitor. Orange-to-orange rows do: the visitor's request came through another zone. All other
 * sources are Cloudflare's own or a Worker's.
 */
const VISITORS = new Set(['', 'unknown', 'eyeball', 'orangetoorange']);

/** Cloudflare's request log as NDJSON: Logpush and Logpull `http_requests`, Instant Logs. */
export const cloudflareHttp: LineFormat = {
  id: 'cloudflare-http',
  title: 'Cloudflare HTTP requests (Logpush, Logpull, Instant Logs)',
  hop: 'edge',
  shape: 'lines',
  foundAt: [
    'the bucket of a Logpush job (http_requests, *.log.gz)',
    'the answer of the Logpull API (/zones/<id>/logs/received)',
    'Instant Logs in the dashboard, exported',
  ],
  limits: [
    'No column holds a 1xxx code, so a 530 may be DNS or tunnel.',
    'A request that fails in TCP or TLS before Cloudflare has no row.',
    'The sample rate of a job is not in the rows.',
    'Without OriginResponseStatus a row does not tell who made the status.',
  ],
  examples: HTTP_EXAMPLES,
  score: (line) => (looksLike(line.text) && rowsOf(line.text, isRequestRow).length > 0 ? 0.97 : 0),
  open: (emit) => new HttpParser(emit),
};

/** Cheap look before a line is parsed: the status column in one of its spellings. */
function looksLike(text: string): boolean {
  return text.includes('EdgeResponseStatus') || /edge[_-]?response[_-]?status/i.test(text.slice(0, 20_000));
}

/** A request has a status and either its times or its address; firewall events lack the times of the edge. */
function isRequestRow(row: Row): boolean {
  if (row.number('EdgeResponseStatus') === undefined) return false;
  if (row.has('EdgeStartTimestamp') || row.has('EdgeEndTimestamp')) return true;
  return !row.has('Action') && !row.has('RuleID') && (row.has('ClientRequestURI') || row.has('ClientRequestPath'));
}

class HttpParser implements LineParser {
  private readonly emit: Emit;
  private inList = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    if (!looksLike(line.text)) return this.isListEdge(line.text);
    const rows = rowsOf(line.text, isRequestRow);
    for (const row of rows) {
      const record = requestRecord(row, line.number);
      if (record) this.emit(record);
    }
    this.inList ||= rows.length > 0;
    return rows.length > 0;
  }

  end(): void {}

  /** The brackets of a list whose rows stand on lines of their own. */
  private isListEdge(text: string): boolean {
    const trimmed = text.length < 20 ? text.trim() : '';
    return this.inList && (trimmed === '[' || trimmed === ']' || trimmed === ',');
  }
}

/** The record of a request's row on this line; null where its status is no number. */
export function requestRecord(row: Row, line: number): RequestRecord | null {
  const status = row.number('EdgeResponseStatus');
  if (status === undefined) return null;
  const startMs = momentMs(row.get('EdgeStartTimestamp'));
  const endMs = momentMs(row.get('EdgeEndTimestamp'));
  const durationMs = duration(row, startMs, endMs);
  const atMs = endMs ?? (startMs === undefined ? momentMs(row.get('Datetime')) : startMs + (durationMs ?? 0));
  const origin = originStatus(row);
  const signal = isOrdinary(status, origin) ? undefined : edgeSignal(edgeFacts(row, status, durationMs));
  const path = row.text('ClientRequestPath') ?? row.text('ClientRequestURI');
  const upstreamMs = upstreamDuration(row);
  const ray = rayId(row.text('RayID'));
  const parentRay = rayId(row.text('ParentRayID'));
  const colo = row.text('EdgeColoCode');
  const weight = row.number('sampleInterval');
  const method = row.text('ClientRequestMethod');
  const host = row.text('ClientRequestHost');
  const client = row.text('ClientIP');
  const upstream = row.text('OriginIP');
  const bytes = row.number('EdgeResponseBytes');
  const contentType = row.text('EdgeResponseContentType');
  const userAgent = row.text('ClientRequestUserAgent');
  return {
    kind: 'request',
    hop: 'edge',
    line,
    stamp: atMs === undefined ? { kind: 'none' } : { kind: 'utc', ms: atMs, offsetMinutes: 0 },
    text: shownText(row),
    status,
    visitor: VISITORS.has(requestSource(row)) && !isSubrequest(row),
    ...(origin !== undefined && { originStatus: origin }),
    ...(signal && { signal }),
    ...(method !== undefined && { method: method.toUpperCase() }),
    ...(host !== undefined && { host: host.toLowerCase() }),
    ...(path !== undefined && { path: withoutQuery(path) }),
    ...(ray !== undefined && { ray }),
    ...(colo !== undefined && /^[A-Z]{3,4}$/.test(colo) && { colo }),
    ...(client !== undefined && { client }),
    ...(upstream !== undefined && { upstream }),
    ...(durationMs !== undefined && { durationMs }),
    ...(upstreamMs !== undefined && { upstreamMs }),
    ...(bytes !== undefined && { bytes }),
    ...(contentType !== undefined && { contentType }),
    ...(userAgent !== undefined && { userAgent }),
    ...(weight !== undefined && weight > 1 && { weight }),
    ...(parentRay !== undefined && { parentRay }),
  };
}

/** The columns that decide, as they stand in the row; a row has more than a hundred. */
const SHOWN = [
  'EdgeResponseStatus',
  'OriginResponseStatus',
  'EdgeColoCode',
  'ClientRequestMethod',
  'ClientRequestHost',
  'ClientRequestPath',
  'ClientRequestURI',
  'RayID',
  'EdgeEndTimestamp',
  'CacheCacheStatus',
  'OriginIP',
  'OriginResponseDurationMs',
  'WorkerStatus',
  'SecurityAction',
] as const;

function shownText(row: Row): string {
  let text = '';
  for (const name of SHOWN) {
    const value = row.text(name);
    if (value === undefined || (name === 'ClientRequestURI' && text.includes('ClientRequestPath='))) continue;
    text += `${text === '' ? '' : ' '}${name}=${value}`;
  }
  return text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
}

/**
 * Wall time of a request. With `rfc3339` both stamps are whole seconds, so the columns in milliseconds refine the
 * difference where they agree with it; a long download takes longer than they say.
 */
function duration(row: Row, startMs: number | undefined, endMs: number | undefined): number | undefined {
  const fineMs = Math.max(row.number('EdgeTimeToFirstByteMs') ?? 0, upstreamDuration(row) ?? 0);
  if (startMs === undefined || endMs === undefined) return fineMs > 0 ? fineMs : undefined;
  const coarseMs = Math.max(0, endMs - startMs);
  const wholeSeconds = startMs % 1000 === 0 && endMs % 1000 === 0;
  return wholeSeconds && fineMs > 0 && Math.abs(fineMs - coarseMs) <= 1000 ? fineMs : coarseMs;
}

/** Time of the origin in milliseconds; the deprecated column counts nanoseconds. */
function upstreamDuration(row: Row): number | undefined {
  const ms = row.number('OriginResponseDurationMs') ?? 0;
  if (ms > 0) return ms;
  const ns = row.number('OriginResponseTime') ?? 0;
  return ns > 0 ? Math.round(ns / 1e6) : undefined;
}

/** 16 hexadecimal digits in lower case; undefined for `00`, masks and the like. */
export function rayId(text: string | undefined): string | undefined {
  const m = text === undefined ? null : /^([0-9a-f]{16})(?:-[A-Za-z]{3,4})?$/i.exec(text);
  return m?.[1]?.toLowerCase();
}

/** Path of a request target: without query, and without scheme and host where it is a whole address. */
export function withoutQuery(target: string): string {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  const whole = /^https?:\/\/[^/]*(\/.*)?$/is.exec(path);
  return (whole ? (whole[1] ?? '/') : path) || '/';
}
