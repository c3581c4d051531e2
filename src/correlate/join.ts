import type { TimedClue, TimedRequest, TimedStream } from '../clock/timeline.ts';
import { HOPS, type Hop } from '../vocabulary/hops.ts';
import { SIGNALS } from '../vocabulary/signals.ts';

/** One request over the hops: the rows and lines that are about it, from the outside inwards. */
export interface JoinedRequest {
  readonly ray: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly atMs: number;
  readonly steps: readonly (TimedRequest | TimedClue)[];
  readonly joinedBy: 'ray' | 'request' | 'time';
}

/** Rows of the same request end within this of each other on the corrected clock. */
const SAME_MOMENT_MS = 2500;

const hopOf = (step: TimedRequest | TimedClue): Hop => step.record.hop;

/**
 * Joins what the logs hold about one request: by Ray ID where both sides log it, else by method, path and time. The Ray ID
 * is the lucky case; most error logs carry none.
 */
export function joinRequest(seed: TimedRequest | TimedClue, streams: readonly TimedStream[]): JoinedRequest {
  const { ray, method = '', path = '' } = seed.record;
  const steps: (TimedRequest | TimedClue)[] = [seed];
  let byRay = 0;
  let byRequest = 0;
  for (const hop of HOPS) {
    if (hop === hopOf(seed) && seed.record.kind === 'request') continue;
    const row = findRow(streams, hop, seed, ray, method, path);
    if (row) {
      if (ray !== undefined && row.record.ray === ray) byRay++;
      else byRequest++;
      steps.push(row);
    }
  }
  for (const clue of findLines(streams, seed, ray, method, path)) {
    steps.push(clue);
    byRequest++;
  }
  steps.sort(
    (a, b) => HOPS.indexOf(hopOf(a)) - HOPS.indexOf(hopOf(b)) || a.atMs - b.atMs || a.record.line - b.record.line,
  );
  return {
    ray,
    method,
    path,
    atMs: seed.atMs,
    steps,
    joinedBy: byRay > 0 ? 'ray' : byRequest > 0 ? 'request' : 'time',
  };
}

function findRow(
  streams: readonly TimedStream[],
  hop: Hop,
  seed: TimedRequest | TimedClue,
  ray: string | undefined,
  method: string,
  path: string,
): TimedRequest | undefined {
  let best: TimedRequest | undefined;
  for (const { stream, failures, sample } of streams) {
    if (stream.hop !== hop || stream.requestCount === 0) continue;
    for (const row of [...failures, ...sample]) {
      if (row === seed) continue;
      if (ray !== undefined && row.record.ray !== undefined) {
        if (row.record.ray === ray) return row;
        continue;
      }
      const near = Math.abs(row.atMs - seed.atMs);
      if (near > SAME_MOMENT_MS || row.record.path !== path || (row.record.method ?? '') !== method) continue;
      if (!best || near < Math.abs(best.atMs - seed.atMs)) best = row;
    }
  }
  return best;
}

function findLines(
  streams: readonly TimedStream[],
  seed: TimedRequest | TimedClue,
  ray: string | undefined,
  method: string,
  path: string,
): TimedClue[] {
  const found: TimedClue[] = [];
  for (const { clues } of streams) {
    for (const [signal, { kept }] of clues) {
      if (SIGNALS[signal].role === 'noise') continue;
      for (const clue of kept) {
        if (clue === seed) continue;
        const { record, atMs } = clue;
        const sameRay = ray !== undefined && record.ray === ray;
        const sameRequest =
          path !== '' &&
          record.path === path &&
          (record.method === undefined || record.method === method) &&
          Math.abs(atMs - seed.atMs) <= SAME_MOMENT_MS;
        if (sameRay || sameRequest) found.push(clue);
      }
    }
  }
  found.sort(
    (a, b) =>
      Math.abs(a.atMs - seed.atMs) - Math.abs(b.atMs - seed.atMs) ||
      a.source - b.source ||
      a.record.line - b.record.line,
  );
  const perHop = new Map<Hop, number>();
  return found.filter(({ record }) => {
    const n = (perHop.get(record.hop) ?? 0) + 1;
    perHop.set(record.hop, n);
    return n === 1;
  });
}
