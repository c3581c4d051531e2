import type { TimedClue } from '../../clock/timeline.ts';
import type { SignalFact } from '../facts.ts';
import { cluesOf, pattern, quoted, type Scene } from '../scene.ts';

/** A ban that had been harmless for longer than this before the first failure did not cause it. */
const LONGEST_HARMLESS_MS = 30 * 60_000;

/** Bans of Cloudflare's addresses that were in force as the requests failed: a ban goes on working long after its line. */
export function deriveBans(scene: Scene): SignalFact[] {
  if (scene.isExcerpt) return [];
  const lines = cluesOf(
    scene,
    ['host.ban', 'host.unban'],
    (ms) => ms >= scene.firstRequestMs - LONGEST_HARMLESS_MS && ms <= scene.firstRequestMs,
  );
  const inForce = new Map<string, TimedClue>();
  for (const clue of lines) {
    const { signal, client, subject } = clue.record;
    const ban = `${subject ?? ''} ${client ?? ''}`;
    if (signal === 'host.ban') inForce.set(ban, clue);
    else inForce.delete(ban);
  }
  const bans = [...inForce.values()];
  const first = bans[0];
  return first === undefined
    ? []
    : [pattern('derived.ban-in-force', { count: bans.length, firstMs: first.atMs, lines: quoted(bans) })];
}
