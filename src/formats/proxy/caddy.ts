import type { ClueRecord } from '../../vocabulary/records.ts';
import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { classifyPhp } from '../app/php-classify.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { datedRecord } from './access-row.ts';
import { ACCESS_LOGGER, type CaddyLine, readCaddyLine, requestIn, textOf } from './caddy-line.ts';
import { backendIn, goErrorSignal } from './go-errors.ts';
import { PrettyEntry } from './pretty-entry.ts';

/** What Caddy says of itself, by the part that speaks and the beginning of its text. The first row that fits takes the line. */
export const CADDY_MESSAGES: readonly {
  readonly signal: SignalId;
  readonly logger: RegExp;
  readonly message: RegExp;
  readonly sample: string;
}[] = [
  {
    signal: 'proxy.backend-down',
    logger: /health_checker/,
    message: /^(?:host is down|unhealthy)/,
    sample:
      '"level":"info","ts":1795202850.19,"logger":"http.handlers.reverse_proxy.health_checker.active","msg":"host is down","host":"127.0.0.1:3000"',
  },
  {
    signal: 'proxy.backend-up',
    logger: /health_checker/,
    message: /^host is up/,
    sample:
      '"level":"info","ts":1795202850.19,"logger":"http.handlers.reverse_proxy.health_checker.active","msg":"host is up","host":"127.0.0.1:3000"',
  },
  {
    signal: 'proxy.check-failed',
    logger: /health_checker/,
    message: /^(?:HTTP request failed|status code out of tolerances|response body failed expectations)/,
    sample:
      '"level":"info","ts":1795202850.19,"logger":"http.handlers.reverse_proxy.health_checker.active","msg":"HTTP request failed","host":"127.0.0.1:3000","error":"Get \\"http://127.0.0.1:3000/\\": dial tcp 127.0.0.1:3000: connect: connection refused"',
  },
  {
    signal: 'proxy.start',
    logger: /^$/,
    message: /^serving initial configuration/,
    sample: '"level":"info","ts":1795202850.19,"msg":"serving initial configuration"',
  },
  {
    signal: 'proxy.stop',
    logger: /^$/,
    message: /^shutting down apps/,
    sample: '"level":"info","ts":1795202893.95,"msg":"shutting down apps, then terminating","signal":"SIGTERM"',
  },
  {
    signal: 'proxy.udp-buffer',
    logger: /^$/,
    message: /^failed to sufficiently increase receive buffer size /,
    sample:
      '"level":"info","ts":1795202850.19,"msg":"failed to sufficiently increase receive buffer size (was: 208 kiB, wanted: 7168 kiB, got: 416 kiB)."',
  },
  {
    // certmagic config.go, for a new certificate (`tls.obtain`) and for one that ends soon (`tls.renew`).
    signal: 'host.certificate-failed',
    logger: /^tls\b/,
    message: /^could not get certificate from issuer/,
    sample:
      '"level":"error","ts":1795202850.19,"logger":"tls.obtain","msg":"could not get certificate from issuer","identifier":"www.example.com","issuer":"acme-v02.api.letsencrypt.org-directory","error":"HTTP 403 urn:ietf:params:acme:error:unauthorized - 192.0.2.1: Invalid response"',
  },
];

/** What Caddy prints, without time, as it ends over its configuration. */
const LAST_WORDS = /^(?:Error: |run: )?(?:adapting config using |loading (?:initial|new) config: )/;

/** What only the client for HTTP backends says; Caddy speaks FastCGI, too. */
const SPEAKS_HTTP = /^net\/http: /;

/** The member that tells whose entry it is, where each has a line of its own. */
const PRETTY_LOGGER = /^ {1,8}"logger": "http\.(?:log\.error|handlers)[\w.-]{0,120}",?$/;

/** An answer that was not passed on as a whole: the backend’s end of it broke, or, where Caddy was writing, the client’s. */
const LOST = /^(?:reading from backend|aborting with incomplete response)/;
const TO_CLIENT = /^writing: /;
/** The second line on a broken answer follows at once. */
const ECHO_MS = 1000;

