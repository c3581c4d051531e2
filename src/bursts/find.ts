import type { TimedStream } from '../clock/timeline.ts';
import { burstOf, type FoundBurst } from './burst.ts';
import { partByHost } from './by-host.ts';
import { absorbStrays, mergeSameScope } from './merge.ts';
import { sampleRate } from './sample-rate.ts';
import { countedBetween } from './seconds.ts';
import { findSegments } from './segments.ts';
import { calmOf, type Ticks, ticksOfCounts, ticksOfTimes } from './ticks.ts';
import { aboveUsual } from './usual-rate.ts';
import { type Failure, groupKey, isCut, type Witness, witnesses } from './witness.ts';

/** Refusals of fewer visitors than this are a rule doing its work. */
const MIN_REFUSED_CLIENTS = 4;
/** Requests that an outer log must show within a burst to speak for it. */
const MIN_COVERING_REQUESTS = 10;
/** Clocks and whole-second stamps let the same burst differ by this much between logs. */
const SLACK_MS = 3000;

/**
 * Finds the bursts, in order of time. Each witness is searched by itself, by kind and by who made the status; bursts of an
 * inner log that an outer one shows too are the same burst, and one that an outer log could have shown and does not show
 * reached no visitor.
 */
export function findBursts(
  streams: readonly TimedStream[],
  all: readonly Witness[] = witnesses(streams),
): FoundBurst[] {
  return toldOnce(all, (witness) => absorbStrays(mergeSameScope(burstsOf(witness)), witness));
}

/** What each witness tells, from the outside inwards: what an outer one told, too, or could have told and did not, is left out. */
export function toldOnce(all: readonly Witness[], toldBy: (witness: Witness) => readonly FoundBurst[]): FoundBurst[] {
  const rates = new Map(all.map((witness) => [witness, sampleRate(witness, all)]));
  let found: FoundBurst[] = [];
  for (const witness of all) {
    const own = toldBy(witness);
    const fresh = own.filter(
      (burst) => !found.some((outer) => sameBurst(outer, burst)) && !refuted(burst, all, witness),
    );
    found = [...found.map((outer) => betterCounted(outer, own, rates)), ...fresh.map((burst) => scaled(burst, rates))];
  }
  return found.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs || (a.madeBy < b.madeBy ? -1 : 1));
}

function burstsOf(witness: Witness): FoundBurst[] {
  const byGroup = new Map<string, Failure[]>();
  for (const key of [...witness.seconds.failed.keys()].sort()) byGroup.set(key, []);
  for (const failure of witness.failures) byGroup.get(groupKey(failure.kind, failure.madeBy))?.push(failure);
  const calm = calmOf(witness.seconds, witness.knowsTotals);
  const found: FoundBurst[] = [];
  for (const [key, failures] of byGroup) {
    const parts = partByHost(failures, (own) =>
      stretches(ticksOfTimes(calm, own), witness).map(({ first, last }) => ({
        startMs: first * 1000,
        endMs: last * 1000,
      })),
    );
    for (const own of parts) {
      const counts = parts.length === 1 ? witness.seconds.failed.get(key) : undefined;
      const ticks = counts ? ticksOfCounts(calm, counts) : ticksOfTimes(calm, own);
      for (const { first, last } of stretches(ticks, witness)) {
        const within = own.slice(firstFrom(own, first * 1000), firstFrom(own, (last + 1) * 1000));
        const burst = exactEnds(burstOf(witness, within), first * 1000, last * 1000);
        if (burst && (burst.kind !== 'blocked' || hitsVisitors(within, witness))) found.push(burst);
      }
    }
  }
  return found;
}

/** Seconds in which failures stand out: the first and the last of each stretch. */
function stretches(ticks: Ticks, { knowsTotals }: Witness): { first: number; last: number }[] {
  const { at } = ticks;
  return findSegments(knowsTotals ? ticks : aboveUsual(ticks)).map(({ from, to }) => ({
    first: at[from] ?? 0,
    last: at[to] ?? 0,
  }));
}

