import type { Facts } from '../correlate/facts.ts';
import type { Hop } from '../vocabulary/hops.ts';
import { SIGNALS } from '../vocabulary/signals.ts';

/**
 * Where the failed requests of a burst were sent on to by a hop: the address or socket that most of its own lines
 * about failed requests name. Rows of the edge name the origin's address instead, the hop before; they are asked
 * only where the hop has no such line. Undefined where nothing names one.
 */
export function upstreamOf(facts: Facts, hop: Hop): string | undefined {
  let best: { value: string; count: number } | undefined;
  for (const { signal, values, count } of facts.signals.values()) {
    const { hop: speaker, role } = SIGNALS[signal];
    const value = values.upstream;
    if (speaker !== hop || role !== 'request' || value === undefined || value === '') continue;
    if (best === undefined || count > best.count) best = { value: String(value), count };
  }
  return best?.value ?? facts.top('upstream')?.value;
}
