import type { FoundBurst } from '../bursts/burst.ts';
import { NO_SECONDS } from '../bursts/seconds.ts';
import { isCovered, isTouched } from '../clock/coverage.ts';
import type { TimedStream } from '../clock/timeline.ts';
import type { Hop, Maker } from '../vocabulary/hops.ts';
import { awayTimes, backendsAway } from './derived/states.ts';
import { tunnelDowns } from './derived/tunnel.ts';
import { cluesOf, type Scene } from './scene.ts';
import { excerptScene } from './scenes.ts';

/** A shorter absence is met by few visitors, and stamps are whole seconds. */
const SHORTEST_MS = 3000;
/** Requests that the web server would have logged in the time at its usual rate, for their absence to count. */
const EXPECTED = 5;
/** Requests of the machine itself (monitoring, cron) go on meanwhile. */
const SILENT_SHARE = 0.2;
/** Packets dropped that far apart are of one block. */
const DROPS_APART_MS = 30_000;
const FEWEST_DROPS = 5;

/** What can be away. */
export type Service = 'tunnel' | 'proxy' | 'fpm' | 'app' | 'db' | 'host';

/** A time in which, by what the inside says of itself, requests from outside cannot have got through. */
export interface Outage {
  readonly fromMs: number;
  readonly toMs: number;
  readonly service: Service;
  /** How long it may have lasted already when the first line told of it. */
  readonly knownLateMs: number;
  /** Where the lines stand that say so. */
  readonly hop: Hop;
  readonly madeBy: Maker;
  /** Whether the lines alone prove it; else the web server's access log must be silent, too. */
  readonly isProof: boolean;
}

/**
 * Adds the times in which, by what the inside says of itself, requests from outside cannot have got through and that no
 * log from outside covers: the tunnel without a connection, the web server stopped, Cloudflare's packets dropped. Where
 * the access log covers such a time it must fall silent; its usual rate tells how many requests were lost.
 */
export function withOutages(found: readonly FoundBurst[], streams: readonly TimedStream[]): FoundBurst[] {
  if (streams.every(({ clues }) => clues.size === 0)) return [...found];
  const scene = excerptScene(streams);
  const extra = [...serviceOutages(scene), ...droppedPackets(scene).filter(isWhole)]
    .filter((outage) => !isSeenOutside(outage, streams) && !found.some((burst) => overlaps(burst, outage)))
    .flatMap((outage) => burstOfOutage(outage, streams) ?? []);
  if (extra.length === 0) return [...found];
  return [...found, ...extra].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}

/** Outages of the tunnel and the web server whose begin and end are told. */
export function serviceOutages(scene: Scene): Outage[] {
  return [...tunnelOutages(scene), ...webServerOutages(scene)].filter(isWhole);
}

function isWhole({ fromMs, toMs }: Outage): boolean {
  return Number.isFinite(toMs) && toMs - fromMs >= SHORTEST_MS;
}

function tunnelOutages(scene: Scene): Outage[] {
  return tunnelDowns(scene)
    .filter(({ wasUp }) => wasUp)
    .map(({ fromMs, toMs, knownLateMs }) => ({
      fromMs: fromMs - knownLateMs,
      toMs,
      service: 'tunnel',
      knownLateMs,
      hop: 'tunnel',
      madeBy: 'edge',
      isProof: true,
    }));
}

function webServerOutages(scene: Scene): Outage[] {
  const { stops, starts } = {
    stops: ['nginx.sig-stop', 'apache.stop', 'proxy.stop'],
    starts: ['nginx.start', 'apache.start', 'proxy.start'],
  } as const;
  return awayTimes(scene, 'proxy', stops, starts).map(({ fromMs, toMs }) => ({
    fromMs,
    toMs,
    service: 'proxy',
    knownLateMs: 0,
    hop: 'proxy',
    madeBy: 'edge',
    isProof: false,
  }));
}

/** Outages of what the web server asks, whose begin and end are told: it answers for them itself. */
function backendOutages(scene: Scene): Outage[] {
  return backendsAway(scene)
    .map(
      ({ fromMs, toMs, service }): Outage => ({
        fromMs,
        toMs,
        service,
        knownLateMs: 0,
        hop: 'app',
        madeBy: 'origin',
        isProof: false,
      }),
    )
    .filter(isWhole);
}

