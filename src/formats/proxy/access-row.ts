import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { Draft } from '../../vocabulary/draft.ts';
import { isPrivateAddress } from '../../vocabulary/private-address.ts';
import type { RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Line } from '../format.ts';
import type { AccessFields } from './access-fields.ts';
import { type AccessOutcome, accessSignal, headerCame } from './access-signal.ts';
import { accessStamp } from './access-time.ts';
import { splitRequest } from './nginx-context.ts';

const LONGEST_TEXT = 2000;

/** Last element of a list: rounds are joined by ` : `, tries of a round by `, `; the last belongs to the answer. */
export function lastOf(list: string): string {
  // Most lists have one element.
  if (!list.includes(',') && !list.includes(' : ')) return list.trim();
  const round = list.slice(list.lastIndexOf(' : ') < 0 ? 0 : list.lastIndexOf(' : ') + 3);
  const comma = round.lastIndexOf(',');
  return (comma < 0 ? round : round.slice(comma + 1)).trim();
}

function last(list: string | undefined): string | undefined {
  return list === undefined ? undefined : lastOf(list);
}

/** Seconds as nginx writes them (`0.032`) in whole milliseconds, or undefined. */
function toMs(seconds: string | undefined): number | undefined {
  return seconds !== undefined && /^\d{1,9}(?:\.\d{1,9})?$/.test(seconds)
    ? Math.round(Number(seconds) * 1000)
    : undefined;
}

/** Whole milliseconds of a count of units, of which one millisecond has so many; undefined where it is no count. */
function countedMs(count: string | undefined, unitsPerMs: number): number | undefined {
  return count !== undefined && /^\d{1,15}$/.test(count) ? Math.round(Number(count) / unitsPerMs) : undefined;
}

/** How long the whole request took, in the unit in which it is written. */
function requestMs({ requestTime, requestTimeMs, requestTimeUs }: AccessFields): number | undefined {
  return toMs(requestTime) ?? countedMs(requestTimeMs, 1) ?? countedMs(requestTimeUs, 1000);
}

function rayOf(value: string | undefined): { ray?: string; colo?: string } {
  const m = /^([\da-f]{16})(?:-([A-Z]{3}))?$/i.exec(value ?? '');
  if (m?.[1] === undefined) return {};
  return { ray: m[1].toLowerCase(), ...(m[2] === undefined ? {} : { colo: m[2].toUpperCase() }) };
}

/** A peer that is no address: a socket, or nothing at all. */
const NO_ADDRESS = /^(?:unix:|-?$)/i;

/** The visitor: what a header of Cloudflare says, else the first forwarded address where the peer is a proxy, else the peer. */
function clientOf(fields: AccessFields): string | undefined {
  const { visitorAddr, remoteAddr } = fields;
  const stated = isGiven(visitorAddr) ? visitorAddr : isGiven(remoteAddr) ? remoteAddr : undefined;
  if (fields.forwardedFor === undefined || isGiven(visitorAddr)) return stated;
  const peer = remoteAddr ?? '';
  const forwarded = fields.forwardedFor.split(',')[0]?.trim();
  const behindProxy = isPrivateAddress(peer) || NO_ADDRESS.test(peer) || isCloudflareAddress(peer);
  return behindProxy && forwarded !== undefined && /^[\da-f:.]{3,45}$/i.test(forwarded) ? forwarded : stated;
}

/** The host that was asked for, lower case and without port, else the server's name; undefined where neither is one. */
export function hostOf(fields: AccessFields): string | undefined {
  for (const value of [fields.host, fields.serverName]) {
    const name = value?.replace(/:\d{1,5}$/, '').toLowerCase();
    if (name !== undefined && name !== '' && name !== '-' && name !== '_') return name;
  }
  return undefined;
}

