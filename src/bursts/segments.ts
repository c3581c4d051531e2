import { firstFrom } from '../vocabulary/ascending.ts';
import { MIN_FAILURES } from '../vocabulary/hops.ts';
import { maximalSegments } from './maximal-segments.ts';
import type { Ticks } from './ticks.ts';

/** A run of seconds in which failures stand out: places among the log's seconds, both inclusive; something failed in both. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  readonly failed: number;
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
export function findSegments(ticks: Ticks): Segment[] {
  if (ticks.failing.length === 0) return [];
  const requests = requestsIn(ticks);
  const usual = calmShare(ticks, requests) ?? medianShare(ticks, requests);
  let background = clamp(usual, BACKGROUND_FLOOR, BACKGROUND_CEILING);
  let found: Segment[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    found = scoringSegments(ticks, background);
    const outside = shareOutside(ticks, found, requests);
    const next = clamp(outside, BACKGROUND_FLOOR, background);
    if (next === background) break;
    background = next;
  }
  return found;
}

/** All requests of a log; idle seconds count as they do among what went well. */
function requestsIn({ fineBefore, failedBefore }: Ticks): number {
  return (fineBefore.at(-1) ?? 0) + (failedBefore.at(-1) ?? 0);
}

function scoringSegments(ticks: Ticks, background: number): Segment[] {
  const { seconds, failing, failedBefore, fineBefore } = ticks;
  const share = clamp(background * BURST_OVER_BACKGROUND, BURST_SHARE_FLOOR, BURST_SHARE_CEILING);
  const gain = Math.log(share / background);
  const loss = Math.log((1 - background) / (1 - share));
  const threshold = 6 + Math.log(seconds + 1);
  // Sums of the scores of all seconds. Where nothing fails no score is above zero, so that no segment begins or ends there.
  const before = new Float64Array(failing.length);
  const through = new Float64Array(failing.length);
  for (let i = 0; i < failing.length; i++) {
    const place = failing[i] ?? 0;
    before[i] = (failedBefore[i] ?? 0) * gain - (fineBefore[place] ?? 0) * loss;
    through[i] = (failedBefore[i + 1] ?? 0) * gain - (fineBefore[place + 1] ?? 0) * loss;
  }
  const segments: Segment[] = [];
  for (const stretch of maximalSegments(before, through)) {
    for (const { from, to } of splitAtCalm(ticks, stretch, background)) {
      const score = (through[to] ?? 0) - (before[from] ?? 0);
      const failed = failedIn(ticks, from, to);
      if (failed >= MIN_FAILURES && score >= threshold)
        segments.push({ from: failing[from] ?? 0, to: failing[to] ?? 0, failed });
    }
  }
  return segments;
}

/** A run of the seconds in which something failed: places among these, both inclusive. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** Failures of a run. */
function failedIn({ failedBefore }: Ticks, from: number, to: number): number {
  return (failedBefore[to + 1] ?? 0) - (failedBefore[from] ?? 0);
}

/** What went well from the second of one failure to that of another, both inclusive. */
function fineIn({ failing, fineBefore }: Ticks, from: number, to: number): number {
  return (fineBefore[(failing[to] ?? 0) + 1] ?? 0) - (fineBefore[failing[from] ?? 0] ?? 0);
}

/** A calm this improbable under the burst's own share of failures, and at least this long, ends a burst. */
const IMPOSSIBLE_LOG = Math.log(1e-6);
const CALM_SECONDS = 8;

/** Splits a run at its calms, and the parts again by their own shares of failures. */
function splitAtCalm(ticks: Ticks, run: Run, background: number): Run[] {
  const parts: Run[] = [];
  const open = [run];
  for (let part = open.pop(); part; part = open.pop()) {
    const { from, to } = part;
    const failed = failedIn(ticks, from, to);
    const share = Math.min(0.95, failed / Math.max(1, failed + fineIn(ticks, from, to)));
    const next = afterCalm(ticks, part, Math.log(1 - share));
    if (next !== null) {
      open.push({ from: next, to }, { from, to: next - 1 });
      continue;
    }
    const calm = usualStretch(ticks, part, background, share);
    if (calm === null) {
      parts.push(part);
      continue;
    }
    if (calm.next <= to) open.push({ from: calm.next, to });
    // A burst whose first failures are no more than usual among so many requests leaves those of that second.
    open.push({ from, to: Math.max(from, calm.first - 1) });
  }
  return parts;
}

/** Where there is much traffic some requests fail at any time: a stretch in which no more fail than usual, this much surer and longer, is calm, too. */
const USUAL_LOG = Math.log(1e12);
const USUAL_SECONDS = 20;

/**
 * The stretch inside a burst that the usual share of failures explains best, against the burst's own; null where none is sure. It is told by
 * the first failing second that lies in it or behind it, and the first behind it.
 */
