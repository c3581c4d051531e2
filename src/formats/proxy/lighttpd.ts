import { NO_STAMP } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { classifyPhp } from '../app/php-classify.ts';
import { entryFields } from '../entry.ts';
import type { Emit, Example, Line, LineFormat, LineParser, Taken } from '../format.ts';
import { parseIso } from '../stamps.ts';

const LONGEST = 16_384;
/** Time, and the place in the source that wrote the line, of which some copies lack the bracket; syslog and the journal have a time of their own. */
const HEAD = /^(?:(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d): )?\(?[a-z][\w-]{0,40}\.c\.\d{1,5}\) /;
const STDERR = /^FastCGI-stderr: ?/;
/** The backend, as old and new versions write it: `socket: unix:/run/php.sock`, `on unix:/tmp/php.socket-0`. */
const BACKEND =
  /\b(?:socket:|on|re-enabled:|exited: \d{1,3}) (?:tcp:([^\s]{1,255}?:\d{1,5})|(unix:\/[^\s:]{1,300}))(?=[\s:]|$)/;

interface LighttpdMessage {
  readonly signal: SignalId;
  readonly pattern: RegExp;
  readonly sample: string;
}

/** What lighttpd says when it connects to a backend, with the system's words for the error before or behind the address. */
const CONNECTING = '^(?:establishing connection failed|connect failed): .{0,400}';

/**
 * What lighttpd says of its backends and of itself. Source: lighttpd 1.4 src/gw_backend.c, mod_fastcgi.c, server.c, network.c,
 * configfile.c, http-header-glue.c, measured with 1.4.69; the words of 1.4.20 to 1.4.50 by public reports.
 */
