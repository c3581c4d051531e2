import { wouldWrite } from '../../clock/level.ts';
import type { TimedClue } from '../../clock/timeline.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import type { SignalFact } from '../facts.ts';
import { cluesDuring, cluesOf, covering, pattern, quoted, type Scene, SLACK_MS } from '../scene.ts';
import { fineMs, missedAfter, missedBefore, paceOf } from './refusals.ts';
import { BACK_WITHIN_MS, CONNECTED_WITHIN_MS, REGISTERED, STOPS } from './tunnel-lines.ts';

const CHANGES: readonly SignalId[] = ['cloudflared.proc-start', 'cloudflared.proc-config'];
const REFUSED: readonly SignalId[] = [
  'cloudflared.inner-refused',
  'cloudflared.inner-refused-windows',
  'cloudflared.inner-refused-unix',
];

const CLOSED: readonly SignalId[] = [
  'cloudflared.inner-eof',
  'cloudflared.inner-reset',
  'cloudflared.inner-reset-windows',
  'cloudflared.inner-idle-closed',
  'cloudflared.inner-closed-while-sending',
  'cloudflared.inner-brokenpipe',
  'cloudflared.inner-other',
];
const SILENT: readonly SignalId[] = [
  'cloudflared.inner-connect-timeout',
  'cloudflared.inner-connect-timeout2',
  'cloudflared.inner-ctx-deadline',
];

/** What one log tells came after what another does, where it is later by more than two clocks differ unnoticed. */
const OTHER_CLOCK_MS = 6000;
/** A change of cloudflared's rules this long before the first refusal explains it. */
const CHANGE_LEAD_MS = 90_000;
/** Away for less than this, and back by itself: a restart. */
const RESTART_MS = 20_000;
const EXPECTED_REFUSALS = 10;
/** The same rules may have worked until cloudflared was started anew, with the host for one: a service that is slower to start. */
const SINCE_START = 0.5;
/** Who sets up a tunnel tries it for the first time within this after cloudflared was started. */
const SETTING_UP_MS = 3_600_000;

/** Whether the service behind cloudflared ever worked with the rules in force (cloudflared section 8). */
export function deriveTunnelService(scene: Scene): SignalFact[] {
  const refused = cluesDuring(scene, REFUSED);
  const first = refused[0];
  if (!first) return closedAfterWorking(scene);
  const change = cluesOf(scene, CHANGES, (ms) => ms <= first.atMs + 1000 && ms >= first.atMs - CHANGE_LEAD_MS).at(-1);
  const sinceMs = change?.atMs ?? changesToldSince(scene);
  const workedBefore = scene.streams.some(({ sample }) =>
    sample.some(
      ({ record, atMs }) => record.status < 400 && atMs > sinceMs + OTHER_CLOCK_MS && atMs < scene.firstRequestMs,
    ),
  );
  const pause = pauseOf(scene, refused);
  const fineBetween =
    change !== undefined &&
    ((workedBefore && first.atMs - change.atMs > CONNECTED_WITHIN_MS) ||
      (pause?.missedBefore ?? 0) > EXPECTED_REFUSALS);
  if (change !== undefined && !fineBetween && !pause?.isQuietAfter) {
    return [
      pattern('derived.tunnel-refused-since-change', {
        strength: change.record.signal === 'cloudflared.proc-start' ? SINCE_START : 1,
        firstMs: change.atMs,
        lines: quoted([change, ...refused.slice(0, 2)]),
      }),
    ];
  }
  const found: SignalFact[] = [];
  const after = cluesOf(
    scene,
    [...REFUSED, ...CHANGES],
    (ms) => ms > scene.endMs + SLACK_MS && ms < scene.endMs + BACK_WITHIN_MS,
  );
  const fineAfter = scene.streams.some(({ sample }) =>
    sample.some(({ record, atMs }) => record.status < 400 && atMs > scene.endMs && atMs < scene.endMs + BACK_WITHIN_MS),
  );
  const worked = workedBefore || servedLong(scene, first.atMs, pause) ? 1 : pause?.isHealed ? BY_SILENCE : 0;
  if (worked > 0) {
    const lines = quoted(refused.slice(0, 1));
    found.push(pattern('derived.tunnel-service-worked', { strength: worked, firstMs: first.atMs, lines }));
  }
  const back = fineAfter ? 1 : pause?.isHealed ? BY_SILENCE : 0;
  if (back > 0 && after.length === 0 && scene.endMs - scene.startMs < RESTART_MS)
    found.push(pattern('derived.tunnel-service-back', { strength: back, firstMs: scene.endMs }));
  return found;
}

