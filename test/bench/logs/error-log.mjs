import { inBurst, SLASHED } from './span.mjs';
import { CLIENTS, HOSTS, PATHS } from './visitors.mjs';

/** Where a request went: over TCP to an application server, or over a socket to PHP-FPM. */
const TCP = 'http://192.0.2.10:8080';
const SOCKET = 'fastcgi://unix:/run/php/php8.3-fpm.sock:';

/** Messages of requests that nginx could not pass on: level, text, upstream. Each is one failed request. */
const FAILED = [
  ['error', 'connect() failed (111: Connection refused) while connecting to upstream', TCP],
  ['error', 'connect() failed (113: No route to host) while connecting to upstream', TCP],
  ['error', 'upstream timed out (110: Connection timed out) while reading response header from upstream', TCP],
  ['error', 'upstream timed out (110: Connection timed out) while connecting to upstream', TCP],
  ['error', 'upstream prematurely closed connection while reading response header from upstream', TCP],
  ['error', 'recv() failed (104: Connection reset by peer) while reading response header from upstream', TCP],
  ['error', 'upstream sent too big header while reading response header from upstream', TCP],
  ['error', 'no live upstreams while connecting to upstream', 'http://backend'],
  [
    'crit',
    'connect() to unix:/run/php/php8.3-fpm.sock failed (2: No such file or directory) while connecting to upstream',
    SOCKET,
  ],
  [
    'crit',
    'connect() to unix:/run/php/php8.3-fpm.sock failed (13: Permission denied) while connecting to upstream',
    SOCKET,
  ],
  [
    'error',
    'connect() to unix:/run/php/php8.3-fpm.sock failed (11: Resource temporarily unavailable) while connecting to upstream',
    SOCKET,
  ],
  [
    'error',
    'upstream SSL certificate verify error: (10:certificate has expired) while SSL handshaking to upstream',
    'https://192.0.2.11:443',
  ],
];

/**
 * Everyday lines with the context of a request: level, text, upstream or null, and whether nginx refused the request (403,
 * 413). No request failed with a 5xx for them.
 */
const EVERYDAY = [
  ['error', 'open() "/var/www/site/favicon.png" failed (2: No such file or directory)', null],
  ['error', 'access forbidden by rule', null, 'refused'],
  ['error', 'directory index of "/var/www/site/media/" is forbidden', null],
  [
    'warn',
    'an upstream response is buffered to a temporary file /var/cache/nginx/proxy_temp/3/07/0000041073 while reading upstream',
    TCP,
  ],
  ['warn', 'a client request body is buffered to a temporary file /var/cache/nginx/client_temp/0000019284', null],
  ['error', 'client intended to send too large body: 20971520 bytes', null, 'refused'],
  [
    'info',
    'epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too while reading response header from upstream',
    TCP,
  ],
];

/** Lines of connections that never became a request. */
const CONNECTIONS = [
  ['info', (client) => `client ${client} closed keepalive connection`],
  ['info', (client) => `client closed connection while waiting for request, client: ${client}, server: 0.0.0.0:443`],
  [
    'info',
    (client) =>
      `SSL_do_handshake() failed (SSL: error:0A00010B:SSL routines::wrong version number) while SSL handshaking, client: ${client}, server: 0.0.0.0:443`,
  ],
  [
    'info',
    (client) =>
      `recv() failed (104: Connection reset by peer) while waiting for request, client: ${client}, server: 0.0.0.0:443`,
  ],
];

/** nginx's error log at level info, with PHP's messages passed on, of which the uncaught exceptions run over five lines. */
export function openErrorLog({ int, pick }) {
  const tally = { lines: 0, failedLines: 0, entries: 0, errorLines: { proxy: 0, app: 0 } };
  const row = (second) => {
    const process = 900 + int(8);
    const head = (level) => `${SLASHED[second]} [${level}] ${process}#${process}: *${1 + int(9_000_000)} `;
    const host = pick(HOSTS);
    const path = pick(PATHS);
    const client = pick(CLIENTS);
    const context = (upstream) => {
      const passed = upstream === null ? '' : `, upstream: "${upstream}${path}"`;
      return `, client: ${client}, server: ${host}, request: "GET ${path} HTTP/1.1"${passed}, host: "${host}"\n`;
    };
    tally.lines++;
    tally.entries++;
    const kind = int(1000);
    if (kind < (inBurst(second) ? 850 : 260)) {
      const [level, text, upstream] = pick(FAILED);
      tally.failedLines++;
      tally.errorLines.proxy++;
      return head(level) + text + context(upstream);
    }
    if (kind < 900) {
      const [level, text, upstream, refused] = pick(EVERYDAY);
      if (refused) tally.errorLines.proxy++;
      return head(level) + text + context(upstream);
    }
    if (kind < 960) {
      const [level, text] = pick(CONNECTIONS);
      return `${head(level)}${text(client)}\n`;
    }
    const line = int(400);
    if (kind < 980) {
      return `${head('error')}FastCGI sent in stderr: "PHP message: PHP Warning:  Undefined array key "size" in /var/www/site${path}.php on line ${line}" while reading response header from upstream${context(SOCKET)}`;
    }
    tally.lines += 4;
    tally.errorLines.app++;
    return `${head('error')}FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught RuntimeException: no stock in /var/www/site/basket.php:${line}\nStack trace:\n#0 /var/www/site/index.php(${line}): Basket->fill(Object(Größe))\n#1 {main}\n  thrown in /var/www/site/basket.php on line ${line}" while reading response header from upstream${context(SOCKET)}`;
  };
  return { row, tally };
}
