import type { RequestRecord } from '../../vocabulary/records.ts';
import type { Example, Line, LineFormat } from '../format.ts';
import { parseJson } from '../parse-json.ts';
import type { AccessFields } from './access-fields.ts';
import { datedRecord, rowSignal } from './access-row.ts';
import { ACCESS_LOGGER, answerHeaders, type CaddyLine, LONGEST_LOOK, readCaddyLine, requestIn } from './caddy-line.ts';
import { openJsonBlocks } from './json-blocks.ts';
import { rolesByName } from './json-blocks-layout.ts';
import type { JsonRows } from './json-blocks-row.ts';
import { rowPerLine, withMaker } from './one-row.ts';
import {
  ROLE_ANSWER_HEADERS,
  ROLE_DURATION,
  ROLE_EPOCH,
  ROLE_FIXED,
  ROLE_HEADERS,
  ROLE_METHOD,
  ROLE_SIZE,
  ROLE_STATUS,
  ROLE_URI,
} from './row-roles.ts';

/** Header fields that Caddy sets on an answer of its own; a backend's answer has others. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['server', 'alt-svc', 'date']);
/** What `respond` in the Caddyfile adds to them, in `handle_errors` as in a switch; a backend's answer has its length or date, too. */
const RESPOND_HEADER = 'content-type';
/** Statuses that Caddy gives for a backend that failed. */
const GATEWAY: ReadonlySet<string> = new Set(['502', '503', '504']);

function isRow({ logger, fields }: CaddyLine): boolean {
  return logger.startsWith(ACCESS_LOGGER) && typeof fields.status === 'number';
}

/** The record of a row; null where the line is none. */
function rowRecord(line: Line): RequestRecord | null {
  const row = readCaddyLine(line.text);
  if (row === null || !isRow(row) || row.stamp.kind === 'none') return null;
  const fields = requestIn(row.fields);
  const status = fields?.status ?? '';
  if (fields === undefined || !/^(?:0|\d{3})$/.test(status)) return null;
  // Nothing was written: the client had gone before an answer came.
  if (status === '0') return { ...datedRecord(fields, row.stamp, line), signal: 'access.client-abort' };
  return datedRecord(
    withMakerOf(fields, () => row.fields),
    row.stamp,
    line,
  );
}

/** A gateway error with what is known of who made it; `inRow`: the row's fields. */
function withMakerOf(fields: AccessFields, inRow: () => CaddyLine['fields']): AccessFields {
  const { status = '', bytes } = fields;
  if (!GATEWAY.has(status)) return fields;
  const headers = answerHeaders(inRow());
  const isOwn = bytes === '0' && headers.every((name) => OWN_HEADERS.has(name));
  // A 503 without a text is that of a backend that is marked down as well as that of a switch.
  if (isOwn) return status === '503' ? fields : withMaker(fields, true, true);
  const isWritten = headers.every((name) => OWN_HEADERS.has(name) || name === RESPOND_HEADER);
  return isWritten ? fields : withMaker(fields, false, status !== '503');
}

const roleOf = rolesByName({
  msg: ROLE_FIXED,
  logger: ROLE_FIXED,
  ts: ROLE_EPOCH,
  status: ROLE_STATUS,
  'request"method': ROLE_METHOD,
  'request"uri': ROLE_URI,
  'request"headers': ROLE_HEADERS,
  size: ROLE_SIZE,
  duration: ROLE_DURATION,
  resp_headers: ROLE_ANSWER_HEADERS,
});
const JSON_ROWS: JsonRows = {
  roleOf,
  longest: LONGEST_LOOK,
  read: rowRecord,
  signalOf: (textOf) => {
    const fields = {
      status: textOf(ROLE_STATUS) ?? '',
      bytes: textOf(ROLE_SIZE) ?? '',
      requestTime: Number(textOf(ROLE_DURATION)).toFixed(6),
    };
    return rowSignal(withMakerOf(fields, () => ({ resp_headers: parseJson(textOf(ROLE_ANSWER_HEADERS) ?? '{}') })));
  },
};

