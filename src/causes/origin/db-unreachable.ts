import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { databaseEnd, startDatabase } from '../databases.ts';
import { MISSING_DB_LOG, MISSING_PHP_ERRORS } from '../php-texts.ts';
import { APP_ERROR_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_PURGE_CACHE, AVOID_RAISE_TIMEOUTS, failedRequestsFirst, MISSING_APP_LOG } from '../texts.ts';

function what(facts: Facts): string {
  const has = facts.signals.has.bind(facts.signals);
  if (has('php.db-auth')) return 'The database refused the application’s user or password.';
  if (has('php.db-dns')) return 'The name of the database did not resolve.';
  if (has('php.db-blocked')) return 'The database blocked the application’s host after too many broken connections.';
  if (has('db.crash')) return 'The database crashed, and the application could not reach it.';
  if (has('derived.db-down') || has('db.stop')) return 'The database was down, and the application could not reach it.';
  if (has('php.db-gone')) return 'The database ended the application’s connections in the middle of their work.';
  return 'The application could not reach its database.';
}

export const dbUnreachable: Cause = {
  id: 'db-unreachable',
  title: 'The database cannot be reached',
  place: 'origin',
  hop: 'dependency',
  broader: ['php-fatal', 'origin-error-response'],
  aliases: ['db-refused', 'db-gone', 'db-dns', 'db-auth', 'db-host-blocked', 'db-down'],
  explains: ['application', 'gateway'],
  frequency: 'common',
  evidence: [
    {
      signal: 'php.db-refused',
      weight: 'decisive',
      why: 'nobody listens where the application looks for the database',
    },
    { signal: 'php.db-dns', weight: 'decisive', why: 'the database’s name does not resolve' },
    { signal: 'php.db-blocked', weight: 'decisive', why: 'the database blocks this host' },
    { signal: 'php.db-auth', weight: 'decisive', why: 'the database refuses the user' },
    { signal: 'php.db-gone', weight: 'strong', why: 'the database ended connections in use' },
    { signal: 'php.db-greeting', weight: 'medium', why: 'the database closed the connection before its greeting' },
    { signal: 'php.wp-db', weight: 'weak', why: 'WordPress reports failed queries' },
    { signal: 'app.db-error', weight: 'decisive', why: 'the application says that its database does not answer' },
    { signal: 'derived.dies-without-server', weight: 'weak', why: 'its end is what visitors saw' },
    { signal: 'derived.db-down', weight: 'decisive', why: 'the database was away in just that time' },
    { signal: 'unit.shown-down', role: 'db', weight: 'strong', why: 'its state was printed and it did not run' },
    { signal: 'unit.shown-up', role: 'db', weight: 'strong', against: true, why: 'it, or another of its kind, ran' },
    { signal: 'unit.exited', role: 'db', weight: 'medium', why: 'the database’s process ended with an error' },
    { signal: 'unit.killed', role: 'db', weight: 'medium', why: 'the database’s process was killed' },
    { signal: 'kernel.segfault', role: 'db', weight: 'medium', why: 'the database’s process crashed' },
    { signal: 'unit.start-failed', role: 'db', weight: 'medium', why: 'the database could not be started' },
    { signal: 'unit.probe-failed', role: 'db', weight: 'weak', why: 'the database does not answer its own check' },
    { signal: 'db.crash', weight: 'strong', why: 'the database says that it crashed' },
    { signal: 'db.start-failed', weight: 'decisive', why: 'the database could not start' },
    { signal: 'db.stop', weight: 'medium', why: 'the database was being stopped' },
    { signal: 'db.not-ready', weight: 'strong', why: 'the database takes no connections until it is up' },
    { signal: 'db.disk-full', weight: 'strong', against: true, why: 'it has no disk space: that is why' },
    { signal: 'host.shown-disk-full', weight: 'medium', against: true, why: 'the reason may be the full disk' },
    { signal: 'php.db-readonly', weight: 'weak', why: 'the database cannot write' },
    { signal: 'nginx.timeout-header', weight: 'weak', why: 'pages that wait for a dead database time out' },
    { signal: 'db.error', weight: 'weak', why: 'the database has a trouble of its own' },
    { signal: 'php.db-many', weight: 'medium', against: true, why: 'it was there, but had no free connection' },
    { signal: 'app.db-too-many', weight: 'medium', against: true, why: 'it was there, but had no free connection' },
    { signal: 'app.db-pool', weight: 'medium', against: true, why: 'connections may only have been in use too long' },
    {
      signal: 'derived.pool-waits-for-database',
      weight: 'strong',
      why: 'new connections failed, too: so the pool had none to give',
    },
    ...APP_ERROR_OUTSIDE,
  ],
  summary: (facts) =>
    `${what(facts)} ${failedRequestsFirst(facts)} failed. The web server and the application are in order; the error page is the right answer while their database is away.`,
  missing: [MISSING_DB_LOG, MISSING_PHP_ERRORS, MISSING_APP_LOG],
  fix: [
    {
      text: 'See whether it runs, and start it.',
      command: startDatabase,
      risk: 'After a crash it may repair tables for minutes. Do not kill it meanwhile.',
    },
    {
      text: 'Read why it went: memory, disk, a stop by hand, an upgrade.',
      command: databaseEnd,
      risk: 'None: it only reads.',
    },
    {
      text: 'Try the application’s own address, user and password from the application’s host. “localhost” means the socket file, 127.0.0.1 the port.',
      command:
        'mysql -h 127.0.0.1 -P 3306 -u <user> -p -e "SELECT 1"   # PostgreSQL: psql "host=127.0.0.1 user=<user>" -c "select 1"',
      risk: 'None: it only reads.',
    },
    {
      text: 'If it says that this host is blocked: unblock it, then find what breaks connections (health checks without login).',
      command: 'sudo mysqladmin flush-hosts   # MySQL 8.0.23 and newer: TRUNCATE TABLE performance_schema.host_cache',
      risk: 'None: only the counts of broken connections are cleared.',
    },
    {
      text: 'If it was killed for lack of memory: make its buffers fit.',
      command: 'free -m; sudo mysql -e "SHOW VARIABLES LIKE \'innodb_buffer_pool_size\'"',
      risk: 'Smaller buffers make queries slower.',
    },
  ],
  avoid: [
    'Restarting PHP-FPM, the web server or the application: they come back and still find no database.',
    AVOID_PURGE_CACHE,
    AVOID_RAISE_TIMEOUTS,
    'Repairing or deleting data files in a hurry: copy the data folder first.',
  ],
  verify: [
    'The application’s user can run SELECT 1 from the application’s host.',
    'Pages answer 200, and the database errors stop in the application’s log.',
  ],
  prevent: [
    'Restart=on-failure for the database’s unit, and an alarm when it is down.',
    'Keep memory of database plus PHP workers below the host’s memory.',
    'Give the application a short connect time-out, so that a dead database does not hold every worker.',
  ],
  difficulty: 'moderate',
  sources: [
    'MySQL reference: error codes 2002, 2006, 1045, 1129',
    'MariaDB: server system variables',
    'PHP manual: mysqli, PDO',
  ],
};
