import type { SignalId } from '../../vocabulary/signals.ts';

/*
 * Messages of PHP-FPM's log and of PHP itself, in the order in which they are tried; the first match wins, so a specific
 * text (a database that refuses) stands before the general one (an uncaught exception that carries it). A table of data:
 * long on purpose. Source: reference php-fpm section 7. Named groups become values of the record.
 */

/** A message of PHP-FPM's log (`fpm`) or of PHP itself (`php`, wherever it turns up). First match wins. */
export interface PhpMessage {
  readonly id: string;
  readonly from: 'fpm' | 'php';
  readonly signal: SignalId;
  readonly pattern: RegExp;
  /** A line (without stamp and level) that this row takes, and no row before it. */
  readonly sample: string;
}

const FPM_MESSAGES: readonly PhpMessage[] = [
  {
    id: 'max-children',
    from: 'fpm',
    signal: 'fpm.max-children',
    pattern: /^(?:\[pool[^\]]*\] )?server reached pm\.max_children setting \((?<maxChildren>\d+)\)/,
    sample: '[pool www] server reached pm.max_children setting (5), consider raising it',
  },
  {
    id: 'max-children-ondemand',
    from: 'fpm',
    signal: 'fpm.max-children-ondemand',
    pattern: /^(?:\[pool[^\]]*\] )?server reached max_children setting \((?<maxChildren>\d+)\)/,
    sample: '[pool www] server reached max_children setting (5), consider raising it',
  },
  {
    id: 'seems-busy',
    from: 'fpm',
    signal: 'fpm.seems-busy',
    pattern:
      /^(?:\[pool[^\]]*\] )?seems busy \(.*spawning (?<spawning>\d+) children, there are (?<idle>\d+) idle, and (?<total>\d+) total children/,
    sample:
      '[pool www] seems busy (you may need to increase pm.start_servers, or pm.min/max_spare_servers), spawning 8 children, there are 0 idle, and 9 total children',
  },
  {
    id: 'process-max',
    from: 'fpm',
    signal: 'fpm.process-max',
    pattern: /^The maximum number of processes has been reached/,
    sample:
      "The maximum number of processes has been reached. Please review your configuration and consider raising 'process.max'",
  },
  {
    id: 'listen-queue',
    from: 'fpm',
    signal: 'fpm.listen-queue',
    pattern: /^(?:\[pool[^\]]*\] )?listening queue is not empty, #(?<waiting>\d+)/,
    sample:
      '[pool www] listening queue is not empty, #12 requests are waiting to be served, consider raising pm.max_children setting (5)',
  },
  {
    id: 'child-segv',
    from: 'fpm',
    signal: 'fpm.child-segv',
    // 4 ILL, 5 TRAP, 6 ABRT, 7 BUS, 8 FPE, 10 BUS on BSD, 11 SEGV.
    pattern:
      /^(?:\[pool[^\]]*\] )?child (?<child>\d+) exited on signal (?<signalNumber>4|5|6|7|8|10|11)\b(?: \((?<signalName>SIG\w+)?)?(?:[^\n]{0,40}after (?<afterSeconds>[\d.]+) seconds)?/,
    sample: '[pool www] child 31648 exited on signal 11 (SIGSEGV) after 0.514751 seconds from start',
  },
  {
    id: 'child-kill',
    from: 'fpm',
    signal: 'fpm.child-kill',
    pattern:
      /^(?:\[pool[^\]]*\] )?child (?<child>\d+) exited on signal (?<signalNumber>9)\b(?:[^\n]{0,40}after (?<afterSeconds>[\d.]+) seconds)?/,
    sample: '[pool www] child 1871 exited on signal 9 (SIGKILL) after 12.100001 seconds from start',
  },
  {
    id: 'child-term',
    from: 'fpm',
    signal: 'fpm.child-term',
    pattern:
      /^(?:\[pool[^\]]*\] )?child (?<child>\d+) exited on signal (?<signalNumber>15)\b(?:[^\n]{0,40}after (?<afterSeconds>[\d.]+) seconds)?/,
    sample: '[pool www] child 1871 exited on signal 15 (SIGTERM) after 5.010432 seconds from start',
  },
  {
    id: 'child-signal',
    from: 'fpm',
    signal: 'fpm.child-signal',
    pattern: /^(?:\[pool[^\]]*\] )?child (?<child>\d+) exited on signal (?<signalNumber>\d+)/,
    sample: '[pool www] child 1871 exited on signal 3 (SIGQUIT) after 5.010432 seconds from start',
  },
  {
    id: 'child-code0',
    from: 'fpm',
    signal: 'fpm.child-code0',
    pattern: /^(?:\[pool[^\]]*\] )?child (?<child>\d+) exited with code 0\b/,
    sample: '[pool www] child 1871 exited with code 0 after 815.010432 seconds from start',
  },
  {
    id: 'child-code',
    from: 'fpm',
    signal: 'fpm.child-code',
    pattern:
      /^(?:\[pool[^\]]*\] )?child (?<child>\d+) exited with code (?<exitCode>\d+)(?: after (?<afterSeconds>[\d.]+))?/,
    sample: '[pool www] child 1871 exited with code 255 after 0.010432 seconds from start',
  },
  {
    id: 'child-started',
    from: 'fpm',
    signal: 'fpm.child-started',
    pattern: /^(?:\[pool[^\]]*\] )?child (?<child>\d+) started/,
    sample: '[pool www] child 1872 started',
  },
  {
    id: 'child-killed-pm',
    from: 'fpm',
    signal: 'fpm.child-killed-pm',
    pattern: /has been killed by the process manage?ment/,
    sample: '[pool www] child 1872 has been killed by the process management after 61.2 seconds from start',
  },
  {
    id: 'crash-loop',
    from: 'fpm',
    signal: 'fpm.crash-loop',
    pattern: /^failed processes threshold \((?<failures>\d+) in (?<withinSeconds>\d+) sec\)/,
    sample: 'failed processes threshold (3 in 60 sec) is reached, initiating reload',
  },
  {
    id: 'unknown-child',
    from: 'fpm',
    signal: 'fpm.unknown-child',
    pattern: /^(?:oops, )?unknown child/,
    sample: 'unknown child (4711) exited with code 0 - potentially a bug or pre exec child',
  },
  {
    id: 'too-slow',
    from: 'fpm',
    signal: 'fpm.too-slow',
    pattern:
      /^(?:\[pool[^\]]*\] )?child (?<child>\d+), script '(?<script>.*)' \(request: "(?<request>.*)"\) executing too slow \((?<slowSeconds>[\d.]+) sec\)/,
    sample:
      '[pool www] child 300, script \'/var/www/html/index.php\' (request: "GET /index.php?page=2") executing too slow (5.011200 sec), logging',
  },
  {
    id: 'exec-timeout',
    from: 'fpm',
    signal: 'fpm.exec-timeout',
    pattern:
      /^(?:\[pool[^\]]*\] )?child (?<child>\d+), script '(?<script>.*)' \(request: "(?<request>.*)"\) execution timed out \((?<afterSeconds>[\d.]+) sec\)/,
    sample:
      '[pool www] child 300, script \'/var/www/html/import.php\' (request: "POST /import.php") execution timed out (30.251200 sec), terminating',
  },
  {
    id: 'trace',
    from: 'fpm',
    signal: 'fpm.trace',
    pattern: /^(?:child \d+ stopped for tracing|about to trace|finished trace)/,
    sample: 'child 300 stopped for tracing',
  },
  {
    id: 'trace-fail',
    from: 'fpm',
    signal: 'fpm.trace-fail',
    pattern: /^(?:failed to (?:ptrace|open \/proc)|unable to open slowlog|error reading)/,
    sample: 'failed to ptrace(ATTACH) child 300: Operation not permitted (1)',
  },
  {
    id: 'running',
    from: 'fpm',
    signal: 'fpm.running',
    pattern: /^fpm is running, pid (?<masterPid>\d+)/,
    sample: 'fpm is running, pid 211',
  },
  {
    id: 'ready',
    from: 'fpm',
    signal: 'fpm.ready',
    pattern: /^ready to handle connections/,
    sample: 'ready to handle connections',
  },
  {
    id: 'systemd',
    from: 'fpm',
    signal: 'fpm.systemd',
    pattern: /^systemd (?:monitor|watchdog)/i,
    sample: 'systemd monitor interval set to 10000ms',
  },
  {
    id: 'inherited',
    from: 'fpm',
    signal: 'fpm.inherited',
    pattern: /^using inherited socket/,
    sample: 'using inherited socket fd=7, "/run/php/php8.2-fpm.sock"',
  },
  {
    id: 'reloading',
    from: 'fpm',
    signal: 'fpm.reloading',
    pattern: /^Reloading in progress/,
    sample: 'Reloading in progress ...',
  },
  {
    id: 'reload-exec',
    from: 'fpm',
    signal: 'fpm.reload-exec',
    pattern: /^reloading: execvp/,
    sample: 'reloading: execvp("/usr/sbin/php-fpm8.2", {"/usr/sbin/php-fpm8.2", "--nodaemonize"})',
  },
  {
    id: 'terminating',
    from: 'fpm',
    signal: 'fpm.terminating',
    pattern: /^Terminating \.\.\./,
    sample: 'Terminating ...',
  },
  { id: 'finishing', from: 'fpm', signal: 'fpm.finishing', pattern: /^Finishing \.\.\./, sample: 'Finishing ...' },
  { id: 'bye', from: 'fpm', signal: 'fpm.bye', pattern: /^exiting, bye-bye!/, sample: 'exiting, bye-bye!' },
  {
    id: 'reopen',
    from: 'fpm',
    signal: 'fpm.reopen',
    pattern: /^(?:error|access) log file re-opened/,
    sample: 'error log file re-opened',
  },
  {
    id: 'reload-failed',
    from: 'fpm',
    signal: 'fpm.reload-failed',
    pattern: /^failed to reload/,
    sample: 'failed to reload: execvp() failed: No such file or directory (2)',
  },
  {
    id: 'init-failed',
    from: 'fpm',
    signal: 'fpm.init-failed',
    pattern: /^FPM initialization failed/,
    sample: 'FPM initialization failed',
  },
  {
    id: 'file-denied',
    from: 'fpm',
    signal: 'fpm.init-failed',
    // fpm_conf_write_pid, fpm_stdio_open_error_log, fpm_log_open: it gives up on each.
    pattern: /^(?:Unable to (?:create|write to) the PID file\b|failed to open (?:error_log|access log) \()/,
    sample: 'Unable to create the PID file (/run/php-fpm/php-fpm.pid).: No such file or directory (2)',
  },
  {
    id: 'conf-failed',
    from: 'fpm',
    signal: 'fpm.conf-failed',
    pattern:
      /^(?:failed to (?:post process the configuration|load configuration file|open configuration file)|No pool defined)/,
    sample: "failed to load configuration file '/etc/php/8.2/fpm/php-fpm.conf'",
  },
  {
    id: 'backlog',
    from: 'fpm',
    signal: 'fpm.backlog',
    pattern: /listen\.backlog\(-?\d+\) was too low/,
    sample: '[pool www] listen.backlog(3) was too low for the ondemand process manager. I updated it for you to 511.',
  },
  {
    id: 'start-servers',
    from: 'fpm',
    signal: 'fpm.start-servers',
    pattern: /pm\.start_servers is not set/,
    sample: "[pool www] pm.start_servers is not set. It's been set to 2.",
  },
  {
    id: 'not-root',
    from: 'fpm',
    signal: 'fpm.not-root',
    pattern: /directive is ignored when FPM is not running as root/,
    sample: "[pool www] 'user' directive is ignored when FPM is not running as root",
  },
  {
    id: 'conf-alert',
    from: 'fpm',
    signal: 'fpm.conf-alert',
    pattern:
      /^\[pool[^\]]*\] (?:'\w+' \(\d+\) can't be|pm[ .]|user has not|no listen|the process manager|ondemand|process\.priority|please specify|the (?:chroot|chdir|slowlog|access log|status|ping)|unable to (?:set|read) php|request_slowlog)/,
    sample: '[pool www] pm.max_children must be a positive value',
  },
  {
    id: 'conf-ini',
    from: 'fpm',
    signal: 'fpm.conf-ini',
    pattern:
      /^\[(?<configFile>[^\]]+):(?<configLine>\d+)\] (?:unknown|unable|value is|the parser|two includes|Array|empty|error while|You must|Unable|PHP: syntax)|^PHP: syntax error/,
    sample: "[/etc/php/8.2/fpm/pool.d/www.conf:12] unknown entry 'pm.max_childs'",
  },
  {
    id: 'bind',
    from: 'fpm',
    signal: 'fpm.bind',
    pattern: /^unable to bind listening socket for address '(?<address>[^']*)'(?:.*\((?<errno>\d+)\))?/,
    sample: "unable to bind listening socket for address '127.0.0.1:9000': Address already in use (98)",
  },
  {
    id: 'second',
    from: 'fpm',
    signal: 'fpm.second',
    pattern: /^(?:An )?[Aa]nother FPM instance seems to already listen/,
    sample: 'Another FPM instance seems to already listen on /run/php/php8.2-fpm.sock',
  },
  {
    id: 'chown',
    from: 'fpm',
    signal: 'fpm.chown',
    pattern: /failed to ch(?:own|mod)\(\) the socket|cannot get [ug]id for/,
    sample: "[pool www] cannot get uid for user 'www-data'",
  },
  {
    id: 'multi-addr',
    from: 'fpm',
    signal: 'fpm.multi-addr',
    pattern: /^Found multiple addresses/,
    sample: 'Found multiple addresses for localhost, 127.0.0.1 ignored',
  },
  {
    id: 'test-ok',
    from: 'fpm',
    signal: 'fpm.test-ok',
    pattern: /^configuration file .* test is successful/,
    sample: 'configuration file /etc/php/8.2/fpm/php-fpm.conf test is successful',
  },
  {
    id: 'fork',
    from: 'fpm',
    signal: 'fpm.fork',
    pattern: /^fork\(\) failed(?:.*\((?<errno>\d+)\))?/,
    sample: 'fork() failed: Cannot allocate memory (12)',
  },
  {
    id: 'rlimit',
    from: 'fpm',
    signal: 'fpm.rlimit',
    pattern: /failed to set rlimit_(?:files|core)/,
    sample: '[pool www] failed to set rlimit_files for this pool. Please check your system limits',
  },
  {
    id: 'shm',
    from: 'fpm',
    signal: 'fpm.shm',
    pattern: /^unable to allocate \d+ bytes in shared memory/,
    sample: 'unable to allocate 27448 bytes in shared memory: Cannot allocate memory',
  },
  {
    id: 'scoreboard',
    from: 'fpm',
    signal: 'fpm.scoreboard',
    pattern: /scoreboard/,
    sample: '[pool www] no free scoreboard slot',
  },
  {
    id: 'child-init',
    from: 'fpm',
    signal: 'fpm.child-init',
    pattern: /child failed to initialize|failed to (?:chroot|chdir|set[ug]id|initgroups)\(/,
    sample: '[pool www] child failed to initialize',
  },
  {
    id: 'disallowed',
    from: 'fpm',
    signal: 'fpm.disallowed',
    pattern: /Connection disallowed: IP address '(?<address>[^']*)' has been dropped/,
    sample: "Connection disallowed: IP address '192.0.2.10' has been dropped.",
  },
  {
    id: 'fdset',
    from: 'fpm',
    signal: 'fpm.fdset',
    pattern: /Too many open file descriptors|(?:accept|socket)\(\) failed: Too many open files/,
    sample: 'Too many open file descriptors. FD_SETSIZE limit exceeded.',
  },
  {
    id: 'log-truncated',
    from: 'fpm',
    signal: 'fpm.log-truncated',
    pattern: /^the log buffer is full/,
    sample: 'the log buffer is full (1024). The access log request has been truncated.',
  },
  {
    id: 'ext-denied',
    from: 'fpm',
    signal: 'fpm.ext-denied',
    pattern: /^Access to the script '(?<script>[^']*)' has been denied/,
    sample: "Access to the script '/var/www/html/a.png' has been denied (see security.limit_extensions)",
  },
  {
    id: 'script-open',
    from: 'fpm',
    signal: 'fpm.script-open',
    pattern: /^Unable to open primary script|^Primary script unknown/,
    sample: 'Unable to open primary script: /var/www/html/gone.php (No such file or directory)',
  },
  {
    id: 'said',
    from: 'fpm',
    signal: 'fpm.said',
    pattern: /^(?:\[pool[^\]]*\] )?child (?<child>\d+) said into std(?:err|out): "/,
    sample: '[pool www] child 1234 said into stderr: "hello"',
  },
];

