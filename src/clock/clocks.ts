import type { Digest, Kept, StampKind, StreamDigest } from '../digest/digest.ts';
import { failureKind } from '../vocabulary/hops.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { SIGNALS } from '../vocabulary/signals.ts';
import { agreedDifference, type ClockEvent } from './differences.ts';
import { clockDomains } from './domains.ts';
import { bestShift } from './shape.ts';
import { requestEvents, type Skew, skewByRay, skewByRequest } from './skew.ts';
import { type StreamClock, type TimedStream, timeStream } from './timeline.ts';
import { inYear, nearestYear } from './year.ts';
import { fixedZone, parseZone, type SeenOffset, seenZone, type Zone } from './zones.ts';

/** What the user said about zones and years. */
export interface ClockOptions {
  /** Zone of every log that does not write one (`UTC`, `+05:30`, `Europe/Berlin`). */
  readonly tz?: string | undefined;
  /** Year of every log that does not write one. */
  readonly year?: number | undefined;
}

const QUARTER_HOUR_MS = 900_000;
const MIN_REQUESTS = 5;

/** Logs whose written zone is not the machine's: cloudflared writes UTC, PHP the zone of date.timezone. */
const ZONE_NOT_OF_MACHINE = new Set(['cloudflared', 'php-error', 'app']);

interface ZoneFinding {
  readonly zone: Zone;
  readonly method: StreamClock['method'];
  readonly uncertaintySeconds: number;
  readonly alternatives: StreamClock['alternatives'];
}

/**
 * Puts every stream on one clock, the edge's. Zones come, in this order, from the user, the stamps themselves, another log
 * of the same machine, the same requests in a log that has a zone, the shape of the failures; else UTC is assumed and said.
 */
export function setClocks(digest: Digest, options: ClockOptions): TimedStream[] {
  const { streams } = digest;
  const domains = clockDomains(streams);
  const referenceMs = options.year === undefined ? referenceTime(streams) : Date.UTC(options.year, 6, 1);
  const yearOf = (wallMs: number): number => options.year ?? nearestYear(wallMs, referenceMs);
  const edge = streams.filter(({ hop }) => hop === 'edge');
  const zoned = streams.filter(
    (stream) => stream.requestCount > 0 && stream.segments.every(({ kind }) => kind === 'utc'),
  );
  const userZone = options.tz === undefined ? null : parseZone(options.tz);

  const skews = new Map<string, Skew | null>();
  const zones = new Map<StreamDigest, ZoneFinding>();
  for (const stream of streams) {
    zones.set(stream, findZone(stream, { streams, domains, zoned, userZone, yearOf }));
  }
  const instantOf =
    (stream: StreamDigest) =>
    (kind: StampKind, writtenMs: number): number => {
      if (kind === 'none') return Number.NaN;
      if (kind === 'utc') return writtenMs;
      const wallMs = kind === 'yearless' ? inYear(writtenMs, yearOf(writtenMs)) : writtenMs;
      return (zones.get(stream)?.zone ?? fixedZone(0)).toInstant(wallMs).ms;
    };
  const rowMs = (group: readonly StreamDigest[]) => {
    const bySegment = new Map<Kept<RequestRecord>, StreamDigest>();
    for (const stream of group) for (const row of [...stream.failures, ...stream.sample]) bySegment.set(row, stream);
    return (row: Kept<RequestRecord>): number => {
      const stream = bySegment.get(row);
      const { stamp } = row.record;
      return stream === undefined || stamp.kind === 'none' ? Number.NaN : instantOf(stream)(stamp.kind, stamp.ms);
    };
  };
  for (const domain of new Set(domains.values())) {
    const members = streams.filter((stream) => domains.get(stream) === domain);
    skews.set(domain, domain === 'edge' || edge.length === 0 ? null : findSkew(members, edge, rowMs, instantOf));
  }

  return streams.map((stream) => {
    const finding = zones.get(stream) ?? assumedZone();
    const skew = skews.get(domains.get(stream) ?? '') ?? null;
    const shift = (skew?.seconds ?? 0) * 1000;
    const toInstant = instantOf(stream);
    const sampleWall = stream.segments.find(({ kind }) => kind !== 'none');
    const explicit = finding.method === 'explicit';
    const clock: StreamClock = {
      zone: finding.zone.name,
      zoneOffsetMinutes: sampleWall ? zoneOffset(stream, finding, sampleWall.kind, sampleWall.firstMs, yearOf) : 0,
      skewSeconds: skew?.seconds ?? 0,
      year:
        sampleWall?.kind === 'yearless'
          ? {
              value: yearOf(sampleWall.firstMs),
              method: options.year !== undefined ? 'option' : Number.isNaN(referenceMs) ? 'assumed' : 'other logs',
            }
          : null,
      method: explicit && skew ? skew.method : finding.method,
      uncertaintySeconds:
        finding.method === 'assumed'
          ? finding.uncertaintySeconds
          : Math.max(finding.uncertaintySeconds, skew?.uncertaintySeconds ?? 0),
      alternatives: skew?.rival
        ? [{ zoneOffsetMinutes: 0, skewSeconds: skew.rival.seconds, support: skew.rival.support }]
        : finding.alternatives,
    };
    return timeStream(stream, clock, (kind, ms) => toInstant(kind, ms) - shift);
  });
}

