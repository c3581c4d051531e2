import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, createServer as createPort } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { checkLogs } from '../../src/check/check.ts';
import { Daemon, findProgram } from '../lab/servers/programs.ts';

/** The configurations that check-logs prints, given to the very servers: their logs must lack nothing then. */

interface Ports {
  readonly own: number;
  readonly backend: number;
  readonly nobody: number;
}

interface Server {
  readonly name: string;
  readonly program: string | null;
  readonly file: string;
  /** As it is before, and with what was printed put in its place. */
  readonly before: (folder: string, ports: Ports) => string;
  readonly after: (before: string, printed: readonly string[]) => string;
  readonly command: (program: string, file: string) => readonly string[];
  /** The logs that it writes, and what the check must find in them. */
  readonly logs: Readonly<Record<string, string>>;
  /** HAProxy prints its rows when it is told so. */
  readonly console?: string;
  /** Rows in a format of its own are read with the configuration beside them only. */
  readonly needsConfiguration?: true;
}

const indented = (text: string, by: string): string => text.replace(/^/gm, by);

const MODULES = 'mpm_event authz_core proxy proxy_http'.split(' ');

/** HAProxy in front of two backends, one of which is nobody; `more` is said in its defaults. */
function haproxy(name: string, more = ''): Server {
  return {
    name,
    program: findProgram(/^haproxy$/),
    file: 'haproxy.cfg',
    before: (_, { own, backend, nobody }) => `global
    log stdout format raw local0
defaults
    mode http
    log global
    timeout connect 1s
    timeout client 5s
    timeout server 2s
    retries 0
    ${more}
frontend www
    bind 127.0.0.1:${own}
    use_backend nobody if { path_beg /nobody }
    default_backend app
backend app
    server web1 127.0.0.1:${backend}
backend nobody
    server web2 127.0.0.1:${nobody}
`,
    after: (before, printed) =>
      before.replace('    use_backend', `${indented(printed.join('\n'), '    ')}\n    use_backend`),
    command: (program, file) => [program, '-db', '-f', file],
    logs: { 'haproxy.log': 'haproxy' },
    console: 'haproxy.log',
  };
}

const SERVERS: readonly Server[] = [
  {
    name: 'nginx',
    program: findProgram(/^nginx$/),
    file: 'nginx.conf',
    before: (folder, { own, backend, nobody }) => `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join('\n  ')}
  access_log ${folder}/access.log;
  server {
    listen 127.0.0.1:${own};
    location / { proxy_pass http://127.0.0.1:${backend}; }
    location /nobody { proxy_pass http://127.0.0.1:${nobody}; }
  }
}
`,
    after: (before, [accessFormat = '', errorLog = '']) => {
      const [, path = ''] = /error_log (\S+);/.exec(before) ?? [];
      return before
        .replace(/error_log .*/, () => errorLog.replace(/\S+(?= \w+;$)/, path))
        .replace(/(access_log \S+);/, (_, log: string) => `${accessFormat}\n  ${log} combined_full;`);
    },
    command: (program, file) => [program, '-e', `${file}.log`, '-c', file],
    logs: { 'access.log': 'nginx-access', 'error.log': 'nginx-error' },
  },
  {
    name: 'Apache',
    program: findProgram(/^apache2$/),
    file: 'apache2.conf',
    before: (folder, { own, backend, nobody }) => `ServerRoot ${folder}
PidFile ${folder}/apache.pid
DefaultRuntimeDir ${folder}
${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
${process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : ''}
Listen 127.0.0.1:${own}
ServerName www.example.com
LogFormat "%h %l %u %t \\"%r\\" %>s %O \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
CustomLog ${folder}/access.log combined
ErrorLog ${folder}/error.log
LogLevel crit
ProxyPass /nobody http://127.0.0.1:${nobody}/
ProxyPass / http://127.0.0.1:${backend}/
`,
    after: (before, printed) => `${before.replace(/^(?:CustomLog|LogLevel) .*\n/gm, '')}${printed.join('\n')}\n`,
    command: (program, file) => [program, '-DFOREGROUND', '-f', file],
    logs: { 'access.log': 'apache-access', 'error.log': 'apache-error' },
  },
  haproxy('HAProxy'),
  { ...haproxy('HAProxy with a log-format of its own', 'log-format "%ci [%t] %ST %B"'), needsConfiguration: true },
  {
    name: 'Caddy',
    program: findProgram(/^caddy$/),
    file: 'Caddyfile',
    before: (_, { own, backend, nobody }) => `{
	admin off
	auto_https off
}
http://127.0.0.1:${own} {
	reverse_proxy /nobody 127.0.0.1:${nobody}
	reverse_proxy 127.0.0.1:${backend}
}
`,
    after: (before, printed) =>
      before.replace('\treverse_proxy /', `${indented(printed.join('\n'), '\t')}\n\treverse_proxy /`),
    command: (program, file) => [program, 'run', '--adapter', 'caddyfile', '--config', file],
    logs: { 'access.log': 'caddy-access' },
  },
];

