import { describe, expect, it } from 'vitest';
import { isoInstant } from '../../src/result/build/times.ts';
import { triggerOf } from '../../src/result/build/trigger.ts';
import type { Result } from '../../src/result/schema.ts';
import { factsOf } from '../causes/facts-of.ts';

type Event = Result['events'][number];
const FIRST = Date.UTC(2025, 2, 4, 9, 12);
const event = (kind: Event['kind'], secondsBefore: number): Event => ({
  kind,
  time: isoInstant(FIRST - secondsBefore * 1000),
  hop: 'proxy',
  text: `${kind} ${secondsBefore}`,
  source: 0,
  line: 1,
});
const QUIET = factsOf({ signals: {} });
const told = (events: Event[], others: { startMs: number; endMs: number }[] = []): string | null =>
  triggerOf(events, FIRST, others, QUIET)?.text ?? null;

describe('what changed just before', () => {
  it.each([
    ['the last reload', [event('reload', 400), event('reload', 5)], 'reload 5'],
    [
      'the upgrade that restarted the service, not the restart',
      [event('deploy', 30), event('stop', 20), event('start', 18)],
      'deploy 30',
    ],
    [
      'a stop in the last minute before an upgrade of nine minutes ago',
      [event('deploy', 540), event('stop', 2)],
      'stop 2',
    ],
    ['a pushed configuration of some minutes ago where nothing else happened', [event('config', 300)], 'config 300'],
    ['nothing that is more than ten minutes old', [event('deploy', 601)], null],
    ['nothing that came later', [event('reload', -5)], null],
    ['no crash and no lost connection: these are faults', [event('crash', 5), event('disconnect', 5)], null],
  ])('is %s', (_, events, text) => {
    expect(told(events)).toBe(text);
  });

  it('is not how an earlier burst began or ended', () => {
    const earlier = { startMs: FIRST - 120_000, endMs: FIRST - 60_000 };
    expect(told([event('stop', 120), event('start', 50)], [earlier])).toBeNull();
    expect(told([event('reload', 70)], [earlier])).toBe('reload 70');
  });

  it('is a rise of traffic where no line tells of a change', () => {
    const lines = [{ source: 2, line: 7, text: '' }];
    const facts = factsOf({
      signals: { 'derived.traffic-spike': { values: { perMinute: 600, usualPerMinute: 60 }, lines } },
    });
    expect(triggerOf([], FIRST, [], facts)).toMatchObject({ kind: 'traffic', source: 2, line: 7 });
    expect(triggerOf([event('deploy', 30)], FIRST, [], facts)?.kind).toBe('deploy');
  });
});