function usualStretch(
  ticks: Ticks,
  { from, to }: Run,
  background: number,
  share: number,
): { first: number; next: number } | null {
  if (share <= background) return null;
  const { at, failing, failedBefore, fineBefore } = ticks;
  const perFine = Math.log((1 - background) / (1 - share));
  const perFailure = Math.log(share / background);
  let score = 0;
  let first = from;
  let start = failing[from] ?? 0;
  let best = { score: 0, first, next: from, start, end: start };
  for (let i = from; i <= to; i++) {
    const place = failing[i] ?? 0;
    const behind = i === from ? place : (failing[i - 1] ?? 0) + 1;
    const calm = (fineBefore[place] ?? 0) - (fineBefore[behind] ?? 0);
    if (calm > 0) {
      if (score <= 0) {
        score = 0;
        first = i;
        start = behind;
      }
      score += calm * perFine;
      if (score > best.score) best = { score, first, next: i, start, end: place - 1 };
    }
    if (score <= 0) {
      score = 0;
      first = i;
      start = place;
    }
    const fine = (fineBefore[place + 1] ?? 0) - (fineBefore[place] ?? 0);
    score += fine * perFine - ((failedBefore[i + 1] ?? 0) - (failedBefore[i] ?? 0)) * perFailure;
    if (score > best.score) best = { score, first, next: i + 1, start, end: place };
  }
  if (best.score < USUAL_LOG) return null;
  // Seconds at its ends in which nothing was seen of these requests are none of it.
  let { start: begin, end } = best;
  while (begin !== failing[best.first] && fineBefore[begin] === fineBefore[begin + 1]) begin++;
  while (end !== failing[best.next - 1] && fineBefore[end] === fineBefore[end + 1]) end--;
  return (at[end] ?? 0) - (at[begin] ?? 0) >= USUAL_SECONDS ? best : null;
}

/** The first failing second of a run that comes after a calm which ends a burst; null where there is no such calm. */
function afterCalm({ at, failing, fineBefore }: Ticks, { from, to }: Run, logPerFine: number): number | null {
  let last = failing[from] ?? 0;
  for (let i = from + 1; i <= to; i++) {
    const place = failing[i] ?? 0;
    const calm = (fineBefore[place + 1] ?? 0) - (fineBefore[last + 1] ?? 0);
    if (calm * logPerFine < IMPOSSIBLE_LOG && (at[place] ?? 0) - (at[last] ?? 0) >= CALM_SECONDS) return i;
    last = place;
  }
  return null;
}

const LONG_BLOCKS = 16;
/** Failures in a block that make its share certain enough to compare. */
const SURE_FAILURES = 6;
const CALMER = 0.25;

/**
 * Share of failures in the calm quarter of the log where that is far below the median one: then a burst of single failures
 * fills half of the log and more, and its own share must not pass for the background. Null where the shares are alike.
 */
function calmShare(ticks: Ticks, requests: number): number | null {
  const size = requests / LONG_BLOCKS;
  const shares = blockShares(ticks, size);
  const median = shares[Math.floor(shares.length / 2)] ?? 0;
  const calm = shares[Math.floor(shares.length / 4)] ?? 0;
  return median * size >= SURE_FAILURES && calm <= CALMER * median ? calm : null;
}

/** Median share of failures over blocks of equally many requests: unmoved by bursts that fill less than half the log. */
function medianShare(ticks: Ticks, requests: number): number {
  const shares = blockShares(ticks, Math.max(20, requests / BLOCKS));
  return shares[Math.floor(shares.length / 2)] ?? BACKGROUND_FLOOR;
}

/** Shares of failures over blocks of so many requests, ascending. A block ends with the second that fills it. */
function blockShares({ at, fineBefore, failing, failedBefore }: Ticks, size: number): number[] {
  const shares: number[] = [];
  let place = 0;
  let next = 0;
  for (;;) {
    const fine = fineBefore[place] ?? 0;
    const failed = failedBefore[next] ?? 0;
    // The first failing second with which the block is full; it may be full before.
    while (next < failing.length) {
      const through = (fineBefore[(failing[next] ?? 0) + 1] ?? 0) - fine + (failedBefore[next + 1] ?? 0) - failed;
      if (through >= size) break;
      next++;
    }
    place = firstFrom(fineBefore, size - ((failedBefore[next] ?? 0) - failed) + fine, place);
    const full = failing[next];
    if (full !== undefined && place > full) {
      place = full + 1;
      next++;
    }
    if (place > at.length) return shares.sort((a, b) => a - b);
    const failures = (failedBefore[next] ?? 0) - failed;
    shares.push(failures / ((fineBefore[place] ?? 0) - fine + failures));
  }
}

function shareOutside(ticks: Ticks, segments: readonly Segment[], all: number): number {
  const { failedBefore, fineBefore } = ticks;
  let failed = failedBefore.at(-1) ?? 0;
  let requests = all;
  for (const segment of segments) {
    failed -= segment.failed;
    requests -= segment.failed + (fineBefore[segment.to + 1] ?? 0) - (fineBefore[segment.from] ?? 0);
  }
  return requests === 0 ? BACKGROUND_FLOOR : failed / requests;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
