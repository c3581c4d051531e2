import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { type Layout, phpLocations, proxyLocation } from '../servers/configs.ts';
import type { Site } from '../site.ts';

const held = new WeakMap<Site, Socket[]>();

/** Opens connections to nginx that ask for nothing, as an attack or a flood of idle browsers does. */
async function holdConnections(site: Site, count: number): Promise<void> {
  const sockets: Socket[] = [];
  held.set(site, sockets);
  for (let i = 0; i < count; i++) {
    const socket = connect(site.layout.port, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.push(socket);
  }
  await sleep(200);
}

const letGo = (site: Site): void => {
  for (const socket of held.get(site) ?? []) socket.destroy();
};

const backend = ({ backendPorts }: Layout): string => `http://127.0.0.1:${backendPorts[0]}`;

/** nginx itself: its limits, its rules, its own end. */
export const NGINX_SCENARIOS: readonly Scenario[] = [
  {
    name: 'rate-limited',
    story: 'More requests come than limit_req allows, and nginx answers 503.',
    setup: {
      pool: {},
      nginx: {
        http: () => 'limit_req_zone $server_name zone=visitors:1m rate=60r/s;',
        server: (layout) => phpLocations(layout, 'limit_req zone=visitors burst=10 nodelay;'),
      },
    },
    askMeanwhile: ['/shop/', '/cart/?step=1'],
    askPerSecond: 120,
    places: ['origin'],
    causes: ['web-server-rate-limit'],
  },
  {
    name: 'connection-limited',
    story: 'More requests run at once than limit_conn allows.',
    setup: {
      pool: { workers: 40, manager: 'static' },
      nginx: {
        http: () => 'limit_conn_zone $server_name zone=open:1m;',
        server: (layout) => phpLocations(layout, 'limit_conn open 6;'),
      },
    },
    askMeanwhile: ['/export.php'],
    askPerSecond: 10,
    places: ['origin'],
    causes: ['web-server-rate-limit'],
  },
  {
    name: 'maintenance-switch',
    story: 'A maintenance file makes nginx answer 503 to everybody.',
    setup: {
      pool: {},
      nginx: {
        server: (layout) => `
    if (-f ${layout.folder}/www/maintenance.on) { return 503; }${phpLocations(layout)}`,
      },
    },
    breakIt: (site) => site.put('maintenance.on'),
    mendIt: (site) => site.remove('maintenance.on'),
    places: ['origin'],
    causes: ['maintenance'],
  },
  {
    name: 'rewrite-cycle',
    story: 'A page that try_files falls back to is missing: nginx goes round in circles and answers 500.',
    setup: {
      backends: 1,
      nginx: {
        server: (layout) => `
    location / { proxy_pass ${backend(layout)}; }
    location /static/ { }
    location /app/ { try_files $uri /app/index.html; }`,
      },
    },
    askMeanwhile: ['/app/', '/app/orders', '/app/profile'],
    askPerSecond: 15,
    places: ['origin'],
    causes: ['web-server-config-error'],
  },
  {
    name: 'connections-exhausted',
    story: 'Long polls use up worker_connections: each holds one connection to its visitor and one to the application.',
    setup: { backends: 1, nginx: { workerConnections: 24, server: (layout) => proxyLocation(backend(layout)) } },
    breakIt: ({ backends }) => {
      for (const application of backends) {
        application.onlyFor = '/events';
        application.manner = 'says nothing';
      }
    },
    mendIt: ({ backends }) => {
      for (const application of backends) {
        application.manner = 'fine';
        application.release();
      }
    },
    askMeanwhile: ['/events?channel=1', '/events?channel=2'],
    askPerSecond: 25,
    places: ['origin'],
    causes: ['web-server-connections-exhausted'],
  },
  {
    name: 'files-exhausted',
    story: 'nginx may not open as many files as it has connections.',
    setup: {
      backends: 1,
      nginx: { main: 'worker_rlimit_nofile 24;', server: (layout) => proxyLocation(backend(layout)) },
    },
    breakIt: (site) => holdConnections(site, 60),
    mendIt: letGo,
    places: ['origin'],
    causes: ['file-descriptors-exhausted'],
  },
  {
    name: 'nginx-stopped',
    story: 'nginx is stopped while visitors come, and started again.',
    setup: { pool: {} },
    breakIt: (site) => site.nginx.end('SIGTERM'),
    mendIt: (site) => site.nginx.start(),
    // Requests to a stopped web server are in none of its logs; its own words and the gap are.
    places: ['origin'],
    causes: ['web-server-down', 'web-server-restart'],
  },
  {
    name: 'nginx-worker-crashes',
    story: 'The workers of nginx crash while they carry requests.',
    setup: { pool: { workers: 20, manager: 'static' } },
    breakIt: async (site) => {
      for (let i = 0; i < 4; i++) {
        site.nginx.signalWorkers('SIGSEGV');
        await sleep(700);
      }
    },
    askMeanwhile: ['/export.php'],
    askPerSecond: 5,
    places: ['origin'],
    causes: ['web-server-crash'],
  },
  {
    name: 'visitors-denied',
    story: 'A rule of nginx refuses everybody.',
    setup: {
      pool: {},
      nginx: {
        server: (layout) => `
    if (-f ${layout.folder}/www/closed.on) { return 403; }${phpLocations(layout)}`,
      },
    },
    breakIt: (site) => site.put('closed.on'),
    mendIt: (site) => site.remove('closed.on'),
    places: ['origin'],
    causes: ['origin-access-rule'],
  },
  {
    name: 'idle-connections-dropped',
    story: 'Idle connections use up worker_connections: nginx drops them and serves everybody.',
    setup: { backends: 1, nginx: { workerConnections: 20, server: (layout) => proxyLocation(backend(layout)) } },
    breakIt: (site) => holdConnections(site, 60),
    mendIt: letGo,
    places: ['none', 'unknown'],
    causes: ['unknown'],
  },
  {
    name: 'nothing-broken',
    story: 'Visitors come and go.',
    setup: { pool: {} },
    places: ['none', 'unknown'],
    causes: ['unknown'],
  },
  {
    name: 'nginx-reloaded',
    story: 'nginx is reloaded several times under traffic: nothing fails.',
    setup: { pool: {} },
    breakIt: async (site) => {
      for (let i = 0; i < 3; i++) {
        site.nginx.signal('SIGHUP');
        await sleep(500);
      }
    },
    places: ['none', 'unknown'],
    causes: ['unknown'],
  },
];