/** Names of what a row holds, as `format filter` of the Caddyfile writes them. */
function fieldsIn({ text }: Line): string[] {
  const row = readCaddyLine(text);
  if (row === null || !isRow(row)) return [];
  const { request } = row.fields;
  const names = typeof request === 'object' && request !== null ? Object.keys(request) : [];
  return [...Object.keys(row.fields), ...names.map((name) => `request>${name}`)];
}

const REQUEST =
  '"request":{"remote_ip":"127.0.0.1","remote_port":"52240","proto":"HTTP/1.1","method":"GET","host":"www.example.com","uri":"/cart?id=1","headers":{"Cf-Ray":["90c403ce1d17c288-AMS"],"Cf-Connecting-Ip":["198.51.100.7"],"User-Agent":["curl/7.88.1"]}}';

const examples = (): readonly Example[] => [
  {
    shows: 'a backend that gave no answer: Caddy made the 502 itself',
    input: `{"level":"error","ts":1795202853.262392,"logger":"http.log.access.log0","msg":"handled request",${REQUEST},"user_id":"","duration":0.007248667,"size":0,"status":502,"resp_headers":{"Server":["Caddy"]}}`,
    records: [
      {
        signal: 'access.no-answer-502',
        stamp: { kind: 'utc', ms: 1_795_202_853_262 },
        status: 502,
        originStatus: 0,
        host: 'www.example.com',
        path: '/cart',
        ray: '90c403ce1d17c288',
        client: '198.51.100.7',
        durationMs: 7,
      },
    ],
  },
  {
    shows: 'a 502 that the backend gave',
    input: `{"level":"error","ts":1795202853.232246,"logger":"http.log.access.log0","msg":"handled request",${REQUEST},"user_id":"","duration":0.000418374,"size":3,"status":502,"resp_headers":{"Server":["Caddy"],"Content-Length":["3"]}}`,
    records: [{ signal: 'access.answered-5xx', status: 502, originStatus: 502, bytes: 3 }],
  },
  {
    shows: 'a 503 without a text, and one that `respond` wrote: a backend that failed, or a switch',
    input: [
      `{"level":"error","ts":1795202853.262246,"logger":"http.log.access.log0","msg":"handled request",${REQUEST},"user_id":"","duration":0.000418374,"size":0,"status":503,"resp_headers":{"Server":["Caddy"]}}`,
      `{"level":"error","ts":1795202853.282246,"logger":"http.log.access.log0","msg":"handled request",${REQUEST},"user_id":"","duration":0.000418374,"size":20,"status":503,"resp_headers":{"Server":["Caddy"],"Content-Type":["text/plain; charset=utf-8"]}}`,
    ].join('\n'),
    records: [
      { signal: 'access.5xx', status: 503 },
      { signal: 'access.5xx', status: 503 },
    ],
  },
  {
    shows: 'a client that went away before the answer',
    input: `{"level":"info","ts":1795202865.6570768,"logger":"http.log.access.log0","msg":"handled request",${REQUEST},"user_id":"","duration":2.001433856,"size":0,"status":0,"resp_headers":{"Server":["Caddy"]}}`,
    records: [{ signal: 'access.client-abort', status: 0 }],
  },
  {
    shows: 'the form of a terminal',
    input:
      '2026/11/20 19:30:18.963\tINFO\thttp.log.access.log0\thandled request\t{"request": {"remote_ip": "192.0.2.7", "remote_port": "54816", "proto": "HTTP/2.0", "method": "GET", "host": "www.example.com", "uri": "/", "headers": {}}, "user_id": "", "duration": 0.000607667, "size": 3, "status": 200, "resp_headers": {}}',
    records: [
      { status: 200, client: '192.0.2.7', stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 19, 30, 18, 963) } },
    ],
  },
];

/** Rows of Caddy's access log. */
export const caddyAccess: LineFormat = {
  id: 'caddy-access',
  title: 'Caddy access log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['the file of a `log` directive in the Caddyfile', 'journalctl -u caddy', 'docker logs CONTAINER'],
  limits: [
    'Caddy writes no access log unless a site has the `log` directive.',
    'The backend is not named.',
    'Header fields are written as they came; Cookie and Authorization are left out.',
  ],
  examples,
  fieldsIn,
  ...rowPerLine(rowRecord),
  openBlocks: (sink) => openJsonBlocks(sink, JSON_ROWS),
  readsAmong: true,
};
