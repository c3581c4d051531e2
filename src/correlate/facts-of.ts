import { peakPerMinute } from '../bursts/burst.ts';
import { isYearKnown } from '../clock/assumed-year.ts';
import { wouldWrite } from '../clock/level.ts';
import type { TimedStream } from '../clock/timeline.ts';
import { HOPS, type Hop } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { rowsOf } from './counted-rows.ts';
import { deriveApplication } from './derived/application.ts';
import { deriveBans } from './derived/bans.ts';
import { deriveCompressed } from './derived/compressed.ts';
import { deriveDurations, failedDurations } from './derived/durations.ts';
import { deriveEdge } from './derived/edge.ts';
import { deriveEdgeServers } from './derived/edge-servers.ts';
import { deriveListeners } from './derived/listeners.ts';
import { deriveLogs } from './derived/logs.ts';
import { deriveScope } from './derived/scope.ts';
import { deriveStates } from './derived/states.ts';
import { deriveStatusPage } from './derived/status-page.ts';
import { deriveTlsPort } from './derived/tls-port.ts';
import { deriveTunnel } from './derived/tunnel.ts';
import { describeScope } from './describe-scope.ts';
import { dimensionValue, VALUES } from './dimensions.ts';
import type { Dimension, Facts, SignalFact, TopValue } from './facts.ts';
import { lineSignals } from './line-signals.ts';
import { covering, type Scene } from './scene.ts';
import { countsOf } from './weighted-rows.ts';

/** All that a cause may know of a burst: line signals around it, what follows from them, and who was hit. */
export function factsOf(scene: Scene): Facts {
  const signals = new Map<SignalId, SignalFact>(lineSignals(scene));
  const add = (facts: readonly SignalFact[]): void => {
    for (const fact of facts) signals.set(fact.signal, fact);
  };
  for (const derive of [
    deriveScope,
    deriveCompressed,
    deriveEdgeServers,
    deriveDurations,
    deriveStates,
    deriveBans,
    deriveLogs,
    deriveTunnel,
    deriveEdge,
    deriveStatusPage,
    deriveTlsPort,
    deriveListeners,
  ])
    add(derive(scene));
  add(deriveApplication(scene, signals));
  const statuses = new Map<number, number>();
  const scale = scene.failed / Math.max(1, scene.failures.length);
  for (const { status } of scene.failures) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  for (const [status, count] of statuses) statuses.set(status, Math.round(count * scale));
  const durations = failedDurations(scene);
  return {
    kind: scene.kind,
    madeBy: scene.madeBy,
    startMs: scene.startMs,
    endMs: scene.endMs,
    failed: scene.failed,
    total: scene.total,
    peakPerMinute: Math.round(peakPerMinute(scene.failures) * scale),
    statuses,
    signals,
    covered: new Set<Hop>(HOPS.filter((hop) => covering(scene, hop).some((timed) => tellsWhy(hop, timed)))),
    formats: new Set(scene.streams.map(({ stream }) => stream.format)),
    scope: describeScope(scene),
    top: remembered((dimension) => topValue(scene, dimension)),
    isYearKnown: isYearKnown(scene.streams),
    originSkewMs: originSkew(scene),
    failedMedianMs: durations[Math.floor(durations.length / 2)] ?? null,
  };
}

/** Asks once per dimension: many texts ask for the same one. */
function remembered(ask: Facts['top']): Facts['top'] {
  const known = new Map<Dimension, TopValue | null>();
  return (dimension) => {
    let top = known.get(dimension);
    if (top === undefined) {
      top = ask(dimension);
      known.set(dimension, top);
    }
    return top;
  };
}

/** Rows of the edge and of a browser tell what there is to tell; of the inner hops only logs of lines tell why, at a level that has errors. */
function tellsWhy(hop: Hop, { stream }: TimedStream): boolean {
  const isLog = stream.requestCount > 0 || [...stream.clues.keys()].some((signal) => !SIGNALS[signal].snapshot);
  if (!isLog && stream.clues.size > 0) return false;
  return hop === 'edge' || hop === 'client' || (stream.requestCount === 0 && wouldWrite(stream, 'error'));
}

/** Skew of the logs of the origin that the scene holds, in milliseconds. */
function originSkew({ streams }: Scene): number {
  const origin = streams.find(
    ({ stream, clock }) => !['edge', 'client'].includes(stream.hop) && clock.skewSeconds !== 0,
  );
  return (origin?.clock.skewSeconds ?? 0) * 1000;
}

function topValue(scene: Scene, dimension: Dimension): TopValue | null {
  let value = '';
  let failed = 0;
  for (const [name, count] of failedBy(scene, dimension)) {
    if (name === '' || count < failed || (count === failed && name > value)) continue;
    value = name;
    failed = count;
  }
  if (failed === 0) return null;
  return { value, failed, share: failed / scene.failures.length, trafficShare: trafficShare(scene, dimension, value) };
}

/** How many failed with each value; `''` where the row or line does not tell. */
function failedBy(scene: Scene, dimension: Dimension): ReadonlyMap<string, number> {
  const rows = rowsOf(scene).failed;
  if (rows.length === scene.failures.length) return countsOf(rows, VALUES[dimension]);
  const counts = new Map<string, number>();
  for (const failure of scene.failures) {
    const value = dimensionValue(failure, dimension) ?? '';
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** Part of all requests in the burst's time that a value carries; null where the log knows failures only. */
function trafficShare(scene: Scene, dimension: Dimension, value: string): number | null {
  if (scene.countedAt === null) return null;
  const { failed, fineMeanwhile } = rowsOf(scene);
  const all = failed.length + fineMeanwhile.sum();
  const ownFailed = countsOf(failed, VALUES[dimension]).get(value) ?? 0;
  const own = ownFailed + (fineMeanwhile.sumBy(VALUES[dimension]).of(value) ?? 0);
  return all === 0 ? null : own / all;
}
