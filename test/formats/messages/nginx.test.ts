import { describe, expect, it } from 'vitest';
import { SIGNALS } from '../../../src/vocabulary/signals.ts';
import { fill, read, readTable, signalNamed, statusesIn, type TableRow, type Values } from './table.ts';

const ROWS = readTable('nginx');

const COMMON: Values = {
  ADDR: '192.0.2.5',
  PORT: '3000',
  PATH: '/run/app.sock',
  NAME: 'app.example.com',
  HOST: 'app.example.com',
  N: '7',
  NNN: '994',
  K: 'X-Served-By',
  V: 'zip',
  TEXT: 'Input/output error',
  FILE: '/etc/nginx/nginx.conf',
  LINE: '84',
  URL: 'http:///p',
  URI: '/p',
  ZONE: 'one',
  L: '/a/',
  U: 'shop',
  PID: '812',
  VERSION: '1.22.1',
};

/** Values of single rows, where the common ones would make another message of it. */
const OWN: Readonly<Record<string, Values>> = {
  'connect-other': { N: '22', TEXT: 'Invalid argument', ADDR: '192.0.2.5:3000' },
  'socket-other': { N: '97', TEXT: 'Address family not supported by protocol' },
  'bind-upstream': { N: '99', TEXT: 'Cannot assign requested address' },
  'resolve-other': { N: '9', TEXT: 'Unknown error' },
  'listen-failed': { ADDR: '0.0.0.0:80', N: '98', TEXT: 'Address already in use' },
  'url-err': { TEXT: 'no host' },
  'conf-error': { TEXT: 'unknown directive "bogus"' },
  'open-emfile': { PATH: '/var/www/html/a.html' },
  'disk-full': { PATH: '/var/lib/nginx/proxy/1/00/0000000001' },
  'disk-short': { PATH: '/var/lib/nginx/proxy/1/00/0000000001' },
  'static-missing': { PATH: '/var/www/html/a.html' },
  'static-denied': { PATH: '/var/www/html/a.html' },
  'static-crit': { PATH: '/var/www/html/a.html', N: '5' },
  'shm-full': { ZONE: 'limit_req zone "one"' },
  'shm-node': { ZONE: 'limit_req zone "one"' },
  'invalid-status': { TEXT: 'abc' },
  trailers: { TEXT: 'X\\x20...' },
  'buffered-response': { PATH: '/var/lib/nginx/proxy/1/00/0000000001' },
  'buffered-request': { PATH: '/var/lib/nginx/body/0000000001' },
  'uninit-var': { NAME: 'backend' },
  'conn-limit-upstream': { N: '1024' },
  'conn-limit-drop': { N: '1024' },
  'auth-request': { N: '502' },
};

/**
 * Whole messages for format strings that leave a part open (`...`: texts of OpenSSL, of PHP) or hold a capital word of
 * their own.
 */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  'invalid-header': ['upstream sent invalid header: "X\\x20..."'],
  'invalid-url-prefix': ['invalid URL prefix in "ftp://app/"'],
  'limit-req-dry': ['limiting requests, dry run, excess: 0.994 by zone "one"'],
  'temp-denied': ['open() "/var/lib/nginx/proxy/1/00/0000000001" failed (13: Permission denied)'],
  'tls-upstream-other': ['SSL_do_handshake() failed (SSL: error:0A000126:SSL routines::unexpected eof while reading)'],
  'tls-rw': ['SSL_read() failed (104: Connection reset by peer)', 'SSL_write() failed (32: Broken pipe)'],
  'fcgi-db-many': [
    'FastCGI sent in stderr: "PHP message: PHP Warning:  mysqli_real_connect(): (08004/1040): Too many connections in /var/www/html/a.php on line 3"',
  ],
  'fcgi-db-gone': [
    'FastCGI sent in stderr: "PHP message: PHP Warning:  mysqli_query(): MySQL server has gone away in /var/www/html/a.php on line 3"',
  ],
  'fcgi-db-refused': [
    'FastCGI sent in stderr: "PHP message: PHP Warning:  mysqli_real_connect(): (HY000/2002): Connection refused in /var/www/html/a.php on line 3"',
  ],
  'fcgi-fatal': [
    'FastCGI sent in stderr: "PHP message: PHP Fatal error:  Cannot redeclare shop_init() in /var/www/html/a.php on line 3"',
  ],
  'fcgi-warn': [
    'FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined variable $x in /var/www/html/a.php on line 3"',
  ],
  'client-tls-version': [
    'SSL_do_handshake() failed (SSL: error:0A000102:SSL routines::unsupported protocol)',
    'SSL_do_handshake() failed (SSL: error:0A0000C1:SSL routines::no shared cipher)',
  ],
  'client-bad': [
    'client sent invalid request',
    'client sent invalid host header',
    'client sent HTTP/1.1 request without "Host" header',
    'client sent too large request',
  ],
  start: [
    'using the "epoll" event method',
    'nginx/1.22.1',
    'OS: Linux 6.1.0-28-amd64',
    'getrlimit(RLIMIT_NOFILE): 1024:524288',
    'start worker processes',
  ],
  'cert-load': [
    'cannot load certificate "/etc/ssl/a.pem": BIO_new_file() failed (SSL: error:80000002:system library::No such file or directory)',
  ],
  'cert-key': [
    'SSL_CTX_use_PrivateKey("/etc/ssl/a.key") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)',
  ],
  'conf-warn': [
    'conflicting server name "example.com" on 0.0.0.0:80, ignored',
    'the "listen ... http2" directive is deprecated, use the "http2" directive instead in /etc/nginx/nginx.conf:12',
    'could not build optimal types_hash, you should increase either types_hash_max_size: 1024 or types_hash_bucket_size: 64; ignoring types_hash_bucket_size',
  ],
  ocsp: [
    'OCSP responder sent invalid "Content-Type" header: "text/html"',
    'OCSP_basic_verify() failed (SSL: error:27069065:OCSP routines:OCSP_basic_verify:certificate verify error)',
    'ocsp.example.com could not be resolved (110: Operation timed out)',
  ],
  'crit-ssl-client': ['SSL_do_handshake() failed (SSL: error:0A00006C:SSL routines::bad key share)'],
};

