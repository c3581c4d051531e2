import type { FoundBurst } from '../bursts/burst.ts';
import type { ByClock } from '../clock/adrift.ts';
import { alternative } from '../clock/placement.ts';
import { MOST_SKEW_S } from '../clock/shape.ts';
import { setBack, type TimedStream } from '../clock/timeline.ts';
import { offsetName } from '../clock/zones.ts';
import { outageElsewhere } from './displaced-outage.ts';
import { outageInSilence, silenceElsewhere } from './displaced-silence.ts';
import { beginsElsewhere, troubleElsewhere, troubleMayLieElsewhere } from './displaced-trouble.ts';
import type { Displacement, OneClock } from './displacement.ts';

/**
 * Takes the logs from their place whose own tale contradicts their clock. Nothing in such a log ties its clock to the others',
 * and what it tells of does not meet the failures that the others show, but would where a wrong clock or zone would put it: its
 * one outage lasts as long as a burst elsewhere that the service cannot have answered; its one silence lasts as long as the
 * tunnel found nobody to speak to, while it went on; all of its trouble lies beside the bursts. It is then likelier that its
 * clock is wrong than that all of this is chance. Where chance is out of the question, too, the log is read at that place;
 * else it is set adrift, and no verdict leans on it.
 */
export function partDisplaced({ placed, adrift }: ByClock, found: readonly FoundBurst[]): ByClock {
  const displaced = new Map<TimedStream, TimedStream>();
  for (const log of untied(placed)) {
    const displacement =
      outageElsewhere(log, placed, found) ??
      silenceElsewhere(log, placed, found) ??
      outageInSilence(log, placed) ??
      troubleElsewhere(log, placed, found) ??
      beginsElsewhere(log, found) ??
      troubleMayLieElsewhere(log, found);
    if (displacement === null) continue;
    for (const timed of log.streams) displaced.set(timed, displacedStream(timed, displacement));
  }
  if (displaced.size === 0) return { placed, adrift };
  const doubted = placed.map((timed) => displaced.get(timed) ?? timed);
  return {
    placed: doubted.filter(({ clock }) => clock.adrift === undefined),
    adrift: [...adrift, ...doubted.filter(({ clock }) => clock.adrift !== undefined)],
  };
}

function displacedStream(timed: TimedStream, { ms, by, support, told }: Displacement): TimedStream {
  const { clock } = timed;
  const { zoneOffsetMinutes, skewSeconds } = alternative(ms, support);
  const place = {
    zoneOffsetMinutes: clock.zoneOffsetMinutes + zoneOffsetMinutes,
    skewSeconds: clock.skewSeconds + skewSeconds,
  };
  if (told !== undefined && clock.course === undefined) {
    const here = { zoneOffsetMinutes: clock.zoneOffsetMinutes, skewSeconds: clock.skewSeconds, support: 0 };
    return setBack(timed, ms, {
      ...clock,
      ...place,
      zone: zoneOffsetMinutes === 0 ? clock.zone : offsetName(place.zoneOffsetMinutes),
      method: 'shape',
      uncertaintySeconds: Math.ceil(told.toMs / 1000),
      alternatives: [here, ...clock.alternatives],
      moved: told.by,
    });
  }
  return {
    ...timed,
    clock: {
      ...clock,
      alternatives: [{ ...place, support }, ...clock.alternatives],
      // Another zone that is no more than possible makes the expected one no less likely.
      uncertaintySeconds: Math.max(
        clock.uncertaintySeconds,
        by === null && Math.abs(ms) > MOST_SKEW_S * 1000 ? 0 : Math.round(Math.abs(ms) / 1000),
      ),
      ...(by !== null && { adrift: by }),
    },
  };
}

/** The logs of which no line ties their clock to another's. */
function untied(placed: readonly TimedStream[]): OneClock[] {
  const logs: { streams: TimedStream[]; keys: Set<string> }[] = [];
  for (const timed of placed) {
    if (timed.stream.hop === 'edge' || timed.stream.hop === 'client') continue;
    // A file that several machines write to has the clocks of all of them.
    const keys = timed.stream.segments.map(({ source }) => `${source} ${timed.stream.server ?? ''}`);
    const shared = logs.filter((log) => keys.some((key) => log.keys.has(key)));
    const merged = {
      streams: [...shared.flatMap(({ streams }) => streams), timed],
      keys: new Set([...shared.flatMap((log) => [...log.keys]), ...keys]),
    };
    logs.splice(0, logs.length, ...logs.filter((log) => !shared.includes(log)), merged);
  }
  return logs.flatMap(({ streams }) => {
    const [first] = streams;
    return first === undefined || streams.some(({ clock }) => clock.tied) ? [] : [{ streams, clock: first.clock }];
  });
}
