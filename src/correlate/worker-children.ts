import type { Failure } from '../bursts/witness.ts';
import type { TimedRequest, TimedStream } from '../clock/timeline.ts';

/** Rows that the failing requests' Workers made: `fetch()` calls with the Ray ID of a failed request as their parent. */
export function workerChildren(failures: readonly Failure[], streams: readonly TimedStream[]): TimedRequest[] {
  const children = madeByWorkers(streams);
  if (children.length === 0) return [];
  const parents = new Set(failures.flatMap(({ row }) => row?.record.ray ?? []));
  return children.filter(({ record }) => record.parentRay !== undefined && parents.has(record.parentRay));
}

const known = new WeakMap<readonly TimedStream[], readonly TimedRequest[]>();

/** All rows that Workers made: the same for all bursts. */
function madeByWorkers(streams: readonly TimedStream[]): readonly TimedRequest[] {
  let rows = known.get(streams);
  if (rows === undefined) {
    rows = streams
      .filter(({ stream }) => stream.hop === 'edge')
      .flatMap(({ failures, sample }) => [failures, sample])
      .flatMap((list) => list.filter(({ record }) => record.parentRay !== undefined));
    known.set(streams, rows);
  }
  return rows;
}

/** Whether at least half of those requests failed, too (cloudflare-exports 2.1 row 12). */
export function mostFailed(children: readonly TimedRequest[]): boolean {
  const failed = children.filter(({ record }) => record.status >= 500).length;
  return children.length > 0 && failed >= 0.5 * children.length;
}
