import { MIN_FAILURES } from '../vocabulary/hops.ts';
import { burstOf, type FoundBurst } from './burst.ts';
import { toldOnce } from './find.ts';
import { countedBetween } from './seconds.ts';
import type { Failure, Witness } from './witness.ts';

/** What web servers and applications also answer on purpose: limits of rates, maintenance. */
const ON_PURPOSE = 503;
/** Strays are rarer than this: visitors of a site on which one request in a thousand fails do meet the error. */
const LASTING_SHARE = 0.001;
const LASTING_FAILURES = 20;
const LASTING_MS = 30 * 60_000;
/** Where a larger part fails the requests that go well are the exception. */
const MOST_SHARE = 0.2;
/** Within this of a burst a failure is the burst's. */
const NEAR_MS = 1000;

/**
 * Failures in no burst: single ones among requests that go well, as a race for idle connections or a script that is too slow or dies
 * at times makes them all day. By who made the status, 503 and the application's own errors by themselves; each counted once,
 * those with most failures first.
 */
export function findBackground(all: readonly Witness[], bursts: readonly FoundBurst[]): FoundBurst[] {
  const found = toldOnce(all, (witness) => (countsRequests(witness, all) ? backgroundOf(witness, bursts) : []));
  return found.sort((a, b) => b.failed - a.failed || a.startMs - b.startMs || (a.madeBy < b.madeBy ? -1 : 1));
}

/** Whether they are gateway errors that go on so long and hit so many that people complain of them, although they stand out at no time. */
export function isLasting({ failures, failed, total, startMs, endMs }: FoundBurst): boolean {
  return (
    failures.length >= LASTING_FAILURES &&
    endMs - startMs >= LASTING_MS &&
    (total === null || failed >= LASTING_SHARE * total) &&
    failures[0]?.kind === 'gateway' &&
    failures[0].status !== ON_PURPOSE
  );
}

/** A capture holds one browser's requests; a hop's error lines are the requests of its rows, or were mended by another backend. */
function countsRequests({ hop, knowsTotals }: Witness, all: readonly Witness[]): boolean {
  return hop !== 'client' && (knowsTotals || !all.some((other) => other.knowsTotals && other.hop === hop));
}

function backgroundOf(witness: Witness, bursts: readonly FoundBurst[]): FoundBurst[] {
  const groups = new Map<string, Failure[]>();
  for (const failure of witness.failures) {
    const { kind, madeBy, status, atMs } = failure;
    const isBursts = bursts.some(({ startMs, endMs }) => atMs >= startMs - NEAR_MS && atMs <= endMs + NEAR_MS);
    if (kind === 'blocked' || isBursts) continue;
    const key = `${kind} ${madeBy} ${status === ON_PURPOSE}`;
    const group = groups.get(key);
    if (group) group.push(failure);
    else groups.set(key, [failure]);
  }
  return [...groups.values()].flatMap((failures) => {
    const burst = failures.length < MIN_FAILURES ? null : burstOf(witness, failures);
    if (burst === null) return [];
    const found = { ...burst, total: outside(burst, bursts) };
    return isAmongGood(found) ? [found] : [];
  });
}

/** Whether they are single ones among many requests; where lines tell of failures alone, whether they go on for long. */
function isAmongGood(found: FoundBurst): boolean {
  return found.total === null ? isLasting(found) : found.failed <= MOST_SHARE * found.total;
}

/** The requests of the time without those of the bursts in it. */
function outside({ witness, total, startMs, endMs }: FoundBurst, bursts: readonly FoundBurst[]): number | null {
  if (total === null) return null;
  return bursts.reduce((rest, burst) => {
    const [from, to] = [Math.max(startMs, burst.startMs - NEAR_MS), Math.min(endMs, burst.endMs + NEAR_MS)];
    return from > to ? rest : rest - countedBetween(witness.seconds, from, to);
  }, total);
}
