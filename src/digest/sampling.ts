import { failureKind } from '../vocabulary/hops.ts';
import type { Stamp } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { ClueSeries, KeptKind, KeptRows } from './digest.ts';

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
  ordinary: { cap: 20_000, thinner: (weight) => (weight === 1 ? SAMPLE_STRIDE : twice(weight)) },
  failed: { cap: 20_000, thinner: twice },
  refused: { cap: 4000, thinner: twice },
};

/** What a row with this status and signal is kept as. */
export function keptKind(status: number, signal: SignalId | undefined): KeptKind {
  const kind = failureKind(status);
  if (kind === 'blocked') return 'refused';
  return kind !== null || signal !== undefined ? 'failed' : 'ordinary';
}
/** Clues of one signal are all kept up to this many; beyond, the first of each minute and one in 64 by hash. */
export const CLUE_CAP = 4000;

/** Keeps rows of a kind within bounds. The outcome depends on the rows alone, not on their order. */
export function limitRows(kept: KeptRows, { cap, thinner }: KeepRule): void {
  while (kept.rows.length > cap) thinRows(kept, thinner(kept.weight));
}

/** Leaves the rows that a sample of this weight has. */
export function thinRows(kept: KeptRows, weight: number): void {
  kept.weight = weight;
  kept.rows = kept.rows.filter(({ hash }) => hash % weight === 0);
}

/** The minute of a written time, as clues are sampled by it; NaN for undated lines. */
export function minuteOf(ms: number): number {
  return Math.floor(ms / 60_000);
}

/** Whether a clue beyond the cap is kept for its hash. */
export function isChosenClue(hash: number): boolean {
  return hash % SAMPLE_STRIDE === 0;
}

/** What decides whether a clue beyond the cap is kept. */
export interface ClueSample {
  readonly at: Stamp;
  readonly piece: number;
  readonly own: number;
}

/** Of clues in order: the first of each minute of each segment, and the sample. */
export function thinClues<K>(kept: readonly K[], sampleOf: (clue: K) => ClueSample): K[] {
  const seen = new Set<string>();
  return kept.filter((clue) => {
    const { at, piece, own } = sampleOf(clue);
    const minute = `${piece} ${at.kind === 'none' ? '' : minuteOf(at.ms)}`;
    const first = !seen.has(minute);
    seen.add(minute);
    return first || isChosenClue(own);
  });
}

/** Keeps the records of one signal within bounds; counts stay exact. The outcome depends on the lines alone. */
export function limitClues(series: ClueSeries): void {
  if (series.count <= CLUE_CAP) return;
  series.thinned = true;
  series.kept = thinClues(series.kept, ({ record, segment, hash }) => ({
    at: record.stamp,
    piece: segment,
    own: hash,
  }));
}
