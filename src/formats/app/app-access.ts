import { NO_STAMP, type RequestRecord } from '../../vocabulary/records.ts';
import { entryFields } from '../entry.ts';
import type { Line, LineFormat } from '../format.ts';
import { jsonStamp } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { isSurelyApp } from './app-messages.ts';
import { groupStamp } from './group-stamp.ts';
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
  // tornado/web.py Application.log_request behind tornado/log.py LogFormatter: `[I 261120 08:10:14 web:2293] 200 GET /x (192.0.2.7) 7.90ms`; Jupyter's alike.
  {
    server: 'tornado',
    pattern: new RegExp(
      `^\\[[DIWE] (?:(?<date>\\d{4}-\\d\\d-\\d\\d)|(?<shortDate>\\d{6})) (?<clock>\\d\\d:\\d\\d:\\d\\d)(?:\\.\\d{3})? [\\w.: ]{3,100}\\] (?<status>\\d{3}) (?<method>[A-Z]{3,10}) (?<path>/\\S{0,8000}) \\((?:[^()\\s]{1,100}@)?${PEER}\\) (?<ms>\\d{1,9}\\.\\d{2})ms`,
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
  // koa-logger (`index.js`): what went out, and `xxx` where an error was thrown; `  --> GET /x 502 1,234ms 21b`.
  {
    server: 'koa-logger',
    pattern:
      /^ {0,2}(?:-->|xxx) (?<method>[A-Z]{3,10}) (?<path>\/\S{0,8000}) (?<status>\d{3}) (?<took>[\d,]{1,12}m?s)(?: (?:-|[\d.]{1,12}[kmg]?b)?)?$/,
  },
  // PHP's own server (`php_cli_server.c`): `[Fri Nov 20 08:10:14 2026] 192.0.2.7:40000 [500]: GET /x - Uncaught Error: …`.
  {
    server: 'php',
    pattern: new RegExp(
      `^(?:\\[\\d{1,10}\\] )?\\[[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \\d]\\d) (?<clock>\\d\\d:\\d\\d:\\d\\d) (?<year>\\d{4})\\] \\[?${PEER}\\]?:\\d{1,5} \\[(?<status>\\d{3})\\]: (?<method>[A-Z]{3,10}) (?<path>/\\S{0,8000})(?: |$)`,
    ),
  },
  // oauth2-proxy pkg/logger DefaultRequestLoggingFormat; the id of the request since 7: `192.0.2.7 - 1f2e… - a@example.com [2026/11/20 08:10:14] shop.example.com GET - "/x" HTTP/1.1 "agent" 502 0 5.028`.
  {
    server: 'oauth2-proxy',
    pattern: new RegExp(
      `^${PEER} - (?:[\\w-]{1,64} - )?\\S{1,255} \\[(?<date>\\d{4}/\\d\\d/\\d\\d) (?<clock>\\d\\d:\\d\\d:\\d\\d)\\] (?<host>\\S{1,255}) (?<method>[A-Z]{1,20}) \\S{1,1000} "(?<path>[^"]{0,8000})" HTTP/\\d\\.\\d "[^"]{0,2000}" (?<status>\\d{3}) \\d{1,15} (?<seconds>\\d{1,6}\\.\\d{3})$`,
    ),
  },
  // Gitea and Forgejo (`modules/web/routing/logger.go`), wherever their log says to stand in the source: `… [I] router: completed GET /x for 192.0.2.7:0, 500 Internal Server Error in 12.3ms @ repo/view.go:33(repo.Home)`.
  {
    server: 'gitea',
    pattern:
      /^(?:(?<date>\d{4}\/\d\d\/\d\d) (?<clock>\d\d:\d\d:\d\d) )?(?:\[?\.{0,3}[\w./-]{1,120}\.go:\d{1,6}[: ]\S{1,80}\(\)\]? |HTTPRequest )?\[[DIWE]\] router: completed (?<method>[A-Z]{3,10}) (?<path>\/\S{0,8000}) for \[?(?<client>[\da-fA-F.:]{2,45}?)\]?(?::\d{1,5})?, (?<status>\d{3}) [A-Z][\w '-]{1,60} in (?<took>[\d.hms\u00b5n]{2,30}) @ /,
  },
  // Vaultwarden (`src/util.rs`, its logger of Rocket's answers): `[2026-11-20 08:10:14.123][response][INFO] (sync) GET /api/sync?<data..> => 502 Bad Gateway`.
  {
    server: 'vaultwarden',
    pattern:
      /^\[(?<iso>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\]\[response\]\[[A-Z]{4,5}\] (?:\(\w{1,80}\) )?(?<method>[A-Z]{3,10}) (?<path>\/\S{0,8000}) => (?<status>\d{3})(?: |$)/,
  },
  // Strapi 4 and 5 (`@strapi/logger`): `[2026-11-20 08:10:14.123] http: GET /api/posts (23 ms) 200`.
  {
    server: 'strapi',
    pattern:
      /^\[(?<iso>\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3}Z?)\] http: (?<method>[A-Z]{3,10}) (?<path>\/\S{0,8000}) \((?<ms>\d{1,9}) ms\) (?<status>\d{3})$/,
  },
  // Synapse (`http/site.py`): `2026-11-20 08:10:14,123 - synapse.access.http.8008 - 508 - INFO - GET-12 - 192.0.2.7 - 8008 - {None} Processed request: 0.012sec/… 120B 200 "GET /x HTTP/1.1" "agent" [0 dbevts]`.
  {
    server: 'synapse',
    pattern: new RegExp(
      `^(?<iso>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3}) - synapse\\.access\\.\\S{1,60} - \\d{1,5} - [A-Z]{4,7} - \\S{1,60} - ${PEER} - \\S{1,40} - \\{[^}\\n]{1,255}\\} Processed request: (?<seconds>\\d{1,6}\\.\\d{3})sec/[^"\\n]{10,200} (?<status>\\d{3})!? "${REQUEST}" `,
    ),
  },
];

const RAILS = [/"controller"\s?:\s?"[A-Z]/, /"action"\s?:\s?"\w/];
/** authentik's servers, Python's and Go's alike (`asgi.py`, `internal/outpost/proxyv2`): the path is what happened. */
const AUTHENTIK = /"logger"\s?:\s?"authentik\.(?:asgi|router|outpost\.)/;

/** Rails with lograge (`formatters/key_value.rb`), as Mastodon and Discourse have it: perhaps Ruby's head or the request's id before it. */
const LOGRAGE =
  /^(?:[DIWEFA], \[(?<iso>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?) #\d{1,10}\] {1,2}[A-Z]{3,7} -- : )?(?:\[[\da-f-]{36}\] )?method=(?<method>[A-Z]{3,10}) path=(?<path>\S{1,8000}) format=\S{1,60} controller=\S{1,200} action=\S{1,100} status=(?<status>\d{3})(?: [a-z]{1,20}=(?!')\S{0,200}){0,4}? (?:error='.{0,4000}' )?duration=(?<ms>[\d.]{1,16})(?: |$)/;

type Groups = Readonly<Record<string, string | undefined>>;

function rowOf(text: string): Groups | null {
  if (text.length > 12_000) return null;
  // Where its error is one that tells more, it is read as that.
  if (text.includes('method=')) return isSurelyApp(text) ? null : (LOGRAGE.exec(text)?.groups ?? null);
  for (const { pattern } of ROWS) {
    const groups = pattern.exec(text)?.groups;
    if (groups !== undefined) return groups;
  }
  return null;
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
  if (took !== undefined) return goMs(took.replaceAll(',', ''));
  if (seconds !== undefined) return Number(seconds) * 1000;
  return ms === undefined ? undefined : Number(ms);
}

function recordOf(groups: Groups, line: Line): RequestRecord {
  const { request, method, path, host, status, client } = groups;
  const durationMs = durationOf(groups);
  return {
    kind: 'request',
    hop: 'app',
    ...entryFields(line, groupStamp(groups) ?? NO_STAMP),
    status: Number(status),
    // Whoever stands before it: what the application's own server notes it has answered.
    ...(Number(status) >= 500 ? { signal: 'access.answered-5xx' } : {}),
    ...methodAndPath(request ?? `${method} ${path}`),
    ...(client === undefined ? {} : { client }),
    ...(host === undefined ? {} : { host }),
    ...(durationMs === undefined ? {} : { durationMs }),
    visitor: true,
  };
}

/** The same in JSON, and GitLab's production_json.log, which has the time and its own duration in seconds. */
function railsRow(line: Line): RequestRecord | null {
  const { text } = line;
  const object =
    text.startsWith('{') && RAILS.every((pattern) => pattern.test(text.slice(0, 8192))) && !isSurelyApp(text)
      ? parseObject(text)
      : null;
  const { method, path, status, duration, duration_s: seconds, remote_ip: client, time } = object ?? {};
  if (typeof method !== 'string' || typeof path !== 'string' || !isStatus(status)) return null;
  const row = recordOf(
    {
      method,
      path: path.slice(0, 8000),
      status: String(status),
      ms: typeof duration === 'number' ? String(duration) : undefined,
      seconds: typeof seconds === 'number' ? String(seconds) : undefined,
      client: typeof client === 'string' ? client : undefined,
    },
    line,
  );
  return { ...row, ...entryFields(line, jsonStamp(time ?? object?.['@timestamp'] ?? object?.timestamp)) };
}

const isStatus = (status: unknown): status is number =>
  typeof status === 'number' && Number.isInteger(status) && status >= 100 && status <= 599;

function authentikRow(line: Line): RequestRecord | null {
  const { text } = line;
  const object = text.startsWith('{') && AUTHENTIK.test(text.slice(0, 4096)) ? parseObject(text) : null;
  const { event, method, status, runtime, remote, host, timestamp } = object ?? {};
  if (typeof event !== 'string' || !event.startsWith('/') || typeof method !== 'string') return null;
  if (!isStatus(status)) return null;
  const row = recordOf(
    {
      method,
      path: event.slice(0, 8000),
      status: String(status),
      ms: runtime === undefined ? undefined : String(Number(runtime) || 0),
      client: typeof remote === 'string' ? remote.replace(/(?<=\.\d{1,3}|\]):\d{1,5}$/, '') : undefined,
      host: typeof host === 'string' ? host : undefined,
    },
    line,
  );
  return { ...row, ...entryFields(line, jsonStamp(timestamp)) };
}

/*
 * Fastify (`lib/logger-pino.js`) and pino-http (`logger.js`): a row when the answer has gone, and before it one of Fastify's with what was
 * asked, known again by the request's id. Where pino-http adds the error, the row is read as that (src/formats/app/app.ts).
 */
const PINO = /"msg":"request (?:completed|errored)"|"msg":"incoming request"/;
const PINO_ANSWERED = /"responseTime":\d/;
/** Requests that are under way at once: an older one's path is forgotten. */
const MOST_PENDING = 1000;

/** What pino's row says of a request. */
interface PinoRow {
  readonly id: unknown;
  readonly asked: { readonly method: string; readonly path: string; readonly client: string | undefined } | null;
  /** The row of an answer; null of a request that came in. */
  readonly row: RequestRecord | null;
}

function valueIn(value: unknown, key: string): unknown {
  const inner: Readonly<Record<string, unknown>> = typeof value === 'object' && value !== null ? { ...value } : {};
  return inner[key];
}

function textIn(value: unknown, key: string): string | undefined {
  const found = valueIn(value, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function pinoRow(line: Line): PinoRow | null {
  const { text } = line;
  if (!text.startsWith('{"level":') || text.length > 12_000 || !PINO.test(text)) return null;
  const object = parseObject(text);
  if (object === null || object.err !== undefined) return null;
  const { req, res, reqId, time, responseTime } = object;
  const id = reqId ?? valueIn(req, 'id');
  const method = textIn(req, 'method');
  const path = textIn(req, 'url');
  const asked =
    method === undefined || path === undefined
      ? null
      : { method, path: path.slice(0, 8000), client: textIn(req, 'remoteAddress') };
  if (!PINO_ANSWERED.test(text)) return asked === null ? null : { id, asked, row: null };
  const status = valueIn(res, 'statusCode');
  if (!isStatus(status) || typeof responseTime !== 'number') return null;
  const row: RequestRecord = {
    kind: 'request',
    hop: 'app',
    ...entryFields(line, jsonStamp(time)),
    status,
    ...(status >= 500 ? { signal: 'access.answered-5xx' } : {}),
    durationMs: responseTime,
    visitor: true,
  };
  return { id, asked, row };
}

/** Puts together what came in and what went out. */
class PinoRows {
  private readonly pending = new Map<unknown, NonNullable<PinoRow['asked']>>();

  /** The record of an answer's row; null of a row that only says what was asked. */
  read({ id, asked, row }: PinoRow): RequestRecord | null {
    if (row === null) {
      if (asked !== null) this.pending.set(id, asked);
      const oldest = this.pending.size > MOST_PENDING ? this.pending.keys().next() : null;
      if (oldest !== null && oldest.done !== true) this.pending.delete(oldest.value);
      return null;
    }
    const known = asked ?? this.pending.get(id);
    this.pending.delete(id);
    if (known === undefined) return row;
    const { method, path, client } = known;
    return { ...row, ...methodAndPath(`${method} ${path}`), ...(client === undefined ? {} : { client }) };
  }
}

/** koa-logger of a request that came in: nothing more is known of it yet. */
const KOA_ASKED = /^ {0,2}<-- [A-Z]{3,10} \/\S{0,8000}$/;

const rowIn = (line: Line): RequestRecord | null => {
  const groups = rowOf(line.text);
  return groups === null ? (authentikRow(line) ?? railsRow(line)) : recordOf(groups, line);
};

/** Rows of requests by the servers of application frameworks. */
export const appAccess: LineFormat = {
  shape: 'lines',
  id: 'app-access',
  title:
    'Requests as applications print them (uvicorn, Flask, Django, Tornado, Gin, morgan, koa-logger, Fastify, oauth2-proxy, authentik, Rails, Gitea, Vaultwarden, Strapi, Synapse, php -S)',
  hop: 'app',
  foundAt: ['what the application writes to its terminal: docker logs CONTAINER, journalctl -u UNIT'],
  limits: [
    'uvicorn, morgan and koa-logger write no time: without the wrapper’s the rows are undated.',
    'No host; the address is that of the proxy in front unless the framework trusts its headers.',
  ],
  examples: () => [
    {
      input: [
        '[E 261120 08:10:14 web:2293] 500 GET /x?y=1 (192.0.2.7) 9.07ms',
        '[W 2026-11-20 08:10:15.120 ServerApp] 404 GET /y (ann@192.0.2.7) 1.20ms',
      ].join('\n'),
      shows: 'Tornado, and Jupyter upon it',
      records: [
        {
          hop: 'app',
          signal: 'access.answered-5xx',
          status: 500,
          path: '/x',
          durationMs: 9.07,
          stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14) },
        },
        { hop: 'app', status: 404, path: '/y', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 15) } },
      ],
    },
    {
      input:
        '2026-11-20T08:10:14.123456789Z stdout F INFO:     172.18.0.1:40000 - "GET /x?y=1 HTTP/1.1" 502 Bad Gateway',
      shows: 'uvicorn, dated by the container’s log',
      records: [
        {
          hop: 'app',
          signal: 'access.answered-5xx',
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
      input: ['  <-- GET /api/items', '  xxx GET /api/items 500 1,204ms -', '  --> GET / 200 3ms 21b'].join('\n'),
      shows: 'Koa with koa-logger',
      records: [
        { status: 500, path: '/api/items', durationMs: 1204, stamp: { kind: 'none' } },
        { status: 200, path: '/', durationMs: 3 },
      ],
    },
    {
      input: [
        '[Fri Nov 20 08:10:14 2026] 192.0.2.7:40000 [500]: GET /items?id=3 - Uncaught Error: Call to undefined function shop_price() in /srv/app/index.php:4',
        '[Fri Nov 20 08:10:15 2026] [::1]:40001 [200]: GET /',
      ].join('\n'),
      shows: 'PHP’s own server',
      records: [
        {
          hop: 'app',
          status: 500,
          method: 'GET',
          path: '/items',
          client: '192.0.2.7',
          stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14) },
        },
        { status: 200, path: '/', client: '::1' },
      ],
    },
    {
      input: [
        '2026/11/20 08:10:14 ...eb/routing/logger.go:102:func1() [I] router: completed GET /ann/shop for 192.0.2.7:0, 500 Internal Server Error in 12.5ms @ repo/view.go:33(repo.Home)',
        '2026/11/20 08:10:15 HTTPRequest [I] router: completed GET / for [::1]:40001, 200 OK in 1.2ms @ web/home.go:33(web.Home)',
      ].join('\n'),
      shows: 'Gitea and Forgejo',
      records: [
        {
          status: 500,
          path: '/ann/shop',
          client: '192.0.2.7',
          durationMs: 12.5,
          stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14) },
        },
        { status: 200, path: '/', client: '::1' },
      ],
    },
    {
      input: '[2026-11-20 08:10:14.123][response][INFO] (alive) GET /alive => 503 Service Unavailable',
      shows: 'Vaultwarden',
      records: [{ status: 503, path: '/alive', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14, 123) } }],
    },
    {
      input: '[2026-11-20 08:10:14.123] http: GET /api/posts?page=2 (23 ms) 500',
      shows: 'Strapi',
      records: [{ status: 500, path: '/api/posts', durationMs: 23 }],
    },
    {
      input:
        '2026-11-20 08:10:14,123 - synapse.access.http.8008 - 508 - INFO - GET-12 - 192.0.2.7 - 8008 - {None} Processed request: 0.012sec/0.001sec (0.004sec, 0.000sec) (0.001sec/0.002sec/2) 120B 502 "GET /_matrix/client/v3/sync?timeout=0 HTTP/1.1" "Element" [0 dbevts]',
      shows: 'Synapse',
      records: [{ status: 502, path: '/_matrix/client/v3/sync', client: '192.0.2.7', durationMs: 12 }],
    },
    {
      input:
        '2026-11-20 08:10:14,123 - synapse.access.http.8008 - 508 - INFO - PUT-9 - ::ffff:192.0.2.7 - 8008 - {@admin:example.com|@ida:example.com} Processed request: 1.012sec/0.001sec ru=(0.004sec, 0.000sec) db=(0.001sec/0.002sec/2) 0B 504! "PUT /_matrix/client/v3/user HTTP/1.1" "-" [0 dbevts]',
      shows: 'Synapse since its times have names, of a request that nobody waited for',
      records: [{ status: 504, client: '::ffff:192.0.2.7', durationMs: 1012 }],
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
    {
      input: [
        '[1f2e3d4c-5b6a-4978-8a9b-0c1d2e3f4a5b] method=GET path=/api/v1/timelines/home format=json controller=Api::V1::Timelines::HomeController action=show status=503 duration=12.34 view=0.00 db=0.00',
        'I, [2026-11-20T08:10:13.991259 #812]  INFO -- : method=GET path=/cart format=html controller=CartController action=show status=500 duration=1.11 view=0.65',
        "method=GET path=/about format=html controller=AboutController action=show status=500 error='NoMethodError: undefined method' duration=3.10 view=0.00 db=0.00",
        '{"method":"GET","path":"/shop","format":"html","controller":"ProjectsController","action":"show","status":500,"time":"2026-11-20T08:10:14.123Z","remote_ip":"192.0.2.7","duration_s":0.25}',
      ].join('\n'),
      shows: 'Rails with lograge, and GitLab',
      records: [
        { status: 503, path: '/api/v1/timelines/home', durationMs: 12.34, stamp: { kind: 'none' } },
        { status: 500, path: '/cart', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 13, 991) } },
        { status: 500, path: '/about', durationMs: 3.1 },
        {
          status: 500,
          path: '/shop',
          client: '192.0.2.7',
          durationMs: 250,
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 10, 14, 123) },
        },
      ],
    },
    {
      input: [
        '{"level":30,"time":1795162214123,"pid":7,"hostname":"web1","reqId":"req-1","req":{"method":"GET","url":"/x?y=1","host":"shop.example.com","remoteAddress":"192.0.2.7","remotePort":43182},"msg":"incoming request"}',
        '{"level":30,"time":1795162214173,"pid":7,"hostname":"web1","reqId":"req-1","res":{"statusCode":502},"responseTime":50.25,"msg":"request completed"}',
      ].join('\n'),
      shows: 'Fastify: what was asked stands in another row',
      records: [
        {
          status: 502,
          method: 'GET',
          path: '/x',
          client: '192.0.2.7',
          durationMs: 50.25,
          stamp: { kind: 'utc', ms: 1_795_162_214_173 },
        },
      ],
    },
    {
      input:
        '{"event":"/x?y=1","host":"shop.example.com","level":"info","logger":"authentik.outpost.proxyv2.application","method":"GET","name":"Shop","remote":"192.0.2.7:43182","runtime":"90.685","scheme":"https","size":3960,"status":502,"timestamp":"2026-11-20T08:10:14Z","user":"a"}',
      shows: 'authentik before an application',
      records: [
        {
          status: 502,
          path: '/x',
          host: 'shop.example.com',
          client: '192.0.2.7',
          durationMs: 90.685,
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 10, 14) },
        },
      ],
    },
  ],
  score: (line) => (rowIn(line) === null && pinoRow(line) === null ? 0 : 0.8),
  open: (emit) => {
    const pinoRows = new PinoRows();
    return {
      push: (line) => {
        const pino = pinoRow(line);
        const row = pino === null ? rowIn(line) : pinoRows.read(pino);
        if (row !== null) emit(row);
        return row !== null || pino !== null || KOA_ASKED.test(line.text);
      },
      end: () => {},
    };
  },
};
