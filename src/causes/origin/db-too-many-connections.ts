import type { Facts } from '../../correlate/facts.ts';
import type { Cause } from '../cause.ts';
import { MISSING_DB_LOG, MISSING_POOL_CONFIG, poolFile } from '../php-texts.ts';
import { APP_ERROR_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_ONLY_RESTART, failedInBrackets, MISSING_APP_LOG } from '../texts.ts';

/** Whether nobody says that the database itself refused a connection. */
function onlyPool({ signals }: Facts): boolean {
  return signals.has('app.db-pool') && !REFUSALS.some((signal) => signals.has(signal));
}

const REFUSALS = ['php.db-many', 'php.db-user-limit', 'app.db-too-many', 'db.too-many'] as const;

export const dbTooManyConnections: Cause = {
  id: 'db-too-many-connections',
  title: 'The database has no free connections',
  place: 'origin',
  hop: 'dependency',
  broader: ['origin-error-response'],
  aliases: ['db-too-many'],
  explains: ['application', 'gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'php.db-many', weight: 'decisive', why: 'the database refused for the number of connections' },
    { signal: 'php.db-user-limit', weight: 'decisive', why: 'the user’s own limit of connections is reached' },
    { signal: 'app.db-too-many', weight: 'decisive', why: 'the application was refused for the number of connections' },
    { signal: 'app.db-pool', weight: 'decisive', why: 'its pool had no connection left to give' },
    { signal: 'db.too-many', weight: 'decisive', why: 'the database says that all connections are taken' },
    { signal: 'php.wp-db', weight: 'weak', why: 'WordPress reports failed queries' },
    { signal: 'app.db-error', weight: 'weak', why: 'the application has trouble with its database' },
    { signal: 'derived.traffic-spike', weight: 'weak', why: 'more requests at once need more connections' },
    {
      signal: 'derived.pool-waits-for-database',
      weight: 'decisive',
      against: true,
      why: 'connections could not be made at all, which uses a pool up as well',
    },
    { signal: 'derived.db-down', weight: 'strong', against: true, why: 'the database was away altogether' },
    { signal: 'php.db-refused', weight: 'medium', against: true, why: 'nobody listened there at all' },
    ...APP_ERROR_OUTSIDE,
  ],
  summary: (facts) =>
    onlyPool(facts)
      ? `The application’s own pool of database connections was used up, so requests waited for one in vain${failedInBrackets(facts)}. Either it is too small for so many requests at once, or slow queries, locks and transactions that stay open hold its connections too long.`
      : `All connections of the database were taken${facts.signals.has('php.db-user-limit') ? ' (the limit of that database user)' : ''}, so it refused new ones and the pages failed${failedInBrackets(facts)}. Either more workers run than the database allows connections for, or slow queries hold the connections too long.`,
  missing: [MISSING_DB_LOG, MISSING_POOL_CONFIG, MISSING_APP_LOG],
  fix: [
    {
      text: 'See who holds the connections and what they do. The database keeps one connection for its administrator.',
      command:
        'sudo mysql -e "SHOW STATUS LIKE \'Max_used_connections\'; SHOW VARIABLES LIKE \'max_connections\'; SHOW FULL PROCESSLIST"   # PostgreSQL: sudo -u postgres psql -c "select state, count(*), max(now()-query_start) from pg_stat_activity group by 1"',
      risk: 'None: it only reads. Queries may show personal data.',
    },
    {
      text: 'End the queries that hang, the oldest first, so that the site works again.',
      command: 'sudo mysql -e "KILL QUERY <id>"   # PostgreSQL: select pg_cancel_backend(<pid>)',
      risk: 'The query’s work is lost. Do not kill a running ALTER TABLE or backup.',
    },
    {
      text: 'Bring the two limits together: the sum of all workers that use the database (pm.max_children of every pool, job workers, cron) must stay below max_connections.',
      config: (facts) =>
        `; ${poolFile(facts)}: the sum over all pools, jobs and cron, and a tenth to spare, below max_connections\npm.max_children = 40\n# /etc/mysql/mariadb.conf.d/50-server.cnf, [mysqld]; 151 by default\nmax_connections = 100`,
      risk: 'Each connection takes memory, several megabytes under load. Fewer workers make visitors wait instead.',
    },
    {
      text: 'Find the slow queries that hold connections.',
      command: 'sudo mysql -e "SET GLOBAL slow_query_log = 1; SET GLOBAL long_query_time = 1"',
      risk: 'Small. The log may hold personal data.',
    },
    {
      text: 'With many application processes (or PostgreSQL): put a pooler in front (ProxySQL, PgBouncer).',
      risk: 'One more part that can fail; prepared statements and session settings need care.',
    },
  ],
  avoid: [
    'Raising max_connections to thousands: the database then runs out of memory, and slow queries get slower.',
    'Raising pm.max_children: more workers want still more connections.',
    'Persistent connections as a cure: every idle worker then holds one for ever.',
    AVOID_ONLY_RESTART,
  ],
  verify: [
    'Max_used_connections stays clearly below max_connections at the next peak.',
    'The error no longer appears in the application’s log.',
  ],
  prevent: [
    'Alarm at 80 % of max_connections.',
    'Keep the arithmetic of workers and connections in the deployment’s notes.',
  ],
  difficulty: 'moderate',
  sources: [
    'MySQL reference: Too many connections (error 1040), max_user_connections (1203)',
    'PostgreSQL documentation: connection settings',
  ],
};
