import type { TimedRequest, TimedStream } from '../../clock/timeline.ts';
import { keptKind } from '../../digest/sampling.ts';
import type { Result } from '../schema.ts';
import { BUCKETS_MS, bucketOf } from './durations.ts';
import { axisOf } from './timeline.ts';
import { isoInstant } from './times.ts';

const MOST_COLUMNS = 120;

/** Logs that may tell how long the origin took, the outermost first, and the field that tells it. */
const TELLS = [
  ['edge', 'upstreamMs'],
  ['proxy', 'upstreamMs'],
  ['proxy', 'durationMs'],
  ['client', 'durationMs'],
] as const;

/**
 * How many requests of each step took how long at the origin, by the outermost log that tells it; null where none does. Kept
 * rows count for all those that they stand for.
 */
export function originTimesOf(streams: readonly TimedStream[]): Result['originTimes'] | null {
  const axis = axisOf(streams, MOST_COLUMNS);
  if (!axis) return null;
  const { startMs, endMs, stepSeconds } = axis;
  const steps = Math.max(1, Math.floor((endMs - startMs) / 1000 / stepSeconds) + 1);
  for (const [hop, field] of TELLS) {
    const columns = Array.from({ length: steps }, () => new Array<number>(BUCKETS_MS.length + 1).fill(0));
    let told = 0;
    let estimated = false;
    const count = ({ record, atMs }: TimedRequest, weight: number): void => {
      const took = record[field];
      const column = columns[Math.floor((atMs - startMs) / 1000 / stepSeconds)];
      if (took === undefined || !column || !record.visitor) return;
      const bucket = bucketOf(took);
      column[bucket] = (column[bucket] ?? 0) + weight;
      told += 1;
      if (weight > 1) estimated = true;
    };
    for (const timed of streams) {
      if (timed.stream.hop !== hop) continue;
      const { kept } = timed.stream;
      for (const row of timed.sample) count(row, kept.ordinary.weight);
      for (const row of timed.failures) count(row, kept[keptKind(row.record.status, row.record.signal)].weight);
    }
    if (told === 0) continue;
    const part = field === 'upstreamMs' ? 'upstream' : 'whole';
    return { hop, part, start: isoInstant(startMs), stepSeconds, bucketsMs: [...BUCKETS_MS], columns, estimated };
  }
  return null;
}