function meaning({ logger, message, fields }: CaddyLine): SignalId {
  const text = `${message} ${textOf(fields.error)}`;
  if (logger.startsWith('http.log.error'))
    return goErrorSignal(text) ?? (Number(fields.status) >= 500 ? 'proxy.own-error' : 'proxy.other');
  // caddy-l4, layer4/server.go; other errors of a connection may be its client’s.
  if (logger === 'layer4' && textOf(fields.error).startsWith('dial ')) return goErrorSignal(text) ?? 'proxy.own-error';
  if (LOST.test(message)) {
    const isClients = TO_CLIENT.test(textOf(fields.error)) || goErrorSignal(text) === 'proxy.client-abort';
    return isClients ? 'proxy.client-abort' : 'proxy.backend-cut';
  }
  return CADDY_MESSAGES.find((row) => row.logger.test(logger) && row.message.test(message))?.signal ?? 'proxy.other';
}

function clueOf(line: Line, said: CaddyLine): ClueRecord {
  const { logger, message, fields, stamp, level } = said;
  const request = requestIn(fields);
  const php = message === 'stderr' && typeof fields.body === 'string' ? classifyPhp(fields.body) : null;
  const upstream = backendIn(`${message} ${textOf(fields.error)}`) ?? (textOf(fields.upstream) || undefined);
  const { method, host, path, ray, client } = request === undefined ? {} : datedRecord(request, stamp, line);
  return {
    kind: 'clue',
    hop: 'proxy',
    signal: php?.signal ?? meaning(said),
    ...entryFields(line, stamp),
    ...(level === '' ? {} : { level }),
    ...(method === undefined ? {} : { method }),
    ...(host === undefined ? {} : { host }),
    ...(path === undefined ? {} : { path }),
    ...(ray === undefined ? {} : { ray }),
    ...(client === undefined ? {} : { client }),
    ...(upstream === undefined ? {} : { upstream }),
    values: php?.values ?? {
      program: 'Caddy',
      ...(logger === '' ? {} : { logger }),
      ...(SPEAKS_HTTP.test(message) ? { scheme: 'http' } : {}),
      ...certificateIn(said),
    },
  };
}

/** Of a certificate that was not to be had: for which name, and why. */
function certificateIn({ fields }: CaddyLine): Readonly<Record<string, string>> {
  const certificate = textOf(fields.identifier);
  const reason = textOf(fields.error).slice(0, 300);
  return certificate === '' || reason === '' ? {} : { certificate, reason };
}

/** A line that is no access row: these have a format of their own, as other servers' have. */
function readDaemonLine(text: string): CaddyLine | null {
  const said = readCaddyLine(text);
  return said?.logger.startsWith(ACCESS_LOGGER) ? null : said;
}

class CaddyParser implements LineParser {
  private readonly emit: Emit;
  private readonly pretty = new PrettyEntry();
  private lostAtMs = Number.NEGATIVE_INFINITY;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const whole = this.pretty.push(line);
    if (whole === null) return true;
    const said = readDaemonLine((whole ?? line).text);
    if (said === null) return whole !== undefined || this.lastWords(line);
    this.tell(whole ?? line, said);
    return true;
  }

  isInside(): boolean {
    return this.pretty.isInside;
  }

  end(): void {
    const cut = this.pretty.end();
    const said = cut === null ? null : readDaemonLine(cut.text);
    if (cut !== null && said !== null) this.tell(cut, said);
  }

  private tell(line: Line, said: CaddyLine): void {
    const record = clueOf(line, said);
    this.emit(this.isEcho(said) ? { ...record, signal: 'proxy.echo' } : record);
  }

  private lastWords(line: Line): boolean {
    if (!LAST_WORDS.test(line.text)) return false;
    const signal = /address already in use/.test(line.text.slice(0, 2000)) ? 'proxy.bind-failed' : 'proxy.config-error';
    this.emit({ kind: 'clue', hop: 'proxy', signal, ...entryFields(line, NO_STAMP), values: { program: 'Caddy' } });
    return true;
  }

  /** Whether this is the second line on an answer that broke off. */
  private isEcho({ message, stamp }: CaddyLine): boolean {
    if (stamp.kind === 'none' || !LOST.test(message)) return false;
    if (message.startsWith('reading')) {
      this.lostAtMs = stamp.ms;
      return false;
    }
    const isSecond = stamp.ms - this.lostAtMs <= ECHO_MS;
    this.lostAtMs = Number.NEGATIVE_INFINITY;
    return isSecond;
  }
}

