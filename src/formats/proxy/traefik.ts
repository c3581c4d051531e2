import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { jsonStamp, parseIso } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';
import { ZEROLOG_LEVELS } from '../zerolog-levels.ts';
import { backendIn, goErrorSignal } from './go-errors.ts';

/** A line of Traefik's: logrus's text up to 2.11, zerolog's from 3.0, JSON of either. */
interface TraefikLine {
  readonly stamp: Stamp;
  readonly level: string;
  readonly message: string;
  readonly error: string;
  /** Whether it names a part that only Traefik has. */
  readonly namesPart: boolean;
}

/** What Traefik says of itself. The first row that fits takes the line. */
export const TRAEFIK_MESSAGES: readonly {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}[] = [
  {
    signal: 'proxy.backend-down',
    pattern: /^Health check failed/,
    sample:
      'level=warning msg="Health check failed, removing from server list. Backend: \\"shop@docker\\" URL: \\"http://172.18.0.5:3000\\" Weight: 1 Reason: received error status code: 500"',
  },
  {
    signal: 'proxy.backend-up',
    pattern: /^Health check up\b/,
    sample:
      'level=warning msg="Health check up: returning to server list. Backend: \\"shop@docker\\" URL: \\"http://172.18.0.5:3000\\" Weight: 1"',
  },
  {
    signal: 'proxy.backend-ignored',
    pattern: /error: unable to find the IP address for the container /,
    sample:
      'level=error msg="service \\"shop\\" error: unable to find the IP address for the container \\"/shop-web-1\\": the server is ignored" providerName=docker',
  },
  {
    signal: 'proxy.bind-failed',
    pattern: /error opening listener: .{0,200}address already in use/,
    sample:
      'level=error msg="command traefik error: error while building entryPoint web: error preparing server: error opening listener: listen tcp :80: bind: address already in use"',
  },
  {
    signal: 'proxy.config-error',
    pattern: /^command traefik error: /,
    sample: 'level=error msg="command traefik error: failed to decode configuration from file: yaml: line 4"',
  },
  {
    signal: 'proxy.start',
    pattern: /^Traefik version \d/,
    sample: 'level=info msg="Traefik version 2.11.0 built on 2024-02-12T15:28:14Z"',
  },
  { signal: 'proxy.stop', pattern: /^I have to go\b/, sample: 'level=info msg="I have to go..."' },
  {
    // What closing its doors leaves behind, before 2.11 at level error.
    signal: 'proxy.stop',
    pattern: /^(?:Error while starting server: )?(?:accept|close) tcp \S{1,80}: use of closed network connection$/,
    sample: 'level=error msg="accept tcp [::]:443: use of closed network connection" entryPointName=https',
  },
  {
    // pkg/provider/acme/provider.go: the reason behind it, from 3.0 on in the field `error`.
    signal: 'host.certificate-failed',
    pattern: /^(?:Error renewing certificate from LE ?: |Unable to obtain ACME certificate for domains\b)/,
    sample:
      'level=error msg="Unable to obtain ACME certificate for domains \\"www.example.com\\": unable to generate a certificate for the domains [www.example.com]: error: one or more domains had a problem"',
  },
];

/**
 * An error that Traefik answered for its backend: `Error forwarding to http://…, err: …` in 1, `'502 Bad Gateway' caused by: …` up to 2.11,
 * then `502 Bad Gateway`.
 */
const ANSWERED =
  /^Error forwarding to http|^'?(?:499 Client Closed Request|500 Internal Server Error|502 Bad Gateway|504 Gateway Timeout)(?:' caused by: |$)/;
/**
 * ForwardAuth (pkg/middlewares/auth/forward.go): the service that checks logins could not be asked, which gives a 500, or failed,
 * and its answer is passed on. At level debug before 3.6.
 */
const ASKED = /^(?:Error calling \S|Remote error \S{1,500}\. StatusCode: 5\d\d$)/;
/** What then lies with Traefik’s host or with the visitor, not with that service. */
const NOT_OF_SERVICE: ReadonlySet<SignalId | undefined> = new Set<SignalId>([
  'proxy.client-abort',
  'proxy.ports-exhausted',
  'proxy.too-many-files',
]);
const PARTS =
  /["\s{,](?:entryPointName|routerName|serviceName|middlewareName|middlewareType|providerName|loadBalancerName)["=]/;
const CALLER = /^github\.com\/traefik\/traefik\/\S{1,200}\.go:\d{1,6} > /;
/** People leave the time out. */
const LOGFMT = /^(?:time="([^"]{19,40})" )?level=([a-z]{4,7}) msg=("(?:[^"\\]|\\.){0,8000}"|\S{1,200})/;
const CONSOLE =
  /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)) |(?=[A-Z]{3} github\.com\/traefik\/))(TRC|DBG|INF|WRN|ERR|FTL|PNC) /;
