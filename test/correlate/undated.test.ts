import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { setClocks } from '../../src/clock/clocks.ts';
import { undatedWarnings } from '../../src/clock/undated.ts';
import { NO_STAMP } from '../../src/vocabulary/records.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, digestOf, factsIn, type LogSketch } from './logs-of.ts';
import { lines, originFails, START, throughout } from './scenes-of.ts';

/** What a container keeps of a program's output: no times at all. */
const undated = (signal: SignalId, count: number): LogSketch => ({
  hop: 'app',
  format: 'app',
  records: Array.from({ length: count }, () => clue(signal, START, { stamp: NO_STAMP })),
});

describe('a log of the application without any time', () => {
  it.each([
    [3, 0.5, 'happened to a process'],
    [290, 0.9, 'happened about as often as requests failed'],
    [3000, 0.5, 'happened much more often'],
  ])('that tells %i times of an event is heard with %d: it %s', (count, strength) => {
    expect(factsIn([originFails(), undated('app.crash', count)]).signals.get('app.crash')).toMatchObject({
      count,
      strength,
      firstMs: null,
    });
  });

  it('tells that workers end, or boot, for about each failed request', () => {
    const signals = (signal: SignalId, count: number): readonly SignalId[] => [
      ...factsIn([originFails(), undated(signal, count)]).signals.keys(),
    ];
    expect(signals('app.worker-exit', 290)).toContain('derived.app-keeps-ending');
    expect(signals('app.worker-exit', 20)).not.toContain('derived.app-keeps-ending');
    expect(signals('app.worker-boot', 290)).toContain('derived.workers-renewed');
    expect(signals('app.worker-boot', 4)).not.toContain('derived.workers-renewed');
  });

  it('names the cause where it has a line for each failed request', () => {
    const resets = lines('proxy', throughout('nginx.recv-reset-header'));
    const facts = factsIn([originFails(), resets, undated('uwsgi.request-too-big', 300)]);
    expect(diagnose(facts, CAUSES).cause?.id).toBe('app-request-too-big');
  });

  it('does not where such a line stands in it once', () => {
    const resets = lines('proxy', throughout('nginx.recv-reset-header'));
    const facts = factsIn([originFails(), resets, undated('uwsgi.request-too-big', 1)]);
    expect(diagnose(facts, CAUSES).cause?.id).toBe('app-reset');
  });

  it('does not add to lines of which the times are known', () => {
    const dated = lines('app', [clue('app.crash', START)]);
    expect(factsIn([originFails(), dated, undated('app.crash', 5)]).signals.get('app.crash')).toMatchObject({
      count: 1,
      strength: 1,
    });
  });

  it('tells of the failed requests where it has about as many errors as they are', () => {
    const answers = (count: number) =>
      diagnose(factsIn([originFails({ bad: { status: 500 } }), undated('app.error', count)]), CAUSES).cause?.id;
    expect(answers(290)).toBe('app-error-response');
    expect(answers(3000)).toBe('origin-error-response');
    expect(answers(20)).toBe('origin-error-response');
  });

  it('is said to count less beside a log that has times, and not where it is all there is', () => {
    const warningsOf = (...logs: readonly LogSketch[]): string[] => {
      const digest = digestOf(logs);
      return undatedWarnings(digest, setClocks(digest, {}));
    };
    expect(warningsOf(originFails(), undated('app.crash', 3))).toEqual([
      expect.stringMatching(
        /^\/app-1\.log: its lines have no time, so they count less\. With one .* they tell more\.$/,
      ),
    ]);
    expect(warningsOf(undated('app.crash', 3))).toEqual([]);
    expect(warningsOf(originFails(), lines('app', [clue('app.crash', START)]))).toEqual([]);
  });
});
