import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { Line } from '../format.ts';
import { splitRequest } from './nginx-context.ts';

/** Which side of Varnish a transaction is of: the client's, the backend's, or neither. */
export type Side = 'Request' | 'BeReq' | 'Session';

const HEAD = /^(?:\*{1,4}|\*\d\*) {1,3}<< (Request|BeReq|Session) {1,8}>> \d{1,20}\s{0,24}$/;
const TAG = /^-(?:-{0,3}|\d-) {1,3}([A-Z]\w{1,20})(?: {1,20}(.{0,4000}))?$/;
/** An entry whose end is missing does not swallow what follows. */
const MOST_LINES = 1000;

const HOST = /^host: {0,4}([\w.-]{1,253})/i;
const VISITOR = /^cf-connecting-ip: {0,4}([\da-f:.]{3,45})$/i;
const RAY = /^cf-ray: {0,4}([\da-f]{16})(?:-([A-Z]{3}))?$/i;
const AGENT = /^user-agent: {0,4}(.{1,1000})$/i;
const OWN = /^server: {0,4}varnish$/i;

/** What the tags of a transaction said. */
export interface Transaction {
  readonly side: Side;
  readonly line: Line;
  stamp: Stamp;
  /** From the request's first byte to the last time that was written. */
  durationMs?: number;
  method: string;
  url: string;
  host?: string;
  ray?: string;
  colo?: string;
  client?: string;
  userAgent?: string;
  status?: number;
  bytes?: number;
  /** Of a backend's side: where the connection went. */
  upstream?: string;
  /** Why a fetch failed, the first of the reasons. */
  fetchError?: string;
  /** The answer is one of Varnish's own: its page for a failed fetch, or one that the VCL ordered. */
  isOwn: boolean;
  /** The VCL ordered the answer (`synth`), so no backend was asked. */
  isSynth: boolean;
}

/** `Resp: 1795223361.760669 2.003575 0.000037`: an event, when it was, how long after the begin and after the event before. */
const TIMESTAMP = /^[A-Za-z]{2,20}: (\d{9,11})\.(\d{3})\d{0,6} (\d{1,9}\.\d{1,9})/;

/** The moment of a `Timestamp`, in UTC. */
export function timestampIn(text: string): { readonly stamp: Stamp; readonly sinceBeginMs: number } | null {
  const m = TIMESTAMP.exec(text);
  if (m === null) return null;
  return {
    stamp: { kind: 'utc', ms: Number(m[1]) * 1000 + Number(m[2]) },
    sinceBeginMs: Math.round(Number(m[3]) * 1000),
  };
}

type Reader = (entry: Transaction, value: string) => void;

const readHeader: Reader = (entry, value) => {
  const host = HOST.exec(value)?.[1];
  if (host !== undefined) entry.host = host.toLowerCase();
  const [, ray, colo] = RAY.exec(value) ?? [];
  if (ray !== undefined) entry.ray = ray.toLowerCase();
  if (colo !== undefined) entry.colo = colo;
  const client = VISITOR.exec(value)?.[1];
  if (client !== undefined) entry.client = client;
  const agent = AGENT.exec(value)?.[1];
  if (agent !== undefined) entry.userAgent = agent;
};

const readMethod: Reader = (entry, value) => {
  entry.method = value;
};

const readUrl: Reader = (entry, value) => {
  entry.url = value;
};

const readStatus: Reader = (entry, value) => {
  if (/^\d{3}$/.test(value)) entry.status = Number(value);
};

/** What is read of each tag; a header field that was set last counts. */
const TAGS: Readonly<Record<string, Reader>> = {
  Timestamp: (entry, value) => {
    const moment = timestampIn(value);
    if (moment === null) return;
    entry.stamp = moment.stamp;
    entry.durationMs = moment.sinceBeginMs;
  },
  ReqStart: (entry, value) => {
    entry.client ??= value.split(' ')[0] ?? '';
  },
  ReqMethod: readMethod,
  BereqMethod: readMethod,
  ReqURL: readUrl,
  BereqURL: readUrl,
  ReqHeader: readHeader,
  BereqHeader: readHeader,
  RespStatus: readStatus,
  BerespStatus: readStatus,
  RespReason: (entry, value) => {
    if (value === 'Backend fetch failed') entry.isOwn = true;
  },
  RespHeader: (entry, value) => {
    if (OWN.test(value)) entry.isOwn = true;
  },
  VCL_call: (entry, value) => {
    if (value === 'SYNTH') entry.isSynth = true;
  },
  ReqAcct: (entry, value) => {
    const sent = value.split(' ')[4];
    if (sent !== undefined && /^\d{1,15}$/.test(sent)) entry.bytes = Number(sent);
  },
  BackendOpen: (entry, value) => {
    const [, , address, port] = value.split(' ');
    if (address !== undefined && port !== undefined && /^\d{1,5}$/.test(port))
      entry.upstream = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  },
  FetchError: (entry, value) => {
    entry.fetchError ??= value;
    const backend = /^backend (\S{1,200}): /.exec(value)?.[1];
    if (backend !== undefined) entry.upstream ??= backend;
  },
};

/** Side of the transaction that a line begins; null where it begins none. */
export function sideIn(text: string): Side | null {
  const side = text.startsWith('*') ? HEAD.exec(text)?.[1] : undefined;
  return side === 'Request' || side === 'BeReq' || side === 'Session' ? side : null;
}

/** Gathers the tags of one transaction after the other, of the sides that are wanted. */
export class TransactionReader {
  private readonly wanted: readonly Side[];
  private readonly onEntry: (entry: Transaction) => void;
  private entry: Transaction | null = null;
  private lines = 0;

  constructor(wanted: readonly Side[], onEntry: (entry: Transaction) => void) {
    this.wanted = wanted;
    this.onEntry = onEntry;
  }

  get isInside(): boolean {
    return this.entry !== null;
  }

  push(line: Line): boolean {
    const side = sideIn(line.text);
    if (side !== null) {
      this.end();
      if (!this.wanted.includes(side)) return false;
      this.entry = { side, line, stamp: NO_STAMP, method: '', url: '', isOwn: false, isSynth: false };
      this.lines = 0;
      return true;
    }
    const { entry } = this;
    if (entry === null) return false;
    const m = TAG.exec(line.text);
    if (m === null || this.lines++ > MOST_LINES) {
      this.end();
      return false;
    }
    const [, tag = '', value = ''] = m;
    TAGS[tag]?.(entry, value.trimEnd());
    if (tag === 'End') this.end();
    return true;
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    if (entry !== null) this.onEntry(entry);
  }
}

/** Method and path of a transaction. */
export const requestOf = ({ method, url }: Transaction): { method?: string; path?: string } =>
  url === '' ? {} : splitRequest(`${method} ${url} HTTP/1.1`);
