import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Backend } from './servers/backend.ts';
import {
  type ApacheSetup,
  apacheConfig,
  type Layout,
  type NginxSetup,
  nginxConfig,
  type PoolSetup,
  poolConfig,
} from './servers/configs.ts';
import { NameServer } from './servers/name-server.ts';
import { PAGES } from './servers/pages.ts';
import { Daemon, type Programs } from './servers/programs.ts';
import { Visitors } from './servers/visitors.ts';

/** A program behind the web server: what it prints is its log. */
export interface AppSetup {
  readonly command: (layout: Layout, programs: Programs) => readonly (string | null)[];
  /** Files that it needs, by path below the site's folder. */
  readonly files: Readonly<Record<string, string>>;
}

export interface SiteSetup {
  readonly nginx?: NginxSetup;
  /** Apache in front in place of nginx. */
  readonly apache?: ApacheSetup;
  /** Must listen on the layout's `appPort`. */
  readonly app?: AppSetup;
  /** A PHP-FPM pool; none if not given. */
  readonly pool?: PoolSetup;
  /** HTTP backends; none if not given. */
  readonly backends?: number;
  /** Makes two certificates that nobody but themselves signed: `backend.crt` with its key, and `authority.crt`. */
  readonly certificates?: true;
}

/** Debian's account for web servers; it exists wherever its packages are installed. */
const ACCOUNT = 'www-data';
/** Zones in which the sites stand; logs without a zone must be read right in all of them. POSIX names need no zone files. */
const ZONES = ['UTC0', 'EST5', 'IST-5:30', 'NZST-12', 'BRT3', 'NPT-5:45', 'CET-1'] as const;
const HOSTS = ['shop.example.com', 'tickets.example.org', 'wiki.intern.example.net', 'example.edu'] as const;

/** One website of its own: nginx, what is behind it, its visitors, its folder. */
export class Site {
  readonly layout: Layout;
  /** nginx, or what stands in its place. */
  readonly nginx: Daemon;
  readonly app: Daemon | null;
  readonly fpm: Daemon | null;
  readonly backends: readonly Backend[];
  readonly names: NameServer;
  readonly visitors: Visitors;
  readonly #setup: SiteSetup;
  readonly #programs: Programs;

  private constructor(layout: Layout, setup: SiteSetup, programs: Programs, zone: string) {
    const { folder } = layout;
    const env = { PATH: process.env.PATH ?? '', TZ: zone, LC_ALL: 'C' };
    this.layout = layout;
    this.#setup = setup;
    this.#programs = programs;
    this.nginx = new Daemon(
      setup.apache
        ? [programs.apache ?? '', '-DFOREGROUND', '-f', `${folder}/apache.conf`]
        : [programs.nginx, '-e', `${folder}/logs/error.log`, '-p', folder, '-c', `${folder}/nginx.conf`],
      env,
      `${folder}/logs/nginx-console.log`,
    );
    this.app = setup.app
      ? new Daemon(
          setup.app.command(layout, programs).map((word) => word ?? ''),
          { ...env, PYTHONDONTWRITEBYTECODE: '1' },
          `${folder}/logs/app.log`,
        )
      : null;
    this.fpm = setup.pool
      ? new Daemon(
          [programs.phpFpm, '-F', '-y', `${folder}/pool.conf`, '-c', `${folder}/php.ini`],
          env,
          `${folder}/logs/php-fpm-console.log`,
        )
      : null;
    this.backends = layout.backendPorts.map((port) => new Backend(port));
    this.names = new NameServer(layout.namePort);
    this.visitors = new Visitors(layout.port, layout.host);
  }

  /** Builds a site in a folder and starts it; `number` chooses its zone and ports. Throws with the servers' words if one does not start. */
  static async open(folder: string, setup: SiteSetup, programs: Programs, number: number): Promise<Site> {
    const [port = 0, namePort = 0, tlsPort = 0, appPort = 0, ...backendPorts] = await freePorts(
      4 + (setup.backends ?? 0),
      number,
    );
    const account = process.getuid?.() === 0 ? ACCOUNT : null;
    const zone = ZONES[number % ZONES.length] ?? 'UTC0';
    const host = HOSTS[number % HOSTS.length] ?? 'shop.example.com';
    const layout = { folder, account, port, namePort, tlsPort, appPort, backendPorts, host };
    const site = new Site(layout, setup, programs, zone);
    try {
      await site.#start();
    } catch (error) {
      await site.close();
      throw error;
    }
    return site;
  }

