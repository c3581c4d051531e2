import { NO_STAMP, type RequestRecord, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import { remembered } from '../remembered.ts';
import { parseIso } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import type { AccessFields } from './access-fields.ts';
import { type RowSignal, requestOf, toldRecord } from './access-row.ts';
import { connectionReason } from './envoy-reasons.ts';
import { rowPerLine } from './one-row.ts';
import { type PeekedRow, rowBlocks } from './row-blocks.ts';

const LONGEST = 16_384;
/** Begin of Envoy's default format and Istio's: time, request, status, flags; copies lack the time. */
const HEAD =
  /^(?:\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\] )?"([^"]{0,8000})" (\d{1,3}) (-|[A-Z][A-Z0-9]{1,5}(?:,[A-Z][A-Z0-9]{1,5}){0,5})(?= )/;
/** What Istio writes behind the flags: details of the status, of the connection's end, and of why the backend was not reached. */
const DETAILS = /^ (-|\S{1,500}) (-|\S{1,300}) "([^"]{0,2000})"(?= \d)/;
/** Bytes received and sent, milliseconds, those of the backend, then five texts in quotes; the backend may stand without. */
const REST =
  /^ (\d{1,15}) (\d{1,15}) (\d{1,10}) (-|\d{1,10}) "([^"]{0,2000})" "([^"]{0,2000})" "([^"]{0,300})" "([^"]{0,300})" "([^"]{0,300})"/;

/** A row, whichever way it is written. */
interface Row {
  readonly started: Stamp;
  readonly status: number;
  readonly flags: readonly string[];
  /** `response_code_details`: `via_upstream` where the backend answered. */
  readonly details: string;
  /** `upstream_transport_failure_reason`: why a connection to the backend failed. */
  readonly reason: string;
  readonly durationMs: number;
  readonly fields: AccessFields;
}

function textRow(text: string): Row | null {
  const head = HEAD.exec(text.slice(0, LONGEST));
  if (head === null) return null;
  const started = parseIso(head[1] ?? '') ?? NO_STAMP;
  let rest = text.slice(head[0].length, LONGEST);
  const said = DETAILS.exec(rest);
  if (said !== null) rest = rest.slice(said[0].length);
  // Without time only Istio's form is like nobody else's.
  else if (started.kind === 'none') return null;
  const m = REST.exec(rest);
  if (m === null) return null;
  return {
    started,
    status: Number(head[3]),
    flags: head[4] === '-' ? [] : (head[4] ?? '').split(','),
    details: said?.[1] ?? '',
    reason: said?.[3] ?? '',
    durationMs: Number(m[3]),
    fields: {
      status: head[3],
      request: head[2],
      requestTimeMs: m[3],
      bytes: m[2],
      upstreamResponseTime: m[4] === '-' ? undefined : String(Number(m[4]) / 1000),
      forwardedFor: m[5],
      userAgent: m[6],
      host: m[8],
      upstreamAddr: m[9]?.replace(/^[a-z]{2,5}:\/\//, ''),
    },
  };
}

const MOST_NAMES = 200;

/** Names of the operators as people and Istio write them in JSON: without case and separators. */
const fold = remembered((name) => name.replace(/[^a-z0-9]/gi, '').toLowerCase(), MOST_NAMES);

function jsonRow(text: string): Row | null {
  if (!/"(?:response_?flags|responseFlags)"/.test(text.slice(0, LONGEST))) return null;
  const object = parseObject(text);
  if (object === null) return null;
  const folded = new Map(Object.entries(object).map(([name, value]) => [fold(name), value]));
  const field = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const value = folded.get(name);
      if (typeof value === 'string' || typeof value === 'number') return String(value);
    }
    return undefined;
  };
  const started = parseIso(field('starttime', 'timestamp', 'time') ?? '');
  const status = field('responsecode', 'status');
  if (started === undefined || status === undefined || !/^\d{1,3}$/.test(status)) return null;
  const flags = field('responseflags') ?? '-';
  const serviceMs = field('upstreamservicetime', 'xenvoyupstreamservicetime');
  const durationMs = Number(field('duration') ?? 0) || 0;
  return {
    started,
    status: Number(status),
    flags: /^[A-Z]/.test(flags) ? flags.split(',') : [],
    details: field('responsecodedetails') ?? '',
    reason: field('upstreamtransportfailurereason') ?? '',
    durationMs,
    fields: {
      status: String(Number(status)),
      requestTimeMs: String(Math.round(durationMs)),
      method: field('method'),
      uri: field('xenvoyoriginpath', 'xenvoyoriginalpath', 'path'),
      bytes: field('bytessent'),
      upstreamResponseTime:
        serviceMs !== undefined && /^\d+$/.test(serviceMs) ? String(Number(serviceMs) / 1000) : undefined,
      forwardedFor: field('xforwardedfor'),
      remoteAddr: field('downstreamremoteaddress')?.replace(/:\d{1,5}$/, ''),
      visitorAddr: field('cfconnectingip'),
      ray: field('cfray'),
      userAgent: field('useragent'),
      host: field('authority', 'host'),
      upstreamAddr: field('upstreamhost'),
    },
  };
}

