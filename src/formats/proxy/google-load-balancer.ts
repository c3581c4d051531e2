import type { RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import type { AccessFields } from './access-fields.ts';
import { type RowSignal, toldRecord } from './access-row.ts';
import { rowPerLine } from './one-row.ts';

const LOOKS = /"statusDetails"\s{0,4}:|loadbalancing\.type\.LoadBalancerLogEntry|"http_load_balancer"/;

/** What `statusDetails` says of a failure (Google Cloud: "External Application Load Balancer logging", statusDetails failure messages). */
const DETAILS: Readonly<Record<string, SignalId>> = {
  failed_to_pick_backend: 'proxy.no-backend',
  backend_timeout: 'proxy.backend-timeout',
  backend_connection_closed: 'proxy.backend-closed',
  backend_connection_closed_before_data_sent_to_client: 'proxy.backend-closed',
  backend_connection_closed_after_partial_response_sent: 'proxy.backend-cut',
  backend_response_corrupted: 'proxy.backend-invalid',
  backend_early_response_with_non_error_status: 'proxy.backend-invalid',
  error_uncompressing_gzipped_body: 'proxy.backend-invalid',
  failed_to_negotiate_alpn: 'proxy.backend-tls',
  client_disconnected_before_any_response: 'access.client-abort',
  client_disconnected_after_partial_response: 'access.client-abort',
  client_timed_out: 'access.client-abort',
  denied_by_security_policy: 'access.refused-403',
  denied_by_security_policy_edge: 'access.refused-403',
};
/** "Failed to connect" is a refusal and a time-out alike; a refusal takes no time. */
const FAILED_TO_CONNECT = 'failed_to_connect_to_backend';
const NO_TIME_MS = 900;

function told(status: number, details: string, durationMs: number | undefined): RowSignal {
  if (details === FAILED_TO_CONNECT) {
    const isQuick = durationMs !== undefined && durationMs < NO_TIME_MS;
    return { signal: isQuick ? 'proxy.backend-refused' : 'proxy.connect-timeout', received: 0 };
  }
  const known = DETAILS[details];
  if (known !== undefined) return { signal: known, received: known.startsWith('proxy.') ? 0 : undefined };
  if (status >= 500)
    return details === 'response_sent_by_backend'
      ? { signal: 'access.answered-5xx', received: status }
      : { signal: 'access.5xx', received: undefined };
  const refused = status === 403 || status === 429;
  return {
    signal: refused ? 'access.refused-403' : undefined,
    received: details === 'response_sent_by_backend' ? status : undefined,
  };
}

type Members = Readonly<Record<string, unknown>>;

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

function read(line: Line): RequestRecord | null {
  const { text } = line;
  if (!text.startsWith('{') || !LOOKS.test(text.slice(0, 16_384))) return null;
  const row = parseObject(text);
  const request = membersOf(row?.httpRequest);
  const payload = membersOf(row?.jsonPayload);
  const status = Number(request.status);
  const began = typeof row?.timestamp === 'string' ? parseIso(row.timestamp) : undefined;
  if (row === null || began?.kind !== 'utc' || !(status >= 100 && status <= 599)) return null;
  const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const latency = /^(\d{1,6}(?:\.\d{1,9})?)s$/.exec(textOf(request.latency) ?? '')?.[1];
  const durationMs = latency === undefined ? undefined : Math.round(Number(latency) * 1000);
  const address = /^[a-z]{2,5}:\/\/([^/:]{1,253})(?::\d{1,5})?(\/.*)?$/.exec(textOf(request.requestUrl) ?? '');
  const fields: AccessFields = {
    status: String(status),
    method: textOf(request.requestMethod),
    uri: address === null ? undefined : (address[2] ?? '/'),
    host: address?.[1],
    remoteAddr: textOf(request.remoteIp),
    upstreamAddr: textOf(request.serverIp),
    userAgent: textOf(request.userAgent),
    bytes: textOf(request.responseSize),
    requestTime: latency,
  };
  // The time is the request's begin.
  const stamp = { kind: 'utc', ms: began.ms + (durationMs ?? 0) } as const;
  return toldRecord(fields, stamp, line, told(status, textOf(payload.statusDetails) ?? '', durationMs));
}

const row = (status: number, details: string, latency: string): string =>
  `{"httpRequest":{"latency":"${latency}","remoteIp":"172.70.1.2","requestMethod":"GET","requestSize":"310","requestUrl":"https://www.example.com/cart?id=1","responseSize":"272","serverIp":"10.132.0.4","status":${status},"userAgent":"curl/8.5.0"},"insertId":"1a2b3c","jsonPayload":{"@type":"type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry","statusDetails":"${details}"},"logName":"projects/shop/logs/requests","resource":{"labels":{"backend_service_name":"shop"},"type":"http_load_balancer"},"severity":"WARNING","timestamp":"2026-11-20T08:14:38.120445Z"}`;

const examples = (): readonly Example[] => [
  {
    shows: 'a backend that refuses the connection',
    input: row(502, 'failed_to_connect_to_backend', '0.002s'),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 122) },
        status: 502,
        originStatus: 0,
        host: 'www.example.com',
        path: '/cart',
        client: '172.70.1.2',
        upstream: '10.132.0.4',
        durationMs: 2,
      },
    ],
  },
  {
    shows: 'no answer within the time-out of the backend service',
    input: row(504, 'backend_timeout', '30.001s'),
    records: [{ signal: 'proxy.backend-timeout', status: 504, originStatus: 0 }],
  },
  {
    shows: 'a backend that hangs up',
    input: row(502, 'backend_connection_closed_before_data_sent_to_client', '0.041s'),
    records: [{ signal: 'proxy.backend-closed', status: 502, originStatus: 0 }],
  },
  {
    shows: 'no healthy backend',
    input: row(503, 'failed_to_pick_backend', '0.001s'),
    records: [{ signal: 'proxy.no-backend', status: 503, originStatus: 0 }],
  },
  {
    shows: 'a 502 that the backend gave',
    input: row(502, 'response_sent_by_backend', '0.031s'),
    records: [{ signal: 'access.answered-5xx', status: 502, originStatus: 502 }],
  },
];

/** Rows of Google Cloud's application load balancers, as Cloud Logging exports them, one on a line. */
export const googleLoadBalancer: LineFormat = {
  id: 'google-load-balancer',
  title: 'Google Cloud load balancer log (JSON)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    "gcloud logging read 'resource.type=http_load_balancer' --format=json, one row on a line (jq -c '.[]')",
    'a sink of Cloud Logging in a bucket',
  ],
  limits: [
    'Logging is off unless the backend service has it on, and may be sampled.',
    '“Failed to connect” is a refused connection and a time-out alike: told apart by the time that it took.',
    'The client is Cloudflare’s address; the Ray ID is not there.',
  ],
  examples,
  ...rowPerLine(read),
};
