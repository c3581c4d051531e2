import type { SignalId } from '../../vocabulary/signals.ts';
import { LONGEST_MATCHED } from '../entry.ts';
import { MessageFinder } from '../message-finder.ts';
import type { AppMessage } from './app-message.ts';
import { CLIENT_MESSAGES } from './client-messages.ts';
import { groupValues } from './group-values.ts';

/**
 * What applications say, in the order in which it is tried: a table of data, and as long as they have words. A pattern needs four or more
 * plain characters in each of its ways to match: one that has fewer in any is tried on every line (`MessageFinder`). Source: the messages
 * of Node, the JVM, Python, Go, Ruby, .NET, uWSGI and their usual database drivers; Heroku’s documentation of its own.
 */
export const APP_MESSAGES: readonly AppMessage[] = [
  {
    // Symfony wraps it in an OutOfMemoryError of its own.
    signal: 'php.memory-limit',
    pattern:
      /Allowed memory size of (?<limitBytes>\d{1,15}) bytes exhausted(?: \(tried to allocate (?<triedBytes>\d{1,15}) bytes)?/,
    certain: true,
    sample: 'Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes)',
  },
  {
    signal: 'app.out-of-memory',
    pattern:
      /JavaScript heap out of memory|<--- Last few GCs --->|OutOfMemoryError|Reached heap limit|Ineffective mark-compacts|FATAL ERROR: .{0,80}Allocation failed|fatal error: (?:runtime: )?out of memory|runtime: out of memory|^MemoryError\b|[\s:]MemoryError\b|NoMemoryError|System\.OutOfMemoryException|Cannot allocate memory|GC overhead limit exceeded|std::bad_alloc|memory allocation of \d{1,20} bytes failed/,
    certain: true,
    sample: 'java.lang.OutOfMemoryError: Java heap space',
  },
  {
    // The first bytes of a TLS hello where a request was to begin, as programs escape them (gunicorn, Python’s http.server, Tomcat); and
    // the words of Puma and of Django’s own server for it.
    signal: 'app.got-tls',
    pattern:
      /['"[]\\x16\\x03\\x0[0-4]|\\u0016\\u0003\\u000[0-4]|method name \[0x160x030x0|SSL connection to a non-SSL Puma\b|\bserver over HTTPS, but it only supports HTTP\b/,
    certain: true,
    sample: "code 400, message Bad request syntax ('\\x16\\x03\\x01\\x02')",
  },
  {
    // Go’s net/http (in its log, and what it answers), Python’s ssl and Node with OpenSSL, Netty with the hex of GET, POST and HEAD, Open Liberty.
    signal: 'app.got-plain',
    pattern:
      /TLS handshake error from \S{1,80}: (?:tls: first record does not look like a TLS handshake|client sent an HTTP request to an HTTPS server)|\[SSL: HTTP_REQUEST\]|\bERR_SSL_HTTP_REQUEST\b|not an SSL\/TLS record: (?:474554|504f5354|48454144)|CWWKO0801E: .{0,400}plaintext connection\?|^Client sent an HTTP request to an HTTPS server\.?$/,
    certain: true,
    sample: 'http: TLS handshake error from 192.0.2.7:41234: tls: first record does not look like a TLS handshake',
  },
  {
    // Go’s net/http: of a server that has no certificate no handshake succeeds.
    signal: 'app.no-certificate',
    pattern: /\bTLS handshake error from \S{1,80} ?: tls: no certificates configured/,
    certain: true,
    sample: 'http: TLS handshake error from 192.0.2.7:41234: tls: no certificates configured',
  },
  {
    // Whoever asked does not trust the certificate: the proxy before it, or a visitor.
    signal: 'app.certificate-refused',
    pattern:
      /\bTLS handshake error from \S{1,80} ?: remote error: (?:tls: )?(?:(?:bad|unknown|expired|revoked|unsupported) certificate|unknown certificate authority)/,
    certain: true,
    sample: 'http: TLS handshake error from 192.0.2.7:41234: remote error: tls: bad certificate',
  },
  {
    // The same of clients that went away before they had begun: health checks of load balancers, and scanners.
    signal: 'app.client-handshake',
    pattern: /\bTLS handshake error from \S{1,80} ?: (?:EOF|(?:read|write) tcp \S{1,200}: )/,
    certain: true,
    sample: 'http: TLS handshake error from 192.0.2.7:41234: EOF',
  },
  {
    // Those that speak what is long out of use.
    signal: 'app.chatter',
    pattern:
      /\bTLS handshake error from \S{1,80} ?: tls: (?:client offered only unsupported versions|unsupported SSLv2|no cipher suite supported by both)/,
    certain: true,
    sample: 'http: TLS handshake error from 192.0.2.7:41234: tls: client offered only unsupported versions: [301]',
  },
  {
    // Go's fasthttp (`header.go`), which Authelia and Fiber use: a connection that was kept open, and no request came any more.
    signal: 'app.chatter',
    pattern: /\berror when reading request headers: (?:EOF\b|(?:read|write) tcp \S{1,200}: )/,
    certain: true,
    sample:
      'error when reading request headers: read tcp 192.0.2.6:9091->192.0.2.4:40968: i/o timeout. Buffer size=274, contents: ""',
  },
  {
    signal: 'app.port-in-use',
    // The last is unicorn’s (`SocketHelper#bind_listen`), which does not pass on what the system said.
    pattern:
      /EADDRINUSE|[Aa]ddress already in use|Port (?<port>\d{1,5}) (?:was|is) already in use|Failed to start server\. Is port \d{1,5} in use\?|adding listener failed addr=\S{1,200} \(in use\)/,
    certain: true,
    sample: 'Error: listen EADDRINUSE: address already in use :::3000',
  },
  {
    // Laravel (up to 7), Magento, Nextcloud.
    signal: 'app.maintenance',
    pattern:
      /\bMaintenanceModeException\b|\bthe maintenance mode is enabled\b|\bOC\\ServiceUnavailableException\b.{0,80}\bmaintenance mode\b/i,
    certain: true,
    sample: 'Magento\\Framework\\Exception\\LocalizedException: Unable to proceed: the maintenance mode is enabled.',
  },
  {
    // Tomcat (`StandardService`): of this port nobody listens, whatever else came up.
    signal: 'app.not-listening',
    pattern:
      /\bFailed to (?:start|initialize) (?:connector|component) \[Connector\[[^\]\n]{1,120}?-(?:nio-|apr-)?(?<port>\d{1,5})\]\]|\bThe AJP Connector is configured with secretRequired="true" but the secret attribute is /,
    certain: true,
    sample: 'Failed to start component [Connector[AJP/1.3-8009]]',
  },
  {
    // Heroku, Google Cloud Run, Azure App Service, Render.
    signal: 'app.not-listening',
    pattern:
      /\bWeb process failed to bind to \$PORT within \d|failed to start and listen on the port defined (?:provided )?by the PORT\b|didn't respond to HTTP pings on port: ?(?<port>\d{1,5})|Port scan timeout reached, no open (?:HTTP )?ports detected/,
    certain: true,
    sample: 'Error R10 (Boot timeout) -> Web process failed to bind to $PORT within 60 seconds of launch',
  },
  {
    // Erlang and Elixir write the system's word in small letters: `{error,emfile}`, `:emfile`, `message: "emfile"`.
    signal: 'app.too-many-files',
    pattern: /\bEMFILE\b|\bENFILE\b|[Tt]oo many open files|[:"]e[mn]file\b|, ?e[mn]file\}/,
    certain: true,
    sample: 'Error: EMFILE: too many open files, open /srv/app/a.txt',
  },
  {
    signal: 'app.disk-full',
    pattern: /\bENOSPC\b|[Nn]o space left on device|There is not enough space on the disk/,
    certain: true,
    sample: 'Error: ENOSPC: no space left on device, write',
  },
  {
    // urllib3 (`HTTPConnectionPool._put_conn`): one connection to a web service more than it keeps; it was used, and is closed.
    signal: 'app.chatter',
    pattern: /\b[Cc]onnection pool is full, discarding connection\b/,
    certain: true,
    sample: 'Connection pool is full, discarding connection: api.example.net. Connection pool size: 10',
  },
  {
    // Netdata’s collectors try each usual address of a server that they might watch.
    signal: 'app.chatter',
    pattern: /\bpython\.d (?:FATAL|ERROR|WARNING|INFO): |\bplugin=go\.d\b/,
    certain: true,
    sample: "python.d ERROR: mysql[socket1] : Can't connect to local MySQL server through socket '/tmp/mysql.sock' (2)",
  },
  {
    // What watches an application sends its reports beside the requests, and goes on without: OpenTelemetry, Sentry, Datadog, Jaeger.
    signal: 'app.chatter',
    pattern:
      /\bopentelemetry\.(?:exporter|sdk)\b|\bOTLP\w{0,20}Exporter|\bingest\.(?:\w{2}\.)?sentry\.io\b|\bsentry_sdk\.errors\b|\bddtrace\.internal\.writer\b|\bjaeger_tracing\b|[Ff]ailed to (?:export (?:traces|metrics|logs|spans)\b|flush Jaeger spans)/,
    certain: true,
    sample: 'OTLPExporterError: connect ECONNREFUSED 127.0.0.1:4318',
  },
  {
    // redis-py's pool (`ConnectionPool.make_connection`) says with the words of MySQL's server that its own limit is reached.
    signal: 'app.cache-error',
    pattern:
      /\bredis\.exceptions\.(?:MaxConnections|Connection)Error: (?:Too many connections$|No connection available\b)|\bMemcacheError: All servers seem to be down\b/m,
    certain: true,
    sample: 'redis.exceptions.MaxConnectionsError: Too many connections',
  },
  {
    // The server itself turns away, with SQLSTATE 53300 and 08004.
    signal: 'app.db-too-many',
    pattern:
      /too many clients already|remaining connection slots|Too many connections|ER_CON_COUNT_ERROR|max_user_connections|too many connections for (?:role|database)|sorry, too many clients|no more connections allowed/,
    certain: true,
    sample: 'error: sorry, too many clients already',
  },
  {
    // A pool that gave nobody a connection, and said below why: HikariCP and Tomcat's DBCP with what the driver threw, MariaDB's connector
    // for Node with a pool that has no connection at all, node-postgres of a connection that it could not open in time.
    signal: 'app.db-error',
    pattern:
      /\bConnection is not available, request timed out after \d[\s\S]{0,6000}?(?:^|Caused by: )(?:java\.net\.(?:Connect|UnknownHost|NoRouteToHost|SocketTimeout)Exception\b|java\.sql\.SQL(?:NonTransient|Transient)?ConnectionException: (?!\S{1,60} - Connection is not available)|org\.postgresql\.util\.PSQLException: (?:Connection|The connection|FATAL: ))|\bCannot create PoolableConnectionFactory \(|\bpool timeout: failed to (?:retrieve|create) a connection from pool after \d{1,9}ms\s{1,12}\(pool connections: active=0 idle=0 |\bConnection terminated due to connection timeout\b/m,
    certain: true,
    sample: 'Cannot create PoolableConnectionFactory (Could not connect to address=(host=db.example.com)(port=3306))',
  },
  {
    // The application's own pool had none left in time: SQLAlchemy, HikariCP, Sequelize, knex (tarn), Prisma, ActiveRecord, Ecto, .NET,
    // JBoss, node-postgres; psycopg_pool, Sequel, mysqljs and mysql2, MariaDB's connector, Tomcat's pool and DBCP, r2d2 and bb8, Agroal.
    signal: 'app.db-pool',
    pattern:
      /QueuePool limit of size|Connection is not available, request timed out after|[Tt]imeout (?:acquiring|exceeded when trying to connect)|TimeoutError: Knex|Timed out fetching a new connection from the (?:connection )?pool|\bSequelizeConnectionAcquireTimeoutError\b|pool exhausted|[Pp]ool (?:is )?(?:timed out|full|exhausted)|ConnectionPoolTimeoutException|[Cc]onnection pool (?:(?:is|has been) )?(?:exhausted|timeout|full)|could not obtain a (?:database )?connection|ActiveRecord::ConnectionTimeoutError|max pool size was reached|Connection Pool Is Full|connection not available and request was dropped from queue|IJ000655: |No managed connections available within|\bIn-use connections equal max-pool-size\b|MaxConnsReached|\bPoolTimeout: couldn't get a connection after \d|\bTooManyRequests: the pool \S{1,80} has already \d|\bSequel::PoolTimeout\b|^(?:Error: )?Queue limit reached\.?$|\bpool timeout: failed to (?:retrieve|create) a connection from pool after \d|\bTimeout: Pool empty\. Unable to fetch a connection in \d|\bCannot get a connection, pool error Timeout waiting for idle object\b|\btimed out waiting for connection: |\bTimeout waiting for database connection\b|\bAcquisition timeout while waiting for new connection\b|[/\\]asyncpg[/\\]pool\.py", line \d{1,6}, in _acquire_impl\n {1,12}ch = await self\._queue\.get\(\)/m,
    certain: true,
    sample:
      'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00',
  },
  {
    // Python’s drivers name by one word what a database that answers may refuse: a table that is not there, a lock, a time limit.
    signal: 'app.error',
    pattern:
      /OperationalError\b[^\n]{0,80}?(?:\bno such (?:table|column|index): |\bdatabase (?:table )?is locked\b|\battempt to write a readonly database\b|\bnear "|\((?:1054|1146|1205|1213), ['"]|\bdeadlock detected\b|\bcanceling statement due to\b|\bcould not serialize access\b)/,
    certain: true,
    sample: 'django.db.utils.OperationalError: no such table: auth_user',
  },
  {
    signal: 'app.db-error',
    pattern:
      /(?:connect )?E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|TIMEDOUT|CONNRESET) \S{1,200}:(?:3306|5432|27017|1433|6432|1521)\b|(?:psycopg2?|pymysql|MySQLdb|asyncpg|sqlalchemy|django\.db|peewee)\S{0,60}(?:OperationalError|InterfaceError|ConnectionDoesNotExist)|OperationalError: \(?(?:2002|2003|2006|2013|could not|connection|server closed|\(2)|PG::(?:ConnectionBad|UnableToSend)|Mysql2::Error::ConnectionError|SequelizeConnection(?:Refused)?Error|SequelizeHostNotFoundError|Mongo(?:Network|ServerSelection|oServerSelection)\w{0,20}Error|MongooseServerSelectionError|Can't reach database server|PrismaClientInitializationError|CommunicationsException|Communications link failure|JDBCConnectionException|SQLTransientConnectionException|PSQLException: (?:Connection|The connection|FATAL)|Connection to \S{1,200}:(?:3306|5432|1433|1521|27017) refused|connection to server (?:at|on socket) .{1,200} failed|could not connect to server|server closed the connection unexpectedly|MySQL server has gone away|Lost connection to MySQL|Can't connect to (?:local )?(?:MySQL |MariaDB )?server|PROTOCOL_CONNECTION_LOST|the database system is (?:starting up|shutting down|in recovery|not (?:yet )?accepting connections)|terminating connection due to|SQLSTATE\[(?:HY000|08\w{3})\] ?\[(?:2002|2006|7)\]|driver: bad connection|SqlException.{0,80}(?:network-related|Timeout expired)|database (?:is )?(?:unreachable|unavailable|not reachable|connection (?:failed|lost|refused|error|timed out))|\bPostgreSQL connection failed, retrying\b|(?:failed|unable|can ?not|could not|can't) (?:to )?(?:connect|reach) (?:to )?(?:the )?(?:database|db|postgres|mysql|mongo)|Postgrex\.Protocol \(\S{1,40}\) failed to connect|MyXQL\.Connection \(\S{1,40}\) failed to connect|DBConnection\.ConnectionError\) (?:tcp|ssl|connection|socket) |NpgsqlException \(0x\w{1,8}\): (?:Failed to connect|Exception while)|Unable to connect to any of the specified MySQL hosts|IJ031084: |Error establishing a database connection|^MySQL Connection Error: \(\d{4}\)|mysqli(?:::mysqli|_connect|::real_connect|_real_connect)\(\): \(HY000\/20\d\d\)|dial tcp \S{1,200}:(?:3306|5432|27017|1433)\S{0,2} (?:connect|getsockopt|i\/o timeout)/i,
    certain: true,
    sample: 'Error: connect ECONNREFUSED 127.0.0.1:5432',
  },
  {
    // MongoDB's drivers for Python, Java, Go, PHP, and Mongoose; its shell, and its driver for Node before 4.
    signal: 'app.db-error',
    pattern:
      /(?:[Ff]ailed to|[Cc]ouldn't) connect to (?:server )?\[?\S{1,200}:27017\b|\bServerSelectionTimeoutError\b|com\.mongodb\.Mongo(?:Timeout|Socket\w{1,12})Exception|server selection (?:error|timeout)|No suitable servers found|Operation `[^`]{1,200}` buffering timed out after/,
    certain: true,
    sample: 'MongooseError: Operation `users.findOne()` buffering timed out after 10000ms',
  },
  {
    // A database that turns the application away, and one whose name does not resolve: PostgreSQL’s and MySQL’s own texts, libpq’s, Prisma’s.
    signal: 'app.db-error',
    pattern:
      /\b(?:password|Ident|Peer|SCRAM) authentication failed for user "|\bno pg_hba\.conf entry for host "|\bAccess denied for user '[^'\n]{0,80}'@'[^'\n]{1,255}' \(using password: |\bcould not translate host name "|\bAuthentication failed against (?:the )?database server\b/,
    certain: true,
    sample: 'error: password authentication failed for user "umami"',
  },
  {
    // A name that does not resolve, of which compose files and charts have it that it is a database’s.
    signal: 'app.db-error',
    pattern:
      /(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN) |dial tcp: lookup )(?<server>(?:[\w.-]{0,60}[-_.])?(?:db|database|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?)(?:[-_.][\w.-]{0,100})?)(?=[\s,;:'"]|$)/,
    certain: true,
    sample: 'Error: getaddrinfo ENOTFOUND immich_database',
  },
  {
    signal: 'app.cache-error',
    pattern:
      /(?:getaddrinfo (?:ENOTFOUND|EAI_AGAIN) |dial tcp: lookup )(?<server>(?:[\w.-]{0,60}[-_.])?(?:redis|valkey|memcached?)(?:[-_.][\w.-]{0,100})?)(?=[\s,;:'"]|$)/,
    certain: true,
    sample: 'Error: getaddrinfo EAI_AGAIN redis',
  },
  {
    // Python's asyncio (`create_connection`) where every address of a name was tried; the port is that of a database.
    signal: 'app.db-error',
    pattern: /\bConnect call failed \('[^'\n]{1,60}', (?:3306|5432|6432|27017|1433|1521)\b/,
    certain: true,
    sample:
      "OSError: Multiple exceptions: [Errno 111] Connect call failed ('::1', 5432, 0, 0), [Errno 111] Connect call failed ('192.0.2.4', 5432)",
  },
  {
    signal: 'app.cache-error',
    pattern: /\bConnect call failed \('[^'\n]{1,60}', (?:6379|6380|26379|11211)\b/,
    certain: true,
    sample: "ConnectionRefusedError: [Errno 111] Connect call failed ('192.0.2.4', 6379)",
  },
  {
    // MongoDB's driver for Node, after it gave up: its picture of the servers is closed, or its connections were thrown away.
    signal: 'app.db-error',
    pattern: /\bMongo(?:TopologyClosed|PoolCleared|NotConnected)Error\b/,
    certain: true,
    sample: 'MongoTopologyClosedError: Topology is closed',
  },
  {
    // node-redis (`errors.ts`) and ioredis (`Redis.ts`), of a connection that is gone or was not made again.
    signal: 'app.cache-error',
    pattern:
      /\bClientOfflineError\b|^(?:Error: )?The client is offline$|\bSocketClosedUnexpectedlyError\b|\bReconnectStrategyError\b|\bStream isn't writeable and enableOfflineQueue options is false\b/m,
    certain: true,
    sample: 'SocketClosedUnexpectedlyError: Socket closed unexpectedly',
  },
  {
    // Node names where it could not connect to; these words without an address are those of mysqljs, mysql2 and ioredis, which tell none.
    signal: 'app.error',
    pattern: /^ {0,4}(?:\[?\w{1,8}\]?:? {1,4})?(?:Error: )?connect ETIMEDOUT *(?=\n|$)/,
    certain: true,
    sample: 'Error: connect ETIMEDOUT',
  },
  {
    // postgres.js (`errors.js`): a connection that was not made or did not last, with where it went.
    signal: 'app.db-error',
    pattern: /\bwrite (?:CONNECT_TIMEOUT|CONNECTION_(?:CLOSED|ENDED|DESTROYED)) (?<server>\S{1,260})/,
    certain: true,
    sample: 'microservices worker error: Error: write CONNECT_TIMEOUT database:5432',
  },
  {
    // Redis’ own answers, passed on (`server.c`): it is there, and turns the application away; redis-py leaves out the word before them.
    signal: 'app.cache-error',
    pattern:
      /\bNOAUTH Authentication required|\bredis\.exceptions\.AuthenticationError: |\bWRONGPASS invalid username-password pair|\bYou can't write against a read only (?:replica|slave)\b|\b(?:Redis|Valkey) is loading the dataset in memory|\bMASTERDOWN Link with MASTER is down|\bERR max number of clients reached|\bERR Protocol error: unauthenticated (?:multi)?bulk length\b/,
    certain: true,
    sample: 'ReplyError: NOAUTH Authentication required.',
  },
  {
    // Predis (`AbstractConnection::createExceptionMessage`): what the system said, and the server in brackets.
    signal: 'app.cache-error',
    pattern:
      /(?:\b(?:refused|timed out|reset by peer|requested address|unreachable|not known|denied|[Nn]o such file or directory|[Nn]o route to host|failed[^[\n]{0,120})|from the server\.) \[(?:tcp|tls|unix|rediss?):(?:\/\/)?(?<server>[^\]\s]{1,260})\]/,
    certain: true,
    sample: 'Connection refused [tcp://127.0.0.1:6379]',
  },
  {
    // Magento’s client (Credis), and phpredis below it.
    signal: 'app.cache-error',
    pattern:
      /\bConnection to Redis (?<server>\S{1,260}) failed after \d{1,4} failures|\bread error on connection to \S{1,260}/,
    certain: true,
    sample: 'Connection to Redis redis:6379 failed after 2 failures.Last Error : (1) Connection refused',
  },
  {
    // Redis’ own answer, passed on: it is there, has no memory left for it, and turns the application away.
    signal: 'app.cache-error',
    pattern:
      /\bOOM command not allowed when used memory > 'maxmemory'|\bcommand not allowed when used memory > 'maxmemory'/,
    certain: true,
    sample: "ReplyError: OOM command not allowed when used memory > 'maxmemory'.",
  },
  {
    // The same of its disk.
    signal: 'cache.error',
    pattern: /MISCONF (?:Redis|Valkey|Errors)/,
    certain: true,
    sample: 'MISCONF Redis is configured to save RDB snapshots, but is currently not able to persist on disk.',
  },
  {
    signal: 'app.cache-error',
    pattern:
      /E(?:CONNREFUSED|HOSTUNREACH|NETUNREACH|TIMEDOUT|CONNRESET) \S{1,200}:(?:6379|6380|11211|26379)\b|(?:redis|Redis|ioredis|Jedis|Lettuce|lettuce)\S{0,60}(?:ConnectionError|ConnectionException|ConnectionFailureException|ClusterDownException|TimeoutError|CannotConnectError|ReplyError: (?:READONLY|LOADING))|\[ioredis\] (?:Unhandled error|Connection)|MaxRetriesPerRequestError|Dalli::(?:NetworkError|RingError)|dial tcp \S{1,200}:(?:6379|11211)\S{0,2} (?:connect|getsockopt|i\/o timeout)|\bError -?\d{1,3} connecting to \S{1,200}:63(?:79|80)\b|Could not connect to Redis at |Error connecting to Redis on |redis (?:is )?(?:unreachable|unavailable|not reachable|connection (?:failed|lost|refused|error))/,
    certain: true,
    sample: 'redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.',
  },
  {
    // Go’s net/http (`conn.serve`): it recovers what a handler throws and closes that request’s connection; the process lives on.
    signal: 'app.handler-panic',
    pattern: /\bhttp: panic serving \S{1,100}: /,
    certain: true,
    sample: 'http: panic serving 192.0.2.7:41234: runtime error: invalid memory address or nil pointer dereference',
  },
  {
    // A panic that somebody caught, and answered with 500: gin and Echo (their `recovery.go`, `recover.go`), Traefik with its stack.
    signal: 'app.error',
    pattern: /\bpanic recovered:|\bRecovered from panic\b|\[PANIC RECOVER\] |(?:^|msg=")Stack: goroutine \d/,
    certain: true,
    sample: '[Recovery] 2026/11/20 - 08:14:38 panic recovered:',
  },
  {
    // Tornado (`web.py`, log_exception), which answers 500.
    signal: 'app.error',
    pattern: /^Uncaught exception [A-Z]{3,10} \/\S{0,8000} \(/,
    certain: true,
    sample: 'Uncaught exception GET /items (192.0.2.7)',
  },
  {
    // What the runtimes of Go, Node, Deno, Bun, Rust, Java and .NET print as they end, on a line that begins so.
    signal: 'app.crash',
    pattern:
      /^(?:panic: \S|panic\([^)\n]{1,40}\): |(?:Type)?Error \[ERR_(?:MODULE_NOT_FOUND|REQUIRE_ESM|REQUIRE_ASYNC_MODULE|UNKNOWN_FILE_EXTENSION|UNSUPPORTED_DIR_IMPORT|DLOPEN_FAILED)\]: |Error: The module '[^'\n]{1,400}\.node'(?=\n|$)|npm (?:ERR!|error) code ELIFECYCLE|\s?ELIFECYCLE\s{1,3}Command failed with exit code [1-9]|error: script "[^"\n]{1,80}" exited with code [1-9]|error Command failed with exit code [1-9]|bundler: failed to load command: |Error: Could not find a (?:production|valid) build in the '[^'\n]{1,200}' directory\b|\s{0,8}(?:(?:Error:|ERROR|FATAL) {1,4})?No build files found in(?=\s|$)|A server is already running\. Check \/|fatal error: (?:unexpected signal|concurrent map|all goroutines are asleep|stack overflow|runtime: |sync: )|SIG(?:SEGV|ABRT|BUS|ILL|FPE): |thread '[^'\n]{1,80}'(?: \(\d{1,10}\))? panicked at |# A fatal error has been detected by the Java Runtime|Unhandled [Ee]xception[.:] [A-Z]\w{0,60}\.|(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception) \(core dumped\)$|error: Uncaught |[Ee]rror: Cannot find (?:module|package) ['"]|error: Module not found ")/,
    certain: true,
    sample: 'panic: runtime error: invalid memory address or nil pointer dereference',
  },
  {
    // Node, of a socket whose other end reset it; where nobody listens for that, the process ends.
    signal: 'app.crash',
    pattern: /Unhandled 'error' event(?:\n[\s\S]{0,200}?\bError: (?:read ECONNRESET|write EPIPE)\b|$)/,
    certain: true,
    sample: "throw er; // Unhandled 'error' event",
  },
  {
    // The same, written down: it may be a visitor’s as well as that of a service, which Node names only where it could not connect.
    signal: 'app.error',
    pattern: /^(?:\[?\w{1,8}\]?:? {1,4}){0,2}(?:Error: )?read ECONNRESET(?=\n|$)/i,
    certain: true,
    sample: 'Error: read ECONNRESET',
  },
  {
    // Node’s server (`abortIncoming`): the visitor went away in the middle of the request.
    signal: 'app.chatter',
    pattern:
      /^(?:\[?\w{1,8}\]?:? {1,4}){0,2}Error: aborted(?:\n {4}at (?:IncomingMessage\.)?(?:connResetException|abortIncoming|socketOnClose) \(|$)/,
    certain: true,
    sample: 'Error: aborted',
  },
  {
    // RoadRunner’s supervisor (`exec_ttl`) kills a worker that took longer.
    signal: 'app.worker-timeout',
    pattern: /\b(?:supervised_exec_with_context|[Ee]xecTTL|exec_ttl)\b.{0,80}\bcontext deadline exceeded\b/,
    certain: true,
    sample: 'supervised_exec_with_context: context deadline exceeded',
  },
  {
    // RoadRunner (`static_pool.Initialize`): its workers did not come up, so it ends.
    signal: 'app.crash',
    pattern: /\bstatic_pool_(?:initialize|allocate_workers): ?\S|\ballocate workers: context deadline exceeded\b/,
    certain: true,
    sample: 'http_plugin_serve: static_pool_initialize: allocate workers: context deadline exceeded',
  },
  {
    // The clients of a search engine of which no node answers, and PHP’s usual one of any service.
    signal: 'app.http-dependency',
    pattern:
      /\bGuzzleHttp\\Exception\\ConnectException: |\bNoNodes?AvailableException\b|\bNo alive nodes found in your cluster\b|\bno (?:Elasticsearch|OpenSearch) node available\b/i,
    certain: true,
    sample: 'Elasticsearch\\Common\\Exceptions\\NoNodesAvailableException: No alive nodes found in your cluster',
  },
  {
    // http-proxy throws where nobody listens for its errors, and the program ends.
    signal: 'app.crash',
    pattern: /\/http-proxy\/lib\/http-proxy\/index\.js:\d{1,6}\n {1,8}throw err;/,
    certain: true,
    sample:
      '/srv/app/node_modules/http-proxy/lib/http-proxy/index.js:120\n    throw err;\n    ^\n\nError: connect ECONNREFUSED 192.0.2.7:3000',
  },
  ...CLIENT_MESSAGES,
  {
    signal: 'app.http-dependency',
    pattern:
      /\b(?:ECONNREFUSED|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)\b|AxiosError(?!: Request failed with status code [1-4])|FetchError: |fetch failed|Request failed with status code 5\d\d|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT|HeadersTimeoutError|urllib2?\S{0,8}\.(?:URLError|HTTPError: HTTP Error 5)|requests\.exceptions\.(?:ConnectionError|ConnectTimeout|ReadTimeout|Timeout|HTTPError: 5\d\d)|\bHTTPS?ConnectionPool\(host=|urllib3\S{0,60}(?:MaxRetryError|NewConnectionError|ReadTimeoutError|ConnectTimeoutError)|httpx\.(?:ConnectError|ConnectTimeout|ReadTimeout|PoolTimeout)|aiohttp\S{0,40}(?:ClientConnector|ServerTimeout|ServerDisconnected)\w{0,10}Error|java\.net\.(?:SocketTimeoutException|ConnectException|UnknownHostException|NoRouteToHostException)|HttpHostConnectException|ResourceAccessException|feign\.RetryableException|WebClientRequestException|Net::(?:OpenTimeout|ReadTimeout)|Faraday::(?:ConnectionFailed|TimeoutError)|Errno::(?:ECONNREFUSED|ETIMEDOUT)|\[Errno -\d\] (?:Name or service not known|Temporary failure in name resolution|Name does not resolve)|context deadline exceeded|cURL error \d|HttpRequestException|upstream (?:service|api|call) .{0,60}(?:timed out|failed|unavailable)|(?:elasticsearch|opensearchpy|elastic_transport|@elastic\/elasticsearch)\S{0,60}Connection(?:Error|Timeout)|pika\.exceptions\.\w{0,30}Error|\bAMQP(?:Connection|IO|Timeout)\w{0,20}Exception|AmqpConnectException|kombu\.exceptions\.OperationalError|Cannot connect to (?:amqps?|pyamqp):\/\/|circuit ?breaker .{0,60}open|dial tcp:? .{1,200}: (?:i\/o timeout|connect: |getsockopt: |no such host|server misbehaving)/i,
    certain: false,
    sample: 'AxiosError: timeout of 10000ms exceeded',
  },
  {
    // Node's warnings. Up to 14 a rejection that nobody handles ends nothing; from 15 on it is an error, and the process ends.
    signal: 'app.error',
    pattern: /^(?:\(node:\d{1,10}\) )?UnhandledPromiseRejectionWarning: /,
    certain: true,
    sample: '(node:761) UnhandledPromiseRejectionWarning: TypeError: x is not a function',
  },
  {
    signal: 'app.chatter',
    pattern: /^\(node:\d{1,10}\) (?:\[DEP\d{4}\] )?\w{0,60}Warning: /,
    certain: true,
    sample: '(node:761) [DEP0018] DeprecationWarning: Unhandled promise rejections are deprecated.',
  },
  {
    // unicorn and Puma, as they wrote it with workers that slept or hung.
    signal: 'app.worker-timeout',
    pattern: /worker=\d{1,6} PID:\d{1,10} timeout \(\d{1,6}s > \d{1,6}s\), killing|! Terminating timed out worker\b/,
    certain: true,
    sample: 'worker=1 PID:20779 timeout (61s > 60s), killing',
  },
  {
    // AWS Lambda: the time that the function may take was over.
    signal: 'app.worker-timeout',
    pattern: /\bTask timed out after \d{1,4}\.\d\d seconds$|^REPORT RequestId: \S{36}\s.{1,300}\sStatus: timeout\b/m,
    certain: true,
    sample: '8f0e7b1c-5d0a-4c46-9a3c-1f6c0b1a2d3e Task timed out after 3.00 seconds',
  },
  {
    // The same of one that was killed: it had used the memory that it may.
    signal: 'app.out-of-memory',
    pattern:
      /\bRuntime exited with error: signal: killed\b|^REPORT RequestId: .{1,400}\bError Type: Runtime\.OutOfMemory\b/m,
    certain: true,
    sample: 'RequestId: 8f0e7b1c-5d0a-4c46-9a3c-1f6c0b1a2d3e Error: Runtime exited with error: signal: killed',
  },
  {
    signal: 'app.crash',
    pattern: /\bError: Runtime exited (?:with error: (?:exit status [1-9]|signal: \w)|without providing a reason)/,
    certain: true,
    sample: 'RequestId: 8f0e7b1c-5d0a-4c46-9a3c-1f6c0b1a2d3e Error: Runtime exited with error: exit status 1',
  },
  {
    // gunicorn’s arbiter, of which the beginning was cut or something else was put before it.
    signal: 'app.worker-timeout',
    pattern: /\bWORKER TIMEOUT \(pid:\d{1,10}\)/,
    certain: true,
    sample: '[CRITICAL] WORKER TIMEOUT (pid:4)',
  },
  {
    // Odoo (`odoo/service/server.py`): its own limit_time_real, with workers and with threads; those of its jobs serve nobody.
    signal: 'app.worker-timeout',
    pattern:
      /WorkerHTTP \(\d{1,10}\) timeout after \d{1,6}s|http\.request\S{0,80}(?:, \w{1,20} \S{1,40})?\)?> virtual real time limit \(\d{1,6}\/\d{1,6}s\) reached/,
    certain: true,
    sample: 'WorkerHTTP (697998) timeout after 120s',
  },
  {
    // Passenger (`RequestQueueFullException`), RoadRunner (`NoFreeWorkers`; version 1), Jetty (`QueuedThreadPool.execute`) where it runs.
    signal: 'app.queue-full',
    pattern:
      /\bRequest queue full\b|\bQueuedThreadPool\[[^\]\n]{1,100}\]@\w{1,16}\{STARTED,[^\n]{1,200} rejected |no free workers in the (?:container|pool|stack), (?:wait )?timeout exceed|\bunable to allocate worker: worker timeout \(/,
    certain: true,
    sample: 'Returning HTTP 503 due to: Request queue full (configured max. size: 100)',
  },
  {
    // Swoole's manager (`Server::check_worker_exit_status`).
    signal: 'app.crash',
    pattern: /worker(?:#|\(pid=)[^\n]{1,40} abnormal exit, status=\d{1,3}, signal=(?:4|5|6|7|8|10|11)\b/,
    certain: true,
    sample: 'Server::check_worker_exit_status(): worker(pid=18068, id=2) abnormal exit, status=0, signal=11',
  },
  {
    signal: 'app.worker-exit',
    pattern: /worker(?:#|\(pid=)[^\n]{1,40} abnormal exit, status=\d{1,3}, signal=\d/,
    certain: true,
    sample: 'swManager_check_exit_status: worker#2 abnormal exit, status=255, signal=0',
  },
  {
    // FrankenPHP (`worker.go`), of a worker script that ended by itself.
    signal: 'app.worker-exit',
    pattern: /\bunexpected termination, restarting\b|\btoo many consecutive worker failures\b/,
    certain: true,
    sample: 'unexpected termination, restarting {"worker": "/srv/app/index.php", "exit_status": 1}',
  },
  {
    // RoadRunner.
    signal: 'app.worker-exit',
    pattern:
      /\b(?:worker_watcher_wait|process_wait): (?:signal: \w|exit status [1-9])|^network error, worker will be restarted\b/,
    certain: true,
    sample: 'worker_watcher_wait: signal: killed; process_wait: signal: killed',
  },
  {
    // IIS's process activation service (WAS) in Windows' event log: 5002, 5009, 5011, 5059.
    signal: 'app.crash',
    pattern:
      /^(?:Application pool '?[^'\n]{1,200}'? (?:is being automatically disabled due to a series of failures|has been disabled\b)|A process serving application pool '[^'\n]{1,200}' (?:terminated unexpectedly|suffered a fatal communication error))/,
    certain: true,
    sample:
      "Application pool 'DefaultAppPool' is being automatically disabled due to a series of failures in the process(es) serving that application pool.",
  },
  {
    // IIS's worker process in Windows' event log: 2280. Its pool ends with it.
    signal: 'app.crash',
    pattern: /^The Module DLL \S.{0,300} failed to load\./,
    certain: true,
    sample: 'The Module DLL C:\\Program Files\\iisnode\\iisnode.dll failed to load.  The data is the error.',
  },
  {
    // .NET's runtime in Windows' event log: 1026.
    signal: 'app.crash',
    pattern: /^Description: The process was terminated due to an unhandled exception\./m,
    certain: true,
    sample: 'Description: The process was terminated due to an unhandled exception.',
  },
  {
    // IIS's module for ASP.NET Core, in Windows' event log.
    signal: 'app.crash',
    pattern:
      /Application '(?:\/LM\/W3SVC|MACHINE\/WEBROOT\/APPHOST)\/[^'\n]{1,200}' with physical root '[^'\n]{1,400}' (?:failed to (?:start process|load (?:core)?clr)|created process with commandline .{1,400} but (?:either crashed|failed to)|has exited from Program)/,
    certain: true,
    sample:
      "Application '/LM/W3SVC/2/ROOT' with physical root 'C:\\inetpub\\app\\' failed to start process with commandline 'dotnet app.dll'",
  },
  {
    // Its first versions; see as well src/formats/client/iis-page.ts.
    signal: 'app.crash',
    pattern:
      /^(?:Process was created with commandline\b.{1,400} but either crashed or did not|Failed to start process with commandline ['\u2018"\u201c])/,
    certain: true,
    sample:
      "Process was created with commandline '\"dotnet\" .\\app.dll' but either crashed or did not reponse within given time or did not listen on the given port '3976', ErrorCode = '0x800705b4'",
  },
  {
    signal: 'app.worker-exit',
    pattern:
      /^(?:ERROR -- : )?reaped #<Process::Status: pid \d{1,10} (?:SIG[A-Z0-9]{2,8} \(signal (?<signalNumber>\d{1,3})\)|exit [1-9])/,
    certain: true,
    sample: 'reaped #<Process::Status: pid 20778 SIGKILL (signal 9)> worker=0',
  },
  {
    signal: 'app.stop',
    pattern: /^(?:\[\d{1,10}\] )?(?:=== puma shutdown: |- Gracefully (?:stopping|shutting down)|- Goodbye!)/,
    certain: true,
    sample: '[20920] - Gracefully shutting down workers...',
  },
  {
    // Unicorn’s last words.
    signal: 'app.stop',
    pattern: /^(?:INFO -- : )?master complete$/,
    certain: true,
    sample: 'master complete',
  },
  {
    signal: 'app.start',
    pattern: /^(?:\[\d{1,10}\] )?(?:=== puma startup: |\* Listening on \S)/,
    certain: true,
    sample: '[20920] * Listening on http://127.0.0.1:3000',
  },
  {
    signal: 'app.chatter',
    pattern:
      /^(?:\[\d{1,10}\] )?(?:Puma starting in (?:single|cluster) mode|\* {1,8}(?:Puma version|Version|Ruby version|Min threads|Max threads|Environment|Master PID|Workers|Restarts|Preloading|Phased|Process workers)\b|\* {1,16}PID: |=> (?:Booting|Rails|Run `)|Use Ctrl-C to stop)/,
    certain: true,
    sample: '[20920] Puma starting in cluster mode...',
  },
  {
    // Puma's cluster, Mojolicious's prefork server.
    signal: 'app.worker-boot',
    pattern:
      /^(?:\[\d{1,10}\] (?:\[info\] )?)?(?:- Worker \d{1,6} \((?:pid|PID): \d{1,10}\) booted|Worker \d{1,10} started$)/,
    certain: true,
    sample: '[20920] - Worker 0 (PID: 20935) booted in 0.35s, phase: 0',
  },
  {
    // Rails of a request, without the head of Ruby’s logger; what it answered with stands at its end.
    signal: 'app.error',
    pattern: /^Completed 5\d\d [A-Z][\w ]{1,40} in \d/,
    certain: true,
    sample: 'Completed 500 Internal Server Error in 41ms (ActiveRecord: 3.1ms)',
  },
  {
    signal: 'app.chatter',
    pattern:
      /^(?:Started [A-Z]{3,8} "\/[^"\n]{0,4000}" for \S{2,60} at \d|Processing by [A-Z][\w:]{1,120}#\w{1,80} as |Completed [1-4]\d\d )/,
    certain: true,
    sample: 'Started GET "/cart" for 192.0.2.7 at 2026-11-20 08:14:38 +0000',
  },
  {
    signal: 'app.error',
    pattern: /^Rack app (?:error handling request|\("[A-Z])/,
    certain: true,
    sample: 'Rack app ("GET /report" - (127.0.0.1)): #<RuntimeError: boom>',
  },
  {
    signal: 'app.start',
    // What programs on Node say as they come up, in the words of their frameworks' first pages.
    pattern:
      /^(?:Listening on https?:\/\/\S{1,100}(?: \(https?:\/\/\S{1,100}\))?$|Started development server: http|(?:[\w-]{1,30} ){0,2}(?:[Ss]erver|[Aa]pp(?:lication)?|API|Gateway) (?:is )?(?:now )?(?:listening|running|started|ready) (?:on|at):? (?:port:? )?(?:https?:\/\/\S|\d{2,5}\b))/,
    certain: true,
    sample: 'Listening on http://[::]:3000',
  },
  {
    // PHP's own server.
    signal: 'app.start',
    pattern: /^PHP \d{1,2}\.\d\S{1,30} Development Server \(http:\/\/\S{1,100}\) started$/,
    certain: true,
    sample: 'PHP 8.2.36 Development Server (http://127.0.0.1:8000) started',
  },
  {
    // PM2 (`God.js`) gave up on it, or saw it end with an error; forever's and nodemon's words for the latter.
    signal: 'app.crash',
    pattern:
      /had too many unstable restarts \(\d{1,6}\)\. Stopped|\bApp \[.{1,80}\],? exited with code \[(?!1(?:30|43)\])[1-9]\d{0,2}\]|\bForever detected script (?:exited with code: [1-9]|was killed by signal: )|\bapp crashed - waiting for file changes before starting/,
    certain: true,
    sample: 'PM2 log: Script /srv/app/server.js had too many unstable restarts (16). Stopped. "errored"',
  },
  {
    signal: 'app.start',
    pattern: /\bApp (?:\[.{1,80}\]|name:.{1,80} id:\d{1,4}) online$/,
    certain: true,
    sample: 'PM2 log: App [api:0] online',
  },
  {
    signal: 'app.stop',
    pattern: /\bStopping app:.{1,80} id:\d/,
    certain: true,
    sample: 'PM2 log: Stopping app:api id:0',
  },
  {
    signal: 'app.chatter',
    pattern:
      /\bApp \[.{1,80}\] (?:starting in -(?:fork|cluster) mode-|.{0,40}exited with code \[(?:0|130|143)\])|^Starting execution sequence in -(?:fork|cluster) mode-/,
    certain: true,
    sample: 'PM2 log: App [api:0] starting in -cluster mode-',
  },
  {
    // Puma (`runner.rb`, `cluster/worker.rb`): the application cannot be loaded.
    signal: 'app.crash',
    pattern: /^(?:\[\d{1,10}\] )?! Unable to (?:load application|start worker)\b/,
    certain: true,
    sample: '[20920] ! Unable to load application: NameError: uninitialized constant Shop',
  },
  {
    // .NET's host (`fxr_resolver`, `framework_resolver`): the framework that the application was built for is not there.
    signal: 'app.crash',
    pattern:
      /\bIt was not possible to find any compatible framework version\b|^You must install (?:or update )?\.NET(?: Core)? to run this application\b|^The (?:specified )?framework '[^'\n]{1,120}', version '[^'\n]{1,40}'(?: \(\w{1,10}\))? was not found\b/,
    certain: true,
    sample: 'It was not possible to find any compatible framework version',
  },
  {
    // A change of the database's tables that failed, and failed before: Prisma, golang-migrate, Flyway, Liquibase, Alembic, Knex and
    // knex-migrator, TypeORM. What runs it at its start does not come up.
    signal: 'app.crash',
    pattern:
      /^Error: P30(?:05|09|18)(?=\s|$)|\bmigrate found failed migrations in the target database\b|\bA migration failed to apply\. New migrations cannot be applied\b|\bDirty database version -?\d{1,20}\. Fix and force version\b|\bFlywayValidateException\b|\bMigration checksum mismatch for migration version\b|\bliquibase\.exception\.(?:MigrationFailed|ValidationFailed|Lock)Exception\b|\bCan't locate revision identified by '|\bThe migration directory is corrupt, the following files are missing\b|\bMigrationsAreLockedError\b|\bMigration "\w{1,120}" failed, error: /,
    certain: true,
    sample:
      'migrate found failed migrations in the target database, new migrations will not be applied. Read more about how to resolve migration issues',
  },
  {
    // Spring Boot, where its reason tells no more.
    signal: 'app.crash',
    pattern: /^APPLICATION FAILED TO START$/m,
    certain: true,
    sample: 'APPLICATION FAILED TO START',
  },
  {
    // .NET's generic host (`HostingLoggerExtensions`) and its server (`KestrelServerImpl`), the words of Serilog's templates for the same, and Jellyfin's.
    signal: 'app.crash',
    pattern:
      /\bHosting failed to start\b|^Unable to start Kestrel\b|\b(?:Host|Application) terminated unexpectedly\b|\bMain: Error while starting server\b|\bServer wasn't able to start properly\b/,
    certain: true,
    sample: '[FTL] [1] Main: Error while starting server.',
  },
  {
    // Elasticsearch and RabbitMQ (`rabbit_prelaunch_errors.erl`) refuse to start.
    signal: 'app.crash',
    pattern:
      /^(?:bootstrap check failure \[\d{1,4}\] of \[\d{1,4}\]: |(?:\[erro?r?\] )?(?:<[\d.]{3,24}> )?BOOT FAILED(?=\n|$))/,
    certain: true,
    sample: 'bootstrap check failure [1] of [1]: max virtual memory areas vm.max_map_count [65530] is too low',
  },
  {
    // Passenger says the first of each try, and the second of each request; why is in the lines before.
    signal: 'app.not-started',
    pattern:
      /^Could not spawn process for (?:application|group) |\bCannot checkout session because a spawning error occurred\b/,
    certain: true,
    sample:
      '[Client 2-74] Cannot checkout session because a spawning error occurred. The identifier of the error is c497f955. Please see earlier logs for details about the error.',
  },
  {
    // Passenger: a process that ended with a request in hand.
    signal: 'app.no-answer',
    pattern: /\bSending 502 response: application did not send a complete response\b/,
    certain: true,
    sample: '[Client 1-38] Sending 502 response: application did not send a complete response',
  },
  {
    // Passenger’s helper for Python.
    signal: 'app.error',
    pattern: /\bWSGI application raised an exception!/,
    certain: true,
    sample: '[ pid=19574, time=2026-11-22 22:13:54,291 ]: WSGI application raised an exception!',
  },
  {
    // Passenger begins anew with each start of the web server, which loads its modules twice.
    signal: 'app.start',
    pattern: /^Passenger core online, PID \d/,
    certain: true,
    sample: 'Passenger core online, PID 18849',
  },
  {
    signal: 'app.worker-exit',
    pattern:
      /worker(?: process)?(?: \S{1,40}){0,4} (?:exited|died|crashed|was killed|terminated)|worker \d{1,6} \(pid: ?\d{1,10}\) (?:exited|died|was killed)|Child process .{0,40} (?:died|exited)(?: with status \d{1,3} - signal was (?!0\b)(?<signalNumber>\d{1,3}))?|Worker \d{1,10} (?:died|exited)|Worker \(pid:\d{1,10}\) was sent (?:SIG|code )|Check dead workers|worker timeout/i,
    certain: true,
    sample: 'worker process exited with code 1, restarting',
  },
  {
    signal: 'fpm.child-signal',
    pattern:
      /^\*\*\* Error in `(?:\/[\w./-]{1,200}\/)?php-fpm[^'\n]{0,80}': (?:free|malloc|realloc|munmap_chunk|corrupted|double free|malloc_consolidate)\b/,
    certain: true,
    sample: "*** Error in `php-fpm: pool www': free(): invalid next size (fast): 0x0000558de23e5f50 ***",
  },
  {
    // What glibc says as it ends a process whose memory is damaged.
    signal: 'app.crash',
    pattern:
      /^(?:\*\*\* Error in `[^'\n]{1,120}': |\S{1,60}: )?(?:(?:malloc|free|realloc|munmap_chunk|malloc_consolidate)\(\): (?:corrupted|invalid|unaligned|mismatching|memory corruption|double free|too many chunks|(?:unsorted|smallbin|largebin) double linked list)|double free or corruption|corrupted (?:size vs\. prev_size|double-linked list)|Fatal glibc error: |\*\*\* (?:stack smashing|buffer overflow) detected \*\*\*)/,
    certain: true,
    sample: 'malloc(): corrupted top size',
  },
  {
    signal: 'app.out-of-memory',
    pattern: /^Error R15 \(Memory quota vastly exceeded\)$/,
    certain: true,
    sample: 'Error R15 (Memory quota vastly exceeded)',
  },
  {
    signal: 'app.crash',
    pattern: /^State changed from \w{1,20} to crashed$/,
    certain: true,
    sample: 'State changed from up to crashed',
  },
  {
    signal: 'app.stop',
    pattern: /^(?:Stopping all processes with SIGTERM|State changed from up to (?:down|starting))$/,
    certain: true,
    sample: 'Stopping all processes with SIGTERM',
  },
  {
    signal: 'app.start',
    pattern: /^State changed from \w{1,20} to up$/,
    certain: true,
    sample: 'State changed from starting to up',
  },
  {
    // Node's last words before version 17, which added its own below them: the place, the source's line, a mark under it, the error.
    signal: 'app.crash',
    pattern:
      /^(?:node:[\w/]{1,80}|(?:file:\/\/)?\/\S{1,500}\.[cm]?[jt]sx?|\w{1,40}\.js):\d{1,6}\n[^\n]{0,1000}\n[ \t]{0,400}\^{1,400}[ \t]{0,8}\n(?:\n?\w{0,60}(?:Error|Exception)\b|\n?Error: )/m,
    certain: true,
    sample: '/srv/app/server.js:12\nshop.open();\n^\n\nReferenceError: shop is not defined',
  },
  {
    signal: 'app.crash',
    pattern: /^Node\.js v\d{1,3}\.\d{1,3}\.\d{1,3}$/m,
    certain: true,
    sample: 'Node.js v20.20.2',
  },
  {
    // Exceptions that are answered with 4xx, logged all the same: Rails’ (`ExceptionWrapper.rescue_responses`) with the lines around
    // them, Django’s of a host that it does not serve, Laravel’s and Symfony’s.
    signal: 'app.chatter',
    pattern:
      /^FATAL -- : (?:\[[^\]\n]{1,80}\] ?){0,4} {0,3}(?:$|\S{1,300}:\d{1,7}:in [`']|(?:ActionController::(?:RoutingError|MethodNotAllowed|UnknownHttpMethod|UnknownFormat|Invalid(?:AuthenticityToken|CrossOriginRequest)|ParameterMissing|BadRequest)|AbstractController::ActionNotFound|ActionDispatch::Http::(?:Parameters::ParseError|MimeNegotiation::InvalidType)|ActiveRecord::RecordNotFound) \()|\bInvalid HTTP_HOST header: |(?:(?<!previous exception\] )\[object\] \(|Uncaught PHP Exception )[\w\\]{0,200}\\(?:ModelNotFound|(?:NotFound|MethodNotAllowed|BadRequest|AccessDenied|TooManyRequests)Http)Exception\b/,
    certain: true,
    sample: 'FATAL -- : ActionController::RoutingError (No route matches [GET] "/wp-login.php"):',
  },
  {
    // Rails logs each exception that it answers with 500 at level fatal (ActionDispatch::DebugExceptions); Django names the request.
    signal: 'app.error',
    pattern: /^FATAL -- : |^Internal Server Error: \//,
    certain: true,
    sample: 'Internal Server Error: /cart',
  },
  {
    // Somebody handled it, and wrote it down.
    signal: 'app.error',
    pattern: /(?:^|ERROR )unhandledRejection: /,
    certain: false,
    sample: "unhandledRejection: TypeError: Cannot read properties of undefined (reading 'id')",
  },
  {
    signal: 'app.crash',
    pattern:
      /uncaughtException|Uncaught (?:Exception|exception|Error)|UnhandledPromiseRejection|unhandled(?:Rejection| promise rejection)|triggerUncaughtException|^panic: |\bpanicked at|goroutine \d{1,10} \[running\]|fatal error: |fatal exception while booting|Segmentation fault|SIGSEGV|core dumped|A fatal error has been detected by the Java Runtime|Unhandled exception\. |Application (?:startup|run) failed|Worker failed to boot|^FATAL\b|\bFATAL: (?!(?:false|true)\b)|npm ERR! code ELIFECYCLE|Failed to start application|Process exited with code [1-9]|terminating (?:the )?process|Application crashed|app crashed/i,
    certain: false,
    sample: "uncaughtException: Cannot read properties of undefined (reading 'id')",
  },
  {
    signal: 'app.stop',
    pattern:
      /\b(?:received (?:signal )?(?:SIGTERM|SIGINT)|SIG(?:TERM|INT)(?: signal)? received|graceful(?:ly)? shut(?:ting)?\s?down|shutting down|shutdown (?:initiated|requested|complete|signal)|Stopping (?:server|application|service|HTTP)|server (?:stopped|closed)|Commencing graceful shutdown|Stopping gracefully|Shutdown (?:started|\(SIG(?:TERM|INT))|stopped in \d{1,4}\.\d{1,3}s|application is shutting down|Goodbye)\b/i,
    certain: false,
    sample: 'SIGTERM received, shutting down',
  },
  {
    signal: 'app.start',
    pattern:
      /\b(?:listening (?:on|at|for)|(?<!Is the )server (?:is )?(?:listening|running|started|ready)|(?<!\b(?:were|be) )started (?:in|on|at|server|process|application)|Started \S{1,80} in [\d.]{1,12} s|(?:app|application|service) (?:is )?(?:started|running|ready)|startup complete|booted in \d|initialization complete in \d|HTTP service \(\w{1,20}\) running on|Uvicorn running|Tomcat started|Server startup in|Rocket has launched|Nest application successfully started|Running \S{1,80}Endpoint with|Now listening on|ready (?:in|on|to accept|- started)|Booting Puma|up and running|Running on https?:)/i,
    certain: false,
    sample: 'listening on 3000',
  },
];

const FINDER = new MessageFinder(APP_MESSAGES);

/** What a text of an application means, or null where no row knows it. */
export function appMeaning(text: string): {
  readonly signal: SignalId;
  readonly values: Readonly<Record<string, string | number>>;
  readonly certain: boolean;
} | null {
  const message = text.length > LONGEST_MATCHED ? text.slice(0, LONGEST_MATCHED) : text;
  for (const row of FINDER.candidates(message)) {
    const match = row.pattern.exec(message);
    if (match !== null) return { signal: row.signal, values: groupValues(match.groups), certain: row.certain };
  }
  return null;
}

/** Whether a text alone, without stamp and level, is known for an application's. Runs no pattern that tells less where none tells this. */
export function isSurelyApp(text: string): boolean {
  const message = text.length > LONGEST_MATCHED ? text.slice(0, LONGEST_MATCHED) : text;
  const rows = FINDER.candidates(message);
  const first = rows.findIndex(({ certain, pattern }) => certain && pattern.test(message));
  return first !== -1 && !rows.slice(0, first).some(({ certain, pattern }) => !certain && pattern.test(message));
}
