import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { clueOn } from '../entry.ts';
import type { Emit, Line, LineFormat, LineParser } from '../format.ts';
import { zoneOffsetMinutes } from '../zone-names.ts';
import { fpmStamp } from './fpm-stamp.ts';
import { classifyPhp } from './php-classify.ts';

/*
 * PHP's own error log (reference: php-fpm section 6). The zone is written (date.timezone of the request, not the host's):
 * it dates the entry and says nothing of the host's clock.
 */

const HEAD =
  /^\[(\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d) ([A-Za-z_]{1,30}(?:\/[A-Za-z0-9_+-]{1,40}){0,2}|[+-]\d\d:?\d\d)\] ?/;
const OLD_HEAD = /^\[(\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d)\] (?=PHP )/;
const TYPE =
  /^(?:PHP )?(?:Fatal error|Recoverable fatal error|Catchable fatal error|Parse error|Warning|Notice|Deprecated|Strict Standards|Core Warning|Unknown error): {1,3}\S/;
/** `PHP message: ` is how it stands in nginx's log, from where it was copied. */
const BARE =
  /^(?:PHP message: )?PHP (?:Fatal error|Recoverable fatal error|Parse error|Warning|Notice|Deprecated|Startup|Strict Standards):? /;
/** How PHP before 7 makes text of an exception, which applications print and log so. */
const EXCEPTION_TEXT = /^exception '[A-Za-z_][\w\\]{0,120}' with message '/;
/** WordPress, of an error that ended a page: its mail about a site in recovery mode (`wp_get_extension_error_description`). */
const WORDPRESS =
  /^An error of type E_(PARSE|[A-Z_]{5,20}) was caused in line (\d{1,9}) of the file (.{1,1000}?)\. Error message: (?=\S)/;
