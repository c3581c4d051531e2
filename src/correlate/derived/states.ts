import type { TimedClue } from '../../clock/timeline.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { openEnd } from '../open-end.ts';
import { cluesOf, inTime, pattern, quoted, type Scene, SLACK_MS } from '../scene.ts';
import { webServerGap } from './web-server-gap.ts';

/** A service away for less than this was restarted; longer, it was down. */
const RESTART_MS = 15_000;
/** A reload this long before the first failure may have to do with it. */
const RELOAD_LEAD_MS = 15_000;
/** A down time must fill this part of the burst (or the burst that part of it). */
const OVERLAP = 0.4;

type Role = 'proxy' | 'fpm' | 'app' | 'db' | 'cache' | 'tunnel';

interface RoleSignals {
  readonly down: SignalId;
  readonly restarted?: SignalId;
  /** Lines of the service itself, beside systemd's. */
  readonly stops: readonly SignalId[];
  readonly starts: readonly SignalId[];
  /** Lines about a start that came to nothing. */
  readonly refusals?: readonly SignalId[];
}

/** How each kind of service says that it goes and comes; systemd says it for all of them. */
const ROLES: Readonly<Record<Exclude<Role, 'tunnel'>, RoleSignals>> = {
  proxy: {
    down: 'derived.proxy-down',
    restarted: 'derived.proxy-restarted',
    stops: ['nginx.sig-stop', 'apache.stop', 'proxy.stop'],
    // After a stop, workers mean that it is up again: the start's own lines are written at level notice, too, but some logs are filtered.
    starts: ['nginx.start', 'nginx.workers', 'apache.start', 'proxy.start'],
    refusals: [
      'nginx.conf-error',
      'nginx.conf-host',
      'nginx.cert-load',
      'nginx.cert-key',
      'nginx.bind-gave-up',
      'apache.config-error',
      'apache.bind-failed',
      'proxy.config-error',
      'proxy.bind-failed',
    ],
  },
  fpm: {
    down: 'derived.fpm-down',
    restarted: 'derived.fpm-restarted',
    stops: ['fpm.terminating', 'fpm.finishing', 'fpm.reloading', 'fpm.bye'],
    starts: ['fpm.ready', 'fpm.running'],
    refusals: ['fpm.init-failed'],
  },
  app: {
    down: 'derived.app-down',
    restarted: 'derived.app-restarted',
    stops: ['app.stop', 'app.crash', 'app.out-of-memory', 'gunicorn.stop'],
    starts: ['app.start', 'gunicorn.start'],
    refusals: ['gunicorn.boot-failed', 'uwsgi.boot-failed', 'app.port-in-use', 'gunicorn.port-in-use'],
  },
  db: { down: 'derived.db-down', stops: ['db.stop', 'db.crash'], starts: ['db.start'] },
  cache: { down: 'derived.cache-down', stops: ['cache.stop', 'cache.crash'], starts: ['cache.start', 'cache.error'] },
};

/** A web server finds nobody at the address that it passes requests on to. */
const NOBODY_THERE: readonly SignalId[] = [
  'nginx.connect-refused',
  'nginx.connect-unix-refused',
  'nginx.connect-unix-missing',
  'apache.backend-refused',
  'proxy.backend-refused',
  'proxy.not-connected',
];
/** A server that goes or comes still writes of requests for this long. */
const GOES_MS = 1500;

const UNIT_STOPS: readonly SignalId[] = ['unit.stopping', 'unit.stopped', 'unit.exited', 'unit.killed', 'unit.failed'];
const UNIT_STARTS: readonly SignalId[] = ['unit.started'];

/** An interval in which a service was away; open ends where the logs do not tell. */
export interface Away {
  readonly fromMs: number;
  readonly toMs: number;
  readonly clues: readonly TimedClue[];
  /** True where it tried to start meanwhile and could not: nobody's restart is such a time. */
  readonly refused: boolean;
}

/** When the services behind the web server were away, by their own lines and systemd's. */
export function backendsAway(scene: Scene): (Away & { readonly service: 'fpm' | 'app' | 'db' })[] {
  return (['fpm', 'app', 'db'] as const).flatMap((service) => {
    const { stops, starts, refusals } = ROLES[service];
    return awayTimes(scene, service, stops, starts, refusals).map((away) => ({ ...away, service }));
  });
}

/** A program that gives up at once has said before that it starts. */
const GIVES_UP_MS = 10_000;

/** Exceptions of the JVM, .NET, Python and Ruby: they fail a request, and the process lives on unless the runtime says that it ends. */
const MEMORY_EXCEPTION = /\b(?:OutOfMemory(?:Error|Exception)|(?:No)?MemoryError)\b/;
const RUNTIME_ENDS = /\b(?:Terminating|Aborting) due to java\.lang\.OutOfMemoryError\b|\bUnhandled exception\b/;

function endsIt({ record: { signal, text } }: TimedClue): boolean {
  return signal !== 'app.out-of-memory' || !MEMORY_EXCEPTION.test(text) || RUNTIME_ENDS.test(text);
}

