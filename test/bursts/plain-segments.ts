/**
 * The search for bursts second by second, without sums and lists of failures: what `src/bursts` does in fewer steps must come out as here.
 */
import { type Ticks, ticksOfCounts } from '../../src/bursts/ticks.ts';
import { MIN_FAILURES } from '../../src/vocabulary/hops.ts';

/** What happened in one second (or in one stretch of seconds without a request). */
export interface Tick {
  readonly second: number;
  readonly failed: number;
  /** Requests that went well; for logs without successes, the idle seconds before this one. */
  readonly fine: number;
}

/** A run of ticks in which failures stand out: indices into the ticks, both inclusive. */
interface Segment {
  readonly from: number;
  readonly to: number;
  readonly failed: number;
  readonly score: number;
}

const BACKGROUND_FLOOR = 0.001;
/** A background above this is none: a sustained share of failures is a burst without any calm stretch. */
const BACKGROUND_CEILING = 0.05;
const BURST_SHARE_FLOOR = 0.05;
const BURST_SHARE_CEILING = 0.2;
const BURST_OVER_BACKGROUND = 8;
const BLOCKS = 64;
const ROUNDS = 3;

/**
 * Finds the stretches in which failures stand out against the background, by likelihood: every request adds the log of
 * how much better "the burst's share of failures" explains it than "the background's", and the maximal scoring segments
 * (Ruzzo and Tompa's linear algorithm) above a threshold that grows with the length of the log are the bursts. The
 * background is what remains outside them. A calm stretch inside that the burst's own share makes impossible splits it.
 */
export function plainSegments(ticks: readonly Tick[]): Segment[] {
  const failedBefore = new Float64Array(ticks.length + 1);
  const fineBefore = new Float64Array(ticks.length + 1);
  let requests = 0;
  ticks.forEach(({ failed, fine }, i) => {
    failedBefore[i + 1] = (failedBefore[i] ?? 0) + failed;
    fineBefore[i + 1] = (fineBefore[i] ?? 0) + fine;
    requests += failed + fine;
  });
  const usual = calmShare(ticks, requests) ?? medianShare(ticks, requests);
  let background = clamp(usual, BACKGROUND_FLOOR, BACKGROUND_CEILING);
  let found: Segment[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    found = scoringSegments(ticks, background, failedBefore, fineBefore);
    const outside = shareOutside(ticks, found);
    const next = clamp(outside, BACKGROUND_FLOOR, background);
    if (next === background) break;
    background = next;
  }
  return found;
}

function scoringSegments(
  ticks: readonly Tick[],
  background: number,
  failedBefore: Float64Array,
  fineBefore: Float64Array,
): Segment[] {
  const share = clamp(background * BURST_OVER_BACKGROUND, BURST_SHARE_FLOOR, BURST_SHARE_CEILING);
  const gain = Math.log(share / background);
  const loss = Math.log((1 - background) / (1 - share));
  const threshold = 6 + Math.log(ticks.length + 1);
  const scores = ticks.map(({ failed, fine }) => failed * gain - fine * loss);
  const segments: Segment[] = [];
  for (const stretch of maximalSegments(scores)) {
    for (const part of splitAtCalm(ticks, stretch, background, failedBefore, fineBefore)) {
      const score = sum(scores, part.from, part.to);
      const failed = (failedBefore[part.to + 1] ?? 0) - (failedBefore[part.from] ?? 0);
      if (failed >= MIN_FAILURES && score >= threshold) segments.push({ ...part, failed, score });
    }
  }
  return segments;
}

/** A calm this improbable under the burst's own share of failures, and at least this long, ends a burst. */
const IMPOSSIBLE_LOG = Math.log(1e-6);
const CALM_SECONDS = 8;

