import type { Stamp } from '../../vocabulary/records.ts';
import { NO_STAMP } from '../../vocabulary/records.ts';
import { jsonEntry, textEntry } from '../app/app-entry.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { jsonStamp, parseIso } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { backendIn, goErrorSignal } from './go-errors.ts';

/** A request that a reverse proxy inside a program answered with 502 for its backend. */
interface Failure {
  readonly program: string;
  /** The answer broke off after its header. */
  readonly isCut?: boolean;
  /** No visitor's request: the program asked whether the backend is there. */
  readonly isCheck?: boolean;
  readonly stamp: Stamp;
  readonly error: string;
  readonly method: string | undefined;
  readonly uri: string | undefined;
}

/*
 * Sources: gitlab-workhorse, internal/badgateway/roundtripper.go: `badgateway: failed to receive response: …`, up to GitLab 11
 * `badgateway: failed after 0s: …`, up to 8 `proxyRoundTripper: GET "/" failed with: "…"`; authentik, internal/web/proxy.go: event
 * `failed to proxy to backend`, and where it stands before another application internal/outpost/proxyv2/application/error.go:
 * `Error proxying to upstream server`. What follows is Go's own text, but for authentik's word for a gunicorn that is not up yet.
 */
const GITLAB = 'GitLab Workhorse';
const MARK = /badgateway: failed (?:to receive response|after \d{1,6}s): |proxyRoundTripper: /;
const AUTHENTIK =
  /"event"\s?:\s?"(?:failed to proxy to backend|[Ee]rror proxying to upstream server|proxy not running)"/;
/** Its core, or the outpost within it. */
const NOT_UP = /^(?:authentik starting|proxy not running)$/;
/** Its router before 2022 has the second as the event. */
const AUTHENTIK_EVENT = 'proxy not running';
const LOGFMT =
  /^time="([^"]{19,40})" level=error .{0,2000}?error="badgateway: failed to receive response: ((?:[^"\\]|\\.){0,4000})"(?: method=([A-Z]{3,8}))?(?: uri=(\S{1,2000}))?/;
const PLAIN =
  /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) error: (?:proxyRoundTripper: ([A-Z]{3,8}) "([^"]{0,2000})" failed with: "(.{0,4000})"$|([A-Z]{3,8}) "([^"]{0,2000})": badgateway: failed (?:to receive response|after \d{1,6}s): (.{0,4000})$)/;

/*
 * Programs in Go that pass requests on do it with the library's own proxy. Sources: Go, net/http/httputil/reverseproxy.go,
 * defaultErrorHandler (which answers 502) and copyResponse; oauth2-proxy, pkg/upstream/http.go, which has its own word for it.
 */
const GO = 'Go’s reverse proxy';
const GO_MARK = /proxy error: |proxying to upstream server: |ReverseProxy read error /;
const GO_SAYS =
  /(?:^|[\] ])(?:http: proxy error|Error proxying to upstream server|(httputil: ReverseProxy read error during body copy)): (.{1,4000})$/;

/** Zoraxy's check of its upstreams (`mod/uptime`), of which it asks those no more that failed. */
const ZORAXY = /\bPing upstream timeout\. Assume offline: (.{1,2000})$/;

/** Up to GitLab 11 a second line of each. */
const ECHO = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d ErrorPage: serving predefined error page: \d{3}$/;

const NO_REQUEST = { method: undefined, uri: undefined } as const;

function readLine({ text }: Line): Failure | null {
  const beginning = text.slice(0, 4096);
  if (GO_MARK.test(beginning)) return readGo(beginning);
  const check = ZORAXY.exec(beginning);
  if (check !== null)
    return {
      ...NO_REQUEST,
      program: 'Zoraxy',
      stamp: textEntry(text)?.stamp ?? NO_STAMP,
      error: check[1] ?? '',
      isCheck: true,
    };
  if (text.charAt(0) === '{') return MARK.test(beginning) || AUTHENTIK.test(beginning) ? readJson(text) : null;
  if (!MARK.test(beginning)) return null;
  const logfmt = LOGFMT.exec(text);
  if (logfmt?.[1] !== undefined)
    return {
      program: GITLAB,
      stamp: parseIso(logfmt[1]) ?? NO_STAMP,
      error: logfmt[2] ?? '',
      method: logfmt[3],
      uri: logfmt[4],
    };
  const plain = PLAIN.exec(text);
  if (plain === null) return null;
  const stamp = parseIso(`${plain[1]}-${plain[2]}-${plain[3]} ${plain[4]}`) ?? NO_STAMP;
  return {
    program: GITLAB,
    stamp,
    error: plain[7] ?? plain[10] ?? '',
    method: plain[5] ?? plain[8],
    uri: plain[6] ?? plain[9],
  };
}

function readGo(text: string): Failure | null {
  const entry = text.charAt(0) === '{' ? jsonEntry(text) : textEntry(text);
  const message = /\bmsg="((?:[^"\\]|\\.){1,4000})"/.exec(text)?.[1] ?? entry?.message ?? text;
  const [, cut, error] = GO_SAYS.exec(message) ?? [];
  if (error === undefined) return null;
  const stamp = entry?.stamp ?? NO_STAMP;
  return { ...NO_REQUEST, program: GO, stamp, error, isCut: cut !== undefined };
}

