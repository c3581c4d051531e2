import type { FoundBurst } from '../bursts/burst.ts';
import type { ByClock } from '../clock/adrift.ts';
import { isCovered } from '../clock/coverage.ts';
import { alternative, nearestZoneMs } from '../clock/placement.ts';
import { MOST_SKEW_S } from '../clock/shape.ts';
import { cellsBetween, type StreamClock, type TimedStream } from '../clock/timeline.ts';
import { isWritten } from '../clock/written.ts';
import { type Outage, serviceOutages } from './outages.ts';
import { excerptScene } from './scenes.ts';

/** Stamps are whole seconds, and visitors come seconds apart: begins and ends of one outage agree within this. */
const SLACK_MS = 3000;
/** Both ends of the outage agree. */
const ENDS = 2;
/** Zones lie between −12 h and +14 h. */
const ZONES_MS = { least: -12 * 3_600_000, most: 14 * 3_600_000 };

/**
 * Sets adrift the logs that tell of an outage at another time than the edge's log shows it. Nothing in such a log ties its
 * clock to the edge's; the one outage it tells of lasts as long as a burst of the edge's that the service cannot have
 * answered; it lies where a wrong clock or zone would put it, most of it outside that burst and none of it in another. It is
 * then likelier that its clock is wrong than that there were two outages of which each log saw another one.
 */
export function partDisplaced({ placed, adrift }: ByClock, found: readonly FoundBurst[]): ByClock {
  const places = new Map<number, Pick<StreamClock, 'alternatives' | 'uncertaintySeconds'>>();
  for (const timed of placed) {
    const differenceMs = displacement(timed, placed, found);
    if (differenceMs === null) continue;
    const { zoneOffsetMinutes, skewSeconds, support } = alternative(differenceMs, ENDS);
    const place = {
      zoneOffsetMinutes: timed.clock.zoneOffsetMinutes + zoneOffsetMinutes,
      skewSeconds: timed.clock.skewSeconds + skewSeconds,
      support,
    };
    const uncertaintySeconds = Math.max(timed.clock.uncertaintySeconds, Math.round(Math.abs(differenceMs) / 1000));
    for (const { source } of timed.stream.segments)
      places.set(source, { alternatives: [place, ...timed.clock.alternatives], uncertaintySeconds });
  }
  if (places.size === 0) return { placed, adrift };
  const placeOf = ({ stream }: TimedStream) =>
    stream.segments.map(({ source }) => places.get(source)).find((place) => place !== undefined);
  return {
    placed: placed.filter((timed) => placeOf(timed) === undefined),
    adrift: [
      ...adrift,
      ...placed.flatMap((timed): TimedStream[] => {
        const place = placeOf(timed);
        return place === undefined ? [] : [{ ...timed, clock: { ...timed.clock, ...place, adrift: 'outage' } }];
      }),
    ],
  };
}

/** How much later than the burst it stands for a log's one outage is written; null where there is no such burst, or several. */
function displacement(timed: TimedStream, placed: readonly TimedStream[], found: readonly FoundBurst[]): number | null {
  if (timed.clock.tied || timed.stream.hop === 'edge') return null;
  const [outage, another] = serviceOutages(excerptScene([timed]));
  if (!outage || another) return null;
  const [burst, second] = found.filter(
    (one) =>
      one.witness.hop === 'edge' &&
      isAsLong(one, outage) &&
      overlapMs(one, outage) < (one.endMs - one.startMs) / 2 &&
      isClockError(outage.toMs - one.endMs, timed) &&
      isUnanswered(one, outage, placed),
  );
  const isAnothers = found.some((one) => one !== burst && overlapMs(one, outage) > -SLACK_MS);
  return !burst || second || isAnothers ? null : outage.toMs - burst.endMs;
}

/** How long a burst and an outage go on together; negative where they lie apart. */
function overlapMs({ startMs, endMs }: FoundBurst, { fromMs, toMs }: Outage): number {
  return Math.min(endMs, toMs) - Math.max(startMs, fromMs);
}

function isAsLong({ startMs, endMs }: FoundBurst, { fromMs, toMs, knownLateMs }: Outage): boolean {
  const lasted = endMs - startMs;
  return lasted <= toMs - fromMs + SLACK_MS && lasted >= toMs - fromMs - knownLateMs - SLACK_MS;
}

/**
 * Whether the service can have been away in a burst: by its request log, which is then silent; without one by who made the
 * answers (the edge takes a tunnel's answers for the origin's).
 */
function isUnanswered(
  { madeBy, startMs, endMs }: FoundBurst,
  { hop }: Outage,
  placed: readonly TimedStream[],
): boolean {
  const own = placed.filter(
    ({ stream, coverage }) =>
      stream.hop === hop && stream.requestCount > 0 && isCovered(coverage, startMs, endMs, SLACK_MS),
  );
  if (own.length === 0) return madeBy !== 'origin';
  // Stamps are whole seconds: what was served before and after may bear the same ones.
  return own.every((log) => cellsBetween(log, startMs + 1000, endMs - 1000).length === 0);
}

/** Whether a clock can be off by this: seconds that stamps do not explain, minutes, and another zone where none is written. */
function isClockError(ms: number, timed: TimedStream): boolean {
  if (Math.abs(ms) <= 2 * SLACK_MS) return false;
  const { method, zoneOffsetMinutes } = timed.clock;
  const isZoneKnown = isWritten(timed.stream) || method === 'option';
  const byMs = isZoneKnown ? 0 : nearestZoneMs(ms);
  const zoneMs = zoneOffsetMinutes * 60_000 + byMs;
  return zoneMs >= ZONES_MS.least && zoneMs <= ZONES_MS.most && Math.abs(ms - byMs) <= MOST_SKEW_S * 1000;
}
