import { NO_STAMP, type RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { parseMsec } from './access-time.ts';
import { splitRequest } from './nginx-context.ts';

const LONGEST = 9000;
/** `logformat squid`: end of the request, milliseconds, client, result and status, bytes, method, URL, user, whom it asked, type. */
const ROW =
  /^(\d{9,11}\.\d{3}) {1,9}(\d{1,9}) (\S{2,60}) ([A-Z][A-Z_]{2,60})\/(\d{3}) (\d{1,15}) ([A-Z]{3,16}) (\S{1,8000}) \S{1,200} ([A-Z][A-Z_]{2,60})\/(\S{1,260}) \S{1,200}/;
/** cache.log: time, with several workers which of them, and the message. */
const HEAD = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d)(?:\.\d{3})?(?: kid\d{1,3})?\| /;
/** What belongs to the entry above it. */
const MORE = /^ {4}(?:current master transaction: |AKA )/;
const URL_PARTS = /^[a-z]{3,5}:\/\/([^/:?#]{1,253})(?::\d{1,5})?([/?].{0,8000})?$/i;
/** It asked nobody: there was no server left that is believed to live. */
const NOBODY = 'HIER_NONE';

interface SquidMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/** What Squid says of its servers and of itself. Source: neighbors.cc, http.cc, main.cc, fd.cc; measured with 5.7. */
export const SQUID_MESSAGES: readonly SquidMessage[] = [
  {
    // peerConnectFailed: a refused connection and one that timed out alike.
    signal: 'proxy.not-connected',
    pattern: /^(?:ERROR: )?(?:Connection to|TCP connection to) \S{1,260} failed/,
    sample: 'TCP connection to 192.0.2.5/8080 failed',
  },
  {
    signal: 'proxy.backend-down',
    pattern: /^Detected DEAD (?:Parent|Sibling): /,
    sample: 'Detected DEAD Parent: app',
  },
  {
    signal: 'proxy.backend-up',
    pattern: /^Detected REVIVED (?:Parent|Sibling): /,
    sample: 'Detected REVIVED Parent: app',
  },
  {
    signal: 'proxy.backend-closed',
    pattern: /^WARNING: HTTP: Invalid Response: No object data received for /,
    sample:
      'WARNING: HTTP: Invalid Response: No object data received for http://www.example.com/ AKA http://www.example.com/',
  },
  {
    signal: 'proxy.backend-invalid',
    pattern: /^WARNING: HTTP: Invalid Response: /,
    sample:
      'WARNING: HTTP: Invalid Response: Bad header encountered from http://www.example.com/ AKA http://www.example.com/',
  },
  {
    signal: 'proxy.too-many-files',
    pattern: /^WARNING! Your cache is running out of filedescriptors/,
    sample: 'WARNING! Your cache is running out of filedescriptors',
  },
  {
    signal: 'proxy.bind-failed',
    pattern: /^(?:ERROR: )?(?:FATAL: )?(?:Cannot bind socket|commBind: Cannot bind socket|Cannot open HTTP Port)/,
    sample: 'commBind: Cannot bind socket FD 12 to 0.0.0.0:80: (98) Address already in use',
  },
  {
    signal: 'proxy.config-error',
    pattern: /^FATAL: (?:Bungled |Unable to open configuration file|Invalid )/,
    sample: 'FATAL: Bungled /etc/squid/squid.conf line 12: http_prot 80',
  },
  {
    signal: 'proxy.start',
    pattern: /^Starting Squid Cache version /,
    sample: 'Starting Squid Cache version 5.7 for x86_64-pc-linux-gnu...',
  },
  {
    signal: 'proxy.stop',
    pattern: /^Preparing for shutdown after /,
    sample: 'Preparing for shutdown after 132 requests',
  },
  {
    signal: 'proxy.reload',
    pattern: /^Reconfiguring Squid Cache /,
    sample: 'Reconfiguring Squid Cache (version 5.7)...',
  },
];

/** What a row tells of who failed: its own pages and answers of the server that have the same status cannot be parted. */
function rowSignal(status: number, result: string, asked: string): SignalId | undefined {
  if (status === 0) return 'access.client-abort';
  if (status === 403 || status === 429) return result === 'TCP_DENIED' ? 'proxy.refused' : 'access.refused-403';
  if (status < 500) return undefined;
  return asked === NOBODY ? 'proxy.no-backend' : 'access.5xx';
}

function rowRecord(line: Line): RequestRecord | null {
  const [found, end, ms, client, result = '', code, bytes, method, url = '', asked = '', server] =
    ROW.exec(line.text.slice(0, LONGEST)) ?? [];
  const stamp = parseMsec(end ?? '');
  if (found === undefined || stamp === undefined || client === undefined) return null;
  const status = Number(code);
  const signal = rowSignal(status, result, asked);
  const [, host, rest] = URL_PARTS.exec(url) ?? [];
  return {
    kind: 'request',
    hop: 'proxy',
    ...entryFields(line, stamp),
    ...splitRequest(`${method} ${host === undefined ? url : (rest ?? '/')} HTTP/1.1`),
    ...(host === undefined ? {} : { host: host.toLowerCase() }),
    client,
    status,
    ...(signal === undefined ? {} : { signal }),
    ...(signal === 'proxy.no-backend' ? { originStatus: 0 } : {}),
    ...(server === undefined || server === '-' ? {} : { upstream: server }),
    durationMs: Number(ms),
    bytes: Number(bytes),
    visitor: true,
  };
}

class SquidParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const row = rowRecord(line);
    if (row !== null) {
      this.emit(row);
      return true;
    }
    const head = HEAD.exec(line.text.slice(0, 60));
    if (head === null) return MORE.test(line.text);
    const message = line.text.slice(head[0].length, LONGEST);
    const signal = SQUID_MESSAGES.find(({ pattern }) => pattern.test(message))?.signal ?? 'proxy.other';
    const address = /^(?:ERROR: )?(?:TCP c|C)onnection to (\S{1,255})\/(\d{1,5}) failed/.exec(message);
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, parseIso(`${head[1]}-${head[2]}-${head[3]} ${head[4]}`) ?? NO_STAMP),
      ...(address === null ? {} : { upstream: `${address[1]}:${address[2]}` }),
      values: { program: 'Squid' },
    });
    return true;
  }

  end(): void {}
}