/** Not a continuation: another program's entry in the same paste. */
const OTHER_ENTRY =
  /^(?:\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:|\[\d{4}-\d\d-\d\d |\[\d\d-[A-Z][a-z]{2}-\d{4} |\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) |\S{1,255} \S{1,60} \S{1,60} \[\d\d\/|\{")/;
const MAX_LINES = 400;
const MAX_LENGTH = 65_536;

interface Entry {
  readonly line: Line;
  readonly stamp: Stamp;
  readonly lines: string[];
  length: number;
  readonly wrapped: boolean;
}

/** Converts by the written zone; the offset is left out, it is not the host's. */
function stampOf(wallText: string, zone: string): Stamp {
  const wall = fpmStamp(wallText);
  if (wall.kind !== 'local') return NO_STAMP;
  const offset = zoneOffsetMinutes(zone, wall.ms);
  return offset === undefined ? wall : { kind: 'utc', ms: wall.ms - offset * 60_000 };
}

/** What PHP itself would have logged of the error of which WordPress tells; null for any other line. */
function wordpressSaid(text: string): string | null {
  const head = WORDPRESS.exec(text);
  if (head === null) return null;
  const [, type, lineNumber, file] = head;
  const message = text.slice(head[0].length);
  const place = message.startsWith('Uncaught ') ? '' : ` in ${file} on line ${lineNumber}`;
  return `PHP ${type === 'PARSE' ? 'Parse' : 'Fatal'} error:  ${message}${place}`;
}

class PhpErrorParser implements LineParser {
  private readonly emit: Emit;
  private entry: Entry | null = null;

  constructor(emit: Emit) {
    this.emit = emit;
  }

  push(line: Line): boolean {
    const head = HEAD.exec(line.text);
    if (head?.[1] !== undefined && head[2] !== undefined) {
      return this.begin(line, stampOf(head[1], head[2]), line.text.slice(head[0].length));
    }
    const old = OLD_HEAD.exec(line.text);
    if (old?.[1] !== undefined) return this.begin(line, fpmStamp(old[1]), line.text.slice(old[0].length));
    const told = wordpressSaid(line.text);
    if (told !== null) return this.begin(line, NO_STAMP, told);
    if (BARE.test(line.text) || EXCEPTION_TEXT.test(line.text) || (this.entry === null && TYPE.test(line.text))) {
      return this.begin(line, NO_STAMP, line.text);
    }
    return this.continues(line);
  }

  end(): void {
    const { entry } = this;
    this.entry = null;
    if (entry === null) return;
    const message = entry.lines.join('\n');
    const meaning = classifyPhp(message);
    if (meaning === null) return;
    const level = TYPE.test(message)
      ? (/^(?:PHP )?([A-Z][a-zA-Z ]{3,30}):/.exec(message)?.[1] ?? undefined)
      : undefined;
    const text = entry.lines.length === 1 ? entry.line.text : [entry.line.text, ...entry.lines.slice(1)].join('\n');
    const clue = clueOn(entry.line, entry.stamp, 'app', meaning.signal, text);
    if (level !== undefined) clue.level = level;
    clue.values = meaning.values;
    this.emit(clue);
  }

  private begin(line: Line, stamp: Stamp, message: string): boolean {
    this.end();
    this.entry = { line, stamp, lines: [message], length: message.length, wrapped: line.wrapper !== null };
    return true;
  }

  private continues(line: Line): boolean {
    if (this.entry === null) return line.text.trim() === '';
    if (this.entry.wrapped !== (line.wrapper !== null) || OTHER_ENTRY.test(line.text)) return false;
    if (this.entry.lines.length < MAX_LINES && this.entry.length < MAX_LENGTH) {
      this.entry.lines.push(line.text.slice(0, MAX_LENGTH));
      this.entry.length += line.text.length;
    }
    return true;
  }
}

/** PHP's own error log. */
export const phpError: LineFormat = {
  shape: 'lines',
  id: 'php-error',
  title: 'PHP error log',
  hop: 'app',
  foundAt: [
    'the file named by error_log in php.ini or the pool',
    'wp-content/debug.log',
    'error_log in a hosting account',
  ],
  limits: ['No request, no host, no client; texts that an application writes have no level.'],
  examples: () => [
    {
      input: [
        '[20-Nov-2026 03:11:34 America/New_York] PHP Fatal error:  Uncaught Error: Call to undefined function shop_price() in /var/www/html/wp-content/plugins/shop-feed/feed.php:12',
        'Stack trace:',
        '#0 /var/www/html/wp-includes/class-wp-hook.php(324): Shop_Feed->run()',
        '#1 {main}',
        '  thrown in /var/www/html/wp-content/plugins/shop-feed/feed.php on line 12',
        '[20-Nov-2026 08:15:20 UTC] PHP Warning:  Undefined variable $x in /var/www/html/a.php on line 3',
      ].join('\n'),
      shows: 'an exception of several lines in a plugin, then a warning; two zones in one file',
      records: [
        {
          signal: 'php.undef-fn',
          line: 1,
          level: 'Fatal error',
          stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 11, 34) },
          values: {
            missing: 'shop_price',
            file: '/var/www/html/wp-content/plugins/shop-feed/feed.php',
            lineNumber: 12,
            function: 'Shop_Feed->run',
            plugin: 'shop-feed',
            pluginKind: 'plugin',
          },
        },
        { signal: 'php.warning', line: 6, stamp: { kind: 'utc', ms: Date.UTC(2026, 10, 20, 8, 15, 20) } },
      ],
    },
    {
      input: [
        '[03-Jun-2025 09:44:31 Europe/Berlin] PHP Fatal error:  Uncaught PDOException: SQLSTATE[HY000] [2002] Connection refused in /var/www/html/wp-includes/class-wpdb.php:6',
        'Stack trace:',
        '#0 /var/www/html/wp-includes/class-wpdb.php(6): PDO->__construct()',
        '#1 /var/www/html/wp-content/themes/storefront/index.php(9): wpdb_connect()',
      ].join('\n'),
      shows: 'a database that refuses is the database, not the theme on the trace',
      records: [
        {
          signal: 'php.db-refused',
          stamp: { kind: 'utc', ms: Date.UTC(2025, 5, 3, 7, 44, 31) },
          values: { file: '/var/www/html/wp-includes/class-wpdb.php', lineNumber: 6, function: 'PDO->__construct' },
        },
      ],
    },
    {
      input: [
        "exception 'PDOException' with message 'SQLSTATE[HY000] [1129] Host ",
        "'192.0.2.5' is blocked because of many connection errors; unblock ",
        "with 'mysqladmin flush-hosts'' in /var/www/html/libs/Database.php:15",
      ].join('\n'),
      shows: 'an exception as PHP before 7 wrote it, wrapped over lines',
      records: [{ signal: 'php.db-blocked' }],
    },
    {
      input:
        '[14-Feb-2017 13:07:16 UTC] PHP Fatal error: Allowed memory size of 205520896 bytes exhausted (tried to allocate 13824 bytes) in /home/site/example.net/wp-content/plugins/big-images/image.class.php on line 305',
      shows: 'a memory limit reached in a plugin',
      records: [
        {
          signal: 'php.memory-limit',
          values: {
            limitBytes: 205520896,
            triedBytes: 13824,
            file: '/home/site/example.net/wp-content/plugins/big-images/image.class.php',
            lineNumber: 305,
            plugin: 'big-images',
            pluginKind: 'plugin',
          },
        },
      ],
    },
    {
      input: [
        'An error of type E_ERROR was caused in line 12 of the file /var/www/html/wp-content/plugins/shop-feed/feed.php. Error message: Uncaught TypeError: shop_price(): Argument #1 must be of type string in /var/www/html/wp-content/plugins/shop-feed/feed.php:12',
        'Stack trace:',
        '#0 /var/www/html/wp-includes/class-wp-hook.php(324): Shop_Feed->run()',
        '#1 {main}',
        '  thrown',
      ].join('\n'),
      shows: 'WordPress’ mail about a site that had an error',
      records: [{ signal: 'php.uncaught', values: { plugin: 'shop-feed', lineNumber: 12 } }],
    },
    {
      input:
        'An error of type E_PARSE was caused in line 5 of the file /var/www/html/wp-content/themes/shop/functions.php. Error message: syntax error, unexpected token ";"',
      shows: 'the same where PHP’s message does not name the file',
      records: [{ signal: 'php.parse', values: { plugin: 'shop', pluginKind: 'theme', lineNumber: 5 } }],
    },
    {
      input:
        'PHP message: PHP Fatal error:  Uncaught RedisException: Connection refused in /var/www/html/wp-content/plugins/shop-cache/redis.php:966',
      shows: 'copied out of nginx’s line',
      records: [{ signal: 'php.redis' }],
    },
    {
      input:
        'Nov 20 08:12:32 web1 php[123]: PHP Fatal error:  Maximum execution time of 30 seconds exceeded in /var/www/html/a.php on line 3',
      shows: 'error_log = syslog',
      records: [
        {
          signal: 'php.execution-time',
          server: 'web1',
          stamp: { kind: 'yearless', ms: Date.UTC(2000, 10, 20, 8, 12, 32) },
          values: { limitSeconds: 30, file: '/var/www/html/a.php', lineNumber: 3 },
        },
      ],
    },
  ],
  score: ({ text }) => {
    if (HEAD.test(text)) return 0.95;
    if (OLD_HEAD.test(text)) return 0.9;
    if (BARE.test(text) || EXCEPTION_TEXT.test(text) || WORDPRESS.test(text)) return 0.8;
    return /^(?:Fatal error|Parse error): {1,3}\S/.test(text) ? 0.5 : 0;
  },
  open: (emit) => new PhpErrorParser(emit),
};
