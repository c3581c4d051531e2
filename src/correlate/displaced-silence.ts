import type { FoundBurst } from '../bursts/burst.ts';
import type { TimedStream } from '../clock/timeline.ts';
import { type Displacement, ENDS, isClockError, LEAST_ERROR_MS, type OneClock, SLACK_MS } from './displacement.ts';
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

const isOneOfSeveral = ({ streams }: OneClock): boolean =>
  streams.filter(({ stream }) => stream.hop === 'proxy' && stream.requestCount > 0).length > 1;

/** The one burst of the tunnel's own telling that lasts as long as a silence; null where it lies in it, or several do. */
function burstOfSilence(
  { fromMs, toMs }: TimeSpan,
  requests: TimedStream,
  found: readonly FoundBurst[],
): FoundBurst | null {
  const silentMs = toMs - fromMs;
  const [burst, second] = found.filter(
    ({ witness, startMs, endMs }) =>
      witness.hop === 'tunnel' &&
      !witness.streams.includes(requests) &&
      endMs - startMs >= silentMs * (1 - LONGER) - SLACK_MS &&
      endMs - startMs <= silentMs + SLACK_MS,
  );
  if (!burst || second) return null;
  return burst.startMs >= fromMs - STAMPS_MS && burst.endMs <= toMs + STAMPS_MS ? null : burst;
}
