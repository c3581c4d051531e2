import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseClf } from './access-time.ts';
import { type HaproxyFormat, readHaproxyClf, readHaproxyFormat } from './haproxy-format.ts';
import { captured, type HaproxyRow, haproxyRecord, readHaproxyRow } from './haproxy-row.ts';
import { isShownError, ShownErrors } from './haproxy-shown-errors.ts';

/** What HAProxy says beside its rows. The first row that fits takes the line. */
export const HAPROXY_MESSAGES: readonly {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}[] = [
  {
    // server.c, snr_update_srv_status: what became of the look-up takes the server out.
    signal: 'proxy.check-dns',
    pattern:
      /^(?:Backup )?Server \S{1,200}\/\S{1,200} is going DOWN for maintenance \((?:DNS (?:NX|timeout|refused) status|unspecified DNS error|No IP for server)/,
    sample:
      'Server app/web1 is going DOWN for maintenance (DNS NX status). 0 active and 0 backup servers left. 1 sessions active, 0 requeued, 0 remaining in queue.',
  },
  {
    // check.c, SSL_ERR_…: the check speaks TLS because the server's line says `ssl`, so requests do, too.
    signal: 'proxy.check-cert',
    pattern:
      /^(?:(?:Backup )?Server \S{1,200}\/\S{1,200} is (?:going )?DOWN|Health check for (?:backup )?server \S{1,200}\/\S{1,200} failed), reason: Layer6 invalid response, info: "[^"]{0,80}certificate/,
    sample:
      'Server app/web1 is DOWN, reason: Layer6 invalid response, info: "Server presented an SSL certificate different from the configured one", check duration: 3ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
  },
  {
    signal: 'proxy.check-tls',
    pattern:
      /^(?:(?:Backup )?Server \S{1,200}\/\S{1,200} is (?:going )?DOWN|Health check for (?:backup )?server \S{1,200}\/\S{1,200} failed), reason: Layer6 (?:invalid response|timeout)\b/,
    sample:
      'Server app/web1 is DOWN, reason: Layer6 invalid response, info: "SSL handshake failure", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
  },
  {
    signal: 'proxy.check-refused',
    pattern:
      /^(?:(?:Backup )?Server \S{1,200}\/\S{1,200} is (?:going )?DOWN|Health check for (?:backup )?server \S{1,200}\/\S{1,200} failed), reason: Layer4 connection problem, info: "Connection refused/,
    sample:
      'Server app/web1 is DOWN, reason: Layer4 connection problem, info: "Connection refused", check duration: 0ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
  },
  {
    signal: 'proxy.backend-down',
    pattern: /^(?:Backup )?Server \S{1,200}\/\S{1,200} is (?:going )?DOWN\b/,
    sample:
      'Server app/web1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left. 0 sessions active, 0 requeued, 0 remaining in queue.',
  },
  {
    signal: 'proxy.backend-up',
    pattern: /^(?:Backup )?Server \S{1,200}\/\S{1,200} is UP\b/,
    sample:
      'Server app/web1 is UP, reason: Layer7 check passed, code: 200, check duration: 0ms. 1 active and 0 backup servers online. 0 sessions requeued, 0 total in queue.',
  },
  {
    // `option log-health-checks` (set_server_check_status): each change of a check, with what it makes of the server.
    signal: 'proxy.backend-down',
    pattern:
      /^(?:Health|Agent) check for (?:backup )?server \S{1,200}\/\S{1,200} failed, .{0,1500}status: \d{1,6}\/\d{1,6} DOWN\b/,
    sample:
      'Health check for server app/web1 failed, reason: Layer4 timeout, check duration: 2001ms, status: 0/2 DOWN.',
  },
  {
    signal: 'proxy.check-failed',
    pattern: /^(?:Health|Agent) check for (?:backup )?server \S{1,200}\/\S{1,200} failed, /,
    sample: 'Health check for server app/web1 failed, reason: Layer7 timeout, check duration: 2001ms, status: 2/3 UP.',
  },
  {
    signal: 'proxy.all-down',
    pattern: /^(?:backend|proxy|listen) '?\S{1,200}'? has no server available!/,
    sample: 'backend app has no server available!',
  },
  {
    signal: 'proxy.bind-failed',
    pattern: /cannot bind (?:socket|UNIX socket)/,
    sample:
      '[ALERT]    (3609) : Binding [/etc/haproxy/haproxy.cfg:2] for frontend www: cannot bind socket (Address already in use) for [0.0.0.0:443]',
  },
  {
    signal: 'proxy.config-error',
    pattern:
      /^config : (?:Fatal errors found|Error\(s\) found|parsing \[|Proxy '|proxy ')|^parsing \[\S{1,300}:\d{1,6}\] ?: |^\[haproxy\.main\(\)\] |Fatal errors found in configuration/,
    sample: '[ALERT]    (3545) : config : Fatal errors found in configuration.',
  },
  {
    // sock.c and backend.c, where the system gives no more descriptors to the front or to the back.
    signal: 'proxy.too-many-files',
    pattern: /^(?:Proxy \S{1,200} reached (?:process|system) FD limit\b|Cannot get a (?:server )?socket\.)/,
    sample: "Proxy www reached process FD limit (maxsock=20000). Please check 'ulimit-n' and restart.",
  },
  {
    // mworker.c: 128 and the number of the signal; 143 and 130 are how it is told to end.
    signal: 'proxy.child-crash',
    pattern: /^Current worker (?:#\d{1,6} )?\(\d{1,10}\) exited with code (?!0\b|130\b|143\b)\d{1,3}/,
    sample: '[ALERT]    (812) : Current worker (814) exited with code 137 (Killed)',
  },
  // "Proxy www stopped" is no stop: the old worker says it at every reload.
  { signal: 'proxy.stop', pattern: /^Exiting Master process/, sample: '[WARNING]  (812) : Exiting Master process...' },
  {
    signal: 'proxy.reload',
    pattern: /^(?:Re-?executing Master process|Reloading HAProxy)/,
    sample: '[NOTICE]   (812) : Reloading HAProxy',
  },
  {
    signal: 'proxy.start',
    pattern: /^(?:New worker (?:#\d{1,6} )?\(\d{1,10}\) forked|Loading success)/,
    sample: '[NOTICE]   (812) : New worker (814) forked',
  },
];

/** `[ALERT]    (3609) : `, with the day of the year and the time before 2.4. */
const NOTICE = /^\[(NOTICE|WARNING|ALERT)\] {1,8}(?:\d{1,3}\/\d{6} )?\(\d{1,10}\) : /;
/** A session that ended before a request was read: `203.0.113.7:42504 [20/Nov/2026:19:30:29.003] www/1: SSL handshake failure`. */
const EARLY =
  /^(\S{2,60}):\d{1,5} \[(\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:]{8}\.\d{3})\] (\S{1,160})\/(\S{1,160}): (?=[A-Z])/;
const TLS = /SSL|TLS/;

const isHaproxy = ({ wrapper }: Line): boolean => wrapper?.program?.startsWith('haproxy') === true;

/** A row in a format of one's own: a request, and a status that stands alone. */
const OTHER_ROW = /\b(?:GET|POST|HEAD|PUT)\b[ :/].{0,8000}HTTP\/|[":= ][1-5]\d\d[", ].{0,400}\b(?:GET|POST|HEAD|PUT)\b/;

const isOtherRow = (line: Line): boolean => isHaproxy(line) && OTHER_ROW.test(line.text.slice(0, 9000));

/** What a line without a row means; undefined where HAProxy did not write it. */
function said(line: Line): { readonly signal: SignalId; readonly level?: string } | undefined {
  const beginning = line.text.slice(0, 2000);
  const notice = NOTICE.exec(beginning);
  const text = notice === null ? beginning : beginning.slice(notice[0].length);
  const found = HAPROXY_MESSAGES.find(({ pattern }) => pattern.test(text))?.signal;
  // What ends it over its configuration is an alert: it starts with warnings.
  const signal = found === 'proxy.config-error' && (notice?.[1] ?? 'ALERT') !== 'ALERT' ? undefined : found;
  if (signal === undefined && notice === null && (!isHaproxy(line) || isOtherRow(line))) return undefined;
  return { signal: signal ?? 'proxy.other', ...(notice?.[1] === undefined ? {} : { level: notice[1].toLowerCase() }) };
}

/** What is said once of rows that cannot be read. */
const lackingBut =
  (formats: readonly HaproxyFormat[]) =>
  (line: Line): string | undefined =>
    isOtherRow(line) && rowIn(line.text, formats) === null
      ? 'It holds rows in a log-format of its own, which are not counted: put the configuration (haproxy.cfg) beside it, or give the format with --log-format.'
      : undefined;

/** Variables of the rows of `option httplog` and of `option tcplog` that tell of failures. */
export const HTTPLOG_VARIABLES: readonly string[] = ['%tr', '%b', '%s', '%Tr', '%Ta', '%ST', '%tsc', '%r'];
const TCPLOG_VARIABLES: readonly string[] = ['%t', '%b', '%s', '%Tt', '%ts'];

/** What a row has of these, and of the header fields that tell of a request; empty for other lines. */
const variablesBy =
  (formats: readonly HaproxyFormat[]) =>
  ({ text }: Line): string[] => {
    const format = formats.find((one) => readHaproxyFormat(one, text) !== null);
    const row = rowIn(text, formats);
    if (row === null) return [];
    const { ray, host } = captured(row);
    return [
      ...(format?.pieces.map(({ variable }) => `%${variable}`) ??
        (row.status === undefined ? TCPLOG_VARIABLES : HTTPLOG_VARIABLES)),
      ...(ray === undefined ? [] : ['req.hdr(CF-Ray)']),
      ...(host === undefined ? [] : ['req.hdr(Host)']),
    ];
  };

class HaproxyParser implements LineParser {
  private readonly emit: Emit;
  private readonly formats: readonly HaproxyFormat[];
  private readonly shown: ShownErrors;

  constructor(emit: Emit, formats: readonly HaproxyFormat[]) {
    this.emit = emit;
    this.formats = formats;
    this.shown = new ShownErrors(emit);
  }

  push(line: Line): Taken {
    const row = rowIn(line.text, this.formats);
    if (row !== null) {
      this.emit(haproxyRecord(row, line));
      return true;
    }
    return this.shown.push(line) || this.early(line) || this.notice(line);
  }

  end(): void {}

  private early(line: Line): boolean {
    const early = EARLY.exec(line.text.slice(0, 500));
    if (early === null) return false;
    const isTls = TLS.test(line.text.slice(early[0].length, early[0].length + 200));
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: isTls ? 'proxy.client-tls' : 'proxy.bad-request',
      ...entryFields(line, parseClf(early[2] ?? '') ?? NO_STAMP),
      client: early[1] ?? '',
      values: { program: 'HAProxy' },
    });
    return true;
  }

  private notice(line: Line): boolean {
    const found = said(line);
    if (found === undefined || line.text === '') return found !== undefined;
    this.emit({ kind: 'clue', hop: 'proxy', ...found, ...entryFields(line, NO_STAMP), values: { program: 'HAProxy' } });
    return true;
  }
}

const row = (fields: string): string =>
  `172.70.1.2:53008 [20/Nov/2026:19:28:20.062] www ${fields} {www.example.com|90c403ce1d17c288-AMS} "GET /cart?id=1 HTTP/1.1"`;

const examples = (): readonly Example[] => [
  {
    shows: 'what it only warns of in its configuration, and what it refuses',
    input:
      "[WARNING]  (8) : config : parsing [/etc/haproxy/haproxy.cfg:20] : 'option httplog' not usable with proxy 'db' (needs 'mode http'). Falling back to 'option tcplog'.\n[ALERT] 123/101010 (8) : parsing [/etc/haproxy/haproxy.cfg:31] : 'server web1' : could not resolve address 'app'.",
    records: [
      { signal: 'proxy.other', level: 'warning' },
      { signal: 'proxy.config-error', level: 'alert' },
    ],
  },
  {
    shows: 'nothing listens at the server: `SC`, after three more tries a second apart',
    input: row('app/web1 0/0/-1/-1/3008 503 217 - - SC-- 1/1/0/0/3 0/0'),
    records: [
      {
        signal: 'proxy.not-connected',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 19, 28, 23, 70) },
        status: 503,
        originStatus: 0,
        upstream: 'app/web1',
        host: 'www.example.com',
        ray: '90c403ce1d17c288',
        client: '172.70.1.2',
        path: '/cart',
        durationMs: 3008,
      },
    ],
  },
  {
    shows: 'a server that cannot be reached: `SC` as well, and each try took longer than a refusal does',
    input: row('app/web1 0/0/-1/-1/3034 503 217 - - SC-- 24/24/23/17/1 0/0'),
    records: [{ signal: 'proxy.backend-unreachable', status: 503, originStatus: 0 }],
  },
  {
    shows: 'a connection that the server does not take in time: `sC`',
    input: row('app/web1 0/0/-1/-1/8004 503 217 - - sC-- 1/1/0/0/3 0/0'),
    records: [{ signal: 'proxy.connect-timeout', status: 503 }],
  },
  {
    shows: 'no answer within `timeout server`: `sH`',
    input: row('app/web1 0/0/0/-1/2001 504 198 - - sH-- 1/1/0/0/0 0/0'),
    records: [{ signal: 'proxy.backend-timeout', status: 504, originStatus: 0 }],
  },
  {
    shows: 'a server that hangs up or resets before it answers: `SH`',
    input: row('app/web1 0/0/0/-1/0 502 209 - - SH-- 1/1/0/0/0 0/0'),
    records: [{ signal: 'proxy.backend-closed', status: 502 }],
  },
  {
    shows: 'an answer that is no HTTP, or too large: `PH`',
    input: row('app/web1 0/0/0/-1/57 502 209 - - PH-- 1/1/0/0/0 0/0'),
    records: [{ signal: 'proxy.backend-invalid', status: 502 }],
  },
  {
    shows: 'an answer that the server broke off: `SD`, with a good status',
    input: row('app/web1 0/0/0/0/100 200 55 - - SD-- 1/1/0/0/0 0/0'),
    records: [{ signal: 'proxy.backend-cut', status: 200 }],
  },
  {
    shows: 'no server left that passes its check',
    input: row('app/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0'),
    records: [{ signal: 'proxy.no-backend', status: 503, upstream: 'app' }],
  },
  {
    shows: 'a row behind its priority, as `log stdout format short` has it',
    input:
      '<6>198.51.100.7:59462 [20/Nov/2026:08:14:38.849] www app/app1 0/0/-1/-1/3021 503 217 - - SC-- 1/1/0/0/3 0/0 "GET /cart HTTP/1.1"',
    records: [{ status: 503, client: '198.51.100.7', path: '/cart' }],
  },
  {
    shows: 'an error that the server answered itself',
    input: row('app/web1 0/0/0/0/0 502 61 - - ---- 1/1/0/0/0 0/0'),
    records: [{ signal: 'access.answered-5xx', status: 502, originStatus: 502 }],
  },
  {
    shows: 'a good answer, as syslog has it',
    input:
      'Nov 20 19:28:18 web01 haproxy[812]: 127.0.0.1:52912 [20/Nov/2026:19:28:17.775] www~ app/web1 0/0/0/3/3 200 52 - - ---- 1/1/0/0/0 0/0 {www.example.com|198.51.100.7} "GET / HTTP/2.0"',
    records: [{ status: 200, client: '198.51.100.7', host: 'www.example.com', upstreamMs: 3 }],
  },
  {
    shows: '`option httplog clf`: a visitor who left before the server had taken the connection',
    input:
      '192.0.2.7 - - [10/Mar/2026:14:00:56 +0000] "GET /5.js HTTP/1.1" 503 217 "" "" 59794 528 "www~" "app" "web1" 0 0 -1 -1 3 CC-- 4 1 0 0 0 0 0 "" ""',
    records: [
      {
        signal: 'proxy.client-abort',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 2, 10, 14, 0, 56, 3), offsetMinutes: 0 },
        path: '/5.js',
        upstream: 'app/web1',
        durationMs: 3,
      },
    ],
  },
  {
    shows: 'what a rule refused, and what a rule answered, without asking a server',
    input: [
      row('www/<NOSRV> 0/-1/-1/-1/0 503 217 - - PR-- 1/1/0/0/0 0/0'),
      row('www/<NOSRV> -1/1004/-1/-1/1001 500 208 - - PT-- 8/8/0/0/0 0/0'),
      row('www/<NOSRV> 0/-1/-1/-1/0 503 109 - - LR-- 1/1/0/0/0 0/0'),
    ].join('\n'),
    records: [{ signal: 'proxy.refused' }, { signal: 'proxy.refused' }, { signal: 'access.own-503' }],
  },
  {
    shows:
      'TCP mode: a server that said nothing until its time was over, one that hung up, one that did so in its answer',
    input: [
      '192.0.2.7:55208 [20/Nov/2026:19:30:42.371] tcpin app/web1 1/0/4002 0 sD 22/22/21/21/0 0/0',
      '192.0.2.7:55209 [20/Nov/2026:19:30:42.371] tcpin app/web1 1/0/3 0 SD 22/22/21/21/0 0/0',
      '192.0.2.7:55210 [20/Nov/2026:19:30:42.371] tcpin app/web1 1/0/3 812 SD 22/22/21/21/0 0/0',
    ].join('\n'),
    records: [{ signal: 'proxy.backend-timeout' }, { signal: 'proxy.backend-closed' }, { signal: 'proxy.backend-cut' }],
  },
  {
    shows: 'TCP mode: nothing listens at the server',
    input: '192.0.2.7:55208 [20/Nov/2026:19:30:42.371] tcpin app/web1 1/-1/3003 0 SC 1/1/0/0/3 0/0',
    records: [{ signal: 'proxy.not-connected', upstream: 'app/web1' }],
  },
  {
    shows: '`show errors` of its socket: an answer that is no HTTP',
    input:
      '[20/Nov/2026:14:05:45.967] backend app (#10): invalid response\n  frontend www (#6), server web1 (#1), event #3, src 192.0.2.7:56852\n  buffer starts at 0 (including 0 out), 18736 free,\n  len 14032, wraps at 32720, error at position 383\n  00000  HTTP/1.1 200 \\r\\n',
    records: [
      {
        signal: 'proxy.backend-invalid',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 14, 5, 45, 967) },
        upstream: 'app',
      },
    ],
  },
  {
    shows: 'a handshake that a client did not finish',
    input: '192.0.2.7:42504 [20/Nov/2026:19:30:29.003] www/1: SSL handshake failure',
    records: [{ signal: 'proxy.client-tls', client: '192.0.2.7' }],
  },
];

