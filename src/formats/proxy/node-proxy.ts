import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';

/** What Node’s numbers of errors mean of a backend (nodejs.org: errors, tls; llhttp’s HPE_…). First match wins. */
const CODES: readonly { readonly signal: SignalId; readonly pattern: RegExp }[] = [
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
  { signal: 'proxy.backend-closed', pattern: /socket hang up/ },
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
  /\[vite\] (?:http proxy error|ws proxy (?:socket )?error):|\bProxy error: Could not proxy request \S{1,2000} from \S{1,300} to (?:https?:\/\/([^\s/]{1,260}))/;
/** The line below: Node’s error, or the sentence that names its number. */
const ERROR = /\b(?:Aggregate)?Error(?::| \[)|\bfor more information \([A-Z_]{3,40}\)/;
/** Address and port at the end of Node’s sentence; IPv6 without brackets. */
const DIALLED = /\bconnect [A-Z_]{3,20} (?:((?:\d{1,3}\.){3}\d{1,3}:\d{1,5})|([\da-f:]{2,39}):(\d{1,5}))\b/;
const TRACE =
  /^.{0,40}\s(?:at \S|code: '|errno: |syscall: '|address: '|port: |hostname: '|\[?errors\]?: \[|\[cause\]: |[\]}],?$)/;
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
    const hpm = HPM.exec(text);
    const announced = hpm === null ? ANNOUNCED.exec(text) : null;
    if (hpm !== null) this.tell(line, signalOf(hpm[2] ?? ''), hpm[1]);
    // Early versions wrote the error in the same line.
    else if (announced !== null && ERROR.test(text)) this.tell(line, signalOf(text), dialled(text) ?? announced[1]);
    else if (announced !== null) this.held = { line, upstream: announced[1] };
    const isTrace = this.inTrace && TRACE.test(text);
    this.inTrace = isTrace;
    return hpm !== null || announced !== null || isTrace;
  }

  end(): void {
    const { held } = this;
    this.held = null;
    if (held !== null) this.tell(held.line, 'proxy.own-error', held.upstream);
  }

  private tell(line: Line, signal: SignalId, upstream: string | undefined): void {
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal,
      ...entryFields(line, NO_STAMP),
      level: 'error',
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'Node’s proxy' },
    });
  }
}

const examples = (): readonly Example[] => [
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
  title: 'Proxies in Node (http-proxy-middleware, Vite, Create React App)',
  hop: 'proxy',
  foundAt: ['the terminal of npm run dev', 'docker logs of the front end’s container'],
  limits: ['No day, and no zone.', 'They answer 500 or 504 where others answer 502.'],
  examples,
  score: ({ text }) => {
    const beginning = text.slice(0, LONGEST);
    return HPM.test(beginning) || ANNOUNCED.test(beginning) ? 0.95 : 0;
  },
  open: (emit) => new NodeProxyParser(emit),
};