/** What libcurl says of a request that got no answer, by its number and by its words (lib/strerror.c, lib/connect.c, lib/transfer.c). */
const CURL_FAILED = String.raw`cURL error (?:5|6|7|16|18|28|35|52|55|56)\b|Failed to connect to \S{1,255} port \d{1,5}\b|(?:Operation|Connection|Resolving) timed out after \d{1,9} milliseconds|Empty reply from server|(?:Recv|Send) failure: Connection `;

/** What PHP itself says, wherever it turns up. */
export const PHP_OWN_MESSAGES: readonly PhpMessage[] = [
  {
    id: 'php-memory',
    from: 'php',
    signal: 'php.memory-limit',
    pattern:
      /Allowed memory size of (?<limitBytes>\d+) bytes exhausted(?: \(tried to allocate (?<triedBytes>\d+) bytes)?/,
    sample:
      'PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/html/a.php on line 3',
  },
  {
    id: 'php-oom',
    from: 'php',
    signal: 'php.out-of-memory',
    pattern: /Out of memory \(allocated (?<allocatedBytes>\d+)/,
    sample:
      'PHP Fatal error:  Out of memory (allocated 94371840 bytes) (tried to allocate 4096 bytes) in /var/www/html/a.php on line 3',
  },
  {
    id: 'php-maxexec',
    from: 'php',
    signal: 'php.execution-time',
    pattern: /Maximum execution time of (?<limitSeconds>\d+)(?:\+\d+)? seconds? exceeded/,
    sample: 'PHP Fatal error:  Maximum execution time of 30 seconds exceeded in /var/www/html/a.php on line 3',
  },
  {
    id: 'redis-answered',
    from: 'php',
    signal: 'php.uncaught',
    // Redis answered: what was asked of it is wrong. A fault of the application’s.
    pattern:
      /Redis[^\n]{0,300}\b(?:WRONGTYPE Operation|NOSCRIPT No matching|CROSSSLOT Keys|EXECABORT |ERR (?:unknown command|wrong number of arguments|syntax error|value is not|Error (?:running|compiling) script))/,
    sample:
      'PHP Fatal error:  Uncaught RedisException: WRONGTYPE Operation against a key holding the wrong kind of value in /var/www/html/a.php:12',
  },
  {
    id: 'redis',
    from: 'php',
    signal: 'php.redis',
    pattern:
      /RedisException|RedisClusterException|Predis\\|Redis::\w+\(\)|Credis|Memcached?::\w+\(\)|SERVER (?:HAS FAILED AND IS DISABLED UNTIL TIMED RETRY|IS MARKED DEAD)|[Mm]emcached?\b[^\n]{0,80}\b(?:CONNECTION FAILURE|HOSTNAME LOOKUP FAILURE|A TIMEOUT OCCURRED)\b|max number of clients reached|OOM command not allowed|READONLY You can't write against a read only replica/,
    sample:
      'PHP Fatal error:  Uncaught RedisException: Connection refused in /var/www/html/wp-content/object-cache.php:12',
  },
  {
    id: 'db-many',
    from: 'php',
    signal: 'php.db-many',
    pattern:
      /\/1040\)|\[1040\]|Too many connections|too many clients already|remaining connection slots are reserved|no more connections allowed \(max_client_conn\)/,
    sample: 'PHP Warning:  mysqli_real_connect(): (08004/1040): Too many connections in /var/www/html/a.php on line 3',
  },
  {
    id: 'db-user-limit',
    from: 'php',
    signal: 'php.db-user-limit',
    pattern: /max_user_connections|\/1203\)|\/1226\)|\[1203\]|\[1226\]|too many connections for (?:role|database)/,
    sample:
      "PHP Warning:  mysqli_real_connect(): (42000/1203): User shop already has more than 'max_user_connections' active connections in /var/www/html/a.php on line 3",
  },
  {
    id: 'db-gone',
    from: 'php',
    signal: 'php.db-gone',
    pattern:
      /(?:MySQL|MariaDB) server has gone away|[Ss]erver has gone away|Lost connection to (?:MySQL |MariaDB )?server|\/2006\)|\/2013\)|\[2006\]|\[2013\]|General error: (?:2006|2013) |server closed the connection unexpectedly|terminating connection due to administrator command|SSL SYSCALL error: EOF detected|the database system is (?:shutting down|starting up|in recovery mode|not (?:yet )?accepting connections)/,
    sample: 'PHP Warning:  mysqli_query(): (HY000/2006): MySQL server has gone away in /var/www/html/a.php on line 3',
  },
  {
    id: 'db-dns',
    from: 'php',
    signal: 'php.db-dns',
    pattern:
      /(?:mysqli|mysql_|PDO|SQLSTATE|\(HY000\/2002\))[^\n]{0,200}php_network_getaddresses: getaddrinfo(?: for \S{1,255})? failed|could not translate host name "/,
    sample:
      'PHP Warning:  mysqli_real_connect(): (HY000/2002): php_network_getaddresses: getaddrinfo for db failed: Name or service not known in /var/www/html/a.php on line 3',
  },
  {
    id: 'db-auth',
    from: 'php',
    signal: 'php.db-auth',
    pattern: /\/1045\)|\[1045\]|Access denied for user|password authentication failed for user/,
    sample:
      "PHP Warning:  mysqli_real_connect(): (HY000/1045): Access denied for user 'shop'@'localhost' (using password: YES) in /var/www/html/a.php on line 3",
  },
  {
    id: 'db-blocked',
    from: 'php',
    signal: 'php.db-blocked',
    pattern: /\/1129\)|\[1129\]|is blocked because of many connection errors/,
    sample:
      "PHP Warning:  mysqli_real_connect(): (HY000/1129): Host '192.0.2.5' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts' in /var/www/html/a.php on line 3",
  },
  {
    id: 'db-refused',
    from: 'php',
    signal: 'php.db-refused',
    pattern:
      /\(HY000\/2002\)|\[2002\]|\(HY000\/2003\)|Can't connect to (?:local )?(?:MySQL |MariaDB )?server|mysqli?\w*(?:::\w+)?\(\): (?:Connection refused|No such file or directory|Connection timed out)|mysqli_sql_exception: (?:Connection refused|No such file or directory|Connection timed out|Operation timed out)|could not connect to server: |connection to server (?:at|on socket) [^\n]{1,300} failed|No suitable servers found/,
    sample:
      'PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/html/a.php:3',
  },
  {
    id: 'db-greeting',
    from: 'php',
    signal: 'php.db-greeting',
    pattern: /Error while reading greeting packet/,
    sample:
      'PHP Warning:  mysqli_real_connect(): Error while reading greeting packet. PID=2220 in /var/www/html/a.php on line 3',
  },
  {
    id: 'db-readonly',
    from: 'php',
    signal: 'php.db-readonly',
    pattern:
      /--read-only option|The table [^\n]{1,200} is full|Errcode: 28|in a read-only transaction|could not extend file/,
    sample:
      "PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000]: General error: 1114 The table 'wp_options' is full in /var/www/html/a.php:3",
  },
  {
    id: 'disk',
    from: 'php',
    signal: 'php.disk',
    pattern: /No space left on device|Disk quota exceeded|no space left on device/,
    sample:
      'PHP Warning:  session_start(): open(/var/lib/php/sessions/sess_x, O_RDWR) failed: No space left on device (28) in /var/www/html/a.php on line 3',
  },
  {
    id: 'wp-db',
    from: 'php',
    signal: 'php.wp-db',
    pattern: /^WordPress database error /,
    sample: "WordPress database error Table 'shop.wp_x' doesn't exist for query SELECT 1 made by require('a.php')",
  },
  {
    // Not caught: the page ended with it. Its texts are the ends of its ways: other fatal errors are told without it (php-telling.ts).
    id: 'http-dep-fatal',
    from: 'php',
    signal: 'php.http-dep-fatal',
    pattern: new RegExp(
      String.raw`\bUncaught [^\n]{0,300}?(?:${CURL_FAILED}|Could not resolve host|SoapFault exception: \[HTTP\] )`,
    ),
    sample:
      'PHP Fatal error:  Uncaught RuntimeException: Failed to connect to 192.0.2.7 port 9090 after 0 ms: Could not connect to server in /var/www/html/a.php:3',
  },
  {
    id: 'http-dep',
    from: 'php',
    signal: 'php.http-dep',
    pattern: new RegExp(
      String.raw`(?:file_get_contents|fopen|copy|getimagesize|simplexml_load_file)\((?:https?:|)[^\n]{0,2000}?\): [Ff]ailed to open stream: (?:HTTP request failed|Connection (?:refused|timed out)|operation failed|php_network_getaddresses)|cURL error (?:5|6|7|16|18|28|35|52|55|56)\b|(?:fsockopen|stream_socket_client|pfsockopen)\(\): (?:[Uu]nable to connect|php_network_getaddresses)|GuzzleHttp\\Exception\\(?:ConnectException|ServerException)|SOAP-ERROR: Parsing WSDL: Couldn't load|Could not connect to (?:SMTP )?host|SMTP connect\(\) failed|Connection could not be established with host|php_network_getaddresses: getaddrinfo|Could not resolve host|NoNodes?AvailableException\b|No alive nodes found in your cluster|${CURL_FAILED}|Idle timeout reached for "https?:|resulted in a \`(?:5\d\d|429) |The requested URL returned error: (?:5\d\d|429)\b|SSL certificate problem: `,
    ),
    sample:
      'PHP Warning:  file_get_contents(http://192.0.2.7/rates): Failed to open stream: Connection refused in /var/www/html/a.php on line 3',
  },
  {
    id: 'opcache',
    from: 'php',
    signal: 'php.opcache',
    pattern: /Not enough free shared space|Unable to allocate shared memory segment|Insufficient shared memory/,
    sample:
      'Fatal Error Unable to allocate shared memory segment of 134217728 bytes: mmap: Cannot allocate memory (12)',
  },
  {
    id: 'parse',
    from: 'php',
    signal: 'php.parse',
    pattern: /(?:^|PHP )Parse error:|(?:Uncaught |exception ')ParseError|^syntax error, unexpected/,
    sample: 'PHP Parse error:  syntax error, unexpected token "}" in /var/www/html/a.php on line 3',
  },
  {
    id: 'undef-fn',
    from: 'php',
    signal: 'php.undef-fn',
    pattern:
      /Call to undefined (?:function|method) (?<missing>[^\s(]{1,200})|(?:Class|Interface|Trait) ["'](?<missingClass>[^"'\n]{1,200})["'] not found/,
    sample: 'PHP Fatal error:  Uncaught Error: Call to undefined function mb_strlen() in /var/www/html/a.php:3',
  },
  {
    id: 'require',
    from: 'php',
    signal: 'php.require',
    pattern: /Failed opening required '(?<missingFile>[^']{1,500})'|Failed opening required/,
    sample:
      "PHP Fatal error:  Uncaught Error: Failed opening required '/var/www/html/vendor/autoload.php' (include_path='.') in /var/www/html/a.php:3",
  },
  {
    id: 'uncaught',
    from: 'php',
    signal: 'php.uncaught',
    // The second form is Symfony's; its HttpExceptions with a 4xx status are ordinary refusals, logged the same way.
    pattern:
      /(?:^|PHP )Fatal error:\s{1,4}Uncaught (?<exception>[\w\\]{1,200})?|^Uncaught PHP Exception (?!\S{0,200}(?:NotFound|AccessDenied|MethodNotAllowed|BadRequest|Unauthorized|TooManyRequests)HttpException)(?<thrown>[\w\\]{1,200})|^Uncaught (?<raised>[\w\\]{1,200}(?:Error|Exception)): /,
    sample:
      'PHP Fatal error:  Uncaught TypeError: strlen(): Argument #1 must be of type string in /var/www/html/a.php:3',
  },
  {
    id: 'fatal',
    from: 'php',
    signal: 'php.fatal',
    pattern:
      /(?:^|PHP )(?:Fatal error|Recoverable fatal error|Catchable fatal error|Core error|Compile error|User Error):/,
    sample: 'PHP Fatal error:  Cannot redeclare shop_init() in /var/www/html/a.php on line 3',
  },
  {
    id: 'startup',
    from: 'php',
    signal: 'php.startup',
    pattern: /PHP Startup: |^Failed loading \//,
    sample: "PHP Warning:  PHP Startup: Unable to load dynamic library 'imagick' in Unknown on line 0",
  },
  {
    id: 'core-warn',
    from: 'php',
    signal: 'php.warning',
    pattern: /(?:^|PHP )(?:Warning|Notice|Deprecated|Strict Standards|User \w{1,30}):/,
    sample: 'PHP Warning:  Undefined variable $x in /var/www/html/a.php on line 3',
  },
  { id: 'custom', from: 'php', signal: 'php.custom', pattern: /^/, sample: 'cart sync finished' },
];

/** Every message, FPM's own first. */
export const PHP_MESSAGES: readonly PhpMessage[] = [...FPM_MESSAGES, ...PHP_OWN_MESSAGES];
