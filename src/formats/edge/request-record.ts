import type { Draft } from '../../vocabulary/draft.ts';
import { NO_STAMP, type RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { edgeFacts, isSubrequest, originStatus, requestSource } from './edge-facts.ts';
import { edgeSignal, isOrdinary } from './edge-rows.ts';
import type { Row } from './row.ts';

const LONGEST_TEXT = 2000;
/**
 * Sources that stand for a visitor. Orange-to-orange rows do: the visitor's request came through another zone. All other
 * sources are Cloudflare's own or a Worker's.
 */
const VISITORS = new Set(['', 'unknown', 'eyeball', 'orangetoorange']);

const COLO = /^[A-Z]{3,4}$/;

/** What the rules tell of a row. */
export interface RowTold {
  readonly signal?: SignalId | undefined;
  readonly visitor: boolean;
}

/** What decides how a row counts. */
export interface RowOutcome extends RowTold {
  readonly status: number;
  readonly origin: number | undefined;
  /** When the answer was given, milliseconds since 1970. */
  readonly atMs: number | undefined;
  readonly durationMs: () => number | undefined;
}

/** How a request's row counts, of which the rules are not asked again where it was `told`; null where its status is no number. */
export function rowOutcome(row: Row, told?: RowTold): RowOutcome | null {
  const status = row.number('EdgeResponseStatus');
  if (status === undefined) return null;
  const endMs = row.moment('EdgeEndTimestamp');
  const durationMs = (): number | undefined => duration(row, row.moment('EdgeStartTimestamp'), endMs);
  // What all rows are asked for comes first (`RowLessons`).
  const visitor = told?.visitor ?? (VISITORS.has(requestSource(row)) && !isSubrequest(row));
  const origin = originStatus(row);
  const atMs = endMs ?? timeOf(row, durationMs);
  const signal = told === undefined ? signalOf(row, status, origin, durationMs) : told.signal;
  return { status, origin, atMs, durationMs, signal, visitor };
}

function signalOf(
  row: Row,
  status: number,
  origin: number | undefined,
  durationMs: () => number | undefined,
): SignalId | undefined {
  return isOrdinary(status, origin) ? undefined : edgeSignal(edgeFacts(row, status, durationMs));
}

/** When a row without `EdgeEndTimestamp` says that the answer was given. */
function timeOf(row: Row, durationMs: () => number | undefined): number | undefined {
  const startMs = row.moment('EdgeStartTimestamp');
  return startMs === undefined ? row.moment('Datetime') : startMs + (durationMs() ?? 0);
}

/** The record of a request's row on this line; `told` as in `rowOutcome`. Null where its status is no number. */
export function requestRecord(row: Row, line: number, told?: RowTold): RequestRecord | null {
  const record = textlessRecord(row, line, told);
  return record && Object.assign(record, { text: shownText(row) });
}

/** The same without its text. */
export function textlessRecord(row: Row, line: number, told?: RowTold): Draft<Omit<RequestRecord, 'text'>> | null {
  const outcome = rowOutcome(row, told);
  if (outcome === null) return null;
  const { status, origin, atMs, signal, visitor } = outcome;
  const durationMs = outcome.durationMs();
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
  const edgeServer = row.text('EdgeServerIP');
  const bytes = row.number('EdgeResponseBytes');
  const contentType = row.text('EdgeResponseContentType');
  const userAgent = row.text('ClientRequestUserAgent');
  const record: Draft<Omit<RequestRecord, 'text'>> = {
    kind: 'request',
    hop: 'edge',
    line,
    stamp: atMs === undefined ? NO_STAMP : { kind: 'utc', ms: atMs, offsetMinutes: 0 },
    status,
    visitor,
  };
  // One by one: spreading an object for each took more time than all the reading before.
  if (origin !== undefined) record.originStatus = origin;
  if (signal !== undefined) record.signal = signal;
  if (method !== undefined) record.method = method.toUpperCase();
  if (host !== undefined) record.host = host.toLowerCase();
  if (path !== undefined) record.path = withoutQuery(path);
  if (ray !== undefined) record.ray = ray;
  if (colo !== undefined && COLO.test(colo)) record.colo = colo;
  if (client !== undefined) record.client = client;
  if (upstream !== undefined) record.upstream = upstream;
  if (durationMs !== undefined) record.durationMs = durationMs;
  if (upstreamMs !== undefined) record.upstreamMs = upstreamMs;
  if (bytes !== undefined) record.bytes = bytes;
  if (contentType !== undefined) record.contentType = contentType;
  if (userAgent !== undefined) record.userAgent = userAgent;
  if (weight !== undefined && weight > 1) record.weight = weight;
  if (edgeServer !== undefined) record.edgeServer = edgeServer;
  if (parentRay !== undefined) record.parentRay = parentRay;
  return record;
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

/** The columns as they are written before their values. */
const LEADS = SHOWN.map((name) => ` ${name}=`);

/** A row's text as a report shows it. */
export function shownText(row: Row): string {
  // Joined in one go: what is added up piece by piece stays in as many pieces in memory.
  const parts: string[] = [];
  let hasPath = false;
  for (let i = 0; i < SHOWN.length; i++) {
    const name = SHOWN[i] ?? '';
    if (hasPath && name === 'ClientRequestURI') continue;
    const value = row.text(name);
    if (value === undefined) continue;
    hasPath ||= name === 'ClientRequestPath' || value.includes('ClientRequestPath=');
    const lead = LEADS[i] ?? '';
    parts.push(parts.length === 0 ? lead.trimStart() : lead, value);
  }
  const text = parts.join('');
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
  if (text === undefined || text.length < RAY_DIGITS) return undefined;
  if (text.length === RAY_DIGITS && isLowerHex(text)) return text;
  const m = /^([0-9a-f]{16})(?:-[A-Za-z]{3,4})?$/i.exec(text);
  return m?.[1]?.toLowerCase();
}

const RAY_DIGITS = 16;

function isLowerHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (!((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}

/** Path of a request target: without query, and without scheme and host where it is a whole address. */
export function withoutQuery(target: string): string {
  const end = target.search(/[?#]/);
  const path = end < 0 ? target : target.slice(0, end);
  const whole = /^https?:\/\/[^/]*(\/.*)?$/is.exec(path);
  return (whole ? (whole[1] ?? '/') : path) || '/';
}
