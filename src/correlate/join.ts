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

/** What the logs hold about some requests, so that all of them are joined by going over the logs once. */
interface Related {
  /** Rows by hop, in the order of the streams: of each stream first those that failed. */
  readonly rows: ReadonlyMap<Hop, readonly TimedRequest[]>;
  readonly lines: readonly TimedClue[];
}

/**
 * Joins what the logs hold about each of some requests: by Ray ID where both sides log it, else by method, path and time.
 * The Ray ID is the lucky case; most error logs carry none.
 */
export function joinRequests(
  seeds: readonly (TimedRequest | TimedClue)[],
  streams: readonly TimedStream[],
): JoinedRequest[] {
  const related = relatedTo(seeds, streams);
  return seeds.map((seed) => joinRequest(seed, related));
}

/** All rows and lines that share a Ray ID or a path with any of the requests. */
function relatedTo(seeds: readonly (TimedRequest | TimedClue)[], streams: readonly TimedStream[]): Related {
  const rays = new Set(seeds.map(({ record: { ray } }) => ray));
  const paths = new Set(seeds.map(({ record: { path } }) => path ?? ''));
  rays.delete(undefined);
  const isRelated = ({ record: { ray, path } }: TimedRequest | TimedClue): boolean =>
    (path !== undefined && paths.has(path)) || rays.has(ray);
  // A request is looked for on all hops but its own.
  const isWanted = (hop: Hop): boolean => seeds.some(({ record }) => record.kind !== 'request' || record.hop !== hop);
  const rows = new Map<Hop, TimedRequest[]>();
  const lines: TimedClue[] = [];
  for (const { stream, failures, sample, clues } of streams) {
    const ofHop = rows.get(stream.hop) ?? [];
    rows.set(stream.hop, ofHop);
    if (stream.requestCount > 0 && isWanted(stream.hop))
      for (const list of [failures, sample]) for (const row of list) if (isRelated(row)) ofHop.push(row);
    for (const [signal, { kept }] of clues)
      if (SIGNALS[signal].role !== 'noise') for (const clue of kept) if (isRelated(clue)) lines.push(clue);
  }
  return { rows, lines };
}

function joinRequest(seed: TimedRequest | TimedClue, related: Related): JoinedRequest {
  const { ray, method = '', path = '' } = seed.record;
  const steps: (TimedRequest | TimedClue)[] = [seed];
  let byRay = 0;
  let byRequest = 0;
  for (const hop of HOPS) {
    if (hop === hopOf(seed) && seed.record.kind === 'request') continue;
    const row = findRow(related.rows.get(hop) ?? [], seed, ray, method, path);
    if (row) {
      if (ray !== undefined && row.record.ray === ray) byRay++;
      else byRequest++;
      steps.push(row);
    }
  }
  for (const clue of findLines(related.lines, seed, ray, method, path)) {
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
  rows: readonly TimedRequest[],
  seed: TimedRequest | TimedClue,
  ray: string | undefined,
  method: string,
  path: string,
): TimedRequest | undefined {
  let best: TimedRequest | undefined;
  for (const row of rows) {
    if (row === seed) continue;
    if (ray !== undefined && row.record.ray !== undefined) {
      if (row.record.ray === ray) return row;
      continue;
    }
    const near = Math.abs(row.atMs - seed.atMs);
    if (near > SAME_MOMENT_MS || row.record.path !== path || (row.record.method ?? '') !== method) continue;
    if (!best || near < Math.abs(best.atMs - seed.atMs)) best = row;
  }
  return best;
}

function findLines(
  lines: readonly TimedClue[],
  seed: TimedRequest | TimedClue,
  ray: string | undefined,
  method: string,
  path: string,
): TimedClue[] {
  const found: TimedClue[] = [];
  for (const clue of lines) {
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