function zoneOffset(
  stream: StreamDigest,
  finding: ZoneFinding,
  kind: StampKind,
  firstMs: number,
  yearOf: (ms: number) => number,
): number {
  if (kind === 'utc') return [...stream.offsets].sort((a, b) => b[1].count - a[1].count || a[0] - b[0])[0]?.[0] ?? 0;
  return finding.zone.toInstant(kind === 'yearless' ? inYear(firstMs, yearOf(firstMs)) : firstMs).offsetMinutes;
}

/** Middle of the times that are written in full; NaN where there are none. */
function referenceTime(streams: readonly StreamDigest[]): number {
  for (const kind of ['utc', 'local'] as const) {
    const middles = streams
      .flatMap(({ segments }) => segments.filter((segment) => segment.kind === kind))
      .map(({ firstMs, lastMs }) => (firstMs + lastMs) / 2)
      .sort((a, b) => a - b);
    const middle = middles[Math.floor(middles.length / 2)];
    if (middle !== undefined) return middle;
  }
  return Number.NaN;
}

interface ZoneContext {
  readonly streams: readonly StreamDigest[];
  readonly domains: ReadonlyMap<StreamDigest, string>;
  readonly zoned: readonly StreamDigest[];
  readonly userZone: Zone | null;
  readonly yearOf: (wallMs: number) => number;
}

const assumedZone = (): ZoneFinding => ({
  zone: fixedZone(0),
  method: 'assumed',
  uncertaintySeconds: 14 * 3600,
  alternatives: [],
});

function findZone(stream: StreamDigest, context: ZoneContext): ZoneFinding {
  const dated = stream.segments.filter(({ kind }) => kind !== 'none');
  if (dated.every(({ kind }) => kind === 'utc')) {
    const main = [...stream.offsets].sort((a, b) => b[1].count - a[1].count || a[0] - b[0])[0]?.[0] ?? 0;
    return { zone: fixedZone(main), method: 'explicit', uncertaintySeconds: 0, alternatives: [] };
  }
  if (context.userZone) return { zone: context.userZone, method: 'option', uncertaintySeconds: 1, alternatives: [] };
  const domain = context.domains.get(stream);
  const siblings = context.streams.filter((other) => context.domains.get(other) === domain);
  const inner = siblings.flatMap(({ clockPairs }) =>
    clockPairs.map(({ outerKind, outerMs, innerMs }): SeenOffset => {
      const wall = outerKind === 'yearless' ? inYear(outerMs, nearestYear(outerMs, innerMs)) : outerMs;
      const offsetMinutes = Math.round((wall - innerMs) / QUARTER_HOUR_MS) * 15;
      return { offsetMinutes, firstMs: innerMs, lastMs: innerMs, count: 1 };
    }),
  );
  const written = siblings
    .filter(({ format }) => !ZONE_NOT_OF_MACHINE.has(format))
    .flatMap(({ offsets }) => [...offsets].map(([offsetMinutes, seen]): SeenOffset => ({ offsetMinutes, ...seen })));
  const seen = mergeSeen([...written, ...inner]);
  if (seen.length > 0) {
    return {
      zone: seenZone(seen),
      method: written.length > 0 ? 'sibling' : 'inner',
      uncertaintySeconds: 1,
      alternatives: [],
    };
  }
  return zoneByRequests(stream, context) ?? zoneByShape(stream, context) ?? assumedZone();
}

function mergeSeen(seen: readonly SeenOffset[]): SeenOffset[] {
  const byOffset = new Map<number, SeenOffset>();
  for (const item of seen) {
    const known = byOffset.get(item.offsetMinutes);
    byOffset.set(
      item.offsetMinutes,
      known
        ? {
            offsetMinutes: item.offsetMinutes,
            firstMs: Math.min(known.firstMs, item.firstMs),
            lastMs: Math.max(known.lastMs, item.lastMs),
            count: known.count + item.count,
          }
        : item,
    );
  }
  return [...byOffset.values()];
}

