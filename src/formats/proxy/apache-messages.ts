import type { SignalId } from '../../vocabulary/signals.ts';

/** A message of Apache's error log. The first row whose number or text fits takes the line. */
export interface ApacheMessage {
  readonly signal: SignalId;
  /** Numbers of the message (`AH01079`); 2.2 and foreign modules have none. */
  readonly codes?: readonly string[];
  /** Text of the message, for lines without a number. */
  readonly pattern?: RegExp;
  /** Numbers of the system's or APR's error before the message: 70007 is APR's time-out. */
  readonly errnos?: readonly number[];
  /** A line (without its time) that this row takes, and no row before it. */
  readonly sample: string;
}

const TIMED_OUT = [70007, 110, 60, 10060] as const;
const NO_FILE = [2] as const;
const REFUSED = [111, 61, 10061] as const;
/** EAGAIN, which connect(2) says of a unix socket without room in its queue. */
const QUEUE_FULL = [11, 35] as const;
const NO_ROUTE = [113, 101, 65, 51, 10065, 10051] as const;
/** EADDRNOTAVAIL, of a connection to a backend: no local port is left, or the loopback has no IPv6. */
const NO_ADDRESS = [99, 49, 10049] as const;
/** EMFILE and ENFILE. */
const NO_FILES = [24, 23, 10024] as const;
/** ENOSPC: of a file a full disk, of a lock no semaphore left. */
const NO_SPACE = [28] as const;
/** ECONNRESET, of Linux, BSD and Windows. */
const RESET = [104, 54, 10054] as const;
/** EACCES and EPERM: on TCP no file's mode can be meant, only a policy (SELinux) or a rule for what goes out. */
const FORBIDDEN = [13, 1] as const;

/** mod_ssl’s own for a handshake with a backend that failed (ssl_io_filter_handshake): 502 until 2.4.16, then APR_OS_START_USERERR + 1. */
const NO_HANDSHAKE = [502, 120001] as const;

const TO_DAEMON = /Unable to connect to WSGI daemon process/;
/** What mod_proxy says of a body that it could not pass on; without a body it is the first thing that is written to a backend. */
const PASSING_ON = ['AH01084', 'AH01097'] as const;

/**
 * Numbers and texts are those of httpd 2.2 and 2.4 (proxy, mpm, core, ssl), mod_fcgid, mod_fastcgi, mod_wsgi (src/server), mod_lsapi and
 * mod_hostinglimits (CloudLinux's source and documentation), mod_qos and mod_limitipconn.
 */
