import type { RequestRecord } from '../../vocabulary/records.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { givenFields, rowPerLine, type Told, toldRecord } from './one-row.ts';

const LONGEST = 16_384;
/** Kind (Application Load Balancers only), time, balancer, client, target, three times, two statuses, bytes, request, agent. */
const ROW =
  /^(?:(?:https?|h2|grpcs?|wss?) )?(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z) ([\w./-]{1,200}) ([\d.a-fA-F:[\]]{3,60}):(\d{1,5}) (\S{1,100}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (-?[\d.]{1,12}) (-|\d{3}) (-|\d{3}) (\d{1,15}) (\d{1,15}) "([^"]{0,9000})" "([^"]{0,2000})"(?= |$)/;
/** Cipher, protocol, target group, trace, name, certificate, rule, when the request came. */
const REST =
  /^ \S{1,100} \S{1,40} \S{1,300} "[^"]{0,300}" "([^"]{0,300})" "[^"]{0,300}" (?:-|-?\d{1,6}) (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z)(?: "([^"]{0,200})")?/;

interface Outcome {
  readonly status: number;
  /** Null where the target gave none. */
  readonly targetStatus: number | null;
  readonly target: string;
  readonly durationMs: number | undefined;
  readonly actions: string;
}

/** A connection to a target is given up after 10 s, an answer after the idle time-out: 60 s, unless it was set shorter. */
const CONNECT_TIMEOUT_MS = [9_500, 11_500] as const;

function told({ status, targetStatus, target, durationMs, actions }: Outcome): Told {
  if (targetStatus !== null && targetStatus === status)
    return { signal: status >= 500 ? 'access.answered-5xx' : refused(status), received: targetStatus };
  if (status === 460 || status === 0) return { signal: 'access.client-abort', received: undefined };
  if (status === 502)
    return targetStatus === null
      ? { signal: 'access.no-answer-502', received: 0 }
      : { signal: 'proxy.backend-invalid', received: targetStatus };
  if (status === 503 && target === '-') return { signal: 'proxy.no-backend', received: 0 };
  if (status === 504) {
    const [from, to] = CONNECT_TIMEOUT_MS;
    const isConnect = durationMs !== undefined && durationMs >= from && durationMs <= to;
    return { signal: isConnect ? 'proxy.connect-timeout' : 'proxy.backend-timeout', received: 0 };
  }
  if (status >= 500) return { signal: 'access.5xx', received: targetStatus ?? undefined };
  return {
    signal: actions.includes('waf') && status === 403 ? 'access.refused-403' : refused(status),
    received: undefined,
  };
}

const refused = (status: number): 'access.refused-403' | undefined =>
  status === 403 || status === 429 ? 'access.refused-403' : undefined;

function read(line: Line): RequestRecord | null {
  const text = line.text.slice(0, LONGEST);
  const m = ROW.exec(text);
  const stamp = parseIso(m?.[1] ?? '');
  if (m === null || stamp?.kind !== 'utc') return null;
  const rest = REST.exec(text.slice(m[0].length));
  const created = parseIso(rest?.[2] ?? '');
  const times = [m[6], m[7], m[8]].map(Number);
  const measuredMs = times.every((time) => time >= 0) ? times.reduce((sum, time) => sum + time, 0) * 1000 : undefined;
  const durationMs = created?.kind === 'utc' ? Math.max(0, stamp.ms - created.ms) : measuredMs;
  const [method, url = '', protocol] = (m[13] ?? '').split(' ');
  const address = /^[a-z]{2,5}:\/\/([^/:]{1,253})(?::\d{1,5})?(\/.*)?$/.exec(url);
  const fields = givenFields({
    status: m[9] === '-' ? '000' : m[9],
    request: address === null ? undefined : `${method} ${address[2] ?? '/'} ${protocol ?? 'HTTP/1.1'}`,
    host: address?.[1] ?? (rest?.[1] === '-' ? undefined : rest?.[1]),
    remoteAddr: m[3],
    upstreamAddr: m[5],
    requestTime: durationMs === undefined ? undefined : (durationMs / 1000).toFixed(3),
    upstreamResponseTime: Number(m[7]) >= 0 ? m[7] : undefined,
    bytes: m[12],
    userAgent: m[14],
  });
  const outcome: Outcome = {
    status: m[9] === '-' ? 0 : Number(m[9]),
    targetStatus: m[10] === '-' ? null : Number(m[10]),
    target: m[5] ?? '-',
    durationMs,
    actions: rest?.[3] ?? '',
  };
  return toldRecord(fields, stamp, line, told(outcome));
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
};
