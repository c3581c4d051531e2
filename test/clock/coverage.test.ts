import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCovered, isTouched } from '../../src/clock/coverage.ts';
import { levelInForce, wouldWrite } from '../../src/clock/level.ts';
import { timeStream } from '../../src/clock/timeline.ts';
import { withinWindow } from '../../src/clock/window.ts';
import { mergeDigests } from '../../src/digest/merge.ts';
import type { Hop } from '../../src/vocabulary/hops.ts';
import { clue, type LogSketch, row, sourceDigestOf, steady, T0, timedOf } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

const requests = (hop: Hop, fromMs: number, toMs: number, everyMs: number, name = 'access.log'): LogSketch => ({
  hop,
  name,
  records: steady(fromMs, toMs, everyMs, (at) => row(hop, at)),
});
const coverageOf = (logs: readonly LogSketch[]) => timedOf(logs)[0]?.coverage ?? [];

describe('what a log covers', () => {
  it('is the time from its first to its last line', () => {
    const log: LogSketch = { hop: 'app', records: [clue('fpm.ready', T0), clue('fpm.ready', T0 + HOUR)] };
    expect(coverageOf([log])).toEqual([[T0, T0 + HOUR]]);
  });

  it('has a hole where a file is missing that the log’s pace would have filled', () => {
    const pieces = [requests('proxy', T0, T0 + HOUR, SECOND), requests('proxy', T0 + 2 * HOUR, T0 + 3 * HOUR, SECOND)];
    expect(coverageOf(pieces)).toEqual([
      [T0, T0 + HOUR - SECOND],
      [T0 + 2 * HOUR, T0 + 3 * HOUR - SECOND],
    ]);
  });

  it('has none where the night was as quiet before and after', () => {
    const pieces = [
      requests('proxy', T0, T0 + HOUR, SECOND),
      requests('proxy', T0 + HOUR, T0 + 3 * HOUR, 20 * MINUTE),
      requests('proxy', T0 + 3 * HOUR, T0 + 5 * HOUR, 20 * MINUTE),
    ];
    expect(coverageOf(pieces)).toEqual([[T0, T0 + 5 * HOUR - 20 * MINUTE]]);
  });

  it('has none in one file of a web server: nobody came through, and that is a fact', () => {
    const records = [
      ...steady(T0, T0 + HOUR, SECOND, (at) => row('proxy', at)),
      ...steady(T0 + HOUR + 10 * MINUTE, T0 + 2 * HOUR, SECOND, (at) => row('proxy', at)),
    ];
    expect(coverageOf([{ hop: 'proxy', records }])).toHaveLength(1);
  });

  it('has one in the edge’s export, which has rows whatever the origin does', () => {
    const records = [
      ...steady(T0, T0 + HOUR, SECOND, (at) => row('edge', at)),
      ...steady(T0 + HOUR + 10 * MINUTE, T0 + 2 * HOUR, SECOND, (at) => row('edge', at)),
    ];
    expect(coverageOf([{ hop: 'edge', records }])).toEqual([
      [T0, T0 + HOUR],
      [T0 + HOUR + 10 * MINUTE, T0 + 2 * HOUR - SECOND],
    ]);
  });

  it('has none in the edge’s export while every request waits for its time-out', () => {
    const records = [
      ...steady(T0, T0 + HOUR, SECOND, (at) => row('edge', at)),
      ...steady(T0 + HOUR + 100 * SECOND, T0 + 2 * HOUR, SECOND, (at) => row('edge', at)),
    ];
    expect(coverageOf([{ hop: 'edge', records }])).toHaveLength(1);
  });

  it('has a hole where a number of log rotation is missing', () => {
    const piece = (from: number): LogSketch => ({
      hop: 'proxy',
      format: 'nginx-error',
      name: 'error.log',
      records: steady(from, from + HOUR, MINUTE, (at) => clue('nginx.connect-refused', at)),
    });
    const timedWith = (labels: readonly string[]) => {
      const digest = mergeDigests([piece(T0), piece(T0 + 30 * HOUR)].map(sourceDigestOf));
      const [stream] = digest.streams;
      if (!stream) throw new Error('no stream');
      const clock = timedOf([piece(T0)])[0]?.clock;
      if (!clock) throw new Error('no clock');
      return timeStream(stream, clock, (_segment, ms) => ms, labels).coverage;
    };
    expect(timedWith(['nginx/error.log.2.gz', 'nginx/error.log'])).toHaveLength(2);
    expect(timedWith(['nginx/error.log.1', 'nginx/error.log'])).toHaveLength(1);
    expect(timedWith(['nginx/error.log.3.gz', 'nginx/error.log.2.gz'])).toHaveLength(1);
  });

  it('of files that overlap or follow each other never lies outside of them, and holds every row', () => {
    const file = fc.record({ from: fc.integer({ min: 0, max: 600 }), minutes: fc.integer({ min: 1, max: 120 }) });
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 5 }), (files) => {
        const logs = files.map(({ from, minutes }) =>
          requests('proxy', T0 + from * MINUTE, T0 + (from + minutes) * MINUTE, SECOND),
        );
        const spans = coverageOf(logs);
        // Minute by minute: what some file holds is covered; a longer time that none holds is not.
        const held = new Set(files.flatMap(({ from, minutes }) => Array.from({ length: minutes }, (_, i) => from + i)));
        for (const minute of held) expect(isTouched(spans, T0 + minute * MINUTE, T0 + minute * MINUTE)).toBe(true);
        const ordered = [...held].sort((a, b) => a - b);
        ordered.forEach((minute, i) => {
          const next = ordered[i + 1];
          if (next === undefined || next - minute < 5) return;
          expect(isTouched(spans, T0 + (minute + 2) * MINUTE, T0 + (next - 1) * MINUTE)).toBe(false);
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('a time', () => {
  it('is covered within one span alone, give or take the slack', () => {
    const spans = [
      [0, 10],
      [20, 30],
    ] as const;
    expect(isCovered(spans, 2, 8)).toBe(true);
    expect(isCovered(spans, 5, 25)).toBe(false);
    expect(isCovered(spans, 19, 30, 1)).toBe(true);
    expect(isTouched(spans, 5, 25)).toBe(true);
    expect(isTouched(spans, 11, 19)).toBe(false);
  });
});

describe('the level in force', () => {
  const levels = (...names: readonly string[]) => ({ levels: new Map(names.map((name) => [name, 1])) });

  it('is at least the most talkative that a log shows', () => {
    expect(levelInForce([levels('crit', 'error', 'warn')])).toBe('warn');
    expect(levelInForce([levels('ERR'), levels('INF')])).toBe('INF');
    expect(levelInForce([levels()])).toBeNull();
  });

  it('decides whether silence means anything', () => {
    expect(wouldWrite(levels('crit'), 'error')).toBe(false);
    expect(wouldWrite(levels('crit', 'error'), 'error')).toBe(true);
    expect(wouldWrite(levels('ERR'), 'info')).toBe(false);
    expect(wouldWrite(levels('NOTICE'), 'error')).toBe(true);
    expect(wouldWrite(levels('Fatal error'), 'error')).toBe(true);
  });
});

describe('a window of time', () => {
  it('cuts what a log covers, too', () => {
    const streams = timedOf([requests('proxy', T0, T0 + HOUR, SECOND)]);
    const [cut] = withinWindow(streams, { since: { atMs: T0 + 10 * MINUTE }, until: { atMs: T0 + 20 * MINUTE } });
    expect(cut?.coverage).toEqual([[T0 + 10 * MINUTE, T0 + 20 * MINUTE]]);
  });
});
