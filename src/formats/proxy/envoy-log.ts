import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields, LONGEST_MATCHED } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso } from '../stamps.ts';
import { resetSignal } from './envoy-reasons.ts';

/*
 * What Envoy says of itself, and the text with which it answers a request that failed, wherever that was copied. Source: Envoy,
 * source/common/router/router.cc (onUpstreamReset, its answers), source/common/http/filter_manager.cc (sendLocalReply),
 * source/server/server.cc, source/common/signal/signal_action.cc; Istio, pkg/envoy and its log format with tabs.
 */

/** `[2026-11-20 08:14:38.120][285][debug][router] [source/…/router.cc:671] [C523430][S7230925655636222372] text`. */
const HEAD =
  /^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\]\[\d{1,10}\]\[(trace|debug|info|warning|error|critical)\]\[[a-z_0-9]{1,40}\] /;
/** Istio's proxy: `2026-11-20T08:14:38.120123Z<tab>debug<tab>envoy router external/…/router.cc:671<tab>[C0][S7] text<tab>thread=22`. */
const ISTIO_HEAD =
  /^(?:(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,9}Z)\t)?(trace|debug|info|warning|warn|error|critical)\tenvoy [a-z_0-9]{1,40}(?: \S{1,200})?\t/;
/** Where the line stands in the source, the connection and the request. */
const PLACE = /^(?:\[[\w./]{1,200}:\d{1,6}\] )?(?:\[C\d{1,20}\](?:\[S\d{1,20}\])? |\[Tags: [^\]]{1,200}\] )?/;

/** The answer to a visitor: a line by itself, or within another program's. */
const ANSWER =
  /upstream connect error or disconnect\/reset before headers\. (?:retried and the latest )?reset reason: ([a-z -]{3,40})(?:, transport failure reason: (.{1,300}))?/;
const RESET = /^upstream reset: reset reason:? ([a-z -]{3,40})(?:, transport failure reason: ?(.{0,300}))?$/;
/** The same once more, as the answer is made. */
const RESET_ANSWERED =
  /^[Ss]ending local reply with details upstream_reset_before_response_started\{([a-z _-]{3,40})[^}]{0,300}\}/;

/** What else Envoy says. First match wins. */
export const ENVOY_MESSAGES: readonly {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}[] = [
  {
    signal: 'proxy.no-backend',
    pattern: /^no healthy upstream$|^no healthy host for|^[Ss]ending local reply with details no_healthy_upstream/,
    sample: 'Sending local reply with details no_healthy_upstream',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /^upstream request timeout$|^upstream timeout$/,
    sample: 'upstream timeout',
  },
  {
    signal: 'proxy.echo',
    pattern: /^[Ss]ending local reply with details /,
    sample: 'Sending local reply with details response_timeout',
  },
  {
    signal: 'proxy.child-crash',
    pattern: /^Caught (?:Segmentation fault|Aborted|Bus error|Illegal instruction)\b/,
    sample: 'Caught Segmentation fault, suspect faulting address 0x0',
  },
  {
    signal: 'proxy.bind-failed',
    pattern: /\bcannot bind '[^']{1,200}': /,
    sample: "error adding listener: cannot bind '0.0.0.0:80': Permission denied",
  },
  {
    signal: 'proxy.config-error',
    pattern: /^error initializing config(?:uration)? '/,
    sample: "error initializing configuration '/etc/envoy/envoy.yaml': Protobuf message has unknown fields",
  },
  {
    signal: 'proxy.stop',
    pattern: /^(?:caught (?:ENVOY_)?SIG(?:TERM|INT)$|shutting down server instance)/,
    sample: 'caught ENVOY_SIGTERM',
  },
  {
    signal: 'proxy.start',
    pattern: /^(?:all dependencies initialized\. starting workers|starting main dispatch loop)/,
    sample: 'all dependencies initialized. starting workers',
  },
];
/** Answers that Envoy gives for a backend and that people copy alone. */
const SHORT_ANSWER = /^(?:no healthy upstream|upstream request timeout)$/;

interface Said {
  readonly stamp: Stamp;
  readonly level: string | undefined;
  readonly message: string;
}

