import type { RequestRecord, Stamp } from '../../vocabulary/records.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import type { AccessFields } from './access-fields.ts';
import { accessRecord, datedRecord, rowSignal } from './access-row.ts';
import { readTextRow } from './access-text.ts';
import { openJsonBlocks } from './json-blocks.ts';
import { rolesByName } from './json-blocks-layout.ts';
import type { JsonRows } from './json-blocks-row.ts';
import { rowPerLine, withMaker } from './one-row.ts';
import {
  ROLE_BEGIN,
  ROLE_METHOD,
  ROLE_NANOSECONDS,
  ROLE_ORIGIN_STATUS,
  ROLE_RAY,
  ROLE_SIZE,
  ROLE_STATUS,
  ROLE_URI,
} from './row-roles.ts';

/** The end of a row of Traefik's Common Log Format: number of the request, router, server's address, duration. */
const TAIL = / (\d{1,15}|-) "([^"]{1,300})" "([^"]{1,500})" (\d{1,10})ms$/;
const LONGEST_TAIL = 900;
const LONGEST_LOOK = 8192;
const JSON_ROW = /"DownstreamStatus"\s?:\s?\d/;

/** Length of the bodies that Traefik writes with an error of its own: the status's name, or `no available server`. */
const OWN_BODIES: Readonly<Record<string, readonly string[]>> = {
  '500': ['21'],
  '502': ['11'],
  '503': ['19', '20'],
  '504': ['15'],
};

/** A 5xx with what is known of who made it: a body of Traefik's own, or an answer that it passed on. */
function withMakerOf(fields: AccessFields, isOwn: boolean): AccessFields {
  const { status = '' } = fields;
  return status.startsWith('5') ? withMaker(fields, isOwn, status === '502' || status === '504') : fields;
}

function isOwnBody({ status = '', bytes = '' }: AccessFields): boolean {
  return OWN_BODIES[status]?.includes(bytes) === true;
}

function addressIn(url: string): string {
  return url.replace(/^[a-z0-9+]{2,10}:\/\//, '').replace(/[/?].*$/, '');
}

function textRecord(line: Line): RequestRecord | null {
  const { text } = line;
  const tail = TAIL.exec(text.slice(-LONGEST_TAIL));
  if (tail === null) return null;
  const fields = readTextRow(text.slice(0, text.length - tail[0].length));
  if (fields === null) return null;
  const [, , , server = '-', ms] = tail;
  fields.requestTime = (Number(ms) / 1000).toFixed(3);
  if (server !== '-') fields.upstreamAddr = addressIn(server);
  const isOwn = isOwnBody(fields);
  const record = accessRecord(withMakerOf(fields, isOwn), line);
  return record === null ? null : withReason(record, isOwn);
}

type Row = Readonly<Record<string, unknown>>;

function jsonRecord(line: Line): RequestRecord | null {
  if (!JSON_ROW.test(line.text.slice(0, LONGEST_LOOK))) return null;
  const row = parseObject(line.text);
  if (row === null) return null;
  const text = (name: string): string => (typeof row[name] === 'string' ? row[name] : '');
  const number = (name: string): number | undefined => (typeof row[name] === 'number' ? row[name] : undefined);
  const nanoseconds = number('Duration');
  const stamp = endOf(text('StartUTC') || text('StartLocal'), nanoseconds) ?? parseIso(text('time'));
  const status = String(number('DownstreamStatus') ?? '');
  if (stamp === undefined || !/^\d{3}$/.test(status)) return null;
  const size = number('DownstreamContentSize');
  const passedOn = number('OriginDuration');
  const fields: AccessFields = {
    status,
    method: text('RequestMethod'),
    uri: text('RequestPath'),
    host: text('RequestHost') || text('RequestAddr'),
    remoteAddr: text('ClientHost') || text('ClientAddr').replace(/:\d{1,5}$/, ''),
    ...given('visitorAddr', text('request_Cf-Connecting-Ip')),
    ...given('forwardedFor', text('request_X-Forwarded-For')),
    ...given('ray', text('request_Cf-Ray')),
    ...given('userAgent', text('request_User-Agent')),
    ...given('upstreamAddr', serverOf(row)),
    ...(nanoseconds === undefined ? {} : { requestTime: secondsOf(nanoseconds) }),
    ...(passedOn === undefined ? {} : { upstreamResponseTime: secondsOf(passedOn) }),
    ...(size === undefined ? {} : { bytes: String(size) }),
  };
  const isOwn = isOwnAnswer(fields, number('OriginStatus') ?? 0);
  return withReason(datedRecord(withMakerOf(fields, isOwn), stamp, line), isOwn);
}

function isOwnAnswer(fields: AccessFields, originStatus: number): boolean {
  return originStatus === 0 || isOwnBody(fields);
}

function secondsOf(nanoseconds: number): string {
  return (nanoseconds / 1e9).toFixed(6);
}

/** A 503 of Traefik's own means one thing. */
const NO_BACKEND = { signal: 'proxy.no-backend', received: 0 } as const;

function withReason(record: RequestRecord, isOwn: boolean): RequestRecord {
  if (!isOwn || record.status !== 503) return record;
  return { ...record, signal: NO_BACKEND.signal, originStatus: NO_BACKEND.received };
}

function given(name: keyof AccessFields, value: string): AccessFields {
  return value === '' ? {} : { [name]: value };
}

/** Address of the server that was asked: `ServiceURL` as text or taken apart, `ServiceAddr`, `BackendAddr` before 2.0. */
function serverOf({ ServiceAddr, BackendAddr, ServiceURL }: Row): string {
  for (const value of [ServiceAddr, BackendAddr]) if (typeof value === 'string' && value !== '') return value;
  if (typeof ServiceURL === 'string') return addressIn(ServiceURL);
  if (typeof ServiceURL !== 'object' || ServiceURL === null || !('Host' in ServiceURL)) return '';
  return typeof ServiceURL.Host === 'string' ? ServiceURL.Host : '';
}

/** When the answer was given: the begin and the duration have fractions, the time of the line has none. */
function endOf(start: string, nanoseconds: number | undefined): Stamp | undefined {
  const begun = parseIso(start);
  if (begun?.kind !== 'utc' || nanoseconds === undefined) return undefined;
  return { kind: 'utc', ms: begun.ms + Math.round(nanoseconds / 1e6) };
}

function rowRecord(line: Line): RequestRecord | null {
  return line.text.startsWith('{') ? jsonRecord(line) : textRecord(line);
}

const roleOf = rolesByName({
  StartUTC: ROLE_BEGIN,
  Duration: ROLE_NANOSECONDS,
  DownstreamStatus: ROLE_STATUS,
  RequestMethod: ROLE_METHOD,
  RequestPath: ROLE_URI,
  'request_Cf-Ray': ROLE_RAY,
  OriginStatus: ROLE_ORIGIN_STATUS,
  DownstreamContentSize: ROLE_SIZE,
});
const JSON_ROWS: JsonRows = {
  roleOf,
  longest: LONGEST_LOOK,
  read: rowRecord,
  signalOf: (textOf) => {
    const fields = {
      status: textOf(ROLE_STATUS) ?? '',
      bytes: textOf(ROLE_SIZE) ?? '',
      requestTime: secondsOf(Number(textOf(ROLE_NANOSECONDS))),
    };
    const isOwn = isOwnAnswer(fields, Number(textOf(ROLE_ORIGIN_STATUS) ?? 0));
    return isOwn && fields.status === '503' ? NO_BACKEND : rowSignal(withMakerOf(fields, isOwn));
  },
};

/** What the Common Log Format tells, under the names of the JSON. */
const IN_TEXT: readonly string[] = [
  'StartLocal',
  'ClientHost',
  'RequestMethod',
  'RequestPath',
  'DownstreamStatus',
  'DownstreamContentSize',
  'RouterName',
  'ServiceURL',
  'Duration',
];

/** In place of a header field whose mode is `redact`. */
const REDACTED = 'REDACTED';

function fieldsIn(line: Line): readonly string[] {
  if (rowRecord(line) === null) return [];
  if (!line.text.startsWith('{')) return IN_TEXT;
  return Object.entries(parseObject(line.text) ?? {}).flatMap(([name, value]) => (value === REDACTED ? [] : [name]));
}

const row = (answer: string, server: string, duration: string): string =>
  `172.18.0.1 - - [20/Nov/2026:08:14:38 +0000] "GET /cart?id=1 HTTP/1.1" ${answer} "-" "-" 7 "shop@docker" "${server}" ${duration}`;

const examples = (): readonly Example[] => [
  {
    shows: 'a 502 of Traefik’s own: eleven bytes, “Bad Gateway”',
    input: row('502 11', 'http://172.18.0.5:3000', '2ms'),
    records: [
      {
        signal: 'access.no-answer-502',
        status: 502,
        originStatus: 0,
        upstream: '172.18.0.5:3000',
        client: '172.18.0.1',
        path: '/cart',
        durationMs: 2,
      },
    ],
  },
  {
    shows: 'a 502 that the backend gave',
    input: row('502 552', 'http://172.18.0.5:3000', '31ms'),
    records: [{ signal: 'access.answered-5xx', status: 502, originStatus: 502 }],
  },
  {
    shows: 'a backend that did not answer in time',
    input: row('504 15', 'http://172.18.0.5:3000', '30001ms'),
    records: [{ signal: 'access.timeout-504', status: 504, originStatus: 0, durationMs: 30_001 }],
  },
  {
    shows: 'JSON',
    input:
      '{"ClientAddr":"172.18.0.1:58845","ClientHost":"172.18.0.1","DownstreamContentSize":11,"DownstreamStatus":502,"Duration":2055502,"OriginContentSize":11,"OriginDuration":2045900,"OriginStatus":502,"Overhead":9602,"RequestAddr":"www.example.com","RequestHost":"www.example.com","RequestMethod":"GET","RequestPath":"/cart?id=1","RetryAttempts":0,"RouterName":"shop@docker","ServiceAddr":"172.18.0.5:3000","ServiceName":"shop@docker","ServiceURL":"http://172.18.0.5:3000","StartUTC":"2026-11-20T08:14:38.395635846Z","level":"info","msg":"","request_Cf-Ray":"90c403ce1d17c288-AMS","time":"2026-11-20T08:14:38Z"}',
    records: [
      {
        signal: 'access.no-answer-502',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 397) },
        status: 502,
        host: 'www.example.com',
        upstream: '172.18.0.5:3000',
        ray: '90c403ce1d17c288',
      },
    ],
  },
];

/** Rows of Traefik's access log, in its Common Log Format and in JSON. */
export const traefikAccess: LineFormat = {
  id: 'traefik-access',
  title: 'Traefik access log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    'docker logs CONTAINER (with `--accesslog`)',
    'the file of `accessLog.filePath`',
    'kubectl logs of Traefik',
  ],
  limits: [
    'Traefik writes no access log unless it is asked to.',
    'Who made a 5xx is told by the length of the body: Traefik’s own is the name of the status.',
    'Host and Ray ID are there in JSON only, the Ray ID where `accessLog.fields.headers` keeps it.',
  ],
  examples,
  fieldsIn,
  ...rowPerLine(rowRecord),
  openBlocks: (sink) => openJsonBlocks(sink, JSON_ROWS),
  readsAmong: true,
};
