import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { entryFields, LONGEST_MATCHED } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';

/*
 * Linkerd's proxy, which stands beside each pod. It logs by the time since its own start; the day is the wrapper's. Source:
 * linkerd2-proxy, linkerd/app/core/src/errors/respond.rs, the errors of its crates, hyper's and the system's; up to 2.9 from public
 * reports.
 */

/** `[  1589.462218s]  INFO ThreadId(01) outbound:proxy{addr=…}: linkerd_app_core::errors::respond: …`; the level first up to 2.6. */
const HEAD =
  /^(?:\[ {0,12}\d{1,10}\.\d{6}s\] {1,3})?(TRACE|TRCE|DEBUG|DBUG|INFO|WARN|ERROR|ERR!)(?: \[ {0,12}\d{1,10}\.\d{6}s\])? (?:ThreadId\(\d{1,4}\) )?/;
const MODULE = /(?:^|[ :])linkerd2?_\w{2,60}(?:::\w{1,60}){0,8}:? (?=\S)/;
const LEVELS: Readonly<Record<string, string>> = { 'ERR!': 'error', DBUG: 'debug', TRCE: 'trace' };

/** A request that the proxy answered itself: now, up to 2.9, up to 2.6. */
const FAILED =
  /errors::respond: (?:HTTP\/[\d.]{1,3} )?[Rr]equest failed error=(.{1,2000}?)(?: error\.sources=|$)|app_core::errors: Failed to proxy request: (.{1,2000})$|linkerd2_proxy::\S{1,80}:? (?:unexpected|service) error: (.{1,2000})$/;
const BACKEND = /\b(?:endpoint |address: |addr=)([\d.]{7,15}:\d{1,5})\b/;

/** Why; first match wins. */
export const LINKERD_ERRORS: readonly {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}[] = [
  {
    signal: 'proxy.refused',
    pattern: /\bunauthorized (?:request|connection)\b/,
    sample: 'client 192.0.2.50:53713: server: 192.0.2.174:8080: unauthorized request on route',
  },
  {
    signal: 'proxy.backend-refused',
    pattern: /\bConnection refused \(os error \d/,
    sample: 'error trying to connect: Connection refused (os error 111)',
  },
  {
    signal: 'proxy.backend-unreachable',
    pattern: /\b(?:No route to host|Network (?:is )?unreachable|Host is unreachable)\b/,
    sample: 'error trying to connect: No route to host (os error 113) (address: 192.0.2.181:8080)',
  },
  {
    signal: 'proxy.connect-timeout',
    pattern:
      /\bconnect timed out\b|trying to connect: .{0,80}\btimed out\b|establish underlying session layer: .{0,40}timed out/,
    sample: 'error trying to connect: connect timed out after 1s',
  },
  {
    signal: 'proxy.no-backend',
    pattern: /\bin fail-?fast\b|\bservice unavailable\b|\bno (?:available )?endpoints\b/i,
    sample: 'logical service 192.0.2.18:80: route default.http: backend default.service: service in fail-fast',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /\btimed ?out\b|\btimeout\b/i,
    sample: 'HTTP response timeout after 10s',
  },
  {
    signal: 'proxy.backend-closed',
    pattern: /\bconnection closed before message completed\b|\bunexpected (?:end of file|EOF)\b/,
    sample: 'connection closed before message completed',
  },
  {
    signal: 'proxy.backend-reset',
    pattern: /\bConnection reset by peer\b|\b[Bb]roken pipe\b|\bstream error received: /,
    sample: 'connection error: Connection reset by peer (os error 104)',
  },
  {
    signal: 'proxy.backend-invalid',
    pattern: /\binvalid HTTP (?:version|header|status)\b/,
    sample: 'invalid HTTP version parsed',
  },
];

const signalOf = (error: string): SignalId =>
  LINKERD_ERRORS.find(({ pattern }) => pattern.test(error))?.signal ?? 'proxy.own-error';

/** The level of such a line; null where it is none of Linkerd's. */
function levelIn(text: string): string | null {
  const head = HEAD.exec(text);
  if (head?.[1] === undefined || !MODULE.test(text.slice(head[0].length))) return null;
  return LEVELS[head[1]] ?? head[1].toLowerCase();
}

class LinkerdParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST_MATCHED);
    const level = levelIn(text);
    if (level === null) return false;
    const [, now, before, long] = FAILED.exec(text) ?? [];
    const error = now ?? before ?? long;
    const upstream = error === undefined ? undefined : BACKEND.exec(error)?.[1];
    this.emit({
      kind: 'clue',
      hop: 'proxy',
      signal: error === undefined ? 'proxy.other' : signalOf(error),
      ...entryFields(line, NO_STAMP),
      level,
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'Linkerd', scheme: 'http' },
    });
    return true;
  }

  end(): void {}
}

