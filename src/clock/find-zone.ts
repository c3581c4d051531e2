import type { StampKind, StreamDigest } from '../digest/digest.ts';
import { failureKind } from '../vocabulary/hops.ts';
import { SIGNALS } from '../vocabulary/signals.ts';
import { agreedDifference } from './differences.ts';
import { clueEvents, failedRowEvents } from './events.ts';
import { bestShift } from './shape.ts';
import type { StreamClock } from './timeline.ts';
import { inYear, nearestYear } from './year.ts';
import { fixedZone, type SeenOffset, seenZone, type Zone } from './zones.ts';

const QUARTER_HOUR_MS = 900_000;
/** Clocks are wrong by at most five minutes; whole-second stamps add one or two. */
const MOST_SKEW_MS = 302_000;
const MIN_REQUESTS = 5;

/** Logs whose written zone is not the machine's: cloudflared writes UTC, PHP the zone of date.timezone. */
const ZONE_NOT_OF_MACHINE = new Set(['cloudflared', 'php-error', 'app']);

/** The zone of a stream's stamps, and how it is known. */
export interface ZoneFinding {
  readonly zone: Zone;
  readonly method: StreamClock['method'];
  readonly uncertaintySeconds: number;
  readonly alternatives: StreamClock['alternatives'];
}

/** What a stream's zone is told from. */
export interface ZoneContext {
  readonly streams: readonly StreamDigest[];
  readonly domains: ReadonlyMap<StreamDigest, string>;
  /** Request logs that write their zone. */
  readonly zoned: readonly StreamDigest[];
  /** What the user said. */
  readonly userZone: Zone | null;
  readonly yearOf: (wallMs: number) => number;
}

/** UTC, where nothing tells the zone. */
export const assumedZone = (): ZoneFinding => ({
  zone: fixedZone(0),
  method: 'assumed',
  uncertaintySeconds: 14 * 3600,
  alternatives: [],
});

/**
 * Finds the zone of a stream: from the user, its own stamps, another log of the same machine, the same requests in a log that
 * has a zone, the shape of the failures; else UTC is assumed.
 */
export function findZone(stream: StreamDigest, context: ZoneContext): ZoneFinding {
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
  return Math.abs(rest) <= MOST_SKEW_MS;
}

const wallOf =
  (yearOf: (ms: number) => number) =>
  (kind: StampKind, ms: number): number =>
    kind === 'yearless' ? inYear(ms, yearOf(ms)) : ms;

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
  const right = zoned.flatMap(({ kept }) =>
    kept.failed.rows.flatMap(({ record }) =>
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
  const quarters = Math.round(differenceMs / QUARTER_HOUR_MS);
  const offsetMinutes = quarters === 0 ? 0 : quarters * 15;
  return {
    zone: fixedZone(offsetMinutes),
    method,
    uncertaintySeconds,
    alternatives: [
      { zoneOffsetMinutes: offsetMinutes, skewSeconds: Math.round(differenceMs / 1000) - offsetMinutes * 60, support },
    ],
  };
}