export const APACHE_MESSAGES: readonly ApacheMessage[] = [
  // Its buffer was too small: APR says so with the number of a full disk.
  {
    signal: 'proxy.header-too-big',
    codes: ['AH10124'],
    sample:
      "[proxy_http:warn] [pid 812:tid 139] (28)No space left on device: [client 192.0.2.7:51234] AH10124: header size is over the limit allowed by ResponseFieldSize (8192 bytes). Bad response header: 'Set-Cookie: a[...]a",
  },

  // What the system refuses, whatever it was for.
  {
    signal: 'apache.too-many-files',
    errnos: NO_FILES,
    sample: '[mpm_event:error] [pid 812:tid 139] (24)Too many open files: AH02328: apr_socket_accept: (client socket)',
  },
  {
    signal: 'apache.no-semaphores',
    errnos: NO_SPACE,
    pattern: /\bmutex\b|\bsemaphore|\b(?:accept|cross-process) lock\b/,
    sample: "[core:emerg] [pid 812:tid 139] (28)No space left on device: AH00023: Couldn't create the proxy mutex",
  },
  {
    signal: 'apache.disk-full',
    errnos: NO_SPACE,
    sample:
      '[auth_digest:error] [pid 812] (28)No space left on device: AH01762: Failed to create shared memory segment on file /run/httpd/authdigest_shm.812',
  },
  {
    // apr_temp_dir_get tries to write a byte into each: none took it.
    signal: 'apache.no-temp',
    codes: ['AH01089'],
    sample:
      '[proxy_http:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH01089: search for temporary directory failed',
  },
  {
    signal: 'apache.fork-failed',
    pattern: /^fork: Unable to fork new process|_thread_create: unable to create /,
    sample:
      '[mpm_prefork:error] [pid 812] (11)Resource temporarily unavailable: AH00159: fork: Unable to fork new process',
  },

  // Connecting to the backend.
  {
    signal: 'proxy.backlog-full',
    codes: ['AH02454'],
    errnos: QUEUE_FULL,
    sample:
      '[proxy:error] [pid 812:tid 139] (11)Resource temporarily unavailable: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.2-fpm.sock (*) failed',
  },
  {
    signal: 'proxy.backlog-full',
    errnos: QUEUE_FULL,
    pattern: TO_DAEMON,
    sample:
      "[wsgi:error] [pid 812:tid 139] (11)Resource temporarily unavailable: [client 192.0.2.7:51234] mod_wsgi (pid=812): Unable to connect to WSGI daemon process 'app' on '/run/wsgi.0.1.sock' after multiple attempts as listener backlog limit was exceeded or the socket does not exist.",
  },
  {
    signal: 'proxy.backend-unreachable',
    codes: ['AH00957'],
    errnos: NO_ROUTE,
    sample:
      '[proxy:error] [pid 812:tid 139] (113)No route to host: AH00957: http: attempt to connect to 192.0.2.5:8080 (app.example.com:8080) failed',
  },
  {
    signal: 'proxy.ports-exhausted',
    codes: ['AH00957'],
    errnos: NO_ADDRESS,
    sample:
      '[proxy:error] [pid 812:tid 139] (99)Cannot assign requested address: AH00957: http: attempt to connect to 192.0.2.5:8080 (app.example.com:8080) failed',
  },
  {
    signal: 'apache.socket-missing',
    errnos: NO_FILE,
    pattern: TO_DAEMON,
    sample:
      "[wsgi:error] [pid 812:tid 139] (2)No such file or directory: [client 192.0.2.7:51234] mod_wsgi (pid=812): Unable to connect to WSGI daemon process 'app' on '/run/wsgi.0.1.sock' after multiple attempts as listener backlog limit was exceeded or the socket does not exist.",
  },
  {
    signal: 'apache.socket-denied',
    errnos: FORBIDDEN,
    pattern: TO_DAEMON,
    sample:
      "[wsgi:error] [pid 812:tid 139] (13)Permission denied: [client 192.0.2.7:51234] mod_wsgi (pid=812): Unable to connect to WSGI daemon process 'app' on '/var/run/wsgi.0.1.sock' as user with uid=48.",
  },
  {
    signal: 'apache.backend-refused',
    errnos: REFUSED,
    pattern: TO_DAEMON,
    sample:
      "[wsgi:error] [pid 812:tid 139] (111)Connection refused: [client 192.0.2.7:51234] mod_wsgi (pid=812): Unable to connect to WSGI daemon process 'app' on '/run/wsgi.0.1.sock' after multiple attempts as listener backlog limit was exceeded or the socket does not exist.",
  },
  {
    signal: 'apache.backend-refused',
    pattern: /^Could not connect to lsphp backend: |^Connect to backend failed: /,
    sample:
      '[lsapi:error] [pid 812:tid 139] [client 192.0.2.7:51234] mod_lsapi: [host www.example.com] [req GET / HTTP/1.1] Could not connect to lsphp backend: connect to lsphp failed: 111 Connection refused',
  },
  {
    signal: 'apache.socket-missing',
    codes: ['AH02454'],
    errnos: NO_FILE,
    sample:
      '[proxy:error] [pid 812:tid 139] (2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.2-fpm.sock (*) failed',
  },
  {
    signal: 'apache.socket-denied',
    codes: ['AH02454'],
    errnos: FORBIDDEN,
    sample:
      '[proxy:error] [pid 812:tid 139] (13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.2-fpm.sock (*) failed',
  },
  {
    // The socket itself is refused (AH00935, AH00952) or the connection.
    signal: 'apache.connect-denied',
    codes: ['AH00957', 'AH00952', 'AH00935'],
    errnos: FORBIDDEN,
    sample:
      '[proxy:error] [pid 812:tid 139] (13)Permission denied: AH00957: http: attempt to connect to 127.0.0.1:8080 (127.0.0.1:8080) failed',
  },
  {
    signal: 'apache.socket-missing',
    errnos: NO_FILE,
    pattern: /^FastCGI: failed to connect/,
    sample:
      '[error] [client 192.0.2.7] (2)No such file or directory: FastCGI: failed to connect to server "/fcgi-bin-php5-fpm": connect() failed',
  },
  {
    signal: 'apache.socket-denied',
    errnos: FORBIDDEN,
    pattern: /^FastCGI: failed to connect/,
    sample:
      '[error] [client 192.0.2.7] (13)Permission denied: FastCGI: failed to connect to server "/fcgi-bin-php5-fpm": connect() failed',
  },
  {
    signal: 'apache.connect-denied',
    errnos: FORBIDDEN,
    pattern: /^proxy: \w+: attempt to connect to /,
    sample: '[error] (13)Permission denied: proxy: HTTP: attempt to connect to 127.0.0.1:8080 (localhost) failed',
  },
  {
    signal: 'proxy.connect-timeout',
    codes: ['AH00957', 'AH01079', 'AH01114', 'AH02454', 'AH00896'],
    errnos: TIMED_OUT,
    sample:
      '[proxy:error] [pid 812:tid 139] (110)Connection timed out: AH00957: http: attempt to connect to 192.0.2.5:8080 (app.example.com:8080) failed',
  },
  {
    signal: 'apache.backend-refused',
    codes: ['AH00957', 'AH01079', 'AH01114', 'AH02454', 'AH00896', 'AH01170'],
    sample:
      '[proxy:error] [pid 812:tid 139] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:8080 (127.0.0.1:8080) failed',
  },
  {
    signal: 'proxy.connect-timeout',
    errnos: TIMED_OUT,
    pattern: /(?:proxy: \w+: )?attempt to connect to |FastCGI: failed to connect|failed to make connection to backend/,
    sample:
      '[error] (110)Connection timed out: proxy: HTTP: attempt to connect to 192.0.2.5:8080 (app.example.com) failed',
  },
  {
    signal: 'apache.backend-refused',
    pattern: /(?:proxy: \w+: )?attempt to connect to |FastCGI: failed to connect|failed to make connection to backend/,
    sample: '[error] (111)Connection refused: proxy: HTTP: attempt to connect to 127.0.0.1:8080 (localhost) failed',
  },
  {
    // ap_proxy_acquire_connection and mod_proxy_balancer's find_session_route: each answers a request of its own with 503.
    signal: 'proxy.no-backend',
    codes: ['AH00940', 'AH01167'],
    sample: '[proxy:error] [pid 812:tid 139] AH00940: HTTP: disabled connection for (127.0.0.1)',
  },
  {
    signal: 'proxy.no-backend',
    pattern: /^proxy: \w+: (?:disabled connection for |\(\S{1,200}\)\. All workers are in error state)/,
    sample: '[error] proxy: HTTP: disabled connection for (localhost)',
  },
  {
    signal: 'apache.backend-disabled',
    codes: ['AH00959'],
    sample:
      '[proxy:error] [pid 812:tid 139] AH00959: ap_proxy_connect_backend disabling worker for (127.0.0.1:8080) for 60s',
  },
  {
    signal: 'apache.backend-disabled',
    pattern: /^(?:proxy: )?ap_proxy_connect_backend disabling worker/,
    sample: '[error] ap_proxy_connect_backend disabling worker for (localhost)',
  },
  {
    signal: 'apache.backend-dns',
    pattern: /DNS lookup failure for: /,
    sample:
      '[proxy:error] [pid 812:tid 139] (EAI 2)Name or service not known: [client 192.0.2.7:51234] AH00898: DNS lookup failure for: app.example.com returned by /p',
  },

  // TLS with the backend: which of its two sides refuses the other.
  {
    signal: 'proxy.backend-cert',
    pattern: /^SSL Proxy: Peer certificate (?:is expired|does not match|CN mismatch)/,
    sample:
      '[ssl:info] [pid 812:tid 139] [remote 192.0.2.5:8443] AH02411: SSL Proxy: Peer certificate does not match for hostname app.example.com',
  },
  {
    signal: 'proxy.backend-tls',
    pattern: /^SSL Proxy connect failed|Error during SSL Handshake with remote server/,
    sample:
      '[proxy:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH00898: Error during SSL Handshake with remote server returned by /p',
  },
  {
    signal: 'proxy.backend-tls',
    codes: PASSING_ON,
    errnos: NO_HANDSHAKE,
    sample:
      '[proxy:error] [pid 812] (502)Unknown error 502: [client 192.0.2.7:51234] AH01084: pass request body failed to 192.0.2.5:8443 (192.0.2.5)',
  },
  {
    // mod_ssl’s output filter gives no other reason (APR_EGENERAL) where the first write met a handshake that failed; a plain socket’s has an errno.
    signal: 'proxy.backend-tls',
    codes: PASSING_ON,
    errnos: [20014],
    sample:
      '[proxy:error] [pid 812] (20014)Internal error (specific information not available): [client 192.0.2.7:51234] AH01084: pass request body failed to 192.0.2.5:443 (app.example.com)',
  },
  {
    signal: 'proxy.backend-tls',
    errnos: NO_HANDSHAKE,
    pattern: /^(?:proxy: )?pass request body failed/,
    sample: '[error] (502)Unknown error 502: proxy: pass request body failed to 192.0.2.5:8443 (192.0.2.5)',
  },
  {
    signal: 'apache.no-proxy-tls',
    pattern: /^SSL Proxy requested for \S{1,300} but not enabled|\bfailed to enable ssl support\b/,
    sample:
      '[ssl:error] [pid 812:tid 139] [remote 192.0.2.5:8443] AH01961: SSL Proxy requested for www.example.com:443 but not enabled [Hint: SSLProxyEngine]',
  },

  // Waiting for its answer.
  {
    // mod_proxy_fcgi, dispatch(): it reads the request’s body from the visitor, who is slow or gone.
    signal: 'proxy.client-abort',
    pattern: /^Error dispatching request to [^\n]{0,300}: \(reading input brigade\)/,
    sample:
      '[proxy_fcgi:error] [pid 812:tid 139] (70007)The timeout specified has expired: [client 192.0.2.7:51234] AH01075: Error dispatching request to : (reading input brigade)',
  },
  {
    signal: 'apache.backend-timeout',
    codes: ['AH01075', 'AH01102', 'AH01067', 'AH01097', 'AH10154', 'AH01030', 'AH00992', 'AH01084'],
    errnos: TIMED_OUT,
    sample:
      '[proxy_fcgi:error] [pid 812:tid 139] (70007)The timeout specified has expired: [client 192.0.2.7:51234] AH01075: Error dispatching request to : (polling)',
  },
  {
    signal: 'apache.backend-timeout',
    pattern:
      /mod_fcgid: read data timeout|FastCGI: comm with server "[^"]{0,500}" aborted: idle timeout|Timeout waiting for output from CGI|^Timeout when reading response headers from daemon process/,
    sample: '[fcgid:warn] [pid 812:tid 139] [client 192.0.2.7:51234] mod_fcgid: read data timeout in 40 seconds',
  },
  {
    signal: 'apache.backend-timeout',
    errnos: TIMED_OUT,
    pattern: /^(?:proxy: )?error reading status line|^proxy: read response failed/,
    sample:
      '[error] [client 192.0.2.7] (70007)The timeout specified has expired: proxy: error reading status line from remote server 127.0.0.1',
  },
  {
    // A header line without a colon; another protocol where FastCGI or AJP was spoken (72 and 4854 are the first letters of HTTP).
    signal: 'proxy.backend-invalid',
    codes: ['AH01106', 'AH01068', 'AH01080', 'AH01031'],
    sample:
      '[proxy_http:warn] [pid 812:tid 139] [client 192.0.2.7:51234] AH01106: bad HTTP/1.1 header returned by /cart (GET)',
  },
  {
    // APR_EINVAL: the status line holds zero bytes, as a TLS alert does (ap_rgetline_core).
    signal: 'proxy.backend-invalid',
    codes: ['AH01102'],
    errnos: [22],
    sample:
      '[proxy_http:error] [pid 812:tid 139] (22)Invalid argument: [client 192.0.2.7:51234] AH01102: error reading status line from remote server 192.0.2.5:8080',
  },
  {
    // A worker of FastCGI that resets has died, so only those of HTTP are meant.
    signal: 'proxy.backend-reset',
    codes: ['AH01102', 'AH00992', 'AH10154'],
    errnos: RESET,
    sample:
      '[proxy_http:error] [pid 812] (104)Connection reset by peer: [client 192.0.2.7:51234] AH01102: error reading status line from remote server 127.0.0.1:8080',
  },
  {
    signal: 'apache.backend-closed',
    codes: [
      'AH01102',
      'AH01067',
      'AH01075',
      'AH01084',
      'AH01097',
      'AH01070',
      'AH10154',
      'AH10404',
      'AH00992',
      'AH01030',
    ],
    sample:
      '[proxy_http:error] [pid 812:tid 139] (20014)Internal error (specific information not available): [client 192.0.2.7:51234] AH01102: error reading status line from remote server 127.0.0.1:8080',
  },
  {
    signal: 'apache.backend-closed',
    pattern: /^(?:proxy: )?(?:error reading status line|pass request body failed)/,
    sample: '[error] [client 192.0.2.7] proxy: error reading status line from remote server 127.0.0.1',
  },
  {
    signal: 'apache.script-closed',
    pattern:
      /^FastCGI: (?:comm with server|incomplete headers)|mod_fcgid: (?:error reading data|ap_pass_brigade failed)|Premature end of script headers|^End of script output before headers|^(?:Truncated or oversized|Error reading) response headers (?:received )?from daemon process|closed connection before sending complete response headers|^(?:Backend error on|Error) sending request\b|^mod_wsgi \(pid=\d{1,10}\): Request data write error when proxying data to daemon process/,
    sample: '[error] [client 192.0.2.7] Premature end of script headers: index.php',
  },
  {
    // What mod_fcgid says of a process that it finds dead: the signal of a fault of its own (proc_print_exit_info).
    signal: 'app.crash',
    pattern: /^mod_fcgid: process \S{1,300} exit\([^)]{1,60}\), get unexpected signal (?:4|5|6|7|8|11)\b/,
    sample:
      '[fcgid:error] [pid 812:tid 139] mod_fcgid: process /var/www/php-fcgi/php-fcgi-starter(2587) exit(communication error), get unexpected signal 11',
  },
  {
    signal: 'app.worker-exit',
    pattern: /^mod_fcgid: process \S{1,300} exit\([^)]{1,60}\), get unexpected signal (?<signalNumber>\d{1,3})/,
    sample:
      '[fcgid:error] [pid 812:tid 139] mod_fcgid: process /var/www/php-fcgi/php-fcgi-starter(2587) exit(communication error), get unexpected signal 9',
  },

  // Python code that Apache runs (mod_wsgi.c): each of them answers a request with 500.
  {
    signal: 'apache.wsgi-exception',
    pattern:
      /^mod_wsgi \(pid=\d{1,10}\): (?:Exception occurred processing WSGI script|Failed to (?:exec|parse) Python script file|(?:Target WSGI script|Requested object) '[^'\n]{1,500}' (?:cannot be (?:loaded|exec'd)|does not contain))/,
    sample:
      "[wsgi:error] [pid 812:tid 139] [remote 192.0.2.7:51234] mod_wsgi (pid=812): Exception occurred processing WSGI script '/srv/shop/wsgi.py'.",
  },
  {
    signal: 'apache.backend-cut',
    codes: ['AH01110'],
    sample:
      '[proxy_http:error] [pid 812:tid 139] (70008)Partial results are valid but processing is incomplete: [client 192.0.2.7:51234] AH01110: error reading response',
  },
  {
    signal: 'apache.backend-cut',
    pattern: /^mod_wsgi \(pid=\d{1,10}\): (?:Failed|Unable) to proxy response from daemon/,
    sample:
      '[wsgi:error] [pid 812:tid 139] (104)Connection reset by peer: [client 192.0.2.7:51234] mod_wsgi (pid=812): Failed to proxy response from daemon.',
  },
  {
    signal: 'apache.backend-closed',
    codes: ['AH00898'],
    pattern: /Error reading from remote server/,
    sample:
      '[proxy:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH00898: Error reading from remote server returned by /p',
  },

  // Refused for its size or number.
  {
    signal: 'apache.request-too-big',
    pattern: /mod_fcgid: HTTP request length \d{1,15} \(so far\) exceeds MaxRequestLen/,
    sample:
      '[fcgid:warn] [pid 812:tid 139] [client 192.0.2.7:51234] mod_fcgid: HTTP request length 136000 (so far) exceeds MaxRequestLen (131072)',
  },
  {
    // It waits for a process and gives up.
    signal: 'proxy.queue-timeout',
    pattern: /mod_fcgid: can't apply process slot for |^Connect to backend rejected on sending request/,
    sample:
      "[fcgid:warn] [pid 812:tid 139] [client 192.0.2.7:51234] mod_fcgid: can't apply process slot for /usr/local/cpanel/cgi-sys/php-fcgi",
  },
  {
    signal: 'apache.limit',
    pattern: /^mod_qos\(\d{3}\): access denied, |^Rejected, too many connections from this host/,
    sample: '[error] Rejected, too many connections from this host.',
  },
  {
    signal: 'apache.account-limit',
    pattern: /^mod_hostinglimits: ?Error on LVE enter: /,
    sample:
      '[error] mod_hostinglimits:Error on LVE enter: LVE(1010) HANDLER(fcgid-script) HOSTNAME(www.example.com) URL(/index.php) TID(959441) errno (7) Read more: http://e.cloudlinux.com/MHL-E2BIG',
  },
  {
    signal: 'apache.redirect-loop',
    pattern: /^Request exceeded the limit of \d{1,6} internal redirects/,
    sample:
      "[core:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH00124: Request exceeded the limit of 10 internal redirects due to probable configuration error. Use 'LimitInternalRecursion' to increase the limit if necessary. Use 'LogLevel debug' to get a backtrace.",
  },

  // Processes and limits.
  {
    signal: 'apache.max-workers',
    codes: ['AH00161', 'AH00484', 'AH00485', 'AH00286', 'AH00288', 'AH03490', 'AH10159'],
    sample:
      '[mpm_event:error] [pid 800:tid 140] AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting',
  },
  {
    signal: 'apache.max-workers',
    pattern: /^(?:server|scoreboard) (?:reached MaxClients|reached MaxRequestWorkers|is full)/,
    sample: '[error] server reached MaxClients setting, consider raising the MaxClients setting',
  },
  {
    signal: 'apache.child-crash',
    codes: ['AH00051', 'AH00052'],
    sample: '[core:notice] [pid 800:tid 140] AH00052: child pid 900 exit signal Segmentation fault (11)',
  },
  {
    signal: 'apache.child-crash',
    pattern: /^child pid \d{1,10} exit signal /,
    sample: '[notice] child pid 900 exit signal Segmentation fault (11)',
  },
  {
    signal: 'apache.start',
    codes: ['AH00163', 'AH00292', 'AH00489', 'AH00455'],
    sample:
      '[mpm_event:notice] [pid 800:tid 140] AH00489: Apache/2.4.57 (Debian) configured -- resuming normal operations',
  },
  {
    signal: 'apache.start',
    pattern: /-- resuming normal operations$/,
    sample: '[notice] Apache/2.2.22 (Debian) configured -- resuming normal operations',
  },
  {
    signal: 'apache.child-crash',
    // Windows has one child for all requests, and numbers of exceptions from 0xC0000000 on.
    pattern: /^(?:AH00428: )?Parent: child process \d{1,10} exited with status 32[12]\d{7}\b/,
    sample:
      '[mpm_winnt:notice] [pid 4312:tid 652] AH00428: Parent: child process 5920 exited with status 3221225725 -- Restarting.',
  },
  {
    signal: 'apache.reload',
    codes: ['AH00171', 'AH00173', 'AH00297', 'AH00298', 'AH00493', 'AH00494'],
    sample: '[mpm_event:notice] [pid 800:tid 140] AH00493: SIGUSR1 received.  Doing graceful restart',
  },
  {
    signal: 'apache.reload',
    pattern: /^(?:Graceful restart requested|SIG(?:HUP|USR1) received)/,
    sample: '[notice] Graceful restart requested, doing restart',
  },
  {
    signal: 'apache.stop',
    codes: ['AH00169', 'AH00295', 'AH00296', 'AH00491', 'AH00492'],
    sample: '[mpm_event:notice] [pid 800:tid 140] AH00491: caught SIGTERM, shutting down',
  },
  { signal: 'apache.stop', pattern: /^caught SIG(?:TERM|WINCH)/, sample: '[notice] caught SIGTERM, shutting down' },
  {
    signal: 'apache.no-protocol',
    codes: ['AH01144'],
    sample:
      '[proxy:warn] [pid 812] [client 192.0.2.7:41234] AH01144: No protocol handler was valid for the URL /index.php. If you are using a DSO version of mod_proxy, make sure the proxy submodules are included in the configuration using LoadModule.',
  },
  {
    signal: 'apache.config-error',
    // From AH02238 on mod_ssl's: it ends Apache where a certificate or its key cannot be used.
    codes: [
      'AH00526',
      'AH00014',
      'AH00015',
      'AH00016',
      'AH00020',
      'AH02238',
      'AH02241',
      'AH02311',
      'AH02312',
      'AH02477',
      'AH02561',
      'AH02562',
      'AH02564',
      'AH02565',
      'AH02572',
    ],
    sample: '[:emerg] [pid 800:tid 140] AH00020: Configuration Failed, exiting',
  },
  {
    // Of the main file it is said without a number, behind the program’s name (`ap_read_config`).
    signal: 'apache.config-error',
    pattern: /^(?:(?:apache2|httpd): )?Syntax error on line \d{1,6} of \//,
    sample:
      '[:emerg] [pid 800] apache2: Syntax error on line 225 of /etc/apache2/apache2.conf: Could not open configuration file /etc/apache2/sites-enabled/000-default.conf: Permission denied',
  },
  {
    // Of any other process it is what `apachectl start` says of an Apache that runs.
    signal: 'apache.stale-pid',
    pattern: /^httpd \(pid 1\) already running/,
    sample: '[:notice] [pid 1] httpd (pid 1) already running',
  },
  {
    signal: 'apache.bind-failed',
    codes: ['AH00072', 'AH00073'],
    sample:
      '[core:crit] [pid 800:tid 140] (98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:80',
  },
  {
    signal: 'apache.bind-failed',
    pattern: /^(?:make_sock: could not bind to address|no listening sockets available)/,
    sample: '[crit] (98)Address already in use: make_sock: could not bind to address 0.0.0.0:80',
  },

  {
    // Alerts about a certificate: bad, unsupported, revoked, expired, unknown, of an unknown issuer.
    signal: 'apache.client-tls-alert',
    pattern: /^SSL Library Error: .{0,200}\(SSL alert number 4[2-68]\)/,
    sample:
      '[ssl:info] [pid 812:tid 139] SSL Library Error: error:0A000415:SSL routines::ssl/tls alert certificate expired (SSL alert number 45)',
  },

  // A file below the root that is read with every request: no test of the configuration sees it.
  {
    signal: 'apache.htaccess',
    pattern: /^\S{1,500}\/\.htaccess: /,
    sample:
      "[core:alert] [pid 812:tid 139] [client 192.0.2.7:51234] /var/www/html/.htaccess: Invalid command 'SpeedCompress', perhaps misspelled or defined by a module not included in the server configuration",
  },

  // Refusals.
  {
    signal: 'apache.refused',
    codes: ['AH01630', 'AH01797', 'AH01276', 'AH00035', 'AH00037', 'AH02032', 'AH02033'],
    sample:
      '[authz_core:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH01630: client denied by server configuration: /var/www/html/private',
  },
  {
    signal: 'apache.refused',
    pattern: /^client denied by server configuration|ModSecurity: Access denied/,
    sample: '[error] [client 192.0.2.7] client denied by server configuration: /var/www/html/private',
  },
];

