import type { Stamp } from '../../vocabulary/records.ts';
import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { textEntry } from '../app/app-entry.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { jsonStamp } from '../stamps.ts';
import { parseObject } from '../wrappers/json.ts';

/** What Node’s numbers of errors mean of a backend (nodejs.org: errors, tls; llhttp’s HPE_…). First match wins. */
const CODES: readonly { readonly signal: SignalId; readonly pattern: RegExp }[] = [
  {
    // undici's own, and @fastify/reply-from's; both may have the system's number behind.
    signal: 'proxy.connect-timeout',
    pattern: /\bUND_ERR_CONNECT_TIMEOUT\b|\bConnect Timeout Error\b/,
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /\bUND_ERR_(?:HEADERS|BODY)_TIMEOUT\b|\bHTTP request timed out\b|\b(?:Headers|Body) Timeout Error\b/,
  },
  { signal: 'proxy.backend-refused', pattern: /\bECONNREFUSED\b/ },
  { signal: 'proxy.socket-missing', pattern: /\bENOENT\b/ },
  { signal: 'proxy.socket-denied', pattern: /\bEACCES\b/ },
  { signal: 'proxy.too-many-files', pattern: /\bEMFILE\b/ },
  { signal: 'proxy.ports-exhausted', pattern: /\bEADDRNOTAVAIL\b/ },
  { signal: 'proxy.backend-unreachable', pattern: /\bE(?:HOST|NET)UNREACH\b/ },
  { signal: 'proxy.backend-dns', pattern: /\b(?:ENOTFOUND|EAI_AGAIN)\b/ },
  { signal: 'proxy.connect-timeout', pattern: /\bETIMEDOUT\b/ },
  {
    signal: 'proxy.backend-cert',
    pattern:
      /\b(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b/,
  },
  { signal: 'proxy.scheme-mismatch', pattern: /\bERR_SSL_WRONG_VERSION_NUMBER\b|wrong version number/ },
  { signal: 'proxy.backend-tls', pattern: /\b(?:EPROTO|ERR_SSL_\w{1,60}|ERR_TLS_\w{1,60})\b/ },
  { signal: 'proxy.header-too-big', pattern: /\bHPE_HEADER_OVERFLOW\b|Parse Error: Header overflow/ },
  { signal: 'proxy.backend-invalid', pattern: /\bHPE_[A-Z_]{3,40}\b|Parse Error/ },
  // “socket hang up” has the number of a reset.
  { signal: 'proxy.backend-closed', pattern: /socket hang up|\bUND_ERR_SOCKET\b|other side closed/ },
  { signal: 'proxy.backend-reset', pattern: /\bE(?:CONNRESET|PIPE)\b/ },
];

/*
 * Sources: http-proxy-middleware, src/plugins/default/logger-plugin.ts (and _http-proxy-middleware of versions 0 to 2); Vite,
 * packages/vite/src/node/server/middlewares/proxy.ts, which writes the error below; Create React App, react-dev-utils/WebpackDevServerUtils.js,
 * the same.
 */
const HPM =
  /\[HPM\] Error occurred while (?:trying to )?proxy(?:ing)? request \S{1,2000} (?:from \S{1,300} )?to (?:https?:\/\/([^\s/]{1,260})\S{0,1000}|\S{1,300}) [[(]([^\])]{1,200})[\])]/;
const ANNOUNCED =
  /\bFailed to proxy https?:\/\/([^\s/]{1,260})\S{0,2000} (?=(?:Aggregate)?Error)|\[vite\] (?:http proxy error|ws proxy (?:socket )?error):|\bProxy error: Could not proxy request \S{1,2000} from \S{1,300} to (?:https?:\/\/([^\s/]{1,260}))/;
/** The usual words of those who use http-proxy themselves, with Node's text of the error behind. */
const WORDED =
  /\b[Pp]roxy [Ee]rror: (?=(?:Error: )?(?:connect E[A-Z]|getaddrinfo E[A-Z]|read E[A-Z]|write E[A-Z]|socket hang up|certificate has expired|self-signed certificate|unable to verify))/;
