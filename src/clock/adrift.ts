import type { Digest } from '../digest/digest.ts';
import { SIGNALS } from '../vocabulary/signals.ts';
import type { TimedStream } from './timeline.ts';
import { offsetName } from './zones.ts';

/** Streams by whether a verdict may set their times against those of the others. */
export interface ByClock {
  readonly placed: readonly TimedStream[];
  readonly adrift: readonly TimedStream[];
}

/** Parts the streams whose place is a guess from the others, as long as the others tell of anything by themselves. */
export function partAdrift(streams: readonly TimedStream[]): ByClock {
  const placed = streams.filter(({ clock }) => !clock.adrift);
  if (!placed.some(tells)) return { placed: streams, adrift: [] };
  return { placed, adrift: streams.filter(({ clock }) => clock.adrift) };
}

function tells({ stream, clues }: TimedStream): boolean {
  return (
    stream.requestCount > 0 ||
    [...clues.keys()].some((signal) => SIGNALS[signal].role === 'request' || SIGNALS[signal].role === 'process')
  );
}

/** What to tell the user of logs whose times cannot be used, and how to mend it. */
export function adriftWarnings(digest: Digest, adrift: readonly TimedStream[]): string[] {
  return adrift.map(({ stream, clock }) => {
    const labels = [...new Set(stream.segments.map(({ source }) => digest.sources[source]?.label ?? ''))];
    const zones = [
      ...new Set([clock.zoneOffsetMinutes, ...clock.alternatives.map((other) => other.zoneOffsetMinutes)]),
    ];
    const fits = zones.length > 1 ? ` (${zones.map(offsetName).join(' and ')} fit alike)` : '';
    return `${labels.join(', ')}: the zone of its times is not known${fits}, so that nothing is concluded from when its lines were written. Name the zone with --tz.`;
  });
}
