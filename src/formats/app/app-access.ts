import { NO_STAMP, type RequestRecord, type Stamp } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Line, LineFormat } from '../format.ts';
import { monthIndex, parseIso, wallMs } from '../stamps.ts';
import { methodAndPath } from './request-line.ts';

/*
 * Rows of requests as the servers within application frameworks print them (uvicorn 0.17, Flask 2.2, Django 3.2 and morgan 1.10
 * were run; Gin's by its source). Stamps are the host's wall clock; where a row has
 * none, the wrapper's (journald, Docker) dates it.
 */

/** One server's row: what its groups are called says what they hold. */
interface AppRow {
  /** uvicorn, werkzeug, …; the source of its form. */
  readonly server: string;
  readonly pattern: RegExp;
}

const REQUEST = '(?<request>[A-Z]{1,20} \\S{0,8000} HTTP/\\d(?:\\.\\d)?)';
const PEER = '(?<client>[\\da-fA-F.:]{2,45})';
const DAY = '(?<day>\\d\\d)/(?<month>[A-Z][a-z]{2})/(?<year>\\d{4}) (?<clock>\\d\\d:\\d\\d:\\d\\d)';

const ROWS: readonly AppRow[] = [
  // uvicorn/logging.py AccessFormatter: `INFO:     172.18.0.1:40000 - "GET / HTTP/1.1" 500 Internal Server Error`.
  { server: 'uvicorn', pattern: new RegExp(`^INFO: {5}${PEER}:\\d{1,5} - "${REQUEST}" (?<status>\\d{3})(?: |$)`) },
  // werkzeug/serving.py WSGIRequestHandler.log, http.server log_message: `192.0.2.7 - - [20/Nov/2026 08:10:14] "GET / HTTP/1.1" 500 -`.
  {
    server: 'werkzeug',
    pattern: new RegExp(`^(?:INFO:werkzeug:)?${PEER} - - \\[${DAY}\\] "${REQUEST}" (?<status>\\d{3}) -$`),
  },
  // django/core/servers/basehttp.py: `[20/Nov/2026 08:10:14] "GET / HTTP/1.1" 500 145`.
  { server: 'django', pattern: new RegExp(`^\\[${DAY}\\] "${REQUEST}" (?<status>\\d{3}) \\d{1,15}$`) },
  // gin/logger.go defaultLogFormatter: `[GIN] 2026/11/20 - 08:10:14 | 502 |    3.123ms |     192.0.2.7 | GET      "/x"`.
  {
    server: 'gin',
    pattern: new RegExp(
      `^\\[GIN\\] (?<date>\\d{4}/\\d\\d/\\d\\d) - (?<clock>\\d\\d:\\d\\d:\\d\\d) \\| {1,4}(?<status>\\d{3}) \\| {1,20}(?<took>[\\d.hms\\u00b5n]{2,30}) \\| {1,40}${PEER} \\| {0,8}(?<method>[A-Z]{1,20}) {1,20}"(?<path>[^"]{0,8000})"`,
    ),
  },
  // morgan's formats dev, tiny and short: `GET /x 502 3.123 ms - 150`, `GET /x 502 150 - 3.123 ms`, `192.0.2.7 - GET /x HTTP/1.1 502 …`.
  {
    server: 'morgan',
    pattern: new RegExp(
      `^${PEER} \\S{1,255} ${REQUEST} (?<status>\\d{3}) (?:\\d{1,15}|-) - (?<ms>\\d{1,9}\\.\\d{3}) ms$`,
    ),
  },
  {
    server: 'morgan',
    pattern:
      /^(?<method>[A-Z]{3,20}) (?<path>\/\S{0,8000}) (?<status>\d{3}) (?:(?<ms>\d{1,9}\.\d{3}) ms - (?:\d{1,15}|-)|(?:\d{1,15}|-) - (?<ms2>\d{1,9}\.\d{3}) ms)$/,
  },
  // oauth2-proxy pkg/logger DefaultRequestLoggingFormat; the id of the request since 7: `192.0.2.7 - 1f2e… - a@example.com [2026/11/20 08:10:14] shop.example.com GET - "/x" HTTP/1.1 "agent" 502 0 5.028`.
  {
    server: 'oauth2-proxy',
    pattern: new RegExp(
      `^${PEER} - (?:[\\w-]{1,64} - )?\\S{1,255} \\[(?<date>\\d{4}/\\d\\d/\\d\\d) (?<clock>\\d\\d:\\d\\d:\\d\\d)\\] (?<host>\\S{1,255}) (?<method>[A-Z]{1,20}) \\S{1,1000} "(?<path>[^"]{0,8000})" HTTP/\\d\\.\\d "[^"]{0,2000}" (?<status>\\d{3}) \\d{1,15} (?<seconds>\\d{1,6}\\.\\d{3})$`,
    ),
  },
];

type Groups = Readonly<Record<string, string | undefined>>;

function rowOf(text: string): Groups | null {
  if (text.length > 12_000) return null;
  for (const { pattern } of ROWS) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined) return groups;
  }
  return null;
}

