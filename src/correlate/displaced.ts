import type { FoundBurst } from '../bursts/burst.ts';
import type { ByClock } from '../clock/adrift.ts';
import { isCovered } from '../clock/coverage.ts';
import { alternative, nearestZoneMs } from '../clock/placement.ts';
import { MOST_SKEW_S } from '../clock/shape.ts';
import { cellsBetween, type StreamClock, type TimedStream } from '../clock/timeline.ts';
import { isWritten } from '../clock/written.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { type Outage, serviceOutages } from './outages.ts';
import { LEAD_IN_MS } from './scene.ts';
import { excerptScene } from './scenes.ts';
import { longestSilence } from './silence.ts';
import type { TimeSpan } from './times.ts';

/** Stamps are whole seconds, and visitors come seconds apart: begins and ends of one outage agree within this. */
const SLACK_MS = 3000;
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
}

/**
 * Sets adrift the logs whose own tale contradicts their clock. Nothing in such a log ties its clock to the others', and what
 * it tells of does not meet the failures that the others show, but would where a wrong clock or zone would put it: its one
 * outage lasts as long as a burst elsewhere that the service cannot have answered; its one silence lasts as long as the
 * tunnel found nobody to speak to, while it went on; all of its trouble lies beside the bursts. It is then likelier that its
 * clock is wrong than that all of this is chance, and no verdict leans on it.
 */
export function partDisplaced({ placed, adrift }: ByClock, found: readonly FoundBurst[]): ByClock {
  const clocks = new Map<TimedStream, StreamClock>();
  for (const log of untied(placed)) {
    const displaced =
      outageElsewhere(log, placed, found) ??
      silenceElsewhere(log, placed, found) ??
      troubleElsewhere(log, found) ??
      beginsElsewhere(log, found);
    if (displaced !== null) for (const timed of log.streams) clocks.set(timed, displacedClock(timed.clock, displaced));
  }
  if (clocks.size === 0) return { placed, adrift };
  const doubted = placed.map((timed): TimedStream => {
    const clock = clocks.get(timed);
    return clock === undefined ? timed : { ...timed, clock };
  });
  return {
    placed: doubted.filter(({ clock }) => clock.adrift === undefined),
    adrift: [...adrift, ...doubted.filter(({ clock }) => clock.adrift !== undefined)],
  };
}

function displacedClock(clock: StreamClock, { ms, by, support }: Displacement): StreamClock {
  const { zoneOffsetMinutes, skewSeconds } = alternative(ms, support);
  const place = {
    zoneOffsetMinutes: clock.zoneOffsetMinutes + zoneOffsetMinutes,
    skewSeconds: clock.skewSeconds + skewSeconds,
    support,
  };
  return {
    ...clock,
    alternatives: [place, ...clock.alternatives],
    uncertaintySeconds: Math.max(clock.uncertaintySeconds, Math.round(Math.abs(ms) / 1000)),
    ...(by !== null && { adrift: by }),
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

/** The log's one outage and the burst that lasts as long, which must be the edge's; null where there is none, or several. */
function outageElsewhere(
  log: OneClock,
  placed: readonly TimedStream[],
  found: readonly FoundBurst[],
): Displacement | null {
  if (!found.some(({ witness }) => witness.hop === 'edge')) return null;
  const [outage, another] = serviceOutages(excerptScene(log.streams));
  if (!outage || another) return null;
  const couldBe = (one: FoundBurst): boolean => one.witness.hop === 'edge' && isUnanswered(one, outage, placed);
  const [burst, second] = found.filter(
    (one) =>
      couldBe(one) &&
      isAsLong(one, outage) &&
      overlapMs(one, outage) < (one.endMs - one.startMs) / 2 &&
      isClockError(outage.toMs - one.endMs, log),
  );
  const isAnothers = found.some((one) => one !== burst && couldBe(one) && overlapMs(one, outage) > -SLACK_MS);
  return !burst || second || isAnothers ? null : { ms: outage.toMs - burst.endMs, by: 'outage', support: ENDS };
}

/** How long a burst and an outage go on together; negative where they lie apart. */
function overlapMs({ startMs, endMs }: FoundBurst, { fromMs, toMs }: Pick<Outage, 'fromMs' | 'toMs'>): number {
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
  const isWithin = burst.startMs >= silence.fromMs - SLACK_MS && burst.endMs <= silence.toMs + SLACK_MS;
  const ms = Math.round((silence.fromMs + silence.toMs - burst.startMs - burst.endMs) / 2);
  return isWithin || !isClockError(ms, log) ? null : { ms, by: 'silence', support: ENDS };
}

/**
 * Lines about processes that lie around bursts where the clock is off by as much as one can be, while few do as it stands. An
 * outage with both its ends is no such trouble: it has been compared with the bursts as a whole.
 */
function troubleElsewhere(log: OneClock, found: readonly FoundBurst[]): Displacement | null {
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
    if (best) return { ms: best.by, by: 'trouble', support: best.lines };
  }
  return null;
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
  const seconds = new Set<number>();
  for (const { clues } of streams) {
    for (const [signal, series] of clues)
      if (SIGNALS[signal].role === 'process' && !LASTING.has(signal))
        for (const [second] of series.seconds) seconds.add(second);
  }
  const sorted = [...seconds].filter((second) => !Number.isNaN(second)).sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(sorted.length / MOST_SECONDS));
  return sorted.filter((_, i) => i % step === 0).map((second) => second * 1000);
}

/** Whether a clock can be off by this: seconds that stamps do not explain, minutes, and another zone where none is written. */
function isClockError(ms: number, { streams, clock }: OneClock): boolean {
  if (Math.abs(ms) <= 2 * SLACK_MS) return false;
  const isZoneKnown = streams.some(({ stream }) => isWritten(stream)) || clock.method === 'option';
  const byMs = isZoneKnown ? 0 : nearestZoneMs(ms);
  const zoneMs = clock.zoneOffsetMinutes * 60_000 + byMs;
  // Minutes beyond what is known of its machine's error, or, where it is another machine's, in all.
  const least = Math.min(Math.abs(ms - byMs), Math.abs(ms - byMs + clock.skewSeconds * 1000));
  return zoneMs >= ZONES_MS.least && zoneMs <= ZONES_MS.most && least <= MOST_SKEW_S * 1000;
}
