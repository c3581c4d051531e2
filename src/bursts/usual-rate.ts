import type { Tick } from './segments.ts';

/** Width of the stretches whose counts are compared: shorter ones differ by chance. */
const STRETCH_SECONDS = 10;
/** Stretches that stand out and are no farther apart than this belong together. */
const MOST_BETWEEN = 3;

/**
 * A log of error lines knows no good answers to hold failures against. Where some are written all the time, what is no more
 * than usual is taken for calm, so that an outage stands out of it. Where nothing stands out, or calm seconds are without
 * failures anyway, the ticks stay as they are: steady failure is an outage, too.
 */
export function aboveUsual(ticks: readonly Tick[]): readonly Tick[] {
  const first = ticks[0];
  const last = ticks.at(-1);
  if (!first || !last) return ticks;
  const stretchOf = ({ second }: Tick): number => Math.floor((second - first.second) / STRETCH_SECONDS);
  const stretches = stretchOf(last) + 1;
  // Most of them are empty, so that none is usual; a log with one wrong year has millions of them.
  if (stretches > 2 * ticks.length) return ticks;
  const counts = new Array<number>(stretches).fill(0);
  for (const tick of ticks) counts[stretchOf(tick)] = (counts[stretchOf(tick)] ?? 0) + tick.failed;
  const usual = usualCount(counts);
  if (usual === 0) return ticks;
  const standsOut = joined(counts.map((count) => count > mostUsual(usual)));
  if (!standsOut.includes(true)) return ticks;
  return ticks.map((tick) => (standsOut[stretchOf(tick)] ? tick : { ...tick, failed: 0, fine: tick.fine + 1 }));
}

/** The median count; that of the calmer quarter where it is far below, as an outage may fill more than half of a log. */
function usualCount(counts: readonly number[]): number {
  const sorted = [...counts].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const calm = sorted[Math.floor(sorted.length / 4)] ?? 0;
  return calm < median / 2 ? calm : median;
}

/** What chance and the rhythm of the traffic make of a usual count: twice as many, and four standard deviations of a Poisson count. */
function mostUsual(usual: number): number {
  return 2 * usual + 4 * Math.sqrt(usual);
}

/** The stretches that stand out, and those between two of them that are near to each other. */
function joined(standsOut: readonly boolean[]): boolean[] {
  const filled = [...standsOut];
  let before = Number.NEGATIVE_INFINITY;
  standsOut.forEach((is, i) => {
    if (!is) return;
    if (i - before <= MOST_BETWEEN + 1) filled.fill(true, before, i);
    before = i;
  });
  return filled;
}
