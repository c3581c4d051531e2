import { formatDuration } from '../figures.ts';

/** A bucket of durations by its upper bounds: "under 10 ms", "10 – 50 ms", "over 2 min 1 s". */
export function bucketName(bucketsMs: readonly number[], index: number): string {
  const upper = bucketsMs[index];
  const lower = bucketsMs[index - 1];
  if (upper === undefined) return `over ${formatDuration(lower ?? 0)}`;
  if (lower === undefined) return `under ${formatDuration(upper)}`;
  const [from, to] = [formatDuration(lower), formatDuration(upper)];
  return `${from.replace(/ \w+$/, (unit) => (to.endsWith(unit) ? '' : unit))} – ${to}`;
}
