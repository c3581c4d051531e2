import type { FoundBurst } from '../bursts/burst.ts';
import type { ByClock } from '../clock/adrift.ts';
import { isCovered } from '../clock/coverage.ts';
import { alternative, nearestZoneMs } from '../clock/placement.ts';
import { sameRhythm } from '../clock/rhythm.ts';
import { MOST_SKEW_S } from '../clock/shape.ts';
import { cellsBetween, type StreamClock, setBack, type TimedStream } from '../clock/timeline.ts';
import { isWritten } from '../clock/written.ts';
import { offsetName } from '../clock/zones.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { backendOutages, droppedPackets, type Outage, serviceOutages } from './outages.ts';
import { LEAD_IN_MS } from './scene.ts';
import { excerptScene } from './scenes.ts';
import { longestSilence } from './silence.ts';
import type { TimeSpan } from './times.ts';

/** Stamps are whole seconds, and visitors come seconds apart: begins and ends of one outage agree within this. */
const SLACK_MS = 3000;
/** Two stamps of one moment, both whole seconds, of what took a moment. */
const STAMPS_MS = 2000;
/** What is less is explained by stamps and by visitors that come seconds apart. */
const LEAST_ERROR_MS = 2 * SLACK_MS;
/** So many answers, and no larger part of failures among all, say that a service was there. */
const FEWEST_SERVED = 5;
const FAILED_SHARE = 0.2;
/** Both ends of the outage agree. */
const ENDS = 2;
/** Zones lie between −12 h and +14 h. */
const ZONES_MS = { least: -12 * 3_600_000, most: 14 * 3_600_000 };
/**
 * A wrong clock explains a log's trouble where it puts so much of it (`there`) upon bursts or the time that leads to them,
 * while as it stands no more than `here` lies there. Many lines or several bursts make the beginnings telling, too.
 */
const MEASURES = [
  { leadMs: LEAD_IN_MS, here: 0.34, there: 0.8, isTelling: () => true },
  { leadMs: SLACK_MS, here: 0.7, there: 0.95, isTelling: (lines: number, bursts: number) => lines >= 8 || bursts > 1 },
] as const;
/** Seconds of trouble and bursts, the largest, that are looked at. */
const MOST_SECONDS = 100;
const MOST_BURSTS = 20;
/** What stays in force for as long as it was set for, and hits some of the visitors. */
const LASTING: ReadonlySet<SignalId> = new Set(['host.ban']);
/** A log with so few seconds of trouble cannot be told by their shape. */
const FEW_SECONDS = 7;
/** Connections open before a silence and requests that are under way when it begins make it this much longer than its cause. */
const LONGER = 0.25;

/** Logs that were written by one clock: those that share a file. */
interface OneClock {
  readonly streams: readonly TimedStream[];
  readonly clock: StreamClock;
}

/** How far a log's clock is likely ahead of the others beyond what is known of it, and what says so. */
interface Displacement {
  readonly ms: number;
  /** Null where it is only possible: that is said, and the log stays where it is. */
  readonly by: NonNullable<StreamClock['adrift']> | null;
  /** How much agrees there. */
  readonly support: number;
  /** Where only this place is left to it: what tells it, and how exactly. */
  readonly told?: { readonly by: NonNullable<StreamClock['moved']>; readonly toMs: number };
}

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
      troubleElsewhere(log, placed, found) ??
      beginsElsewhere(log, found);
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
      uncertaintySeconds: Math.max(clock.uncertaintySeconds, Math.round(Math.abs(ms) / 1000)),
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

/**
 * The log's one outage and the burst that lasts as long, which must be the edge's; null where there is none, or several. Packets
 * are dropped from the first request on that is lost with them; a stopped service is met by those that come.
 */
