import { failureKind } from '../vocabulary/hops.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { ClueSample } from './clue-sample.ts';
import type { KeptKind, KeptRows, StreamDigest } from './digest.ts';
import { UnreadKept } from './unread.ts';

/** How many rows of a kind are kept: all of so many; of more, those whose hash the weight divides. */
export interface KeepRule {
  readonly whole: number;
  /** Most rows of a sample. Counts are exact without it: it tells shares, and holds the lines to quote. */
  readonly sampled: number;
  /** The smallest weight of a sample; each further one is twice the one before. */
  readonly firstWeight: number;
}

/**
 * Ordinary rows become one in 64 at once, for totals by colo, host and the like. Refusals (403, 429) are many times as many as
 * failures on most sites, and say little.
 */
export const KEEP: Readonly<Record<KeptKind, KeepRule>> = {
  ordinary: { whole: 8000, sampled: 4000, firstWeight: 64 },
  failed: { whole: 6000, sampled: 3000, firstWeight: 2 },
  refused: { whole: 2000, sampled: 1000, firstWeight: 2 },
};

/** Whether a row with this hash belongs to a sample of this weight: whether that divides it. Weights are powers of two. */
export function isSampled(hash: number, weight: number): boolean {
  return (hash & (weight - 1)) === 0;
}

/** The weight at which rows are too many no more: theirs, or a larger one. `countAt` counts the rows that a weight leaves. */
export function weightFor(rule: KeepRule, weight: number, countAt: (weight: number) => number): number {
  if (weight === 1 && countAt(1) <= rule.whole) return 1;
  let larger = Math.max(weight, rule.firstWeight);
  while (countAt(larger) > rule.sampled) larger *= 2;
  return larger;
}

/** What one kept row of each kind stands for, and how thin the lines of signals are of which some were left out. */
export interface SampleWeights extends Readonly<Record<KeptKind, number>> {
  readonly clues?: ReadonlyMap<SignalId, Readonly<ClueSample>>;
}

/** How thin the samples of a stream are. */
export function weightsOf({ kept, clues }: Pick<StreamDigest, 'kept' | 'clues'>): SampleWeights {
  const { ordinary, failed, refused } = kept;
  const thin = [...clues].flatMap(([signal, { sample }]) =>
    sample.weight > 1 ? [[signal, { ...sample }] as const] : [],
  );
  return { ordinary: ordinary.weight, failed: failed.weight, refused: refused.weight, clues: new Map(thin) };
}

/** Samples from which nothing was left out yet. */
export const WHOLE: SampleWeights = { ordinary: 1, failed: 1, refused: 1 };

/** What a row with this status and signal is kept as. */
export function keptKind(status: number, signal: SignalId | undefined): KeptKind {
  const kind = failureKind(status);
  if (kind === 'blocked') return 'refused';
  return kind !== null || signal !== undefined ? 'failed' : 'ordinary';
}

/** Keeps rows of a kind within bounds. The outcome depends on the rows alone, not on their order. */
export function limitRows(kept: KeptRows, rule: KeepRule): void {
  const { rows } = kept;
  if (rows.length <= (kept.weight === 1 ? rule.whole : rule.sampled)) return;
  thinRows(
    kept,
    weightFor(rule, kept.weight, (weight) => rows.filter(({ hash }) => isSampled(hash, weight)).length),
  );
}

/** Leaves the rows that a sample of this weight has. */
export function thinRows(kept: KeptRows, weight: number): void {
  kept.weight = weight;
  const { rows } = kept;
  kept.rows = rows.filter(({ hash }) => isSampled(hash, weight));
  for (const row of rows) if (row instanceof UnreadKept && !isSampled(row.hash, weight)) row.drop();
  for (const row of kept.rows) if (row instanceof UnreadKept) row.move();
}
