import { setTimeout as sleep } from 'node:timers/promises';
import type { Scenario } from '../scenario.ts';
import { type Layout, proxyLocation } from '../servers/configs.ts';
import type { AppSetup, Site } from '../site.ts';

const toApp = ({ appPort }: Layout): string => `http://127.0.0.1:${appPort}`;
const toUwsgi = ({ appPort }: Layout, more = ''): string => `
    location /static/ { }
    location / {
      uwsgi_param REQUEST_METHOD $request_method;
      uwsgi_param REQUEST_URI $request_uri;
      uwsgi_param PATH_INFO $document_uri;
      uwsgi_param QUERY_STRING $query_string;
      uwsgi_param SERVER_PROTOCOL $server_protocol;
      uwsgi_param SERVER_NAME $server_name;
      uwsgi_param SERVER_PORT $server_port;
      uwsgi_param HTTP_HOST $host;
      uwsgi_pass 127.0.0.1:${appPort};
      ${more}
    }`;

const WSGI = `import time

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path.startswith("/stats"):
        time.sleep(6)
    if path.startswith("/invoice"):
        raise RuntimeError("no such invoice")
    start_response("200 OK", [("Content-Type", "text/html")])
    return [b"fine\\n"]

application = app
`;

const NODE = `import { createServer } from 'node:http';
const kept = [];
createServer((request, response) => {
  if (request.url.startsWith('/basket')) throw new TypeError("Cannot read properties of undefined (reading 'lines')");
  if (request.url.startsWith('/album')) for (;;) kept.push(new Array(1e5).fill(Math.random()));
  response.end('fine');
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

const gunicorn = (...more: string[]): AppSetup => ({
  command: ({ folder, appPort }, programs) => [
    programs.gunicorn,
    '--chdir',
    folder,
    '--bind',
    `127.0.0.1:${appPort}`,
    ...more,
    'tickets:app',
  ],
  files: { 'tickets.py': WSGI },
});

const uwsgi = (...more: string[]): AppSetup => ({
  command: ({ folder, appPort }, programs) => [
    programs.uwsgi,
    '--plugins',
    'python3',
    '--master',
    '--die-on-term',
    '--need-app',
    '--socket',
    `127.0.0.1:${appPort}`,
    '--wsgi-file',
    `${folder}/tickets.py`,
    ...more,
  ],
  files: { 'tickets.py': WSGI },
});

const node = (...more: string[]): AppSetup => ({
  command: ({ folder, appPort }, programs) => [programs.node, ...more, `${folder}/basket.mjs`, String(appPort)],
  files: { 'basket.mjs': NODE },
});

/** What a supervisor does: starts the program again whenever it ended. */
async function supervise(site: Site, forMs: number): Promise<void> {
  for (let waited = 0; waited < forMs; waited += 300) {
    await sleep(300);
    if (site.app?.pid === null) site.app.start();
  }
}

/** Real application servers behind nginx. */
export const PROGRAM_SCENARIOS: readonly Scenario[] = [
  {
    name: 'gunicorn-kills-slow-workers',
    story: 'A page takes longer than gunicorn allows its workers; the rest of the site is fine.',
    needs: ['gunicorn'],
    setup: { app: gunicorn('--workers', '5', '--timeout', '2'), nginx: { server: (l) => proxyLocation(toApp(l)) } },
    askMeanwhile: ['/stats/2025/', '/stats/2026/'],
    askPerSecond: 1.5,
    places: ['origin'],
    causes: ['app-worker-timeout'],
    fromNginxAlone: ['app-closed-early', 'app-crash'],
  },
  {
    name: 'gunicorn-raises',
    story: 'One page of the application raises an exception: gunicorn answers 500 and writes the traceback.',
    needs: ['gunicorn'],
    setup: { app: gunicorn('--workers', '3'), nginx: { server: (l) => proxyLocation(toApp(l)) } },
    askMeanwhile: ['/invoice/81', '/invoice/82'],
    askPerSecond: 6,
    places: ['origin'],
    causes: ['app-error-response'],
    fromNginxAlone: ['origin-error-response', 'unknown'],
  },
  {
    name: 'gunicorn-all-busy',
    story: 'Every worker is in a slow page; the others wait until nginx gives up.',
    needs: ['gunicorn'],
    setup: {
      app: gunicorn('--workers', '2', '--timeout', '60'),
      nginx: { server: (l) => proxyLocation(toApp(l), 'proxy_read_timeout 2s;') },
    },
    askMeanwhile: ['/stats/2025/', '/stats/2026/'],
    askPerSecond: 4,
    places: ['origin'],
    causes: ['app-timeout', 'app-backlog-full'],
  },
  {
    name: 'gunicorn-fails-to-boot',
    story: 'A deploy lacks a module: gunicorn ends as it starts, and nobody listens.',
    needs: ['gunicorn'],
    setup: { app: gunicorn('--workers', '2'), nginx: { server: (l) => proxyLocation(toApp(l)) } },
    breakIt: async (site) => {
      await site.app?.end('SIGTERM');
      site.write('tickets.py', `import ticket_prices\n${WSGI}`);
      site.app?.start();
      await sleep(1500);
      site.app?.start();
      await sleep(1500);
      site.write('tickets.py', WSGI);
    },
    mendIt: (site) => site.startApp(),
    places: ['origin'],
    causes: ['app-crash', 'app-down', 'app-restart'],
  },
  {
    name: 'gunicorn-workers-killed',
    story: 'Workers of gunicorn are killed while they work, as the kernel does when memory runs out.',
    needs: ['gunicorn'],
    setup: { app: gunicorn('--workers', '4', '--timeout', '60'), nginx: { server: (l) => proxyLocation(toApp(l)) } },
    breakIt: async (site) => {
      // One at a time: where two die at once, gunicorn's master may die in its own handler of it, and all requests are refused.
      for (let i = 0; i < 20; i++) {
        await sleep(200);
        site.app?.signalOldestWorker('SIGKILL');
      }
    },
    askMeanwhile: ['/stats/2025/'],
    askPerSecond: 4,
    places: ['origin'],
    causes: ['host-out-of-memory', 'app-crash'],
    fromNginxAlone: ['app-closed-early'],
  },
  {
    name: 'uwsgi-harakiri',
    story: 'A page takes longer than uWSGI allows: harakiri.',
    needs: ['uwsgi'],
    setup: { app: uwsgi('--processes', '5', '--harakiri', '1'), nginx: { server: (l) => toUwsgi(l) } },
    askMeanwhile: ['/stats/2025/', '/stats/2026/'],
    askPerSecond: 1.5,
    places: ['origin'],
    causes: ['app-worker-timeout'],
    fromNginxAlone: ['app-closed-early', 'app-crash', 'app-reset'],
  },
  {
    name: 'uwsgi-queue-full',
    story: 'All workers of uWSGI are busy and its listen queue is full.',
    needs: ['uwsgi'],
    setup: {
      app: uwsgi('--processes', '2', '--listen', '8'),
      nginx: { server: (l) => toUwsgi(l, 'uwsgi_read_timeout 3s; uwsgi_connect_timeout 2s;') },
    },
    askMeanwhile: ['/stats/2025/', '/stats/2026/'],
    askPerSecond: 12,
    places: ['origin'],
    causes: ['app-backlog-full', 'app-timeout'],
    fromNginxAlone: ['app-connect-timeout'],
  },
  {
    name: 'uwsgi-request-too-big',
    story: 'A search has more filters in its address than fits into uWSGI’s buffer.',
    needs: ['uwsgi'],
    setup: { app: uwsgi('--processes', '3', '--buffer-size', '2048'), nginx: { server: (l) => toUwsgi(l) } },
    askMeanwhile: [`/find?ids=${'1234567890,'.repeat(300)}`],
    askPerSecond: 5,
    places: ['origin'],
    causes: ['app-request-too-big'],
    fromNginxAlone: ['app-closed-early', 'app-reset', 'app-crash'],
  },
  {
    name: 'node-throws',
    story: 'A request ends the Node process by an exception that nobody catches; a supervisor starts it again.',
    setup: { app: node(), nginx: { server: (l) => proxyLocation(toApp(l)) } },
    breakIt: (site) => supervise(site, 4000),
    mendIt: (site) => (site.app?.pid === null ? site.startApp() : undefined),
    askMeanwhile: ['/basket/7'],
    askPerSecond: 2,
    places: ['origin'],
    // Most visitors come while nobody listens.
    causes: ['app-crash', 'app-down'],
    fromNginxAlone: ['app-restart', 'app-closed-early'],
  },
  {
    name: 'node-out-of-heap',
    story: 'A page needs more memory than Node’s heap may have.',
    setup: { app: node('--max-old-space-size=40'), nginx: { server: (l) => proxyLocation(toApp(l)) } },
    breakIt: (site) => supervise(site, 4000),
    mendIt: (site) => (site.app?.pid === null ? site.startApp() : undefined),
    askMeanwhile: ['/album/3'],
    askPerSecond: 0.7,
    places: ['origin'],
    causes: ['app-crash', 'app-down', 'host-out-of-memory'],
    fromNginxAlone: ['app-restart', 'app-closed-early'],
  },
];
