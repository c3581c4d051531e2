import type { Facts } from '../correlate/facts.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import type { MissingEvidence } from './cause.ts';
import { fpmLog, phpFpmUnit, phpVersion } from './commands.ts';
import { databaseLog } from './databases.ts';

/** What the causes of PHP-FPM, PHP and its dependencies say alike. */

const PLAIN_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,80}$/;

/** Fatal errors of PHP, the more specific ones first. */
export const PHP_FATALS: readonly SignalId[] = [
  'php.memory-limit',
  'php.execution-time',
  'php.parse',
  'php.undef-fn',
  'php.require',
  'php.uncaught',
  'php.fatal',
];

/** A number that one of the signals carries, or null. */
export function numberOf(facts: Facts, signals: readonly SignalId[], name: string): number | null {
  for (const signal of signals) {
    const value = facts.signals.get(signal)?.values[name];
    const number = typeof value === 'string' ? Number.parseFloat(value) : value;
    if (number !== undefined && Number.isFinite(number)) return number;
  }
  return null;
}

/** A text that one of the signals carries, or null. */
export function wordOf(facts: Facts, signals: readonly SignalId[], name: string): string | null {
  for (const signal of signals) {
    const value = facts.signals.get(signal)?.values[name];
    if (value !== undefined && value !== '') return String(value);
  }
  return null;
}

/** Name of the PHP-FPM pool the lines speak of, fit for a path; `www` where none is named. Ordinary lines of other pools say nothing. */
export function poolName(facts: Facts): string {
  const ids = [...facts.signals.keys()].filter((id) => id.startsWith('fpm.'));
  const telling = ids.filter((id) => SIGNALS[id].role !== 'noise');
  for (const id of [...telling, ...ids]) {
    const subjects = facts.signals.get(id)?.subjects ?? [];
    const pool = subjects.find((subject) => PLAIN_NAME.test(subject) && !/^php/.test(subject));
    if (pool !== undefined) return pool;
  }
  return 'www';
}

/** Folder of PHP-FPM's configuration as Debian names it; a pattern that the shell fills in where the version is not known. */
export function fpmFolder(facts: Facts): string {
  return `/etc/php/${phpVersion(facts) ?? '*'}/fpm`;
}

/** The pool’s configuration file as Debian names it. */
export function poolFile(facts: Facts): string {
  return `${fpmFolder(facts)}/pool.d/${poolName(facts)}.conf`;
}

/** PHP-FPM's program, fit for a command: the newest one where the version is not known. */
export function fpmProgram(facts: Facts): string {
  const version = phpVersion(facts);
  return version === null ? '$(ls /usr/sbin/php-fpm* | tail -1)' : `php-fpm${version}`;
}

/** Tests the configuration, then reloads PHP-FPM. */
export function reloadFpm(facts: Facts): string {
  return `sudo ${fpmProgram(facts)} -t && sudo systemctl reload ${phpFpmUnit(facts)}`;
}

export const RELOAD_RISK =
  'While process_control_timeout is 0 (the default), a reload cuts running requests: a second of 502.';

/** The plugin or theme that the fatal errors name, fit for a command; null where none is named. */
export function pluginName(facts: Facts): string | null {
  const name = wordOf(facts, ['derived.plugin', ...PHP_FATALS, 'fpm.slow-trace'], 'plugin');
  return name !== null && PLAIN_NAME.test(name) ? name : null;
}

/** "theme" or "plugin". */
export function pluginKind(facts: Facts): 'plugin' | 'theme' {
  return wordOf(facts, ['derived.plugin', ...PHP_FATALS, 'fpm.slow-trace'], 'pluginKind')?.startsWith('theme')
    ? 'theme'
    : 'plugin';
}

/** " in /var/www/…/x.php on line 12", or nothing. */
export function inFile(facts: Facts, signals: readonly SignalId[]): string {
  const file = wordOf(facts, signals, 'file');
  const line = wordOf(facts, signals, 'lineNumber');
  if (file === null) return '';
  return line === null ? ` in ${file}` : ` in ${file} on line ${line}`;
}