const REQUEST =
  '"request":{"remote_ip":"127.0.0.1","remote_port":"36786","proto":"HTTP/1.1","method":"GET","host":"www.example.com","uri":"/cart?id=1","headers":{"Cf-Ray":["90c403ce1d17c288-AMS"],"Cf-Connecting-Ip":["198.51.100.7"]}}';

const examples = (): readonly Example[] => [
  {
    shows: 'nothing listens at the backend’s address',
    input: `{"level":"error","ts":1795202855.5270593,"logger":"http.log.error.log0","msg":"dial tcp 127.0.0.1:3000: connect: connection refused",${REQUEST},"duration":0.000162823,"status":502,"err_id":"0jjxx6v23","err_trace":"reverseproxy.statusError (reverseproxy.go:1272)"}`,
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: 1_795_202_855_527 },
        level: 'error',
        upstream: '127.0.0.1:3000',
        host: 'www.example.com',
        path: '/cart',
        ray: '90c403ce1d17c288',
        client: '198.51.100.7',
      },
    ],
  },
  {
    shows: 'the form of a terminal, and a time-out of the connection',
    input:
      '2026/11/20 19:30:20.975\tERROR\thttp.log.error.log0\tdial tcp 10.0.0.5:3000: i/o timeout\t{"request": {"remote_ip": "192.0.2.7", "remote_port": "54828", "proto": "HTTP/1.1", "method": "GET", "host": "www.example.com", "uri": "/full/x?y=1", "headers": {}}, "duration": 2.001375374, "status": 502, "err_id": "pwn5c639j", "err_trace": "reverseproxy.statusError (reverseproxy.go:1272)"}',
    records: [{ signal: 'proxy.connect-timeout', upstream: '10.0.0.5:3000', path: '/full/x', client: '192.0.2.7' }],
  },
  {
    shows: 'an answer that broke off: two lines, one request',
    input:
      '{"level":"error","ts":1795202855.330252,"logger":"http.handlers.reverse_proxy","msg":"reading from backend","error":"unexpected EOF"}\n{"level":"error","ts":1795202855.3303242,"logger":"http.handlers.reverse_proxy","msg":"aborting with incomplete response","error":"unexpected EOF"}',
    records: [{ signal: 'proxy.backend-cut' }, { signal: 'proxy.echo' }],
  },
  {
    shows: 'a client that went away in the middle of an answer',
    input:
      '{"level":"warn","ts":1795202855.33,"logger":"http.handlers.reverse_proxy","msg":"aborting with incomplete response","error":"writing: write tcp 172.18.0.2:443->192.0.2.7:54828: write: connection reset by peer"}',
    records: [{ signal: 'proxy.client-abort' }],
  },
  {
    shows: 'Caddy 1; and a line of the terminal without its time',
    input: [
      '20/Nov/2026:19:30:20 +0000 [ERROR 502 /cart] dial tcp 127.0.0.1:3000: getsockopt: connection refused',
      '20/Nov/2026:19:30:21 +0000 [ERROR 502 /cart] unreachable backend',
      'ERROR http.log.error.log0 dialing backend: dial unix /run/php/php7.4-fpm.sock: connect: resource temporarily unavailable',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 19, 30, 20), offsetMinutes: 0 },
        path: '/cart',
        upstream: '127.0.0.1:3000',
      },
      { signal: 'proxy.no-backend', path: '/cart' },
      { signal: 'proxy.backlog-full', stamp: NO_STAMP },
    ],
  },
  {
    shows: 'what of it people quote without time; and the terminal of its first betas',
    input: [
      'Error log: [ERROR 502 /cart] dial tcp 172.20.0.6:5000: connect: connection refused',
      '1.576867456328023e+09\terror\thttp.log.error\tread tcp 127.0.0.1:59660->127.0.0.1:5443: read: connection reset by peer\t{"request": {"method": "GET", "uri": "/cart", "host": "www.example.com"}, "status": 502}',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', stamp: NO_STAMP, path: '/cart', upstream: '172.20.0.6:5000' },
      { signal: 'proxy.backend-reset', stamp: { kind: 'utc', ms: 1_576_867_456_328 }, host: 'www.example.com' },
    ],
  },
  {
    shows: 'the time that Docker Desktop puts before an entry; and an entry without its end',
    input: [
      '2026-11-20 20:27:35 {"level":"error","ts":1795202855.52,"logger":"http.log.error","msg":"EOF","duration":0.01,"status":502}',
      '{"level":"error","ts":1795202855.52,"logger":"http.log.error","msg":"dial tcp 0.0.0.0:8080: connect: connection refused"',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-closed', stamp: { kind: 'utc', ms: 1_795_202_855_520 } },
      { signal: 'proxy.backend-refused', upstream: '0.0.0.0:8080' },
    ],
  },
  {
    shows: 'an entry with one member a line',
    input: [
      '{',
      '  "level": "error",',
      '  "ts": 1648811211.2824142,',
      '  "logger": "http.log.error",',
      '  "msg": "dial tcp 172.19.0.3:80: i/o timeout",',
      '  "request": {',
      '    "method": "GET",',
      '    "host": "vault.example.com",',
      '    "uri": "/"',
      '  },',
      '  "status": 502',
      '}',
    ].join('\n'),
    records: [{ signal: 'proxy.connect-timeout', line: 1, upstream: '172.19.0.3:80', host: 'vault.example.com' }],
  },
  {
    shows: 'entries that a pager cut off, in one line and with one member a line',
    input: [
      '{"level":"error","ts":1795202850.19,"logger":"http.log.error","msg":"dial tcp 127.0.0.1:3000: connect: connection refused","request":{"remote_ip":"192.0.2.7","remo>',
      '{',
      '  "level": "error",',
      '  "ts": 1795202851.19,',
      '  "logger": "http.log.error",',
      '  "msg": "dial tcp: lookup app on 127.0.0.11:53: no such host",',
      '  "request": {',
      '    "method": "GET",',
      '    "uri": "/ca',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', upstream: '127.0.0.1:3000', line: 1 },
      { signal: 'proxy.backend-dns', line: 2 },
    ],
  },
  {
    shows: 'a connection that is passed on without HTTP (caddy-l4): a backend that was not reached, and a client’s',
    input: [
      '{"level":"error","ts":1795202850.19,"logger":"layer4","msg":"handling connection","remote":"192.0.2.7:63522","error":"dial tcp: lookup stream on 127.0.0.11:53: no such host"}',
      '{"level":"error","ts":1795202850.19,"logger":"layer4","msg":"handling connection","remote":"192.0.2.7:63522","error":"EOF"}',
    ].join('\n'),
    records: [{ signal: 'proxy.backend-dns' }, { signal: 'proxy.other' }],
  },
  {
    shows: 'a start that fails because the port is taken',
    input:
      'Error: loading initial config: loading new config: http app module: start: listening on :443: listen tcp :443: bind: address already in use',
    records: [{ signal: 'proxy.bind-failed' }],
  },
  {
    shows: 'a start with a faulty Caddyfile',
    input: 'Error: adapting config using caddyfile: /etc/caddy/Caddyfile:2: unrecognized directive: reverse_prox',
    records: [{ signal: 'proxy.config-error' }],
  },
];

/** What Caddy logs beside its access rows: errors of requests, checks of backends, its own starts and stops. */
export const caddy: LineFormat = {
  id: 'caddy',
  title: 'Caddy log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['journalctl -u caddy', 'docker logs CONTAINER', 'the file of the global `log` option'],
  limits: [
    'Of an answer that broke off neither request nor host is written before Caddy 2.8.',
    'A backend that answers 5xx itself leaves no line here.',
  ],
  examples,
  score: ({ text }) => {
    if (readDaemonLine(text) !== null) return 0.95;
    return LAST_WORDS.test(text) || PRETTY_LOGGER.test(text) ? 0.9 : 0;
  },
  open: (emit) => new CaddyParser(emit),
};
