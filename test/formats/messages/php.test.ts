import { describe, expect, it } from 'vitest';
import { PHP_MESSAGES } from '../../../src/formats/app/php-messages.ts';
import { SIGNALS } from '../../../src/vocabulary/signals.ts';
import { fill, read, readTable, signalNamed, statusesIn, type TableRow, type Values } from './table.ts';

const ROWS = readTable('php');

const COMMON: Values = {
  NAME: 'www',
  PATH: '/run/php/php8.2-fpm.sock',
  METHOD: 'GET',
  URI: '/index.php',
  QUERY: 'page=2',
  ADDR: '/run/php/php8.2-fpm.sock',
  HOST: 'localhost',
  FILE: '/etc/php/8.2/fpm/php-fpm.conf',
  LINE: '12',
  N: '7',
  TEXT: 'Operation not permitted',
  X: 'shop',
  U: 'shop',
  H: 'localhost',
  T: '}',
  URL: 'http://192.0.2.7/rates',
};

const OWN: Readonly<Record<string, Values>> = {
  'too-slow': { PATH: '/var/www/html/index.php' },
  'exec-timeout': { PATH: '/var/www/html/index.php' },
  'php-memory': { N: '134217728', FILE: '/var/www/html/a.php' },
  'php-oom': { N: '94371840', FILE: '/var/www/html/a.php' },
  parse: { FILE: '/var/www/html/a.php' },
  shm: { N: '27448', TEXT: 'Cannot allocate memory' },
  'ext-denied': { PATH: '/var/www/html/a.png' },
  'script-open': { PATH: '/var/www/html/gone.php', TEXT: 'No such file or directory' },
  'db-blocked': { ADDR: '192.0.2.5' },
  disallowed: { ADDR: '192.0.2.10' },
  'multi-addr': { ADDR: '127.0.0.1' },
};

/** Whole messages for format strings that leave a part open (`...`, `TEXT`) or name a line's parts by words. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  'child-signal': ['[pool www] child 812 exited on signal 3 (SIGQUIT) after 5.010432 seconds from start'],
  systemd: ['systemd monitor interval set to 10000ms'],
  'reload-exec': ['reloading: execvp("/usr/sbin/php-fpm8.2", {"/usr/sbin/php-fpm8.2", "--nodaemonize"})'],
  'unknown-child': ['unknown child (4711) exited with code 0 - potentially a bug or pre exec child'],
  'conf-alert': [
    '[pool www] pm.max_children must be a positive value',
    '[pool www] pm.start_servers(8) cannot be greater than pm.max_children(5)',
    '[pool www] user has not been defined',
  ],
  'conf-ini': [
    "[/etc/php/8.2/fpm/pool.d/www.conf:12] unknown entry 'pm.max_childs'",
    "[/etc/php/8.2/fpm/pool.d/www.conf:12] unable to parse value for entry 'pm.max_children': is not a valid number (greater or equal than zero)",
  ],
  chown: [
    "[pool www] failed to chown() the socket '/run/php/php8.2-fpm.sock': Operation not permitted (1)",
    "[pool www] cannot get uid for user 'shop'",
  ],
  fork: ['fork() failed: Cannot allocate memory (12)', 'fork() failed: Resource temporarily unavailable (11)'],
  rlimit: [
    '[pool www] failed to set rlimit_files for this pool. Please check your system limits or decrease rlimit_files. setrlimit(RLIMIT_NOFILE, 65536): Operation not permitted (1)',
  ],
  said: [
    '[pool www] child 812 said into stderr: "hello"',
    '[pool www] child 812 said into stderr: "hello", pipe is closed',
  ],
  'php-maxexec': ['Maximum execution time of 1 second exceeded', 'Maximum execution time of 30 seconds exceeded'],
  'db-many': ['mysqli_real_connect(): (08004/1040): Too many connections'],
  'db-gone': [
    'mysqli_query(): (HY000/2006): MySQL server has gone away',
    'Lost connection to MySQL server during query',
  ],
  'db-refused': [
    'mysqli_real_connect(): (HY000/2002): Connection refused',
    'mysqli_real_connect(): (HY000/2002): No such file or directory',
  ],
  'db-dns': [
    'mysqli_real_connect(): (HY000/2002): php_network_getaddresses: getaddrinfo for db failed: Name or service not known',
  ],
  'db-greeting': ['mysqli_real_connect(): Error while reading greeting packet. PID=2220'],
  'db-readonly': [
    "SQLSTATE[HY000]: General error: 1114 The table 'wp_options' is full",
    'SQLSTATE[HY000]: General error: 1290 The MySQL server is running with the --read-only option so it cannot execute this statement',
  ],
  'wp-db': ["WordPress database error Table 'shop.wp_x' doesn't exist for query SELECT 1 made by require('a.php')"],
  redis: ['Uncaught RedisException: Connection refused', 'Uncaught RedisException: read error on connection'],
  'http-dep': [
    'file_get_contents(http://192.0.2.7/rates): Failed to open stream: Connection refused',
    'cURL error 28: Operation timed out after 10001 milliseconds with 0 bytes received',
  ],
  disk: ['session_start(): open(/var/lib/php/sessions/sess_x, O_RDWR) failed: No space left on device (28)'],
  opcache: [
    'Fatal Error Unable to allocate shared memory segment of 134217728 bytes: mmap: Cannot allocate memory (12)',
    'Fri Nov 20 08:12:32 2026 (812): Warning Not enough free shared space to allocate 4096 bytes (1024 bytes free)',
  ],
  require: [
    "Uncaught Error: Failed opening required '/var/www/html/vendor/autoload.php' (include_path='.:/usr/share/php')",
  ],
  'undef-fn': ['Uncaught Error: Call to undefined function mb_strlen()'],
  uncaught: ['Uncaught TypeError: strlen(): Argument #1 must be of type string'],
  fatal: ['Cannot redeclare shop_init()'],
  startup: ["PHP Startup: Unable to load dynamic library 'imagick' (tried: /usr/lib/php/20220829/imagick)"],
  'core-warn': ['Undefined variable $x'],
  custom: ['cart sync finished'],
};

/** Rows of PHP's that carry no level: texts of error_log(), of WordPress and of OPcache stand as they are. */
const BARE = new Set(['custom', 'wp-db', 'opcache']);

