import type { SignalFact } from '../facts.ts';
import { pattern, type Scene } from '../scene.ts';
import { spikeOf } from './spike.ts';

/** Share of the failures that a timer must have ended. */
const SAME_TIME = 0.7;
const INSTANT_MS = 150;
/** Cloudflare's own limits for an answer (cloudflare-exports 2.5): 100 s in older times, 120 s since, 125 s seen; up to a second late. */
const EDGE_LIMITS_MS: readonly (readonly [number, number])[] = [
  [99_000, 102_000],
  [119_000, 122_500],
  [124_500, 126_500],
];

/** Wall times of the failed requests in milliseconds, ascending, by the row that has them. */
export function failedDurations({ failures }: Scene): Float64Array {
  let durations = known.get(failures);
  if (durations === undefined) {
    durations = Float64Array.from(failures.flatMap(({ row }) => row?.record.durationMs ?? [])).sort();
    known.set(failures, durations);
  }
  return durations;
}

const known = new WeakMap<Scene['failures'], Float64Array>();

/** What the durations of the failures say: a timer, an instant refusal, Cloudflare's own limit. */
export function deriveDurations(scene: Scene): SignalFact[] {
  const durations = failedDurations(scene);
  const median = durations[Math.floor(durations.length / 2)];
  if (median === undefined || durations.length < 5) return [];
  const found: SignalFact[] = [];
  const spike = spikeOf(durations);
  if (spike !== null && spike.share >= SAME_TIME)
    found.push(pattern('derived.timer', { count: spike.count, values: { afterSeconds: spike.atMs / 1000 } }));
  if ((durations[Math.floor(durations.length * 0.9)] ?? median) < INSTANT_MS)
    found.push(pattern('derived.instant', { values: { medianMs: median } }));
  if (EDGE_LIMITS_MS.some(([low, high]) => median >= low && median <= high))
    found.push(pattern('derived.edge-time-limit', { values: { afterSeconds: Math.round(median / 1000) } }));
  return found;
}
