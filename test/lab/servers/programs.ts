import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { accessSync, appendFileSync, constants, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin'];

/** The newest program whose name fits, from the usual folders; null where none is installed. */
export function findProgram(name: RegExp): string | null {
  for (const folder of FOLDERS) {
    let names: string[] = [];
    try {
      names = readdirSync(folder);
    } catch {
      continue;
    }
    for (const found of names.filter((entry) => name.test(entry)).sort((a, b) => (a < b ? 1 : -1))) {
      try {
        accessSync(join(folder, found), constants.X_OK);
        return join(folder, found);
      } catch {
        // Not ours to run: look on.
      }
    }
  }
  return null;
}

export interface Programs {
  readonly nginx: string;
  readonly phpFpm: string;
  readonly openssl: string;
  readonly node: string;
  /** Null where it is not installed: scenarios that need it are left out. */
  readonly apache: string | null;
  readonly gunicorn: string | null;
  readonly uwsgi: string | null;
  /** PHP's client of MySQL. */
  readonly mysqli: string | null;
}

/** What a scenario needs beside nginx and PHP-FPM. `root`: it changes owners or mounts. */
export type Need = 'apache' | 'gunicorn' | 'uwsgi' | 'mysqli' | 'root';

/** What of it is not here. */
export function lacking(programs: Programs, needs: readonly Need[]): Need[] {
  return needs.filter((need) => (need === 'root' ? process.getuid?.() !== 0 : programs[need] === null));
}

/** The programs that the lab runs, or in words what is missing. */
export function installedPrograms(): Programs | string {
  if (process.platform !== 'linux') return 'the lab needs Linux';
  const nginx = findProgram(/^nginx$/);
  const phpFpm = findProgram(/^php-fpm[\d.]*$/);
  const openssl = findProgram(/^openssl$/);
  if (nginx === null || phpFpm === null || openssl === null) {
    const missing = [nginx ?? 'nginx', phpFpm ?? 'php-fpm', openssl ?? 'openssl'].filter(
      (path) => !path.startsWith('/'),
    );
    return `not installed: ${missing.join(', ')}`;
  }
  return {
    nginx,
    phpFpm,
    openssl,
    node: process.execPath,
    apache: findProgram(/^(?:apache2|httpd)$/),
    gunicorn: findProgram(/^gunicorn$/),
    uwsgi: findProgram(/^uwsgi-core$|^uwsgi$/),
    mysqli: spawnSync(phpFpm, ['-m'], { encoding: 'utf8' }).stdout.includes('mysqli') ? 'mysqli' : null,
  };
}

/** The direct children of a process, from /proc. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Sends a signal; a process that is gone already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself.
  }
}

/** No server outlives this process, however it ends. */
const RUNNING = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of RUNNING) child.kill('SIGTERM');
});

/** A server that runs in the foreground as a child of this process. */
export class Daemon {
  readonly #command: readonly string[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #consoleLog: string;
  #child: ChildProcess | null = null;
  /** What it printed before it ended; for the message when it does not start. */
  printed = '';

  /** What it prints goes to `consoleLog`, as a container's or systemd's log keeps it. */
  constructor(command: readonly string[], env: NodeJS.ProcessEnv, consoleLog: string) {
    this.#command = command;
    this.#env = env;
    this.#consoleLog = consoleLog;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    const [program = '', ...args] = this.#command;
    // A process group of its own: Apache ends all of its group when it is told to stop.
    const child = spawn(program, args, { env: this.#env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const keep = (chunk: Buffer): void => {
      this.printed = (this.printed + chunk.toString('utf8')).slice(-2000);
      appendFileSync(this.#consoleLog, chunk);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => keep(Buffer.from(error.message)));
    RUNNING.add(child);
    child.on('exit', () => {
      RUNNING.delete(child);
      if (this.#child === child) this.#child = null;
    });
    this.#child = child;
  }

  signal(name: NodeJS.Signals): void {
    if (this.pid !== null) signal(this.pid, name);
  }

  /** Signals its workers, not itself. */
  signalWorkers(name: NodeJS.Signals): void {
    if (this.pid !== null) for (const worker of childrenOf(this.pid)) signal(worker, name);
  }

  signalOldestWorker(name: NodeJS.Signals): void {
    const [oldest] = this.pid === null ? [] : childrenOf(this.pid);
    if (oldest !== undefined) signal(oldest, name);
  }

  /** Ends it and all its workers in the way given, and waits until it is gone. */
  async end(name: NodeJS.Signals): Promise<void> {
    if (this.pid === null) return;
    const workers = childrenOf(this.pid);
    this.signal(name);
    if (name === 'SIGKILL') for (const worker of workers) signal(worker, name);
    for (let waited = 0; this.pid !== null && waited < 3000; waited += 50) await sleep(50);
    if (this.pid === null) return;
    for (const worker of childrenOf(this.pid)) signal(worker, 'SIGKILL');
    this.signal('SIGKILL');
    for (let waited = 0; this.pid !== null && waited < 2000; waited += 50) await sleep(50);
  }
}
