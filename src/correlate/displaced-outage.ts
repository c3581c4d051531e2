import type { FoundBurst } from '../bursts/burst.ts';
import { isCovered } from '../clock/coverage.ts';
import type { TimedStream } from '../clock/timeline.ts';
import type { Hop } from '../vocabulary/hops.ts';
import { type Displacement, ENDS, isClockError, isZoneKnown, type OneClock, SLACK_MS } from './displacement.ts';
import { isMissedThroughout } from './missed.ts';
import { type Outage, outagesOf } from './outages.ts';
import { isServedIn } from './served.ts';

/** A service that comes and goes more often tells of other troubles. */
const MOST_OUTAGES = 20;

/** The logs that see from outside that a service is away, by where its own lines stand. */
const OUTSIDE: Readonly<Partial<Record<Hop, readonly Hop[]>>> = {
  host: ['edge'],
  tunnel: ['edge'],
  proxy: ['edge', 'tunnel'],
  app: ['edge', 'tunnel', 'proxy'],
};

/**
 * Where a log's outages lie upon the bursts that last as long: its only one, or all of several. Null where there is none, or
 * another burst lasts as long. Packets are dropped from the first request on that is lost with them; a stopped service is met
 * by those that come.
 */
export function outageElsewhere(
  log: OneClock,
  placed: readonly TimedStream[],
  found: readonly FoundBurst[],
): Displacement | null {
  const told = outagesOf(log.streams);
  // A machine that goes takes all of them with it: the outermost is the one that visitors meet.
  const outermost = told.filter(({ madeBy }) => madeBy === told[0]?.madeBy);
  const [outage, another] = outermost;
  if (!outage) return null;
  const others = placed.filter((timed) => !log.streams.includes(timed));
  const seen = found.filter(
    ({ witness }) =>
      OUTSIDE[outage.hop]?.includes(witness.hop) && !witness.streams.some((stream) => log.streams.includes(stream)),
  );
  return another ? severalElsewhere(outermost, log, seen, placed) : oneElsewhere(outage, log, seen, placed, others);
}

function oneElsewhere(
  outage: Outage,
  log: OneClock,
  seen: readonly FoundBurst[],
  placed: readonly TimedStream[],
  others: readonly TimedStream[],
): Displacement | null {
  const couldBe = (one: FoundBurst): boolean => isUnanswered(one, outage, placed);
  const [burst, second] = seen.filter(
    (one) =>
      couldBe(one) && isAsLong(one, outage) && !isWithin(one, outage) && isClockError(outage.toMs - one.endMs, log),
  );
  if (!burst || second) return null;
  const met = seen.filter((one) => one !== burst && couldBe(one) && overlapMs(one, outage) > -SLACK_MS);
  if (met.some((one) => isWithin(one, outage))) return null;
  const endsMs = [outage.fromMs - beginOf(burst, outage), outage.toMs - burst.endMs] as const;
  // Those who ask for the service are told all the time that nobody is there, while by this clock it is: it cannot be right.
  const isMissed = isMissedThroughout(outage.service, burst, others, SLACK_MS);
  // Where most of both is at one time, or another burst is met, it may be right all the same.
  const isMostlyMet = overlapMs(burst, outage) >= (burst.endMs - burst.startMs) / 2;
  const isExact = Math.abs(endsMs[0] - endsMs[1]) <= 2 * SLACK_MS;
  // Dropped packets leave nobody to tell of it but the edge, whose burst it is.
  const isTheBursts = isExact && (isMissed || outage.hop === 'host');
  if (met.length > 0 || (isMostlyMet && !(isTheBursts && isServedIn(outage, placed, burst))))
    return { ms: endsMs[1], by: null, support: ENDS };
  // Between both ends lies what neither contradicts.
  const ms = Math.round((endsMs[0] + endsMs[1]) / 2000) * 1000;
  const isOnly =
    isMissed ||
    isZoneKnown(log) ||
    outage.hop === 'host' ||
    requestLogs(burst, outage, placed).length > 0 ||
    outagesOf(others).some(
      ({ fromMs, toMs }) =>
        Math.abs(outage.fromMs - ms - fromMs) <= SLACK_MS && Math.abs(outage.toMs - ms - toMs) <= SLACK_MS,
    );
  // A log that has seen the burst's time and says nothing of it may tell of another outage, which nobody met; but not where
  // that very service was missed.
  const isSilentThere =
    !isMissed && log.streams.some(({ coverage }) => isCovered(coverage, burst.startMs, burst.endMs));
  return isOnly && (!isSilentThere || isServedIn(outage, placed, burst))
    ? { ms, by: 'outage', support: ENDS, told: { by: 'outage', toMs: SLACK_MS } }
    : { ms: endsMs[1], by: 'outage', support: ENDS };
}

/**
 * Several outages lie upon bursts with both their ends and all that is between them: at one difference only, and not as the
 * log stands. Chance does not repeat a gap to the second.
 */
function severalElsewhere(
  outages: readonly Outage[],
  log: OneClock,
  seen: readonly FoundBurst[],
  placed: readonly TimedStream[],
): Displacement | null {
  if (outages.length > MOST_OUTAGES) return null;
  const couldBe = seen.filter((one) => outages.every((outage) => isUnanswered(one, outage, placed)));
  const [first] = outages;
  if (!first || couldBe.length < outages.length) return null;
  const metBy = (ms: number): number =>
    outages.filter((outage) =>
      couldBe.some(
        (burst) =>
          Math.abs(outage.fromMs - ms - beginOf(burst, outage)) <= SLACK_MS &&
          Math.abs(outage.toMs - ms - burst.endMs) <= SLACK_MS,
      ),
    ).length;
  if (metBy(0) === outages.length) return null;
  const [only, another] = couldBe
    .map((burst) => Math.round((first.fromMs - beginOf(burst, first) + first.toMs - burst.endMs) / 2000) * 1000)
    .filter((ms) => isClockError(ms, log) && metBy(ms) === outages.length);
  if (only === undefined) return null;
  return {
    ms: only,
    by: 'outage',
    support: outages.length * ENDS,
    ...(another === undefined && { told: { by: 'outages', toMs: SLACK_MS } }),
  };
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
  return own.every((log) => log.cells.between(burst.startMs + 1000, burst.endMs - 1000).length === 0);
}

/** The request logs of the service that was away, as far as they cover a burst. */
function requestLogs({ startMs, endMs }: FoundBurst, { hop }: Outage, placed: readonly TimedStream[]): TimedStream[] {
  return placed.filter(
    ({ stream, coverage }) =>
      stream.hop === hop && stream.requestCount > 0 && isCovered(coverage, startMs, endMs, SLACK_MS),
  );
}