/** logrus on a terminal; many programs have this form, so that the words must be Traefik's. */
const TERMINAL =
  /^(?:WARN|ERRO|DEBU)\[([^\]]{0,40})\] {1,8}(?=Error forwarding to http|'?(?:499 Client Closed Request|500 Internal Server Error|502 Bad Gateway|504 Gateway Timeout)' caused by: )/;
/** What it answered for its backend, copied without what stands before it. */
const BARE =
  /^(?:msg=)?"?(?='?(?:499 Client Closed Request|500 Internal Server Error|502 Bad Gateway|504 Gateway Timeout)(?:' caused by: |"? error=))/;
const ERROR_FIELD = / error=("(?:[^"\\]|\\.){0,8000}"|\S{1,2000})/;
const NEXT_FIELD = / [A-Za-z][\w.-]{0,60}=/;

function unquoted(text: string | undefined): string {
  if (text === undefined) return '';
  return text.startsWith('"')
    ? text.slice(1, text.endsWith('"') ? -1 : undefined).replaceAll(/\\(["\\])/g, '$1')
    : text;
}

function readLine(text: string): TraefikLine | null {
  if (text.charAt(0) === '{') return readJson(text);
  const beginning = text.slice(0, 16_384);
  const logfmt = LOGFMT.exec(beginning);
  if (logfmt !== null) {
    const rest = beginning.slice(logfmt[0].length);
    return {
      stamp: stampOf(logfmt[1] ?? ''),
      level: logfmt[2] ?? '',
      message: unquoted(logfmt[3]),
      error: unquoted(ERROR_FIELD.exec(rest)?.[1]),
      namesPart: PARTS.test(rest),
    };
  }
  const head = CONSOLE.exec(beginning) ?? TERMINAL.exec(beginning) ?? BARE.exec(beginning);
  if (head === null) return null;
  const said = beginning.slice(head[0].length);
  const caller = CALLER.exec(said);
  const rest = caller === null ? said : said.slice(caller[0].length);
  const fieldsAt = rest.search(NEXT_FIELD);
  return {
    stamp: stampOf(head[1] ?? ''),
    level: ZEROLOG_LEVELS[head[2] ?? ''] ?? '',
    message: (fieldsAt < 0 ? rest : rest.slice(0, fieldsAt)).replace(/"$/, ''),
    error: unquoted(ERROR_FIELD.exec(rest)?.[1]),
    namesPart: caller !== null || PARTS.test(rest),
  };
}

function readJson(text: string): TraefikLine | null {
  const beginning = text.slice(0, 8192);
  const namesPart = PARTS.test(beginning);
  if (
    !namesPart &&
    !/"(?:msg|message)"\s?:\s?"(?:'?50[024] |'?499 |Traefik version|Health check|I have to go|command traefik)/.test(
      beginning,
    )
  )
    return null;
  const object = parseObject(text);
  const message = object?.message ?? object?.msg;
  if (object === null || typeof message !== 'string' || typeof object.level !== 'string') return null;
  return {
    stamp: jsonStamp(object.time),
    level: object.level,
    message,
    error: typeof object.error === 'string' ? object.error : '',
    namesPart,
  };
}

/** `Z` is how the library prints UTC on any host. */
function stampOf(text: string): Stamp {
  return jsonStamp(text).kind === 'none' ? (parseIso(text) ?? NO_STAMP) : jsonStamp(text);
}

function meaning({ message, error }: TraefikLine): SignalId {
  const failed = goErrorSignal(`${message} ${error}`);
  if (ANSWERED.test(message)) return failed ?? 'proxy.own-error';
  if (ASKED.test(message)) return failed !== undefined && NOT_OF_SERVICE.has(failed) ? failed : 'proxy.auth-failed';
  return ownWords(message) ?? 'proxy.other';
}

function ownWords(message: string): SignalId | undefined {
  return TRAEFIK_MESSAGES.find(({ pattern }) => pattern.test(message))?.signal;
}

/** Whether Traefik wrote a line: by its own words, or by the part that it names. cloudflared notes plain answers alike. */
function isOwn(said: TraefikLine, { wrapper }: Line): boolean {
  if (wrapper?.program !== undefined) return wrapper.program === 'traefik';
  const { message, error } = said;
  if (ANSWERED.test(message)) return said.namesPart || error !== '' || / caused by: |, err: /.test(message);
  return said.namesPart || ownWords(message) !== undefined;
}

class TraefikParser implements LineParser {
  private readonly emit: Emit;
  /** Lines that could be another program's are Traefik's once it has spoken. */
  private hasSpoken = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const said = readLine(line.text);
    if (said === null) return false;
    this.hasSpoken ||= isOwn(said, line);
    if (!this.hasSpoken) return false;
    const upstream = backendIn(`${said.message} ${said.error}`);
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: meaning(said),
      ...entryFields(line, said.stamp),
      ...(said.level === '' ? {} : { level: said.level }),
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'Traefik', scheme: 'http' },
    });
    return true;
  }

  end(): void {}
}

