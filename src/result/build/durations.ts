import type { FoundBurst } from '../../bursts/burst.ts';
import type { TimedRequest, TimedStream } from '../../clock/timeline.ts';
import { spikeOf } from '../../correlate/derived/spike.ts';
import type { Facts } from '../../correlate/facts.ts';
import { writtenWithin } from '../../correlate/row-times.ts';
import type { Hop } from '../../vocabulary/hops.ts';
import type { Burst } from '../schema.ts';
import { timerName } from './timers.ts';

/** Upper bounds of the buckets, in milliseconds; the last one is open. */
export const BUCKETS_MS: readonly number[] = [10, 50, 100, 300, 1000, 3000, 10_000, 30_000, 61_000, 101_000, 121_000];

/** The bucket that a duration falls into. */
export function bucketOf(ms: number): number {
  let at = 0;
  while (at < BUCKETS_MS.length && !(ms < (BUCKETS_MS[at] ?? ms))) at++;
  return at;
}

function histogram(rows: readonly TimedRequest[]): number[] {
  const counts = new Array<number>(BUCKETS_MS.length + 1).fill(0);
  for (const { record } of rows) {
    if (record.durationMs === undefined) continue;
    const index = bucketOf(record.durationMs);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

/** How long the requests of the burst's time took, by hop; and the timer that the failures betray. */
export function durationsOf(burst: FoundBurst, streams: readonly TimedStream[], facts: Facts): Burst['durations'] {
  const found: Burst['durations'] = [];
  for (const hop of ['edge', 'proxy', 'app', 'client'] as const) {
    const within = (rows: readonly TimedRequest[]): TimedRequest[] =>
      writtenWithin(rows, burst.startMs - 1000, burst.endMs + 1000);
    const own = streams.filter(({ stream }) => stream.hop === hop && stream.requestCount > 0);
    const failed =
      hop === burst.witness.hop
        ? burst.failures.flatMap(({ row }) => (row ? [row] : []))
        : own.flatMap(({ failures }) => within(failures).filter(({ record }) => record.status >= 500));
    const failedCounts = histogram(failed);
    if (failedCounts.every((n) => n === 0)) continue;
    const fine = own.flatMap(({ sample }) => within(sample));
    const fineCounts = histogram(fine);
    found.push({
      hop,
      bucketsMs: [...BUCKETS_MS],
      failed: failedCounts,
      total: failedCounts.map((n, i) => n + (fineCounts[i] ?? 0)),
      fingerprint: fingerprint(hop, failed, fine, facts),
    });
  }
  return found;
}

type DurationField = 'durationMs' | 'upstreamMs';

/**
 * The timer that ended the failures: told from the whole time of the requests, else from the next hop's part of it. Where
 * good answers take the same time in greater number, it is how long that page takes.
 */
function fingerprint(
  hop: Hop,
  failed: readonly TimedRequest[],
  fine: readonly TimedRequest[],
  facts: Facts,
): Burst['durations'][number]['fingerprint'] {
  for (const field of ['durationMs', 'upstreamMs'] as const) {
    const spike = spikeOf(timesOf(failed, field));
    if (spike === null) continue;
    const ended = failed.filter(({ record }) => endsAt(record[field], spike.atMs));
    if (fine.filter(({ record }) => endsAt(record[field], spike.atMs)).length > ended.length) continue;
    return { atMs: spike.atMs, timer: timerName(spike.atMs, hop, commonestStatus(ended), facts) };
  }
  return null;
}

function timesOf(rows: readonly TimedRequest[], field: DurationField): number[] {
  return rows.flatMap(({ record }) => (record[field] === undefined ? [] : [record[field]]));
}

/** A timer's requests end within a second after its value. */
function endsAt(ms: number | undefined, atMs: number): boolean {
  return ms !== undefined && ms >= atMs - 5 && ms < atMs + 1000;
}

function commonestStatus(rows: readonly TimedRequest[]): number | null {
  const counts = new Map<number, number>();
  for (const { record } of rows) counts.set(record.status, (counts.get(record.status) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? null;
}