function saidIn({ text }: Line): Said | null {
  const beginning = text.slice(0, LONGEST_MATCHED);
  const head = HEAD.exec(beginning) ?? ISTIO_HEAD.exec(beginning);
  if (head !== null) {
    const message = beginning
      .slice(head[0].length)
      .replace(PLACE, '')
      .replace(/\tthread=\d{1,10}$/, '');
    return { stamp: parseIso(head[1] ?? '') ?? NO_STAMP, level: head[2], message: message.trimEnd() };
  }
  if (!ANSWER.test(beginning) && !SHORT_ANSWER.test(beginning)) return null;
  return { stamp: NO_STAMP, level: undefined, message: beginning };
}

/** How a request to the backend was reset; undefined where the message tells of none. */
function resetIn(message: string): SignalId | undefined {
  const [, reason, transport = ''] = RESET.exec(message) ?? ANSWER.exec(message) ?? RESET_ANSWERED.exec(message) ?? [];
  return reason === undefined ? undefined : resetSignal(reason.replaceAll('_', ' '), transport);
}

class EnvoyLogParser implements LineParser {
  private readonly emit: Emit;
  private inHeaders = false;
  private isResetTold = false;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const said = saidIn(line);
    if (said === null) return this.inHeaders && /^(?:'[^']{1,200}', '|$)/.test(line.text);
    // At debug level a request's headers follow on lines of their own.
    this.inHeaders = said.message.endsWith(':');
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: this.signalOf(said.message),
      ...entryFields(line, said.stamp),
      ...(said.level === undefined ? {} : { level: said.level }),
      values: { program: 'Envoy', scheme: 'http' },
    });
    return true;
  }

  end(): void {}

  private signalOf(message: string): SignalId {
    const reset = resetIn(message);
    const isEcho = this.isResetTold && RESET_ANSWERED.test(message);
    if (reset !== undefined) this.isResetTold = !isEcho;
    if (isEcho) return 'proxy.echo';
    return reset ?? ENVOY_MESSAGES.find(({ pattern }) => pattern.test(message))?.signal ?? 'proxy.other';
  }
}

const examples = (): readonly Example[] => [
  {
    shows: 'a backend that closes the connection, at debug level',
    input: [
      '[2026-11-20 08:14:38.120][285][debug][router] [source/common/router/router.cc:582] [C0][S132] router decoding headers:',
      "':authority', 'shop.example.com'",
      '',
      '[2026-11-20 08:14:38.123][285][debug][router] [source/common/router/router.cc:1031] [C0][S132] upstream reset: reset reason: connection termination, transport failure reason: ',
      '[2026-11-20 08:14:38.123][285][debug][http] [source/common/http/filter_manager.cc:883] [C0][S132] Sending local reply with details upstream_reset_before_response_started{connection termination}',
    ].join('\n'),
    records: [
      { signal: 'proxy.other', level: 'debug' },
      {
        kind: 'clue',
        hop: 'proxy',
        signal: 'proxy.backend-closed',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 123) },
      },
      { signal: 'proxy.echo' },
    ],
  },
  {
    shows: 'the answer that a visitor saw',
    input:
      'upstream connect error or disconnect/reset before headers. reset reason: connection failure, transport failure reason: delayed connect error: 111',
    records: [{ signal: 'proxy.backend-refused', stamp: NO_STAMP }],
  },
  {
    shows: 'Istio’s proxy',
    input:
      '2026-11-20T08:14:38.120123Z\tdebug\tenvoy router external/envoy/source/common/router/router.cc:1279\t[Tags: "ConnectionId":"31","StreamId":"78"] upstream reset: reset reason: remote connection failure, transport failure reason: TLS_error:|268435703:SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER:TLS_error_end\tthread=29',
    records: [{ signal: 'proxy.scheme-mismatch', level: 'debug' }],
  },
];

/** What Envoy says of itself and to visitors. */
export const envoyLog: LineFormat = {
  shape: 'lines',
  id: 'envoy-log',
  title: 'Envoy log, and the text of its answers (Istio, Contour, Envoy Gateway)',
  hop: 'proxy',
  foundAt: ['kubectl logs POD -c istio-proxy; docker logs CONTAINER', 'a browser or curl: the answer’s text'],
  limits: [
    'Why a request failed is written at debug level alone; at info the access log tells it.',
    'Without the connection’s own reason a “connection failure” is taken for a refused one.',
  ],
  examples,
  score: (line) => {
    const said = saidIn(line);
    return said === null ? 0 : said.level === undefined ? 0.6 : 0.9;
  },
  open: (emit) => new EnvoyLogParser(emit),
};