const roleOf = (clue: TimedClue): string | number | undefined => clue.record.values?.role;

/** When services of one role were away, from systemd's lines and their own. */
export function awayTimes(
  scene: Scene,
  role: Role,
  stops: readonly SignalId[],
  starts: readonly SignalId[],
  refusals: readonly SignalId[] = [],
): Away[] {
  const always = (): boolean => true;
  const ofUnits = (signals: readonly SignalId[]): TimedClue[] =>
    cluesOf(scene, signals, always).filter((clue) => roleOf(clue) === role);
  const mark = (means: 'stop' | 'start' | 'refusal', clues: readonly TimedClue[]) =>
    clues.filter(({ atMs }) => !Number.isNaN(atMs)).map((clue) => ({ clue, means }));
  const marks = [
    ...mark('stop', [...ofUnits(UNIT_STOPS), ...cluesOf(scene, stops, always).filter(endsIt)]),
    ...mark('start', [...ofUnits(UNIT_STARTS), ...cluesOf(scene, starts, always)]),
    ...mark('refusal', cluesOf(scene, refusals, always)),
  ].sort((a, b) => inTime(a.clue, b.clue));
  const undated = undatedAmong(cluesOf(scene, refusals, always));
  const away: Away[] = [];
  let open: { fromMs: number; clues: TimedClue[]; refused: boolean } | null = null;
  for (const { clue, means } of marks) {
    if (means === 'start') {
      if (open) {
        const { clues } = open;
        const between = undated.filter((refusal) => clues.some((stop) => isBetween(refusal, stop, clue)));
        const refused = open.refused || between.length > 0;
        away.push({ ...open, refused, toMs: clue.atMs, clues: [...clues, ...between, clue] });
      }
      open = null;
      continue;
    }
    if (means === 'refusal') {
      // A check of the configuration, or a reload, says the same while the service runs on.
      const last: Away | undefined = away.at(-1);
      if (!open && last && clue.atMs - last.toMs <= GIVES_UP_MS) {
        away.pop();
        open = { fromMs: last.fromMs, clues: [...last.clues], refused: true };
      }
      if (!open) continue;
      open.refused = true;
    }
    open ??= { fromMs: clue.atMs, clues: [], refused: false };
    open.clues.push(clue);
  }
  if (open) away.push({ ...open, toMs: openEnd(scene, open.clues) });
  return away;
}

const undatedAmong = (clues: readonly TimedClue[]): TimedClue[] => clues.filter(({ atMs }) => Number.isNaN(atMs));

/** Whether a line without time stands between two of its log: a program's last words are often none of its logger's. */
function isBetween(clue: TimedClue, before: TimedClue, after: TimedClue): boolean {
  const { line } = clue.record;
  const isSameLog = clue.source === before.source && clue.source === after.source;
  return isSameLog && line > before.record.line && line < after.record.line;
}

/** Services that were down, restarted or reloaded as the requests failed. */
export function deriveStates(scene: Scene): SignalFact[] {
  if (scene.isExcerpt) {
    return [...gapOfExcerpt(scene), ...endsOfFpm(cluesOf(scene, ['unit.exited', 'unit.killed'], () => true))];
  }
  if (scene.isLasting) return [];
  const found: SignalFact[] = [];
  const killed: TimedClue[] = [];
  for (const role of ['proxy', 'fpm', 'app', 'db', 'cache'] as const) {
    const { restarted, stops, starts, refusals } = ROLES[role];
    const hits = awayTimes(scene, role, stops, starts, refusals).filter((away) => fits(scene, away));
    const longest = hits.reduce<Away | null>((a, b) => (a && a.toMs - a.fromMs >= b.toMs - b.fromMs ? a : b), null);
    if (!longest) continue;
    const isRestart = restarted !== undefined && !longest.refused && longest.toMs - longest.fromMs <= RESTART_MS;
    const signals = role === 'proxy' && hasOneInFront(scene, longest) ? ROLES.app : ROLES[role];
    const signal = (isRestart ? signals.restarted : undefined) ?? signals.down;
    if (found.some((fact) => fact.signal === signal)) continue;
    const clues = hits.flatMap((away) => [...away.clues]);
    killed.push(...killsOf(scene, clues));
    found.push(...endsOfFpm(clues));
    found.push(
      pattern(signal, {
        firstMs: longest.fromMs,
        lastMs: Number.isFinite(longest.toMs) ? longest.toMs : null,
        lines: quoted(clues),
        values: Number.isFinite(longest.toMs)
          ? { awaySeconds: Math.round((longest.toMs - longest.fromMs) / 1000) }
          : {},
        subjects: [...new Set(clues.flatMap(({ record }) => (record.subject === undefined ? [] : [record.subject])))],
      }),
    );
  }
  if (killed.length > 0)
    found.push(pattern('derived.killed-for-memory', { count: killed.length, lines: quoted(killed) }));
  return [...found, ...reloads(scene)];
}

/** Whether another web server answered while this one was away, and could not reach it: then this one is what stands behind that one. */
function hasOneInFront(scene: Scene, { fromMs, toMs }: Away): boolean {
  return cluesOf(scene, NOBODY_THERE, (ms) => ms > fromMs + GOES_MS && ms < toMs - GOES_MS).length > 0;
}

