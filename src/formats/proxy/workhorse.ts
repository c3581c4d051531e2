import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { methodAndPath } from '../app/request-line.ts';
import { entryFields, LONGEST_MATCHED } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { jsonStamp, textStamp } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { backendIn, goErrorSignal } from './go-errors.ts';

/** A request that Workhorse answered with 502 for Rails. */
interface Failure {
  readonly stamp: Stamp;
  readonly said: string;
  readonly method?: string;
  readonly path?: string;
}

/** How the error begins: with the seconds waited in old versions. */
const FAILED = /\bbadgateway: failed (?:to receive response|after \d{1,6}s): /;
const LOGFMT = /^time="([^"]{19,40})" level=[a-z]{4,7} (?:.{0,400}? )?error="((?:[^"\\]|\\.){0,4000})"(.{0,4000})/;
const REQUEST_FIELDS = / method=([A-Z]{3,10}) uri="?(\S{0,2000})/;
const PLAIN = /^(?:(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d) )?error: ([A-Z]{3,10} "[^"]{0,2000}"): (badgateway: .{1,4000})/;

function readFailure(text: string): Failure | null {
  const beginning = text.slice(0, LONGEST_MATCHED);
  if (!FAILED.test(beginning)) return null;
  if (beginning.startsWith('{')) return readJson(text);
  const logfmt = LOGFMT.exec(beginning);
  if (logfmt !== null) {
    const [, method, uri] = REQUEST_FIELDS.exec(logfmt[3] ?? '') ?? [];
    return { stamp: jsonStamp(logfmt[1]), said: logfmt[2] ?? '', ...methodAndPath(`${method ?? ''} ${uri ?? ''}`) };
  }
  const plain = PLAIN.exec(beginning);
  if (plain === null) return null;
  return {
    stamp: textStamp((plain[1] ?? '').replaceAll('/', '-')) ?? NO_STAMP,
    said: plain[3] ?? '',
    ...methodAndPath((plain[2] ?? '').replaceAll('"', '')),
  };
}

function readJson(text: string): Failure | null {
  const { error, time, method, uri } = parseObject(text) ?? {};
  if (typeof error !== 'string' || !FAILED.test(error.slice(0, 200))) return null;
  const request = typeof method === 'string' && typeof uri === 'string' ? `${method} ${uri}` : '';
  return { stamp: jsonStamp(time), said: error, ...methodAndPath(request) };
}

class WorkhorseParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const failure = readFailure(line.text);
    if (failure === null) return false;
    const { stamp, said, method, path } = failure;
    const upstream = backendIn(said);
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: goErrorSignal(said.replace(FAILED, '')) ?? 'proxy.own-error',
      ...entryFields(line, stamp),
      ...(method === undefined ? {} : { method }),
      ...(path === undefined ? {} : { path }),
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'GitLab Workhorse', scheme: 'http' },
    });
    return true;
  }

  end(): void {}
}

const SOCKET = '/var/opt/gitlab/gitlab-rails/sockets/gitlab.socket';

const examples = (): readonly Example[] => [
  {
    shows: 'nothing answers at Puma’s socket, in JSON',
    input: `{"correlation_id":"01J80F4AWNMKNZ92D8WGBAY0PC","duration_ms":0,"error":"badgateway: failed to receive response: dial unix ${SOCKET}: connect: connection refused","level":"error","method":"GET","msg":"","time":"2026-11-20T08:14:38+08:00","uri":"/shop/cart?page=2"}`,
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 0, 14, 38), offsetMinutes: 480 },
        method: 'GET',
        path: '/shop/cart',
        upstream: `unix:${SOCKET}`,
      },
    ],
  },
  {
    shows: 'the socket is missing, in text',
    input:
      'time="2026-11-20T08:14:38Z" level=error correlation_id= duration_ms=0 error="badgateway: failed to receive response: dial unix /home/git/gitlab/tmp/sockets/gitlab.socket: connect: no such file or directory" method=GET uri=/shop',
    records: [{ signal: 'proxy.socket-missing', method: 'GET', path: '/shop' }],
  },
  {
    shows: 'a worker that ended over its request, in old versions',
    input: '2026/11/20 08:14:38 error: GET "/users/sign_in": badgateway: failed after 62s: EOF',
    records: [
      {
        signal: 'proxy.backend-closed',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        path: '/users/sign_in',
      },
    ],
  },
];

/** GitLab's own proxy between nginx and Rails: the requests that Rails did not answer. Its access rows other formats take. */
export const workhorse: LineFormat = {
  id: 'gitlab-workhorse',
  title: 'GitLab Workhorse log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['/var/log/gitlab/gitlab-workhorse/current', 'docker logs of GitLab'],
  limits: [
    'Whether Rails is down or still starting, which takes minutes, only `gitlab-ctl status` and Puma’s own log tell.',
  ],
  examples,
  score: (line) => (readFailure(line.text) === null ? 0 : 0.97),
  open: (emit) => new WorkhorseParser(emit),
};
