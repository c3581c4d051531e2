import type { SignalId } from '../vocabulary/signals.ts';
import { burstOf, type FoundBurst } from './burst.ts';
import type { Failure, Witness } from './witness.ts';

/** Bursts of two groups this near to each other in time may be one. */
const NEAR_MS = 4000;
/** Bursts that lasted this long and had this many failures are no mere beginning or end of another one. */
const OF_ITS_OWN_MS = 4000;
const OF_ITS_OWN_FAILURES = 10;
/** One that begins this much before the other's end comes after it, too: stamps are of whole seconds. */
const IN_TURN_MS = 1000;
/** A value that holds this part of one burst's failures … */
const CONCENTRATED = 0.8;
/** … and less than this of the other's parts the two. */
const ELSEWHERE = 0.6;

const DIMENSIONS = ['colo', 'host', 'upstream', 'path'] as const;
type ScopeDimension = (typeof DIMENSIONS)[number];

const scopeValue = ({ row, clue }: Failure, dimension: ScopeDimension): string =>
  (dimension === 'colo' ? row?.record.colo : (row ?? clue)?.record[dimension]) ?? '';

function topShare(failures: readonly Failure[], dimension: ScopeDimension): { value: string; share: number } {
  const counts = new Map<string, number>();
  for (const failure of failures) {
    const value = scopeValue(failure, dimension);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  let best = { value: '', share: 0 };
  for (const [value, n] of counts) if (n / failures.length > best.share) best = { value, share: n / failures.length };
  return best;
}

function shareOf(failures: readonly Failure[], dimension: ScopeDimension, value: string): number {
  return failures.filter((failure) => scopeValue(failure, dimension) === value).length / Math.max(1, failures.length);
}

/** Whether one burst is bound to a colo, host, backend or path that the other is not bound to. */
function differentScope(a: FoundBurst, b: FoundBurst): boolean {
  return DIMENSIONS.some((dimension) =>
    [[a, b] as const, [b, a] as const].some(([one, other]) => {
      const top = topShare(one.failures, dimension);
      return top.value !== '' && top.share >= CONCENTRATED && shareOf(other.failures, dimension, top.value) < ELSEWHERE;
    }),
  );
}

const isOfItsOwn = ({ startMs, endMs, failures }: FoundBurst): boolean =>
  endMs - startMs >= OF_ITS_OWN_MS && failures.length >= OF_ITS_OWN_FAILURES;

/** Whether one fault came when the other was over: the answers changed from one second to the next, and each went on for a while. */
function inTurn(first: FoundBurst, then: FoundBurst): boolean {
  return then.startMs >= first.endMs - IN_TURN_MS && isOfItsOwn(first) && isOfItsOwn(then);
}

/**
 * Joins bursts of different makers that are one fault seen in two statuses (a web server that dies gives 520 and 521): same
 * time, same scope. Bursts that overlap by chance differ in scope and stay apart, and so do those that come in turn.
 */
export function mergeSameScope(bursts: readonly FoundBurst[]): FoundBurst[] {
  const sorted = [...bursts].sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
  const merged: FoundBurst[] = [];
  for (const burst of sorted) {
    const index = merged.findIndex(
      (other) =>
        (other.madeBy !== burst.madeBy || other.kind !== burst.kind) &&
        (other.kind === 'blocked') === (burst.kind === 'blocked') &&
        burst.startMs - other.endMs <= NEAR_MS &&
        !inTurn(other, burst) &&
        !differentScope(other, burst),
    );
    const other = merged[index];
    const joined =
      other &&
      burstOf(
        burst.witness,
        [...other.failures, ...burst.failures].sort((a, b) => a.atMs - b.atMs),
      );
    if (joined) merged[index] = joined;
    else merged.push(burst);
  }
  return merged;
}

/** Answers that Cloudflare made before it asked any origin. */
const NOT_ASKED: ReadonlySet<SignalId> = new Set(['edge.502-no-origin', 'edge.own-5xx']);

/**
 * Tells whether a failure cannot be the burst's: it is of a host of which the burst has none, or Cloudflare made it without
 * asking the origin while the burst's requests went to an origin's address. (Behind a tunnel no row names an address, and a
 * refused connection looks the same.)
 */
function othersOf({ failures }: FoundBurst): (failure: Failure) => boolean {
  const hosts = new Set(failures.map((failure) => scopeValue(failure, 'host')));
  const asked = failures.filter(({ row }) => row?.record.upstream !== undefined).length > failures.length / 2;
  return (failure) => {
    const host = scopeValue(failure, 'host');
    if (host !== '' && !hosts.has(host) && !hosts.has('')) return true;
    const { signal, row } = failure;
    return asked && signal !== null && NOT_ASKED.has(signal) && row?.record.upstream === undefined;
  };
}

/** Single failures of other groups inside the time of one burst belong to it (the one 520 at the start of many 521). */
export function absorbStrays(bursts: readonly FoundBurst[], witness: Witness): FoundBurst[] {
  const taken = new Set(bursts.flatMap(({ failures }) => failures));
  const extra = new Map<FoundBurst, Failure[]>();
  const others = new Map(bursts.map((burst) => [burst, othersOf(burst)]));
  for (const failure of witness.failures) {
    if (taken.has(failure) || failure.kind === 'blocked') continue;
    const around = bursts.filter(
      (burst) =>
        burst.kind !== 'blocked' &&
        failure.atMs >= burst.startMs - 1000 &&
        failure.atMs <= burst.endMs + 1000 &&
        others.get(burst)?.(failure) !== true,
    );
    const only = around[0];
    if (around.length !== 1 || !only) continue;
    const list = extra.get(only);
    if (list) list.push(failure);
    else extra.set(only, [failure]);
  }
  return bursts.map((burst) => {
    const more = extra.get(burst);
    return more
      ? (burstOf(
          witness,
          [...burst.failures, ...more].sort((a, b) => a.atMs - b.atMs),
        ) ?? burst)
      : burst;
  });
}