/** @fastify/reply-from (`index.js`), which @fastify/http-proxy is built on: its own line, then Fastify's with the error that it made of it. */
const REPLY_FROM = /"msg":"response errored"|\/@fastify\/reply-from\//;
/** Requests of which it has been told. */
const MOST_TOLD = 1000;
/** The line below: Node’s error, or the sentence that names its number. */
const ERROR = /\b(?:Aggregate)?Error(?::| \[)|\bfor more information \([A-Z_]{3,40}\)/;
/** Address and port at the end of Node’s sentence; IPv6 without brackets. */
const DIALLED = /\bconnect [A-Z_]{3,20} (?:((?:\d{1,3}\.){3}\d{1,3}:\d{1,5})|([\da-f:]{2,39}):(\d{1,5}))\b/;
const TRACE =
  /^(?:.{0,40}\s(?:at \S|code: '|errno: |syscall: '|address: '|port: |hostname: '|\[?errors\]?: \[|\[cause\]: |[\]}],?$)|\}$)/;
const LONGEST = 4000;

const signalOf = (text: string): SignalId =>
  CODES.find(({ pattern }) => pattern.test(text))?.signal ?? 'proxy.own-error';

/** The backend that an error names, as other programs write it. */
function dialled(text: string): string | undefined {
  const [, ipv4, ipv6, port] = DIALLED.exec(text) ?? [];
  return ipv4 ?? (ipv6 === undefined ? undefined : `[${ipv6}]:${port}`);
}

class NodeProxyParser implements LineParser {
  private readonly emit: Emit;
  /** A line that announced an error, which stands in the next; the address is there where it was announced. */
  private held: { readonly line: Line; readonly upstream: string | undefined } | null = null;
  private inTrace = false;
  /** The error of the trace at hand: Next writes it once more below. */
  private error = '';
  private readonly told = new Set<unknown>();

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    const { held } = this;
    if (held !== null && ERROR.test(text)) {
      this.held = null;
      this.tell(held.line, signalOf(text), dialled(text) ?? held.upstream);
      this.inTrace = true;
      return true;
    }
    this.end();
    if (REPLY_FROM.test(text)) return this.replyFrom(line);
    if (WORDED.test(text)) {
      this.tell(line, signalOf(text), dialled(text));
      this.inTrace = true;
      return true;
    }
    const hpm = HPM.exec(text);
    const announced = hpm === null ? ANNOUNCED.exec(text) : null;
    if (hpm !== null) this.tell(line, signalOf(hpm[2] ?? ''), hpm[1]);
    // Early versions wrote the error in the same line.
    else if (announced !== null && ERROR.test(text)) {
      this.tell(line, signalOf(text), dialled(text) ?? announced[1] ?? announced[2]);
      this.error = text.slice(announced[0].length + announced.index);
    } else if (announced !== null) this.held = { line, upstream: announced[1] ?? announced[2] };
    const isTrace = announced === null && this.isTrace(text);
    this.inTrace = isTrace || (announced !== null && this.held === null);
    return hpm !== null || announced !== null || isTrace;
  }

  end(): void {
    const { held } = this;
    this.held = null;
    if (held !== null) this.tell(held.line, 'proxy.own-error', held.upstream);
  }

  private isTrace(text: string): boolean {
    return this.inTrace && (TRACE.test(text) || (this.error !== '' && text === this.error));
  }

  /** The first line about a request tells; those that follow for it say the same. */
  private replyFrom(line: Line): boolean {
    const object = line.text.startsWith('{') ? parseObject(line.text) : null;
    if (object === null) return false;
    const { reqId, time } = object;
    const stamp = jsonStamp(time);
    if (this.told.has(reqId)) {
      this.emit({ kind: 'clue', hop: 'proxy', signal: 'proxy.echo', ...entryFields(line, stamp), values: {} });
      return true;
    }
    if (this.told.size >= MOST_TOLD) this.told.clear();
    this.told.add(reqId);
    this.tell(line, signalOf(line.text.slice(0, LONGEST)), dialled(line.text.slice(0, LONGEST)), stamp);
    return true;
  }

  private tell(line: Line, signal: SignalId, upstream: string | undefined, own?: Stamp): void {
    const stamp = own ?? textEntry(line.text.slice(0, LONGEST))?.stamp ?? NO_STAMP;
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, stamp),
      level: 'error',
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'Node’s proxy' },
    });
  }
}

