import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/causes/diagnose.ts';
import { CAUSES } from '../../src/causes/registry.ts';
import { NO_STAMP } from '../../src/vocabulary/records.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, factsIn, type LogSketch } from './logs-of.ts';
import { lines, originFails, START, throughout } from './scenes-of.ts';

/** What a container keeps of a program's output: no times at all. */
const undated = (signal: SignalId, count: number): LogSketch => ({
  hop: 'app',
  format: 'app',
  records: Array.from({ length: count }, () => clue(signal, START, { stamp: NO_STAMP })),
});

describe('a log of the application without any time', () => {
  it('is heard by half about what happened to a process', () => {
    expect(factsIn([originFails(), undated('app.crash', 3)]).signals.get('app.crash')).toMatchObject({
      count: 3,
      strength: 0.5,
      firstMs: null,
    });
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
});
