import type { SignalId } from '../../vocabulary/signals.ts';
import { LONGEST_MATCHED } from '../entry.ts';

/** What the Go library says of a request to a backend that failed; Caddy, Traefik and others pass its text on. */
export interface GoError {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** A text that this row takes, and no row before it. */
  readonly sample: string;
}

/** First match wins. Source: Go's net, net/http and crypto/tls, most of them seen in Caddy 2.6.2; quic-go errors.go and http3/errors.go. */
export const GO_ERRORS: readonly GoError[] = [
  {
    signal: 'proxy.client-abort',
    // The last two are HTTP/3’s H3_REQUEST_CANCELLED (0x10c) in quic-go’s words: servers speak HTTP/3 with visitors, not with backends.
    // CANCEL is HTTP/2’s word for a stream that is no longer wanted (RFC 9113, section 7): here it was not the backend that sent it.
    pattern:
      /\bcontext canceled\b|\bstream ID \d{1,12}; CANCEL(?=$|["\s])|client disconnected|http2: stream closed|\b499 Client Closed Request|\bstream \d{1,20} canceled (?:by remote )?with error code 268\b|\bH3_REQUEST_CANCELLED\b(?! \(local\))/,
    sample: 'context canceled',
  },
  {
    signal: 'proxy.too-many-files',
    pattern: /too many open files/,
    sample: 'dial tcp 127.0.0.1:3000: socket: too many open files',
  },
  {
    signal: 'proxy.ports-exhausted',
    pattern: /cannot assign requested address/,
    sample: 'dial tcp 127.0.0.1:3000: connect: cannot assign requested address',
  },
  {
    signal: 'proxy.socket-missing',
    pattern: /dial unix \S{1,300}: connect: no such file or directory/,
    sample: 'dial unix /run/php/php8.2-fpm.sock: connect: no such file or directory',
  },
  {
    signal: 'proxy.socket-denied',
    pattern: /dial unix \S{1,300}: connect: permission denied/,
    sample: 'dial unix /run/php/php8.2-fpm.sock: connect: permission denied',
  },
  {
    signal: 'proxy.backlog-full',
    pattern: /dial unix \S{1,300}: connect: resource temporarily unavailable/,
    sample: 'dial unix /run/php/php8.2-fpm.sock: connect: resource temporarily unavailable',
  },
  {
    signal: 'proxy.connect-denied',
    pattern: /dial tcp \S{1,300}: connect: (?:permission denied|operation not permitted)/,
    sample: 'dial tcp 127.0.0.1:3000: connect: permission denied',
  },
  {
    signal: 'proxy.backend-dns',
    // Of a name server that does not answer it tells how it was asked, too.
    pattern:
      /\blookup \S{1,300}?(?: on \S{1,80})?: (?:(?:dial|read|write) (?:udp|tcp) \S{1,300} )?(?:no such host|server misbehaving|i\/o timeout|connection refused|Temporary failure|(?:connect|read|write): )/,
    sample: 'dial tcp: lookup app on 127.0.0.11:53: no such host',
  },
  {
    signal: 'proxy.backend-refused',
    // `getsockopt` before Go 1.10, and no word before 1.5.
    pattern: /(?:connect|getsockopt|dial (?:tcp|unix) \S{1,300}): connection refused|actively refused it/,
    sample: 'dial tcp 127.0.0.1:3000: connect: connection refused',
  },
  {
    signal: 'proxy.backend-unreachable',
    pattern:
      /(?:connect|getsockopt|read|write|dial tcp \S{1,300}): (?:no route to host|network is unreachable|host is down)/,
    sample: 'dial tcp 10.0.0.5:3000: connect: no route to host',
  },
  {
    signal: 'proxy.connect-timeout',
    pattern: /\bdial (?:tcp|unix) .{1,300}(?:i\/o timeout|connection timed out|operation timed out|deadline exceeded)/,
    sample: 'dial tcp 10.0.0.5:3000: i/o timeout',
  },
  {
    signal: 'proxy.backend-cert',
    pattern: /\bx509: |tls: failed to verify certificate/,
    sample: 'x509: certificate signed by unknown authority',
  },
  {
    signal: 'proxy.scheme-mismatch',
    pattern:
      /server gave HTTP response to HTTPS client|does not look like a TLS handshake|malformed HTTP response "\\x15\\x03/,
    sample: 'http: server gave HTTP response to HTTPS client',
  },
  {
    signal: 'proxy.backend-tls',
    pattern: /TLS handshake timeout|remote error: tls: |\btls: /,
    sample: 'remote error: tls: handshake failure',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /timeout awaiting response headers|\bi\/o timeout|deadline exceeded|\b504 Gateway Timeout/,
    sample: 'net/http: timeout awaiting response headers',
  },
  {
    signal: 'proxy.backend-url',
    pattern: /unsupported protocol scheme "/,
    sample: 'unsupported protocol scheme ""',
  },
  {
    signal: 'proxy.header-too-big',
    pattern: /server response headers exceeded/,
    sample:
      'net/http: HTTP/1.x transport connection broken: net/http: server response headers exceeded 1048576 bytes; aborted',
  },
  {
    signal: 'proxy.backend-invalid',
    // The second is what a backend gets that answers in HTTP/1.1 where HTTP/2 without TLS is spoken to it.
    pattern: /malformed (?:HTTP|MIME)|http2: frame too large|transport connection broken: (?!EOF|unexpected EOF)/,
    sample: 'net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_9.2"',
  },
  {
    signal: 'proxy.backend-reset',
    pattern: /connection reset by peer|broken pipe|forcibly closed by the remote host/,
    sample: 'read tcp 127.0.0.1:45616->127.0.0.1:3000: read: connection reset by peer',
  },
  {
    signal: 'proxy.no-backend',
    pattern:
      /no upstreams available|no hosts available upstream|no available server|no servers in the pool|^unreachable backend/,
    sample: 'no upstreams available',
  },
  {
    signal: 'proxy.backend-closed',
    pattern: /(?:^|[\s:="])(?:unexpected )?EOF\b|server closed idle connection|use of closed network connection/,
    sample: 'EOF',
  },
];

/** The meaning of such a text; undefined where no row takes it. */
export function goErrorSignal(text: string): SignalId | undefined {
  const beginning = text.slice(0, LONGEST_MATCHED);
  return GO_ERRORS.find(({ pattern }) => pattern.test(beginning))?.signal;
}

const DIALLED = /\bdial (?:tcp|tcp4|tcp6) ([\w.:[\]-]{3,260}:\d{1,5}): /;
const SOCKET = /\bdial unix (\/\S{1,300}?): /;
const PEER = /->([\w.:[\]-]{3,260}:\d{1,5}): /;

/** Address or socket of the backend that such a text names. */
export function backendIn(text: string): string | undefined {
  const beginning = text.slice(0, 2000);
  const socket = SOCKET.exec(beginning)?.[1];
  return socket === undefined ? (DIALLED.exec(beginning)?.[1] ?? PEER.exec(beginning)?.[1]) : `unix:${socket}`;
}
