import type { StreamDigest } from '../digest/digest.ts';

/** Severities from the loudest to the most talkative; words of one step stand together. */
const STEPS: readonly (readonly string[])[] = [
  ['emerg', 'emergency', 'panic', 'fatal', 'ftl'],
  ['alert'],
  ['crit', 'critical'],
  ['error', 'err'],
  ['warn', 'warning', 'wrn'],
  ['notice'],
  ['info', 'inf'],
  ['debug', 'dbg'],
];

function step(level: string): number {
  const word = level.toLowerCase();
  return STEPS.findIndex((words) => words.includes(word));
}

/** The most talkative level that a log shows: the level in force is this one or a more talkative one. Null where it shows none. */
export function levelInForce(streams: readonly Pick<StreamDigest, 'levels'>[]): string | null {
  let most: { level: string; step: number } | null = null;
  for (const { levels } of streams) {
    for (const level of levels.keys()) {
      const at = step(level);
      if (at >= 0 && (most === null || at > most.step || (at === most.step && level < most.level)))
        most = { level, step: at };
    }
  }
  return most?.level ?? null;
}

/** Whether lines of this severity are sure to be in a log: it shows one that is at least as talkative, or knows no levels. */
export function wouldWrite(stream: Pick<StreamDigest, 'levels'>, level: 'error' | 'info'): boolean {
  const known = [...stream.levels.keys()].map(step).filter((at) => at >= 0);
  return known.length === 0 || known.some((at) => at >= step(level));
}