const examples = (): readonly Example[] => [
  {
    shows: 'nothing listens in the pod; no endpoint is left; a policy refuses',
    input: [
      '[    10.296293s]  INFO ThreadId(01) inbound:server{port=8000}:rescue{client.addr=192.0.2.1:35676}: linkerd_app_core::errors::respond: HTTP/1.1 request failed error=error trying to connect: Connection refused (os error 111) error.sources=[Connection refused (os error 111)]',
      '[ 73137.020196s]  INFO ThreadId(01) outbound:proxy{addr=192.0.2.18:80}:rescue{client.addr=192.0.2.75:43486}: linkerd_app_core::errors::respond: HTTP/1.1 request failed error=logical service 192.0.2.18:80: route default.http: backend Service.shop.web:80: service in fail-fast error.sources=[service in fail-fast]',
      '[  3002.281471s]  INFO ThreadId(01) inbound:server{port=8080}:rescue{client.addr=192.0.2.50:53713}: linkerd_app_core::errors::respond: HTTP/1.1 request failed error=client 192.0.2.50:53713: server: 192.0.2.174:8080: unauthorized request on route error.sources=[unauthorized request on route]',
    ].join('\n'),
    records: [
      { kind: 'clue', hop: 'proxy', signal: 'proxy.backend-refused', level: 'info', stamp: NO_STAMP },
      { signal: 'proxy.no-backend', values: { program: 'Linkerd' } },
      { signal: 'proxy.refused' },
    ],
  },
  {
    shows: 'how it tries to connect again is no request',
    input:
      '[  1619.469625s]  WARN ThreadId(01) outbound:proxy{addr=192.0.2.169:8080}:service{ns=shop name=web port=8080}:endpoint{addr=192.0.2.120:8080}: linkerd_reconnect: Failed to connect error=connect timed out after 1s',
    records: [{ signal: 'proxy.other', level: 'warn' }],
  },
  {
    shows: 'up to 2.6, and dated by the container’s log',
    input: [
      '2026-11-20T08:14:38.722324175Z ERR! proxy={server=out listen=127.0.0.1:4140 remote=192.0.2.5:42422} linkerd2_proxy::proxy::http::router service error: an error occurred trying to connect: operation timed out after 300ms',
      '2026-11-20T08:14:39.722324175Z WARN [   193.709947s] linkerd2_proxy::app::errors unexpected error: error trying to connect: No route to host (os error 113) (address: 192.0.2.181:8080)',
    ].join('\n'),
    records: [
      {
        signal: 'proxy.connect-timeout',
        level: 'error',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 722) },
      },
      { signal: 'proxy.backend-unreachable', upstream: '192.0.2.181:8080' },
    ],
  },
];

/** What Linkerd's proxy says of requests that it could not pass on. */
export const linkerd: LineFormat = {
  shape: 'lines',
  id: 'linkerd',
  title: 'Linkerd proxy log',
  hop: 'proxy',
  foundAt: ['kubectl logs POD -c linkerd-proxy'],
  limits: [
    'It writes the time since its own start: only with --timestamps, or from the node’s files, are its lines dated.',
    'A service “in fail-fast” is an echo: why its endpoints were given up stands before.',
  ],
  examples,
  score: ({ text }) => (levelIn(text.slice(0, LONGEST_MATCHED)) === null ? 0 : 0.9),
  open: (emit) => new LinkerdParser(emit),
};
