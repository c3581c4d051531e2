import { expect, it } from 'vitest';
import { lineSignals } from '../../src/correlate/line-signals.ts';
import type { Scene } from '../../src/correlate/scene.ts';
import { excerptScene } from '../../src/correlate/scenes.ts';
import { clue, T0, timedOf } from './logs-of.ts';

const SECOND = 1000;
/** Two bursts of ten seconds, half a minute apart. */
const FIRST = { startMs: T0 + 60 * SECOND, endMs: T0 + 70 * SECOND };
const SECOND_BURST = { startMs: T0 + 100 * SECOND, endMs: T0 + 110 * SECOND };

/** The second burst, with a crash of the application at each of some times. */
function sceneWith(...crashesMs: readonly number[]): Scene {
  const log = { hop: 'app' as const, records: crashesMs.map((ms) => clue('app.crash', ms)) };
  return {
    ...excerptScene(timedOf([log])),
    ...SECOND_BURST,
    firstRequestMs: SECOND_BURST.startMs,
    busy: [FIRST, SECOND_BURST],
    isExcerpt: false,
    isLasting: false,
  };
}

it('a burst is told of by its own lines, not by those of the burst a minute before', () => {
  const both = lineSignals(sceneWith(FIRST.startMs, SECOND_BURST.startMs + SECOND)).get('app.crash');
  expect(both).toMatchObject({ count: 2, firstMs: SECOND_BURST.startMs + SECOND });
  expect(both?.lines).toHaveLength(1);
});

it('what happened in the burst before still counts where nothing else is there', () => {
  expect(lineSignals(sceneWith(FIRST.startMs)).get('app.crash')).toMatchObject({ count: 1, firstMs: FIRST.startMs });
});

/** The second burst, straight after another one, and a line about a failed request at each of some times. */
function inTurnWith(...refusedMs: readonly number[]): Scene {
  const log = { hop: 'proxy' as const, records: refusedMs.map((ms) => clue('nginx.connect-refused', ms)) };
  const before = { startMs: T0 + 90 * SECOND, endMs: SECOND_BURST.startMs - SECOND };
  return { ...sceneWith(), streams: timedOf([log]), failed: 10, busy: [before, SECOND_BURST] };
}

it('a line about a request that failed in the burst just before is not this one’s', () => {
  const before = SECOND_BURST.startMs - 2 * SECOND;
  expect(lineSignals(inTurnWith(before, before)).get('nginx.connect-refused')).toBeUndefined();
  expect(lineSignals(inTurnWith(before, SECOND_BURST.startMs)).get('nginx.connect-refused')).toMatchObject({
    count: 1,
  });
});

it('without a burst just before a line may be a little early: two clocks differ', () => {
  const alone = { ...inTurnWith(SECOND_BURST.startMs - 2 * SECOND), busy: [SECOND_BURST] };
  expect(lineSignals(alone).get('nginx.connect-refused')).toMatchObject({ count: 1 });
});
