import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import type { Line } from '../format.ts';
import type { AccessFields } from './access-fields.ts';
import { type AccessOutcome, accessSignal, headerCame } from './access-signal.ts';
import { accessStamp } from './access-time.ts';
import { splitRequest } from './nginx-context.ts';

const LONGEST_TEXT = 2000;

/** Last element of a list: rounds are joined by ` : `, tries of a round by `, `; the last belongs to the answer. */
export function lastOf(list: string): string {
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

function rayOf(value: string | undefined): { ray?: string; colo?: string } {
  const m = /^([\da-f]{16})(?:-([A-Z]{3}))?$/i.exec(value ?? '');
  if (m?.[1] === undefined) return {};
  return { ray: m[1].toLowerCase(), ...(m[2] === undefined ? {} : { colo: m[2].toUpperCase() }) };
}

const PRIVATE = /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|::1$|f[cd][\da-f]{2}:|unix:|-?$)/i;

/** The visitor: what a header of Cloudflare says, else the first forwarded address where the peer is a proxy, else the peer. */
function clientOf(fields: AccessFields): string | undefined {
  const stated = [fields.visitorAddr, fields.remoteAddr].find(
    (value) => value !== undefined && value !== '-' && value !== '',
  );
  const peer = fields.remoteAddr ?? '';
  const forwarded = fields.forwardedFor?.split(',')[0]?.trim();
  const behindProxy = fields.visitorAddr === undefined && (PRIVATE.test(peer) || isCloudflareAddress(peer));
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

function requestOf(fields: AccessFields): { method?: string; path?: string } {
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
  if (headerCame(outcome) === true && received >= 100) return received;
  const noAnswer = ['access.no-answer-502', 'access.no-upstream-502', 'access.no-live-502', 'access.timeout-504'];
  return signal !== undefined && noAnswer.includes(signal) ? 0 : undefined;
}

/** The record of a row, or null where its status or its time is missing. */
export function accessRecord(fields: AccessFields, line: Line): RequestRecord | null {
  const stamp = accessStamp(fields.time, fields.msec);
  if (stamp === undefined || !/^\d{3}$/.test(fields.status ?? '')) return null;
  const durationMs = toMs(fields.requestTime);
  const upstreamMs = toMs(last(fields.upstreamResponseTime));
  const upstream = last(fields.upstreamAddr)?.replace(/:$/, '');
  const outcome: AccessOutcome = {
    status: Number(fields.status),
    request: fields.request,
    requestTimeMs: durationMs,
    upstreamStatus: last(fields.upstreamStatus),
    upstreamAddr: upstream,
    connectTime: last(fields.upstreamConnectTime),
    headerTime: last(fields.upstreamHeaderTime),
    responseTimeMs: upstreamMs,
  };
  const signal = accessSignal(outcome);
  const received = originStatus(outcome, signal);
  const client = clientOf(fields);
  const host = hostOf(fields);
  const { wrapper } = line;
  return {
    kind: 'request',
    hop: 'proxy',
    line: line.number,
    stamp,
    text: line.text.slice(0, LONGEST_TEXT),
    status: outcome.status,
    visitor: true,
    ...(wrapper === null || wrapper.stamp.kind === 'none' ? {} : { outerStamp: wrapper.stamp }),
    ...(wrapper?.server === undefined ? {} : { server: wrapper.server }),
    ...(received === undefined ? {} : { originStatus: received }),
    ...(signal === undefined ? {} : { signal }),
    ...requestOf(fields),
    ...(host === undefined ? {} : { host }),
    ...rayOf(fields.ray),
    ...(client === undefined ? {} : { client }),
    ...(upstream === undefined || upstream === '-' || upstream === '' ? {} : { upstream }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(upstreamMs === undefined ? {} : { upstreamMs }),
    ...(/^\d{1,15}$/.test(fields.bytes ?? '') ? { bytes: Number(fields.bytes) } : {}),
    ...(isGiven(fields.contentType) ? { contentType: fields.contentType } : {}),
    ...(isGiven(fields.userAgent) ? { userAgent: fields.userAgent } : {}),
  };
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== '' && value !== '-';
}
