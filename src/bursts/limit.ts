import type { FoundBurst } from './burst.ts';

/** A report of more is not read; each costs a look at all that was kept. */
export const MOST_BURSTS = 200;

/** The bursts with most failed requests, in order of time; gateway errors before others. */
export function largestBursts(bursts: readonly FoundBurst[], most: number = MOST_BURSTS): readonly FoundBurst[] {
  if (bursts.length <= most) return bursts;
  const isOther = ({ kind }: FoundBurst): number => Number(kind !== 'gateway');
  const kept = new Set(
    [...bursts].sort((a, b) => isOther(a) - isOther(b) || b.failed - a.failed || a.startMs - b.startMs).slice(0, most),
  );
  return bursts.filter((burst) => kept.has(burst));
}
