import { createServer, type Server } from 'node:net';
import type { Scenario } from '../scenario.ts';
import type { Site } from '../site.ts';

const memory = { pool: {} };

/** What MySQL sends in place of its greeting when it takes no more connections: error 1040, SQL state 08004. */
const TOO_MANY = Buffer.concat([
  Buffer.from([29, 0, 0, 0, 0xff, 0x10, 0x04]),
  Buffer.from('#08004Too many connections'),
]);
const databases = new WeakMap<Site, Server>();
const putOrders = (site: Site): void =>
  site.put(
    'orders.php',
    `<?php\n$db = new mysqli('127.0.0.1', 'shop', 'secret', 'shop', ${site.layout.appPort});\necho 'orders';\n`,
  );

/** PHP code that dies. */
export const PHP_SCENARIOS: readonly Scenario[] = [
  {
    name: 'memory-limit',
    story: 'A page needs more memory than memory_limit allows.',
    setup: memory,
    askMeanwhile: ['/gallery.php?album=3'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-memory-limit'],
    fromNginxAlone: ['app-error-response', 'origin-error-response', 'php-fatal', 'unknown'],
  },
  {
    name: 'memory-limit-in-nginx-log',
    story: 'The same, with PHP’s errors in nginx’s error log.',
    setup: { pool: { phpErrorsTo: 'nginx' } },
    askMeanwhile: ['/gallery.php?album=3'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-memory-limit'],
  },
  {
    name: 'plugin-fatal',
    story: 'A plugin dies of a type error on every page.',
    setup: { pool: {} },
    breakIt: (site) => site.put('.broken-plugin'),
    mendIt: (site) => site.remove('.broken-plugin'),
    places: ['origin'],
    causes: ['php-plugin-fault'],
    fromNginxAlone: ['app-error-response', 'origin-error-response', 'php-fatal', 'unknown'],
  },
  {
    name: 'plugin-fatal-in-nginx-log',
    story: 'The same, with PHP’s errors in nginx’s error log.',
    setup: { pool: { phpErrorsTo: 'nginx' } },
    breakIt: (site) => site.put('.broken-plugin'),
    mendIt: (site) => site.remove('.broken-plugin'),
    places: ['origin'],
    causes: ['php-plugin-fault'],
  },
  {
    name: 'parse-error',
    story: 'A file was deployed by half: PHP cannot parse it.',
    setup: { pool: {} },
    breakIt: (site) => site.put('.half-deployed'),
    mendIt: (site) => site.remove('.half-deployed'),
    places: ['origin'],
    causes: ['php-fatal'],
    fromNginxAlone: ['app-error-response', 'origin-error-response', 'unknown'],
  },
  {
    name: 'execution-time',
    story: 'A page computes for longer than max_execution_time.',
    setup: { pool: { workers: 10, manager: 'static', more: ['php_admin_value[max_execution_time] = 1'] } },
    askMeanwhile: ['/search.php?q=a'],
    // Each costs a second of a processor.
    askPerSecond: 1.5,
    usualPerSecond: 3,
    places: ['origin'],
    causes: ['php-execution-time'],
    fromNginxAlone: ['app-error-response', 'origin-error-response', 'php-fatal', 'unknown'],
  },
  {
    name: 'header-too-big',
    story: 'A page sets more cookies than nginx’s header buffer holds.',
    setup: { pool: {} },
    askMeanwhile: ['/login.php'],
    askPerSecond: 12,
    places: ['origin'],
    causes: ['app-header-too-big'],
  },
  {
    name: 'application-says-500',
    story: 'The application catches its own fault and answers 500 without a line in any log.',
    setup: { pool: {} },
    breakIt: (site) => site.put('.app-error'),
    mendIt: (site) => site.remove('.app-error'),
    places: ['origin'],
    causes: ['app-error-response', 'origin-error-response', 'unknown'],
  },
  {
    name: 'application-maintenance',
    story: 'The application’s own maintenance mode answers 503.',
    setup: { pool: {} },
    breakIt: (site) => site.put('.maintenance'),
    mendIt: (site) => site.remove('.maintenance'),
    places: ['origin'],
    causes: ['maintenance', 'app-error-response', 'origin-error-response'],
  },
  {
    name: 'database-down',
    story: 'The database does not listen: pages that need it end with an exception that nobody catches.',
    needs: ['mysqli'],
    setup: { pool: {} },
    breakIt: putOrders,
    askMeanwhile: ['/orders.php?page=1', '/orders.php?page=2'],
    askPerSecond: 8,
    places: ['origin'],
    causes: ['db-unreachable'],
    fromNginxAlone: ['app-error-response', 'origin-error-response', 'php-fatal', 'unknown'],
  },
  {
    name: 'database-full',
    story: 'The database takes no more connections.',
    needs: ['mysqli'],
    setup: { pool: { phpErrorsTo: 'nginx' } },
    breakIt: (site) => {
      const database = createServer((socket) => socket.end(TOO_MANY)).listen(site.layout.appPort, '127.0.0.1');
      databases.set(site, database);
      putOrders(site);
    },
    mendIt: (site) => {
      databases.get(site)?.close();
    },
    askMeanwhile: ['/orders.php?page=1', '/orders.php?page=2'],
    askPerSecond: 8,
    places: ['origin'],
    causes: ['db-too-many-connections'],
  },
];