const examples = (): readonly Example[] => [
  {
    shows:
      'Next.js with rewrites, which writes the error twice; the usual words of those who use http-proxy themselves',
    input: [
      'Failed to proxy http://api.example.com:3000/cart Error: connect ECONNREFUSED 192.0.2.7:3000',
      '    at ignore-listed frames {',
      "  code: 'ECONNREFUSED',",
      '}',
      'Error: connect ECONNREFUSED 192.0.2.7:3000',
      '    at ignore-listed frames {',
      '}',
      'Proxy error: read ECONNRESET',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', upstream: '192.0.2.7:3000', line: 1 },
      { signal: 'proxy.backend-reset', line: 8 },
    ],
  },
  {
    shows: '@fastify/http-proxy: what follows of the same request says no more',
    input: [
      '{"level":40,"time":1795162214123,"pid":7,"hostname":"web1","reqId":"req-1","err":{"type":"Error","message":"connect ECONNREFUSED 192.0.2.7:3000","stack":"Error: connect ECONNREFUSED 192.0.2.7:3000","code":"ECONNREFUSED"},"msg":"response errored"}',
      '{"level":50,"time":1795162214124,"pid":7,"hostname":"web1","reqId":"req-1","req":{"method":"GET","url":"/"},"res":{"statusCode":500},"err":{"type":"FastifyError","message":"connect ECONNREFUSED 192.0.2.7:3000","stack":"FastifyError: connect ECONNREFUSED 192.0.2.7:3000\\n    at /srv/app/node_modules/@fastify/reply-from/index.js:204:36"},"msg":"connect ECONNREFUSED 192.0.2.7:3000"}',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.backend-refused',
        upstream: '192.0.2.7:3000',
        stamp: { kind: 'utc', ms: 1_795_162_214_123 },
      },
      { signal: 'proxy.echo' },
    ],
  },
  {
    shows: 'http-proxy-middleware, today and in its first versions',
    input: [
      '[HPM] Error occurred while proxying request shop.example.com/api/cart to http://127.0.0.1:8000/ [ECONNREFUSED] (https://nodejs.org/api/errors.html#errors_common_system_errors)',
      '[HPM] Error occurred while trying to proxy request /api/cart from localhost:3000 to http://api.example.com (ENOTFOUND) (https://nodejs.org/api/errors.html#errors_common_system_errors)',
    ].join('\n'),
    records: [
      { kind: 'clue', hop: 'proxy', signal: 'proxy.backend-refused', upstream: '127.0.0.1:8000' },
      { signal: 'proxy.backend-dns', upstream: 'api.example.com' },
    ],
  },
  {
    shows:
      'Vite: localhost is ::1, where nothing listens; what a program that runs several writes before it; an error of its own',
    input: [
      '[GUI] 4:43:19 PM [vite] http proxy error: /v1/flags',
      '[GUI] Error: connect ECONNREFUSED ::1:3000',
      '[GUI]     at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)',
      '16:43:20 [vite] http proxy error: /api/cart',
      'AggregateError [ECONNREFUSED]: ',
      '16:43:21 [vite] http proxy error: /api/cart',
      'Error: socket hang up',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', upstream: '[::1]:3000', line: 1 },
      { signal: 'proxy.backend-refused' },
      { signal: 'proxy.backend-closed' },
    ],
  },
  {
    shows: 'Create React App',
    input: [
      'Proxy error: Could not proxy request /api/cart from localhost:3000 to http://127.0.0.1:5000/.',
      'See https://nodejs.org/api/errors.html#errors_common_system_errors for more information (ECONNRESET).',
    ].join('\n'),
    records: [{ signal: 'proxy.backend-reset', upstream: '127.0.0.1:5000' }],
  },
];

/** What the proxies of Node’s development servers say of a backend that failed; sites run behind them, too, often through a tunnel. */
export const nodeProxy: LineFormat = {
  shape: 'lines',
  id: 'node-proxy',
  title: 'Proxies in Node (http-proxy-middleware, Vite, Next.js, @fastify/http-proxy, Create React App)',
  hop: 'proxy',
  foundAt: ['the terminal of npm run dev', 'docker logs of the front end’s container'],
  limits: ['No day, and no zone.', 'They answer 500 or 504 where others answer 502.'],
  examples,
  score: ({ text }) => {
    const beginning = text.slice(0, LONGEST);
    return HPM.test(beginning) || ANNOUNCED.test(beginning) || WORDED.test(beginning) || REPLY_FROM.test(beginning)
      ? 0.95
      : 0;
  },
  open: (emit) => new NodeProxyParser(emit),
};
