import type { Digest, Kept, StampKind, StreamDigest } from '../digest/digest.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { clockDomains } from './domains.ts';
import { clueEvents, failedRowEvents, requestEvents, rowsOf } from './events.ts';
import { assumedZone, findZone, type ZoneFinding } from './find-zone.ts';
import { type Skew, skewByRay, skewByRequest } from './skew.ts';
import { type StreamClock, type TimedStream, timeStream } from './timeline.ts';
import { inYear, nearestYear } from './year.ts';
import { fixedZone, type Pass, parseZone } from './zones.ts';

/** What the user said about zones and years. */
export interface ClockOptions {
  /** Zone of every log that does not write one (`UTC`, `+05:30`, `Europe/Berlin`). */
  readonly tz?: string | undefined;
  /** Year of every log that does not write one. */
  readonly year?: number | undefined;
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
    (kind: StampKind, writtenMs: number, pass?: Pass): number => {
      if (kind === 'none') return Number.NaN;
      if (kind === 'utc') return writtenMs;
      const wallMs = kind === 'yearless' ? inYear(writtenMs, yearOf(writtenMs)) : writtenMs;
      return (zones.get(stream)?.zone ?? fixedZone(0)).toInstant(wallMs, pass).ms;
    };
  const rowMs = (group: readonly StreamDigest[]) => {
    const byRow = new Map<Kept<RequestRecord>, StreamDigest>();
    for (const stream of group) for (const row of rowsOf([stream])) byRow.set(row, stream);
    return (row: Kept<RequestRecord>): number => {
      const stream = byRow.get(row);
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
    return timeStream(stream, clock, (kind, ms, pass) => toInstant(kind, ms, pass) - shift);
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