/** What most stacks of the slow log wait for (formats/app/slow-frames.ts), or null where there are none. */
export function waitsFor(facts: Facts): string | null {
  return wordOf(facts, ['fpm.slow-trace'], 'waitsFor');
}

const WAITING: Readonly<Record<string, string>> = {
  http: ', waiting for another server',
  database: ', waiting for the database',
  session: ', waiting for the lock of a session',
  lock: ', waiting for a lock',
  sleep: ', sleeping',
  cpu: ', computing',
};

/** Where most stacks of the slow log stand: "most stand in curl_exec() of the plugin feed, waiting for another server". */
export function heldBy(facts: Facts): string | null {
  const at = wordOf(facts, ['fpm.slow-trace'], 'function');
  if (at === null) return null;
  const plugin = pluginName(facts);
  const file = wordOf(facts, ['fpm.slow-trace'], 'file');
  const whose = plugin !== null ? ` of the ${pluginKind(facts)} ${plugin}` : file === null ? '' : ` in ${file}`;
  return `most stand in ${at}()${whose}${WAITING[waitsFor(facts) ?? ''] ?? ''}`;
}

/** Limits for a call to another server. */
export const CURL_LIMITS =
  "curl_setopt_array($ch, [CURLOPT_CONNECTTIMEOUT => 2, CURLOPT_TIMEOUT => 5]);\n// WordPress: wp_remote_get($url, ['timeout' => 5])";

/** PHP-FPM's own log. */
export const MISSING_FPM_LOG: MissingEvidence = {
  what: 'PHP-FPM’s log of the minutes of the burst, and some hours before',
  why: 'it names full pools, crashed and terminated workers; the web server sees only that they did not answer',
  command: (facts) => `sudo zcat -f ${fpmLog(facts)}.1 ${fpmLog(facts)} > php-fpm.log`,
  unless: {
    signals: [
      'fpm.max-children',
      'fpm.child-segv',
      'fpm.exec-timeout',
      'fpm.init-failed',
      'fpm.ready',
      'fpm.seems-busy',
      'lsapi.max-children',
      'lsapi.child-signal',
      'lsapi.runaway',
      'derived.other-backend',
    ],
  },
};

/** The settings of the pool that is in force. */
export const MISSING_POOL_CONFIG: MissingEvidence = {
  what: 'the pool’s settings (pm, pm.max_children, request_terminate_timeout, listen)',
  why: 'a pool with pm = static logs nothing when it is full, so only its size tells',
  command: (facts) => `sudo ${fpmProgram(facts)} -tt 2>&1 | grep -E '\\[[a-z]|pm|timeout|listen'`,
  unless: {
    signals: ['fpm.max-children', 'fpm.process-max', 'fpm.conf-alert', 'lsapi.max-children', 'derived.other-backend'],
  },
};

/** PHP's own error log. */
export const MISSING_PHP_ERRORS: MissingEvidence = {
  what: 'PHP’s error log (WordPress: wp-content/debug.log)',
  why: 'a fatal error names file and line there; the web server shows only a 500',
  command: (facts) => `grep -rnE '^[^;]*(error_log|log_errors|display_errors)' ${fpmFolder(facts)}/`,
  unless: { signals: [...PHP_FATALS, 'php.db-refused', 'php.db-many'] },
};

/** The slow log of the pool. */
export const MISSING_SLOW_LOG: MissingEvidence = {
  what: 'PHP-FPM’s slow log (slowlog and request_slowlog_timeout = 5s in the pool file)',
  why: 'its stacks name the function that every waiting worker stands in',
  command: (facts) => `grep -nE 'slowlog|request_slowlog_timeout' ${poolFile(facts)}`,
  unless: {
    signals: [
      'fpm.slow-trace',
      'derived.waits-for-dependency',
      'lsapi.max-children',
      'lsapi.runaway',
      'derived.other-backend',
    ],
  },
};

/** The database's own log. */
export const MISSING_DB_LOG: MissingEvidence = {
  what: 'the database’s own log (MariaDB and MySQL: the journal or /var/log/mysql/error.log; PostgreSQL: /var/log/postgresql/)',
  why: 'it tells a stop, a crash and a full connection table apart',
  command: databaseLog,
  unless: { hop: 'dependency' },
};
