import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { Draft } from '../../vocabulary/draft.ts';
import { isPrivateAddress } from '../../vocabulary/private-address.ts';
import type { LogRecord, RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Line } from '../format.ts';
import { parseClf } from './access-time.ts';
import { splitRequest } from './nginx-context.ts';

/** Longest beginning in which the numbers of a row stand; frontends, backends and servers have long names at times. */
const LONGEST_NUMBERS = 1200;
const HEAD =
  /^(?:\S{1,100}:)?(\S{2,60}):(\d{1,5}) \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d\.\d{3})\] (\S{1,160}) (\S{1,160})\/(\S{1,160}) ((?:[+-]?\d{1,9}\/){2,4}[+-]?\d{1,9}) /;
/** Status, bytes, two captured cookies, termination state, connections, queues. */
const HTTP =
  /^(\d{3}|-1) \+?(\d{1,15}) \S{1,200} \S{1,200} ([A-Za-z-]{4}) (?:\d{1,9}\/){4}\+?(\d{1,9}) \d{1,9}\/\d{1,9}(?: |$)/;
/** Bytes, termination state, connections, queues. */
const TCP = /^\+?(\d{1,15}) ([A-Za-z-]{2}) (?:\d{1,9}\/){4}\+?(\d{1,9}) \d{1,9}\/\d{1,9}/;

/**
 * HAProxy waits this long before it asks a server again that refused it (its manual, `retries`). A refusal comes at once: where each
 * try took longer than half of it, somebody on the way said that the server cannot be reached, which is `SC` too.
 */
const BEFORE_RETRY_MS = 1000;
const NO_REFUSAL_MS = 500;

const NO_SERVER = '<NOSRV>';
const BAD_REQUEST = '<BADREQ>';

/** A row of `option httplog` or `option tcplog`. */
export interface HaproxyRow {
  readonly client: string;
  /** When the connection was accepted; local time without zone. */
  readonly accepted: Stamp;
  readonly backend: string;
  readonly server: string;
  /** Milliseconds from the first byte of the request to the last of the answer. */
  readonly totalMs: number;
  /** How often it tried again to connect; absent where the log does not say. */
  readonly retries?: number;
  /** Milliseconds in which the request was read and waited for its turn. */
  readonly waitedMs: number;
  /** Milliseconds that the server took for the header of its answer; negative where none came. */
  readonly headerMs: number;
  /** Undefined in TCP mode. */
  readonly status?: number | undefined;
  readonly bytes: number;
  /** Who ended the session, and in which phase (HAProxy's manual, "Session state at disconnection"). */
  readonly state: string;
  /** Captured header fields and the request line. */
  readonly rest: string;
}

/** Reads a row; null for any other line. */
export function readHaproxyRow(text: string): HaproxyRow | null {
  const beginning = text.slice(0, LONGEST_NUMBERS);
  const head = HEAD.exec(beginning);
  const accepted = head?.[3] === undefined ? undefined : parseClf(head[3]);
  if (head === null || accepted === undefined) return null;
  const after = beginning.slice(head[0].length);
  const timers = (head[7] ?? '').split('/').map(Number);
  const http = timers.length === 5 ? HTTP.exec(after) : null;
  const tcp = timers.length === 3 ? TCP.exec(after) : null;
  const found = http ?? tcp;
  if (found === null) return null;
  const totalMs = Math.max(0, timers.at(-1) ?? 0);
  return {
    client: head[1] ?? '',
    accepted,
    backend: head[5] ?? '',
    server: head[6] ?? '',
    totalMs,
    waitedMs: Math.max(0, timers[0] ?? 0) + (http === null ? 0 : Math.max(0, timers[1] ?? 0)),
    retries: Number(http === null ? found[3] : found[4]),
    headerMs: http === null ? -1 : (timers[3] ?? -1),
    status: http === null ? undefined : Math.max(0, Number(http[1])),
    bytes: Number(http === null ? found[1] : found[2]),
    state: (http === null ? found[2] : found[3]) ?? '--',
    rest: text.slice(head[0].length + found[0].length),
  };
}

/** What the first two letters of the state mean, where the backend is at fault; with status or not. */
const BY_STATE: Readonly<Record<string, SignalId>> = {
  SC: 'proxy.not-connected',
  sC: 'proxy.connect-timeout',
  sQ: 'proxy.queue-timeout',
  SH: 'proxy.backend-closed',
  sH: 'proxy.backend-timeout',
  PH: 'proxy.backend-invalid',
  SD: 'proxy.backend-cut',
  sD: 'proxy.backend-cut',
  PD: 'proxy.backend-cut',
  SL: 'proxy.backend-cut',
  sL: 'proxy.backend-cut',
  DC: 'proxy.backend-closed',
  DH: 'proxy.backend-closed',
  DD: 'proxy.backend-cut',
};

/** In TCP mode all that follows the connection is one phase: a server that sent nothing gave no answer at all. */
const NOTHING_SENT: Readonly<Record<string, SignalId>> = { SD: 'proxy.backend-closed', sD: 'proxy.backend-timeout' };

/** A rule of HAProxy's own that refuses: `http-request deny`, and `tarpit`. */
const REFUSED_BY_RULE: ReadonlySet<string> = new Set(['PR', 'PT']);
/** A rule that answers: `http-request return`. */
const ANSWERED_BY_RULE = 'LR';

