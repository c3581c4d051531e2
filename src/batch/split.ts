import type { Span } from '../analyze.ts';

/** Calm between two incidents, in hours, where the user does not say. */
export const USUAL_CALM_HOURS = 6;

/**
 * Cuts the time of an archive into incidents: failures with less than `calmMs` between them belong to one. Each span covers
 * that long before and after its failures, and at most up to the middle of the calm between two. Milliseconds.
 */
export function cutByCalm(failures: readonly Span[], calmMs: number): readonly Span[] {
  const incidents: { startMs: number; endMs: number }[] = [];
  for (const { startMs, endMs } of [...failures].sort((a, b) => a.startMs - b.startMs)) {
    const last = incidents.at(-1);
    if (last === undefined || startMs - last.endMs >= calmMs) incidents.push({ startMs, endMs });
    else last.endMs = Math.max(last.endMs, endMs);
  }
  return incidents.map(({ startMs, endMs }, i) => {
    const [before, after] = [incidents[i - 1], incidents[i + 1]];
    return {
      startMs: Math.max(startMs - calmMs, before === undefined ? -Infinity : middle(before.endMs, startMs)),
      // The next one begins where this one ends, and no entry belongs to both.
      endMs: Math.min(endMs + calmMs, after === undefined ? Infinity : middle(endMs, after.startMs) - 1),
    };
  });
}

function middle(fromMs: number, toMs: number): number {
  return Math.floor((fromMs + toMs) / 2);
}
