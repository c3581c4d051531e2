import type { SignalId } from '../../vocabulary/signals.ts';

/** A message of PHP-FPM's log (`fpm`) or of PHP itself (`php`, wherever it turns up). First match wins. */
export interface PhpMessage {
  readonly id: string;
  readonly from: 'fpm' | 'php';
  readonly signal: SignalId;
  readonly pattern: RegExp;
}

export const PHP_MESSAGES: readonly PhpMessage[] = [
  {
    id: 'max-children',
    from: 'fpm',
    signal: 'fpm.max-children',
    pattern: /^\[pool [^\]]+\] server reached pm\.max_children setting \((\d+)\)/,
  },
  {
    id: 'max-children-ondemand',
    from: 'fpm',
    signal: 'fpm.max-children-ondemand',
    pattern: /^\[pool [^\]]+\] server reached max_children setting \((\d+)\)/,
  },
  {
    id: 'seems-busy',
    from: 'fpm',
    signal: 'fpm.seems-busy',
    pattern: /^\[pool [^\]]+\] seems busy \(.*spawning (\d+) children, there are (\d+) idle, and (\d+) total children/,
  },
  {
    id: 'process-max',
    from: 'fpm',
    signal: 'fpm.process-max',
    pattern: /^The maximum number of processes has been reached/,
  },
  {
    id: 'listen-queue',
    from: 'fpm',
    signal: 'fpm.listen-queue',
    pattern: /^\[pool [^\]]+\] listening queue is not empty/,
  },
  {
    id: 'child-segv',
    from: 'fpm',
    signal: 'fpm.child-segv',
    pattern:
      /^\[pool [^\]]+\] child (\d+) exited on signal (?:4|6|7|8|10|11) \((SIG\w+)?( - core dumped)?\) after ([\d.]+) seconds from start/,
  },
  {
    id: 'child-kill',
    from: 'fpm',
    signal: 'fpm.child-kill',
    pattern: /^\[pool [^\]]+\] child (\d+) exited on signal 9 \(/,
  },
  {
    id: 'child-term',
    from: 'fpm',
    signal: 'fpm.child-term',
    pattern: /^\[pool [^\]]+\] child (\d+) exited on signal 15 \(/,
  },
  {
    id: 'child-signal',
    from: 'fpm',
    signal: 'fpm.child-signal',
    pattern: /^\[pool [^\]]+\] child (\d+) exited on signal (\d+)/,
  },
  {
    id: 'child-code',
    from: 'fpm',
    signal: 'fpm.child-code',
    pattern: /^\[pool [^\]]+\] child (\d+) exited with code (?!0 )(\d+) after/,
  },
  {
    id: 'child-code0',
    from: 'fpm',
    signal: 'fpm.child-code0',
    pattern: /^\[pool [^\]]+\] child (\d+) exited with code 0 after/,
  },
  { id: 'child-started', from: 'fpm', signal: 'fpm.child-started', pattern: /^\[pool [^\]]+\] child (\d+) started/ },
  {
    id: 'child-killed-pm',
    from: 'fpm',
    signal: 'fpm.child-killed-pm',
    pattern: /has been killed by the process management/,
  },
  { id: 'crash-loop', from: 'fpm', signal: 'fpm.crash-loop', pattern: /^failed processes threshold \(/ },
  { id: 'unknown-child', from: 'fpm', signal: 'fpm.unknown-child', pattern: /^(?:oops, )?unknown child/ },
  {
    id: 'too-slow',
    from: 'fpm',
    signal: 'fpm.too-slow',
    pattern:
      /^\[pool [^\]]+\] child (\d+), script '(.*)' \(request: \"(.*)\"\) executing too slow \(([\d.]+) sec\), logging/,
  },
  {
    id: 'exec-timeout',
    from: 'fpm',
    signal: 'fpm.exec-timeout',
    pattern:
      /^\[pool [^\]]+\] child (\d+), script '(.*)' \(request: \"(.*)\"\) execution timed out \(([\d.]+) sec\), terminating/,
  },
  {
    id: 'trace',
    from: 'fpm',
    signal: 'fpm.trace',
    pattern: /^(?:child \d+ stopped for tracing|about to trace|finished trace)/,
  },
  { id: 'trace-fail', from: 'fpm', signal: 'fpm.trace-fail', pattern: /^(?:failed to ptrace|unable to open slowlog)/ },
  { id: 'running', from: 'fpm', signal: 'fpm.running', pattern: /^fpm is running, pid (\d+)/ },
  { id: 'ready', from: 'fpm', signal: 'fpm.ready', pattern: /^ready to handle connections/ },
  { id: 'systemd', from: 'fpm', signal: 'fpm.systemd', pattern: /^systemd (?:monitor|watchdog)/ },
  { id: 'inherited', from: 'fpm', signal: 'fpm.inherited', pattern: /^using inherited socket/ },
  { id: 'reloading', from: 'fpm', signal: 'fpm.reloading', pattern: /^Reloading in progress/ },
  { id: 'reload-exec', from: 'fpm', signal: 'fpm.reload-exec', pattern: /^reloading: execvp/ },
  { id: 'terminating', from: 'fpm', signal: 'fpm.terminating', pattern: /^Terminating \.\.\./ },
  { id: 'finishing', from: 'fpm', signal: 'fpm.finishing', pattern: /^Finishing \.\.\./ },
  { id: 'bye', from: 'fpm', signal: 'fpm.bye', pattern: /^exiting, bye-bye!/ },
  { id: 'reopen', from: 'fpm', signal: 'fpm.reopen', pattern: /^(?:error|access) log file re-opened/ },
  { id: 'reload-failed', from: 'fpm', signal: 'fpm.reload-failed', pattern: /^failed to reload/ },
  { id: 'init-failed', from: 'fpm', signal: 'fpm.init-failed', pattern: /^FPM initialization failed/ },
  {
    id: 'conf-failed',
    from: 'fpm',
    signal: 'fpm.conf-failed',
    pattern: /^failed to (?:post process the configuration|load configuration file|open configuration file)/,
  },
  {
    id: 'conf-alert',
    from: 'fpm',
    signal: 'fpm.conf-alert',
    pattern: /^\[pool [^\]]+\] (?:pm|user|no listen|the process manager|ondemand|process\.priority|please specify)/,
  },
  {
    id: 'conf-ini',
    from: 'fpm',
    signal: 'fpm.conf-ini',
    pattern: /^\[.+:\d+\] (?:unknown|unable|value is|the parser|two includes|Array|empty|error while|You must)/,
  },
  { id: 'bind', from: 'fpm', signal: 'fpm.bind', pattern: /^unable to bind listening socket for address/ },
  { id: 'second', from: 'fpm', signal: 'fpm.second', pattern: /^Another FPM instance seems to already listen/ },
  { id: 'chown', from: 'fpm', signal: 'fpm.chown', pattern: /failed to chown\(\) the socket|cannot get [ug]id for/ },
  { id: 'multi-addr', from: 'fpm', signal: 'fpm.multi-addr', pattern: /^Found multiple addresses/ },
  { id: 'backlog', from: 'fpm', signal: 'fpm.backlog', pattern: /listen\.backlog\(-?\d+\) was too low/ },
  { id: 'start-servers', from: 'fpm', signal: 'fpm.start-servers', pattern: /pm\.start_servers is not set/ },
  {
    id: 'not-root',
    from: 'fpm',
    signal: 'fpm.not-root',
    pattern: /directive is ignored when FPM is not running as root/,
  },
  { id: 'test-ok', from: 'fpm', signal: 'fpm.test-ok', pattern: /^configuration file .* test is successful/ },
  { id: 'fork', from: 'fpm', signal: 'fpm.fork', pattern: /^fork\(\) failed/ },
  { id: 'rlimit', from: 'fpm', signal: 'fpm.rlimit', pattern: /failed to set rlimit_(?:files|core)/ },
  { id: 'shm', from: 'fpm', signal: 'fpm.shm', pattern: /^unable to allocate \d+ bytes in shared memory/ },
  { id: 'scoreboard', from: 'fpm', signal: 'fpm.scoreboard', pattern: /scoreboard/ },
  { id: 'child-init', from: 'fpm', signal: 'fpm.child-init', pattern: /child failed to initialize/ },
  {
    id: 'disallowed',
    from: 'fpm',
    signal: 'fpm.disallowed',
    pattern: /Connection disallowed: IP address '([^']*)' has been dropped/,
  },
  { id: 'fdset', from: 'fpm', signal: 'fpm.fdset', pattern: /Too many open file descriptors/ },
  { id: 'log-truncated', from: 'fpm', signal: 'fpm.log-truncated', pattern: /^the log buffer is full/ },
  { id: 'ext-denied', from: 'fpm', signal: 'fpm.ext-denied', pattern: /^Access to the script '.*' has been denied/ },
  { id: 'script-open', from: 'fpm', signal: 'fpm.script-open', pattern: /^Unable to open primary script/ },
  { id: 'said', from: 'fpm', signal: 'fpm.said', pattern: /^\[pool [^\]]+\] child (\d+) said into std(?:err|out): "/ },
  {
    id: 'php-memory',
    from: 'php',
    signal: 'php.memory-limit',
    pattern: /Allowed memory size of (\d+) bytes exhausted/,
  },
  { id: 'php-oom', from: 'php', signal: 'php.out-of-memory', pattern: /Out of memory \(allocated \d+/ },
  {
    id: 'php-maxexec',
    from: 'php',
    signal: 'php.execution-time',
    pattern: /Maximum execution time of (\d+)(?:\+\d+)? seconds? exceeded/,
  },
  {
    id: 'db-many',
    from: 'php',
    signal: 'php.db-many',
    pattern:
      /(?:\/1040\)|\[1040\]|Too many connections|too many clients already|remaining connection slots are reserved)/,
  },
  { id: 'db-user-limit', from: 'php', signal: 'php.db-user-limit', pattern: /max_user_connections|\/1203\)|\/1226\)/ },
  {
    id: 'db-gone',
    from: 'php',
    signal: 'php.db-gone',
    pattern:
      /MySQL server has gone away|Lost connection to MySQL server|\/2006\)|\/2013\)|server closed the connection unexpectedly/,
  },
  {
    id: 'db-refused',
    from: 'php',
    signal: 'php.db-refused',
    pattern:
      /\(HY000\/2002\): (?:Connection refused|No such file or directory|Connection timed out|Host is unreachable)|SQLSTATE\[HY000\] \[2002\]|mysqli_sql_exception: (?:Connection refused|No such file or directory)|could not connect to server: Connection refused|connection to server at .* failed/,
  },
  {
    id: 'db-dns',
    from: 'php',
    signal: 'php.db-dns',
    pattern: /php_network_getaddresses: getaddrinfo(?: for \S+)? failed/,
  },
  {
    id: 'db-blocked',
    from: 'php',
    signal: 'php.db-blocked',
    pattern: /\/1129\)|is blocked because of many connection errors/,
  },
  { id: 'db-auth', from: 'php', signal: 'php.db-auth', pattern: /\/1045\)|\[1045\]|Access denied for user/ },
  { id: 'db-greeting', from: 'php', signal: 'php.db-greeting', pattern: /Error while reading greeting packet/ },
  {
    id: 'db-readonly',
    from: 'php',
    signal: 'php.db-readonly',
    pattern: /--read-only option|The table .* is full|Errcode: 28/,
  },
  { id: 'wp-db', from: 'php', signal: 'php.wp-db', pattern: /^WordPress database error / },
  { id: 'redis', from: 'php', signal: 'php.redis', pattern: /RedisException/ },
  {
    id: 'http-dep',
    from: 'php',
    signal: 'php.http-dep',
    pattern:
      /(?:file_get_contents|fopen)\(https?:\/\/.*failed to open stream|(?:file_get_contents|fopen)\(https?:\/\/.*Failed to open stream|cURL error (?:6|7|28|35|52|56)/,
  },
  { id: 'disk', from: 'php', signal: 'php.disk', pattern: /No space left on device/ },
  {
    id: 'opcache',
    from: 'php',
    signal: 'php.opcache',
    pattern: /Not enough free shared space|Unable to allocate shared memory segment|Insufficient shared memory/,
  },
  { id: 'parse', from: 'php', signal: 'php.parse', pattern: /PHP Parse error:/ },
  {
    id: 'undef-fn',
    from: 'php',
    signal: 'php.undef-fn',
    pattern: /Call to undefined (?:function|method)|Class "[^"]+" not found/,
  },
  { id: 'require', from: 'php', signal: 'php.require', pattern: /Failed opening required/ },
  { id: 'uncaught', from: 'php', signal: 'php.uncaught', pattern: /PHP Fatal error:\s+Uncaught/ },
  { id: 'fatal', from: 'php', signal: 'php.fatal', pattern: /PHP (?:Fatal error|Recoverable fatal error):/ },
  { id: 'startup', from: 'php', signal: 'php.startup', pattern: /PHP Startup: / },
  {
    id: 'core-warn',
    from: 'php',
    signal: 'php.warning',
    pattern: /PHP (?:Warning|Notice|Deprecated|Strict Standards|User \w+):/,
  },
  { id: 'custom', from: 'php', signal: 'php.custom', pattern: /.*/ },
];
