import { firstFrom } from '../../vocabulary/ascending.ts';

/** A time at which a timer fired, as the durations show it. */
export interface Spike {
  /** The timer's value: whole seconds, in milliseconds. */
  readonly atMs: number;
  /** Durations that end there. */
  readonly count: number;
  /** Part of all durations given. */
  readonly share: number;
}

/** A timer fires at its value and is seen a little later: by the way to the visitor, by a busy event loop. */
const LATE_MS = 300;
const LATE_SHARE = 0.01;
const LATEST_MS = 1000;
/** Clocks of milliseconds may round down. */
const EARLY_MS = 5;
/** Of short times only a narrower cluster stands out from what a steady service takes. */
const WIDEST = 0.06;
/** Where durations are whole seconds, only long ones tell a timer from a steady service. */
const SHORTEST_COARSE_MS = 20_000;
const COARSE_SHARE = 0.9;

/** Durations that must end at the time; with fewer down to the second number only where they are as good as equal. */
const FEWEST = 7;
const FEWEST_EQUAL = 5;
const EQUAL_MS = 50;
/** Part of the durations that must end there. */
const LEAST_SHARE = 0.2;
/** What may lie as near before and after it: a smooth distribution has about as much there. */
const MOST_BEFORE = 0.05;
const MOST_AFTER = 0.25;

/**
 * The whole second at which most of the durations (in milliseconds) end, where they pile up there as only a timer makes
 * them: nearly nothing just before it, little just after it. Null for smooth distributions, however narrow a steady service
 * keeps them (tested down to a spread of 5 %).
 */
export function spikeOf(durationsMs: ArrayLike<number>): Spike | null {
  const sorted = Float64Array.from(durationsMs).sort();
  const isCoarse = sorted.filter((ms) => ms % 1000 === 0).length >= COARSE_SHARE * sorted.length;
  let best: Spike | null = null;
  let before = Number.NaN;
  for (const ms of sorted) {
    const second = Math.floor((ms + EARLY_MS) / 1000);
    if (second === before) continue;
    before = second;
    const atMs = second * 1000;
    const count = isCoarse ? coarseCount(sorted, atMs) : fineCount(sorted, atMs);
    if (count > (best?.count ?? 0)) best = { atMs, count, share: count / sorted.length };
  }
  return best !== null && best.share >= LEAST_SHARE ? best : null;
}

/** Durations that a timer of this value ended; 0 where they do not stand out. */
function fineCount(sorted: Float64Array, atMs: number): number {
  const width = Math.min(Math.max(LATE_MS, LATE_SHARE * atMs), WIDEST * atMs, LATEST_MS);
  const from = atMs - EARLY_MS;
  const count = between(sorted, from, from + width);
  const isSharp = count >= FEWEST || (count >= FEWEST_EQUAL && between(sorted, from, from + EQUAL_MS) === count);
  return isSharp &&
    standsOut(count, between(sorted, from - width, from), between(sorted, from + width, from + 2 * width))
    ? count
    : 0;
}

/** The same where the stamps are whole seconds: a time-out may be written a second longer. */
function coarseCount(sorted: Float64Array, atMs: number): number {
  if (atMs < SHORTEST_COARSE_MS) return 0;
  const count = between(sorted, atMs, atMs + 1001);
  const isEarlier = between(sorted, atMs, atMs + 1) * 2 >= count;
  const before = between(sorted, atMs - 2000, atMs);
  const after = between(sorted, atMs + 2000, atMs + 3001);
  return isEarlier && count >= FEWEST && standsOut(count, before, after) ? count : 0;
}

function standsOut(count: number, before: number, after: number): boolean {
  return before <= MOST_BEFORE * count && after <= MOST_AFTER * count;
}

/** How many of the ascending values lie from a bound up to and without another. */
function between(sorted: Float64Array, from: number, to: number): number {
  return firstFrom(sorted, to) - firstFrom(sorted, from);
}