export const LIGHTTPD_MESSAGES: readonly LighttpdMessage[] = [
  {
    signal: 'proxy.backend-refused',
    pattern: new RegExp(`${CONNECTING}Connection refused`),
    sample: 'establishing connection failed: socket: tcp:127.0.0.1:9000: Connection refused',
  },
  {
    signal: 'proxy.socket-missing',
    pattern: new RegExp(`${CONNECTING}No such file or directory`),
    sample: 'connect failed: No such file or directory on unix:/tmp/php-fastcgi.socket-3',
  },
  {
    signal: 'proxy.socket-denied',
    pattern: new RegExp(`${CONNECTING}unix:.{0,300}Permission denied|${CONNECTING}Permission denied.{0,40}unix:`),
    sample: 'establishing connection failed: socket: unix:/run/php/php8.2-fpm.sock: Permission denied',
  },
  {
    signal: 'proxy.connect-denied',
    pattern: new RegExp(`${CONNECTING}Permission denied`),
    sample: 'establishing connection failed: socket: tcp:127.0.0.1:9000: Permission denied',
  },
  {
    signal: 'proxy.backlog-full',
    pattern: new RegExp(`${CONNECTING}Resource temporarily unavailable`),
    sample: 'establishing connection failed: Resource temporarily unavailable socket: unix:/tmp/php.socket-0',
  },
  {
    signal: 'proxy.connect-timeout',
    pattern: new RegExp(`${CONNECTING}(?:Connection|Operation) timed out`),
    sample: 'establishing connection failed: socket: tcp:192.0.2.5:9000: Connection timed out',
  },
  {
    signal: 'proxy.backend-unreachable',
    pattern: new RegExp(`${CONNECTING}(?:No route to host|Network is unreachable)`),
    sample: 'establishing connection failed: socket: tcp:192.0.2.5:9000: No route to host',
  },
  {
    signal: 'proxy.ports-exhausted',
    pattern: new RegExp(`${CONNECTING}Cannot assign requested address`),
    sample: 'establishing connection failed: socket: tcp:127.0.0.1:9000: Cannot assign requested address',
  },
  {
    signal: 'proxy.backend-timeout',
    pattern: /^(?:read|write) timeout on socket: /,
    sample: 'read timeout on socket: tcp:192.0.2.5:8080 (fd: 30)',
  },
  {
    signal: 'proxy.backend-reset',
    pattern: /^read\(\) \d{1,6} \d{1,6}: Connection reset by peer/,
    sample: 'read() 9 10: Connection reset by peer',
  },
  {
    signal: 'proxy.backend-invalid',
    pattern: /^response headers too large for /,
    sample: 'response headers too large for /shop/',
  },
  {
    signal: 'proxy.backend-closed',
    pattern: /^unexpected end-of-file \(perhaps the fastcgi process died\)/,
    sample:
      'unexpected end-of-file (perhaps the fastcgi process died): pid: 350 socket: unix:/tmp/php-fastcgi.socket-3',
  },
  {
    signal: 'proxy.backend-cut',
    pattern: /^response already sent out, but backend returned error/,
    sample:
      'response already sent out, but backend returned error on socket: unix:/tmp/php.socket-0 for /index.php?, terminating connection',
  },
  {
    // Said of the request after what became of its backend.
    signal: 'proxy.echo',
    pattern:
      /^response not received, request sent: |^backend (?:died|error|is overloaded); we'll disable |^If this happened on Linux: /,
    sample:
      'response not received, request sent: 908 on socket: unix:/tmp/fastcgi.socket-0 for /index.py?, closing connection',
  },
  {
    // Once, until one of them is asked again: all requests in between are failed without a word.
    signal: 'proxy.all-down',
    pattern: /^all handlers for .{1,2000} are down\.?$/,
    sample: 'all handlers for /index.php? on .php are down.',
  },
  {
    // It starts PHP itself; that a process ends with 0 is its turn.
    signal: 'app.worker-exit',
    pattern:
      /^(?:child (?:exited: [1-9]|exited with status [1-9]|signalled: \d|died somehow: )|terminated by signal: \d)/,
    sample: 'child signalled: 11',
  },
  {
    signal: 'app.crash',
    pattern:
      /^(?:(?:\[ERROR\]|ERROR): )?spawning (?:gw|fcgi) failed|^(?:gw-backend|the fastcgi-backend \S{1,300}) failed to start:/,
    sample: 'gw-backend failed to start: /usr/bin/php-cgi',
  },
  {
    signal: 'proxy.connections-full',
    pattern: /^\[note\] sockets disabled, connection limit reached/,
    sample: '[note] sockets disabled, connection limit reached',
  },
  {
    signal: 'proxy.too-many-files',
    pattern: /^\[note\] sockets disabled, out-of-fds|Too many open files/,
    sample: '[note] sockets disabled, out-of-fds',
  },
  {
    signal: 'proxy.bind-failed',
    pattern:
      /^(?:can't bind to (?:port|socket): |bind\(\) ).{0,300}(?:Address already in use|Permission denied|Cannot assign requested address)/,
    sample: "can't bind to socket: 0.0.0.0:80 Address already in use",
  },
  {
    signal: 'proxy.config-error',
    pattern:
      /^(?:Configuration of plugins failed|loading plugins finally failed|dlopen\(\) failed for: |source: .{1,300} line: \d{1,6} pos: \d{1,6} |configfile parser failed|opening configfile .{1,300} failed|SSL: couldn't read )/,
    sample: 'source: /etc/lighttpd/lighttpd.conf line: 12 pos: 3 parser failed somehow near here: (EOL)',
  },
  {
    signal: 'proxy.backend-up',
    pattern: /^(?:gw|fcgi)-server re-enabled: /,
    sample: 'gw-server re-enabled: tcp:192.0.2.5:8080 192.0.2.5 8080',
  },
  { signal: 'proxy.start', pattern: /^server started\b/, sample: 'server started (lighttpd/1.4.69)' },
  {
    signal: 'proxy.stop',
    pattern: /^(?:server stopped by UID|\[note\] graceful shutdown started)/,
    sample: 'server stopped by UID = 0 PID = 1',
  },
];

class LighttpdParser implements LineParser {
  private readonly emit: Emit;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): Taken {
    const text = line.text.slice(0, LONGEST);
    const head = HEAD.exec(text);
    if (head === null) return false;
    const message = text.slice(head[0].length);
    const common = { kind: 'clue', ...entryFields(line, parseIso(head[1] ?? '') ?? NO_STAMP) } as const;
    const php = STDERR.test(message) ? classifyPhp(message.replace(STDERR, '')) : null;
    if (php !== null) {
      this.emit({ ...common, hop: 'app', signal: php.signal, values: php.values });
      return true;
    }
    const signal = LIGHTTPD_MESSAGES.find(({ pattern }) => pattern.test(message))?.signal ?? 'proxy.other';
    const backend = BACKEND.exec(message);
    const upstream = backend?.[1] ?? backend?.[2];
    const number = /^(?:child signalled|terminated by signal): (\d{1,3})/.exec(message)?.[1];
    this.emit({
      ...common,
      hop: signal.startsWith('app.') ? 'app' : 'proxy',
      signal,
      ...(upstream === undefined ? {} : { upstream }),
      values: { program: 'lighttpd', ...(number === undefined ? {} : { signalNumber: Number(number) }) },
    });
    return true;
  }

  end(): void {}
}

const AT = Date.UTC(2026, 10, 20, 8, 14, 38);
const examples = (): readonly Example[] => [
  {
    shows: 'PHP that does not listen, by a recent and by an old version',
    input: [
      '2026-11-20 08:14:38: (gw_backend.c.290) establishing connection failed: socket: tcp:127.0.0.1:9000: Connection refused',
      '2026-11-20 08:14:38: (mod_fastcgi.c.1733) connect failed: Connection refused on unix:/tmp/fastcgi.socket-0',
      '2026-11-20 08:14:38: (mod_fastcgi.c.3326) response not received, request sent: 908 on socket: unix:/tmp/fastcgi.socket-0 for /index.py?, closing connection',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-refused', stamp: { kind: 'local', ms: AT }, upstream: '127.0.0.1:9000' },
      { signal: 'proxy.backend-refused', upstream: 'unix:/tmp/fastcgi.socket-0' },
      { signal: 'proxy.echo' },
    ],
  },
  {
    shows: 'what PHP wrote to its standard error output, and how its process ended',
    input: [
      '2026-11-20 08:14:38: (mod_fastcgi.c.487) FastCGI-stderr: PHP Fatal error:  Uncaught Error: Call to undefined function mb_strlen() in /var/www/html/a.php:3',
      'Nov 20 08:14:39 web01 lighttpd[239]: (gw_backend.c.329) child signalled: 11',
    ].join('\n'),
    records: [
      { hop: 'app', signal: 'php.undef-fn' },
      { hop: 'app', signal: 'app.worker-exit', values: { signalNumber: 11 } },
    ],
  },
];

/** lighttpd’s error log. Its access log is written as that of Apache. */
export const lighttpd: LineFormat = {
  id: 'lighttpd',
  title: 'lighttpd error log',
  shape: 'lines',
  hop: 'proxy',
  foundAt: ['/var/log/lighttpd/error.log'],
  limits: [
    'Times are local, without zone.',
    'That all backends of a kind are down is written once, not for each request.',
    'A backend that hangs up before it answers, or answers no HTTP, leaves no line.',
    'The client is not named.',
  ],
  examples,
  score: ({ text }) => (HEAD.test(text.slice(0, 120)) ? 0.95 : 0),
  open: (emit) => new LighttpdParser(emit),
};
