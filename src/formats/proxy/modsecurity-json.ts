import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { monthIndex, wallMs } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { parseClf } from './access-time.ts';

/** What the audit log says of one transaction, whichever way it is written. */
export interface AuditEntry {
  readonly stamp: Stamp;
  /** The clock of the host without zone, where the time with a zone stands elsewhere in the entry. */
  readonly outerStamp?: Stamp;
  readonly client?: string;
  readonly request?: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly status?: number;
  /** Whether the entry says that a rule broke the request off; version 3 says so from 2026 on (`is_interrupted`). */
  readonly denied: boolean;
  /** The rule that refused; the last one that matched where none is said to have. */
  readonly rule?: string;
  /** The web server that ModSecurity is part of. */
  readonly server?: 'Apache' | 'nginx' | 'IIS';
}

const LOOKS = /^\{"transaction":\{"(?:time|client_ip|transaction_id|time_stamp)":/;
const LOCAL = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/;
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;
const RULE = /\[id "(\d{1,10})"\]/;
const DENIED = /^(?:ModSecurity: )?Access denied/;

type Members = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Header fields by their names in lower case. */
function headersOf(value: unknown): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [name, text] of Object.entries(membersOf(value)))
    if (typeof text === 'string') headers.set(name.toLowerCase(), text);
  return headers;
}

function wall(year?: string, month?: string, day?: string, ...clock: readonly (string | undefined)[]): number | null {
  const index = monthIndex(month ?? '');
  if (index === undefined) return null;
  const [hour, minute, second] = clock.map(Number);
  return wallMs(Number(year), index, Number(day), hour ?? 0, minute ?? 0, second ?? 0);
}

function localTime(text: string | undefined): Stamp {
  const m = LOCAL.exec(text ?? '');
  const ms = m === null ? null : wall(m[6], m[1], m[2], m[3], m[4], m[5]);
  return ms === null ? NO_STAMP : { kind: 'local', ms };
}

function httpDate(text: string | undefined): Stamp {
  const m = HTTP_DATE.exec(text ?? '');
  const ms = m === null ? null : wall(m[3], m[2], m[1], m[4], m[5], m[6]);
  return ms === null ? NO_STAMP : { kind: 'utc', ms };
}

function serverOf(producer: string): AuditEntry['server'] | undefined {
  return /Apache/.test(producer)
    ? 'Apache'
    : /nginx/i.test(producer)
      ? 'nginx'
      : /IIS/.test(producer)
        ? 'IIS'
        : undefined;
}

const statusOf = (value: unknown): { status?: number } =>
  typeof value === 'number' && value >= 100 && value <= 599 ? { status: value } : {};

/** Version 2 (`SecAuditLogFormat JSON`): request, response and what was said stand beside the transaction. */
function versionTwo(transaction: Members, row: Members): AuditEntry {
  const request = membersOf(row.request);
  const said = membersOf(row.audit_data);
  const messages = listOf(said.messages).flatMap((message) => textOf(message) ?? []);
  const telling = messages.find((message) => DENIED.test(message)) ?? messages.at(-1) ?? '';
  const rule = RULE.exec(telling)?.[1];
  const server = serverOf(`${textOf(said.producer)} ${textOf(said.server)}`);
  const client = textOf(transaction.remote_address);
  const requestLine = textOf(request.request_line);
  return {
    stamp: parseClf(textOf(transaction.time) ?? '') ?? NO_STAMP,
    ...(client === undefined ? {} : { client }),
    ...(requestLine === undefined ? {} : { request: requestLine }),
    headers: headersOf(request.headers),
    ...statusOf(membersOf(row.response).status),
    denied: membersOf(said.action).intercepted === true || DENIED.test(telling),
    ...(rule === undefined ? {} : { rule }),
    ...(server === undefined ? {} : { server }),
  };
}

/** Version 3: all of it stands in the transaction; its time is local, that of the answer's `Date` is not. */
function versionThree(transaction: Members): AuditEntry {
  const request = membersOf(transaction.request);
  const response = membersOf(transaction.response);
  const local = localTime(textOf(transaction.time_stamp));
  const exact = httpDate(headersOf(response.headers).get('date'));
  const last = membersOf(listOf(transaction.messages).at(-1));
  const rule = textOf(membersOf(last.details).ruleId);
  const server = serverOf(textOf(membersOf(transaction.producer).connector) ?? '');
  const client = textOf(transaction.client_ip);
  const uri = textOf(request.uri);
  return {
    stamp: exact.kind === 'none' ? local : exact,
    ...(exact.kind === 'none' || local.kind === 'none' ? {} : { outerStamp: local }),
    ...(client === undefined ? {} : { client }),
    ...(uri === undefined ? {} : { request: `${textOf(request.method) ?? 'GET'} ${uri} HTTP/1.1` }),
    headers: headersOf(request.headers),
    ...statusOf(response.http_code),
    denied: transaction.is_interrupted === true,
    ...(rule === undefined || !/^\d{1,10}$/.test(rule) ? {} : { rule }),
    ...(server === undefined ? {} : { server }),
  };
}

/** What a line of the audit log in JSON says; null where it is none. */
export function readAuditJson(text: string): AuditEntry | null {
  if (!LOOKS.test(text.slice(0, 80))) return null;
  const row = parseObject(text);
  const transaction = membersOf(row?.transaction);
  if (row === null) return null;
  if (textOf(transaction.client_ip) !== undefined) return versionThree(transaction);
  return textOf(transaction.time) === undefined ? null : versionTwo(transaction, row);
}
