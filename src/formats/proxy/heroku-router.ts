import type { RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import type { AccessFields } from './access-fields.ts';
import { type RowSignal, toldRecord } from './access-row.ts';
import { rowPerLine } from './one-row.ts';

const LONGEST = 16_384;
/** `sock=` where the answer was cut; the code and its words where the router itself made the answer. */
const HEAD =
  /^(?:sock=\w{1,20} )?at=(?:info|warning|error) (?:code=(H\d\d) desc="[^"]{0,200}" )?method=[A-Z]{1,20} path=/;
const FIELD = /(?:^| )([a-z_]{2,20})=(?:"([^"]{0,9000})"|([^\s"]{0,9000}))(?= |$)/g;

/** What the router's codes mean (Heroku's documentation, "Error Codes"); the application answered nothing where one is given. */
const BY_CODE: Readonly<Record<string, SignalId>> = {
  H10: 'proxy.no-backend',
  H11: 'proxy.queue-timeout',
  H12: 'proxy.backend-timeout',
  H13: 'proxy.backend-closed',
  H14: 'proxy.no-backend',
  H15: 'proxy.backend-cut',
  H17: 'proxy.backend-invalid',
  H18: 'proxy.backend-cut',
  H19: 'proxy.connect-timeout',
  H20: 'proxy.no-backend',
  H21: 'proxy.backend-refused',
  H22: 'proxy.refused',
  H24: 'proxy.backend-cut',
  H25: 'proxy.backend-invalid',
  H26: 'proxy.bad-request',
  H27: 'proxy.client-abort',
  H28: 'proxy.client-abort',
  H80: 'proxy.no-backend',
  H81: 'proxy.no-backend',
  H82: 'proxy.no-backend',
  H99: 'proxy.own-error',
};

function told(code: string | undefined, status: number): RowSignal {
  if (code !== undefined) return { signal: BY_CODE[code] ?? 'proxy.own-error', received: 0 };
  if (status >= 500) return { signal: 'access.answered-5xx', received: status };
  return {
    signal: status === 403 || status === 429 ? 'access.refused-403' : undefined,
    received: undefined,
  };
}

/** `30001ms` in seconds, as access rows have times; undefined where the field is empty. */
const seconds = (text: string | undefined): string | undefined => {
  const ms = /^(\d{1,9})ms$/.exec(text ?? '')?.[1];
  return ms === undefined ? undefined : (Number(ms) / 1000).toFixed(3);
};

function read(line: Line): RequestRecord | null {
  const text = line.text.slice(0, LONGEST);
  const head = HEAD.exec(text);
  if (head === null) return null;
  const row = new Map([...text.matchAll(FIELD)].map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? '']));
  const status = row.get('status') ?? '';
  if (!/^\d{3}$/.test(status)) return null;
  const [visitor] = (row.get('fwd') ?? '').split(',');
  const service = seconds(row.get('service'));
  const fields: AccessFields = {
    status,
    request: `${row.get('method')} ${row.get('path')} HTTP/1.1`,
    host: row.get('host'),
    remoteAddr: visitor?.trim(),
    upstreamAddr: row.get('dyno'),
    requestTime: service,
    upstreamConnectTime: seconds(row.get('connect')),
    upstreamResponseTime: service,
    bytes: row.get('bytes'),
  };
  const stamp = line.wrapper?.stamp ?? { kind: 'none' as const };
  return toldRecord(fields, stamp, line, told(head[1], Number(status)));
}

const at = (time: string, rest: string): string => `2026-11-20T08:14:${time}.120000+00:00 heroku[router]: ${rest}`;

const examples = (): readonly Example[] => [
  {
    shows: 'an answer of the application',
    input: at(
      '38',
      'at=info method=GET path="/cart?id=1" host=www.example.com request_id=8601b555-6a83-4c12-8269-97c8e32cdb22 fwd="198.51.100.7,172.70.1.2" dyno=web.1 connect=1ms service=18ms status=200 bytes=13 protocol=https',
    ),
    records: [
      {
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 120), offsetMinutes: 0 },
        status: 200,
        host: 'www.example.com',
        path: '/cart',
        client: '198.51.100.7',
        upstream: 'web.1',
        durationMs: 18,
      },
    ],
  },
  {
    shows: 'a request that the application did not answer within 30 seconds',
    input: at(
      '40',
      'at=error code=H12 desc="Request timeout" method=GET path="/b" host=www.example.com request_id=8601b555-6a83-4c12-8269-97c8e32cdb23 fwd="198.51.100.7" dyno=web.1 connect=1ms service=30001ms status=503 bytes=0 protocol=https',
    ),
    records: [{ signal: 'proxy.backend-timeout', status: 503, originStatus: 0, durationMs: 30_001 }],
  },
  {
    shows: 'a dyno that has crashed',
    input: at(
      '41',
      'at=error code=H10 desc="App crashed" method=GET path="/" host=www.example.com fwd="198.51.100.7" dyno= connect= service= status=503 bytes=',
    ),
    records: [{ signal: 'proxy.no-backend', status: 503, originStatus: 0 }],
  },
  {
    shows: 'an answer that broke off',
    input: at(
      '42',
      'sock=backend at=error code=H18 desc="Server Request Interrupted" method=GET path="/" host=www.example.com fwd="198.51.100.7" dyno=web.2 connect=1ms service=12ms status=503 bytes=40',
    ),
    records: [{ signal: 'proxy.backend-cut', status: 503, upstream: 'web.2' }],
  },
  {
    shows: 'a 502 that the application gave',
    input: at(
      '43',
      'at=info method=POST path="/pay" host=www.example.com fwd="198.51.100.7" dyno=web.1 connect=0ms service=31ms status=502 bytes=40',
    ),
    records: [{ signal: 'access.answered-5xx', status: 502, originStatus: 502, method: 'POST' }],
  },
];

/** Rows of Heroku's router, which stands between Cloudflare and the application. */
export const herokuRouter: LineFormat = {
  id: 'heroku-router',
  title: 'Heroku router log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['heroku logs --num 1500 --app APP', 'a log drain'],
  limits: [
    'heroku logs keeps the last 1,500 lines; more needs a drain or an add-on.',
    'The Ray ID is not there.',
    'Written from Heroku’s documentation.',
  ],
  examples,
  ...rowPerLine(read),
};