/** Splits a stretch at its calms, and the parts again by their own shares of failures. Sums are of the ticks before an index. */
function splitAtCalm(
  ticks: readonly Tick[],
  stretch: { readonly from: number; readonly to: number },
  background: number,
  failedBefore: Float64Array,
  fineBefore: Float64Array,
): { from: number; to: number }[] {
  const between = (sums: Float64Array, from: number, to: number): number => (sums[to + 1] ?? 0) - (sums[from] ?? 0);
  const parts: { from: number; to: number }[] = [];
  const open = [stretch];
  for (let part = open.pop(); part; part = open.pop()) {
    const failed = between(failedBefore, part.from, part.to);
    const fine = between(fineBefore, part.from, part.to);
    const share = Math.min(0.95, failed / Math.max(1, failed + fine));
    const from = firstFailure(ticks, part.from, part.to);
    const { lastFailed, next } = firstCalm(ticks, from, part.to, Math.log(1 - share));
    if (next !== null) {
      open.push({ from: next, to: part.to }, { from, to: lastFailed });
      continue;
    }
    const calm = usualStretch(ticks, { from, to: lastFailed }, background, share);
    if (calm === null) parts.push({ from, to: lastFailed });
    else {
      // Behind a calm that goes on to the end there is nothing.
      if (calm.to < lastFailed) open.push({ from: calm.to + 1, to: lastFailed });
      open.push({ from, to: calm.from - 1 });
    }
  }
  return parts.filter(({ from, to }) => from <= to);
}

/** Where there is much traffic some requests fail at any time: a stretch in which no more fail than usual, this much surer and longer, is calm, too. */
const USUAL_LOG = Math.log(1e12);
const USUAL_SECONDS = 20;

/** The stretch inside a burst that the usual share of failures explains best, against the burst's own; null where none is sure. */
function usualStretch(
  ticks: readonly Tick[],
  { from, to }: { readonly from: number; readonly to: number },
  background: number,
  share: number,
): { from: number; to: number } | null {
  if (share <= background) return null;
  const perFine = Math.log((1 - background) / (1 - share));
  const perFailure = Math.log(share / background);
  let best = { from, to: from - 1, score: 0 };
  let open = { from, score: 0 };
  for (let i = from; i <= to; i++) {
    const tick = ticks[i];
    if (!tick) continue;
    if (open.score <= 0) open = { from: i, score: 0 };
    open.score += tick.fine * perFine - tick.failed * perFailure;
    if (open.score > best.score) best = { from: open.from, to: i, score: open.score };
  }
  const seconds = (ticks[best.to]?.second ?? 0) - (ticks[best.from]?.second ?? 0);
  return best.score >= USUAL_LOG && seconds >= USUAL_SECONDS ? best : null;
}

/** The last failure before the first calm that ends a burst, and the first one after it (null where there is no such calm). */
function firstCalm(
  ticks: readonly Tick[],
  from: number,
  to: number,
  logPerFine: number,
): { lastFailed: number; next: number | null } {
  let lastFailed = from;
  let calm = 0;
  for (let i = from + 1; i <= to; i++) {
    const tick = ticks[i];
    const last = ticks[lastFailed];
    if (!tick || !last) continue;
    calm += tick.fine;
    if (tick.failed === 0) continue;
    if (calm * logPerFine < IMPOSSIBLE_LOG && tick.second - last.second >= CALM_SECONDS) return { lastFailed, next: i };
    lastFailed = i;
    calm = 0;
  }
  return { lastFailed, next: null };
}

function firstFailure(ticks: readonly Tick[], from: number, to: number): number {
  for (let i = from; i <= to; i++) if ((ticks[i]?.failed ?? 0) > 0) return i;
  return from;
}

const LONG_BLOCKS = 16;
/** Failures in a block that make its share certain enough to compare. */
const SURE_FAILURES = 6;
const CALMER = 0.25;

/**
 * Share of failures in the calm quarter of the log where that is far below the median one: then a burst of single failures
 * fills half of the log and more, and its own share must not pass for the background. Null where the shares are alike.
 */
function calmShare(ticks: readonly Tick[], requests: number): number | null {
  const size = requests / LONG_BLOCKS;
  const shares = blockShares(ticks, size);
  const median = shares[Math.floor(shares.length / 2)] ?? 0;
  const calm = shares[Math.floor(shares.length / 4)] ?? 0;
  return median * size >= SURE_FAILURES && calm <= CALMER * median ? calm : null;
}

