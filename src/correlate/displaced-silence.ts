import type { FoundBurst } from '../bursts/burst.ts';
import { isTouched } from '../clock/coverage.ts';
import type { TimedStream } from '../clock/timeline.ts';
import type { Hop } from '../vocabulary/hops.ts';
import {
  type Displacement,
  ENDS,
  isClockError,
  isZoneKnown,
  LEAST_ERROR_MS,
  type OneClock,
  SLACK_MS,
} from './displacement.ts';
import { type Outage, outagesOf } from './outages.ts';
import { isServedIn } from './served.ts';
import { longestSilence } from './silence.ts';
import type { TimeSpan } from './times.ts';

/** Two stamps of one moment, both whole seconds, of what took a moment. */
const STAMPS_MS = 2000;
/** Connections open before a silence and requests that are under way when it begins make it this much longer than its cause. */
const LONGER = 0.25;

/**
 * The one silence of the web server's request log and the burst in which the tunnel met a closed door for as long. Where both
 * ends agree to some seconds the tunnel's log is read on the web server's clock, which other logs of its machine share; else the
 * request log is set adrift.
 */
export function silenceElsewhere(
  log: OneClock,
  placed: readonly TimedStream[],
  found: readonly FoundBurst[],
): Displacement | null {
  if (placed.some(({ stream }) => stream.hop === 'edge')) return null;
  if (!found.some(isOfTunnel)) return null;
  for (const requests of placed) {
    if (requests.stream.hop !== 'proxy' || requests.stream.requestCount === 0) continue;
    const silence = longestSilence(requests);
    const burst = silence && burstOfSilence(silence, requests, found);
    if (!burst) continue;
    const ms = Math.round((silence.fromMs + silence.toMs - burst.startMs - burst.endMs) / 2000) * 1000;
    const isTunnels = burst.witness.streams.every((stream) => log.streams.includes(stream));
    const isRequests = log.streams.includes(requests);
    if (isTunnels === isRequests || (isRequests && isOneOfSeveral(log))) continue;
    if (silence.toMs - silence.fromMs - (burst.endMs - burst.startMs) <= 2 * SLACK_MS) {
      if (isTunnels && (isClockError(-ms, log) || Math.abs(ms) <= LEAST_ERROR_MS))
        return { ms: -ms, by: 'silence', support: ENDS, told: { by: 'silence', toMs: SLACK_MS } };
      continue;
    }
    if (!isRequests) continue;
    if (isClockError(ms, log)) return { ms, by: 'silence', support: ENDS };
    // A few seconds are told of: they may be what the requests under way took.
    if (Math.abs(ms) <= LEAST_ERROR_MS) return { ms, by: null, support: ENDS };
  }
  return null;
}

/** The hops at which nothing gets through to the web server's request log. */
const BEFORE_REQUESTS: ReadonlySet<Hop> = new Set(['host', 'tunnel', 'proxy']);

/**
 * The one outage that a log tells of and the one silence of the web server's request logs that lasts as long, while by the log's
 * own clock the outage cannot have been when it says. Null where a log from outside shows what visitors met.
 */
export function outageInSilence(log: OneClock, placed: readonly TimedStream[]): Displacement | null {
  if (placed.some(({ stream }) => stream.hop === 'edge' || stream.hop === 'client')) return null;
  const told = outagesOf(log.streams).filter(({ hop }) => BEFORE_REQUESTS.has(hop));
  const [outage, another] = told.filter(({ hop, service }) => hop === told[0]?.hop && service === told[0].service);
  const requests = placed.filter(
    (timed) => timed.stream.hop === 'proxy' && timed.stream.requestCount > 0 && !log.streams.includes(timed),
  );
  if (!outage || another || !cannotBeThere(outage, log, requests)) return null;
  const [found, second] = requests.flatMap((timed) => {
    const silence = longestSilence(timed);
    return silence && isAsLong(silence, outage) && requests.every((other) => isSilent(other, silence)) ? [silence] : [];
  });
  if (!found || second) return null;
  // Visitors come seconds apart: the silence reaches beyond both ends.
  const ms = Math.round((outage.fromMs + outage.toMs - outage.knownLateMs - found.fromMs - found.toMs) / 2000) * 1000;
  return isClockError(ms, log) ? { ms, by: 'silence', support: ENDS, told: { by: 'silence', toMs: SLACK_MS } } : null;
}

/** Whether visitors were served in an outage, or nobody logged requests at the time that an unknown zone gives it. */
function cannotBeThere(outage: Outage, log: OneClock, requests: readonly TimedStream[]): boolean {
  if (requests.some(({ coverage }) => isTouched(coverage, outage.fromMs, outage.toMs)))
    return isServedIn(outage, requests);
  return !isZoneKnown(log);
}

const isSilent = ({ cells }: TimedStream, { fromMs, toMs }: TimeSpan): boolean =>
  cells.between(fromMs + 1000, toMs - 1000).length === 0;

function isAsLong({ fromMs, toMs }: TimeSpan, outage: Outage): boolean {
  const longerMs = toMs - fromMs - (outage.toMs - outage.fromMs);
  return longerMs >= -outage.knownLateMs - STAMPS_MS && longerMs <= 2 * SLACK_MS;
}

const isOneOfSeveral = ({ streams }: OneClock): boolean =>
  streams.filter(({ stream }) => stream.hop === 'proxy' && stream.requestCount > 0).length > 1;

const isOfTunnel = ({ witness }: FoundBurst): boolean => witness.hop === 'tunnel';

/** The one burst of the tunnel's own telling that lasts as long as a silence; null where it lies in it, or several do. */
function burstOfSilence(
  { fromMs, toMs }: TimeSpan,
  requests: TimedStream,
  found: readonly FoundBurst[],
): FoundBurst | null {
  const silentMs = toMs - fromMs;
  const [burst, second] = found
    .filter(isOfTunnel)
    .filter(
      ({ witness, startMs, endMs }) =>
        !witness.streams.includes(requests) &&
        endMs - startMs >= silentMs * (1 - LONGER) - SLACK_MS &&
        endMs - startMs <= silentMs + SLACK_MS,
    );
  if (!burst || second) return null;
  return burst.startMs >= fromMs - STAMPS_MS && burst.endMs <= toMs + STAMPS_MS ? null : burst;
}
