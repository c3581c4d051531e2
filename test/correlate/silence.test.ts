import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { setClocks } from '../../src/clock/clocks.ts';
import type { TimedStream } from '../../src/clock/timeline.ts';
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

const root = fileURLToPath(new URL('../../fixtures/incidents/', import.meta.url));

async function streamsOf(folder: string): Promise<TimedStream[]> {
  const { sources } = await findSources([`${root}${folder}/logs`], {});
  const archives = await openArchives(sources);
  return setClocks(await digestSources(archives.sources, FORMATS, { jobs: 1, sha256: false }), {});
}

/** A stream that ends before an instant. */
function cutAt(timed: TimedStream, ms: number): TimedStream {
  return {
    ...timed,
    lastMs: Math.min(timed.lastMs, ms),
    coverage: timed.coverage.flatMap(([from, to]) => (from > ms ? [] : [[from, Math.min(to, ms)] as const])),
    failures: timed.failures.filter(({ atMs }) => atMs <= ms),
    sample: timed.sample.filter(({ atMs }) => atMs <= ms),
    cells: timed.cells.filter(({ atMs }) => atMs <= ms),
    clues: new Map(
      [...timed.clues].map(([signal, series]) => [
        signal,
        { ...series, kept: series.kept.filter(({ atMs }) => atMs <= ms) },
      ]),
    ),
  };
}

/** A log of lines written at a level that has no errors. */
function atCrit(timed: TimedStream): TimedStream {
  const clues = new Map(
    [...timed.clues].map(([signal, series]) => [
      signal,
      { ...series, kept: series.kept.filter(({ record }) => record.level === 'crit') },
    ]),
  );
  return { ...timed, clues, stream: { ...timed.stream, levels: new Map([['crit', 1]]) } };
}

describe.each(readdirSync(root).sort())('%s: silence', (folder) => {
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
      const raised = streams.map((timed) =>
        timed.stream.requestCount === 0 && timed.stream.levels.size > 0 ? atCrit(timed) : timed,
      );
      const facts = factsOf(sceneOf(burst, bursts, raised));
      for (const signal of SILENCE_OF_LINES) expect([...facts.signals.keys()]).not.toContain(signal);
    }
  });
});
