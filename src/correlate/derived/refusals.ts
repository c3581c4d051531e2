import type { TimedClue } from '../../clock/timeline.ts';

/** Fewer refusals than this may be the tries of one person, who then gives up. */
const MANY = 10;
/** Refusals that come steadily fill most slots of so many between the first and the last of them. */
const SLOTS = 12;
const FILLED = 0.75;

const SECOND_MS = 1000;
/** Zones differ by multiples of this: what is left over between two stamps of one line is no zone. */
const QUARTER_HOUR_MS = 15 * 60_000;

/** How the refusals of a service came in time, as far as the stamps of their lines tell. */
export interface RefusalPace {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly perMs: number;
  /** Refusals at the moment of the last one: several where stamps are whole seconds. */
  readonly atLast: number;
  /** Whether they came as requests of many visitors do: many, and all through the time. */
  readonly isSteady: boolean;
}

/** Null where a pace cannot be told: too few refusals, or all at one moment. */
export function paceOf(refused: readonly TimedClue[]): RefusalPace | null {
  const times = refused.map(fineMs).sort((a, b) => a - b);
  const firstMs = times[0];
  const lastMs = times.at(-1);
  if (firstMs === undefined || lastMs === undefined || times.length < 3 || !(lastMs > firstMs)) return null;
  const atLast = times.filter((ms) => ms === lastMs).length;
  const slotMs = Math.max(SECOND_MS, (lastMs - firstMs) / SLOTS);
  // A stamp in whole seconds lies half a second before its line, on average.
  const lateMs = times.every((ms) => ms % SECOND_MS === 0) ? SECOND_MS / 2 : 0;
  const filled = new Set(times.map((ms) => Math.floor((ms - firstMs) / slotMs))).size;
  const slots = Math.floor((lastMs - firstMs) / slotMs) + 1;
  return {
    firstMs,
    lastMs,
    perMs: (times.length - atLast) / (lastMs - firstMs - lateMs),
    atLast,
    isSteady: times.length >= MANY && filled >= FILLED * slots,
  };
}

/**
 * Refusals that this pace would have brought from the last one until `endMs`: how many are missing then, at least. None where
 * those of the last second are most of them: the pace is not known so well.
 */
export function missedAfter({ perMs, lastMs, atLast }: RefusalPace, endMs: number): number {
  const expected = perMs * (endMs - lastMs);
  return atLast > expected / 2 ? 0 : expected - atLast;
}

/** The same from `startMs` until the first one; stamps are whole seconds, and both may be off by one. */
export function missedBefore({ perMs, firstMs }: RefusalPace, startMs: number): number {
  return Math.max(0, perMs * (firstMs - startMs - SECOND_MS));
}

/** When a line was written, in milliseconds where a wrapper of the line (journald, Docker) has its second finer. */
export function fineMs({ record: { stamp, outerStamp }, atMs }: TimedClue): number {
  if (stamp.kind === 'none' || outerStamp === undefined || outerStamp.kind === 'none') return atMs;
  const left = (((outerStamp.ms - stamp.ms) % QUARTER_HOUR_MS) + QUARTER_HOUR_MS) % QUARTER_HOUR_MS;
  return stamp.ms % SECOND_MS === 0 && left < SECOND_MS ? atMs + left : atMs;
}