/** Blocks of Cloudflare's packets by the host's firewall. */
function droppedPackets(scene: Scene): Outage[] {
  const drops = cluesOf(scene, ['kernel.packet-dropped', 'kernel.packet-dropped-out'], (ms) => !Number.isNaN(ms));
  const outages: Outage[] = [];
  let from = 0;
  drops.forEach(({ atMs }, i) => {
    const next = drops[i + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    if (next - atMs <= DROPS_APART_MS) return;
    const fromMs = drops[from]?.atMs ?? atMs;
    if (i - from + 1 >= FEWEST_DROPS)
      outages.push({
        fromMs,
        toMs: atMs,
        service: 'host',
        knownLateMs: 0,
        hop: 'host',
        madeBy: 'edge',
        isProof: false,
      });
    from = i + 1;
  });
  return outages;
}

/** The outages that some logs tell of, of whatever service. */
export function outagesOf(streams: readonly TimedStream[]): Outage[] {
  if (streams.every(({ clues }) => clues.size === 0)) return [];
  const scene = excerptScene(streams);
  return [...serviceOutages(scene), ...droppedPackets(scene), ...backendOutages(scene)];
}

/** Whether a log of requests from outside covers the time: then it shows what visitors met. */
function isSeenOutside({ fromMs, toMs }: Outage, streams: readonly TimedStream[]): boolean {
  return streams.some(
    ({ stream, coverage }) =>
      (stream.hop === 'edge' || stream.hop === 'client') &&
      stream.requestCount > 0 &&
      isTouched(coverage, fromMs, toMs),
  );
}

function overlaps(burst: FoundBurst, { fromMs, toMs }: Outage): boolean {
  return burst.startMs <= toMs && burst.endMs >= fromMs;
}

function burstOfOutage(outage: Outage, streams: readonly TimedStream[]): FoundBurst | null {
  const lost = lostRequests(outage, streams);
  if (lost === 'none' || (lost === null && !outage.isProof)) return null;
  const own = streams.filter(({ stream }) => stream.hop === outage.hop || (lost !== null && stream.hop === 'proxy'));
  const times = own.flatMap(({ firstMs, lastMs }) => [firstMs, lastMs]).filter((ms) => !Number.isNaN(ms));
  const sources = new Set(own.flatMap(({ stream }) => stream.segments.map(({ source }) => source)));
  return {
    kind: 'gateway',
    madeBy: outage.madeBy,
    startMs: outage.fromMs,
    endMs: outage.toMs,
    firstRequestMs: outage.fromMs,
    witness: {
      hop: outage.hop,
      knowsTotals: false,
      sources: [...sources].sort((a, b) => a - b),
      streams: own,
      failures: [],
      seconds: NO_SECONDS,
      firstMs: Math.min(...times),
      lastMs: Math.max(...times),
    },
    failures: [],
    failed: lost ?? 0,
    total: null,
    estimated: lost !== null,
    sampleRate: 1,
    unseen: true,
  };
}

/** Requests that the access log would have brought at its usual rate; `none` where it went on, null where none tells. */
function lostRequests({ fromMs, toMs }: Outage, streams: readonly TimedStream[]): number | 'none' | null {
  const access = streams.filter(
    ({ stream, coverage }) =>
      stream.hop === 'proxy' && stream.requestCount > 0 && isCovered(coverage, fromMs - 1, toMs + 1),
  );
  if (access.length === 0) return null;
  let usual = 0;
  let meanwhile = 0;
  let spanMs = 0;
  for (const { cells, firstMs, lastMs } of access) {
    spanMs = Math.max(spanMs, lastMs - firstMs - (toMs - fromMs));
    cells.each((atMs, count) => {
      // Stamps are whole seconds: what was served before the stop may bear the same second.
      if (atMs > fromMs && atMs + 1000 < toMs) meanwhile += count;
      else usual += count;
    });
  }
  const expected = (usual / Math.max(1, spanMs)) * (toMs - fromMs);
  return expected >= EXPECTED && meanwhile <= SILENT_SHARE * expected ? Math.round(expected) : 'none';
}