/** Whether the connection was refused, and not, after a while, said to lead nowhere. */
function refusedAtOnce({ totalMs, waitedMs, retries }: HaproxyRow): boolean {
  return retries === undefined || totalMs - waitedMs - retries * BEFORE_RETRY_MS <= (retries + 1) * NO_REFUSAL_MS;
}

function rowSignal(row: HaproxyRow): SignalId | undefined {
  const { state, status = 0, server, rest } = row;
  const ended = state.slice(0, 2);
  const [by] = state;
  if (rest.endsWith(`"${BAD_REQUEST}"`)) return 'proxy.bad-request';
  if (ended === 'SC' && server === NO_SERVER) return 'proxy.no-backend';
  if (ended === 'SC' && !refusedAtOnce(row)) return 'proxy.backend-unreachable';
  if (by === 'C' || by === 'c') return 'proxy.client-abort';
  if (by === 'R' || by === 'I') return 'proxy.own-error';
  const known = (row.status === undefined && row.bytes === 0 ? NOTHING_SENT[ended] : undefined) ?? BY_STATE[ended];
  if (known !== undefined) return known;
  if (status === 403 || status === 429) return by === 'P' ? 'proxy.refused' : 'access.refused-403';
  if (status < 500) return undefined;
  if (server === NO_SERVER && REFUSED_BY_RULE.has(ended)) return 'proxy.refused';
  if (status === 503 && ended === ANSWERED_BY_RULE) return 'access.own-503';
  return server === NO_SERVER || by !== '-' ? 'access.5xx' : 'access.answered-5xx';
}

/** Signals of rows on which no answer of the backend arrived. */
const UNANSWERED: ReadonlySet<SignalId> = new Set<SignalId>([
  'proxy.not-connected',
  'proxy.backend-unreachable',
  'proxy.connect-timeout',
  'proxy.queue-timeout',
  'proxy.backend-closed',
  'proxy.backend-timeout',
  'proxy.backend-invalid',
  'proxy.no-backend',
]);

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})$/i;
const HOST = /^(?=[^:]*[.a-z])[\w.-]{1,253}(?::\d{1,5})?$/i;
const RAY = /^([\da-f]{16})(?:-([A-Z]{3}))?$/i;

/** What of a request stands in the captured header fields, which have no names: told by their shapes. */
export function captured(row: HaproxyRow): { host?: string; ray?: string; colo?: string; client?: string } {
  const found: { host?: string; ray?: string; colo?: string; client?: string } = {};
  const at = row.rest.lastIndexOf('} "');
  if (!row.rest.startsWith('{') || at < 0) return found;
  for (const value of row.rest.slice(1, Math.min(at, 4000)).split(/[|{}]/)) {
    const text = value.split(',')[0]?.trim() ?? '';
    const ray = RAY.exec(text);
    if (ray?.[1] !== undefined) {
      found.ray ??= ray[1].toLowerCase();
      if (ray[2] !== undefined) found.colo ??= ray[2].toUpperCase();
    } else if (ADDRESS.test(text)) {
      // An address that was handed on is the visitor's where the peer is a proxy.
      if (isPrivateAddress(row.client) || isCloudflareAddress(row.client)) found.client ??= text;
    } else if (HOST.test(text)) found.host ??= text.replace(/:\d{1,5}$/, '').toLowerCase();
  }
  return found;
}

/** When the answer was given. */
function endOf({ accepted, totalMs }: HaproxyRow): Stamp {
  return accepted.kind === 'none' ? accepted : { ...accepted, ms: accepted.ms + totalMs };
}

/** The record of a row: a request, or in TCP mode, where there is none, what became of a connection. */
export function haproxyRecord(row: HaproxyRow, line: Line): LogRecord {
  const signal = rowSignal(row);
  const fields = entryFields(line, endOf(row));
  const upstream = row.server === NO_SERVER ? row.backend : `${row.backend}/${row.server}`;
  const { client, status } = row;
  if (status === undefined) {
    const values = { state: row.state };
    return { ...fields, kind: 'clue', hop: 'proxy', client, upstream, signal: signal ?? 'proxy.other', values };
  }
  const quote = row.rest.indexOf('"', row.rest.startsWith('{') ? row.rest.indexOf('} "') : 0);
  const request = quote < 0 ? '' : row.rest.slice(quote + 1).replace(/"$/, '');
  const { method, path } = splitRequest(request.slice(0, 8000));
  const { ray, colo, host, client: visitor } = captured(row);
  const record: Draft<RequestRecord> = {
    kind: 'request',
    hop: 'proxy',
    line: line.number,
    stamp: fields.stamp,
    text: fields.text,
    client: visitor ?? client,
    upstream,
    status,
    durationMs: row.totalMs,
    bytes: row.bytes,
    visitor: true,
  };
  if (fields.outerStamp !== undefined) record.outerStamp = fields.outerStamp;
  if (fields.server !== undefined) record.server = fields.server;
  if (method !== undefined) record.method = method;
  if (path !== undefined) record.path = path;
  if (host !== undefined) record.host = host;
  if (ray !== undefined) record.ray = ray;
  if (colo !== undefined) record.colo = colo;
  if (row.headerMs >= 0) record.upstreamMs = row.headerMs;
  if (signal === undefined) return record;
  record.signal = signal;
  if (UNANSWERED.has(signal)) record.originStatus = 0;
  else if (signal === 'access.answered-5xx') record.originStatus = status;
  return record;
}
