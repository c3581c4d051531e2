import { failedIn } from './seconds.ts';
import type { Witness } from './witness.ts';

const MIN_REQUESTS = 100;
/** Ratios above this are counting noise, health checks and requests that bypass the edge. */
const COMPLETE_ABOVE = 0.9;
/** Stretches in which requests fail at the edge are left out: such a request may stand in the web server's log all the same. */
const STRETCH_SECONDS = 10;
const CLIENT_LEFT = 499;

/**
 * The part of the edge's requests that its export holds, told from the web server's own count of the requests that
 * reached it in the same calm time; 1 where nothing can be compared. Logpush's sample_rate is not written in the rows.
 */
export function sampleRate(witness: Witness, all: readonly Witness[]): number {
  if (witness.hop !== 'edge') return 1;
  const proxy = all.find(({ hop, knowsTotals }) => hop === 'proxy' && knowsTotals);
  if (!proxy) return 1;
  const failing = new Set<number>();
  witness.seconds.at.forEach((second, i) => {
    if (failedIn(witness.seconds, i) > 0) failing.add(stretchOf(second * 1000));
  });
  const firstMs = Math.max(witness.firstMs, proxy.firstMs);
  const lastMs = Math.min(witness.lastMs, proxy.lastMs);
  return (
    ratioOf(witness, proxy, (ms) => ms >= firstMs && ms <= lastMs && !failing.has(stretchOf(ms))) ??
    ratioOf(witness, proxy, (ms) => ms >= firstMs && ms <= lastMs) ??
    1
  );
}

const stretchOf = (ms: number): number => Math.floor(ms / (STRETCH_SECONDS * 1000));

function ratioOf(edge: Witness, proxy: Witness, when: (ms: number) => boolean): number | null {
  const reached = countWhere(edge, when, true);
  const served = countWhere(proxy, when, false);
  if (served < MIN_REQUESTS || reached === 0) return null;
  const ratio = reached / served;
  return ratio > COMPLETE_ABOVE ? 1 : ratio;
}

/** Requests of a witness's logs at such times, without those whose visitor left before an answer. */
function countWhere(witness: Witness, when: (ms: number) => boolean, onlyReached: boolean): number {
  let count = 0;
  for (const { cells } of witness.streams) {
    const isCounted = cells.kinds.map(({ status, reached }) => status !== CLIENT_LEFT && (!onlyReached || reached));
    cells.each((atMs, n, kind) => {
      if (isCounted[kind] && when(atMs)) count += n;
    });
  }
  return count;
}
