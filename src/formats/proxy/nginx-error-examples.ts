import type { Example } from '../format.ts';

const CONTEXT =
  'client: 192.0.2.7, server: www.example.com, request: "GET /cart?id=1 HTTP/1.1", upstream: "http://127.0.0.1:3000/cart?id=1", host: "www.example.com"';

const CONTEXT_FASTCGI =
  'client: 192.0.2.7, server: shop.example.com, request: "POST /checkout/ HTTP/2.0", upstream: "fastcgi://unix:/run/php/php8.2-fpm.sock:", host: "shop.example.com"';

/** What the reader must make of real lines; the wording is nginx's, hosts and addresses are made up. */
export const NGINX_ERROR_EXAMPLES = (): readonly Example[] => [
  {
    shows: 'a line without its date, quoted behind somebody’s words',
    input:
      'Error in the proxy:  "[error] 12#12: *28 auth could not be resolved (3: Host not found), client: 203.0.113.45, server: app.example.com, request: "GET / HTTP/2.0", host: "app.example.com""',
    records: [{ signal: 'nginx.resolve-nx', client: '203.0.113.45' }],
  },
  {
    shows: 'nothing listens on the application’s port',
    input: `2026/11/20 08:10:14 [error] 28803#28803: *1 connect() failed (111: Connection refused) while connecting to upstream, ${CONTEXT}`,
    records: [
      {
        signal: 'nginx.connect-refused',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14) },
        level: 'error',
        connection: '28803*1',
        client: '192.0.2.7',
        method: 'GET',
        path: '/cart',
        host: 'www.example.com',
        upstream: '127.0.0.1:3000',
        values: { errno: 111, phase: 'connecting to upstream', scheme: 'http' },
      },
    ],
  },
  {
    shows: 'a socket of PHP-FPM that does not exist',
    input: `2026/11/20 08:10:14 [crit] 7#7: *3 connect() to unix:/run/php/php8.2-fpm.sock failed (2: No such file or directory) while connecting to upstream, ${CONTEXT_FASTCGI}`,
    records: [
      {
        signal: 'nginx.connect-unix-missing',
        method: 'POST',
        path: '/checkout/',
        upstream: 'unix:/run/php/php8.2-fpm.sock',
      },
    ],
  },
  {
    shows: 'an application that took longer than nginx waits',
    input: `2026/11/20 08:11:14 [error] 7#7: *4 upstream timed out (110: Connection timed out) while reading response header from upstream, ${CONTEXT}`,
    records: [{ signal: 'nginx.timeout-header' }],
  },
  {
    shows: 'the same words in another step mean something else',
    input: `2026/11/20 08:11:14 [error] 7#7: *4 upstream timed out (110: Connection timed out) while connecting to upstream, ${CONTEXT}`,
    records: [{ signal: 'nginx.timeout-connect' }],
  },
  {
    shows: 'IPv6 refused because localhost has two addresses',
    input:
      '2026/11/20 08:11:14 [error] 7#7: *4 connect() failed (111: Connection refused) while connecting to upstream, client: 2001:db8::7, server: example.com, request: "GET / HTTP/2.0", upstream: "http://[::1]:6001/", host: "example.com"',
    records: [{ signal: 'nginx.connect-refused', upstream: '[::1]:6001', client: '2001:db8::7' }],
  },
  {
    shows: 'no server of the group left: the address is the group’s name',
    input:
      '2026/11/20 08:10:43 [error] 7#7: *76 no live upstreams while connecting to upstream, client: 192.0.2.7, server: www.example.com, request: "GET /two HTTP/1.1", upstream: "http://backend/two", host: "www.example.com"',
    records: [{ signal: 'nginx.no-live', upstream: 'backend' }],
  },
  {
    shows: 'a name that does not resolve: no upstream was chosen',
    input:
      '2026/11/20 08:10:43 [error] 7#7: *81 app.internal could not be resolved (3: Host not found), client: 192.0.2.7, server: www.example.com, request: "GET /nx HTTP/1.1", host: "www.example.com"',
    records: [{ signal: 'nginx.resolve-nx', path: '/nx', values: { errno: 3, name: 'app.internal' } }],
  },
  {
    shows: 'a line of a process has neither connection nor client',
    input: '2026/11/20 08:13:38 [alert] 28802#28802: worker process 31690 exited on signal 11',
    records: [{ signal: 'nginx.worker-signal', level: 'alert', values: { process: 31690, signalNumber: 11 } }],
  },
  {
    shows: 'a syslog prefix before the head',
    input: `<187>Nov 20 08:10:14 web1 nginx: 2026/11/20 08:10:14 [error] 7#7: *1 upstream prematurely closed connection while reading response header from upstream, ${CONTEXT}`,
    records: [{ signal: 'nginx.premature-header', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 10, 14) } }],
  },
  {
    shows: 'a PHP error with its stack trace over several lines',
    input: `2026/11/20 08:12:30 [error] 7#7: *206 FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/html/db.php:4
Stack trace:
#0 /var/www/html/db.php(4): PDO->__construct()
#1 {main}
  thrown in /var/www/html/db.php on line 4" while reading response header from upstream, ${CONTEXT_FASTCGI}`,
    records: [{ signal: 'php.db-refused', path: '/checkout/', upstream: 'unix:/run/php/php8.2-fpm.sock' }],
  },
  {
    shows: 'several PHP messages of one request: one record each',
    input: `2026/11/20 08:12:30 [error] 7#7: *204 FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined variable $a in /var/www/html/a.php on line 1; PHP message: PHP Fatal error:  Allowed memory size of 16777216 bytes exhausted (tried to allocate 2097152 bytes) in /var/www/html/a.php on line 2" while reading response header from upstream, ${CONTEXT_FASTCGI}`,
    records: [{ signal: 'php.warning' }, { signal: 'php.memory-limit' }],
  },
  {
    shows: 'a script that PHP-FPM does not find: 404, no gateway error',
    input: `2026/11/20 08:11:33 [error] 7#7: *122 FastCGI sent in stderr: "Primary script unknown" while reading response header from upstream, ${CONTEXT_FASTCGI}`,
    records: [{ signal: 'nginx.fcgi-script-unknown' }],
  },
  {
    shows: 'a stderr cut at nginx’s limit of 2,048 bytes: phase and request are lost',
    input: `2026/11/20 08:12:30 [error] 7#7: *210 FastCGI sent in stderr: "PHP message: PHP Warning:  too long in /var/www/html/a.php on line 1; PHP message: PHP Warning:  cu
2026/11/20 08:12:31 [error] 7#7: *211 access forbidden by rule, client: 192.0.2.7, server: www.example.com, request: "GET /.env HTTP/1.1", host: "www.example.com"`,
    records: [{ signal: 'php.warning' }, { signal: 'php.warning' }, { signal: 'nginx.forbidden-rule', path: '/.env' }],
  },
  {
    shows: 'an entry broken over lines by an e-mail program',
    input: `2026/11/20 02:30:46 [error] 7#7: *1 readv() failed (104: Connection reset by peer)
 while reading upstream, client: 192.0.2.7, server: ~^(?<domain>.+)$, request:
 "GET / HTTP/1.1", upstream: "fastcgi://unix:/home/u/run/fpm.sock:",
 host: "example.org"`,
    records: [
      { signal: 'nginx.recv-reset-body', path: '/', host: 'example.org', upstream: 'unix:/home/u/run/fpm.sock' },
    ],
  },
  {
    shows: 'an entry broken in the middle of words by a terminal of 80 columns',
    input: `2026/05/04 20:27:12 [error] 23191#0: *18 upstream sent unsupported FastCGI proto
col version: 0 while reading upstream, client: 192.0.2.7, server: localhost, req
uest: "GET /db/list?x=1 HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "
example.org"`,
    records: [{ signal: 'nginx.fcgi-protocol', path: '/db/list', upstream: '127.0.0.1:9000' }],
  },
  {
    shows: 'pasted without date',
    input:
      '[error] 1046#1046: *2094 upstream timed out (110: Connection timed out) while reading response header from upstream, client: 192.0.2.7, server: localhost, request: "GET /update HTTP/1.1", upstream: "fastcgi://127.0.0.1:9000", host: "example.org"',
    records: [{ signal: 'nginx.timeout-header', stamp: { kind: 'none' }, connection: '1046*2094' }],
  },
  {
    shows: 'a bare message',
    input:
      'connect() failed (111: Connection refused) while connecting to upstream: "http://172.19.0.4:8000/api/health"',
    records: [{ signal: 'nginx.connect-refused', stamp: { kind: 'none' }, upstream: '172.19.0.4:8000' }],
  },
  {
    shows: 'a client over a socket',
    input:
      '2023/10/04 18:22:07 [error] 7#7: *5 connect() failed (111: Connection refused) while connecting to upstream, client: unix:, server: www.example.com, request: "GET /a HTTP/1.1", upstream: "http://127.0.0.1:80/a", host: "www.example.com"',
    records: [{ signal: 'nginx.connect-refused', client: 'unix:', upstream: '127.0.0.1:80', host: 'www.example.com' }],
  },
  {
    shows: 'a name that could not be resolved, without its head',
    input: 'app.internal could not be resolved (3: Host not found)',
    records: [{ signal: 'nginx.resolve-nx', stamp: { kind: 'none' } }],
  },
  {
    shows: 'copied out of a page, with entities',
    input:
      '2018/06/06 02:03:31 [crit] 7#7: *30 connect() to unix:/run/app.sock failed (13: Permission denied) while connecting to upstream, client: 192.0.2.7, server: app.example.com, request: &quot;GET / HTTP/1.1&quot;, upstream: &quot;fastcgi://unix:/run/app.sock:&quot;, host: &quot;app.example.com&quot;',
    records: [
      { signal: 'nginx.connect-unix-denied', method: 'GET', upstream: 'unix:/run/app.sock', host: 'app.example.com' },
    ],
  },
  {
    shows: 'copied out of a string, with its quotes',
    input:
      '"2018/06/06 02:03:31 [error] 7#7: *30 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: app.example.com, request: \\"GET / HTTP/1.1\\", upstream: \\"http://127.0.0.1:3000/\\", host: \\"app.example.com\\""',
    records: [{ signal: 'nginx.connect-refused', method: 'GET', upstream: '127.0.0.1:3000', host: 'app.example.com' }],
  },
  {
    shows: 'a machine translation added blanks',
    input:
      '2019/02/07 06:26:30 [crit] 1706 # 1706: * 795218 connect () to unix: /run/php-fpm.sock failed (2: No such file or directory) while connecting to upstream, client: Upstream: "fastcgi: // unix: /run/php-fpm.sock:", host: "example.com"',
    records: [{ signal: 'nginx.connect-unix-missing', connection: '1706*795218', upstream: 'unix:/run/php-fpm.sock' }],
  },
  {
    shows: 'a configuration error on the console',
    input: 'nginx: [emerg] host not found in upstream "app:3000" in /etc/nginx/conf.d/default.conf:5',
    records: [
      {
        signal: 'nginx.conf-host',
        level: 'emerg',
        values: { name: 'app:3000', file: '/etc/nginx/conf.d/default.conf', lineNumber: 5 },
      },
    ],
  },
  {
    shows: 'a TLS handshake that Cloudflare broke off counts',
    input:
      '2026/11/20 03:14:37 [info] 814#814: *16 SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking, client: 172.70.1.2, server: 0.0.0.0:443',
    records: [
      {
        signal: 'nginx.client-tls-alert',
        client: '172.70.1.2',
        values: { phase: 'SSL handshaking', reason: 'tlsv1 alert unknown ca', alert: 48 },
      },
    ],
  },
  {
    shows: 'the same from anybody else is noise',
    input:
      '2026/11/20 03:14:37 [info] 814#814: *16 SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking, client: 192.0.2.7, server: 0.0.0.0:443',
    records: [{ signal: 'nginx.crit-ssl-client' }],
  },
  {
    shows: 'what a visitor writes behind the request cannot replace the upstream',
    input:
      '2026/11/20 08:10:14 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: www.example.com, request: "GET /", upstream: "http://198.51.100.1/" HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "www.example.com"',
    records: [{ signal: 'nginx.connect-refused', upstream: '127.0.0.1:3000', path: '/' }],
  },
  {
    shows: 'a web application firewall within nginx refuses a request',
    input:
      '2026/01/11 16:13:12 [error] 5004#5004: *3001 [client 192.0.2.7] ModSecurity: Access denied with code 403 (phase 2). Matched "Operator `Ge\' with parameter `5\'" [id "949110"], client: 192.0.2.7, server: cloud.example.com, request: "PROPFIND /dav HTTP/2.0", host: "cloud.example.com"',
    records: [
      { signal: 'nginx.modsecurity-denied', method: 'PROPFIND', path: '/dav', values: { code: 403, rule: '949110' } },
    ],
  },
  {
    shows: 'a visitor without the PROXY protocol: his request is quoted with its line feeds',
    input:
      '2026/11/20 08:10:14 [error] 7#7: *12 broken header: "GET /cart/?step=2 HTTP/1.1\nhost: www.example.com\n\n" while reading PROXY protocol, client: 192.0.2.7, server: 0.0.0.0:80',
    records: [{ signal: 'nginx.proxy-protocol', client: '192.0.2.7' }],
  },
  {
    shows: 'the same from the machine itself is a monitor’s',
    input:
      '2026/11/20 08:10:14 [error] 7#7: *12 broken header: "GET /status HTTP/1.1" while reading PROXY protocol, client: 127.0.0.1, server: 0.0.0.0:80',
    records: [{ signal: 'nginx.client-bad' }],
  },
  {
    shows: 'the form of old versions on a terminal',
    input: '[emerg]: bind() to 0.0.0.0:80 failed (98: Address already in use)',
    records: [{ signal: 'nginx.bind-failed', level: 'emerg' }],
  },
  {
    shows: 'a line that was marked from the middle of its level',
    input:
      'ror] 209#209: *692 peer closed connection in SSL handshake while SSL handshaking to upstream, client: 192.0.2.7,',
    records: [{ signal: 'nginx.tls-peer-closed', connection: '209*692' }],
  },
  {
    shows: 'a line that was marked from the middle of its path',
    input:
      '/srv/app/tmp/puma.sock failed (2: No such file or directory) while connecting to upstream, client: 192.0.2.7',
    records: [{ signal: 'nginx.connect-unix-missing', upstream: 'unix:/srv/app/tmp/puma.sock' }],
  },
  {
    shows: 'a connection whose star was lost',
    input:
      '3 SSL_do_handshake() failed (SSL: error:1408F10B:SSL routines:ssl3_get_record:wrong version number) while SSL handshaking to upstream',
    records: [{ signal: 'nginx.tls-wrong-version', connection: '*3' }],
  },
  {
    shows: 'lines that were marked from the process on',
    input: [
      '60380#60380: *3539468988 SSL_do_handshake() failed (SSL: error:1408F10B:SSL routines:ssl3_get_record:wrong version number) while SSL handshaking to upstream',
      '85#85: 1024 worker_connections are not enough',
    ].join('\n'),
    records: [
      { signal: 'nginx.tls-wrong-version', connection: '*3539468988', stamp: { kind: 'none' } },
      { signal: 'nginx.conn-limit-drop' },
    ],
  },
  {
    shows: 'a connection whose number was made unreadable',
    input:
      '[crit] 31375#31375: *XXXXXXXX connect() to 127.0.0.1:80 failed (99: Cannot assign requested address) while connecting to upstream, client: X.X.X.X, server: localhost, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:80/", host: "a.example.com"',
    records: [{ signal: 'nginx.connect-ports-exhausted', level: 'crit' }],
  },
  {
    shows: 'the ingress controller’s words beside nginx’s',
    input: 'W0907 17:35:19.222358       7 controller.go:916] Service "shop/web" does not have any active Endpoint.',
    records: [
      { signal: 'nginx.no-endpoint', level: 'warn', stamp: { kind: 'yearless', ms: Date.UTC(2000, 8, 7, 17, 35, 19) } },
    ],
  },
  {
    shows: 'a message alone, with the blanks before it',
    input:
      '  connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: _, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:3000/", host: "www.example.com"',
    records: [{ signal: 'nginx.connect-refused', upstream: '127.0.0.1:3000' }],
  },
  {
    shows: 'a worker that crashed, without the head',
    input: 'worker process 10089 exited on signal 11 (core dumped)',
    records: [{ signal: 'nginx.worker-signal' }],
  },
  {
    shows: 'what nginx -t prints is taken and means nothing',
    input: 'nginx: the configuration file /etc/nginx/nginx.conf syntax is ok',
    records: [],
  },
  {
    shows: 'a name of a user that forges the end of the line',
    input:
      '2026/11/20 08:10:14 [error] 7#7: *3 user "ann": password mismatch, client: 198.51.100.9, server: www.example.com, request: "GET / HTTP/1.1", host: "x"": was not found in "/etc/nginx/.htpasswd", client: 192.0.2.7, server: www.example.com, request: "GET /admin HTTP/1.1", host: "www.example.com"',
    records: [{ client: '192.0.2.7', path: '/admin', host: 'www.example.com' }],
  },
  {
    shows: 'older wordings of the ingress controller, and the one of NGINX’s own',
    input: [
      'W0821 19:08:41.685915       5 controller.go:956] service shop/web does not have any active endpoints',
      'W0805 05:22:35.968846       7 controller.go:829] Error obtaining Endpoints for Service "shop/web": no object matching key "shop/web" in local store',
      'W0619 06:39:41.267166       1 controller.go:1938] Error retrieving endpoints for the service web: No endpoints for target port 8000 in service web',
    ].join('\n'),
    records: [{ signal: 'nginx.no-endpoint' }, { signal: 'nginx.no-endpoint' }, { signal: 'nginx.no-endpoint' }],
  },
  {
    shows: 'Kong, whose own resolver does not know a name, and APISIX without an upstream',
    input: [
      '2026/11/20 11:29:16 [error] 32#0: *561643 [lua] balancer.lua:900: execute(): DNS resolution failed: dns server error: 3 name error. Tried: ["(short)shop-api:(na) - cache-miss","shop-api:1 - cache-hit/dns server error: 3 name error"], client: 192.0.2.7, server: kong, request: "POST /cart HTTP/1.1", host: "www.example.com"',
      '2026/11/20 11:29:17 [error] 30366#30366: *3160677 [lua] balancer.lua:304: load_balancer(): failed to pick server: missing upstream configuration while connecting to upstream, client: 192.0.2.7, server: , request: "GET /cart HTTP/1.1", host: "www.example.com"',
    ].join('\n'),
    records: [
      { signal: 'nginx.resolve-other', host: 'www.example.com', values: { name: 'shop-api' } },
      { signal: 'nginx.no-upstream-conf', path: '/cart' },
    ],
  },
];