/**
 * Rows, or wordings of one, whose signal is not named as the row is: what PHP said is told by PHP's own table, and of what
 * a start prints only the version is not printed by a reload as well (ngx_master_process_cycle).
 */
const OTHER_SIGNAL: Readonly<Record<string, string>> = {
  'fcgi-memory': 'php.memory-limit',
  'fcgi-maxexec': 'php.execution-time',
  'fcgi-db-many': 'php.db-many',
  'fcgi-db-gone': 'php.db-gone',
  'fcgi-db-refused': 'php.db-refused',
  'fcgi-fatal': 'php.fatal',
  'fcgi-warn': 'php.warning',
  'using the "epoll" event method': 'nginx.workers',
  'OS: Linux 6.1.0-28-amd64': 'nginx.workers',
  'getrlimit(RLIMIT_NOFILE): 1024:524288': 'nginx.workers',
  'start worker processes': 'nginx.workers',
};

/** The messages of a row: its format string with its placeholders filled, one for each of its wordings. */
function messagesOf({ id = '', format = '' }: TableRow): readonly string[] {
  return OPEN[id] ?? format.split(' | ').map((wording) => fill(wording, { ...COMMON, ...OWN[id] }));
}

const CLIENT = ', client: 172.70.1.2, server: example.com';
const REQUEST = ', request: "GET /p HTTP/1.1"';
/** Written by the master, or by a worker outside of any connection. */
const NO_CONNECTION = new Set(['process', 'event', 'syslog', 'resolver']);
const NO_REQUEST = new Set(['conn-limit-drop', 'conn-reuse', 'shm-full', 'bind-retry', 'conf-warn']);

/** A step that a message can occur in: where it may be any, one of the program that wrote the message. */
function stepOf(phase: string, module: string): string {
  if (phase === '-') return '';
  if (phase !== 'any') return ` while ${phase}`;
  return module === 'core' ? ' while reading client request headers' : ' while reading response header from upstream';
}

/** What follows the message: the step and the connection's context, as ngx_http_log_error and its kin write them. */
function contextOf({ id = '', module = '', level = '', phase = '', format = '' }: TableRow): string {
  if (format.includes(' while resolving')) return '';
  if (module === 'stapling') return ` while ${phase}, responder: ocsp.example.com, peer: 192.0.2.80:80`;
  if (NO_CONNECTION.has(module) || NO_REQUEST.has(id) || level === 'emerg') return '';
  if (phase === 'SSL handshaking') return ' while SSL handshaking, client: 172.70.1.2, server: 0.0.0.0:443';
  const upstream = module === 'fastcgi' ? 'fastcgi://unix:/run/php/php8.2-fpm.sock:' : 'http://192.0.2.5:3000/p';
  const step = stepOf(phase, module);
  const peer = step.includes('upstream') ? `, upstream: "${upstream}"` : '';
  return `${step}${CLIENT}${REQUEST}${peer}, host: "example.com"`;
}

const LINES = ROWS.flatMap((row) =>
  messagesOf(row).map((message) => {
    const context = contextOf(row);
    const connection = context === '' || message.startsWith('*') ? '' : '*3 ';
    return {
      id: row.id ?? '',
      row,
      message,
      line: `2026/11/20 08:10:14 [${row.level}] 812#812: ${connection}${message}${context}`,
    };
  }),
);

describe('nginx: every row of the table of its messages', () => {
  it('has 159 rows, each with a line', () => {
    expect(new Set(LINES.map(({ id }) => id)).size).toBe(159);
    expect(Object.keys(OPEN).filter((id) => !ROWS.some((row) => row.id === id))).toEqual([]);
  });

  it.each(LINES)('$id: $message', async ({ id, row, message, line }) => {
    const { regex = '', level = '', status = '', weight = '' } = row;
    const step = row.phase === '-' ? '' : ` while ${row.phase}`;
    expect(new RegExp(regex).test(message) || new RegExp(regex).test(message + step), 'a line of this row').toBe(true);
    const signal = signalNamed(OTHER_SIGNAL[message] ?? OTHER_SIGNAL[id] ?? `nginx.${id}`);
    expect(await read([line])).toMatchObject({ format: 'nginx-error', signal, hop: 'proxy', level, notUnderstood: 0 });
    const declared: (typeof SIGNALS)[keyof typeof SIGNALS] & { status?: number; cut?: true } = SIGNALS[signal];
    if (weight === 'noise') expect(['noise', 'context'], 'role').toContain(declared.role);
    if (statusesIn(status).length > 0 && declared.status !== undefined)
      expect(statusesIn(status), 'status').toContain(declared.status);
    if (status === '200 truncated') expect(declared.cut, 'cut').toBe(true);
  });
});
