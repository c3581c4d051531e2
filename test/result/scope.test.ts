import { expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { factsOf } from '../../src/correlate/facts-of.ts';
import { sceneOf } from '../../src/correlate/scenes.ts';
import { endsWithLog, sentenceOf } from '../../src/result/build/scope.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { clue, type LogSketch, steady, T0, timedOf } from '../correlate/logs-of.ts';
import { lines, MINUTE, originFails, throughout } from '../correlate/scenes-of.ts';

function scopeOf(...logs: LogSketch[]): { pattern: string; sentence: string } {
  const streams = timedOf(logs);
  const bursts = findBursts(streams);
  const [burst] = bursts;
  if (!burst) throw new Error('no burst');
  return sentenceOf(burst, factsOf(sceneOf(burst, bursts, streams)), streams);
}

const visits = (i: number): Partial<RequestRecord> => ({
  path: ['/', '/shop', '/cart', '/checkout'][i % 4] ?? '/',
  method: i % 4 === 3 ? 'POST' : 'GET',
  colo: ['FRA', 'LHR', 'CDG'][i % 3] ?? '',
});

it('one operation, in one sentence', () => {
  expect(scopeOf(originFails({ good: visits, bad: visits, fails: (i) => i % 4 === 3 }))).toEqual({
    pattern: 'one-path every-colo steady transient',
    sentence: 'Only POST /checkout, from every data centre.',
  });
});

it('one data centre', () => {
  const { pattern, sentence } = scopeOf(originFails({ good: visits, bad: visits, fails: (i) => i % 3 === 0 }));
  expect(sentence).toBe('All kinds of pages, only through Cloudflare’s data centre FRA.');
  expect(pattern).toBe('all-paths one-colo steady transient');
});

it('now and then', () => {
  const { pattern, sentence } = scopeOf(
    originFails({ good: { path: '/' }, bad: { path: '/' }, fails: (i) => (i * 7) % 4 === 0 }),
  );
  expect(pattern).toBe('intermittent transient');
  expect(sentence).toBe('About 25 % of these requests failed, the others succeeded.');
});

it('an outage that the log does not outlive', () => {
  const { records, ...log } = originFails();
  const cut = records.filter(({ stamp }) => stamp.kind === 'none' || stamp.ms < T0 + 10.5 * MINUTE);
  const { pattern, sentence } = scopeOf({ ...log, records: cut });
  expect(sentence).toBe('Every request that needs the origin, still going on where the logs end.');
  expect(pattern).toBe('everything steady unfinished');
});

it('an outage that goes on into a hole of the log', () => {
  const { records, ...log } = originFails();
  const holed = records.filter(
    ({ stamp }) => stamp.kind === 'none' || stamp.ms < T0 + 10.5 * MINUTE || stamp.ms > T0 + 15 * MINUTE,
  );
  expect(scopeOf({ ...log, records: holed }).pattern).toBe('everything steady unfinished');
});

it('an outage in one of the logs of a file that goes on', () => {
  const { records, ...log } = originFails();
  const cut = records.filter(({ stamp }) => stamp.kind === 'none' || stamp.ms < T0 + 10.5 * MINUTE);
  const beside: LogSketch = {
    hop: 'app',
    records: steady(T0, T0 + 20 * MINUTE, 10_000, (atMs) => clue('app.chatter', atMs)),
  };
  const apart = timedOf([{ ...log, records: cut }, beside]);
  const [burst] = findBursts(apart);
  if (!burst) throw new Error('no burst');
  const inOneFile = apart.map((timed) => {
    const segments = timed.stream.segments.map((segment) => ({ ...segment, source: 0 }));
    return { ...timed, stream: { ...timed.stream, segments } };
  });
  expect(endsWithLog(burst, apart)).toBe(true);
  expect(endsWithLog(burst, inOneFile)).toBe(false);
});

it('failures whose requests nobody counts', () => {
  expect(scopeOf(lines('proxy', throughout('nginx.connect-refused'))).sentence).toBe(
    'The rows do not tell who was hit and who was not.',
  );
});
