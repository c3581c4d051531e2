import type { FoundBurst } from '../bursts/burst.ts';
import type { TimedStream } from '../clock/timeline.ts';
import { type Displacement, ENDS, isClockError, LEAST_ERROR_MS, type OneClock, SLACK_MS } from './displacement.ts';
import { longestSilence } from './silence.ts';

/** Two stamps of one moment, both whole seconds, of what took a moment. */
const STAMPS_MS = 2000;
/** Connections open before a silence and requests that are under way when it begins make it this much longer than its cause. */
const LONGER = 0.25;

/** The one silence of the web server's request log and the burst in which the tunnel met a closed door for as long. */
export function silenceElsewhere(
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