function stampOf({ date, day = '', month = '', year, clock }: Groups): Stamp {
  if (clock === undefined) return NO_STAMP;
  if (date !== undefined) return parseIso(`${date.replaceAll('/', '-')} ${clock}`) ?? NO_STAMP;
  const index = monthIndex(month);
  const [hours, minutes, seconds] = clock.split(':').map(Number);
  if (index === undefined || hours === undefined || minutes === undefined || seconds === undefined) return NO_STAMP;
  return { kind: 'local', ms: wallMs(Number(year), index, Number(day), hours, minutes, seconds) };
}

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, µs: 0.001, ns: 0.000001 };

/** A duration as Go prints it (`1m2.5s`, `3.1ms`), in milliseconds. */
function goMs(text: string): number {
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/(\d{1,12}(?:\.\d{1,9})?)(ms|µs|ns|h|m|s)/g))
    sum += Number(number) * (UNIT_MS[unit ?? ''] ?? 0);
  return sum;
}

/** How long it took, in milliseconds. */
function durationOf({ took, seconds, ms2, ms = ms2 }: Groups): number | undefined {
  if (took !== undefined) return goMs(took);
  if (seconds !== undefined) return Number(seconds) * 1000;
  return ms === undefined ? undefined : Number(ms);
}

function recordOf(groups: Groups, line: Line): RequestRecord {
  const { request, method, path, host, status, client } = groups;
  const durationMs = durationOf(groups);
  return {
    kind: 'request',
    hop: 'app',
    ...entryFields(line, stampOf(groups)),
    status: Number(status),
    ...methodAndPath(request ?? `${method} ${path}`),
    ...(client === undefined ? {} : { client }),
    ...(host === undefined ? {} : { host }),
    ...(durationMs === undefined ? {} : { durationMs }),
    visitor: true,
  };
}

/** Rows of requests by the servers of application frameworks. */
export const appAccess: LineFormat = {
  shape: 'lines',
  id: 'app-access',
  title: 'Requests as applications print them (uvicorn, Flask, Django, Gin, morgan, oauth2-proxy)',
  hop: 'app',
  foundAt: ['what the application writes to its terminal: docker logs CONTAINER, journalctl -u UNIT'],
  limits: [
    'uvicorn and morgan write no time: without the wrapper’s the rows are undated.',
    'No host; the address is that of the proxy in front unless the framework trusts its headers.',
  ],
  examples: () => [
    {
      input:
        '2026-11-20T08:10:14.123456789Z stdout F INFO:     172.18.0.1:40000 - "GET /x?y=1 HTTP/1.1" 502 Bad Gateway',
      shows: 'uvicorn, dated by the container’s log',
      records: [
        {
          hop: 'app',
          status: 502,
          method: 'GET',
          path: '/x',
          client: '172.18.0.1',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 10, 14, 123) },
        },
      ],
    },
    {
      input: '192.0.2.7 - - [20/Nov/2026 08:10:14] "POST /login HTTP/1.1" 500 -',
      shows: 'Flask’s own server',
      records: [
        {
          status: 500,
          method: 'POST',
          path: '/login',
          stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14) },
        },
      ],
    },
    {
      input: '[20/Nov/2026 08:10:14] "GET /admin/ HTTP/1.1" 500 145',
      shows: 'Django’s own server',
      records: [{ status: 500, path: '/admin/' }],
    },
    {
      input: '[GIN] 2026/11/20 - 08:10:14 | 502 |      1.5042s |     192.0.2.7 | GET      "/api/items"',
      shows: 'Gin',
      records: [{ status: 502, path: '/api/items', client: '192.0.2.7', durationMs: 1504.2 }],
    },
    {
      input: 'GET /api/items 503 12.250 ms - 20',
      shows: 'Express with morgan',
      records: [{ status: 503, path: '/api/items', durationMs: 12.25, stamp: { kind: 'none' } }],
    },
    {
      input: '::ffff:172.18.0.1 - GET /x?y=1 HTTP/1.1 502 - - 0.416 ms',
      shows: 'its short form',
      records: [{ status: 502, path: '/x', client: '::ffff:172.18.0.1', durationMs: 0.416 }],
    },
    {
      input:
        '192.0.2.7 - 0a3951d0-aa37-42bd-bd88-1916d63ebec3 - a@example.com [2026/11/20 08:10:14] shop.example.com GET / "/x?y=1" HTTP/1.1 "Mozilla/5.0" 502 0 5.028',
      shows: 'oauth2-proxy',
      records: [{ status: 502, path: '/x', host: 'shop.example.com', client: '192.0.2.7', durationMs: 5028 }],
    },
  ],
  score: ({ text }) => (rowOf(text) === null ? 0 : 0.8),
  open: (emit) => ({
    push: (line) => {
      const groups = rowOf(line.text);
      if (groups === null) return false;
      emit(recordOf(groups, line));
      return true;
    },
    end: () => {},
  }),
};