/** Envoy gives up a connection after 5 s, Istio after 10; a refused one takes no time, with a few tries a moment. */
const NO_TIME_MS = 900;

function connectSignal({ reason, details, durationMs }: Row): SignalId {
  const said = `${reason} ${details}`;
  return connectionReason(said) ?? (durationMs < NO_TIME_MS ? 'proxy.backend-refused' : 'proxy.connect-timeout');
}

/** What a flag means (Envoy's documentation, "Access logging", `%RESPONSE_FLAGS%`); the first of these that a row has decides. */
const FLAGS: readonly (readonly [flag: string, signal: SignalId | ((row: Row) => SignalId)])[] = [
  ['DC', 'proxy.client-abort'],
  ['UH', 'proxy.no-backend'],
  ['UO', 'proxy.queue-timeout'],
  ['UF', connectSignal],
  ['DF', 'proxy.backend-dns'],
  ['UT', 'proxy.backend-timeout'],
  ['SI', 'proxy.backend-timeout'],
  ['UPE', 'proxy.backend-invalid'],
  ['UR', 'proxy.backend-reset'],
  [
    'UC',
    ({ details }) =>
      /after_response/.test(details)
        ? 'proxy.backend-cut'
        : /remote_reset/.test(details)
          ? 'proxy.backend-reset'
          : 'proxy.backend-closed',
  ],
  ['DPE', 'proxy.bad-request'],
  ['RL', 'access.refused-403'],
  // The service that Envoy asks whether it may: it said no, or could not be asked.
  ['UAEX', ({ status }) => (status >= 500 ? 'proxy.auth-failed' : 'access.refused-403')],
  ['NC', 'proxy.own-error'],
  ['OM', 'proxy.own-error'],
  ['LR', 'proxy.own-error'],
];

function told(row: Row): RowSignal {
  const { status, flags, details } = row;
  const passedOn = details === 'via_upstream' || (details === '' && flags.length === 0);
  for (const [flag, meaning] of FLAGS) {
    if (!flags.includes(flag)) continue;
    const signal = typeof meaning === 'string' ? meaning : meaning(row);
    const answered = signal === 'proxy.backend-cut' || signal === 'proxy.client-abort';
    // To a client that speaks gRPC Envoy, too, answers its own failures with 200, and says which in `grpc-status` (http/utility.cc, sendLocalReply).
    if (status === 200 && !answered && /^upstream_reset_before_response|^no_healthy_upstream/.test(details)) {
      return { signal, received: 0 };
    }
    if (status < 500 && !answered && status !== 0 && status !== 403 && status !== 429) break;
    return { signal, received: answered ? undefined : 0 };
  }
  if (status >= 500)
    return passedOn
      ? { signal: 'access.answered-5xx', received: status }
      : { signal: 'access.5xx', received: undefined };
  if (status === 403 || status === 429)
    return { signal: 'access.refused-403', received: passedOn ? status : undefined };
  return { signal: undefined, received: passedOn && status >= 100 ? status : undefined };
}

