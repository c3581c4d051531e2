import { failureKind } from '../vocabulary/hops.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { KeptKind, KeptRows } from './digest.ts';

const SAMPLE_STRIDE = 64;

/** How many rows of a kind are kept: all up to the cap; beyond, the rows whose hash the weight divides. */
export interface KeepRule {
  readonly cap: number;
  /** The next larger weight. */
  readonly thinner: (weight: number) => number;
}

const twice = (weight: number): number => weight * 2;

/**
 * Ordinary rows become one in 64 at once, for totals by colo, host and the like; of what failed as much as possible is kept.
 * Refusals (403, 429) are many times as many as failures on most sites, and say little.
 */
export const KEEP: Readonly<Record<KeptKind, KeepRule>> = {
  ordinary: { cap: 8000, thinner: (weight) => (weight === 1 ? SAMPLE_STRIDE : twice(weight)) },
  failed: { cap: 6000, thinner: twice },
  refused: { cap: 2000, thinner: twice },
};

/** What one kept row of each kind stands for. */
export type SampleWeights = Readonly<Record<KeptKind, number>>;

/** How thin the samples of a stream are. */
export function weightsOf({ ordinary, failed, refused }: Readonly<Record<KeptKind, KeptRows>>): SampleWeights {
  return { ordinary: ordinary.weight, failed: failed.weight, refused: refused.weight };
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
export function limitRows(kept: KeptRows, { cap, thinner }: KeepRule): void {
  while (kept.rows.length > cap) thinRows(kept, thinner(kept.weight));
}

/** Leaves the rows that a sample of this weight has. */
export function thinRows(kept: KeptRows, weight: number): void {
  kept.weight = weight;
  kept.rows = kept.rows.filter(({ hash }) => hash % weight === 0);
}
