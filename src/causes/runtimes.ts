import type { Facts } from '../correlate/facts.ts';
import { appUnit, around, dockerAround, fpmLog, isPhpFpm, namedUnit } from './commands.ts';

/**
 * What keeps the application running, and with which commands it is looked at and started there. `name` is that of its
 * container or pod, fit for a shell; null where no line names it.
 */
interface Runtime {
  /** The application's own lines around the burst. */
  readonly log: (facts: Facts, name: string | null) => string;
  /** Whether it runs, and since when; of all that may be it where its name is not known. */
  readonly state: (facts: Facts, name: string | null) => string;
  readonly start: (facts: Facts, name: string | null) => string;
  readonly restart: (facts: Facts, name: string | null) => string;
}

const systemd: Runtime = {
  // PHP-FPM has a file of its own; of an unknown unit all that services printed.
  log: (facts, name) =>
    isPhpFpm(facts)
      ? `sudo grep -hE 'WARNING|ERROR|ALERT' ${fpmLog(facts)} | tail -n 50`
      : `journalctl ${name === null ? '_TRANSPORT=stdout' : `-u ${name}`} ${around(facts)} -o short-iso`,
  state: (facts, name) =>
    name === null && !isPhpFpm(facts)
      ? 'systemctl --no-pager --failed; systemctl --no-pager list-units --type=service --state=running'
      : `systemctl --no-pager status ${appUnit(facts)}`,
  start: (facts) => `sudo systemctl start ${appUnit(facts)}`,
  restart: (facts) => `sudo systemctl restart ${appUnit(facts)}`,
};

/** Lists the containers of a host. */
export const LIST_CONTAINERS = "docker ps -a --format '{{.Names}} {{.Status}} {{.Ports}}'";

const docker: Runtime = {
  log: (facts, name) => `docker logs -t ${dockerAround(facts)} ${name ?? '<container>'}`,
  state: () => LIST_CONTAINERS,
  start: (_, name) => `docker start ${name ?? '<container>'}`,
  restart: (_, name) => `docker restart ${name ?? '<container>'}`,
};

const rollout = (): string => 'kubectl rollout restart deployment/<deployment>';

const kubernetes: Runtime = {
  // What the container before the present one said is asked for apart.
  log: (_, name) =>
    ['', ' --previous'].map((which) => `kubectl logs ${name ?? '<pod>'} --timestamps --tail=200${which}`).join('; '),
  state: () => 'kubectl get pods -o wide',
  start: rollout,
  restart: rollout,
};

/** PM2, which runs programs of Node (and others) beside or without systemd. */
const pm2: Runtime = {
  log: (_, name) => `pm2 logs ${name === null ? '' : `${name} `}--lines 300 --nostream`,
  state: () => 'pm2 list',
  start: (_, name) => `pm2 start ${name ?? '<app>'}`,
  restart: (_, name) => `pm2 restart ${name ?? '<app>'}`,
};

/** A platform's own tool: it names the application, and starts what it restarts. */
function platform({ log, state, restart }: Readonly<Record<'log' | 'state' | 'restart', string>>): Runtime {
  return { log: () => log, state: () => state, start: () => restart, restart: () => restart };
}

/** Heroku's own tool: what router and dynos wrote last, the dynos, and these anew. */
export const HEROKU = {
  log: 'heroku logs --num 1500 --app <app>',
  state: 'heroku ps --app <app>',
  restart: 'heroku ps:restart --app <app>',
} as const;

/** Fly.io's own tool: what proxy and machines wrote last, the machines, and these anew. */
export const FLY = {
  log: 'fly logs --no-tail -a <app>',
  state: 'fly status -a <app>',
  restart: 'fly apps restart <app>',
} as const;

/** IIS's own tool and the event log of Windows: what programs and services wrote last, the pools of applications, and one of these anew. */
export const WINDOWS = {
  log: 'Get-WinEvent -LogName Application,System -MaxEvents 500 | Format-List TimeCreated,ProviderName,Id,Message',
  state: 'C:/Windows/System32/inetsrv/appcmd list apppool',
  restart: 'C:/Windows/System32/inetsrv/appcmd recycle apppool /apppool.name:<pool>',
} as const;

