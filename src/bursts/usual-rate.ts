import type { Ticks } from './ticks.ts';

/** Width of the stretches whose counts are compared: shorter ones differ by chance. */
const STRETCH_SECONDS = 10;
/** Stretches that stand out and are no farther apart than this belong together. */
const MOST_BETWEEN = 3;

/**
 * A log of error lines knows no good answers to hold failures against. Where some are written all the time, what is no more
 * than usual is taken for calm, so that an outage stands out of it. Where nothing stands out, or calm seconds are without
 * failures anyway, the ticks stay as they are: steady failure is an outage, too.
 */
export function aboveUsual(ticks: Ticks): Ticks {
  const { at, fineBefore, failing, failedBefore, seconds } = ticks;
  if (failing.length === 0) return ticks;
  let from = 0;
  while (from !== failing[0] && fineBefore[from + 1] === fineBefore[from]) from++;
  let to = at.length - 1;
  while (to !== failing.at(-1) && fineBefore[to + 1] === fineBefore[to]) to--;
  const first = at[from] ?? 0;
  const stretchOf = (place: number): number => Math.floor(((at[place] ?? 0) - first) / STRETCH_SECONDS);
  const stretches = stretchOf(to) + 1;
  // Most of them are empty, so that none is usual; a log with one wrong year has millions of them.
  if (stretches > 2 * seconds) return ticks;
  const counts = new Float64Array(stretches);
  for (let i = 0; i < failing.length; i++) {
    const stretch = stretchOf(failing[i] ?? 0);
    counts[stretch] = (counts[stretch] ?? 0) + (failedBefore[i + 1] ?? 0) - (failedBefore[i] ?? 0);
  }
  const usual = usualCount(counts);
  if (usual === 0) return ticks;
  const standsOut = joined(counts, mostUsual(usual));
  if (!standsOut.includes(1)) return ticks;
  return withCalm(ticks, (place) => standsOut[stretchOf(place)] === 0);
}

/** The failures of some seconds taken for something that went well. */
function withCalm(ticks: Ticks, isCalm: (place: number) => boolean): Ticks {
  const { at, fineBefore, failing, failedBefore } = ticks;
  const calmed = new Float64Array(fineBefore.length);
  const kept = new Uint32Array(failing.length);
  const keptBefore = new Float64Array(failedBefore.length);
  let next = 0;
  let length = 0;
  for (let i = 0; i < at.length; i++) {
    const fine = (fineBefore[i + 1] ?? 0) - (fineBefore[i] ?? 0);
    const isFailing = failing[next] === i;
    const more = (isFailing || fine > 0) && isCalm(i) ? 1 : 0;
    calmed[i + 1] = (calmed[i] ?? 0) + fine + more;
    if (!isFailing) continue;
    if (more === 0) {
      kept[length] = i;
      keptBefore[length + 1] = (keptBefore[length] ?? 0) + (failedBefore[next + 1] ?? 0) - (failedBefore[next] ?? 0);
      length++;
    }
    next++;
  }
  return {
    at,
    fineBefore: calmed,
    seconds: ticks.seconds,
    failing: kept.subarray(0, length),
    failedBefore: keptBefore.subarray(0, length + 1),
  };
}

/** The median count; that of the calmer quarter where it is far below, as an outage may fill more than half of a log. */
function usualCount(counts: Float64Array): number {
  const sorted = counts.slice().sort();
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const calm = sorted[Math.floor(sorted.length / 4)] ?? 0;
  return calm < median / 2 ? calm : median;
}

/** What chance and the rhythm of the traffic make of a usual count: twice as many, and four standard deviations of a Poisson count. */
function mostUsual(usual: number): number {
  return 2 * usual + 4 * Math.sqrt(usual);
}

/** 1 for the stretches that have more than usual, and for those between two of them that are near to each other. */
function joined(counts: Float64Array, most: number): Uint8Array {
  const standsOut = new Uint8Array(counts.length);
  let before = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < counts.length; i++) {
    if ((counts[i] ?? 0) <= most) continue;
    standsOut.fill(1, i - before <= MOST_BETWEEN + 1 ? before : i, i + 1);
    before = i;
  }
  return standsOut;
}
