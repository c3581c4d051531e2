import { rowsOf } from '../counted-rows.ts';
import type { SignalFact } from '../facts.ts';
import { during, pattern, quoted, type Scene } from '../scene.ts';
import { mostFailed, workerChildren } from '../worker-children.ts';

const SPIKE = 3;

/** What the edge's rows add up to: a Worker's own requests, a rise of traffic. */
export function deriveEdge(scene: Scene): SignalFact[] {
  return [...childrenOfWorkers(scene), ...trafficSpike(scene), ...wayToOrigin(scene.streams)];
}

/** Did the requests that a failing request's Worker made fail, too? (cloudflare-exports 2.1 row 12) */
function childrenOfWorkers(scene: Scene): SignalFact[] {
  const rows = workerChildren(scene.failures, scene.streams).filter(({ atMs }) => during(scene, atMs));
  if (rows.length === 0) return [];
  const bad = rows.filter(({ record }) => record.status >= 500);
  return mostFailed(rows)
    ? [pattern('derived.worker-child-failed', { count: bad.length, lines: quoted(bad) })]
    : [pattern('derived.worker-children-fine', { count: rows.length - bad.length, lines: quoted(rows) })];
}

const ENOUGH_ANSWERS = 10;
/** Addresses that cloudflared gives its tunnels inside Cloudflare's network. */
const TUNNEL_ADDRESS = /^fd10:aec2:5dae:/i;
const LOCAL_PEER = /^(?:127\.|::1$|localhost$|unix:)/;

const knownWays = new WeakMap<Scene['streams'], readonly SignalFact[]>();

/** Whether Cloudflare reaches the origin by its address or through a tunnel: the same for all bursts. */
function wayToOrigin(streams: Scene['streams']): readonly SignalFact[] {
  const way = knownWays.get(streams) ?? readWay(streams);
  knownWays.set(streams, way);
  return way;
}

/** The same from the requests that went well. */
function readWay(streams: Scene['streams']): SignalFact[] {
  const rows = (hop: 'edge' | 'proxy') =>
    streams.filter(({ stream }) => stream.hop === hop).flatMap(({ sample }) => sample.map(({ record }) => record));
  const answered = rows('edge').filter(({ originStatus }) => (originStatus ?? 0) > 0);
  const tunnelled = answered.filter(
    ({ upstream }) => upstream === undefined || upstream === '' || TUNNEL_ADDRESS.test(upstream),
  );
  if (answered.length >= ENOUGH_ANSWERS) {
    const share = tunnelled.length / answered.length;
    if (share > 0.9) return [pattern('derived.behind-tunnel', { count: tunnelled.length })];
    return share < 0.1
      ? [
          pattern('derived.direct-origin', {
            count: answered.length,
            values: { address: answered.find(({ upstream }) => upstream)?.upstream ?? '' },
          }),
        ]
      : [];
  }
  const served = rows('proxy').filter(({ status }) => status < 400);
  const local = served.filter(({ client, ray }) => ray !== undefined && LOCAL_PEER.test(client ?? ''));
  return served.length >= ENOUGH_ANSWERS && local.length > 0.9 * served.length
    ? [pattern('derived.behind-tunnel', { count: local.length })]
    : [];
}

/** What is usual: the hour that ended ten minutes before. A day's high tide comes slowly, and is no spike. */
const USUAL_MINUTES = { from: -70, to: -10 } as const;
const FEWEST_MINUTES = 10;
const FEWEST_REQUESTS = 60;

/** Visitors' requests in the minute before the first failure against the median minute of the hour before. */
function trafficSpike(scene: Scene): SignalFact[] {
  if (scene.isExcerpt || scene.countedAt === null) return [];
  const logs = scene.streams.filter(({ stream }) => stream.hop === scene.countedAt);
  const untilMinute = (minute: number): number =>
    logs.reduce((sum, { cells }) => sum + cells.countBefore(scene.firstRequestMs + minute * 60_000), 0);
  const before = untilMinute(0) - untilMinute(-1);
  if (before < FEWEST_REQUESTS) return [];
  const calm: number[] = [];
  let until = untilMinute(USUAL_MINUTES.from);
  for (let minute = USUAL_MINUTES.from; minute < USUAL_MINUTES.to; minute++) {
    const from = until;
    until = untilMinute(minute + 1);
    if (until > from) calm.push(until - from);
  }
  calm.sort((a, b) => a - b);
  const median = calm[Math.floor(calm.length / 2)];
  if (calm.length < FEWEST_MINUTES || median === undefined || before < SPIKE * median) return [];
  const rows = rowsOf(scene).fine.filter(
    ({ atMs }) => atMs >= scene.firstRequestMs - 60_000 && atMs < scene.firstRequestMs,
  );
  return [
    pattern('derived.traffic-spike', {
      values: { perMinute: before, usualPerMinute: median },
      lines: quoted(rows.slice(0, 1)),
    }),
  ];
}