/** Python that runs within Apache: what it prints is in Apache's error log, and Apache loads it anew. */
const MOD_WSGI = {
  log: "sudo grep -h 'wsgi:error' /var/log/apache2/error.log /var/log/httpd/error_log 2>/dev/null | tail -n 60",
  state: 'systemctl --no-pager status apache2',
  restart: 'sudo systemctl reload apache2',
} as const;

/** Names that Kubernetes gives the pods of a Deployment: its own, then the hashes of ReplicaSet and pod, in letters and digits that make no words. */
const POD = /-[bcdf-hj-np-tv-xz2456789]{8,10}-[bcdf-hj-np-tv-xz2456789]{5}$/;

const OF_WINDOWS = ['iis', 'iis-trace', 'windows-events', 'windows-services'] as const;

/** Whether a log among those that were given is one that only Windows has. */
export const isOnWindows = ({ formats }: Facts): boolean => OF_WINDOWS.some((format) => formats?.has(format));

/** What runs the programs whose lines are printed together, and how it calls one. */
interface Printer {
  readonly runtime: Runtime;
  readonly name: string;
}

/** By what stands before a line (`Line.container`). */
const PRINTERS: readonly {
  readonly before: RegExp;
  readonly runtime: Runtime;
  readonly name: (named: string) => string;
}[] = [
  { before: /^pod\/(\w[\w.-]{0,252})\//, runtime: kubernetes, name: (pod) => pod },
  { before: /^\d{1,4}\|(\w[\w.-]{0,59})$/, runtime: pm2, name: (app) => app },
  // Compose may leave out the name of its project; `docker service logs` cuts the container's and adds the node's.
  { before: /^(\w[\w.-]{0,100})$/, runtime: docker, name: (container) => `$(docker ps -aqf 'name=${container}$')` },
  { before: /^(\w[\w.-]{0,100})@/, runtime: docker, name: (container) => `$(docker ps -aqf name=${container})` },
];

/** What prints the lines of such signals; null where nothing stands before them. */
function printerOf({ signals }: Facts, of: RegExp): Printer | null {
  for (const [id, { values }] of signals) {
    if (!of.test(id)) continue;
    for (const { before, runtime, name } of PRINTERS) {
      const named = before.exec(String(values.container ?? ''))?.[1];
      if (named !== undefined) return { runtime, name: name(named) };
    }
  }
  return null;
}

/** The container that prints such lines, as a command finds it; null where none is named before them. */
export function printingContainer(facts: Facts, of: RegExp): string | null {
  const printer = printerOf(facts, of);
  return printer?.runtime === docker ? printer.name : null;
}

/** Signals of lines that an application or PHP writes. */
const OF_THE_APP = /^(?:app|fpm)\./;

/** By the logs that were given: where containers are spoken of, or named before its lines, the application is one. */
function runtimeOf(facts: Facts, name: string | null): Runtime {
  const has = (format: string): boolean => facts.formats?.has(format) === true;
  if (has('heroku-router')) return platform(HEROKU);
  if (has('fly-proxy')) return platform(FLY);
  if (isOnWindows(facts)) return platform(WINDOWS);
  if (facts.signals.has('apache.wsgi-exception')) return platform(MOD_WSGI);
  if (has('kubernetes-list')) return kubernetes;
  if (has('pm2-list')) return pm2;
  if (!has('containers')) return printerOf(facts, OF_THE_APP)?.runtime ?? systemd;
  return name !== null && POD.test(name) ? kubernetes : docker;
}

function ofRuntime(subject: keyof Runtime): (facts: Facts) => string {
  return (facts) => {
    const name = namedUnit(facts) ?? printerOf(facts, OF_THE_APP)?.name ?? null;
    return runtimeOf(facts, name)[subject](facts, name);
  };
}

/** Fetches the application's own lines around the burst. */
export const appLog = ofRuntime('log');

/** Says whether the application runs. */
export const appState = ofRuntime('state');

/** Starts the application. */
export const startApp = ofRuntime('start');

/** Restarts the application. */
export const restartApp = ofRuntime('restart');
