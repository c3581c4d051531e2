import type { Facts } from '../../correlate/facts.ts';
import type { Hop } from '../../vocabulary/hops.ts';
import type { SignalId } from '../../vocabulary/signals.ts';

/** A timer and how it is known: all that is given must hold. */
interface Timer {
  /** Where the time was measured. */
  readonly hops?: readonly Hop[];
  /** Status that the requests got as it fired. */
  readonly status?: number;
  /** A line or row of the burst, one of these. */
  readonly signals?: readonly SignalId[];
  /** Its values in seconds, where it cannot be set or this is its default. */
  readonly seconds?: readonly number[];
  /** Whose it is and what it is called; no full stop. */
  readonly says: string;
}

const OUTSIDE: readonly Hop[] = ['edge', 'client'];

/** The timers on the way, the surest first (cloudflare-exports 2.5; nginx section 3; php-fpm section 3; cloudflared section 11). */
const TIMERS: readonly Timer[] = [
  {
    status: 524,
    seconds: [100, 120, 125],
    hops: OUTSIDE,
    says: 'Cloudflare’s limit for an answer, the Proxy Read Timeout (100 s in older times, 120 s since)',
  },
  {
    status: 524,
    seconds: [30],
    hops: OUTSIDE,
    says: 'Cloudflare’s limit for sending the request to the origin (30 s)',
  },
  { status: 524, hops: OUTSIDE, says: 'Cloudflare’s Proxy Read Timeout, set to this value' },
  { status: 522, seconds: [15, 19, 34], hops: OUTSIDE, says: 'Cloudflare’s limit for connecting to the origin' },
  {
    status: 522,
    seconds: [90],
    hops: OUTSIDE,
    says: 'Cloudflare’s limit for the origin’s acknowledgement after connecting',
  },
  {
    signals: ['cloudflared.inner-connect-timeout', 'cloudflared.inner-connect-timeout2'],
    says: 'cloudflared’s connectTimeout (30 s by default)',
  },
  { signals: ['cloudflared.inner-tls-timeout'], says: 'cloudflared’s tlsTimeout (10 s by default)' },
  {
    signals: ['nginx.timeout-connect'],
    status: 504,
    says: 'nginx’s proxy_connect_timeout or fastcgi_connect_timeout (60 s by default)',
  },
  {
    signals: ['nginx.timeout-tls'],
    status: 504,
    says: 'nginx’s proxy_connect_timeout, in the TLS handshake (60 s by default)',
  },
  {
    signals: ['nginx.timeout-send'],
    status: 504,
    says: 'nginx’s proxy_send_timeout or fastcgi_send_timeout (60 s by default)',
  },
  {
    signals: ['nginx.timeout-header', 'nginx.timeout-generic'],
    status: 504,
    says: 'nginx’s proxy_read_timeout or fastcgi_read_timeout (60 s by default)',
  },
  { signals: ['nginx.resolve-timeout'], says: 'nginx’s resolver_timeout (30 s by default)' },
  { signals: ['gunicorn.worker-timeout'], says: 'gunicorn’s --timeout (30 s by default)' },
  { signals: ['app.worker-timeout'], says: 'unicorn’s timeout, or Puma’s worker_timeout (60 s by default)' },
  { signals: ['fpm.exec-timeout'], says: 'PHP-FPM’s request_terminate_timeout' },
  { signals: ['php.execution-time'], says: 'PHP’s max_execution_time (30 s by default)' },
  { signals: ['apache.backend-timeout'], says: 'Apache’s ProxyTimeout (60 s by default)' },
  {
    signals: ['proxy.backend-timeout'],
    says: 'the reverse proxy’s: HAProxy’s timeout server, Caddy’s response_header_timeout, Traefik’s responseHeaderTimeout (the last two off by default)',
  },
  {
    signals: ['proxy.connect-timeout'],
    says: 'the reverse proxy’s: HAProxy’s timeout connect (with each retry), Caddy’s dial_timeout (3 s by default), Traefik’s dialTimeout (30 s by default)',
  },
  {
    status: 504,
    seconds: [60],
    says: 'probably the web server’s: 60 s is nginx’s default for proxy_read_timeout, fastcgi_read_timeout and proxy_connect_timeout',
  },
  {
    status: 504,
    says: 'probably the web server’s: look for this value at proxy_read_timeout, fastcgi_read_timeout and proxy_connect_timeout',
  },
  {
    status: 500,
    seconds: [30],
    says: 'probably the application’s own: 30 s is PHP’s default for max_execution_time',
  },
  {
    status: 502,
    seconds: [30],
    signals: ['derived.behind-tunnel'],
    says: 'perhaps cloudflared’s connectTimeout or the application server’s limit: 30 s is the default of both',
  },
  {
    status: 502,
    says: 'probably that of the application server, which ends a request that takes too long: look for this value at PHP-FPM’s request_terminate_timeout or gunicorn’s --timeout',
  },
];

/** Whose timer fires after this time, in words for the report; no full stop. */
export function timerName(atMs: number, hop: Hop, status: number | null, facts: Facts): string {
  const seconds = atMs / 1000;
  const timer = TIMERS.find(
    (row) =>
      (row.hops === undefined || row.hops.includes(hop)) &&
      (row.status === undefined || row.status === status) &&
      (row.seconds === undefined || row.seconds.includes(seconds)) &&
      (row.signals === undefined || row.signals.some((signal) => (facts.signals.get(signal)?.strength ?? 0) > 0.3)),
  );
  return timer?.says ?? `a timer set to ${seconds} s: look for this value in the settings on the way`;
}
