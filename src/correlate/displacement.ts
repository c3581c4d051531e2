import { nearestZoneMs } from '../clock/placement.ts';
import { MOST_SKEW_S } from '../clock/shape.ts';
import type { StreamClock, TimedStream } from '../clock/timeline.ts';
import { isWritten } from '../clock/written.ts';

/** Stamps are whole seconds, and visitors come seconds apart: begins and ends of one outage agree within this. */
export const SLACK_MS = 3000;
/** What is less is explained by stamps and by visitors that come seconds apart. */
export const LEAST_ERROR_MS = 2 * SLACK_MS;
/** Both ends of the outage agree. */
export const ENDS = 2;
/** Zones lie between −12 h and +14 h. */
const ZONES_MS = { least: -12 * 3_600_000, most: 14 * 3_600_000 };

/** Logs that were written by one clock: those that share a file. */
export interface OneClock {
  readonly streams: readonly TimedStream[];
  readonly clock: StreamClock;
}

/** How far a log's clock is likely ahead of the others beyond what is known of it, and what says so. */
export interface Displacement {
  readonly ms: number;
  /** Null where it is only possible: that is said, and the log stays where it is. */
  readonly by: NonNullable<StreamClock['adrift']> | null;
  /** How much agrees there. */
  readonly support: number;
  /** Where only this place is left to it: what tells it, and how exactly. */
  readonly told?: { readonly by: NonNullable<StreamClock['moved']>; readonly toMs: number };
}

/** Whether a clock can be off by this: seconds that stamps do not explain, minutes, and another zone where none is written. */
export function isClockError(ms: number, log: OneClock): boolean {
  if (Math.abs(ms) <= LEAST_ERROR_MS) return false;
  const { clock } = log;
  const byMs = isZoneKnown(log) ? 0 : nearestZoneMs(ms);
  const zoneMs = clock.zoneOffsetMinutes * 60_000 + byMs;
  // Minutes beyond what is known of its machine's error, or, where it is another machine's, in all.
  const least = Math.min(Math.abs(ms - byMs), Math.abs(ms - byMs + clock.skewSeconds * 1000));
  return zoneMs >= ZONES_MS.least && zoneMs <= ZONES_MS.most && least <= MOST_SKEW_S * 1000;
}

/** Whether a log's zone is written in it, or the user named it. */
export function isZoneKnown({ streams, clock }: OneClock): boolean {
  return streams.some(({ stream }) => isWritten(stream)) || clock.method === 'option';
}