/** Median share of failures over blocks of equally many requests: unmoved by bursts that fill less than half the log. */
function medianShare(ticks: readonly Tick[], requests: number): number {
  const shares = blockShares(ticks, Math.max(20, requests / BLOCKS));
  return shares[Math.floor(shares.length / 2)] ?? BACKGROUND_FLOOR;
}

/** Shares of failures over blocks of so many requests, ascending. */
function blockShares(ticks: readonly Tick[], size: number): number[] {
  const shares: number[] = [];
  let failed = 0;
  let requests = 0;
  for (const tick of ticks) {
    failed += tick.failed;
    requests += tick.failed + tick.fine;
    if (requests >= size) {
      shares.push(failed / requests);
      failed = 0;
      requests = 0;
    }
  }
  return shares.sort((a, b) => a - b);
}

function shareOutside(ticks: readonly Tick[], segments: readonly Segment[]): number {
  let failed = 0;
  let requests = 0;
  let next = 0;
  for (let i = 0; i < ticks.length; i++) {
    const segment = segments[next];
    if (segment?.from === i) {
      i = segment.to;
      next++;
      continue;
    }
    const tick = ticks[i];
    if (!tick) continue;
    failed += tick.failed;
    requests += tick.failed + tick.fine;
  }
  return requests === 0 ? BACKGROUND_FLOOR : failed / requests;
}

function sum(values: readonly number[], from: number, to: number): number {
  let total = 0;
  for (let i = from; i <= to; i++) total += values[i] ?? 0;
  return total;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/**
 * All maximal scoring subsequences (Ruzzo and Tompa 1999), in order. Linear: each open segment knows the nearest one to its
 * left that begins on a lower sum, so that the search skips what lies between.
 */
function maximalSegments(scores: readonly number[]): { from: number; to: number }[] {
  interface Open {
    from: number;
    to: number;
    before: number;
    through: number;
    /** Index of the nearest open segment to the left that begins on a lower sum; -1 for none. */
    lower: number;
  }
  const open: Open[] = [];
  let total = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0;
    const before = total;
    total += score;
    if (score <= 0) continue;
    let candidate: Open = { from: i, to: i, before, through: total, lower: -1 };
    for (;;) {
      let j = open.length - 1;
      while (j >= 0 && (open[j]?.before ?? 0) >= candidate.before) j = open[j]?.lower ?? -1;
      candidate.lower = j;
      const left = open[j];
      if (left === undefined || left.through >= candidate.through) break;
      candidate = { ...left, to: candidate.to, through: candidate.through };
      open.length = j;
    }
    open.push(candidate);
  }
  return open.map(({ from, to }) => ({ from, to }));
}

/** Width of the stretches whose counts are compared: shorter ones differ by chance. */
const STRETCH_SECONDS = 10;
/** Stretches that stand out and are no farther apart than this belong together. */
const MOST_BETWEEN = 3;

/**
 * A log of error lines knows no good answers to hold failures against. Where some are written all the time, what is no more
 * than usual is taken for calm, so that an outage stands out of it. Where nothing stands out, or calm seconds are without
 * failures anyway, the ticks stay as they are: steady failure is an outage, too.
 */
export function plainAboveUsual(ticks: readonly Tick[]): readonly Tick[] {
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

/** The same counts as the search takes them. */
export function ticksOf(ticks: readonly Tick[]): Ticks {
  const fineBefore = new Float64Array(ticks.length + 1);
  ticks.forEach(({ fine }, i) => {
    fineBefore[i + 1] = (fineBefore[i] ?? 0) + fine;
  });
  const at = Float64Array.from(ticks, ({ second }) => second);
  const busy = ticks.filter(({ fine }) => fine > 0).length;
  return ticksOfCounts(
    { at, fineBefore, busy },
    Float64Array.from(ticks, ({ failed }) => failed),
  );
}
