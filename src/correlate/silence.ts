import type { TimedStream } from '../clock/timeline.ts';
import type { TimeSpan } from './times.ts';

/** Requests that a log's own pace would have brought in a silence, for it to be more than chance. */
const MISSED = 20;
/** In the next best silence of a log whose silence is one of a kind at most this part of them is missed. */
const NEXT = 0.5;
/** Nights are quieter than days: the pace is that of so long before or after, the slower one. */
const PACE_MS = 300_000;
/** Stamps are whole seconds: what is shorter is no silence. */
const SHORTEST_MS = 2000;

/** The one time in which a request log, against its own pace, has no rows; null where there is none, or several. */
export function longestSilence({ cells }: TimedStream): TimeSpan | null {
  const { atMs } = cells;
  const firstMs = atMs[0] ?? 0;
  const lastMs = atMs.at(-1) ?? 0;
  const until = (ms: number): number => cells.countThrough(ms);
  let longest: TimeSpan | null = null;
  let [most, next] = [0, 0];
  for (let i = 1; i < atMs.length; i++) {
    const fromMs = atMs[i - 1] ?? 0;
    const toMs = atMs[i] ?? 0;
    if (toMs - fromMs <= SHORTEST_MS) continue;
    const earlier = (until(fromMs) - until(fromMs - PACE_MS)) / Math.max(1000, Math.min(PACE_MS, fromMs - firstMs));
    const later = (until(toMs + PACE_MS) - until(toMs - 1)) / Math.max(1000, Math.min(PACE_MS, lastMs - toMs));
    const missed = Math.min(earlier, later) * (toMs - fromMs);
    if (missed > most) {
      next = most;
      most = missed;
      longest = { fromMs, toMs };
    } else if (missed > next) next = missed;
  }
  return most >= MISSED && next <= NEXT * most ? longest : null;
}