  path(name: string): string {
    return join(this.layout.folder, name);
  }

  /** Writes a file below the root of the site, as a deploy does. */
  put(name: string, text = ''): void {
    const path = this.path(`www/${name}`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Writes a file of the application that stands beside the root. */
  write(name: string, text: string): void {
    writeFileSync(this.path(name), text);
  }

  remove(name: string): void {
    rmSync(this.path(`www/${name}`), { force: true });
  }

  async startFpm(): Promise<void> {
    this.fpm?.start();
    if (this.fpm) await this.#until(() => existsSync(this.path('php.sock')), 'php-fpm', this.fpm);
  }

  /** Starts the program behind the web server and waits until it listens. */
  async startApp(): Promise<void> {
    this.app?.start();
    if (this.app) await this.#until(() => listens(this.layout.appPort), 'app', this.app);
  }

  async close(): Promise<void> {
    await this.nginx.end(this.#setup.apache ? 'SIGTERM' : 'SIGQUIT');
    await this.app?.end('SIGTERM');
    await this.fpm?.end('SIGTERM');
    for (const backend of this.backends) await backend.close();
    this.names.close();
  }

  async #start(): Promise<void> {
    this.#build();
    await this.names.listen();
    for (const backend of this.backends) await backend.listen();
    if (this.fpm) await this.startFpm();
    if (this.app) await this.startApp();
    this.nginx.start();
    await this.#until(async () => (await this.visitors.ask('/static/site.css')) === 200, 'nginx', this.nginx);
    this.visitors.answers.clear();
  }

  #build(): void {
    const { folder, account } = this.layout;
    for (const name of ['logs', 'temp', 'www']) mkdirSync(join(folder, name), { recursive: true });
    for (const [name, text] of Object.entries(PAGES)) this.put(name, text);
    chmodSync(folder, 0o755);
    // PHP's workers write their error log themselves, with their own account.
    writeFileSync(this.path('logs/php-error.log'), '');
    if (account !== null) {
      const id = (kind: string): number => Number(spawnSync('id', [kind, account], { encoding: 'utf8' }).stdout.trim());
      const [user, group] = [id('-u'), id('-g')];
      for (const name of ['temp', 'logs', 'logs/php-error.log']) chownSync(this.path(name), user, group);
    }
    if (this.#setup.certificates) for (const name of ['backend', 'authority']) this.#selfSigned(name);
    const { apache, app } = this.#setup;
    if (apache) writeFileSync(this.path('apache.conf'), apacheConfig(this.layout, apache));
    for (const [name, text] of Object.entries(app?.files ?? {})) writeFileSync(this.path(name), text);
    writeFileSync(this.path('nginx.conf'), nginxConfig(this.layout, this.#setup.nginx ?? {}));
    writeFileSync(this.path('pool.conf'), poolConfig(this.layout, this.#setup.pool ?? {}));
    writeFileSync(this.path('php.ini'), 'memory_limit = 24M\nmax_execution_time = 30\n');
  }

  #selfSigned(name: string): void {
    const files = ['-keyout', this.path(`${name}.key`), '-out', this.path(`${name}.crt`)];
    const { status, stderr } = spawnSync(
      this.#programs.openssl,
      ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, '-subj', `/CN=${name}.example.com`, '-days', '30'],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`openssl: ${stderr}`);
  }

  async #until(ready: () => boolean | Promise<boolean>, name: string, daemon: Daemon): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (await ready()) return;
      if (daemon.pid === null) break;
      await sleep(50);
    }
    const log = this.path(name === 'nginx' ? 'logs/error.log' : 'logs/php-fpm.log');
    const said = existsSync(log) ? readFileSync(log, 'utf8').slice(-1000) : '';
    throw new Error(`${name} did not start: ${daemon.printed}${said}`);
  }
}

/** Below the ports that Linux gives to outgoing connections (from 32768 on), so that none of these takes a site's port. */
const FIRST_PORT = 21_000;
const PORTS_PER_SITE = 40;

/** Ports that are free now, from a range of the site's own. */
async function freePorts(count: number, site: number): Promise<number[]> {
  const ports: number[] = [];
  const first = FIRST_PORT + site * PORTS_PER_SITE;
  for (let port = first; ports.length < count && port < first + PORTS_PER_SITE; port++) {
    if (await isFree(port)) ports.push(port);
  }
  if (ports.length < count) throw new Error(`no free ports from ${first} on`);
  return ports;
}

function listens(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}