/** Whether a difference is a zone (a multiple of a quarter of an hour between −12 h and +14 h) plus a few minutes of skew. */
function zoneLike(differenceMs: number): boolean {
  if (differenceMs < -12.1 * 3_600_000 || differenceMs > 14.1 * 3_600_000) return false;
  const rest = differenceMs - Math.round(differenceMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
  return Math.abs(rest) <= 300_000;
}

function clueEvents(streams: readonly StreamDigest[], toMs: (kind: StampKind, ms: number) => number): ClockEvent[] {
  return streams.flatMap(({ clues }) =>
    [...clues.values()].flatMap(({ kept }) =>
      kept.flatMap(({ record }) => {
        if (record.path === undefined || record.stamp.kind === 'none') return [];
        const ms = toMs(record.stamp.kind, record.stamp.ms);
        return Number.isNaN(ms) ? [] : [{ key: `${record.method ?? ''} ${record.path}`, ms }];
      }),
    ),
  );
}

const wallOf =
  (yearOf: (ms: number) => number) =>
  (kind: StampKind, ms: number): number =>
    kind === 'yearless' ? inYear(ms, yearOf(ms)) : ms;

function failedRowEvents(streams: readonly StreamDigest[]): ClockEvent[] {
  return streams.flatMap(({ failures }) =>
    failures.flatMap(({ record }) =>
      record.path === undefined || record.stamp.kind !== 'utc' || failureKind(record.status) === null
        ? []
        : [{ key: `${record.method ?? ''} ${record.path}`, ms: record.stamp.ms }],
    ),
  );
}

function zoneByRequests(stream: StreamDigest, { zoned, yearOf }: ZoneContext): ZoneFinding | null {
  const agreed = agreedDifference(clueEvents([stream], wallOf(yearOf)), failedRowEvents(zoned), zoneLike);
  if (!agreed || agreed.support < MIN_REQUESTS) return null;
  const rival = agreed.runnerUp;
  if (rival && rival.support > 0.6 * agreed.support) return null;
  return foundShift(agreed.differenceMs, 'request', 2, agreed.support);
}

function zoneByShape(stream: StreamDigest, { zoned, yearOf }: ZoneContext): ZoneFinding | null {
  const left = [...stream.clues.values()]
    .filter(({ signal }) => SIGNALS[signal].role === 'request' || SIGNALS[signal].role === 'process')
    .flatMap(({ kept }) =>
      kept.flatMap(({ record: { stamp } }) => (stamp.kind === 'none' ? [] : [wallOf(yearOf)(stamp.kind, stamp.ms)])),
    );
  const right = zoned.flatMap(({ failures }) =>
    failures.flatMap(({ record }) =>
      record.stamp.kind === 'utc' && failureKind(record.status) === 'gateway' ? [record.stamp.ms] : [],
    ),
  );
  const shift = bestShift(left, right);
  return shift === null ? null : foundShift(shift.differenceMs, 'shape', 5, shift.support);
}

function foundShift(
  differenceMs: number,
  method: 'request' | 'shape',
  uncertaintySeconds: number,
  support: number,
): ZoneFinding {
  const offsetMinutes = Math.round(differenceMs / QUARTER_HOUR_MS) * 15;
  return {
    zone: fixedZone(offsetMinutes),
    method,
    uncertaintySeconds,
    alternatives: [
      { zoneOffsetMinutes: offsetMinutes, skewSeconds: Math.round(differenceMs / 1000) - offsetMinutes * 60, support },
    ],
  };
}

function findSkew(
  members: readonly StreamDigest[],
  edge: readonly StreamDigest[],
  rowMs: (group: readonly StreamDigest[]) => (row: Kept<RequestRecord>) => number,
  instantOf: (stream: StreamDigest) => (kind: StampKind, ms: number) => number,
): Skew | null {
  const originMs = rowMs(members);
  const edgeMs = rowMs(edge);
  const byRay = skewByRay(members, edge, originMs, edgeMs);
  if (byRay) return byRay;
  const rows = skewByRequest(requestEvents(members, originMs), requestEvents(edge, edgeMs));
  if (rows) return rows;
  const clues = members.flatMap((stream) => clueEvents([stream], instantOf(stream)));
  return skewByRequest(clues, failedRowEvents(edge));
}
