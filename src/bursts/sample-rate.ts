import type { Witness } from './witness.ts';

const MIN_REQUESTS = 100;
/** Ratios above this are counting noise, health checks and requests that bypass the edge. */
const COMPLETE_ABOVE = 0.9;

/**
 * The part of the edge's requests that its export holds, told from the web server's own count of the requests that
 * reached it in the same time; 1 where nothing can be compared. Logpush's sample_rate is not written in the rows.
 */
export function sampleRate(witness: Witness, all: readonly Witness[]): number {
  if (witness.hop !== 'edge') return 1;
  const proxy = all.find(({ hop, knowsTotals }) => hop === 'proxy' && knowsTotals);
  if (!proxy) return 1;
  const firstMs = Math.max(witness.firstMs, proxy.firstMs);
  const lastMs = Math.min(witness.lastMs, proxy.lastMs);
  const reached = countBetween(witness, firstMs, lastMs, true);
  const served = countBetween(proxy, firstMs, lastMs, false);
  if (served < MIN_REQUESTS || reached === 0) return 1;
  const ratio = reached / served;
  return ratio > COMPLETE_ABOVE ? 1 : ratio;
}

function countBetween(witness: Witness, firstMs: number, lastMs: number, onlyReached: boolean): number {
  let count = 0;
  for (const { cells } of witness.streams) {
    for (const { cell, atMs } of cells) {
      if (atMs >= firstMs && atMs <= lastMs && (!onlyReached || cell.reached)) count += cell.count;
    }
  }
  return count;
}
