import type { Kept, StreamDigest } from '../digest/digest.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { agreedDifference, type ClockEvent } from './differences.ts';
import { rowsOf } from './events.ts';

/** How far one machine's clock is from the edge's, and how that is known. */
export interface Skew {
  readonly seconds: number;
  readonly method: 'ray-id' | 'request';
  readonly uncertaintySeconds: number;
  readonly support: number;
  readonly rival: { readonly seconds: number; readonly support: number } | null;
}

const MIN_SHARED_RAYS = 3;
const MIN_SHARED_REQUESTS = 5;
const MAX_SKEW_MS = 900_000;

type Row = Kept<RequestRecord>;
type ToUtc = (row: Row) => number;

/** Skew from requests that carry the same Ray ID on both sides: the median of the differences. */
export function skewByRay(
  origin: readonly StreamDigest[],
  edge: readonly StreamDigest[],
  originMs: ToUtc,
  edgeMs: ToUtc,
): Skew | null {
  const edgeAt = new Map<string, number>();
  for (const row of rowsOf(edge)) if (row.record.ray !== undefined) edgeAt.set(row.record.ray, edgeMs(row));
  const differences: number[] = [];
  for (const row of rowsOf(origin)) {
    const at = row.record.ray === undefined ? undefined : edgeAt.get(row.record.ray);
    if (at !== undefined) differences.push(originMs(row) - at);
  }
  const usable = differences.filter((ms) => !Number.isNaN(ms)).sort((a, b) => a - b);
  if (usable.length < MIN_SHARED_RAYS) return null;
  const median = usable[Math.floor(usable.length / 2)] ?? 0;
  const near = usable.filter((ms) => Math.abs(ms - median) <= 2500);
  const mean = near.reduce((sum, ms) => sum + ms, 0) / near.length;
  return { seconds: wholeSeconds(mean), method: 'ray-id', uncertaintySeconds: 1, support: near.length, rival: null };
}

/** Skew from requests seen on both sides with the same method, path and status at a constant difference. */
export function skewByRequest(left: readonly ClockEvent[], right: readonly ClockEvent[]): Skew | null {
  const agreed = agreedDifference(left, right, (ms) => Math.abs(ms) <= MAX_SKEW_MS);
  if (!agreed || agreed.support < MIN_SHARED_REQUESTS) return null;
  const rival = agreed.runnerUp && {
    seconds: wholeSeconds(agreed.runnerUp.differenceMs),
    support: agreed.runnerUp.support,
  };
  if (rival && rival.support > 0.6 * agreed.support) return null;
  return {
    seconds: wholeSeconds(agreed.differenceMs),
    method: 'request',
    uncertaintySeconds: 2,
    support: agreed.support,
    rival,
  };
}

/** Stamps are whole seconds, so that differences scatter by half a second: a skew below that is none. */
function wholeSeconds(ms: number): number {
  const seconds = Math.round(ms / 1000);
  return seconds === 0 ? 0 : seconds;
}
