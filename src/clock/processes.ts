import { agreedDifference, type ClockEvent } from './differences.ts';
import { deathEvents, lostAnswers, lostWorkers, type ReadStream } from './events.ts';
import { MOST_SKEW_MS, type Placement, placed, type ReadAs, sameSkew, split, zoneLike } from './placement.ts';
import type { Prior } from './priors.ts';
import { sameRhythm } from './rhythm.ts';
import type { Tie } from './ties.ts';
import { fixedZone, UTC } from './zones.ts';

/** A process has its number for itself: two of them that died at one difference are no chance. */
const MIN_DEATHS = 2;
/** Workers have no name in the web server's log: so many must be met, this part of those that either log tells of. */
const MIN_LOST = 3;
const MET = 0.6;
/** More seconds than these are compared by their rhythm alone. */
const FEW = 25;
/** Seconds of each series and differences that are looked at, the likeliest. */
const MOST_SECONDS = 600;
const MOST_TRIED = 200;
/** Differences nearer than this are one. */
const APART_S = 3;
/** What fits elsewhere must be this part of it or less. */
const MOST_RIVAL = 0.6;
/** A zone that explains this part of what the best one does is as good, where it was expected. */
const CONFIRMED = 0.8;

/**
 * Places a log by processes whose end it shares with others: the kernel, PHP-FPM and the journal name the same numbers within a
 * second; the web server loses an answer in the second in which a worker dies. The expected zones are tried first, then all.
 * Null where too few are shared, or two differences fit nearly alike.
 */
export function placeByProcesses(
  readAs: ReadAs,
  priors: readonly Prior[],
  references: readonly ReadStream[],
  machineSkewsMs: readonly number[],
): Placement | null {
  if (references.length === 0) return null;
  const free = sameDeaths(readAs(UTC), references, zoneLike);
  if (free === null) return null;
  for (const { zone, method } of priors) {
    const near = sameDeaths(readAs(zone), references, (ms) => Math.abs(ms) <= MOST_SKEW_MS);
    if (near !== null && near.support >= CONFIRMED * free.support)
      return placed(zone, method, stampsApart(sameSkew(near.differenceMs, machineSkewsMs)), near);
  }
  const { zoneMs, skewMs } = split(free.differenceMs, machineSkewsMs);
  return placed(fixedZone(zoneMs === 0 ? 0 : zoneMs / 60_000), free.method, stampsApart(skewMs), free);
}

/** Two logs stamp whole seconds of two moments: one second is none. */
const stampsApart = (ms: number): number => (Math.abs(ms) <= 1000 ? 0 : ms);

/** The difference at which processes of a log end with those of others; null where too few do, or several differences fit. */
export function sameDeaths(
  left: ReadStream,
  right: readonly ReadStream[],
  allowed: (differenceMs: number) => boolean,
): Tie | null {
  return byNumber(onceOnly(deathEvents(left)), right.flatMap(deathEvents), allowed) ?? byLoss(left, right, allowed);
}

const tieOf = (differenceMs: number, support: number): Tie => ({
  method: 'process',
  differenceMs,
  uncertaintySeconds: 2,
  support,
  rival: null,
  isClear: true,
});

/** Numbers of processes are used again, and one process may tell of itself again and again: such tell nothing here. */
function onceOnly(events: readonly ClockEvent[]): ClockEvent[] {
  const times = new Map<string, number>();
  for (const { key } of events) times.set(key, (times.get(key) ?? 0) + 1);
  return events.filter(({ key }) => times.get(key) === 1);
}

function byNumber(
  left: readonly ClockEvent[],
  right: readonly ClockEvent[],
  allowed: (differenceMs: number) => boolean,
): Tie | null {
  if (left.length === 0 || right.length === 0) return null;
  const found = agreedDifference(left, right, allowed);
  if (found === null || found.support < MIN_DEATHS) return null;
  return isClear(found.support, found.runnerUp?.support ?? 0) ? tieOf(found.differenceMs, found.support) : null;
}

const isClear = (support: number, rival: number): boolean => rival <= MOST_RIVAL * support;

/** Workers that died and answers that were lost, one for one where they are few, by their rhythm where they are many. */
function byLoss(
  left: ReadStream,
  right: readonly ReadStream[],
  allowed: (differenceMs: number) => boolean,
): Tie | null {
  const ours = lostWorkers(left);
  if (ours.size === 0) return null;
  const theirs = new Map<number, number>();
  for (const reference of right)
    for (const [second, count] of lostAnswers(reference)) theirs.set(second, (theirs.get(second) ?? 0) + count);
  const differences = likeliest(ours, theirs, allowed);
  const heard = sameRhythm(ours, theirs, differences);
  if (heard !== null) return tieOf(heard.differenceS * 1000, heard.seconds);
  const [own, other] = [ours, theirs].map((counts) => [...counts.keys()].sort((a, b) => a - b));
  if (!own || !other || own.length > FEW || other.length > FEW) return null;
  const [best, ...others] = differences
    .map((differenceS) => ({ differenceS, met: metAt(own, other, differenceS) }))
    .sort((a, b) => b.met - a.met);
  if (!best || best.met < Math.max(MIN_LOST, MET * Math.min(own.length, other.length))) return null;
  const rival = others.find(({ differenceS }) => Math.abs(differenceS - best.differenceS) > APART_S);
  return isClear(best.met, rival?.met ?? 0) ? tieOf(best.differenceS * 1000, best.met) : null;
}

/** The differences at which most of two series would meet, those first that lie in the middle of what meets. */
function likeliest(
  ours: ReadonlyMap<number, number>,
  theirs: ReadonlyMap<number, number>,
  allowed: (differenceMs: number) => boolean,
): number[] {
  const met = new Map<number, number>();
  for (const [own, n] of [...ours].slice(0, MOST_SECONDS))
    for (const [other, m] of [...theirs].slice(0, MOST_SECONDS))
      if (allowed((own - other) * 1000)) met.set(own - other, (met.get(own - other) ?? 0) + n * m);
  const near = (differenceS: number): number =>
    [-1, 0, 1].reduce((sum, by) => sum + (met.get(differenceS + by) ?? 0), 0);
  return [...met.keys()]
    .map((differenceS) => ({ differenceS, near: near(differenceS), own: met.get(differenceS) ?? 0 }))
    .sort((a, b) => b.near - a.near || b.own - a.own || Math.abs(a.differenceS) - Math.abs(b.differenceS))
    .slice(0, MOST_TRIED)
    .map(({ differenceS }) => differenceS);
}

/** How many seconds of one list meet one of the other each; both in order. */
function metAt(ours: readonly number[], theirs: readonly number[], differenceS: number): number {
  let at = 0;
  let met = 0;
  for (const second of ours) {
    while (at < theirs.length && (theirs[at] ?? 0) < second - differenceS - 1) at++;
    if (at < theirs.length && (theirs[at] ?? 0) <= second - differenceS + 1) {
      met++;
      at++;
    }
  }
  return met;
}