/** The method and the path that were asked for, without query. */
export function requestOf(fields: AccessFields): { method?: string; path?: string } {
  const split = fields.request === undefined ? {} : splitRequest(fields.request);
  if (split.path !== undefined) return split;
  const uri = fields.uri ?? fields.request;
  const path = uri?.startsWith('/') ? uri.slice(0, uri.search(/[?# ]|$/)) : undefined;
  const method = /^[A-Z][A-Z_-]{1,20}$/.test(fields.method ?? '') ? fields.method : split.method;
  return { ...(method === undefined ? {} : { method }), ...(path === undefined ? {} : { path }) };
}

/** Status received from the upstream: 0 where none came, undefined where the row does not tell. */
function originStatus(outcome: AccessOutcome, signal: string | undefined): number | undefined {
  const received = Number(outcome.upstreamStatus ?? Number.NaN);
  if (signal === 'access.answered-5xx') return received;
  if (received >= 100 && headerCame(outcome) === true) return received;
  const noAnswer = ['access.no-answer-502', 'access.no-upstream-502', 'access.no-live-502', 'access.timeout-504'];
  return signal !== undefined && noAnswer.includes(signal) ? 0 : undefined;
}

/** The record of a row, or null where its status or its time is missing. */
export function accessRecord(fields: AccessFields, line: Line): RequestRecord | null {
  const stamp = accessStamp(fields.time, fields.msec);
  if (stamp === undefined || !/^\d{3}$/.test(fields.status ?? '')) return null;
  return datedRecord(fields, stamp, line);
}

function outcomeOf(fields: AccessFields): AccessOutcome {
  return {
    status: Number(fields.status),
    request: fields.request,
    requestTimeMs: requestMs(fields),
    upstreamStatus: last(fields.upstreamStatus),
    upstreamAddr: last(fields.upstreamAddr)?.replace(/:$/, ''),
    connectTime: last(fields.upstreamConnectTime),
    headerTime: last(fields.upstreamHeaderTime),
    responseTimeMs: toMs(last(fields.upstreamResponseTime)),
  };
}

/** What a row tells of its own failure, and the status received from the upstream (see `RequestRecord`), without its record. */
export function rowSignal(fields: AccessFields): RowSignal {
  return outcomeSignal(outcomeOf(fields));
}

/** What a row tells of its own failure. */
export interface RowSignal {
  /** Undefined for an ordinary answer. */
  readonly signal: SignalId | undefined;
  /** The status received from the upstream: 0 where no answer came, undefined where the row does not tell. */
  readonly received: number | undefined;
}

/** The same of a row's outcome. */
export function outcomeSignal(outcome: AccessOutcome): RowSignal {
  const signal = accessSignal(outcome);
  return { signal, received: originStatus(outcome, signal) };
}

/** The record of a row with a status of three digits, whose time has been read. */
export function datedRecord(fields: AccessFields, stamp: Stamp, line: Line): RequestRecord {
  const outcome = outcomeOf(fields);
  return recordOf(fields, stamp, line, outcome, outcomeSignal(outcome));
}

/** The record of such a row in which a proxy says itself what went wrong. */
export function toldRecord(fields: AccessFields, stamp: Stamp, line: Line, told: RowSignal): RequestRecord {
  return recordOf(fields, stamp, line, outcomeOf(fields), told);
}

function recordOf(
  fields: AccessFields,
  stamp: Stamp,
  line: Line,
  outcome: AccessOutcome,
  { signal, received }: RowSignal,
): RequestRecord {
  const { requestTimeMs: durationMs, responseTimeMs: upstreamMs, upstreamAddr: upstream } = outcome;
  const client = clientOf(fields);
  const host = hostOf(fields);
  const { wrapper } = line;
  const { method, path } = requestOf(fields);
  const { ray, colo } = rayOf(fields.ray);
  const record: Draft<RequestRecord> = {
    kind: 'request',
    hop: 'proxy',
    line: line.number,
    stamp,
    text: line.text.slice(0, LONGEST_TEXT),
    status: outcome.status,
    visitor: true,
  };
  if (wrapper !== null && wrapper.stamp.kind !== 'none') record.outerStamp = wrapper.stamp;
  if (wrapper?.server !== undefined) record.server = wrapper.server;
  if (received !== undefined) record.originStatus = received;
  if (signal !== undefined) record.signal = signal;
  if (method !== undefined) record.method = method;
  if (path !== undefined) record.path = path;
  if (host !== undefined) record.host = host;
  if (ray !== undefined) record.ray = ray;
  if (colo !== undefined) record.colo = colo;
  if (client !== undefined) record.client = client;
  if (isGiven(upstream)) record.upstream = upstream;
  if (durationMs !== undefined) record.durationMs = durationMs;
  if (upstreamMs !== undefined) record.upstreamMs = upstreamMs;
  if (/^\d{1,15}$/.test(fields.bytes ?? '')) record.bytes = Number(fields.bytes);
  if (isGiven(fields.contentType)) record.contentType = fields.contentType;
  if (isGiven(fields.userAgent)) record.userAgent = fields.userAgent;
  return record;
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== '-';
}
