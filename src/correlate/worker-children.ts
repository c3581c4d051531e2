import type { Failure } from '../bursts/witness.ts';
import type { TimedRequest, TimedStream } from '../clock/timeline.ts';

/** Rows that the failing requests' Workers made: `fetch()` calls with the Ray ID of a failed request as their parent. */
export function workerChildren(failures: readonly Failure[], streams: readonly TimedStream[]): TimedRequest[] {
  const parents = new Set(failures.flatMap(({ row }) => (row?.record.ray === undefined ? [] : [row.record.ray])));
  if (parents.size === 0) return [];
  return streams
    .filter(({ stream }) => stream.hop === 'edge')
    .flatMap(({ failures: failed, sample }) => [...failed, ...sample])
    .filter(({ record }) => record.parentRay !== undefined && parents.has(record.parentRay));
}

/** Whether at least half of those requests failed, too (cloudflare-exports 2.1 row 12). */
export function mostFailed(children: readonly TimedRequest[]): boolean {
  const failed = children.filter(({ record }) => record.status >= 500).length;
  return children.length > 0 && failed >= 0.5 * children.length;
}