function readJson(text: string): Failure | null {
  const object = parseObject(text);
  const error = textOf(object?.error) ?? (object?.event === AUTHENTIK_EVENT ? AUTHENTIK_EVENT : undefined);
  if (object === null || error === undefined) return null;
  const said = { error, method: textOf(object.method), uri: textOf(object.uri) };
  if (MARK.test(error)) return { ...said, program: GITLAB, stamp: jsonStamp(object.time) };
  return AUTHENTIK.test(text) ? { ...said, program: 'authentik', stamp: jsonStamp(object.timestamp) } : null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

class InnerProxyParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const failure = readLine(line);
    if (failure === null) return this.echo(line);
    const { program, stamp, error, method, uri } = failure;
    const upstream = backendIn(error);
    const refused = NOT_UP.test(error) ? 'proxy.backend-refused' : undefined;
    const signal = failure.isCheck ? 'proxy.backend-down' : (refused ?? goErrorSignal(error) ?? 'proxy.own-error');
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: failure.isCut && signal !== 'proxy.client-abort' ? 'proxy.backend-cut' : signal,
      ...entryFields(line, stamp),
      level: 'error',
      ...(method === undefined ? {} : { method }),
      ...(uri === undefined ? {} : { path: uri.replace(/\?.*$/s, '') }),
      ...(upstream === undefined ? {} : { upstream }),
      values: { program, scheme: 'http' },
    });
    return true;
  }

  end(): void {}

  private echo(line: Line): boolean {
    if (!ECHO.test(line.text)) return false;
    const stamp = parseIso(line.text.slice(0, 19).replaceAll('/', '-')) ?? NO_STAMP;
    this.emit({ kind: 'clue', hop: 'proxy', signal: 'proxy.echo', ...entryFields(line, stamp), values: {} });
    return true;
  }
}