function outageElsewhere(
  log: OneClock,
  placed: readonly TimedStream[],
  found: readonly FoundBurst[],
): Displacement | null {
  if (!found.some(({ witness }) => witness.hop === 'edge')) return null;
  const told = outagesOf(log.streams);
  // A machine that goes takes all of them with it: the outermost is the one that visitors meet.
  const outermost = told.filter(({ madeBy }) => madeBy === told[0]?.madeBy);
  const [outage, another] = outermost;
  if (!outage || another) return null;
  const couldBe = (one: FoundBurst): boolean => one.witness.hop === 'edge' && isUnanswered(one, outage, placed);
  const [burst, second] = found.filter(
    (one) =>
      couldBe(one) && isAsLong(one, outage) && !isWithin(one, outage) && isClockError(outage.toMs - one.endMs, log),
  );
  if (!burst || second) return null;
  const others = found.filter((one) => one !== burst && couldBe(one) && overlapMs(one, outage) > -SLACK_MS);
  if (others.some((one) => isWithin(one, outage))) return null;
  const endsMs = [outage.fromMs - beginOf(burst, outage), outage.toMs - burst.endMs] as const;
  // Where most of both is at one time, or another burst is met, it may be right all the same.
  if (others.length > 0 || overlapMs(burst, outage) >= (burst.endMs - burst.startMs) / 2)
    return { ms: endsMs[1], by: null, support: ENDS };
  // Between both ends lies what neither contradicts.
  const ms = Math.round((endsMs[0] + endsMs[1]) / 2000) * 1000;
  const isOnly =
    isZoneKnown(log) ||
    outage.hop === 'host' ||
    requestLogs(burst, outage, placed).length > 0 ||
    outagesOf(placed.filter((timed) => !log.streams.includes(timed))).some(
      ({ fromMs, toMs }) =>
        Math.abs(outage.fromMs - ms - fromMs) <= SLACK_MS && Math.abs(outage.toMs - ms - toMs) <= SLACK_MS,
    );
  // A log that has seen the burst's time and says nothing of it may tell of another outage, which nobody met.
  const isSilentThere = log.streams.some(({ coverage }) => isCovered(coverage, burst.startMs, burst.endMs));
  return isOnly && (!isSilentThere || isServedIn(outage, burst, placed))
    ? { ms, by: 'outage', support: ENDS, told: { by: 'outage', toMs: SLACK_MS } }
    : { ms: endsMs[1], by: 'outage', support: ENDS };
}

/** Whether visitors were served in a time in which, by a log's clock, they cannot have been; the burst's own time says nothing. */
function isServedIn({ fromMs, toMs }: Outage, burst: FoundBurst, placed: readonly TimedStream[]): boolean {
  return placed.some((log) => {
    const { hop, requestCount } = log.stream;
    if (requestCount === 0 || (hop !== 'edge' && hop !== 'proxy')) return false;
    let [served, failed] = [0, 0];
    for (const { cell, atMs } of cellsBetween(log, fromMs + 1000, toMs - 1000)) {
      if (atMs >= burst.firstRequestMs - 1000 && atMs <= burst.endMs + 1000) continue;
      if (cell.status >= 500) failed += cell.count;
      else if (hop === 'proxy' || cell.reached) served += cell.count;
    }
    return served >= FEWEST_SERVED && failed <= FAILED_SHARE * (served + failed);
  });
}

/** The outages that some logs tell of, of whatever service. */
function outagesOf(streams: readonly TimedStream[]): Outage[] {
  const scene = excerptScene(streams);
  return [...serviceOutages(scene), ...droppedPackets(scene), ...backendOutages(scene)];
}

/** Whether a burst lies in an outage, as it does where their clocks agree. */
function isWithin(burst: FoundBurst, { fromMs, toMs, hop }: Outage): boolean {
  return beginOf(burst, { hop }) >= fromMs - SLACK_MS && burst.endMs <= toMs + SLACK_MS;
}

/** When a burst began, as the log of an outage sees it. */
function beginOf({ startMs, firstRequestMs }: FoundBurst, { hop }: Pick<Outage, 'hop'>): number {
  return hop === 'host' ? firstRequestMs : startMs;
}

/** How long a burst and an outage go on together; negative where they lie apart. */
function overlapMs({ startMs, endMs }: FoundBurst, { fromMs, toMs }: Pick<Outage, 'fromMs' | 'toMs'>): number {
  return Math.min(endMs, toMs) - Math.max(startMs, fromMs);
}

function isAsLong(burst: FoundBurst, { fromMs, toMs, knownLateMs, hop }: Outage): boolean {
  const lasted = burst.endMs - beginOf(burst, { hop });
  return lasted <= toMs - fromMs + SLACK_MS && lasted >= toMs - fromMs - knownLateMs - SLACK_MS;
}

/**
 * Whether the service can have been away in a burst: by its request log, which is then silent; without one by who made the
 * answers (the edge takes a tunnel's answers for the origin's).
 */
function isUnanswered(burst: FoundBurst, outage: Outage, placed: readonly TimedStream[]): boolean {
  const own = requestLogs(burst, outage, placed);
  if (own.length === 0) return outage.madeBy === 'origin' ? burst.madeBy === 'origin' : burst.madeBy !== 'origin';
  // Stamps are whole seconds: what was served before and after may bear the same ones.
  return own.every((log) => cellsBetween(log, burst.startMs + 1000, burst.endMs - 1000).length === 0);
}

/** The request logs of the service that was away, as far as they cover a burst. */
function requestLogs({ startMs, endMs }: FoundBurst, { hop }: Outage, placed: readonly TimedStream[]): TimedStream[] {
  return placed.filter(
    ({ stream, coverage }) =>
      stream.hop === hop && stream.requestCount > 0 && isCovered(coverage, startMs, endMs, SLACK_MS),
  );
}