function messagesOf({ id = '', format = '' }: TableRow): readonly string[] {
  return (
    OPEN[id] ??
    format.split(' | ').map((wording) => fill(wording, { ...COMMON, ...OWN[id] }).replace(/ in FILE.*$/, ''))
  );
}

/** The line as PHP-FPM (zlog.c) or PHP (main.c, php_log_err) writes it. */
function lineOf({ id = '', source = '', level = '' }: TableRow, message: string): string {
  if (source === 'fpm') return `[20-Nov-2026 08:12:32] ${level}: ${message}`;
  if (BARE.has(id)) return `[20-Nov-2026 08:12:32 UTC] ${message}`;
  const anyLevel = message.startsWith('Uncaught ') ? 'Fatal error' : 'Warning';
  const place = message.includes(' in /') ? '' : ' in /var/www/html/a.php on line 3';
  return `[20-Nov-2026 08:12:32 UTC] PHP ${level === 'any' ? anyLevel : level}:  ${message}${place}`;
}

const LINES = ROWS.flatMap((row) =>
  messagesOf(row).map((message) => ({ id: row.id ?? '', row, message, line: lineOf(row, message) })),
);

describe('PHP and PHP-FPM: every row of the table of their messages', () => {
  it('has 78 rows, each with a line', () => {
    expect(new Set(LINES.map(({ id }) => id)).size).toBe(78);
    expect(Object.keys(OPEN).filter((id) => !ROWS.some((row) => row.id === id))).toEqual([]);
  });

  it.each(LINES)('$id: $message', async ({ id, row, message, line }) => {
    const { regex = '', source = '', level = '', status = '', weight = '' } = row;
    expect(new RegExp(regex).test(message) || new RegExp(regex).test(line), 'a line of this row').toBe(true);
    const known = PHP_MESSAGES.find((entry) => entry.id === id);
    const signal = signalNamed(known?.signal ?? `no row ${id}`);
    const format = source === 'fpm' ? 'php-fpm' : 'php-error';
    expect(await read([line])).toMatchObject({ format, signal, hop: 'app', notUnderstood: 0 });
    if (source === 'fpm') expect((await read([line])).level?.toLowerCase()).toBe(level.toLowerCase());
    const declared: (typeof SIGNALS)[keyof typeof SIGNALS] & { status?: number } = SIGNALS[signal];
    if (weight === 'noise') expect(['noise', 'context'], 'role').toContain(declared.role);
    if (statusesIn(status).length > 0 && declared.status !== undefined)
      expect(statusesIn(status), 'status').toContain(declared.status);
  });
});
