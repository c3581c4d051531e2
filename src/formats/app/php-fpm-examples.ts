import type { Example } from '../format.ts';

/** Lines of PHP-FPM's log and what becomes of them. */
export const PHP_FPM_EXAMPLES = (): readonly Example[] => [
  {
    input: '[20-Nov-2026 08:12:32] WARNING: [pool www] server reached pm.max_children setting (5), consider raising it',
    shows: 'a full pool',
    records: [
      {
        kind: 'clue',
        signal: 'fpm.max-children',
        subject: 'www',
        level: 'WARNING',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 12, 32) },
        values: { maxChildren: 5 },
      },
    ],
  },
  {
    input: 'WARNING: [pool www] server reached pm.max_children setting (8), consider raising it',
    shows: 'the same, pasted without stamp',
    records: [{ signal: 'fpm.max-children', subject: 'www', stamp: { kind: 'none' }, values: { maxChildren: 8 } }],
  },
  {
    input:
      'Nov 20 08:12:32 web1 php-fpm[123]: [WARNING] [pool www] server reached pm.max_children setting (5), consider raising it',
    shows: 'the same from syslog',
    records: [{ signal: 'fpm.max-children', subject: 'www', server: 'web1' }],
  },
  {
    input:
      '[20-Nov-2026 08:13:36.754818] WARNING: pid 31646, fpm_children_bury(), line 281: [pool www] child 31648 exited on signal 11 (SIGSEGV) after 0.514751 seconds from start',
    shows: 'a crash, log level debug',
    records: [
      {
        signal: 'fpm.child-segv',
        connection: '31648',
        subject: 'www',
        stamp: { kind: 'local', ms: Date.UTC(2026, 10, 20, 8, 13, 36, 754) },
        values: { signalNumber: 11, signalName: 'SIGSEGV', afterSeconds: 0.514751 },
      },
    ],
  },
  {
    input: '[pool www] child 18287 exited on signal 11 (SIGSEGV - core dumped) after 1.006282 seconds from start',
    shows: 'a crash, the message alone',
    records: [{ signal: 'fpm.child-segv', connection: '18287', subject: 'www', stamp: { kind: 'none' } }],
  },
  {
    input: 'child 26210 exited on signal 11 (SIGSEGV) after 56.330280 seconds from start',
    shows: 'a crash, without pool',
    records: [
      {
        signal: 'fpm.child-segv',
        connection: '26210',
        values: { signalNumber: 11, signalName: 'SIGSEGV', afterSeconds: 56.33028 },
      },
    ],
  },
  {
    input:
      '[20-Nov-2026 08:12:05] WARNING: [pool www] child 300, script \'/var/www/html/index.php\' (request: "GET /index.php?page=2") executing too slow (5.011200 sec), logging',
    shows: 'a slow request; the query is dropped',
    records: [
      {
        signal: 'fpm.too-slow',
        method: 'GET',
        path: '/index.php',
        connection: '300',
        values: { script: '/var/www/html/index.php', slowSeconds: 5.0112 },
      },
    ],
  },
  {
    input:
      '[21-Nov-2023 20:39:07] WARNING: [pool www] seems busy (you may need to increase pm.start_servers, or pm.min/max_spare_servers), spawning 16 children, there are 0 idle, and 7 total children[21-Nov-2023 20:39:08] WARNING: [pool www] seems busy (you may need to increase pm.start_servers, or pm.min/max_spare_servers), spawning 32 children, there are 0 idle, and 8 total children',
    shows: 'two entries on one line',
    records: [
      { signal: 'fpm.seems-busy', values: { spawning: 16, idle: 0, total: 7 } },
      { signal: 'fpm.seems-busy', values: { spawning: 32, idle: 0, total: 8 } },
    ],
  },
  {
    input: [
      '[20-Nov-2026 08:12:30] WARNING: [pool dyn] child 29792 said into stderr: "NOTICE: PHP message: PHP Fatal error:  Uncaught RuntimeException: boom"',
      '[20-Nov-2026 08:12:30] WARNING: [pool dyn] child 29792 said into stderr: "second line of message in /var/www/html/exc.php:2"',
      '[20-Nov-2026 08:12:30] WARNING: [pool dyn] child 29792 said into stderr: "Stack trace:"',
      '[20-Nov-2026 08:12:30] WARNING: [pool dyn] child 29792 said into stderr: "#0 /var/www/html/exc.php(4): Plug->go()"',
      '[20-Nov-2026 08:12:30] WARNING: [pool dyn] child 29792 said into stderr: "#1 {main}"',
      '[20-Nov-2026 08:12:31] WARNING: [pool dyn] child 29792 said into stderr: "NOTICE: PHP message: custom message"',
    ].join('\n'),
    shows: 'a worker that says a message of several lines, then another',
    records: [
      {
        signal: 'php.uncaught',
        subject: 'dyn',
        connection: '29792',
        values: { exception: 'RuntimeException', file: '/var/www/html/exc.php', lineNumber: 2, function: 'Plug->go' },
      },
      { signal: 'php.custom', line: 6 },
    ],
  },
  {
    input:
      '[20-Nov-2026 08:15:21] WARNING: [pool dyn] child 2271 said into stderr: "ERROR: Connection disallowed: IP address \'192.0.2.10\' has been dropped."',
    shows: 'listen.allowed_clients',
    records: [{ signal: 'fpm.disallowed', connection: '2271', values: { address: '192.0.2.10' } }],
  },
  {
    input: '[20-Nov-2026 08:11:36] WARNING: [pool www] child 29790 said into stderr: "raw stderr line"',
    shows: 'anything else a worker writes',
    records: [{ signal: 'fpm.said' }],
  },
  {
    input:
      'NOTICE: PHP message: PHP Fatal error:  Allowed memory size of 134217728 bytes exhausted (tried to allocate 20480 bytes) in /var/www/html/wp-content/plugins/shop-feed/feed.php on line 8',
    shows: 'a container (decorate_workers_output = no)',
    records: [
      {
        signal: 'php.memory-limit',
        stamp: { kind: 'none' },
        values: {
          limitBytes: 134217728,
          triedBytes: 20480,
          file: '/var/www/html/wp-content/plugins/shop-feed/feed.php',
          lineNumber: 8,
          plugin: 'shop-feed',
          pluginKind: 'plugin',
        },
      },
    ],
  },
  {
    input:
      "[19-Jan-2026 12:22:52] ERROR: [pool shop] 'request_slowlog_timeout' (30) can't be greater than 'request_terminate_timeout' (20)",
    shows: 'a configuration that is refused',
    records: [{ signal: 'fpm.conf-alert', subject: 'shop' }],
  },
  {
    input: ['    server reached pm.max_children setting (10), consider raising it', 'NOTICE: Terminating ...'].join(
      '\n',
    ),
    shows: 'pasted, indented, without time and pool',
    records: [{ signal: 'fpm.max-children', stamp: { kind: 'none' } }, { signal: 'fpm.terminating' }],
  },
];
