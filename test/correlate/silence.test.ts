import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { setClocks } from '../../src/clock/clocks.ts';
import type { TimedClue, TimedStream } from '../../src/clock/timeline.ts';
import { factsOf } from '../../src/correlate/facts-of.ts';
import { sceneOf } from '../../src/correlate/scenes.ts';
import { digestSources } from '../../src/digest/sources.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { openArchives } from '../../src/input/archives.ts';
import { findSources } from '../../src/input/paths.ts';
import type { Hop } from '../../src/vocabulary/hops.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';

/** What is concluded from lines that are not there, by the hop whose log does not have them. */
const SILENCE: Partial<Record<Hop, readonly SignalId[]>> = {
  proxy: ['derived.not-in-origin-log', 'derived.origin-log-silent', 'derived.access-log-stops'],
  tunnel: ['derived.tunnel-up', 'derived.tunnel-vanished'],
};
/** That of them for which the level of error lines must be in force. */
const SILENCE_OF_LINES: readonly SignalId[] = ['derived.origin-log-silent', 'derived.tunnel-up'];

/** Labelled incidents: those of the repository, or any others. */
const root = process.env.INCIDENTS ?? fileURLToPath(new URL('../../fixtures/incidents/', import.meta.url));

const foldersIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'logs')))
    .sort();

async function streamsOf(folder: string): Promise<TimedStream[]> {
  const { sources } = await findSources([join(root, folder, 'logs')], {});
  const archives = await openArchives(sources);
  return setClocks(await digestSources(archives.sources, FORMATS, { jobs: 1, sha256: false }), {});
}

/** A stream that ends before an instant. */
function cutAt(timed: TimedStream, ms: number): TimedStream {
  const inside = ({ atMs }: { readonly atMs: number }): boolean => atMs <= ms;
  return {
    ...withLines(timed, inside),
    lastMs: Math.min(timed.lastMs, ms),
    coverage: timed.coverage.flatMap(([from, to]) => (from > ms ? [] : [[from, Math.min(to, ms)] as const])),
    failures: timed.failures.filter(inside),
    sample: timed.sample.filter(inside),
    cells: timed.cells.between(Number.NEGATIVE_INFINITY, ms),
  };
}

function withLines(timed: TimedStream, keep: (clue: TimedClue) => boolean): TimedStream {
  const clues = [...timed.clues].map(
    ([signal, series]) => [signal, { ...series, kept: series.kept.filter(keep) }] as const,
  );
  return { ...timed, clues: new Map(clues.filter(([, { kept }]) => kept.length > 0)) };
}

/** A level with the louder ones, as the programs write them. */
const LOUDER: Readonly<Record<string, readonly string[]>> = {
  crit: ['crit', 'alert', 'emerg', 'fatal', 'panic'],
  error: ['error', 'err', 'crit', 'alert', 'emerg', 'fatal', 'panic'],
  warn: ['warn', 'warning', 'error', 'err', 'crit', 'alert', 'emerg', 'fatal', 'panic'],
};

/** A log of lines that was written at a higher level. */
function atLevel(timed: TimedStream, level: string): TimedStream {
  const raised = withLines(timed, ({ record }) => LOUDER[level]?.includes(record.level?.toLowerCase() ?? '') ?? false);
  return { ...raised, stream: { ...timed.stream, levels: new Map([[level, 1]]) } };
}

const hasLevels = ({ stream }: TimedStream): boolean => stream.requestCount === 0 && stream.levels.size > 0;

describe.each(foldersIn(root))('%s: silence', (folder) => {
  it('of a log that ends before the burst tells nothing', async () => {
    const streams = await streamsOf(folder);
    const bursts = findBursts(streams);
    for (const burst of bursts) {
      for (const hop of ['proxy', 'tunnel'] as const) {
        const cut = streams.map((timed) =>
          timed.stream.hop === hop ? cutAt(timed, burst.firstRequestMs - 5000) : timed,
        );
        const facts = factsOf(sceneOf(burst, bursts, cut));
        expect(facts.covered.has(hop)).toBe(false);
        for (const signal of SILENCE[hop] ?? []) expect([...facts.signals.keys()]).not.toContain(signal);
      }
    }
  });

  it('of a log whose level leaves errors out tells nothing', async () => {
    const streams = await streamsOf(folder);
    const bursts = findBursts(streams);
    for (const burst of bursts) {
      const raised = streams.map((timed) => (hasLevels(timed) ? atLevel(timed, 'crit') : timed));
      const facts = factsOf(sceneOf(burst, bursts, raised));
      for (const signal of SILENCE_OF_LINES) expect([...facts.signals.keys()]).not.toContain(signal);
    }
  });

  it('adds nothing: with less of any one log nothing is concluded that was not before, and nothing more strongly', async () => {
    const streams = await streamsOf(folder);
    const bursts = findBursts(streams);
    for (const burst of bursts) {
      const base = factsOf(sceneOf(burst, bursts, streams));
      for (const timed of streams.filter(({ stream }) => stream.hop !== 'edge')) {
        const less = [
          ...[5, 70].map((seconds) => cutAt(timed, burst.firstRequestMs - seconds * 1000)),
          ...(hasLevels(timed) ? Object.keys(LOUDER).map((level) => atLevel(timed, level)) : []),
        ];
        for (const one of less) {
          const facts = factsOf(
            sceneOf(
              burst,
              bursts,
              streams.map((other) => (other === timed ? one : other)),
            ),
          );
          for (const hop of facts.covered) expect([...base.covered]).toContain(hop);
          for (const [signal, { strength }] of facts.signals) {
            if (strength === 0 || !signal.startsWith('derived.')) continue;
            // Its lines said that the backend is no pool: without them one is possible again.
            if (signal === 'derived.pool-exhausted' && base.signals.has('derived.other-backend')) continue;
            expect(
              base.signals.get(signal)?.strength ?? 0,
              `${signal} without lines of ${timed.stream.key}`,
            ).toBeGreaterThanOrEqual(strength - 0.01);
          }
        }
      }
    }
  });
});
