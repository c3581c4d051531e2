// A table of data, longer than a file of code: every message of nginx's source that matters for a failed request.
import type { SignalId } from '../../vocabulary/signals.ts';
import type { NginxPhase } from './nginx-phases.ts';

/**
 * A message of nginx's error log. A row takes a line when every condition that it states holds; the first such row wins.
 * Patterns see the message without phase and context, at most 2,048 characters.
 */
export interface NginxMessage {
  readonly id: string;
  readonly signal: SignalId;
  /** Literal beginnings of the message; absent where it begins with a variable part. */
  readonly starts?: readonly string[];
  readonly phases?: readonly NginxPhase[];
  readonly levels?: readonly string[];
  /** Numbers of the system's error (Linux, BSD, Windows). */
  readonly errnos?: readonly number[];
  /** Words that the message holds, at its beginning or behind a blank. */
  readonly holds?: string;
  readonly pattern?: RegExp;
  /** Signal instead, where the client is no address of Cloudflare's. */
  readonly fromOthers?: SignalId;
  /** Signal instead, where the client is this machine itself, as a monitor's is. */
  readonly fromSelf?: SignalId;
}

const REFUSED = [111, 61, 146, 10061] as const;
const RESET = [104, 54, 10054] as const;
const TIMED_OUT = [110, 60, 10060] as const;
const DENIED = [13, 1] as const;
const NO_FILES = [24, 23] as const;

const CONNECT = ['connect'] as const;
const TLS = ['tls'] as const;
const HEADER = ['header'] as const;
const BODY = ['body'] as const;
const ANSWER = ['header', 'body', 'send'] as const;
const CLIENT_TLS = ['client-tls'] as const;

const TCP_OR_UNIX = ['connect() failed', 'connect() to '] as const;
const HANDSHAKE = ['SSL_do_handshake() failed'] as const;
const UNRESOLVED = 'could not be resolved (';
/** Beginnings of a message that starts with a number. */
const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const PROCESSES = [
  'worker process ',
  'cache manager process ',
  'cache loader process ',
  'new binary process ',
] as const;

/** Where nginx keeps the number of its process: of its own make, of distributions, and of images. */
const PID_FILES = [
  '/run/nginx.pid',
  '/var/run/nginx.pid',
  '/run/nginx/nginx.pid',
  '/var/run/nginx/nginx.pid',
  '/usr/local/nginx/logs/nginx.pid',
  '/usr/local/openresty/nginx/logs/nginx.pid',
  '/tmp/nginx.pid',
] as const;

