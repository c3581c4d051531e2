import type { RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import { parseIso } from '../stamps.ts';
import type { AccessFields } from './access-fields.ts';
import { type RowSignal, requestOf, toldRecord } from './access-row.ts';
import { rowPerLine } from './one-row.ts';
import { type PeekedRow, rowBlocks } from './row-blocks.ts';

const LONGEST = 16_384;
/** Kind (Application Load Balancers only), time, balancer, client, target, three times, two statuses, bytes, request, agent. */
const ROW =
  /^(?:(?:https?|h2|grpcs?|wss?) )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([\w./-]{1,200}) ([\d.a-fA-F:[\]]{3,60}):(\d{1,5}) (\S{1,100}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (-|\d{3}) (-|\d{3}) (\d{1,15}) (\d{1,15}) "([^"]{0,9000})" "([^"]{0,2000})"(?= |$)/;
/** Cipher, protocol, target group, trace, name, certificate, rule, when the request came. */
const REST =
  /^ \S{1,100} \S{1,40} \S{1,300} "[^"]{0,300}" "([^"]{0,300})" "[^"]{0,300}" (?:-|-?\d{1,6}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z)/;

interface Outcome {
  readonly status: number;
  /** Null where the target gave none. */
  readonly targetStatus: number | null;
  readonly target: string;
  readonly durationMs: number | undefined;
  /** The target had the request for some time, and no answer could be passed on. */
  readonly wasAsked: boolean;
}

/** A connection to a target is given up after 10 s, an answer after the idle time-out: 60 s, unless it was set shorter. */
const CONNECT_TIMEOUT_MS = [9_500, 11_500] as const;

function told(outcome: Outcome): RowSignal {
  const { status, targetStatus, target } = outcome;
  if (targetStatus !== null && targetStatus === status)
    return { signal: status >= 500 ? 'access.answered-5xx' : refused(status), received: targetStatus };
  if (status === 460 || status === 0) return { signal: 'access.client-abort', received: undefined };
  if (status === 502 && targetStatus === null) {
    // AWS re:Post, "HTTP 502 errors": 0.001 4.205 -1 is a target that closed the connection with the request outstanding.
    return { signal: outcome.wasAsked ? 'proxy.backend-closed' : 'access.no-answer-502', received: 0 };
  }
  if (status === 502) return { signal: 'proxy.backend-invalid', received: targetStatus ?? undefined };
  if (status === 503 && target === '-') return { signal: 'proxy.no-backend', received: 0 };
  if (status === 504) {
    const { durationMs } = outcome;
    const [from, to] = CONNECT_TIMEOUT_MS;
    const isConnect = durationMs !== undefined && durationMs >= from && durationMs <= to;
    return { signal: isConnect ? 'proxy.connect-timeout' : 'proxy.backend-timeout', received: 0 };
  }
  if (status >= 500) return { signal: 'access.5xx', received: targetStatus ?? undefined };
  return { signal: refused(status), received: undefined };
}

const refused = (status: number): 'access.refused-403' | undefined =>
  status === 403 || status === 429 ? 'access.refused-403' : undefined;

/** A row, cut into its parts; what stands behind the agent only where it is asked for. */
class Row implements Outcome {
  readonly stamp: Stamp & { readonly kind: 'utc' };
  readonly parts: readonly (string | undefined)[];
  readonly status: number;
  readonly targetStatus: number | null;
  readonly target: string;
  private readonly behind: string;
  private found: RegExpExecArray | null | undefined;

  constructor(text: string, parts: RegExpExecArray, stamp: Stamp & { readonly kind: 'utc' }) {
    this.stamp = stamp;
    this.parts = parts;
    this.status = parts[9] === '-' ? 0 : Number(parts[9]);
    this.targetStatus = parts[10] === '-' ? null : Number(parts[10]);
    this.target = parts[5] ?? '-';
    this.behind = text.slice(parts[0].length);
  }

  get durationMs(): number | undefined {
    const created = parseIso(this.rest?.[2] ?? '');
    if (created?.kind === 'utc') return Math.max(0, this.stamp.ms - created.ms);
    const times = this.parts.slice(6, 9).map(Number);
    return times.every((time) => time >= 0) ? times.reduce((sum, time) => sum + time, 0) * 1000 : undefined;
  }

  get wasAsked(): boolean {
    return Number(this.parts[7]) >= 0 && Number(this.parts[8]) < 0;
  }

  /** The name that TLS was asked for. */
  get serverName(): string | undefined {
    return this.rest?.[1];
  }

  /** The host that was asked for, and the request line as other logs have it. */
  get asked(): AccessFields {
    const [method, url = '', protocol] = (this.parts[13] ?? '').split(' ');
    const address = /^[a-z]{2,5}:\/\/([^/:]{1,253})(?::\d{1,5})?(\/.*)?$/.exec(url);
    if (address?.[1] === undefined) return {};
    return { host: address[1], request: `${method} ${address[2] ?? '/'} ${protocol ?? 'HTTP/1.1'}` };
  }

  private get rest(): RegExpExecArray | null {
    if (this.found === undefined) this.found = REST.exec(this.behind);
    return this.found;
  }
}

function rowIn(written: string): Row | null {
  const text = written.slice(0, LONGEST);
  const parts = ROW.exec(text);
  const stamp = parseIso(parts?.[1] ?? '');
  return parts === null || stamp?.kind !== 'utc' ? null : new Row(text, parts, stamp);
}

function read(line: Line): RequestRecord | null {
  const row = rowIn(line.text);
  if (row === null) return null;
  const { parts, stamp, durationMs, asked, serverName } = row;
  const fields: AccessFields = {
    status: parts[9] === '-' ? '000' : parts[9],
    request: asked.request,
    host: asked.host ?? (serverName === '-' ? undefined : serverName),
    remoteAddr: parts[3],
    upstreamAddr: parts[5],
    requestTime: durationMs === undefined ? undefined : (durationMs / 1000).toFixed(3),
    upstreamResponseTime: Number(parts[7]) >= 0 ? parts[7] : undefined,
    bytes: parts[12],
    userAgent: parts[14],
  };
  return toldRecord(fields, stamp, line, told(row));
}

/** No wrapper ends in a balancer's name that begins with a letter. */
const NAME = /^[A-Za-z]/;

function peek(text: string): PeekedRow | null {
  const row = rowIn(text);
  if (row === null || !NAME.test(row.parts[2] ?? '')) return null;
  const { stamp, status, asked } = row;
  const { signal, received = 0 } = told(row);
  const { method, path } = requestOf(asked);
  return { ms: stamp.ms, offsetMinutes: stamp.offsetMinutes ?? 0, status, signal, reached: received > 0, method, path };
}

const row = (target: string, times: string, answer: string, created: string): string =>
  `https 2026-11-20T08:14:38.122000Z app/shop/50dc6c495c0c9188 172.70.1.2:52044 ${target} ${times} ${answer} 310 272 "GET https://www.example.com:443/cart?id=1 HTTP/1.1" "curl/8.5.0" ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/shop/73e2d6bc24d8a067 "Root=1-58337262-36d228ad5d99923122bbe354" "www.example.com" "-" 0 ${created} "forward" "-" "-" "${target}" "-" "-" "-"`;

const examples = (): readonly Example[] => [
  {
    shows: 'a target that gave no answer: the load balancer made the 502 itself',
    input: row('10.0.3.14:3000', '0.001 -1 -1', '502 -', '2026-11-20T08:14:38.120000Z'),
    records: [
      {
        signal: 'access.no-answer-502',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 122), offsetMinutes: 0 },
        status: 502,
        originStatus: 0,
        host: 'www.example.com',
        path: '/cart',
        upstream: '10.0.3.14:3000',
        client: '172.70.1.2',
        durationMs: 2,
      },
    ],
  },
  {
    shows: 'a target that closed the connection over a request',
    input: row('10.0.3.14:3000', '0.001 4.205 -1', '502 -', '2026-11-20T08:14:33.916000Z'),
    records: [{ signal: 'proxy.backend-closed', status: 502, originStatus: 0, upstreamMs: 4205 }],
  },
  {
    shows: 'no target in the group',
    input: row('-', '-1 -1 -1', '503 -', '2026-11-20T08:14:38.121000Z'),
    records: [{ signal: 'proxy.no-backend', status: 503, originStatus: 0 }],
  },
  {
    shows: 'a target that takes no connection: given up after ten seconds',
    input: row('10.0.3.14:3000', '-1 -1 -1', '504 -', '2026-11-20T08:14:28.110000Z'),
    records: [{ signal: 'proxy.connect-timeout', status: 504, durationMs: 10_012 }],
  },
  {
    shows: 'a target that does not answer within the idle time-out',
    input: row('10.0.3.14:3000', '0.001 -1 -1', '504 -', '2026-11-20T08:13:38.100000Z'),
    records: [{ signal: 'proxy.backend-timeout', status: 504, originStatus: 0, durationMs: 60_022 }],
  },
  {
    shows: 'a 502 that the target gave',
    input: row('10.0.3.14:3000', '0.001 0.030 0.000', '502 502', '2026-11-20T08:14:38.090000Z'),
    records: [{ signal: 'access.answered-5xx', status: 502, originStatus: 502, upstreamMs: 30 }],
  },
  {
    shows: 'a Classic Load Balancer',
    input:
      '2026-11-20T08:14:38.122958Z shop 172.70.1.2:52044 10.0.3.14:80 0.000073 0.001048 0.000057 200 200 0 29 "GET http://www.example.com:80/ HTTP/1.1" "curl/8.5.0" - -',
    records: [{ status: 200, originStatus: 200, host: 'www.example.com', path: '/' }],
  },
];

/** Rows of the access logs of Amazon's load balancers. */
export const awsLoadBalancer: LineFormat = {
  id: 'aws-load-balancer',
  title: 'AWS load balancer access log (ALB, Classic)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    'the S3 bucket that the load balancer’s attribute access_logs.s3.bucket names (AWSLogs/ACCOUNT/elasticloadbalancing/…)',
  ],
  limits: [
    'Access logs are off unless they were switched on, and come in files of five minutes.',
    'A 502 without a target’s status is a refused, reset, closed or malformed answer alike.',
    'The client is Cloudflare’s address; the Ray ID is not there.',
  ],
  examples,
  ...rowPerLine(read),
  openBlocks: rowBlocks(peek, read),
};
