import type { Example } from '../format.ts';

export const APACHE_ERROR_EXAMPLES = (): readonly Example[] => [
  {
    shows: 'a backend on which nothing listens',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [proxy:error] [pid 812:tid 139] (111)Connection refused: AH00957: HTTP: attempt to connect to 127.0.0.1:8080 (localhost) failed',
    records: [
      {
        signal: 'apache.backend-refused',
        stamp: { kind: 'local', ms: Date.UTC(2024, 10, 20, 8, 10, 14, 123) },
        level: 'error',
        upstream: '127.0.0.1:8080',
        values: { code: 'AH00957', errno: 111, module: 'proxy' },
      },
    ],
  },
  {
    shows: 'a socket of PHP-FPM that does not exist',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [proxy:error] [pid 812:tid 139] (2)No such file or directory: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.2-fpm.sock (*) failed',
    records: [{ signal: 'apache.socket-missing', upstream: 'unix:/run/php/php8.2-fpm.sock' }],
  },
  {
    shows: 'PHP-FPM that did not answer in time',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [proxy_fcgi:error] [pid 812:tid 139] (70007)The timeout specified has expired: [client 192.0.2.7:51234] AH01075: Error dispatching request to : (polling)',
    records: [{ signal: 'apache.backend-timeout', client: '192.0.2.7' }],
  },
  {
    shows: 'a servlet container that did not answer in time, and what reads its answer repeating it',
    input:
      "[Wed Nov 20 08:10:14.123456 2024] [proxy_ajp:error] [pid 812:tid 139] (70007)The timeout specified has expired: AH01030: ajp_ilink_receive() can't receive header\n[Wed Nov 20 08:10:14.123460 2024] [proxy_ajp:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH00992: ajp_read_header: ajp_ilink_receive failed",
    records: [{ signal: 'apache.backend-timeout' }, { signal: 'apache.echo' }],
  },
  {
    shows: 'a paste in which Markdown took process and number of the error for a link',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [proxy:error] pid 812:tid 139Permission denied: AH00952: FCGI: error creating fam 2 socket for target 127.0.0.1',
    records: [{ signal: 'apache.connect-denied', values: { code: 'AH00952', errno: 13, module: 'proxy' } }],
  },
  {
    shows: 'a container whose Apache takes itself for the one of its last run',
    input: 'httpd (pid 1) already running',
    records: [{ signal: 'apache.stale-pid' }],
  },
  {
    shows: 'a backend that closed the connection',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [proxy_http:error] [pid 812] (20014)Internal error (specific information not available): [client 192.0.2.7:51234] AH01102: error reading status line from remote server 127.0.0.1:8080',
    records: [{ signal: 'apache.backend-closed', client: '192.0.2.7', upstream: '127.0.0.1:8080' }],
  },
  {
    shows: 'Apache 2.2 with mod_fastcgi: no number, no module',
    input:
      '[Tue Feb 18 23:17:21 2014] [error] [client 192.0.2.7] (104)Connection reset by peer: FastCGI: comm with server "/fcgi-bin-php5-fpm" aborted: read failed',
    records: [
      {
        signal: 'apache.script-closed',
        stamp: { kind: 'local', ms: Date.UTC(2014, 1, 18, 23, 17, 21) },
        client: '192.0.2.7',
      },
    ],
  },
  {
    shows: 'a message of PHP that mod_proxy_fcgi passes on',
    input:
      "[Wed Nov 20 08:10:14.123456 2024] [proxy_fcgi:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH01071: Got error 'PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/html/index.php on line 3'",
    records: [{ signal: 'php.memory-limit', client: '192.0.2.7' }],
  },
  {
    shows: 'all workers busy',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [mpm_event:error] [pid 800:tid 140] AH00484: server reached MaxRequestWorkers setting, consider raising the MaxRequestWorkers setting',
    records: [{ signal: 'apache.max-workers' }],
  },
  {
    shows: 'a child that crashed',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [core:notice] [pid 800] AH00052: child pid 900 exit signal Segmentation fault (11)',
    records: [{ signal: 'apache.child-crash', values: { code: 'AH00052', module: 'core', signalNumber: 11 } }],
  },
  {
    shows: 'two lines on one failed request; a name that does not resolve; an answer that broke off',
    input: [
      '[Fri Nov 20 16:12:35.108217 2026] [proxy:error] [pid 24568:tid 24570] (111)Connection refused: AH00957: http: attempt to connect to 127.0.0.1:18999 (127.0.0.1:18999) failed',
      '[Fri Nov 20 16:12:35.108261 2026] [proxy_http:error] [pid 24568:tid 24570] [client 198.51.100.7:0] AH01114: HTTP: failed to make connection to backend: 127.0.0.1, referer: https://www.example.com/',
      '[Fri Nov 20 16:12:37.179068 2026] [proxy:error] [pid 24568:tid 24570] (EAI 2)Name or service not known: [client 198.51.100.7:0] AH00898: DNS lookup failure for: backend.invalid returned by /noname/a',
      '[Fri Nov 20 16:12:39.167052 2026] [proxy_http:error] [pid 24568:tid 24570] (70008)Partial results are valid but processing is incomplete: [client 198.51.100.7:0] AH01110: error reading response',
    ].join('\n'),
    records: [
      { signal: 'apache.backend-refused', upstream: '127.0.0.1:18999', connection: '24568:24570' },
      { signal: 'apache.echo', client: '198.51.100.7' },
      { signal: 'apache.backend-dns', client: '198.51.100.7' },
      { signal: 'apache.backend-cut' },
    ],
  },
  {
    shows: 'SELinux forbids the connection (13 on TCP); a socket that another user owns',
    input: [
      '[Fri Nov 20 16:12:35.108217 2026] [proxy:error] [pid 24568:tid 24570] (13)Permission denied: AH00957: http: attempt to connect to 127.0.0.1:8080 (127.0.0.1:8080) failed',
      '[Fri Nov 20 16:12:36.228835 2026] [proxy:error] [pid 24568:tid 24571] (13)Permission denied: AH02454: FCGI: attempt to connect to Unix domain socket /run/php/php8.2-fpm.sock (localhost:8000) failed',
    ].join('\n'),
    records: [
      { signal: 'apache.connect-denied', upstream: '127.0.0.1:8080' },
      { signal: 'apache.socket-denied', upstream: 'unix:/run/php/php8.2-fpm.sock' },
    ],
  },
  {
    shows: 'a reset that the backend made, without its date',
    input:
      '[proxy_http:error] [pid 812] (104)Connection reset by peer: [client 192.0.2.7:51234] AH01102: error reading status line from remote server 127.0.0.1:8080',
    records: [{ signal: 'proxy.backend-reset', upstream: '127.0.0.1:8080' }],
  },
  {
    shows: 'a start that fails, as the terminal or the journal shows it',
    input: [
      'AH00526: Syntax error on line 59 of /etc/apache2/sites-enabled/shop.conf:',
      '(98)Address already in use: AH00072: make_sock: could not bind to address 127.0.0.1:18080',
    ].join('\n'),
    records: [{ signal: 'apache.config-error' }, { signal: 'apache.bind-failed' }],
  },
  {
    shows: 'the same of a module, copied without the name of the program before it',
    input:
      'Syntax error on line 3 of /etc/httpd/conf.modules.d/10-shop.conf: Cannot load modules/mod_shop.so into server',
    records: [{ signal: 'apache.config-error' }],
  },
  {
    shows: 'the same of version 2.2, and what it says after it',
    input: [
      '(98)Address already in use: make_sock: could not bind to address [::]:80',
      'no listening sockets available, shutting down',
      'Unable to open logs',
    ].join('\n'),
    records: [{ signal: 'apache.bind-failed' }, { signal: 'apache.bind-failed' }, { signal: 'apache.other' }],
  },
  {
    shows: 'a script that did not answer in time: the core repeats what mod_fcgid said',
    input: [
      '[Fri Nov 20 08:10:14.123456 2026] [fcgid:warn] [pid 812] [client 192.0.2.7:51234] mod_fcgid: read data timeout in 45 seconds',
      '[Fri Nov 20 08:10:14.123501 2026] [core:error] [pid 812] [client 192.0.2.7:51234] End of script output before headers: index.php',
      '[Fri Nov 20 08:10:19.123501 2026] [core:error] [pid 812] [client 192.0.2.7:51240] End of script output before headers: index.php',
    ].join('\n'),
    records: [
      { signal: 'apache.backend-timeout' },
      { signal: 'apache.echo' },
      { signal: 'apache.script-closed', client: '192.0.2.7' },
    ],
  },
  {
    shows: 'the same without their heads',
    input: 'mod_fcgid: read data timeout in 300 seconds\nEnd of script output before headers: index.php',
    records: [{ signal: 'apache.backend-timeout', stamp: { kind: 'none' } }, { signal: 'apache.echo' }],
  },
  {
    shows:
      'a handshake with a backend that failed: three lines on one request; and one that nobody told Apache to make',
    input: [
      '[Fri Nov 20 08:10:14.123456 2026] [ssl:info] [pid 812:tid 139] [remote 192.0.2.5:8443] AH02003: SSL Proxy connect failed',
      '[Fri Nov 20 08:10:14.123470 2026] [proxy:error] [pid 812:tid 139] (120001)APR does not understand this error code: [client 192.0.2.7:51234] AH01084: pass request body failed to 192.0.2.5:8443 (app.example.com)',
      '[Fri Nov 20 08:10:19.123456 2026] [proxy:error] [pid 812:tid 139] [client 192.0.2.7:51234] AH00898: Error during SSL Handshake with remote server returned by /cart',
      '[Fri Nov 20 08:10:24.123456 2026] [proxy:error] [pid 812:tid 140] AH00961: https: failed to enable ssl support for 192.0.2.5:8443 (app.example.com)',
    ].join('\n'),
    records: [
      { signal: 'proxy.backend-tls' },
      { signal: 'apache.echo' },
      { signal: 'proxy.backend-tls', client: '192.0.2.7' },
      { signal: 'apache.no-proxy-tls' },
    ],
  },
  {
    shows: 'the same where the handshake is begun by passing on a request: the last line follows two others',
    input: [
      '[Sun Nov 22 22:17:32.369312 2026] [proxy:error] [pid 1075:tid 1077] (20014)Internal error (specific information not available): [client 192.0.2.7:42770] AH01084: pass request body failed to 192.0.2.5:8080 (192.0.2.5)',
      '[Sun Nov 22 22:17:32.369364 2026] [proxy:error] [pid 1075:tid 1077] [client 192.0.2.7:42770] AH00898: Error during SSL Handshake with remote server returned by /cart',
      '[Sun Nov 22 22:17:32.369373 2026] [proxy_http:error] [pid 1075:tid 1077] [client 192.0.2.7:42770] AH01097: pass request body failed to 192.0.2.5:8080 (192.0.2.5) from 192.0.2.7 ()',
    ].join('\n'),
    records: [{ signal: 'proxy.backend-tls' }, { signal: 'apache.echo' }, { signal: 'apache.echo' }],
  },
  {
    shows: 'a header beyond the limit, which has the number of a full disk; a connection that is not taken',
    input: [
      "[Sun Nov 22 22:16:40.347879 2026] [proxy_http:warn] [pid 1153:tid 1167] (28)No space left on device: [client 192.0.2.7:57490] AH10124: header size is over the limit allowed by ResponseFieldSize (8192 bytes). Bad response header: 'Set-Cookie: a[...]a",
      '[Sun Nov 22 22:16:40.347906 2026] [proxy_http:warn] [pid 1153:tid 1167] [client 192.0.2.7:57490] AH01106: bad HTTP/1.1 header returned by /cart (GET)',
      '[Sun Nov 22 22:16:47.875981 2026] [proxy:error] [pid 1153:tid 1167] (70007)The timeout specified has expired: AH00957: http: attempt to connect to 192.0.2.5:8080 (192.0.2.5:8080) failed',
    ].join('\n'),
    records: [
      { signal: 'proxy.header-too-big' },
      { signal: 'apache.echo' },
      { signal: 'proxy.connect-timeout', upstream: '192.0.2.5:8080' },
    ],
  },
  {
    shows:
      'Python under mod_wsgi: an exception, which its traceback follows line by line; a script that cannot be loaded',
    input: [
      "[Sun Nov 22 22:11:31.052206 2026] [wsgi:error] [pid 3007:tid 3012] [remote 192.0.2.7:38116] mod_wsgi (pid=3007): Exception occurred processing WSGI script '/srv/shop/wsgi.py'.",
      '[Sun Nov 22 22:11:31.064500 2026] [wsgi:error] [pid 3007:tid 3012] [remote 192.0.2.7:38116] Traceback (most recent call last):',
      '[Sun Nov 22 22:11:31.069350 2026] [wsgi:error] [pid 3007:tid 3012] [remote 192.0.2.7:38116]   File "/srv/shop/wsgi.py", line 9, in application',
      '[Sun Nov 22 22:11:31.069402 2026] [wsgi:error] [pid 3007:tid 3012] [remote 192.0.2.7:38116] django.db.utils.OperationalError: connection to server at "db" (192.0.2.9), port 5432 failed: Connection refused',
      "[Sun Nov 22 22:11:50.075809 2026] [wsgi:error] [pid 3007:tid 3012] [remote 192.0.2.7:41320] mod_wsgi (pid=3007): Failed to exec Python script file '/srv/shop/wsgi.py'.",
      "[Sun Nov 22 22:11:50.075858 2026] [wsgi:error] [pid 3007:tid 3012] [remote 192.0.2.7:41320] mod_wsgi (pid=3007): Exception occurred processing WSGI script '/srv/shop/wsgi.py'.",
    ].join('\n'),
    records: [
      { signal: 'apache.wsgi-exception', client: '192.0.2.7' },
      { signal: 'apache.other' },
      { signal: 'apache.other' },
      { hop: 'app', signal: 'app.db-error', client: '192.0.2.7' },
      { signal: 'apache.wsgi-exception' },
      { signal: 'apache.echo' },
    ],
  },
  {
    shows: 'a line whose time was not copied, with its numbers made unreadable',
    input:
      '[proxy_http:error] [pid <pid>:tid <tid>] (20014)Internal error (specific information not available): [client 192.0.2.7:51234] AH01102: error reading status line from remote server 127.0.0.1:8000',
    records: [{ signal: 'apache.backend-closed', level: 'error', stamp: { kind: 'none' } }],
  },
  {
    shows: 'a line that a page wrapped within its brackets',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [proxy_fcgi:error] [pid 812:tid\n140209936983808] (70007)The timeout specified has expired: [client\n192.0.2.7:51234] AH01075: Error dispatching request to : (polling)',
    records: [{ signal: 'apache.backend-timeout', client: '192.0.2.7' }],
  },
  {
    shows: 'the words of version 2.2 alone',
    input: 'The timeout specified has expired: proxy: error reading status line from remote server 127.0.0.1:8080',
    records: [{ signal: 'apache.backend-timeout' }],
  },
  {
    shows: 'a line with the place in the source, as ErrorLogFormat %F writes it',
    input:
      '[Wed Nov 20 08:10:14 2024] [error] [pid 812] mod_proxy_fcgi.c(914): (70007)The timeout specified has expired: [client 192.0.2.7:51234] AH01075: Error dispatching request to :',
    records: [{ signal: 'apache.backend-timeout', client: '192.0.2.7' }],
  },
  {
    shows: 'the zone and the id of the request, as ErrorLogFormat %{uz}t and %L write them',
    input:
      '[Sat Nov 21 04:51:05.830794 2026 +0100] [proxy_http:error] [pid 812:tid 139] [R:nOaxG6qdVks] (70007)The timeout specified has expired: [client 192.0.2.7:51234] AH01102: error reading status line from remote server 127.0.0.1:8080',
    records: [
      {
        signal: 'apache.backend-timeout',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 21, 3, 51, 5, 830), offsetMinutes: 60 },
        client: '192.0.2.7',
        values: { code: 'AH01102', errno: 70007, module: 'proxy_http' },
      },
    ],
  },
  {
    shows: 'a stop and a start',
    input:
      '[Wed Nov 20 08:10:14.123456 2024] [mpm_event:notice] [pid 800] AH00491: caught SIGTERM, shutting down\n[Wed Nov 20 08:10:19.123456 2024] [mpm_event:notice] [pid 990] AH00489: Apache/2.4.57 (Debian) configured -- resuming normal operations',
    records: [{ signal: 'apache.stop' }, { signal: 'apache.start' }],
  },
];
