import type { SkewCourse } from './course.ts';
import { agreedDifference, type ClockEvent } from './differences.ts';
import { failedEvents, lineEvents, type ReadStream, rayEvents, requestEvents } from './events.ts';
import type { Prior } from './priors.ts';
import { type Tie, tie, tieInCourse } from './ties.ts';
import type { StreamClock } from './timeline.ts';
import { type SeenOffset, seenZone, UTC, type Zone } from './zones.ts';

const QUARTER_HOUR_MS = 900_000;
/**
 * Requests tell the difference of two clocks whatever it is; as zone and skew the nearest quarter of an hour is taken. What
 * lies half-way is a clock that is minutes wrong, and its lines must not become a second burst.
 */
export const MOST_SKEW_MS = QUARTER_HOUR_MS / 2;
/** A written zone's clock may be off by this much and the requests still tell. */
const MOST_WRITTEN_SKEW_MS = 900_000;
/** Skews of two logs of one machine that come this near are one: stamps are whole seconds. */
const SAME_SKEW_MS = 1500;
/** A line and the request that it speaks of lie this near to each other. */
const MEETS_MS = 3000;
/** A zone that explains this part of what the best one does is as good, where it was expected. */
const CONFIRMED = 0.8;
/** Where a stream's times lie on the edge's clock, and how that is known. */
export interface Placement {
  readonly zone: Zone;
  readonly skewMs: number;
  readonly method: StreamClock['method'];
  readonly uncertaintySeconds: number;
  readonly alternatives: StreamClock['alternatives'];
  /** Whether other clocks confirmed the skew; else it is the machine's, or none is known. */
  readonly isTied: boolean;
  /** How the skew went, where it did not stay the same. */
  readonly course?: SkewCourse;
}

/** How a stream is read with a zone; its skew not yet taken off. */
export type ReadAs = (zone: Zone) => ReadStream;

/** Skew of a stream whose zone is written. */
export function skewOf(stream: ReadStream, references: readonly ReadStream[]): Tie | null {
  const found = tieInCourse(stream, references, (ms) => Math.abs(ms) <= MOST_WRITTEN_SKEW_MS);
  return found?.isClear ? found : null;
}

/** Whether a difference can be a zone's offset (−12 h to +14 h) and some minutes of skew. */
export const zoneLike = (differenceMs: number): boolean =>
  differenceMs >= -12.1 * 3_600_000 && differenceMs <= 14.1 * 3_600_000;

/** Whether one file of a log may differ by this from what the log was read with: it was written in another zone. */
const otherZone = (differenceMs: number): boolean => Math.abs(differenceMs) <= 26.2 * 3_600_000;

