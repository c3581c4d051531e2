import { describe, expect, it } from 'vitest';
import type { StreamClock } from '../../src/clock/timeline.ts';
import type { SignalFact } from '../../src/correlate/facts.ts';
import { firstByHop } from '../../src/result/build/first-by-hop.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { factsOf } from '../causes/facts-of.ts';
import { clue, timedOf } from '../correlate/logs-of.ts';

const START_MS = factsOf({ signals: {} }).startMs;
const line = (source: number) => [{ source, line: 7, text: '' }];
const factsWith = (...sights: readonly (readonly [SignalId, Partial<SignalFact>])[]) =>
  factsOf({ signals: Object.fromEntries(sights), statuses: { 504: 10 } });
/** Two logs whose clocks are known to so many seconds. */
const streamsKnownTo = (uncertaintySeconds: number) =>
  timedOf([
    { hop: 'app', records: [clue('fpm.max-children', START_MS)] },
    { hop: 'proxy', records: [clue('nginx.timeout-header', START_MS)] },
  ]).map((timed) => ({ ...timed, clock: { ...timed.clock, uncertaintySeconds } satisfies StreamClock }));
const full = (atMs: number): readonly [SignalId, Partial<SignalFact>] => [
  'fpm.max-children',
  { firstMs: atMs, lines: line(0) },
];
const timeout = (atMs: number): readonly [SignalId, Partial<SignalFact>] => [
  'nginx.timeout-header',
  { firstMs: atMs, lines: line(1) },
];
const clock = new Date(START_MS).toISOString().slice(11, 19);

describe('the first line on each hop', () => {
  it('is read out in order of time', () => {
    const { firstSentence, firstByHop: firsts } = firstByHop(
      factsWith(full(START_MS), timeout(START_MS + 60_000)),
      streamsKnownTo(1),
    );
    expect(firstSentence).toBe(`PHP-FPM’s pool is full at ${clock} UTC; the first 504 left the web server 60 s later.`);
    expect(firsts.map(({ hop, time }) => `${hop} ${time}`)).toEqual([
      `proxy ${new Date(START_MS + 60_000).toISOString()}`,
      `app ${new Date(START_MS).toISOString()}`,
    ]);
  });

  it('gives no order that the clocks cannot give', () => {
    const { firstSentence } = firstByHop(factsWith(full(START_MS), timeout(START_MS + 60_000)), streamsKnownTo(300));
    expect(firstSentence).toContain('at about the same time (the clocks are known to 300 s)');
  });

  it('gives no second that the clocks cannot give', () => {
    const { firstSentence } = firstByHop(factsWith(full(START_MS), timeout(START_MS + 400)), streamsKnownTo(7));
    expect(firstSentence).toContain('at about the same time (the clocks are known to 7 s)');
  });

  it('is none of another burst', () => {
    const facts = factsWith(full(START_MS - 20_000), timeout(START_MS));
    const { firstSentence } = firstByHop(facts, streamsKnownTo(1), (ms) => ms < START_MS - 10_000);
    expect(firstSentence).toBe(`The first 504 left the web server at ${clock} UTC.`);
  });

  it('begins inside where both come in one second', () => {
    const { firstSentence } = firstByHop(factsWith(timeout(START_MS), full(START_MS + 400)), streamsKnownTo(1));
    expect(firstSentence).toMatch(
      /^PHP-FPM’s pool is full at .*; the first 504 left the web server in the same second\.$/,
    );
  });

  it('is no scanner’s 403 beside a gateway error', () => {
    const refused: readonly [SignalId, Partial<SignalFact>] = [
      'access.refused-403',
      { firstMs: START_MS, lines: line(1) },
    ];
    expect(firstByHop(factsWith(refused), []).firstByHop).toEqual([]);
    expect(firstByHop(factsWith(refused), []).firstSentence).toBe('');
  });
});
