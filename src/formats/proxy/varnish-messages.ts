import type { SignalId } from '../../vocabulary/signals.ts';

/** A row of a table of Varnish's messages; the first row that fits takes the text. */
interface VarnishMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/**
 * What `FetchError` says of a fetch from a backend. Measured with Varnish 7.1.1; the words of older versions by varnish-cache's
 * bin/varnishd/cache (cache_fetch.c, cache_backend.c, http1/cache_http1_fsm.c).
 */
export const FETCH_ERRORS: readonly VarnishMessage[] = [
  {
    signal: 'proxy.backend-refused',
    pattern: /^backend \S{1,200}: fail errno 111\b|Connection refused/,
    sample: 'backend app: fail errno 111 (Connection refused)',
  },
  {
    signal: 'proxy.connect-timeout',
    pattern: /^backend \S{1,200}: fail errno 110\b|Connection timed out/,
    sample: 'backend app: fail errno 110 (Connection timed out)',
  },
  {
    signal: 'proxy.backend-unreachable',
    pattern: /^backend \S{1,200}: fail errno (?:113|101)\b/,
    sample: 'backend app: fail errno 113 (No route to host)',
  },
  {
    signal: 'proxy.socket-missing',
    pattern: /^backend \S{1,200}: fail errno 2\b/,
    sample: 'backend app: fail errno 2 (No such file or directory)',
  },
  {
    signal: 'proxy.socket-denied',
    pattern: /^backend \S{1,200}: fail errno 13\b/,
    sample: 'backend app: fail errno 13 (Permission denied)',
  },
  {
    signal: 'proxy.ports-exhausted',
    pattern: /^backend \S{1,200}: fail errno 99\b/,
    sample: 'backend app: fail errno 99 (Cannot assign requested address)',
  },
  {
    signal: 'proxy.too-many-files',
    pattern: /^backend \S{1,200}: fail errno 24\b/,
    sample: 'backend app: fail errno 24 (Too many open files)',
  },
  {
    signal: 'proxy.no-backend',
    pattern: /^backend \S{1,200}: unhealthy|^no backend connection|^No backend\b|returned no backend/,
    sample: 'backend app: unhealthy',
  },
  {
    signal: 'proxy.queue-timeout',
    pattern: /^backend \S{1,200}: busy/,
    sample: 'backend app: busy',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /^first byte timeout|^HTC (?:timeout|idle|status 3\b)|^http first read error: -1 11\b/,
    sample: 'first byte timeout',
  },
  {
    signal: 'proxy.backend-closed',
    pattern: /^HTC (?:eof|close|status -1\b)|^http (?:first )?read error: (?:EOF|-1 0\b)/,
    sample: 'HTC eof (-1)',
  },
  {
    signal: 'proxy.backend-reset',
    pattern: /^http (?:first )?read error: -1 104\b|Connection reset by peer/,
    sample: 'http first read error: -1 104 (Connection reset by peer)',
  },
  {
    // The headers are larger than http_resp_size or workspace_backend.
    signal: 'proxy.header-too-big',
    pattern: /^overflow|^HTC (?:overflow|status -2\b)|^http read error: overflow|^[Ww]orkspace overflow/,
    sample: 'overflow',
  },
  {
    signal: 'proxy.backend-invalid',
    pattern: /^HTC junk|^http format error|^Received junk|[Gg]unzip error|^Invalid Gzip|^Body cannot be fetched/,
    sample: 'http format error',
  },
  {
    signal: 'proxy.backend-cut',
    pattern:
      /insufficient bytes|^between bytes timeout|^eof read error|^chunked |^Resource temporarily unavailable|^straight read|^read error/,
    sample: 'straight insufficient bytes',
  },
  { signal: 'proxy.client-abort', pattern: /^req\.body read error/, sample: 'req.body read error: 0 (Success)' },
  {
    signal: 'proxy.own-error',
    pattern: /^(?:Could not get storage|No space left)|workspace|^out of storage/i,
    sample: 'Could not get storage',
  },
];

/** What varnishd says of itself, after `Error: `, `Info: ` and `Debug: `. Measured with Varnish 7.1.1. */
export const VARNISHD_MESSAGES: readonly VarnishMessage[] = [
  {
    signal: 'proxy.child-crash',
    // SIGTERM and SIGINT reach it where the whole group of processes is told to end.
    pattern: /^Child \(\d{1,10}\) (?:died (?:status=(?!0\b)|signal=(?!2\b|15\b))|not responding to CLI, killed it)/,
    sample: 'Error: Child (7623) died signal=6',
  },
  // The line that follows the one above, with a stack of the worker.
  {
    signal: 'proxy.echo',
    pattern: /^Child \(\d{1,10}\) Panic (?:at|message)/,
    sample: 'Error: Child (7623) Panic at: Fri, 20 Nov 2026 08:14:38 GMT',
  },
  { signal: 'proxy.start', pattern: /^Child \(\d{1,10}\) Started/, sample: 'Debug: Child (7623) Started' },
  {
    signal: 'proxy.stop',
    pattern: /^(?:manager stopping child|Stopping Child|Child \(\d{1,10}\) died signal=(?:2|15)\b)/,
    sample: 'Info: manager stopping child',
  },
  {
    signal: 'proxy.bind-failed',
    pattern: /^Could not get socket .{1,200}: Address already in use/,
    sample: 'Error: Could not get socket 0.0.0.0:80: Address already in use',
  },
  {
    signal: 'proxy.config-error',
    pattern: /^(?:VCL compilation failed|Running VCC-compiler failed)/,
    sample: 'Error: VCL compilation failed',
  },
];

/** What `Backend_health` says of a probe, by what became of the backend. */
export const HEALTH: readonly VarnishMessage[] = [
  {
    signal: 'proxy.backend-down',
    pattern: /^\S{1,200} Went sick/,
    sample: 'app Went sick -------- 2 3 4 0.000000 0.000000 "Open error 111 (Connection refused)"',
  },
  {
    signal: 'proxy.backend-up',
    pattern: /^\S{1,200} (?:Went|Back) healthy/,
    sample: 'app Went healthy 4---X-RH 3 3 4 0.000841 0.001504 "HTTP/1.0 200 OK"',
  },
  {
    signal: 'proxy.check-failed',
    pattern: /^\S{1,200} Still sick/,
    sample: 'app Still sick -------- 2 3 4 0.000000 0.000000 "Open error 111 (Connection refused)"',
  },
];

/** The signal of a text by one of the tables. */
export function signalIn(messages: readonly VarnishMessage[], text: string): SignalId | undefined {
  return messages.find(({ pattern }) => pattern.test(text))?.signal;
}
