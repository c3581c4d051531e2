import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { proxyLocation } from '../servers/configs.ts';
import type { Site } from '../site.ts';

const uploads = [
  { path: '/upload', bytes: 200_000 },
  { path: '/upload?album=2', bytes: 90_000 },
];
const proxied: Scenario['setup'] = {
  backends: 1,
  nginx: { server: ({ backendPorts }) => proxyLocation(`http://127.0.0.1:${backendPorts[0]}`) },
};

const squatters = new WeakMap<Site, Server>();

/** The machine and its files: what nginx meets outside itself. */
export const HOST_SCENARIOS: readonly Scenario[] = [
  {
    name: 'upload-folder-denied',
    story: 'nginx may not write where it keeps bodies of requests: every upload answers 500, all else is fine.',
    needs: ['root'],
    setup: proxied,
    breakIt: (site) => {
      chownSync(site.path('temp/client_body'), 0, 0);
      chmodSync(site.path('temp/client_body'), 0o700);
    },
    mendIt: (site) => chmodSync(site.path('temp/client_body'), 0o777),
    askMeanwhile: uploads,
    askPerSecond: 5,
    places: ['origin'],
    causes: ['access-policy-denied'],
  },
  {
    name: 'upload-disk-full',
    story: 'The disk on which nginx keeps bodies of requests is full.',
    needs: ['root'],
    setup: proxied,
    breakIt: (site) => {
      spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k,mode=777', 'tmpfs', site.path('temp/client_body')]);
    },
    mendIt: (site) => {
      spawnSync('umount', ['-l', site.path('temp/client_body')]);
    },
    askMeanwhile: uploads,
    askPerSecond: 5,
    places: ['origin'],
    causes: ['disk-full'],
  },
  {
    name: 'port-taken',
    story: 'nginx is restarted while another program holds its port, and does not come back.',
    setup: { pool: {} },
    breakIt: async (site) => {
      await site.nginx.end('SIGQUIT');
      const squatter = createServer((socket) => socket.destroy());
      squatters.set(site, squatter);
      squatter.listen(site.layout.port, '127.0.0.1');
      await sleep(200);
      site.nginx.start();
      await sleep(3500);
    },
    mendIt: async (site) => {
      squatters.get(site)?.close();
      await sleep(200);
      site.nginx.start();
    },
    places: ['origin'],
    causes: ['web-server-config-error', 'web-server-down', 'web-server-restart'],
  },
  {
    name: 'nginx-refuses-its-configuration',
    story: 'nginx is restarted with a directive that it does not know.',
    setup: { pool: {} },
    breakIt: async (site) => {
      const path = site.path('nginx.conf');
      const config = readFileSync(path, 'utf8');
      await site.nginx.end('SIGQUIT');
      writeFileSync(path, config.replace('server_name', 'server_nam'));
      site.nginx.start();
      await sleep(3000);
      writeFileSync(path, config);
    },
    mendIt: (site) => site.nginx.start(),
    places: ['origin'],
    causes: ['web-server-config-error', 'web-server-down', 'web-server-restart'],
  },
  {
    name: 'nginx-reload-refused',
    story: 'nginx is told to reload a configuration that it refuses, and goes on with the old one.',
    setup: { pool: {} },
    breakIt: async (site) => {
      const path = site.path('nginx.conf');
      const config = readFileSync(path, 'utf8');
      writeFileSync(path, config.replace('server_name', 'server_nam'));
      site.nginx.signal('SIGHUP');
      await sleep(500);
      writeFileSync(path, config);
    },
    places: ['none', 'unknown'],
    causes: ['unknown'],
  },
  {
    name: 'nginx-workers-killed',
    story: 'The workers of nginx are killed while they carry requests, as the kernel does when memory runs out.',
    setup: { pool: { workers: 20, manager: 'static' } },
    breakIt: async (site) => {
      for (let i = 0; i < 4; i++) {
        await sleep(700);
        site.nginx.signalWorkers('SIGKILL');
      }
    },
    askMeanwhile: ['/export.php'],
    askPerSecond: 5,
    places: ['origin'],
    causes: ['web-server-crash', 'host-out-of-memory'],
  },
];