/** Index of the first failure at or after an instant; the failures are in order of time. */
function firstFrom(failures: readonly Failure[], ms: number): number {
  let low = 0;
  let high = failures.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((failures[middle]?.atMs ?? ms) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Whether refusals (403, 429) hit visitors: several of them, on pages that are served at other times. A deny rule that turns
 * scanners away does its work on paths that never succeed.
 */
function hitsVisitors(failures: readonly Failure[], witness: Witness): boolean {
  // A capture holds one browser: its refusals are that visitor's.
  if (witness.hop === 'client') return true;
  const clients = new Set(failures.map(({ row, clue }) => row?.record.client ?? clue?.record.client ?? ''));
  if (clients.size < MIN_REFUSED_CLIENTS) return false;
  const served = new Set(
    witness.streams.flatMap(({ sample }) =>
      sample.flatMap(({ record }) => (record.status < 400 ? [record.path ?? ''] : [])),
    ),
  );
  return failures.filter(({ row }) => served.has(row?.record.path ?? '')).length >= failures.length / 2;
}

/** Where only a sample of the failures was kept, the exact counts of the seconds tell when the burst began and ended. */
function exactEnds(burst: FoundBurst | null, firstMs: number, lastMs: number): FoundBurst | null {
  if (burst === null || burst.failures.every(({ weight }) => weight === 1)) return burst;
  const lead = burst.startMs - burst.firstRequestMs;
  const startMs = Math.min(burst.startMs, firstMs);
  return { ...burst, startMs, endMs: Math.max(burst.endMs, lastMs), firstRequestMs: startMs - lead };
}

/**
 * Whether two logs tell of one burst: they overlap by half of the shorter, allowing for clocks. Behind the web server a request
 * fails at any time from when it came in.
 */
function sameBurst(outer: FoundBurst, inner: FoundBurst): boolean {
  if ((outer.kind === 'blocked') !== (inner.kind === 'blocked')) return false;
  const outerMs = inner.witness.hop === 'app' ? Math.min(outer.startMs, outer.firstRequestMs) : outer.startMs;
  const overlap = Math.min(outer.endMs, inner.endMs) - Math.max(outerMs, inner.startMs) + 2 * SLACK_MS;
  const shorter = Math.min(outer.endMs - outerMs, inner.endMs - inner.startMs) + 2 * SLACK_MS;
  return overlap > 0 && overlap >= shorter / 2;
}

/**
 * An outer request log covers the time, shows traffic, and does not show the burst: no visitor was hit. Answers that were cut
 * off after their header have a good status in every request log, so that none of these can refute them.
 */
function refuted(burst: FoundBurst, all: readonly Witness[], witness: Witness): boolean {
  if (burst.failures.filter(isCut).length > burst.failures.length / 2) return false;
  // An application's own request log lies within: what failed before it, it never saw.
  const outer = all
    .slice(0, all.indexOf(witness))
    .filter(({ knowsTotals, hop }) => knowsTotals && hop !== 'client' && hop !== 'app');
  if (outer.every(({ hop }) => hop === 'proxy') && burst.madeBy === 'tunnel') return false;
  return outer.some(
    (other) =>
      other.hop !== witness.hop &&
      other.firstMs <= burst.startMs &&
      other.lastMs >= burst.endMs &&
      countedBetween(other.seconds, burst.startMs, burst.endMs) >= MIN_COVERING_REQUESTS,
  );
}

/** A sampled outer log gives way to an unsampled inner one that saw the same failures; else its counts are scaled. */
function betterCounted(
  outer: FoundBurst,
  inner: readonly FoundBurst[],
  rates: ReadonlyMap<Witness, number>,
): FoundBurst {
  if (!outer.estimated || outer.madeBy !== 'origin') return outer;
  const same = inner.find(
    (burst) => sameBurst(outer, burst) && burst.witness.knowsTotals && (rates.get(burst.witness) ?? 1) === 1,
  );
  return same ? { ...same, madeBy: outer.madeBy } : outer;
}

function scaled(burst: FoundBurst, rates: ReadonlyMap<Witness, number>): FoundBurst {
  const rate = rates.get(burst.witness) ?? 1;
  if (rate === 1) return burst;
  return {
    ...burst,
    failed: Math.round(burst.failed / rate),
    total: burst.total === null ? null : Math.round(burst.total / rate),
    estimated: true,
    sampleRate: rate,
  };
}
