import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { phpLocations } from '../servers/configs.ts';
import type { Site } from '../site.ts';

const withTimeout = {
  server: (layout: Parameters<typeof phpLocations>[0]) => phpLocations(layout, 'fastcgi_read_timeout 2s;'),
};
const endFpm = (name: NodeJS.Signals) => (site: Site) => site.fpm?.end(name);
const startFpm = (site: Site) => site.startFpm();

/** PHP-FPM away, full, crashing or slow. */
export const PHP_FPM_SCENARIOS: readonly Scenario[] = [
  {
    name: 'fpm-stopped',
    story: 'PHP-FPM is stopped in good order: its socket file is gone.',
    setup: { pool: {} },
    breakIt: endFpm('SIGTERM'),
    mendIt: startFpm,
    places: ['origin'],
    causes: ['app-socket-missing', 'app-restart', 'app-down'],
  },
  {
    name: 'fpm-killed',
    story: 'PHP-FPM and its workers are killed: the socket file stays and nobody accepts on it.',
    setup: { pool: {} },
    breakIt: endFpm('SIGKILL'),
    mendIt: startFpm,
    places: ['origin'],
    causes: ['app-down', 'app-restart', 'app-crash', 'php-fpm-crash'],
  },
  {
    name: 'fpm-refuses-its-configuration',
    story: 'PHP-FPM is restarted with a pool that it refuses, and does not come back.',
    setup: { pool: {} },
    breakIt: async (site) => {
      await site.fpm?.end('SIGQUIT');
      const path = site.path('pool.conf');
      const config = readFileSync(path, 'utf8');
      writeFileSync(path, config.replace('pm = dynamic', 'pm = dynamical'));
      site.fpm?.start();
      await sleep(1000);
      site.fpm?.start();
      await sleep(500);
      writeFileSync(path, config);
    },
    mendIt: startFpm,
    places: ['origin'],
    // Where it would log is told by the configuration that it refuses, so it only prints why.
    causes: ['php-fpm-config-error', 'app-restart'],
    fromNginxAlone: ['app-socket-missing', 'app-down'],
  },
  {
    name: 'socket-denied',
    story: 'The mode of the socket no longer lets nginx in.',
    setup: { pool: {} },
    breakIt: (site) => chmodSync(site.path('php.sock'), 0),
    mendIt: (site) => chmodSync(site.path('php.sock'), 0o660),
    places: ['origin'],
    causes: ['app-socket-denied'],
  },
  {
    name: 'pool-full-dynamic',
    story: 'All workers sleep in a slow page, and everyone else waits until nginx gives up.',
    setup: { pool: { workers: 4 }, nginx: withTimeout },
    askMeanwhile: ['/report.php'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-fpm-max-children'],
    fromNginxAlone: ['app-timeout', 'php-slow-script'],
  },
  {
    name: 'pool-full-static',
    story: 'The same with a static pool, which logs nothing when it is full.',
    setup: { pool: { workers: 4, manager: 'static' }, nginx: withTimeout },
    askMeanwhile: ['/report.php'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-fpm-max-children', 'app-timeout', 'php-slow-script'],
  },
  {
    name: 'pool-full-ondemand',
    story: 'The same with a pool that starts workers on demand.',
    setup: { pool: { workers: 3, manager: 'ondemand' }, nginx: withTimeout },
    askMeanwhile: ['/report.php'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-fpm-max-children'],
    fromNginxAlone: ['app-timeout', 'php-slow-script'],
  },
  {
    name: 'pool-and-queue-full',
    story: 'All workers sleep and the short listen queue is full, too: nginx cannot even connect.',
    setup: { pool: { workers: 3, more: ['listen.backlog = 3'] } },
    askMeanwhile: ['/report.php'],
    askPerSecond: 12,
    places: ['origin'],
    causes: ['php-fpm-max-children', 'app-backlog-full'],
  },
  {
    name: 'pool-slow-traced',
    story: 'All workers sleep in a slow page, and the slow log shows where.',
    setup: {
      pool: { workers: 4, more: ['request_slowlog_timeout = 1s'] },
      nginx: withTimeout,
    },
    askMeanwhile: ['/report.php'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-fpm-max-children', 'php-slow-script'],
    fromNginxAlone: ['app-timeout', 'php-slow-script'],
  },
  {
    name: 'pool-waits-for-another-server',
    story: 'All workers wait for another company’s server, which no longer answers; the slow log shows it.',
    setup: {
      pool: { workers: 4, manager: 'static', more: ['request_slowlog_timeout = 1s'] },
      backends: 1,
      nginx: {
        server: (layout) =>
          phpLocations(
            layout,
            `fastcgi_read_timeout 2s; fastcgi_param WEATHER_API 127.0.0.1:${layout.backendPorts[0]};`,
          ),
      },
    },
    breakIt: ({ backends }) => {
      for (const api of backends) api.manner = 'says nothing';
    },
    mendIt: ({ backends }) => {
      for (const api of backends) {
        api.manner = 'fine';
        api.release();
      }
    },
    askMeanwhile: ['/weather.php?city=3'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['http-dependency', 'php-fpm-max-children', 'php-slow-script'],
    fromNginxAlone: ['app-timeout'],
  },
  {
    name: 'pool-hangs',
    story: 'All workers hang without using the processor, as in a lock.',
    setup: { pool: { workers: 4, manager: 'static' }, nginx: withTimeout },
    breakIt: (site) => site.fpm?.signalWorkers('SIGSTOP'),
    mendIt: (site) => site.fpm?.signalWorkers('SIGCONT'),
    places: ['origin'],
    causes: ['app-timeout', 'php-fpm-max-children'],
  },
  {
    name: 'worker-segfaults',
    story: 'One page crashes its worker with a segmentation fault.',
    setup: { pool: {} },
    askMeanwhile: ['/thumb.php?id=7', '/thumb.php?id=9'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-fpm-crash'],
    fromNginxAlone: ['app-reset', 'app-closed-early', 'app-crash'],
  },
  {
    name: 'workers-killed',
    story: 'Workers are killed from outside while they work, as the kernel does when memory runs out.',
    setup: { pool: {} },
    askMeanwhile: ['/import.php'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['php-fpm-crash', 'host-out-of-memory'],
    fromNginxAlone: ['app-reset', 'app-closed-early', 'app-crash'],
  },
  {
    name: 'request-terminated',
    story: 'PHP-FPM ends requests that take longer than request_terminate_timeout.',
    setup: { pool: { workers: 30, more: ['request_terminate_timeout = 2s'] } },
    askMeanwhile: ['/export.php?month=5'],
    askPerSecond: 6,
    places: ['origin'],
    causes: ['php-fpm-request-timeout'],
    fromNginxAlone: ['app-reset', 'app-closed-early', 'app-crash', 'php-fpm-crash'],
  },
  {
    name: 'one-slow-script',
    story: 'One script takes longer than nginx waits; the rest of the site is fine.',
    setup: { pool: { workers: 50, manager: 'static', more: ['request_slowlog_timeout = 1s'] }, nginx: withTimeout },
    askMeanwhile: ['/report.php'],
    askPerSecond: 5,
    places: ['origin'],
    causes: ['php-slow-script', 'app-timeout'],
  },
  {
    name: 'fpm-reloaded',
    story: 'PHP-FPM is reloaded and cuts off the requests under way.',
    setup: { pool: { workers: 40, manager: 'static' } },
    askMeanwhile: ['/export.php'],
    askPerSecond: 10,
    mendIt: (site) => site.fpm?.signal('SIGUSR2'),
    places: ['origin'],
    causes: ['app-restart'],
    fromNginxAlone: ['app-reset', 'app-closed-early', 'app-crash', 'php-fpm-crash'],
  },
];
