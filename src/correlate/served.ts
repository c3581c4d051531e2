import type { FoundBurst } from '../bursts/burst.ts';
import type { TimedStream } from '../clock/timeline.ts';
import type { TimeSpan } from './times.ts';

/** So many answers, and no larger part of failures among all, say that a service was there. */
const FEWEST_SERVED = 5;
const FAILED_SHARE = 0.2;

/**
 * Whether some request log shows that visitors were served in a time, as they cannot have been in an outage. What lies in a
 * burst says nothing where it is given: it may be the outage's own, read at a wrong place.
 */
export function isServedIn({ fromMs, toMs }: TimeSpan, placed: readonly TimedStream[], except?: FoundBurst): boolean {
  return placed.some((log) => {
    const { hop, requestCount } = log.stream;
    if (requestCount === 0 || (hop !== 'edge' && hop !== 'proxy')) return false;
    let [served, failed] = [0, 0];
    const { kinds } = log.cells;
    log.cells.between(fromMs + 1000, toMs - 1000).each((atMs, count, kind) => {
      if (except && atMs >= except.firstRequestMs - 1000 && atMs <= except.endMs + 1000) return;
      const { status = 0, reached = false } = kinds[kind] ?? {};
      if (status >= 500) failed += count;
      else if (hop === 'proxy' || reached) served += count;
    });
    return served >= FEWEST_SERVED && failed <= FAILED_SHARE * (served + failed);
  });
}
