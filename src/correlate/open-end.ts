import type { TimedClue } from '../clock/timeline.ts';
import { LEAD_IN_MS, type Scene } from './scene.ts';

/**
 * Until when a state lasts that these lines began and no line ends: for ever where a log that holds one of them goes on to
 * the burst, or where it began just before; else to the end of these logs, as it may have ended unheard.
 */
export function openEnd(scene: Scene, began: readonly TimedClue[]): number {
  const last = began.at(-1);
  if (scene.isExcerpt || last === undefined || last.atMs >= scene.firstRequestMs - LEAD_IN_MS)
    return Number.POSITIVE_INFINITY;
  const heard = scene.streams
    .filter(({ clues }) => began.some((clue) => clues.get(clue.record.signal)?.kept.includes(clue)))
    .map(({ lastMs }) => lastMs);
  const untilMs = heard.reduce((a, b) => Math.max(a, b), last.atMs);
  return untilMs >= scene.startMs ? Number.POSITIVE_INFINITY : untilMs;
}