/** Whether the rules in force were there for so long before the first refusal that requests must have come through. */
function servedLong(scene: Scene, firstMs: number, pause: Pause | null): boolean {
  const change = cluesOf(scene, CHANGES, (ms) => ms < scene.firstRequestMs - CHANGE_LEAD_MS).at(-1)?.atMs;
  if (change === undefined) return false;
  return firstMs - change > SETTING_UP_MS || (pause?.isSteady === true && pause.missedBefore > EXPECTED_REFUSALS);
}

/** Since when cloudflared's log would tell of a start or of new rules, which it does at level info; Infinity where it would not. */
function changesToldSince(scene: Scene): number {
  return covering(scene, 'tunnel')
    .filter(({ stream }) => wouldWrite(stream, 'info'))
    .reduce((since, { firstMs }) => Math.min(since, firstMs), Number.POSITIVE_INFINITY);
}

/** A service that answered with the rules in force and then hangs up or stays silent is at fault itself. */
function closedAfterWorking(scene: Scene): SignalFact[] {
  const first = cluesDuring(scene, [...CLOSED, ...SILENT])[0];
  if (!first) return [];
  const change = cluesOf(scene, CHANGES, (ms) => ms <= first.atMs + 1000).at(-1)?.atMs ?? changesToldSince(scene);
  const worked = scene.streams.some(({ sample }) =>
    sample.some(
      ({ record, atMs }) => reachedService(record) && atMs > change + OTHER_CLOCK_MS && atMs < scene.firstRequestMs,
    ),
  );
  return worked ? [pattern('derived.tunnel-service-worked', { firstMs: first.atMs, lines: quoted([first]) })] : [];
}

/** A good answer that came from behind the tunnel and not from Cloudflare's cache. */
function reachedService(record: RequestRecord): boolean {
  return record.status < 400 && (record.hop !== 'edge' || (record.originStatus ?? 0) > 0);
}

/** Refusals that must be missing after the last one, had the service stayed away; fewer where as many are missing before the first. */
const MISSED_REFUSALS = 5;
const MISSED_ON_BOTH_SIDES = 3;
/** Who asks for a while, is refused and goes away leaves the same lines as a service that comes back: silence is half a proof. */
const BY_SILENCE = 0.5;

interface Pause {
  /** Refusals that are missing between the moment from which the tunnel carried requests and the first refusal. */
  readonly missedBefore: number;
  /** Whether the refusals end while cloudflared runs on unchanged. */
  readonly isQuietAfter: boolean;
  /** Whether they came as those of many visitors do. */
  readonly isSteady: boolean;
  /** Whether both hold, so that the service is back: a wrong rule does not mend itself. */
  readonly isHealed: boolean;
}

/** What the silence before and after the refusals tells; null where their pace cannot be told. */
function pauseOf(scene: Scene, refused: readonly TimedClue[]): Pause | null {
  const pace = paceOf(refused);
  if (pace === null) return null;
  const { firstMs, lastMs } = pace;
  const before = missedBefore(pace, carriesSince(scene, firstMs));
  const ends = cluesOf(scene, [...CHANGES, ...STOPS, ...REFUSED], () => true)
    .map((clue) => ({ ms: fineMs(clue), signal: clue.record.signal }))
    .filter(({ ms }) => ms >= lastMs)
    .sort((a, b) => a.ms - b.ms);
  // In one whole second nobody knows what came first: a stop or new rules in the second of the last refusal ended them.
  const isEndedWith = ends.some(({ ms, signal }) => ms === lastMs && !REFUSED.includes(signal));
  const end = ends.find(({ ms }) => ms > lastMs);
  const endMs =
    end?.ms ?? Math.max(...scene.streams.filter(({ stream }) => stream.hop === 'tunnel').map((s) => s.lastMs));
  const isChanged = ends.some(({ ms, signal }) => ms === end?.ms && CHANGES.includes(signal));
  const isTold = Number.isFinite(changesToldSince(scene));
  const after = isTold && !isEndedWith && !isChanged ? missedAfter(pace, endMs) : 0;
  const isQuietAfter = after >= MISSED_REFUSALS || (after >= MISSED_ON_BOTH_SIDES && before > EXPECTED_REFUSALS);
  const { isSteady } = pace;
  return { missedBefore: before, isQuietAfter, isSteady, isHealed: isQuietAfter && isSteady };
}

/**
 * Since when before `ms` the tunnel carried requests: from its first registered connection after the last change on, or from
 * where the log begins.
 */
function carriesSince(scene: Scene, ms: number): number {
  const change = cluesOf(scene, CHANGES, (atMs) => atMs <= ms + 1000).at(-1)?.atMs;
  const up = cluesOf(scene, REGISTERED, (atMs) => atMs >= (change ?? Number.NEGATIVE_INFINITY) && atMs <= ms)[0]?.atMs;
  if (change === undefined) return Math.min(changesToldSince(scene), ms);
  return up ?? change + CONNECTED_WITHIN_MS;
}
