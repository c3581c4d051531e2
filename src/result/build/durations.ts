import type { FoundBurst } from '../../bursts/burst.ts';
import type { TimedRequest, TimedStream } from '../../clock/timeline.ts';
import type { Facts } from '../../correlate/facts.ts';
import type { Burst } from '../schema.ts';

/** Upper bounds of the buckets, in milliseconds; the last one is open. */
const BUCKETS_MS = [10, 50, 100, 300, 1000, 3000, 10_000, 30_000, 61_000, 101_000, 121_000];

function histogram(rows: readonly TimedRequest[]): number[] {
  const counts = new Array<number>(BUCKETS_MS.length + 1).fill(0);
  for (const { record } of rows) {
    if (record.durationMs === undefined) continue;
    const duration = record.durationMs;
    const at = BUCKETS_MS.findIndex((bound) => duration < bound);
    const index = at === -1 ? BUCKETS_MS.length : at;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** How long the requests of the burst's time took, by hop; and the timer that the failures betray. */
export function durationsOf(burst: FoundBurst, streams: readonly TimedStream[], facts: Facts): Burst['durations'] {
  const after = facts.signals.get('derived.timer')?.values.afterSeconds;
  const found: Burst['durations'] = [];
  for (const hop of ['edge', 'proxy', 'app', 'client'] as const) {
    const within = (row: TimedRequest): boolean => row.atMs >= burst.startMs - 1000 && row.atMs <= burst.endMs + 1000;
    const own = streams.filter(({ stream }) => stream.hop === hop && stream.requestCount > 0);
    const failed =
      hop === burst.witness.hop
        ? burst.failures.flatMap(({ row }) => (row ? [row] : []))
        : own.flatMap(({ failures }) => failures.filter((row) => within(row) && row.record.status >= 500));
    const fine = own.flatMap(({ sample }) => sample.filter(within));
    const failedCounts = histogram(failed);
    const fineCounts = histogram(fine);
    if (failedCounts.every((n) => n === 0)) continue;
    found.push({
      hop,
      bucketsMs: BUCKETS_MS,
      failed: failedCounts,
      total: failedCounts.map((n, i) => n + (fineCounts[i] ?? 0)),
      fingerprint:
        typeof after === 'number' && hop === burst.witness.hop
          ? { atMs: after * 1000, timer: `a timer of about ${after} s` }
          : null,
    });
  }
  return found;
}