/** HAProxy's rows of requests (`option httplog`, `option tcplog`) and what it says of its servers. */
export const haproxy: LineFormat = {
  id: 'haproxy',
  title: 'HAProxy log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: [
    '/var/log/haproxy.log',
    'journalctl -u haproxy',
    'docker logs CONTAINER (with `log stdout format raw local0`)',
  ],
  limits: [
    'Times are local, without zone, and those of the connection’s begin.',
    'Host and Ray ID are there only where `capture request header` asks for them, and then without names.',
    'A `log-format` of one’s own is read where it is known: with the configuration beside the log, or by `--log-format`.',
    '`SC` is a refused connection, a reset, a missing socket and a refused certificate alike, and, where it took long, a server that cannot be reached.',
  ],
  examples,
  fieldsIn: variablesBy([]),
  lacking: lackingBut([]),
  score: (line) => {
    const text = line.text;
    if (rowIn(text, []) !== null || EARLY.test(text.slice(0, 500)) || isShownError(text)) return 0.98;
    return text !== '' && said(line) !== undefined ? 0.9 : 0;
  },
  open: (emit) => new HaproxyParser(emit, []),
};

/** The same where log formats of one's own are known. */
export function haproxyWith(formats: readonly HaproxyFormat[]): LineFormat {
  return {
    ...haproxy,
    fieldsIn: variablesBy(formats),
    lacking: lackingBut(formats),
    score: (line) => (rowIn(line.text, formats) === null ? haproxy.score(line) : 0.98),
    open: (emit) => new HaproxyParser(emit, formats),
  };
}

const LONGEST_ROW = 32_768;

function rowIn(text: string, formats: readonly HaproxyFormat[]): HaproxyRow | null {
  if (text.length <= LONGEST_ROW) {
    for (const format of formats) {
      const row = readHaproxyFormat(format, text);
      if (row !== null) return row;
    }
  }
  return readHaproxyRow(text) ?? (text.length <= LONGEST_ROW ? readHaproxyClf(text) : null);
}