/** The zone offset nearest to a difference. */
export const nearestZoneMs = (differenceMs: number): number =>
  Math.round(differenceMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;

/** Places a log without zone by requests that logs with one hold too: the expected zones are tried first, then all. */
export function placeByRequests(
  readAs: ReadAs,
  priors: readonly Prior[],
  references: readonly ReadStream[],
  machineSkewsMs: readonly number[],
): Placement | null {
  if (references.length === 0) return null;
  const asUtc = readAs(UTC);
  const free = tie(asUtc, references, zoneLike);
  const { zoneMs, skewMs } = split(free?.differenceMs ?? 0, machineSkewsMs);
  const seen = free ? seenOffsets(asUtc, references, zoneMs, skewMs) : [];
  // With both offsets of a clock that was changed; one alone explains a part.
  const explained = free ? free.support * (seen.reduce((sum, { count }) => sum + count, 0) / (seen[0]?.count || 1)) : 0;
  // A rival that is the same clock before or after a change of summer time is none.
  const isFreeClear = free?.isClear === true || seen.length > 1;
  for (const { zone, method } of priors) {
    const near = tieInCourse(readAs(zone), references, (ms) => Math.abs(ms) <= MOST_SKEW_MS, otherZone);
    if (!near?.isClear || (isFreeClear && near.support < CONFIRMED * explained)) continue;
    return placed(zone, method, sameSkew(near.differenceMs, machineSkewsMs), near);
  }
  if (!free) return null;
  const zone = seenZone(seen);
  // A change of summer time is told by the zone.
  const inCourse =
    seen.length > 1 ? free : tieInCourse(readAs(zone), references, (ms) => Math.abs(ms) <= MOST_SKEW_MS, otherZone);
  if (!isFreeClear && !inCourse?.course) return null;
  return placed(zone, free.method, skewMs, inCourse?.course ? { ...free, ...inCourse } : free);
}

/** A difference as a zone and a skew: one that the machine is known to have where that is possible. */
export function split(differenceMs: number, machineSkewsMs: readonly number[]): { zoneMs: number; skewMs: number } {
  for (const known of machineSkewsMs) {
    const zoneMs = nearestZoneMs(differenceMs - known);
    if (Math.abs(differenceMs - zoneMs - known) <= SAME_SKEW_MS) return { zoneMs, skewMs: known };
  }
  const zoneMs = nearestZoneMs(differenceMs);
  return { zoneMs, skewMs: differenceMs - zoneMs };
}

export function placed(zone: Zone, method: Placement['method'], skewMs: number, by: Tie): Placement {
  const { rival, uncertaintySeconds } = by;
  return {
    zone,
    skewMs: wholeSeconds(skewMs),
    method,
    uncertaintySeconds,
    isTied: true,
    alternatives: rival === null ? [] : [alternative(rival.differenceMs, rival.support)],
    ...(by.course && { course: by.course }),
  };
}

/** A rival difference as the result lists it. */
export function alternative(differenceMs: number, support: number): StreamClock['alternatives'][number] {
  const zoneMs = nearestZoneMs(differenceMs);
  return {
    zoneOffsetMinutes: zoneMs === 0 ? 0 : zoneMs / 60_000,
    skewSeconds: wholeSeconds(differenceMs - zoneMs) / 1000,
    support,
  };
}

/** The skew of the machine that a skew comes near to, else itself. */
export function sameSkew(ms: number, machineSkewsMs: readonly number[]): number {
  return machineSkewsMs.find((known) => Math.abs(ms - known) <= SAME_SKEW_MS) ?? ms;
}

/** Stamps are whole seconds, so that differences scatter by half a second: a skew below that is none. */
export function wholeSeconds(ms: number): number {
  const seconds = Math.round(ms / 1000);
  return seconds === 0 ? 0 : seconds * 1000;
}

/** Steps of summer time: an hour, half an hour on Lord Howe Island. */
const STEPS_MINUTES = [60, -60, 30, -30] as const;
const MIN_AFTER_CHANGE = 5;

/**
 * The offset that requests agree on, or two where those it leaves over agree on one a step of summer time beside it, one
 * after the other: the clock was changed while the log was written.
 */
function seenOffsets(
  stream: ReadStream,
  references: readonly ReadStream[],
  zoneMs: number,
  skewMs: number,
): SeenOffset[] {
  const left = [...rayEvents(stream), ...requestEvents(stream), ...lineEvents(stream)];
  const right = references.flatMap((one) => [...rayEvents(one), ...requestEvents(one), ...failedEvents(one)]);
  const at = new Map<string, number[]>();
  for (const { key, ms } of right) {
    const times = at.get(key);
    if (times) times.push(ms);
    else at.set(key, [ms]);
  }
  const meets = ({ key, ms }: ClockEvent, offsetMs: number): boolean =>
    (at.get(key) ?? []).some((other) => Math.abs(ms - offsetMs - skewMs - other) <= MEETS_MS);
  const main = left.filter((event) => meets(event, zoneMs));
  const rest = left.filter((event) => !meets(event, zoneMs));
  const one = spanAt(main, zoneMs, skewMs);
  for (const step of STEPS_MINUTES) {
    const otherMs = zoneMs + step * 60_000;
    const agreed = agreedDifference(rest, right, (ms) => Math.abs(ms - otherMs - skewMs) <= MEETS_MS);
    if (!agreed || agreed.support < MIN_AFTER_CHANGE) continue;
    const other = spanAt(
      rest.filter((event) => meets(event, otherMs)),
      otherMs,
      skewMs,
    );
    // Mixed they would be two clocks, or chance.
    if (one.lastMs <= other.firstMs || other.lastMs <= one.firstMs) return [one, other];
  }
  return [one];
}

function spanAt(events: readonly ClockEvent[], offsetMs: number, skewMs: number): SeenOffset {
  const times = events.map(({ ms }) => ms - offsetMs - skewMs);
  return {
    offsetMinutes: offsetMs === 0 ? 0 : offsetMs / 60_000,
    firstMs: times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    lastMs: times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    count: events.length,
  };
}
