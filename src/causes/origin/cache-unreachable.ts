import type { Cause } from '../cause.ts';
import { around } from '../commands.ts';
import { MISSING_PHP_ERRORS } from '../php-texts.ts';
import { APP_ERROR_OUTSIDE } from '../seen-from-outside.ts';
import { AVOID_PURGE_CACHE, failedInBrackets, MISSING_APP_LOG, MISSING_JOURNAL } from '../texts.ts';

export const cacheUnreachable: Cause = {
  id: 'cache-unreachable',
  title: 'Redis or memcached cannot be reached',
  place: 'origin',
  hop: 'dependency',
  broader: ['php-fatal', 'origin-error-response'],
  aliases: ['cache-refused'],
  explains: ['application', 'gateway'],
  frequency: 'usual',
  evidence: [
    { signal: 'php.redis', weight: 'decisive', why: 'PHP could not talk to Redis or memcached' },
    {
      signal: 'app.cache-error',
      weight: 'decisive',
      why: 'the application says that its cache does not answer, or turns it away',
    },
    { signal: 'derived.dies-without-server', weight: 'weak', why: 'its end is what visitors saw' },
    { signal: 'derived.cache-down', weight: 'strong', why: 'the cache was away in just that time' },
    { signal: 'unit.shown-down', role: 'cache', weight: 'strong', why: 'its state was printed and it did not run' },
    { signal: 'unit.shown-up', role: 'cache', weight: 'strong', against: true, why: 'it, or another of its kind, ran' },
    { signal: 'unit.exited', role: 'cache', weight: 'medium', why: 'the cache’s process ended with an error' },
    { signal: 'unit.killed', role: 'cache', weight: 'medium', why: 'the cache’s process was killed' },
    { signal: 'kernel.segfault', role: 'cache', weight: 'medium', why: 'the cache’s process crashed' },
    { signal: 'unit.start-failed', role: 'cache', weight: 'medium', why: 'the cache could not be started' },
    { signal: 'unit.probe-failed', role: 'cache', weight: 'weak', why: 'the cache does not answer its own check' },
    { signal: 'cache.error', weight: 'strong', why: 'Redis itself refuses writes' },
    { signal: 'cache.crash', weight: 'strong', why: 'Redis was away until it came up again' },
    { signal: 'cache.start-failed', weight: 'strong', why: 'nothing answers at its port' },
    { signal: 'cache.stop', weight: 'medium', why: 'Redis was being stopped' },
    { signal: 'php.uncaught', weight: 'weak', why: 'an unreachable cache often ends a page with an uncaught error' },
    { signal: 'nginx.timeout-header', weight: 'weak', why: 'pages that wait for a dead cache time out' },
    { signal: 'kernel.oom-kill', role: 'cache', weight: 'weak', why: 'a cache with much memory is a likely victim' },
    { signal: 'derived.db-down', weight: 'medium', against: true, why: 'the database was away at the same time' },
    ...APP_ERROR_OUTSIDE,
  ],
  summary: (facts) =>
    `The application could not reach its cache or session store (Redis or memcached) and failed instead of going on without it${failedInBrackets(facts)}.`,
  missing: [MISSING_JOURNAL, MISSING_APP_LOG, MISSING_PHP_ERRORS],
  fix: [
    {
      text: 'See whether it runs and answers; start it.',
      command: 'systemctl --no-pager status redis-server memcached; redis-cli ping; sudo systemctl start redis-server',
      risk: 'A large Redis loads its data first and refuses commands with LOADING for that time.',
    },
    {
      text: 'Read why it stopped: memory, disk (it refuses writes when its snapshot fails), a stop by hand.',
      command: (facts) =>
        `journalctl -u redis-server -u memcached ${around(facts)} -o short-iso; sudo tail -50 /var/log/redis/redis-server.log; redis-cli info memory | grep -E 'used_memory_human|maxmemory'`,
      risk: 'None: it only reads.',
    },
    {
      text: 'Try the address that the application uses, from its own host or container. NOAUTH or WRONGPASS: the password in its settings is not the server’s. READONLY: it asks a replica, where the master was meant.',
      command:
        'redis-cli -h 127.0.0.1 -p 6379 ping   # memcached: printf "stats\\nquit\\n" | nc 127.0.0.1 11211 | head -3',
      risk: 'None: it only reads.',
    },
    {
      text: 'WordPress, to get the site back at once: take the object cache drop-in away.',
      command: 'mv wp-content/object-cache.php wp-content/object-cache.php.off',
      risk: 'Without the cache the database gets all the load.',
    },
  ],
  avoid: [
    'FLUSHALL: it empties sessions and queues too, and the server was not reachable anyway.',
    AVOID_PURGE_CACHE,
    'Binding Redis to 0.0.0.0 “so that it can be reached”: without a password it is taken over within hours.',
  ],
  verify: ['redis-cli ping answers PONG from the application’s host, and the pages answer 200.'],
  prevent: [
    'Let the application go on without a cache: short connect time-out, errors caught.',
    'Set maxmemory with an eviction policy, and keep queues and sessions apart from the page cache.',
  ],
  difficulty: 'easy',
  sources: ['Redis documentation: administration, eviction', 'phpredis: RedisException'],
};
