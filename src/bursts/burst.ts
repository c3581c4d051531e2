import type { FailureKind, Maker } from '../vocabulary/hops.ts';
import { countedBetween } from './seconds.ts';
import { type Failure, groupKey, type Witness } from './witness.ts';

/** An interval in which the failures of one group stand out, as the counting witness saw it. */
export interface FoundBurst {
  readonly kind: FailureKind;
  readonly madeBy: Maker;
  /** First and last failed answer; when the first failing request came in. */
  readonly startMs: number;
  readonly endMs: number;
  readonly firstRequestMs: number;
  /** The log that counts its requests. */
  readonly witness: Witness;
  /** The failed requests, in order of time. */
  readonly failures: readonly Failure[];
  readonly failed: number;
  /** All visitors' requests of the witness in the same time; null where it knows failures only. */
  readonly total: number | null;
  /** Whether `failed` was scaled up from a sampled log. */
  readonly estimated: boolean;
  /** Part of the requests that the witness's log holds (1 = all). */
  readonly sampleRate: number;
  /** True where no log holds its requests: `failed` is then told from the usual rate, 0 where that is not known. */
  readonly unseen?: true;
}

/** A burst made of these failures, with its totals counted by the witness; null for none. */
export function burstOf(witness: Witness, failures: readonly Failure[]): FoundBurst | null {
  const first = failures[0];
  const last = failures.at(-1);
  if (!first || !last) return null;
  const { kind, madeBy } = commonest(failures);
  const failed = Math.round(failures.reduce((sum, { weight }) => sum + weight, 0));
  return {
    kind,
    madeBy,
    witness,
    failures,
    failed,
    startMs: first.atMs,
    endMs: last.atMs,
    firstRequestMs: failures.reduce((earliest, { startedMs }) => Math.min(earliest, startedMs), first.startedMs),
    total: witness.knowsTotals ? countedBetween(witness.seconds, first.atMs, last.atMs) : null,
    estimated: failures.some(({ weight }) => weight !== 1),
    sampleRate: 1,
  };
}

/** Most failures within any sixty seconds; they are in order of time. */
export function peakPerMinute(failures: readonly Failure[]): number {
  let from = 0;
  let peak = 0;
  failures.forEach(({ atMs }, to) => {
    while ((failures[from]?.atMs ?? atMs) < atMs - 60_000) from++;
    peak = Math.max(peak, to - from + 1);
  });
  return peak;
}

function commonest(failures: readonly Failure[]): { kind: FailureKind; madeBy: Maker } {
  const counts = new Map<string, { n: number; kind: FailureKind; madeBy: Maker }>();
  for (const { kind, madeBy, weight } of failures) {
    const key = groupKey(kind, madeBy);
    const known = counts.get(key);
    if (known) known.n += weight;
    else counts.set(key, { n: weight, kind, madeBy });
  }
  const ranked = [...counts.values()].sort(
    (a, b) => rankKind(a.kind) - rankKind(b.kind) || b.n - a.n || (a.madeBy < b.madeBy ? -1 : 1),
  );
  return ranked[0] ?? { kind: 'gateway', madeBy: 'unknown' };
}

const rankKind = (kind: FailureKind): number => (kind === 'gateway' ? 0 : kind === 'application' ? 1 : 2);