const examples = (): readonly Example[] => [
  {
    shows: 'rows: one that a server answered or failed, one for which no server was left',
    input: [
      '1795202855.902      4 192.0.2.7 TCP_MISS/503 3458 GET http://www.example.com/cart? - FIRSTUP_PARENT/192.0.2.5 text/html',
      '1795202856.902      0 192.0.2.7 TCP_MISS/502 3439 GET http://www.example.com/ - HIER_NONE/- text/html',
      '1795202857.902     12 192.0.2.7 TCP_MISS_ABORTED/000 0 GET http://www.example.com/ - FIRSTUP_PARENT/192.0.2.5 -',
    ].join('\n'),
    records: [
      {
        signal: 'access.5xx',
        stamp: { kind: 'utc', ms: 1_795_202_855_902 },
        status: 503,
        host: 'www.example.com',
        path: '/cart',
        upstream: '192.0.2.5',
        durationMs: 4,
      },
      { signal: 'proxy.no-backend', status: 502, path: '/' },
      { signal: 'access.client-abort' },
    ],
  },
  {
    shows: 'cache.log: a server that no connection can be made to, and one that hangs up',
    input: [
      '2026/11/20 08:14:38| TCP connection to 192.0.2.5/8080 failed',
      '    current master transaction: master144',
      '2026/11/20 08:14:39 kid1| WARNING: HTTP: Invalid Response: No object data received for http://www.example.com/ AKA http://www.example.com/',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.not-connected',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        upstream: '192.0.2.5:8080',
      },
      { signal: 'proxy.backend-closed', values: { program: 'Squid' } },
    ],
  },
];

/** Squid in front of an application: its rows, and what it says of its servers. */
export const squid: LineFormat = {
  id: 'squid',
  title: 'Squid log (access.log, cache.log)',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['/var/log/squid/access.log', '/var/log/squid/cache.log', 'journalctl -u squid'],
  limits: [
    'Rows do not tell whether Squid or the server behind it made an error.',
    'cache.log has local times without zone, and does not say why a connection was not made.',
    'After ten connections that failed the server is passed over: the rows then say HIER_NONE.',
  ],
  examples,
  score: ({ text }) => (HEAD.test(text.slice(0, 60)) || ROW.test(text.slice(0, LONGEST)) ? 0.95 : 0),
  open: (emit) => new SquidParser(emit),
};