/** The one silence of the web server's request log and the burst in which the tunnel met a closed door for as long. */
function silenceElsewhere(
  log: OneClock,
  placed: readonly TimedStream[],
  found: readonly FoundBurst[],
): Displacement | null {
  if (placed.some(({ stream }) => stream.hop === 'edge')) return null;
  const [requests, another] = log.streams.filter(({ stream }) => stream.hop === 'proxy' && stream.requestCount > 0);
  const silence = requests && !another ? longestSilence(requests) : null;
  if (!silence) return null;
  const silentMs = silence.toMs - silence.fromMs;
  const [burst, second] = found.filter(
    ({ witness, startMs, endMs }) =>
      witness.hop === 'tunnel' &&
      !witness.streams.some((stream) => log.streams.includes(stream)) &&
      endMs - startMs >= silentMs * (1 - LONGER) - SLACK_MS &&
      endMs - startMs <= silentMs + SLACK_MS,
  );
  if (!burst || second) return null;
  if (burst.startMs >= silence.fromMs - STAMPS_MS && burst.endMs <= silence.toMs + STAMPS_MS) return null;
  const ms = Math.round((silence.fromMs + silence.toMs - burst.startMs - burst.endMs) / 2);
  if (isClockError(ms, log)) return { ms, by: 'silence', support: ENDS };
  // A few seconds are told of: they may be what the requests under way took.
  return Math.abs(ms) <= LEAST_ERROR_MS ? { ms, by: null, support: ENDS } : null;
}

/**
 * Lines about processes that lie around bursts where the clock is off by as much as one can be, while few do as it stands. An
 * outage with both its ends is no such trouble: it has been compared with the bursts as a whole.
 */
function troubleElsewhere(
  log: OneClock,
  placed: readonly TimedStream[],
  found: readonly FoundBurst[],
): Displacement | null {
  const others = found
    .filter(({ witness }) => !witness.streams.some((stream) => log.streams.includes(stream)))
    .sort((a, b) => b.failed - a.failed)
    .slice(0, MOST_BURSTS);
  const times = others.length === 0 ? [] : troubledMs(log.streams);
  if (times.length === 0 || serviceOutages(excerptScene(log.streams)).length > 0) return null;
  for (const measure of MEASURES) {
    const met = (by: number) => metBy(times, by, spansOf(others, measure.leadMs));
    // What lies around failures of its own is no trouble elsewhere.
    if (metBy(times, 0, unansweredSpans(found, measure.leadMs)).lines > measure.here * times.length) continue;
    const moves = others.flatMap(({ firstRequestMs }) => times.map((ms) => ms - firstRequestMs));
    const [best] = moves
      .filter((by) => isClockError(by, log))
      .map((by) => ({ by, ...met(by) }))
      .filter(({ lines, bursts }) => lines >= measure.there * times.length && measure.isTelling(lines, bursts))
      .sort((a, b) => b.lines - a.lines || Math.abs(a.by) - Math.abs(b.by));
    if (!best) continue;
    const displacement = { ms: best.by, by: 'trouble', support: best.lines } as const;
    const told = rhythmNear(best.by, log, placed, others);
    return told === null ? displacement : { ...displacement, ...told };
  }
  return null;
}

/**
 * Where, near a place, a log's trouble rises and falls from second to second with what another log of the inside tells, which
 * is the same events; else with the failures, which may come later by what their requests waited. Null where chance may do it.
 */
function rhythmNear(
  aboutMs: number,
  log: OneClock,
  placed: readonly TimedStream[],
  bursts: readonly FoundBurst[],
): Required<Pick<Displacement, 'ms' | 'told'>> | null {
  const own = troubledSeconds(log.streams);
  const about = Math.round(aboutMs / 1000);
  const near = Array.from({ length: 2 * (LEAD_IN_MS / 1000) + 1 }, (_, i) => about - LEAD_IN_MS / 1000 + i);
  const placedAt = (differenceS: number, toMs: number) =>
    ({ ms: differenceS * 1000, told: { by: 'rhythm', toMs: Math.max(SLACK_MS, toMs) } }) as const;
  for (const other of placed) {
    if (log.streams.includes(other) || other.stream.hop === 'edge' || other.stream.hop === 'client') continue;
    const heard = sameRhythm(own, troubledSeconds([other]), near);
    if (heard !== null) return placedAt(heard.differenceS, 0);
  }
  const heard = sameRhythm(own, failedSeconds(bursts), near);
  const waitedMs = Math.max(...bursts.map(({ startMs, firstRequestMs }) => startMs - firstRequestMs));
  return heard === null ? null : placedAt(heard.differenceS, waitedMs);
}