function read(line: Line): RequestRecord | null {
  const { text } = line;
  const row = text.startsWith('{') ? jsonRow(text) : /^[["]/.test(text) ? textRow(text) : null;
  if (row === null) return null;
  return toldRecord(row.fields, endOf(row), line, told(row));
}

/** The time that is written is the request's begin. */
function endOf({ started, durationMs }: Row): Stamp {
  return started.kind === 'none' ? started : { ...started, ms: started.ms + durationMs };
}

/** Rows of text alone, which begin as no wrapper does. */
function peek(text: string): PeekedRow | null {
  const row = text.startsWith('[') ? textRow(text) : null;
  const stamp = row === null ? NO_STAMP : endOf(row);
  if (row === null || stamp.kind !== 'utc') return null;
  const { signal, received = 0 } = told(row);
  const { method, path } = requestOf(row.fields);
  const { ms, offsetMinutes } = stamp;
  return { ms, offsetMinutes, status: row.status, signal, reached: received > 0, method, path };
}

/** What the text forms hold, under the names of the JSON; Istio's says more. */
const IN_TEXT: readonly string[] = [
  'start_time',
  'method',
  'path',
  'response_code',
  'response_flags',
  'duration',
  'upstream_service_time',
  'x_forwarded_for',
  'user_agent',
  'authority',
  'upstream_host',
];
const IN_TEXT_OF_ISTIO: readonly string[] = [...IN_TEXT, 'response_code_details', 'upstream_transport_failure_reason'];

function fieldsIn(line: Line): readonly string[] {
  const { text } = line;
  if (read(line) === null) return [];
  if (text.startsWith('{')) return Object.keys(parseObject(text) ?? {});
  const head = HEAD.exec(text.slice(0, LONGEST));
  return head !== null && DETAILS.test(text.slice(head[0].length, LONGEST)) ? IN_TEXT_OF_ISTIO : IN_TEXT;
}

const istio = (status: string, details: string, reason: string, times: string): string =>
  `[2026-11-20T08:14:38.120Z] "GET /cart?id=1 HTTP/1.1" ${status} ${details} - "${reason}" 0 91 ${times} "198.51.100.7,172.70.1.2" "curl/8.5.0" "6f0c6a3e-3b7d-4e58-9d5e-0a7e5c1f2b3d" "www.example.com" "10.8.1.12:3000" outbound|80||shop.default.svc.cluster.local - 10.0.0.9:8443 10.8.0.1:51234 www.example.com -`;

const examples = (): readonly Example[] => [
  {
    shows: 'nothing listens at the backend: `UF`, with the system’s number in Istio’s reason',
    input: istio(
      '503 UF',
      'upstream_reset_before_response_started{connection_failure}',
      'delayed_connect_error:_111',
      '2 -',
    ),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 122), offsetMinutes: 0 },
        status: 503,
        originStatus: 0,
        host: 'www.example.com',
        path: '/cart',
        upstream: '10.8.1.12:3000',
        durationMs: 2,
      },
    ],
  },
  {
    shows: 'the backend does not take the connection in time, in Envoy’s default format',
    input:
      '[2026-11-20T08:14:38.120Z] "GET /cart HTTP/2" 503 UF,URX 0 145 15012 - "198.51.100.7" "curl/8.5.0" "6f0c6a3e-3b7d-4e58-9d5e-0a7e5c1f2b3d" "www.example.com" "10.8.1.12:3000"',
    records: [{ signal: 'proxy.connect-timeout', status: 503, originStatus: 0, durationMs: 15_012 }],
  },
  {
    shows: 'the same answered to a client that speaks gRPC: the status is 200',
    input: istio(
      '200 UF',
      'upstream_reset_before_response_started{connection_failure,delayed_connect_error:_111}',
      '-',
      '0 -',
    ),
    records: [{ signal: 'proxy.backend-refused', status: 200, originStatus: 0 }],
  },
  {
    shows: 'no healthy backend',
    input: istio('503 UH', 'no_healthy_upstream', '-', '0 -').replace('"10.8.1.12:3000"', '"-"'),
    records: [{ signal: 'proxy.no-backend', status: 503, originStatus: 0 }],
  },
  {
    shows: 'the backend hangs up before it answers',
    input: istio('503 UC', 'upstream_reset_before_response_started{connection_termination}', '-', '31 -'),
    records: [{ signal: 'proxy.backend-closed', status: 503, originStatus: 0 }],
  },
  {
    shows: 'a row that was copied without its time',
    input: istio('503 UC', 'upstream_reset_before_response_started{connection_termination}', '-', '31 -').replace(
      /^\S+ /,
      '',
    ),
    records: [{ signal: 'proxy.backend-closed', status: 503, stamp: NO_STAMP }],
  },
  {
    shows: 'no answer in time',
    input: istio('504 UT', 'response_timeout', '-', '15000 -'),
    records: [{ signal: 'proxy.backend-timeout', status: 504, originStatus: 0, durationMs: 15_000 }],
  },
  {
    shows: 'a 502 that the backend gave',
    input: istio('502 -', 'via_upstream', '-', '31 30'),
    records: [{ signal: 'access.answered-5xx', status: 502, originStatus: 502, upstreamMs: 30 }],
  },
  {
    shows: 'a certificate that Envoy does not trust, in JSON',
    input:
      '{"authority":"www.example.com","bytes_received":0,"bytes_sent":181,"connection_termination_details":null,"downstream_remote_address":"10.8.0.1:51234","duration":12,"method":"GET","path":"/cart?id=1","protocol":"HTTP/1.1","response_code":503,"response_code_details":"upstream_reset_before_response_started{connection_failure}","response_flags":"UF","route_name":"default","start_time":"2026-11-20T08:14:38.120Z","upstream_cluster":"outbound|443||shop.default.svc.cluster.local","upstream_host":"10.8.1.12:8443","upstream_service_time":null,"upstream_transport_failure_reason":"TLS_error:|268435581:SSL_routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED:TLS_error_end","user_agent":"curl/8.5.0","x_forwarded_for":"198.51.100.7"}',
    records: [{ signal: 'proxy.backend-cert', status: 503, originStatus: 0, path: '/cart', client: '198.51.100.7' }],
  },
  {
    shows: 'the service that is asked for permission is not there',
    input: istio('503 UAEX', '-', '-', '0 -'),
    records: [{ signal: 'proxy.auth-failed', status: 503, originStatus: 0 }],
  },
  {
    shows: 'a client that went away',
    input: istio('0 DC', 'downstream_remote_disconnect', '-', '2004 -'),
    records: [{ signal: 'proxy.client-abort', status: 0 }],
  },
];

/** Rows of Envoy's access log, in its default format, Istio's, and JSON. */
export const envoy: LineFormat = {
  id: 'envoy',
  title: 'Envoy access log (Istio, Contour, Envoy Gateway)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['kubectl logs POD -c istio-proxy', 'kubectl logs of the ingress gateway', 'docker logs CONTAINER'],
  limits: [
    'A format of one’s own is read in JSON only, where it keeps the names of Envoy’s documentation.',
    'Without `%UPSTREAM_TRANSPORT_FAILURE_REASON%` (Istio has it) a refused connection is told from one without answer by the time that it took.',
    'The Ray ID is there in JSON only, where the header `cf-ray` is asked for.',
  ],
  examples,
  fieldsIn,
  ...rowPerLine(read),
  openBlocks: rowBlocks(peek, read),
};
