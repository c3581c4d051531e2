import type { FoundBurst } from '../../bursts/burst.ts';
import type { TimedStream } from '../../clock/timeline.ts';
import { failureKind, HOPS, type Hop } from '../../vocabulary/hops.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { Result } from '../schema.ts';
import { isoInstant, isoTime } from './times.ts';

const STEPS_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const MOST_STEPS = 360;
const ZOOM_MARGIN_MS = 15_000;

type Series = Result['timeline']['series'][number];

/** First and last dated entry of all streams. */
export function windowOf(streams: readonly TimedStream[]): { startMs: number; endMs: number } | null {
  const firsts = streams.map(({ firstMs }) => firstMs).filter(Number.isFinite);
  const lasts = streams.map(({ lastMs }) => lastMs).filter(Number.isFinite);
  return firsts.length === 0 ? null : { startMs: Math.min(...firsts), endMs: Math.max(...lasts) };
}

function stepFor(spanMs: number): number {
  return STEPS_SECONDS.find((step) => spanMs / 1000 / step <= MOST_STEPS) ?? 86_400;
}

/** Requests, failures and error lines of every hop on one axis. */
function seriesBetween(streams: readonly TimedStream[], startMs: number, endMs: number, stepSeconds: number): Series[] {
  const steps = Math.max(1, Math.floor((endMs - startMs) / 1000 / stepSeconds) + 1);
  const found: Series[] = [];
  const at = (ms: number): number => Math.floor((ms - startMs) / 1000 / stepSeconds);
  const values = new Map<string, number[]>();
  const add = (hop: Hop, name: string, ms: number, count: number): void => {
    const index = at(ms);
    if (!(index >= 0 && index < steps)) return;
    const key = `${hop} ${name}`;
    let list = values.get(key);
    if (!list) {
      list = new Array<number>(steps).fill(0);
      values.set(key, list);
    }
    list[index] = (list[index] ?? 0) + count;
  };
  for (const { stream, cells, clues } of streams) {
    for (const { cell, atMs } of cells) {
      add(stream.hop, 'total', atMs, cell.count);
      const kind = failureKind(cell.status);
      const noise = cell.signal !== null && SIGNALS[cell.signal].role !== 'request';
      if (kind !== null && kind !== 'blocked' && !noise) add(stream.hop, 'failed', atMs, cell.count);
    }
    for (const [signal, { seconds }] of clues) {
      const { role, hop } = SIGNALS[signal];
      if (role !== 'request' && role !== 'process') continue;
      for (const [second, count] of seconds) add(hop, 'error lines', second * 1000, count);
    }
  }
  for (const hop of HOPS) {
    for (const name of ['total', 'failed', 'error lines']) {
      const list = values.get(`${hop} ${name}`);
      if (list) found.push({ hop, name, values: list });
    }
  }
  return found;
}

/** The whole time in at most a few hundred steps. */
export function timelineOf(streams: readonly TimedStream[]): Result['timeline'] {
  // A host's journal goes on for days: where there are request logs, their time is the picture's.
  const requests = streams.filter(({ stream }) => stream.requestCount > 0);
  const window = windowOf(requests.length > 0 ? requests : streams);
  if (!window) return { stepSeconds: 60, start: null, series: [] };
  const stepSeconds = stepFor(window.endMs - window.startMs);
  const startMs = Math.floor(window.startMs / 1000 / stepSeconds) * stepSeconds * 1000;
  return { stepSeconds, start: isoTime(startMs), series: seriesBetween(streams, startMs, window.endMs, stepSeconds) };
}

/** Each burst with its margins, in seconds. */
export function zoomsOf(bursts: readonly FoundBurst[], streams: readonly TimedStream[]): Result['zooms'] {
  return bursts.map((burst, i) => {
    const startMs = Math.floor((burst.firstRequestMs - ZOOM_MARGIN_MS) / 1000) * 1000;
    const endMs = burst.endMs + ZOOM_MARGIN_MS;
    const stepSeconds = stepFor(endMs - startMs);
    return {
      burst: `B${i + 1}`,
      stepSeconds,
      start: isoInstant(startMs),
      series: seriesBetween(streams, startMs, endMs, stepSeconds),
    };
  });
}