/** Failed requests by second, in bursts. */
function failedSeconds(bursts: readonly FoundBurst[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { witness, startMs, endMs } of bursts)
    for (const [second, { failed }] of witness.seconds)
      if (second * 1000 >= startMs - 1000 && second * 1000 <= endMs)
        counts.set(
          second,
          [...failed.values()].reduce((sum, n) => sum + n, 0),
        );
  return counts;
}

/**
 * Few lines about processes that come well before or after a burst begins, and might have begun it. What came before may have
 * been its cause all the same.
 */
function beginsElsewhere(log: OneClock, found: readonly FoundBurst[]): Displacement | null {
  const times = troubledMs(log.streams);
  if (times.length === 0 || times.length > FEW_SECONDS) return null;
  if (found.some(({ witness }) => witness.streams.some((stream) => log.streams.includes(stream)))) return null;
  const [nearest] = found
    .flatMap(({ firstRequestMs, startMs, endMs }) =>
      times
        .filter((ms) => ms >= firstRequestMs - LEAD_IN_MS && ms <= endMs + SLACK_MS)
        .map((ms) => (ms > firstRequestMs && ms < startMs ? 0 : ms - (ms > startMs ? startMs : firstRequestMs))),
    )
    .sort((a, b) => Math.abs(a) - Math.abs(b));
  return nearest === undefined || !isClockError(nearest, log) ? null : { ms: nearest, by: null, support: 1 };
}

/** How many lines lie in some times, and in how many of these, where the log's clock is ahead by so much. */
function metBy(times: readonly number[], by: number, spans: readonly TimeSpan[]): { lines: number; bursts: number } {
  const isIn = (ms: number, { fromMs, toMs }: TimeSpan): boolean => ms - by >= fromMs && ms - by <= toMs;
  return {
    lines: times.filter((ms) => spans.some((span) => isIn(ms, span))).length,
    bursts: spans.filter((span) => times.some((ms) => isIn(ms, span))).length,
  };
}

function spansOf(bursts: readonly FoundBurst[], leadMs: number): TimeSpan[] {
  return bursts.map(({ firstRequestMs, endMs }) => ({ fromMs: firstRequestMs - leadMs, toMs: endMs + SLACK_MS }));
}

/** As `spansOf`, from the last good answer before: what happened when nobody came may last until somebody does. */
function unansweredSpans(bursts: readonly FoundBurst[], leadMs: number): TimeSpan[] {
  return spansOf(bursts, leadMs).map(({ fromMs, toMs }, i) => {
    const { witness, firstRequestMs = 0 } = bursts[i] ?? {};
    if (!witness?.knowsTotals) return { fromMs: Number.NEGATIVE_INFINITY, toMs };
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const [second, { fine }] of witness.seconds) {
      if (second * 1000 >= firstRequestMs - SLACK_MS) break;
      if (fine > 0) lastMs = second * 1000;
    }
    return { fromMs: Math.min(fromMs, lastMs), toMs };
  });
}

/** The seconds in which a log tells of processes in trouble, at most so many of them. */
function troubledMs(streams: readonly TimedStream[]): number[] {
  const sorted = [...troubledSeconds(streams).keys()].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(sorted.length / MOST_SECONDS));
  return sorted.filter((_, i) => i % step === 0).map((second) => second * 1000);
}

/** How much a log tells of processes in trouble in each second. */
function troubledSeconds(streams: readonly TimedStream[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { clues } of streams) {
    for (const [signal, { seconds }] of clues)
      if (SIGNALS[signal].role === 'process' && !LASTING.has(signal))
        for (const [second, count] of seconds)
          if (!Number.isNaN(second)) counts.set(second, (counts.get(second) ?? 0) + count);
  }
  return counts;
}

/** Whether a clock can be off by this: seconds that stamps do not explain, minutes, and another zone where none is written. */
function isClockError(ms: number, log: OneClock): boolean {
  if (Math.abs(ms) <= LEAST_ERROR_MS) return false;
  const { clock } = log;
  const byMs = isZoneKnown(log) ? 0 : nearestZoneMs(ms);
  const zoneMs = clock.zoneOffsetMinutes * 60_000 + byMs;
  // Minutes beyond what is known of its machine's error, or, where it is another machine's, in all.
  const least = Math.min(Math.abs(ms - byMs), Math.abs(ms - byMs + clock.skewSeconds * 1000));
  return zoneMs >= ZONES_MS.least && zoneMs <= ZONES_MS.most && least <= MOST_SKEW_S * 1000;
}

/** Whether a log's zone is written in it, or the user named it. */
function isZoneKnown({ streams, clock }: OneClock): boolean {
  return streams.some(({ stream }) => isWritten(stream)) || clock.method === 'option';
}