export const NGINX_MESSAGES: readonly NginxMessage[] = [
  { id: 'ocsp', signal: 'nginx.ocsp', phases: ['ocsp'] },

  // Connecting to the application.
  {
    id: 'connect-refused',
    signal: 'nginx.connect-refused',
    phases: CONNECT,
    errnos: REFUSED,
    starts: ['connect() failed', 'kevent() reported that connect() failed'],
  },
  {
    id: 'connect-refused-sync',
    signal: 'nginx.connect-refused-sync',
    phases: CONNECT,
    errnos: REFUSED,
    starts: ['connect() to '],
    pattern: /^connect\(\) to (?!unix:)/,
  },
  {
    id: 'connect-unix-missing',
    signal: 'nginx.connect-unix-missing',
    phases: CONNECT,
    errnos: [2],
    starts: ['connect() to unix:'],
  },
  {
    id: 'connect-unix-refused',
    signal: 'nginx.connect-unix-refused',
    phases: CONNECT,
    errnos: REFUSED,
    starts: ['connect() to unix:'],
  },
  {
    id: 'connect-unix-denied',
    signal: 'nginx.connect-unix-denied',
    phases: CONNECT,
    errnos: DENIED,
    starts: ['connect() to unix:'],
  },
  {
    id: 'connect-unix-backlog',
    signal: 'nginx.connect-unix-backlog',
    phases: CONNECT,
    errnos: [11],
    starts: ['connect() to unix:'],
  },
  {
    id: 'connect-tcp-denied',
    signal: 'nginx.connect-tcp-denied',
    phases: CONNECT,
    errnos: [...DENIED, 10013],
    starts: TCP_OR_UNIX,
  },
  {
    id: 'connect-no-route',
    signal: 'nginx.connect-no-route',
    phases: CONNECT,
    errnos: [113, 112, 65, 64, 10065],
    starts: TCP_OR_UNIX,
  },
  {
    id: 'connect-net-unreachable',
    signal: 'nginx.connect-net-unreachable',
    phases: CONNECT,
    errnos: [101, 100, 51, 50, 10051],
    starts: TCP_OR_UNIX,
  },
  {
    id: 'connect-kernel-timeout',
    signal: 'nginx.connect-kernel-timeout',
    phases: CONNECT,
    errnos: TIMED_OUT,
    starts: TCP_OR_UNIX,
  },
  {
    id: 'connect-ports-exhausted',
    signal: 'nginx.connect-ports-exhausted',
    phases: CONNECT,
    errnos: [99, 49, 10049, 10055],
    starts: TCP_OR_UNIX,
  },
  { id: 'connect-reset', signal: 'nginx.connect-reset', phases: CONNECT, errnos: RESET, starts: TCP_OR_UNIX },
  { id: 'connect-other', signal: 'nginx.connect-other', phases: CONNECT, starts: TCP_OR_UNIX },
  {
    id: 'socket-emfile',
    signal: 'nginx.socket-emfile',
    phases: CONNECT,
    errnos: NO_FILES,
    starts: ['socket() failed'],
  },
  { id: 'socket-other', signal: 'nginx.socket-other', phases: CONNECT, starts: ['socket() failed'] },
  { id: 'bind-upstream', signal: 'nginx.bind-upstream', phases: CONNECT, starts: ['bind('] },

  // nginx's own timers. "Unknown error" is how musl words the number.
  { id: 'timeout-connect', signal: 'nginx.timeout-connect', phases: CONNECT, starts: ['upstream timed out'] },
  { id: 'timeout-tls', signal: 'nginx.timeout-tls', phases: TLS, starts: ['upstream timed out'] },
  { id: 'timeout-send', signal: 'nginx.timeout-send', phases: ['send'], starts: ['upstream timed out'] },
  { id: 'timeout-header', signal: 'nginx.timeout-header', phases: HEADER, starts: ['upstream timed out'] },
  { id: 'timeout-body', signal: 'nginx.timeout-body', phases: BODY, starts: ['upstream timed out'] },
  {
    id: 'timeout-upgraded',
    signal: 'nginx.timeout-upgraded',
    phases: ['upgraded'],
    starts: ['upstream timed out', 'connection timed out'],
  },
  { id: 'timeout-generic', signal: 'nginx.timeout-generic', starts: ['upstream timed out'] },

  // Resets, early ends, failed writes.
  {
    id: 'recv-reset-header',
    signal: 'nginx.recv-reset-header',
    phases: HEADER,
    errnos: RESET,
    starts: ['recv() failed', 'readv() failed', 'WSARecv() failed'],
  },
  {
    id: 'recv-reset-body',
    signal: 'nginx.recv-reset-body',
    phases: BODY,
    errnos: RESET,
    starts: ['recv() failed', 'readv() failed', 'WSARecv() failed'],
  },
  {
    id: 'recv-reset-upgraded',
    signal: 'nginx.recv-reset-upgraded',
    phases: ['upgraded'],
    errnos: RESET,
    starts: ['recv() failed', 'readv() failed', 'WSARecv() failed'],
  },
  {
    id: 'recv-reset-sending',
    signal: 'nginx.recv-reset-sending',
    phases: ['send'],
    errnos: RESET,
    starts: ['recv() failed', 'readv() failed', 'WSARecv() failed'],
  },
  {
    id: 'recv-timeout-kernel',
    signal: 'nginx.recv-timeout-kernel',
    phases: ANSWER,
    errnos: [...TIMED_OUT, 113, 101, 111],
    starts: ['recv() failed', 'readv() failed', 'WSARecv() failed'],
  },
  {
    id: 'premature-header',
    signal: 'nginx.premature-header',
    phases: HEADER,
    starts: ['upstream prematurely closed connection'],
  },
  {
    id: 'premature-body',
    signal: 'nginx.premature-body',
    phases: BODY,
    starts: ['upstream prematurely closed connection'],
  },
  { id: 'premature-generic', signal: 'nginx.premature-generic', starts: ['upstream prematurely closed connection'] },
  {
    id: 'recv-reset-resolver',
    signal: 'nginx.recv-reset-resolver',
    phases: ['resolve'],
    starts: ['recv() failed', 'send() failed', 'connect() failed', 'connect() to '],
  },
  {
    id: 'syslog-send',
    signal: 'nginx.syslog-send',
    phases: ['none', 'syslog'],
    errnos: [111, 113, 101, 11, 2],
    starts: ['send() failed'],
  },
  {
    id: 'write-broken-pipe',
    signal: 'nginx.write-broken-pipe',
    phases: ['send', 'header', 'body'],
    errnos: [32, ...RESET],
    starts: ['writev() failed', 'send() failed', 'sendfile() failed', 'WSASend() failed'],
  },
  {
    id: 'client-write',
    signal: 'nginx.client-write',
    phases: ['client', 'upgraded'],
    starts: ['writev() failed', 'send() failed', 'sendfile() failed', 'recv() failed', 'readv() failed'],
  },

  // Answers that nginx refuses.
  { id: 'big-header', signal: 'nginx.big-header', starts: ['upstream sent too big header'] },
  {
    id: 'invalid-header',
    signal: 'nginx.invalid-header',
    starts: ['upstream sent invalid header', 'memcached sent invalid'],
  },
  { id: 'invalid-status', signal: 'nginx.invalid-status', starts: ['upstream sent invalid status "'] },
  { id: 'no-valid-http', signal: 'nginx.no-valid-http', starts: ['upstream sent no valid HTTP/1.0 header'] },
  {
    id: 'early-hints-10',
    signal: 'nginx.early-hints-10',
    starts: ['upstream sent HTTP/1.0 response with early hints'],
  },
  {
    id: 'dup-header-ignored',
    signal: 'nginx.dup-header-ignored',
    starts: ['upstream sent duplicate header line: '],
    pattern: /, ignored$/,
  },
  { id: 'dup-header', signal: 'nginx.dup-header', starts: ['upstream sent duplicate header line: '] },
  { id: 'cl-te', signal: 'nginx.cl-te', starts: ['upstream sent "Content-Length" and "Transfer-Encoding" headers'] },
  { id: 'bad-cl', signal: 'nginx.bad-cl', starts: ['upstream sent invalid "Content-Length" header'] },
  { id: 'bad-te', signal: 'nginx.bad-te', starts: ['upstream sent unknown "Transfer-Encoding"'] },
  { id: 'bad-chunk', signal: 'nginx.bad-chunk', starts: ['upstream sent invalid chunked response'] },
  { id: 'more-data', signal: 'nginx.more-data', starts: ['upstream sent more data than specified'] },
  {
    id: 'after-final-chunk',
    signal: 'nginx.after-final-chunk',
    starts: ['upstream sent data after final chunk', 'upstream sent data after trailers'],
  },
  {
    id: 'trailers',
    signal: 'nginx.trailers',
    starts: ['upstream sent too big trailers', 'upstream sent invalid trailer: '],
  },
  { id: 'premature-tls-plain', signal: 'nginx.premature-tls-plain', starts: ['upstream prematurely sent response'] },
  { id: 'inflate', signal: 'nginx.inflate', starts: ['inflate() failed', 'inflate() returned'] },
  { id: 'upgrade-subrequest', signal: 'nginx.upgrade-subrequest', starts: ['connection upgrade in subrequest'] },

  // Balancing, names and targets.
  { id: 'no-live', signal: 'nginx.no-live', starts: ['no live upstreams'] },
  { id: 'temp-disabled', signal: 'nginx.temp-disabled', starts: ['upstream server temporarily disabled'] },
  {
    id: 'resolve-nx',
    signal: 'nginx.resolve-nx',
    phases: ['none'],
    errnos: [3],
    holds: UNRESOLVED,
    pattern: /^\S+ could not be resolved \(/,
  },
  {
    id: 'resolve-servfail',
    signal: 'nginx.resolve-servfail',
    phases: ['none'],
    errnos: [1, 2, 4, 5],
    holds: UNRESOLVED,
    pattern: /^\S+ could not be resolved \(/,
  },
  {
    id: 'resolve-timeout',
    signal: 'nginx.resolve-timeout',
    phases: ['none'],
    errnos: [110, 60],
    holds: UNRESOLVED,
    pattern: /^\S+ could not be resolved \(/,
  },
  {
    id: 'resolve-other',
    signal: 'nginx.resolve-other',
    phases: ['none'],
    holds: UNRESOLVED,
    pattern: /^\S+ could not be resolved \(/,
  },
  { id: 'no-resolver', signal: 'nginx.no-resolver', starts: ['no resolver defined to resolve '] },
  { id: 'conf-host', signal: 'nginx.conf-host', starts: ['host not found in '], pattern: / in \S+:\d+$/ },
  { id: 'no-port', signal: 'nginx.no-port', starts: ['no port in upstream "'], pattern: /"$/ },
  {
    id: 'invalid-url-prefix',
    signal: 'nginx.invalid-url-prefix',
    starts: ['invalid URL prefix in "', 'zero length URI to proxy'],
  },
  {
    id: 'url-err',
    signal: 'nginx.url-err',
    starts: [
      'no host in upstream "',
      'invalid host in upstream "',
      'invalid port in upstream "',
      'host not found in upstream "',
      'no path in the unix domain socket in upstream "',
      'too long path in the unix domain socket in upstream "',
    ],
    pattern: /"$/,
  },
  { id: 'no-upstream-conf', signal: 'nginx.no-upstream-conf', starts: ['no upstream configuration'] },
  {
    id: 'dns-noise',
    signal: 'nginx.dns-noise',
    starts: [
      'unexpected ',
      'wrong ident ',
      'DNS error (',
      'invalid ',
      'no A or CNAME type',
      'no SRV type',
      'no PTR type',
    ],
    pattern:
      /^(?:unexpected DNS response|wrong ident \d+ in DNS response|DNS error \(|invalid \S+ DNS response|unexpected (?:RR|A|AAAA)\b|no (?:A or CNAME|SRV|PTR) type)/,
  },

  // TLS towards the application.
  {
    id: 'tls-wrong-version',
    signal: 'nginx.tls-wrong-version',
    phases: TLS,
    starts: HANDSHAKE,
    pattern: /:(?:wrong version number|unknown protocol|http request|packet length too long|record layer failure)/,
  },
  {
    id: 'tls-alert-version',
    signal: 'nginx.tls-alert-version',
    phases: TLS,
    starts: HANDSHAKE,
    pattern: /alert number 70\b|unsupported protocol|protocol version|no protocols available/,
  },
  {
    id: 'tls-alert-handshake',
    signal: 'nginx.tls-alert-handshake',
    phases: TLS,
    starts: HANDSHAKE,
    pattern: /alert number (?:40|116)\b|no shared cipher|certificate required/,
  },
  {
    id: 'tls-alert-sni',
    signal: 'nginx.tls-alert-sni',
    phases: TLS,
    starts: HANDSHAKE,
    pattern: /alert number 112\b|unrecognized name/,
  },
  { id: 'tls-upstream-other', signal: 'nginx.tls-upstream-other', phases: TLS, starts: HANDSHAKE },
  {
    id: 'tls-peer-closed',
    signal: 'nginx.tls-peer-closed',
    phases: TLS,
    starts: ['peer closed connection in SSL handshake'],
  },
  {
    id: 'tls-verify',
    signal: 'nginx.tls-verify',
    starts: ['upstream SSL certificate verify error: ', 'upstream SSL certificate chain verify error'],
  },
  { id: 'tls-name', signal: 'nginx.tls-name', starts: ['upstream SSL certificate does not match "'] },
  {
    id: 'tls-rw',
    signal: 'nginx.tls-rw',
    phases: ANSWER,
    starts: ['SSL_read() failed', 'SSL_write() failed', 'SSL_shutdown() failed', 'SSL_sendfile() failed'],
  },

  // FastCGI, gRPC and HTTP/2 applications. What PHP wrote to stderr is classified by PHP's own table.
  // The application said a longer Content-Length than it sent (ngx_http_fastcgi_input_filter).
  {
    id: 'fcgi-premature-body',
    signal: 'nginx.premature-body',
    phases: BODY,
    starts: ['upstream prematurely closed FastCGI request'],
  },
  {
    id: 'fcgi-premature-stdout',
    signal: 'nginx.fcgi-premature-stdout',
    starts: ['upstream prematurely closed FastCGI '],
  },
  {
    id: 'fcgi-protocol',
    signal: 'nginx.fcgi-protocol',
    starts: [
      'upstream sent unsupported FastCGI',
      'upstream sent invalid FastCGI',
      'upstream sent unexpected FastCGI',
      'invalid header after joining FastCGI records',
    ],
  },
  { id: 'grpc-rejected', signal: 'nginx.grpc-rejected', starts: ['upstream rejected request with error '] },
  { id: 'grpc-goaway', signal: 'nginx.grpc-goaway', starts: ['upstream sent goaway with error '] },
  { id: 'grpc-closed-stream', signal: 'nginx.grpc-closed-stream', starts: ['upstream prematurely closed stream'] },
  {
    id: 'grpc-flow',
    signal: 'nginx.grpc-flow',
    starts: ['upstream violated stream flow control', 'upstream violated connection flow control'],
  },
  {
    id: 'grpc-protocol',
    signal: 'nginx.grpc-protocol',
    starts: ['upstream sent ', 'upstream violated '],
    levels: ['error', 'crit', 'alert'],
  },

  // Limits of nginx and of the host.
  {
    id: 'conn-limit-upstream',
    signal: 'nginx.conn-limit-upstream',
    phases: CONNECT,
    starts: DIGITS,
    pattern: /^\d+ worker_connections are not enough$/,
  },
  {
    id: 'conn-limit-drop',
    signal: 'nginx.conn-limit-drop',
    starts: DIGITS,
    pattern: /^\d+ worker_connections are not enough$/,
  },
  {
    id: 'conn-reuse',
    signal: 'nginx.conn-reuse',
    starts: DIGITS,
    pattern: /^\d+ worker_connections are not enough, reusing connections/,
  },
  {
    id: 'conn-exceed',
    signal: 'nginx.conn-exceed',
    starts: DIGITS,
    pattern: /^\d+ worker_connections exceed open file resource limit/,
  },
  {
    id: 'accept-emfile',
    signal: 'nginx.accept-emfile',
    errnos: NO_FILES,
    starts: ['accept4() failed', 'accept() failed'],
  },
  {
    id: 'accept-aborted',
    signal: 'nginx.accept-aborted',
    errnos: [103, 53],
    starts: ['accept4() failed', 'accept() failed'],
  },
  { id: 'malloc', signal: 'nginx.malloc', errnos: [12], starts: ['malloc(', 'posix_memalign(', 'memalign(', 'mmap('] },
  { id: 'bind-failed', signal: 'nginx.bind-failed', starts: ['bind() to '] },
  { id: 'bind-gave-up', signal: 'nginx.bind-gave-up', starts: ['still could not bind()'] },
  { id: 'bind-retry', signal: 'nginx.bind-retry', starts: ['try again to bind()'] },
  { id: 'listen-failed', signal: 'nginx.listen-failed', starts: ['listen() to '] },
  { id: 'cert-load', signal: 'nginx.cert-load', starts: ['cannot load certificate'], levels: ['emerg'] },
  { id: 'cert-key', signal: 'nginx.cert-key', starts: ['SSL_CTX_use_PrivateKey', 'SSL_CTX_check_private_key'] },
  {
    id: 'open-emfile',
    signal: 'nginx.open-emfile',
    errnos: NO_FILES,
    starts: ['open() "', 'openat() "', 'opendir() "', 'stat() "', 'socket() '],
  },
  {
    id: 'disk-full',
    signal: 'nginx.disk-full',
    errnos: [28, 122],
    starts: [
      'pwritev() "',
      'pwrite() "',
      'writev() "',
      'write() "',
      'write() to "',
      'open() "',
      'mkdir() "',
      'rename() "',
    ],
  },
  // PageSpeed’s messages tell the error without its number.
  {
    id: 'disk-full-pagespeed',
    signal: 'nginx.disk-full',
    starts: ['[ngx_pagespeed '],
    pattern: /: No space left on device/,
  },
  // A start that fails for want of files or space is no fault of the configuration.
  { id: 'conf-error', signal: 'nginx.conf-error', levels: ['emerg'] },
  {
    id: 'disk-short',
    signal: 'nginx.disk-short',
    starts: ['pwritev() "', 'pwrite() "', 'writev() "', 'write() "'],
    pattern: /" has written only /,
  },
  {
    id: 'temp-denied',
    signal: 'nginx.temp-denied',
    phases: BODY,
    errnos: [13, 30],
    starts: ['open() "', 'mkdir() "'],
    pattern: /proxy|fastcgi|uwsgi|scgi|body|te?mp|cache/,
  },
  {
    id: 'temp-denied-upload',
    signal: 'nginx.temp-denied',
    errnos: [13, 30],
    starts: ['open() "', 'mkdir() "'],
    pattern: /client_body|client-body|body_temp|\/nginx\/body\//,
  },
  { id: 'shm-full', signal: 'nginx.shm-full', starts: ['ngx_slab_alloc() failed: no memory'] },
  { id: 'shm-node', signal: 'nginx.shm-node', starts: ['could not allocate node'] },

  // The ingress controller's own words.
  {
    id: 'no-endpoint',
    signal: 'nginx.no-endpoint',
    // From 0.9 on; the last is of the controller of NGINX’s own makers.
    starts: [
      'Service "',
      'service ',
      'Error obtaining Endpoints',
      'error obtaining service',
      'Error retrieving endpoints',
    ],
    pattern:
      /^(?:[Ss]ervice "?[^"]{1,300}"? does not have any active [Ee]ndpoint|Error obtaining Endpoints for Service "|error obtaining service endpoints: service \S{1,300} does not exist|Error retrieving endpoints for the service )/,
  },

  // Gateways made of OpenResty: Kong, APISIX.
  {
    id: 'lua-resolve',
    signal: 'nginx.resolve-other',
    starts: ['[lua] '],
    pattern:
      /^\[lua\] [\w./-]{1,200}\.lua:\d{1,6}: (?:\w{0,60}\(\): )?(?:DNS resolution failed: |failed (?:the initial dns\/balancer resolve|to retry the dns\/balancer resolver) for |failed to parse domain: \S{1,260}, error: )/,
  },
  {
    id: 'lua-no-upstream',
    signal: 'nginx.no-upstream-conf',
    starts: ['[lua] '],
    pattern:
      /^\[lua\] [\w./-]{1,200}\.lua:\d{1,6}: (?:\w{0,60}\(\): )?failed to (?:pick server|parse upstream|set upstream): (?:missing upstream configuration|no valid upstream node|invalid upstream)/,
  },

  // Refused by rule, static files.
  { id: 'limit-req', signal: 'nginx.limit-req', starts: ['limiting requests, excess: '] },
  {
    id: 'limit-req-dry',
    signal: 'nginx.limit-req-dry',
    starts: ['limiting requests, dry run', 'limiting connections, dry run', 'delaying request, dry run'],
  },
  { id: 'delay-req', signal: 'nginx.delay-req', starts: ['delaying request'] },
  { id: 'limit-conn', signal: 'nginx.limit-conn', starts: ['limiting connections by zone'] },
  { id: 'forbidden-rule', signal: 'nginx.forbidden-rule', starts: ['access forbidden by rule'] },
  {
    id: 'modsecurity-denied',
    signal: 'nginx.modsecurity-denied',
    starts: ['[client ', 'ModSecurity: '],
    pattern: /^(?:\[client [^\]]{0,100}\] )?ModSecurity: Access denied/,
  },
  {
    id: 'lua-error',
    signal: 'nginx.lua-error',
    starts: [
      'lua entry thread aborted',
      'failed to run ',
      'failed to load inlined Lua code',
      'failed to load external Lua file',
      'js exception: ',
    ],
  },
  {
    // ngx_http_lua_socket_tcp.c and _udp.c: connections of the script's own, to a cache or another service.
    id: 'lua-socket',
    signal: 'nginx.lua-socket',
    starts: [
      'lua tcp socket connect timed out',
      'lua tcp socket read timed out',
      'lua tcp socket send timed out',
      'lua udp socket read timed out',
      'lua ssl certificate ',
    ],
  },
  { id: 'dir-forbidden', signal: 'nginx.dir-forbidden', starts: ['directory index of "'] },
  {
    id: 'body-too-large',
    signal: 'nginx.body-too-large',
    starts: ['client intended to send too large body', 'client intended to send too large chunked body'],
  },
  { id: 'bad-chunked-client', signal: 'nginx.bad-chunked-client', starts: ['client sent invalid chunked body'] },
  { id: 'rewrite-cycle', signal: 'nginx.rewrite-cycle', starts: ['rewrite or internal redirection cycle'] },
  {
    id: 'named-location',
    signal: 'nginx.named-location',
    starts: ['could not find named location', 'empty URI in redirect to named location'],
  },
  { id: 'auth-request', signal: 'nginx.auth-request', starts: ['auth request unexpected status: '] },
  { id: 'alias-rewrite', signal: 'nginx.alias-rewrite', starts: ['"alias" cannot be used in location'] },
  {
    // `nginx -s reload` and its kind: there is no nginx to tell. Whole names: files that visitors ask for are missing often.
    id: 'not-running',
    signal: 'nginx.not-running',
    errnos: [2],
    starts: PID_FILES.map((path) => `open() "${path}" failed`),
  },
  { id: 'not-running-pid', signal: 'nginx.not-running', starts: ['invalid PID number "'] },
  {
    id: 'static-missing',
    signal: 'nginx.static-missing',
    errnos: [2, 20, 36, 40],
    starts: ['open() "', 'openat() "', 'stat() "', 'lstat() "'],
  },
  {
    id: 'static-denied',
    signal: 'nginx.static-denied',
    errnos: [13],
    starts: ['open() "', 'openat() "', 'stat() "', 'lstat() "'],
  },
  {
    id: 'static-crit',
    signal: 'nginx.static-crit',
    starts: [
      'open() "',
      'openat() "',
      'stat() "',
      'read() "',
      'pread() "',
      'sendfile() "',
      'pwritev() "',
      'pwrite() "',
      'write() "',
      'mkdir() "',
    ],
    pattern: /" failed/,
  },
  {
    id: 'index-not-found',
    signal: 'nginx.index-not-found',
    starts: ['"'],
    pattern: /" is (?:not found|forbidden|not a directory|not a regular file)/,
  },
  { id: 'auth-basic', signal: 'nginx.auth-basic', starts: ['user "', 'no user/password was provided', 'PAM: user '] },

  // The client's side. Lines about a TLS handshake speak of the edge only where the client is an address of Cloudflare's.
  {
    id: 'client-abort',
    signal: 'nginx.client-abort',
    starts: ['epoll_wait() reported that', 'kevent() reported that', 'client prematurely'],
    holds: 'client prematurely closed connection, so upstream connection is closed too',
  },
  {
    id: 'client-abort2',
    signal: 'nginx.client-abort2',
    starts: ['epoll_wait() reported that', 'kevent() reported that', 'client prematurely'],
    holds: 'client prematurely closed connection',
  },
  {
    id: 'kevent',
    signal: 'nginx.kevent',
    starts: ['kevent() reported', 'epoll_wait() reported that upstream', 'upstream closed'],
  },
  // The request that came in the header's place is quoted, line feeds and all.
  {
    id: 'proxy-protocol',
    signal: 'nginx.proxy-protocol',
    starts: ['broken header: "', 'unknown PROXY protocol version'],
    fromSelf: 'nginx.client-bad',
  },
  { id: 'client-timeout', signal: 'nginx.client-timeout', starts: ['client timed out'] },
  {
    id: 'crit-ssl-client',
    signal: 'nginx.crit-ssl-client',
    phases: CLIENT_TLS,
    starts: HANDSHAKE,
    pattern: /:(?:bad key share|version too low|length too short|encrypted length too long|http request)/,
  },
  {
    id: 'client-tls-alert',
    signal: 'nginx.client-tls-alert',
    phases: CLIENT_TLS,
    starts: HANDSHAKE,
    pattern: /alert number (?:4\d|70|80|112|116)\b|certificate (?:unknown|expired)|bad certificate|unknown ca/,
    fromOthers: 'nginx.crit-ssl-client',
  },
  {
    id: 'client-tls-version',
    signal: 'nginx.client-tls-version',
    phases: CLIENT_TLS,
    starts: HANDSHAKE,
    fromOthers: 'nginx.crit-ssl-client',
  },
  {
    id: 'client-tls-closed',
    signal: 'nginx.client-tls-closed',
    phases: ['client-tls', 'client', 'client-headers'],
    starts: [
      'peer closed connection in SSL handshake',
      'SSL_read() failed',
      'SSL_write() failed',
      'SSL_shutdown() failed',
    ],
  },
  {
    id: 'client-plain-https',
    signal: 'nginx.client-plain-https',
    starts: ['client sent plain HTTP request to HTTPS port'],
  },
  {
    id: 'client-ssl-verify',
    signal: 'nginx.client-ssl-verify',
    starts: ['client sent no required SSL certificate', 'client SSL certificate verify error'],
  },
  { id: 'client-bad', signal: 'nginx.client-bad', starts: ['client '] },
  {
    id: 'client-recv',
    signal: 'nginx.client-recv',
    phases: ['client', 'client-headers', 'client-tls'],
    starts: ['recv() failed', 'readv() failed', 'WSARecv() failed'],
  },

  // Processes.
  {
    id: 'worker-signal',
    signal: 'nginx.worker-signal',
    starts: PROCESSES,
    pattern: /exited on signal (?:4|6|7|8|11)\b/,
  },
  { id: 'worker-killed', signal: 'nginx.worker-killed', starts: PROCESSES, pattern: /exited on signal \d/ },
  { id: 'worker-fatal', signal: 'nginx.worker-fatal', starts: PROCESSES, pattern: /cannot be respawned/ },
  { id: 'worker-exit', signal: 'nginx.worker-exit', starts: PROCESSES, pattern: /exited with code/ },
  { id: 'fork-failed', signal: 'nginx.fork-failed', starts: ['fork() failed while spawning'] },
  { id: 'sig-reload', signal: 'nginx.sig-reload', starts: ['signal 1 (SIGHUP) received'] },
  {
    id: 'sig-stop',
    signal: 'nginx.sig-stop',
    starts: ['signal 15 (SIGTERM) received', 'signal 3 (SIGQUIT) received', 'signal 2 (SIGINT) received'],
  },
  { id: 'sig-process', signal: 'nginx.sig-process', starts: ['signal process started'] },
  { id: 'sig-other', signal: 'nginx.sig-other', starts: ['signal '] },
  {
    id: 'start',
    signal: 'nginx.start',
    starts: ['nginx/', 'openresty/', 'angie/', 'freenginx/', 'Tengine/'],
    levels: ['notice', 'info'],
  },
  // A reload prints these too (ngx_master_process_cycle): they do not tell a start.
  {
    id: 'workers',
    signal: 'nginx.workers',
    starts: [
      'using the "',
      'OS: ',
      'getrlimit(RLIMIT_NOFILE)',
      'built by ',
      'start worker',
      'start cache',
      'start privileged',
      'start binary',
      'reconfiguring',
    ],
    levels: ['notice', 'info'],
  },
  {
    id: 'exit',
    signal: 'nginx.exit',
    starts: ['gracefully shutting down', 'exit', 'reopening logs', 'changing binary'],
    pattern: /^(?:gracefully shutting down|exiting|exit|reopening logs|changing binary)$/,
  },
  {
    id: 'conf-warn',
    signal: 'nginx.conf-warn',
    levels: ['warn'],
    starts: [
      'conflicting server name',
      'the "',
      'could not build optimal',
      'duplicate ',
      'protocol options redefined',
      '"ssl_stapling" ignored',
      'low address bits',
      'the number of "worker',
    ],
  },
  { id: 'conf-warn-place', signal: 'nginx.conf-warn', levels: ['warn'], holds: 'in ', pattern: / in \S+:\d+$/ },

  // Harmless.
  {
    id: 'buffered-response',
    signal: 'nginx.buffered-response',
    starts: ['an upstream response is buffered to a temporary file'],
  },
  {
    id: 'buffered-request',
    signal: 'nginx.buffered-request',
    starts: ['a client request body is buffered to a temporary file'],
  },
  {
    id: 'cache-key',
    signal: 'nginx.cache-key',
    holds: 'is not enough for cache key',
    pattern: /^\w+_buffer_size \d+ is not enough for cache key/,
  },
  { id: 'cache-lock', signal: 'nginx.cache-lock', starts: ['cache lock timeout', 'cache file "'] },
  { id: 'zero-size-buf', signal: 'nginx.zero-size-buf', starts: ['zero size buf in output '] },
  { id: 'open-socket', signal: 'nginx.open-socket', starts: ['open socket #'] },
  { id: 'aborting', signal: 'nginx.aborting', starts: ['aborting'], pattern: /^aborting$/ },
  { id: 'ocsp-text', signal: 'nginx.ocsp', starts: ['OCSP', '"ssl_stapling"'] },
  { id: 'uninit-var', signal: 'nginx.uninit-var', starts: ['using uninitialized "'] },
];