const examples = (): readonly Example[] => [
  {
    shows: 'Puma is not up yet',
    input:
      '{"correlation_id":"01G0Z","duration_ms":0,"error":"badgateway: failed to receive response: dial unix /var/opt/gitlab/gitlab-rails/sockets/gitlab.socket: connect: connection refused","level":"error","method":"GET","msg":"","time":"2026-11-20T08:14:38+01:00","uri":"/users/sign_in?a=1"}',
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 7, 14, 38), offsetMinutes: 60 },
        method: 'GET',
        path: '/users/sign_in',
        upstream: 'unix:/var/opt/gitlab/gitlab-rails/sockets/gitlab.socket',
      },
    ],
  },
  {
    shows: 'GitLab installed from source or in another’s image',
    input:
      'time="2026-11-20T08:14:38+01:00" level=error correlation_id= duration_ms=0 error="badgateway: failed to receive response: dial unix /home/git/gitlab/tmp/sockets/gitlab.socket: connect: no such file or directory" method=GET uri=',
    records: [{ signal: 'proxy.socket-missing', method: 'GET' }],
  },
  {
    shows: 'authentik: gunicorn is not up yet, then it ends',
    input: [
      '{"error":"authentik starting","event":"failed to proxy to backend","level":"warning","logger":"authentik.router","timestamp":"2026-11-20T08:14:38Z"}',
      '{"event":"proxy not running","level":"warning","logger":"authentik.router","timestamp":"2026-11-20T08:14:38Z"}',
      '{"error":"read unix @->/dev/shm/authentik-core.sock: read: connection reset by peer","event":"failed to proxy to backend","level":"warning","logger":"authentik.router","timestamp":"2026-11-20T08:14:39Z"}',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38) } },
      { signal: 'proxy.backend-refused' },
      { signal: 'proxy.backend-reset', values: { program: 'authentik' } },
    ],
  },
  {
    shows: 'authentik as proxy of an application',
    input:
      '{"error":"dial tcp 192.0.2.7:8181: connect: connection refused","event":"Error proxying to upstream server","level":"warning","timestamp":"2026-11-20T08:14:38Z"}',
    records: [{ signal: 'proxy.backend-refused', upstream: '192.0.2.7:8181', values: { program: 'authentik' } }],
  },
  {
    shows:
      'what Go’s library says for the programs that use it: with a time, with a place, with neither; and oauth2-proxy',
    input: [
      '2026/11/20 08:14:38 http: proxy error: dial tcp 127.0.0.1:3000: connect: connection refused',
      '[2026/11/20 08:14:39] [reverseproxy.go:490] http: proxy error: EOF',
      'http: proxy error: context canceled',
      '[2026/11/20 08:14:41] [http.go:198] Error proxying to upstream server: dial tcp: lookup app on 127.0.0.11:53: no such host',
      '2026/11/20 08:14:42 httputil: ReverseProxy read error during body copy: unexpected EOF',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        upstream: '127.0.0.1:3000',
        values: { program: 'Go’s reverse proxy' },
      },
      { signal: 'proxy.backend-closed' },
      { signal: 'proxy.client-abort', stamp: { kind: 'none' } },
      { signal: 'proxy.backend-dns' },
      { signal: 'proxy.backend-cut' },
    ],
  },
  {
    shows: 'Zoraxy’s check of a backend',
    input:
      '[2026-11-20 08:14:38.145431] [uptime-monitor] [system:error] Ping upstream timeout. Assume offline: Get "http://192.0.2.11:3000": dial tcp 192.0.2.11:3000: connect: connection refused',
    records: [
      {
        signal: 'proxy.backend-down',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 145) },
        upstream: '192.0.2.11:3000',
        values: { program: 'Zoraxy' },
      },
    ],
  },
  {
    shows: 'up to GitLab 11, and 8; under svlogd',
    input: [
      '2026-11-20_08:14:38.26011 2026/11/20 08:14:38 error: GET "/": badgateway: failed after 62s: EOF',
      '2026-11-20_08:14:38.26942 2026/11/20 08:14:38 ErrorPage: serving predefined error page: 502',
      '2026-11-20_08:14:39.26011 2026/11/20 08:14:39 error: proxyRoundTripper: GET "/shop" failed with: "net/http: timeout awaiting response headers"',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-closed', path: '/' },
      { signal: 'proxy.echo' },
      { signal: 'proxy.backend-timeout' },
    ],
  },
];

/** What the reverse proxies inside applications say of a backend that failed; Workhorse's rows of requests are read as a web server's. */
export const innerProxy: LineFormat = {
  shape: 'lines',
  id: 'inner-proxy',
  title: 'Reverse proxies inside applications (GitLab Workhorse, authentik, oauth2-proxy, Zoraxy, any in Go)',
  hop: 'proxy',
  foundAt: [
    '/var/log/gitlab/gitlab-workhorse/current',
    'gitlab-ctl tail gitlab-workhorse',
    'kubectl logs of the webservice pods',
    'docker logs of authentik’s server, of oauth2-proxy, of Zoraxy',
  ],
  limits: [
    'The backend of GitLab and authentik is Puma or gunicorn: why it failed stands in /var/log/gitlab/puma and gitlab-rails, and in other lines of authentik’s server.',
    '“context canceled” is a visitor that went, or a Puma worker that was ended with the request.',
  ],
  examples,
  score: (line) => (readLine(line) !== null || ECHO.test(line.text) ? 0.95 : 0),
  open: (emit) => new InnerProxyParser(emit),
};