const examples = (): readonly Example[] => [
  {
    input: "'502 Bad Gateway' caused by: dial tcp 172.18.0.5:3000: connect: no route to host",
    shows: 'the message alone, as it was up to 2.11',
    records: [{ signal: 'proxy.backend-unreachable' }],
  },
  {
    input: '502 Bad Gateway error="dial tcp 172.18.0.5:3000: connect: connection refused"',
    shows: 'the same as it is since',
    records: [{ signal: 'proxy.backend-refused' }],
  },
  {
    input:
      'WARN[2026-11-20T08:14:38Z] Error forwarding to https://web:443, err: x509: certificate signed by unknown authority',
    shows: 'version 1, on a terminal',
    records: [{ signal: 'proxy.backend-cert', stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38) } }],
  },
  {
    shows: 'nothing listens at the backend’s address, up to version 2.11',
    input:
      'time="2026-11-20T08:14:38Z" level=debug msg="\'502 Bad Gateway\' caused by: dial tcp 172.18.0.5:3000: connect: connection refused"',
    records: [
      {
        signal: 'proxy.backend-refused',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
        level: 'debug',
        upstream: '172.18.0.5:3000',
      },
    ],
  },
  {
    shows: 'the same from version 3 on',
    input:
      '2026-11-20T08:14:38Z DBG github.com/traefik/traefik/v3/pkg/proxy/httputil/proxy.go:121 > 502 Bad Gateway error="dial tcp 172.18.0.5:3000: connect: connection refused"',
    records: [{ signal: 'proxy.backend-refused', level: 'debug', upstream: '172.18.0.5:3000' }],
  },
  {
    shows: 'Traefik 1, built with an old version of Go',
    input:
      'time="2026-11-20T08:14:38Z" level=warning msg="Error forwarding to http://10.255.0.20:9000, err: dial tcp 10.255.0.20:9000: getsockopt: connection refused"',
    records: [{ signal: 'proxy.backend-refused', upstream: '10.255.0.20:9000' }],
  },
  {
    shows: 'a certificate that Traefik does not trust, in JSON',
    input:
      '{"level":"error","entryPointName":"websecure","routerName":"shop@docker","error":"tls: failed to verify certificate: x509: cannot validate certificate for 172.18.0.5 because it doesn\'t contain any IP SANs","time":"2026-11-20T08:14:38Z","message":"502 Bad Gateway"}',
    records: [{ signal: 'proxy.backend-cert', level: 'error' }],
  },
  {
    shows: 'a line from which the time was cut',
    input:
      'level=debug msg="Error calling http://oauth:4181. Cause: Get \\"http://oauth:4181\\": dial tcp: lookup oauth on 127.0.0.11:53: no such host" middlewareName=oauth@file middlewareType=ForwardedAuthType',
    records: [{ signal: 'proxy.auth-failed', level: 'debug', stamp: NO_STAMP }],
  },
  {
    shows: 'the service that checks logins cannot be asked, up to version 2.11 and from 3.6 on',
    input: [
      'time="2026-11-20T08:14:38Z" level=debug msg="Error calling http://authelia:9091/api/verify. Cause: Get \\"http://authelia:9091/api/verify\\": dial tcp 172.18.0.6:9091: connect: connection refused" middlewareType=ForwardedAuthType middlewareName=authelia@file',
      '2026-11-20T08:14:39Z ERR github.com/traefik/traefik/v3/pkg/middlewares/auth/forward.go:196 > Error calling http://authelia:9091/api/verify error="Get \\"http://authelia:9091/api/verify\\": dial tcp: lookup authelia on 127.0.0.11:53: no such host" middlewareName=authelia@file middlewareType=ForwardAuth',
    ].join('\n'),
    records: [
      { signal: 'proxy.auth-failed', level: 'debug', upstream: '172.18.0.6:9091' },
      { signal: 'proxy.auth-failed', level: 'error' },
    ],
  },
  {
    shows: 'a time-out of the connection',
    input:
      'time="2026-11-20T08:14:38Z" level=debug msg="\'504 Gateway Timeout\' caused by: dial tcp 172.18.0.5:3000: i/o timeout"',
    records: [{ signal: 'proxy.connect-timeout', upstream: '172.18.0.5:3000' }],
  },
];

/** Traefik's own log: errors of requests (at level debug), checks of backends, its start and end. */
export const traefik: LineFormat = {
  id: 'traefik',
  title: 'Traefik log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['docker logs CONTAINER', 'journalctl -u traefik', 'kubectl logs of Traefik'],
  limits: [
    'Why a request failed is written at level debug only, except for TLS errors from version 3 on.',
    'The request is not named: only the backend’s address is.',
  ],
  examples,
  score: (line) => {
    const said = readLine(line.text);
    return said !== null && isOwn(said, line) ? 0.95 : 0;
  },
  open: (emit) => new TraefikParser(emit),
};