async function freePort(): Promise<number> {
  const server = createPort().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server.address());
  server.close();
  await once(server, 'close');
  return port;
}

const portOf = (address: AddressInfo | string | null): number =>
  typeof address === 'object' && address !== null ? address.port : 0;

/** Status of an answer; 0 where there is none. */
function ask(port: number, path: string): Promise<number> {
  return new Promise((resolve) => {
    const headers = { Host: `127.0.0.1:${port}`, 'CF-Ray': '90c403ce1d17c288-AMS', 'User-Agent': 'test' };
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', () => resolve(0));
    asked.end();
  });
}

/** What is asked for, and what may be answered: a backend that nobody is at is 502 for some and 503 for others. */
const PATHS: Readonly<Record<string, readonly number[]>> = {
  '/': [200],
  '/hangs-up': [502],
  '/says-502': [502],
  '/nobody': [502, 503],
};

it.for(
  SERVERS.map((server) => [`${server.name}${server.program === null ? ' (not installed)' : ''}`, server] as const),
)('what is printed for %s makes its logs lack nothing', { timeout: 30_000 }, async ([, server], { skip }) => {
  const { program } = server;
  if (program === null || process.platform !== 'linux') return skip();
  const folder = mkdtempSync(join(tmpdir(), 'printed-'));
  chmodSync(folder, 0o777);
  const backend = createServer((asked, answer) => {
    if (asked.url === '/hangs-up') asked.socket.destroy();
    else answer.writeHead(asked.url === '/says-502' ? 502 : 200).end('a page\n');
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const ports = { own: await freePort(), backend: portOf(backend.address()), nobody: await freePort() };
  const file = join(folder, server.file);
  const before = server.before(folder, ports);
  writeFileSync(file, before);
  const first = await checkLogs([file]);
  expect(first.logs.some(({ lacks }) => lacks.length > 0)).toBe(true);
  const printed = first.additions.map(({ configuration }) => (configuration ?? '').replace('/var/log/caddy', folder));
  writeFileSync(file, server.after(before, printed));
  const consoleLog = join(folder, server.console ?? 'console.log');
  const daemon = new Daemon(
    server.command(program, file),
    { PATH: process.env.PATH, HOME: folder, TZ: 'EST5' },
    consoleLog,
  );
  try {
    daemon.start();
    for (let tries = 0; tries < 100 && (await ask(ports.own, '/')) !== 200; tries++) await sleep(100);
    for (const [path, allowed] of Object.entries(PATHS))
      expect(allowed, `${path}: ${daemon.printed}`).toContain(await ask(ports.own, path));
    await sleep(300);
  } finally {
    await daemon.end('SIGTERM');
    backend.close();
  }
  const paths = Object.keys(server.logs).map((log) => join(folder, log));
  expect(paths.filter((path) => readFileSync(path, 'utf8') === '')).toEqual([]);
  for (const inputs of [...(server.needsConfiguration ? [] : [paths]), [...paths, file]]) {
    const { logs } = await checkLogs(inputs);
    const found = logs.filter(({ source, format }) => server.logs[source] === format);
    expect(found.map(({ source, lacks }) => [source, lacks])).toEqual(Object.keys(server.logs).map((log) => [log, []]));
  }
  rmSync(folder, { recursive: true, force: true });
});