/** What Apache says of a request after it has said what its backend did: the second line of one failure. */
const SECOND_LINES: ReadonlySet<string> = new Set([
  'AH00898',
  'AH00961',
  'AH00992',
  'AH01031',
  'AH01075',
  'AH01079',
  'AH01106',
  'AH01114',
  'AH01170',
]);
/** What its core says of a script without an answer (ap_scan_script_header_err_core), after the module that waited for it; mod_wsgi of a script that does not load. */
const SECOND_TEXTS =
  /\b(?:End of script output before headers|Premature end of script headers): |\bException occurred processing WSGI script '/;

/** Whether a line repeats what the thread has just said of the same request, if it has. */
export function isSecondLine(text: string, code: string | undefined, errno: number | undefined): boolean {
  if (code === undefined) return SECOND_TEXTS.test(text.slice(0, 1000));
  const isAfterHandshake = PASSING_ON.some((one) => one === code) && NO_HANDSHAKE.some((one) => one === errno);
  return isAfterHandshake || SECOND_LINES.has(code);
}

/** Whether a line says once more what two lines before it have said: that the body was not passed on, after a handshake that failed. */
export function isThirdLine(code: string | undefined, errno: number | undefined): boolean {
  return code === 'AH01097' && errno === undefined;
}

/** Signal of a message: by its number first, else by its text; `apache.other` where neither is known. */
export function apacheSignal(message: string, code: string | undefined, errno: number | undefined): SignalId {
  const text = message.slice(0, 2048);
  for (const row of APACHE_MESSAGES) {
    if (row.errnos !== undefined && (errno === undefined || !row.errnos.includes(errno))) continue;
    if (row.codes !== undefined && (code === undefined || !row.codes.includes(code))) continue;
    if (row.pattern === undefined || row.pattern.test(text)) return row.signal;
  }
  return 'apache.other';
}
