import { NO_STAMP } from '../../vocabulary/records.ts';
import type { Example } from '../format.ts';

/** Lines of applications and what becomes of them. */
export const APP_EXAMPLES = (): readonly Example[] => [
  {
    input: [
      '[Nest] 10  - 11/20/2026, 9:04:51 AM     LOG [InstanceLoader] BullModule dependencies initialized +1ms',
      'node:events:505',
      "      throw er; // Unhandled 'error' event",
      '      ^',
      '',
      'Error: connect ECONNREFUSED 192.0.2.4:6379',
      '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1187:16)',
    ].join('\n'),
    shows: 'what Node says as it ends is not of the calm line before it',
    records: [{ signal: 'app.chatter' }, { signal: 'app.cache-error', level: 'error' }],
  },
  {
    input: [
      'logger=migrator t=2026-11-20T08:14:38.517813004Z level=info msg="Unlocking database"',
      "Error: Can't reach database server at `192.0.2.4:5432`",
      '2026/11/20 08:14:39 [...a/routers/init.go:60 GlobalInit()] [E] Failed to initialize ORM engine: dial tcp 192.0.2.4:3306: getsockopt: connection refused',
      '2026/11/20 08:14:40 cmd/web.go:195:serveInstalled() [I] PID: 15 Gitea Web Finished',
    ].join('\n'),
    shows: 'nor is an error that is known; Gitea has its own letters for levels',
    records: [
      { signal: 'app.chatter', level: 'info' },
      { signal: 'app.db-error', level: 'error' },
      { signal: 'app.db-error', level: 'error' },
      { signal: 'app.chatter', level: 'info' },
    ],
  },
  {
    input: [
      '[E 261120 08:14:38 web:1820] Uncaught exception GET /items?page=2 (192.0.2.7)',
      "    HTTPServerRequest(protocol='http', host='shop.example.com', method='GET', uri='/items?page=2', version='HTTP/1.0', remote_ip='192.0.2.7')",
      '    Traceback (most recent call last):',
      '      File "/srv/app/app.py", line 8, in get',
      "        raise KeyError('price')",
      "    KeyError: 'price'",
      '[I 2026-11-20 08:14:40.001 ServerApp] Serving notebooks from local directory: /srv/notebooks',
    ].join('\n'),
    shows: 'Tornado and Jupyter',
    records: [
      { signal: 'app.error', level: 'error', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) } },
      { signal: 'app.chatter', level: 'info' },
    ],
  },
  {
    input: [
      'ERROR 2026-11-20 08:14:38,339 log 812 140220148184768 Internal Server Error: /items/7',
      'Traceback (most recent call last):',
      '  File "/srv/app/views.py", line 8, in items',
      '    raise KeyError(i)',
      'KeyError: 7',
      '[INFO] 2026-11-20T08:14:40+01:00 shop.jobs nothing to do',
    ].join('\n'),
    shows: 'the level before the time, as in the documentation of Django',
    records: [
      { signal: 'app.error', level: 'error', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 339) } },
      { signal: 'app.chatter', level: 'info' },
    ],
  },
  {
    input: [
      '[Fri Nov 20 08:14:30 2026] PHP 8.2.36 Development Server (http://127.0.0.1:8000) started',
      '[Fri Nov 20 08:14:38 2026] 192.0.2.7:40000 Accepted',
      '[Fri Nov 20 08:14:38 2026] PHP Fatal error:  Uncaught Error: Call to undefined function shop_price() in /srv/app/index.php:4',
      'Stack trace:',
      '#0 {main}',
      '  thrown in /srv/app/index.php on line 4',
      '[Fri Nov 20 08:14:38 2026] 192.0.2.7:40000 Closing',
    ].join('\n'),
    shows: 'PHP’s own server',
    records: [
      { signal: 'app.start' },
      { signal: 'app.chatter' },
      { signal: 'php.undef-fn', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) } },
      { signal: 'app.chatter' },
    ],
  },
  {
    input: [
      '[request error] [unhandled] [GET] https://shop.example.com/api/item?id=3',
      '',
      " H3Error: Cannot read properties of undefined (reading 'title')",
      '    at Object.handler (file:///srv/app/.output/server/chunks/nitro/nitro.mjs:1580:24) {',
      '  statusCode: 500,',
      '  fatal: false,',
      '  unhandled: true,',
      '}',
      '[500] GET /items/7',
      "TypeError: Cannot read properties of null (reading 'title')",
      '    at load (file:///srv/app/build/server/chunks/_page.server.js:8:22)',
    ].join('\n'),
    shows: 'Nuxt and SvelteKit: an error of one request',
    records: [
      { signal: 'app.error', level: 'error' },
      { signal: 'app.error', level: 'error' },
    ],
  },
  {
    input:
      'ERROR - 2026-11-20 08:14:38 --> cURL error 28: Operation timed out after 2000 milliseconds with 0 bytes received for https://api.example.net/v2/payments',
    shows: 'CodeIgniter',
    records: [
      {
        signal: 'app.http-dependency',
        level: 'error',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
      },
    ],
  },
  {
    input:
      '2026-11-20T08:14:38+00:00 CRITICAL Uncaught TypeError: strpos(): Argument #1 must be of type string, null given in [redacted]/wp-content/plugins/shop-feed/feed.php:12',
    shows: 'WooCommerce’s log of errors that ended a page',
    records: [{ signal: 'php.uncaught', level: 'fatal', values: { plugin: 'shop-feed', lineNumber: 12 } }],
  },
  {
    input: [
      "2026-11-20 08:14:38,123 ERROR app: sqlalchemy.exc.OperationalError: (pymysql.err.OperationalError) (1205, 'Lock wait timeout exceeded')",
      "2026-11-20 08:14:39,123 ERROR app: django.db.utils.OperationalError: (2003, \"Can't connect to MySQL server on 'db'\")",
      '2026-11-20 08:14:40,123 WARNING urllib3.connectionpool: Connection pool is full, discarding connection: api.example.net',
      '2026-11-20 08:14:41,123 ERROR app: AxiosError: Request failed with status code 404',
      '2026-11-20 08:14:42,123 ERROR app: AxiosError: Request failed with status code 502',
    ].join('\n'),
    shows: 'what a database refuses, and one that is away; a web service that answers, and one that does not',
    records: [
      { signal: 'app.error' },
      { signal: 'app.db-error' },
      { signal: 'app.chatter' },
      { signal: 'app.error' },
      { signal: 'app.http-dependency' },
    ],
  },
  {
    input: [
      'F, [2026-11-20T08:14:38.123456 #12] FATAL -- : [0a1b2c3d] ActionController::RoutingError (No route matches [GET] "/wp-login.php"):',
      "F, [2026-11-20T08:14:38.123456 #12] FATAL -- : [0a1b2c3d] app/middleware/x.rb:12:in `call'",
      "F, [2026-11-20T08:14:39.123456 #12] FATAL -- : [0a1b2c3d] NoMethodError (undefined method `x' for nil:NilClass):",
    ].join('\n'),
    shows: 'Rails: an address that it does not know, and a fault',
    records: [{ signal: 'app.chatter' }, { signal: 'app.chatter' }, { signal: 'app.error' }],
  },
  {
    input:
      '[2026-11-20 08:14:38] production.ERROR: No query results {"exception":"[object] (Illuminate\\\\Database\\\\Eloquent\\\\ModelNotFoundException(code: 0): No query results at /srv/app/vendor/a.php:58)',
    shows: 'Laravel, of what is answered with 404',
    records: [{ signal: 'app.chatter' }],
  },
  {
    input: 'local.ERROR: cURL error 28: Operation timed out after 10000 milliseconds with 83 out of 83 bytes received',
    shows: 'Laravel, copied without the time before it',
    records: [{ signal: 'app.http-dependency', level: 'error' }],
  },
  {
    input: '2026-11-20T08:14:38+00:00 ERROR Uncaught Error: Cannot read properties of undefined in /srv/app/cart.js:12',
    shows: 'the same word, of Node',
    records: [{ signal: 'app.crash' }],
  },
  {
    input: [
      'E, [2026-11-20T18:13:57.771293 #20776] ERROR -- : worker=1 PID:20779 timeout (61s > 60s), killing',
      'E, [2026-11-20T18:13:57.828186 #20776] ERROR -- : reaped #<Process::Status: pid 20779 SIGKILL (signal 9)> worker=1',
      'I, [2026-11-20T18:13:57.828347 #20776]  INFO -- : worker=1 spawning...',
      'I, [2026-11-20T18:14:00.750410 #20776]  INFO -- : reaped #<Process::Status: pid 20807 exit 0> worker=1',
    ].join('\n'),
    shows: 'unicorn kills a worker that took too long; one that ended well says nothing',
    records: [
      {
        signal: 'app.worker-timeout',
        level: 'error',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 18, 13, 57, 771) },
      },
      { signal: 'app.worker-exit' },
      { signal: 'app.chatter' },
      { signal: 'app.chatter' },
    ],
  },
  {
    input: [
      '[20920] Puma starting in cluster mode...',
      '[20920] * Listening on http://127.0.0.1:3000',
      '[20920] - Worker 0 (PID: 20935) booted in 0.35s, phase: 0',
      '[20920] ! Terminating timed out worker (worker failed to check in within 60 seconds): 20935',
      '[20920] === puma shutdown: 2026-11-20 18:14:36 +0000 ===',
    ].join('\n'),
    shows: 'Puma: most of its lines have no time',
    records: [
      { signal: 'app.chatter' },
      { signal: 'app.start', stamp: NO_STAMP },
      { signal: 'app.worker-boot' },
      { signal: 'app.worker-timeout' },
      {
        signal: 'app.stop',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 18, 14, 36), offsetMinutes: 0 },
      },
    ],
  },
  {
    input: [
      '[2026-11-20 08:12:30.68101] [32469] [info] Worker 32469 started',
      'Child process 26839 exited with status 0 - signal was 9',
    ].join('\n'),
    shows: 'workers of Mojolicious and of Starman',
    records: [
      {
        signal: 'app.worker-boot',
        level: 'info',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 12, 30, 681) },
      },
      { signal: 'app.worker-exit', values: { signalNumber: 9 }, stamp: NO_STAMP },
    ],
  },
  {
    input:
      '[ E 2026-11-20 13:46:08.0621 2199/T8 age/Cor/App/Implementation.cpp:218 ]: Could not spawn process for application /srv/app: The application process exited prematurely.',
    shows: 'Passenger',
    records: [
      {
        signal: 'app.not-started',
        level: 'error',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 13, 46, 8, 62) },
      },
    ],
  },
  {
    input: [
      'INFO:     Application startup complete.',
      'ERROR:    Exception in ASGI application',
      'Traceback (most recent call last):',
      '  File "/app/main.py", line 3, in app',
      'RuntimeError: boom',
    ].join('\n'),
    shows: 'uvicorn: levels of one width, and no time',
    records: [
      { signal: 'app.start', level: 'info' },
      { signal: 'app.error', level: 'error' },
    ],
  },
  {
    input: [
      '{"level":50,"time":1750173631273,"pid":1,"hostname":"app","msg":"uncaughtException: Cannot read properties of undefined (reading \'id\')"}',
      '{"level":50,"time":1750173661273,"pid":1,"hostname":"app","msg":"listening on 3000"}',
    ].join('\n'),
    shows: 'pino: a crash and the next start, both at level error',
    records: [
      { kind: 'clue', hop: 'app', signal: 'app.crash', level: 'error', stamp: { kind: 'utc', ms: 1750173631273 } },
      { signal: 'app.start' },
    ],
  },
  {
    input: [
      '[2026-11-20T10:11:12,345][ERROR][o.e.b.Elasticsearch      ] [node-1] fatal exception while booting Elasticsearch',
      'java.lang.IllegalStateException: failed to obtain node locks, tried [/usr/share/elasticsearch/data]; maybe these locations are not writable or multiple nodes were started on the same data path?',
      '[2026-11-20T10:11:13,345][ERROR][o.e.b.Elasticsearch      ] [node-1] node validation exception',
      'bootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]',
    ].join('\n'),
    shows: 'Elasticsearch refuses to start',
    records: [
      { signal: 'app.crash', level: 'error' },
      { signal: 'app.error', level: 'error' },
      { signal: 'app.crash' },
    ],
  },
  {
    input:
      '2025-09-05 10:25:29.222 ERROR 1 --- [nio-8080-exec-1] c.e.tickets.Server : java.lang.OutOfMemoryError: Java heap space',
    shows: 'Spring Boot',
    records: [
      {
        signal: 'app.out-of-memory',
        level: 'error',
        stamp: { kind: 'local', ms: Date.UTC(2025, 8, 5, 10, 25, 29, 222) },
      },
    ],
  },
  {
    input: [
      '2025-09-05 10:25:29,222 ERROR django.request Internal Server Error: /checkout/',
      'Traceback (most recent call last):',
      '  File "/srv/app/views.py", line 7, in report',
      'django.db.utils.OperationalError: could not connect to server: Connection refused',
      '2025-09-05 10:25:30,001 INFO django.server all well',
    ].join('\n'),
    shows: 'Python: the traceback belongs to the entry',
    records: [
      { signal: 'app.db-error', line: 1 },
      { signal: 'app.chatter', line: 5 },
    ],
  },
  {
    input:
      '{"severity":"ERROR","timestamp":"2025-09-05T10:25:29.222Z","message":"connect ECONNREFUSED 127.0.0.1:6379"}',
    shows: 'Redis does not answer',
    records: [{ signal: 'app.cache-error', stamp: { kind: 'utc', ms: Date.UTC(2025, 8, 5, 10, 25, 29, 222) } }],
  },
  {
    input:
      '{"level":"error","ts":1757067929.25,"caller":"api/main.go:7","msg":"checkout failed","error":"context deadline exceeded"}',
    shows: 'zap: another service does not answer',
    records: [{ signal: 'app.http-dependency', stamp: { kind: 'utc', ms: 1757067929250 } }],
  },
  {
    input: 'Nov 20 08:19:33 web01 node[812]: Error: listen EADDRINUSE: address already in use :::3000',
    shows: 'a Node application under systemd',
    records: [{ signal: 'app.port-in-use', subject: 'node', server: 'web01' }],
  },
  {
    input:
      "[2025-09-05 10:25:29] production.ERROR: SQLSTATE[HY000] [1045] Access denied for user 'shop'@'localhost' at /var/www/html/vendor/a.php:70",
    shows: 'Laravel carries PHP’s own messages',
    records: [{ signal: 'php.db-auth', level: 'error' }],
  },
  {
    input: [
      'node:events:502',
      "      throw er; // Unhandled 'error' event",
      '      ^',
      '',
      'Error: connect ECONNREFUSED 127.0.0.1:5432',
      '    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)',
      "Emitted 'error' event on Socket instance at:",
      '    at emitErrorNT (node:internal/streams/destroy:169:8) {',
      "  code: 'ECONNREFUSED'",
      '}',
      '',
      'Node.js v20.20.2',
    ].join('\n'),
    shows: 'Node’s last words: an error that nobody caught',
    records: [{ signal: 'app.db-error', level: 'error', stamp: { kind: 'none' } }],
  },
  {
    input: [
      'Nov 20 08:19:33 web01 node[812]: /srv/app/server.js:12',
      'Nov 20 08:19:33 web01 node[812]:     cart.total.x',
      'Nov 20 08:19:33 web01 node[812]:                ^',
      "Nov 20 08:19:33 web01 node[812]: TypeError: Cannot read properties of undefined (reading 'x')",
      'Nov 20 08:19:33 web01 node[812]:     at Timeout._onTimeout (/srv/app/server.js:12:9)',
      'Nov 20 08:19:33 web01 node[812]: Node.js v20.20.2',
      'Nov 20 08:19:34 web01 node[813]: Traceback (most recent call last):',
      'Nov 20 08:19:34 web01 node[813]:   File "/srv/app/views.py", line 7, in report',
      'Nov 20 08:19:34 web01 node[813]: ValueError: no such item',
      'Nov 20 08:19:35 web01 node[813]: listening on 3000',
    ].join('\n'),
    shows: 'the same under systemd, and Python’s traceback: one record each',
    records: [
      { signal: 'app.crash', line: 1, server: 'web01' },
      { signal: 'app.error', line: 7 },
      { signal: 'app.start', line: 10 },
    ],
  },
  {
    input: '2025/09/05 10:25:29 panic: runtime error: invalid memory address or nil pointer dereference',
    shows: 'Go’s standard logger',
    records: [{ signal: 'app.crash' }],
  },
  {
    input: [
      'info: Microsoft.Hosting.Lifetime[14]',
      '      Now listening on: http://[::]:80',
      'fail: Microsoft.AspNetCore.Server.Kestrel[13]',
      '      Connection id "0HMD", Request id "0HMD:00000002": An unhandled exception was thrown by the application.',
      '      Npgsql.NpgsqlException (0x80004005): Failed to connect to 127.0.0.1:5432',
      '       ---> System.Net.Sockets.SocketException (111): Connection refused',
    ].join('\n'),
    shows: '.NET’s console logger: the message stands below level and category',
    records: [
      { signal: 'app.start', level: 'info', stamp: NO_STAMP },
      { signal: 'app.db-error', level: 'error' },
    ],
  },
  {
    input: [
      '[11:54:23 INF] Main: Kestrel listening on all interfaces',
      '[11:54:23] [FTL] [1] Main: Unable to start Kestrel.',
      'System.IO.IOException: Failed to bind to address http://[::]:8096: address already in use.',
      '05:11:20.438 [error] GenServer #PID<0.2576.0> terminating',
      '** (ArgumentError) argument error',
      '(postgrex) lib/postgrex/protocol.ex:473: Postgrex.Protocol.connect/5',
      '05:11:21.438 [main] INFO  com.example.App - Started App in 4.2 seconds',
    ].join('\n'),
    shows: 'Serilog, Elixir, logback: the time of day without the day',
    records: [
      { signal: 'app.start', level: 'info', stamp: NO_STAMP },
      { signal: 'app.port-in-use', level: 'fatal' },
      { signal: 'app.error', level: 'error' },
      { signal: 'app.start', level: 'info' },
    ],
  },
  {
    input: [
      'panic: runtime error: invalid memory address or nil pointer dereference',
      '[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x7a2d1c]',
      '',
      'goroutine 1 [running]:',
      'net/http.(*conn).serve.func1()',
      '\t/usr/local/go/src/net/http/server.go:1850 +0xbf',
      'main.main()',
      '\t/srv/app/main.go:42 +0x1dc',
      'exit status 2',
      "thread 'main' (16639) panicked at src/main.rs:5:10:",
      'called `Result::unwrap()` on an `Err` value: Os { code: 98, kind: AddrInUse, message: "Address already in use" }',
      'note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace',
    ].join('\n'),
    shows: 'the last words of Go and Rust: one entry each',
    records: [{ signal: 'app.crash', stamp: NO_STAMP }, { signal: 'app.port-in-use' }],
  },
  {
    input: [
      '<--- Last few GCs --->',
      '[7:0x7f7715461030] 10182196 ms: Mark-sweep (reduce) 1892.7 (2089.2) -> 1889.0 (2089.2) MB, 3408.9 / 0.0 ms  (average mu = 0.498, current mu = 0.357) allocation failure; scavenge might not succeed',
      '<--- JS stacktrace --->',
      'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
      ' 1: 0xb7b3e0 node::Abort() [node]',
    ].join('\n'),
    shows: 'V8 with a full heap',
    records: [{ signal: 'app.out-of-memory' }],
  },
  {
    input: [
      '[2026-11-20 09:56:50 $18061.0]\tWARNING\tServer::check_worker_exit_status(): worker(pid=18068, id=2) abnormal exit, status=0, signal=11',
      'A bug occurred in Swoole-v5.0.2, please report it.',
      "The Swoole developers probably don't know about it,",
      '',
      'OS: Linux 6.1.0-31-amd64 #1 SMP Debian 6.1.128-1 x86_64',
      'PHP_VERSION : 8.1.1',
      '[2026-11-20 09:57:50 $18061.0]\tWARNING\tServer::check_worker_exit_status(): worker(pid=18069, id=2) abnormal exit, status=255, signal=0',
    ].join('\n'),
    shows: 'Swoole: a worker that crashed, one that ended on a fatal error',
    records: [
      { signal: 'app.crash', level: 'warn', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 9, 56, 50) } },
      { signal: 'app.worker-exit' },
    ],
  },
  {
    input:
      '2026-11-20 07:15:08,528 697990 WARNING shop odoo.service.server: Thread <Thread(odoo.service.http.request.140477819664128, started 140477819664128)> virtual real time limit (151/120s) reached.',
    shows: 'Odoo with threads',
    records: [{ signal: 'app.worker-timeout' }],
  },
  {
    input: 'App 812 output: Error: connect ECONNREFUSED 127.0.0.1:5432',
    shows: 'what an application wrote under Passenger',
    records: [{ signal: 'app.db-error', stamp: NO_STAMP }],
  },
  {
    input: [
      '[Nest] 1877  - 04/18/2023, 4:38:43 PM   ERROR [RedisIoAdapter] Redis pubClient: Error: connect ECONNREFUSED 127.0.0.1:6379',
      '[4/23/2020] [3:02:34 PM] [Global   ] › ✖  error     connect EHOSTUNREACH 172.18.0.2:3306',
      '[nitro] [unhandledRejection] Error: connect ECONNREFUSED 192.0.2.5:8080',
      ' ⨯ unhandledRejection: TypeError: fetch failed',
      ' ✓ Ready in 123ms',
      'ERROR:root:Uncaught exception',
      'logger=http.server t=2026-11-20T20:02:23.295849012Z level=info msg="HTTP Server Listen" address=[::]:3000',
      '(node:761) [DEP0018] DeprecationWarning: Unhandled promise rejections are deprecated.',
    ].join('\n'),
    shows: 'Nest, signale (Nginx Proxy Manager), Nuxt, Next.js, Python’s own logging, Grafana, Node’s warnings',
    records: [
      { signal: 'app.cache-error', stamp: { kind: 'local', ms: Date.UTC(2023, 3, 18, 16, 38, 43) }, level: 'error' },
      { signal: 'app.db-error', stamp: { kind: 'local', ms: Date.UTC(2020, 3, 23, 15, 2, 34) }, level: 'error' },
      { signal: 'app.http-dependency', stamp: NO_STAMP },
      { signal: 'app.http-dependency', level: 'error' },
      { signal: 'app.start' },
      { signal: 'app.crash' },
      { signal: 'app.chatter', stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 20, 2, 23, 295) } },
      { signal: 'app.chatter' },
    ],
  },
  {
    input: [
      '[Nest] 17  - 01/15/2025, 1:11:45 PM   ERROR [ExceptionHandler] cannot begin',
      'Error: getaddrinfo ENOTFOUND database',
      '    at GetAddrInfoReqWrap.onlookupall [as oncomplete] (node:dns:120:26)',
      '[Nest] 17  - 01/15/2025, 1:11:46 PM   ERROR [ApiService] cannot begin',
      'Error: the plugin is not known',
      'api worker exited with code 1',
    ].join('\n'),
    shows:
      'an error without a name of its own below its entry: one that tells something is an entry, another belongs to it',
    records: [
      { signal: 'app.error', line: 1 },
      { signal: 'app.db-error', line: 2, values: { server: 'database' } },
      { signal: 'app.error', line: 4 },
      { signal: 'app.worker-exit', line: 6 },
    ],
  },
  {
    input: [
      '{"reqId":"ZF4AAAB","level":3,"time":"2026-11-20T10:14:22+00:00","app":"PHP","url":"/status.php","message":"Allowed memory size of 536870912 bytes exhausted (tried to allocate 20480 bytes) at /var/www/html/lib/a.php#123"}',
      '{"message":"Signed in","context":{},"level":200,"level_name":"INFO","channel":"app","datetime":"2026-11-20T10:14:23.000000+00:00"}',
      '[2026-11-20T10:14:23.123456+00:00] php.CRITICAL: Fatal Error: Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) {"exception":"[object] (Symfony\\\\Component\\\\ErrorHandler\\\\Error\\\\OutOfMemoryError(code: 0))"} []',
    ].join('\n'),
    shows: 'Nextcloud, Monolog, Symfony: levels as numbers, and memory_limit',
    records: [
      { signal: 'php.memory-limit', level: 'error', values: { limitBytes: 536870912 } },
      { signal: 'app.chatter', level: 'info' },
      { signal: 'php.memory-limit', level: 'fatal' },
    ],
  },
  {
    input: [
      '[2026-11-20 10:14:22] production.ERROR: SQLSTATE[HY000] [2002] Connection refused {"exception":"[object] (PDOException(code: 2002): SQLSTATE[HY000] [2002] Connection refused at /srv/app/Connector.php:70)',
      '[stacktrace]',
      '#0 /srv/app/Connection.php(672): run()',
      '[previous exception] [object] (PDOException(code: 2002): SQLSTATE[HY000] [2002] Connection refused',
      '"} ',
    ].join('\n'),
    shows: 'Laravel: one entry with all its sections',
    records: [{ signal: 'app.db-error' }],
  },
  {
    input: [
      "F, [2026-11-20T10:14:22.223456 #812] FATAL -- : [0b4be1f2-8c1d-4c7e-9a51-3f5c6a7b8c9d] ActionView::Template::Error (undefined method `x' for nil:NilClass):",
      '[0b4be1f2-8c1d-4c7e-9a51-3f5c6a7b8c9d]     1: <div>',
      'Internal Server Error: /cart',
      'Traceback (most recent call last):',
      '  File "/app/views.py", line 3, in f',
      'redis.exceptions.ConnectionError: Error 111 connecting to redis:6379. Connection refused.',
    ].join('\n'),
    shows: 'Rails and Django: an exception that was answered with 500 ends nothing',
    records: [{ signal: 'app.error', level: 'fatal' }, { signal: 'app.cache-error' }],
  },
  {
    input: [
      'Server listening on port 3000',
      'TypeError: fetch failed',
      '    at node:internal/deps/undici/undici:14976:13',
      '    at async /srv/app/server.js:6:20 {',
      '  [cause]: Error: connect ECONNREFUSED 192.0.2.7:443',
      '}',
      'Error: read ECONNRESET',
      '    at TCP.onStreamRead (node:internal/stream_base_commons:217:20)',
      'Could not get a quote: timeout of 2000ms exceeded',
      'Could not get a quote: timeout of 2000ms exceeded',
    ].join('\n'),
    shows: 'Express without any time: each error is one of its own, and so is a line that tells of another service',
    records: [
      { signal: 'app.start' },
      { signal: 'app.http-dependency', level: 'error', line: 2 },
      { signal: 'app.error', line: 7 },
      { signal: 'app.http-dependency', line: 9 },
      { signal: 'app.http-dependency', line: 10 },
    ],
  },
  {
    input: [
      'Nov 20, 2026 8:14:38 AM org.apache.catalina.core.StandardWrapperValve invoke',
      'SEVERE: Servlet.service() for servlet [shop] in context with path [] threw exception',
      'java.net.http.HttpTimeoutException: request timed out',
      '\tat java.net.http/jdk.internal.net.http.HttpClientImpl.send(HttpClientImpl.java:574)',
      'Nov 20, 2026 1:14:39 PM org.apache.coyote.AbstractProtocol start',
      'INFO: Starting ProtocolHandler ["http-nio-8080"]',
    ].join('\n'),
    shows: 'java.util.logging: the message stands below its time',
    records: [
      {
        signal: 'app.http-dependency',
        level: 'error',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 14, 38) },
      },
      { signal: 'app.chatter', level: 'info', stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 13, 14, 39) } },
    ],
  },
  {
    input: 'error: quote failed {"code":"ECONNRESET","error":"socket hang up","timestamp":"2026-11-20T08:14:38.943Z"}',
    shows: 'winston: its time stands behind the message',
    records: [
      {
        signal: 'app.http-dependency',
        level: 'error',
        stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 14, 38, 943) },
      },
    ],
  },
];
