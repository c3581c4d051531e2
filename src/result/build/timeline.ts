import type { FoundBurst } from '../../bursts/burst.ts';
import type { TimedStream } from '../../clock/timeline.ts';
import type { CellKind } from '../../digest/digest.ts';
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

function stepFor(spanMs: number, most: number): number {
  return STEPS_SECONDS.find((step) => spanMs / 1000 / step <= most) ?? 86_400;
}

/** The time that a picture of the whole shows, in steps, at most `most` of them and one; null where nothing is dated. */
export function axisOf(
  streams: readonly TimedStream[],
  most: number,
): { startMs: number; endMs: number; stepSeconds: number } | null {
  // A host's journal goes on for days: where there are request logs, their time is the picture's.
  const requests = streams.filter(({ stream }) => stream.requestCount > 0);
  const window = windowOf(requests.length > 0 ? requests : streams);
  if (!window) return null;
  const stepSeconds = stepFor(window.endMs - window.startMs, most);
  const startMs = Math.floor(window.startMs / 1000 / stepSeconds) * stepSeconds * 1000;
  return { startMs, endMs: window.endMs, stepSeconds };
}

function hasFailed({ status, signal }: CellKind): boolean {
  const kind = failureKind(status);
  const isNoise = signal !== null && SIGNALS[signal].role !== 'request';
  return kind !== null && kind !== 'blocked' && !isNoise;
}

/** Requests, failures and error lines of every hop on one axis. */
function seriesBetween(streams: readonly TimedStream[], startMs: number, endMs: number, stepSeconds: number): Series[] {
  const stepMs = stepSeconds * 1000;
  const steps = Math.max(1, Math.floor((endMs - startMs) / stepMs) + 1);
  const lastMs = startMs + steps * stepMs - 1;
  const values = new Map<string, number[]>();
  const listOf = (hop: Hop, name: string): number[] => {
    const key = `${hop} ${name}`;
    const list = values.get(key) ?? new Array<number>(steps).fill(0);
    values.set(key, list);
    return list;
  };
  const stepOf = (ms: number): number => Math.floor((ms - startMs) / stepMs);
  for (const timed of streams) {
    const { hop } = timed.stream;
    const cells = timed.cells.between(startMs, lastMs);
    if (cells.length > 0) {
      const { counts, kindOf } = cells;
      const total = listOf(hop, 'total');
      let failed: number[] | null = null;
      const isFailed = cells.kinds.map(hasFailed);
      cells.eachInstant((atMs, from, to) => {
        const step = stepOf(atMs);
        for (let i = from; i < to; i++) {
          const count = counts[i] ?? 0;
          total[step] = (total[step] ?? 0) + count;
          if (!isFailed[kindOf[i] ?? 0]) continue;
          failed ??= listOf(hop, 'failed');
          failed[step] = (failed[step] ?? 0) + count;
        }
      });
    }
    for (const [signal, { seconds }] of timed.clues) {
      const { role, hop: ownHop } = SIGNALS[signal];
      if (role !== 'request' && role !== 'process') continue;
      let lines: number[] | null = null;
      const visit = (second: number, count: number): void => {
        lines ??= listOf(ownHop, 'error lines');
        const step = stepOf(second * 1000);
        lines[step] = (lines[step] ?? 0) + count;
      };
      seconds.each(visit, startMs, lastMs);
    }
  }
  return HOPS.flatMap((hop) =>
    ['total', 'failed', 'error lines'].flatMap((name) => {
      const list = values.get(`${hop} ${name}`);
      return list ? [{ hop, name, values: list }] : [];
    }),
  );
}

/** The whole time in at most a few hundred steps. */
export function timelineOf(streams: readonly TimedStream[]): Result['timeline'] {
  const axis = axisOf(streams, MOST_STEPS);
  if (!axis) return { stepSeconds: 60, start: null, series: [] };
  const { startMs, endMs, stepSeconds } = axis;
  return { stepSeconds, start: isoTime(startMs), series: seriesBetween(streams, startMs, endMs, stepSeconds) };
}

/** Each burst with its margins, in seconds. */
export function zoomsOf(bursts: readonly FoundBurst[], streams: readonly TimedStream[]): Result['zooms'] {
  return bursts.map((burst, i) => {
    const startMs = Math.floor((burst.firstRequestMs - ZOOM_MARGIN_MS) / 1000) * 1000;
    const endMs = burst.endMs + ZOOM_MARGIN_MS;
    const stepSeconds = stepFor(endMs - startMs, MOST_STEPS);
    return {
      burst: `B${i + 1}`,
      stepSeconds,
      start: isoInstant(startMs),
      series: seriesBetween(streams, startMs, endMs, stepSeconds),
    };
  });
}