/** PHP-FPM's exit code where its configuration is wrong or an address cannot be bound (php-src sapi/fpm/fpm/fpm.h). */
const FPM_EXIT_CONFIG = 78;
/** Signals that a fault of the process itself raises: SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGSEGV (signal(7)). */
const FAULTS: ReadonlySet<number> = new Set([4, 6, 7, 8, 11]);
/** A container whose process died of a signal ends with this and the signal's number. */
const SIGNAL_BASE = 128;

/** The signal that a process died of, by systemd's words or a container's exit code. */
function signalOf({ record: { values } }: TimedClue): number {
  return Number(values?.signalNumber ?? Number(values?.exitCode) - SIGNAL_BASE);
}

/** Ends of PHP-FPM that say why: by their code or signal alone, as its own log may be missing. */
function endsOfFpm(ends: readonly TimedClue[]): SignalFact[] {
  const own = ends.filter((clue) => roleOf(clue) === 'fpm');
  const refused = own.filter(({ record }) => record.values?.exitCode === FPM_EXIT_CONFIG);
  const crashed = own.filter((clue) => FAULTS.has(signalOf(clue)));
  const signalNumber = crashed.map(signalOf)[0];
  return [
    ...ended('derived.fpm-config-exit', refused, {}),
    ...ended('derived.fpm-crashed', crashed, signalNumber === undefined ? {} : { signalNumber }),
  ];
}

function ended(signal: SignalId, ends: readonly TimedClue[], values: SignalFact['values']): SignalFact[] {
  const first = ends[0];
  if (first === undefined) return [];
  const firstMs = Number.isNaN(first.atMs) ? null : first.atMs;
  return [pattern(signal, { count: ends.length, firstMs, lines: quoted(ends), values })];
}

/** The kernel's line and systemd's about the same death are seconds apart. */
const SAME_DEATH_MS = 3000;

/** What says that the end of a service was the kernel's doing for lack of memory. */
function killsOf(scene: Scene, ends: readonly TimedClue[]): TimedClue[] {
  const named = ends.filter(
    ({ record }) => record.signal === 'unit.oom-killed' || record.values?.result === 'oom-kill',
  );
  const sigkills = ends.filter(({ record }) => record.signal === 'unit.killed' && record.values?.signalNumber === 9);
  const kernel = cluesOf(scene, ['kernel.oom-kill', 'unit.oom-killed'], (ms) =>
    [...named, ...sigkills].some(({ atMs }) => Math.abs(atMs - ms) <= SAME_DEATH_MS),
  );
  return [...named, ...kernel];
}

/** Without failed requests to compare with, only a gap in the web server's own traffic shows that it was missed. */
function gapOfExcerpt(scene: Scene): SignalFact[] {
  const gap = webServerGap(scene.streams);
  if (!gap) return [];
  const awayMs = gap.start.atMs - gap.stop.atMs;
  const refusals = undatedAmong(cluesOf(scene, ROLES.proxy.refusals ?? [], () => true));
  const isRefused = refusals.some((refusal) => isBetween(refusal, gap.stop, gap.start));
  return [
    pattern(awayMs <= RESTART_MS && !isRefused ? 'derived.proxy-restarted' : 'derived.proxy-down', {
      firstMs: gap.stop.atMs,
      lastMs: gap.start.atMs,
      lines: quoted([gap.stop, gap.start]),
      values: { awaySeconds: Math.round(awayMs / 1000) },
    }),
  ];
}

/** What begins later in a burst did not cause most of it. */
const MOST_OF_BURST = 0.5;

/** The down time and the burst are the same event: each fills a good part of the other. */
function fits(scene: Scene, { fromMs, toMs }: Away): boolean {
  const overlap = Math.min(toMs, scene.endMs) - Math.max(fromMs, scene.firstRequestMs) + 2 * SLACK_MS;
  const burst = scene.endMs - scene.firstRequestMs + 2 * SLACK_MS;
  const away = toMs - fromMs + 2 * SLACK_MS;
  // A service that goes for a moment as the failures end was restarted to end them.
  if (away < OVERLAP * burst && fromMs - scene.firstRequestMs > MOST_OF_BURST * (scene.endMs - scene.firstRequestMs))
    return false;
  return (
    overlap > 0 && overlap >= OVERLAP * Math.min(burst, away) && (overlap >= OVERLAP * burst || overlap >= 0.8 * away)
  );
}

function reloads(scene: Scene): SignalFact[] {
  const when = (ms: number): boolean => ms >= scene.firstRequestMs - RELOAD_LEAD_MS && ms <= scene.startMs + SLACK_MS;
  const clues = [
    ...cluesOf(scene, ['unit.reloaded'], when).filter((clue) => roleOf(clue) === 'proxy'),
    ...cluesOf(scene, ['nginx.sig-reload'], when),
  ];
  const first = clues[0];
  return first ? [pattern('derived.proxy-reloaded', { firstMs: first.atMs, lines: quoted(clues) })] : [];
}
