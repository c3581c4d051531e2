import type { TimedClue } from '../../clock/timeline.ts';
import type { ClueRecord } from '../../vocabulary/records.ts';
import type { SignalFact } from '../facts.ts';
import { areAsMany, undatedOf } from '../line-signals.ts';
import { cluesDuring, pattern, quoted, type Scene } from '../scene.ts';

/** What the comings and goings of an application's processes add up to: they end, or are killed, again and again. */
export function deriveAppProcesses(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const ending = keepsEnding(scene, known);
  return [...renewedInSilence(scene, known), ...(ending.length > 0 ? ending : keepsCrashing(scene, known))];
}

/** Lines by which an application server says why workers are renewed. */
const SAID_BEFORE_RENEWAL = [
  'app.worker-exit',
  'app.worker-timeout',
  'gunicorn.worker-exit',
  'gunicorn.worker-timeout',
  'gunicorn.worker-sigkill',
  'gunicorn.worker-crash',
  'gunicorn.boot-failed',
  'gunicorn.reload',
  'gunicorn.stop',
] as const;
/** Workers of one start boot closer together. */
const ONE_START_MS = 2000;
const RENEWALS = 3;

const BOOTS = ['gunicorn.worker-boot', 'app.worker-boot'] as const;

/**
 * Workers boot again and again, and nothing says that one ended: Puma, Mojolicious and, before version 20.1, gunicorn have no word for
 * one that was killed. Where the lines have no time, about one for each failed request.
 */
function renewedInSilence(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  if (cluesDuring(scene, SAID_BEFORE_RENEWAL).length > 0 || cluesDuring(scene, ['gunicorn.start']).length > 2)
    return [];
  const renewals = apart(cluesDuring(scene, BOOTS)).slice(1);
  if (renewals.length >= RENEWALS)
    return [pattern('derived.workers-renewed', { count: renewals.length, lines: quoted(renewals) })];
  const undated = undatedOf(scene, BOOTS);
  return areAsMany(undated.count, scene.failed) && !SAID_BEFORE_RENEWAL.some((signal) => known.has(signal))
    ? [pattern('derived.workers-renewed', { count: undated.count, lines: quoted(undated.clues) })]
    : [];
}

/** Lines by which processes end in good order, or by somebody's hand. */
const SAID_BEFORE_END = ['app.stop', 'app.worker-timeout', 'uwsgi.harakiri', 'uwsgi.reload', 'gunicorn.stop'] as const;

/** How much it tells that workers end: one may be made to end after a request. A service is not, and nobody does it by a signal. */
const BY_ITSELF = 0.5;

/** Such lines for so many of the failed requests tell how these went. */
const TOLD_SHARE = 0.6;
/** Lines of the web server about requests whose connection ended: with these a worker that ended is told already. */
const CUT_OFF = ['nginx.premature-header', 'nginx.recv-reset-header'] as const;

/** Processes end, or the whole application starts, again and again, and nothing says that somebody wanted it. */
function keepsEnding(scene: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  if (cluesDuring(scene, SAID_BEFORE_END).length > 0) return [];
  const isTold = CUT_OFF.some((signal) => (known.get(signal)?.share ?? 0) >= TOLD_SHARE);
  const ends = cluesDuring(scene, ['app.worker-exit', 'unit.exited', 'unit.killed']).filter(({ record }) =>
    record.signal === 'app.worker-exit' ? !isTold || wasKilled(record) : record.values?.role === 'app',
  );
  const starts = mostOfOne(cluesDuring(scene, ['app.start']));
  const isEnding = ends.length >= RENEWALS && apart(ends).length > 1;
  if (!isEnding && starts.length < RENEWALS) return endsUndated(scene, known, isTold);
  const lines = isEnding ? ends : starts;
  const strength = lines.every(({ record }) => record.signal === 'app.worker-exit' && !wasKilled(record))
    ? BY_ITSELF
    : 1;
  return [pattern('derived.app-keeps-ending', { count: lines.length, lines: quoted(lines), strength })];
}

/** About as many workers that ended as failed requests, in lines that have no time. */
function endsUndated({ failed }: Scene, known: ReadonlyMap<string, SignalFact>, isTold: boolean): SignalFact[] {
  const ends = known.get('app.worker-exit');
  if (ends === undefined || ends.firstMs !== null || !areAsMany(ends.count, failed)) return [];
  const isKilled = wasKilled(ends);
  // A stop may be of another day.
  const isSaid = SAID_BEFORE_END.some((signal) => signal !== 'app.stop' && known.has(signal));
  return isSaid || (isTold && !isKilled)
    ? []
    : [
        pattern('derived.app-keeps-ending', {
          count: ends.count,
          lines: ends.lines,
          strength: isKilled ? 1 : BY_ITSELF,
        }),
      ];
}

/** Whether a worker was ended by a signal, of its own fault or from outside, and did not exit. */
function wasKilled({ values }: Pick<ClueRecord, 'values'>): boolean {
  return values?.signalNumber !== undefined;
}

const CRASHES = ['app.crash', 'app.out-of-memory'] as const;
/** Part of the failed requests to which nobody behind the web server answered. */
const UNANSWERED = 0.6;
/** Crashes without a time may be those of another day. */
const UNDATED_STRENGTH = 0.7;

/** In a log without any time it crashes again and again, while the web server has nobody who answers. */
function keepsCrashing({ failures }: Scene, known: ReadonlyMap<string, SignalFact>): SignalFact[] {
  const [crash] = CRASHES.flatMap((signal) => known.get(signal) ?? []).sort((a, b) => b.count - a.count);
  if (crash === undefined || crash.firstMs !== null || crash.count < RENEWALS || known.has('app.stop')) return [];
  const unanswered = failures.filter(({ row }) => row?.record.status === 502).length;
  if (unanswered < UNANSWERED * failures.length) return [];
  const { count, lines, firstMs, lastMs } = crash;
  return [pattern('derived.app-keeps-ending', { strength: UNDATED_STRENGTH, count, lines, firstMs, lastMs })];
}

/** Further starts of the one instance that started most often: several that start once each are a deployment. */
function mostOfOne(starts: readonly TimedClue[]): readonly TimedClue[] {
  const instances = new Map<string, TimedClue[]>();
  for (const start of starts) {
    const { record, source } = start;
    const instance = `${record.server} ${record.subject} ${source}`;
    const lines = instances.get(instance);
    if (lines === undefined) instances.set(instance, [start]);
    else lines.push(start);
  }
  return [...instances.values()]
    .map((lines) => apart(lines).slice(1))
    .reduce<readonly TimedClue[]>((most, lines) => (lines.length > most.length ? lines : most), []);
}

/** Of lines that come close together the first: those of one event. */
function apart(lines: readonly TimedClue[]): readonly TimedClue[] {
  let lastMs = Number.NEGATIVE_INFINITY;
  return lines.filter(({ atMs }) => {
    const isNew = atMs - lastMs >= ONE_START_MS;
    if (isNew) lastMs = atMs;
    return isNew;
  });
}
