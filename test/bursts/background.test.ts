import { describe, expect, it } from 'vitest';
import { findBackground, isLasting } from '../../src/bursts/background.ts';
import type { FoundBurst } from '../../src/bursts/burst.ts';
import { findBursts } from '../../src/bursts/find.ts';
import { witnesses } from '../../src/bursts/witness.ts';
import { clue, type LogSketch, row, steady, T0, timedOf } from '../correlate/logs-of.ts';

const MINUTE = 60_000;

/** Two requests a second for so many minutes; every so manieth is answered so. */
const site = (minutes: number, every: number, status: number, hop: 'edge' | 'proxy' = 'proxy'): LogSketch => ({
  hop,
  records: steady(T0, T0 + minutes * MINUTE, 500, (ms, i) =>
    row(
      hop,
      ms,
      i % every === every - 1 ? { status, signal: hop === 'edge' ? 'edge.origin-answered-5xx' : 'access.5xx' } : {},
    ),
  ),
});

function background(...logs: readonly LogSketch[]): { found: FoundBurst[]; bursts: FoundBurst[] } {
  const streams = timedOf(logs);
  const all = witnesses(streams);
  const bursts = findBursts(streams, all);
  return { found: findBackground(all, bursts), bursts };
}

describe('single gateway errors among requests that go well', () => {
  it('are no burst, and are counted', () => {
    const { found, bursts } = background(site(60, 100, 502));
    expect(bursts).toEqual([]);
    expect(found).toMatchObject([{ failed: 72, total: 7102 }]);
  });

  it('are what people complain of where they go on for hours', () => {
    const lasts = (log: LogSketch): boolean[] => background(log).found.map(isLasting);
    expect(lasts(site(60, 100, 502))).toEqual([true]);
    expect(lasts(site(10, 150, 504))).toEqual([false]);
    expect(lasts(site(180, 2000, 502))).toEqual([false]);
  });

  it('are not worth a word where there are hardly any', () => {
    expect(background(site(60, 2000, 502)).found).toEqual([]);
  });

  it('may be meant where they are 503, and say nothing of a gateway where the application failed', () => {
    expect(background(site(60, 100, 503)).found.map(isLasting)).toEqual([false]);
    expect(background(site(60, 100, 500)).found.map(isLasting)).toEqual([false]);
  });

  it('are counted beside a burst without it', () => {
    const log = site(120, 100, 502);
    const from = T0 + 40 * MINUTE;
    const records = log.records.map((record) =>
      record.stamp.kind === 'utc' && record.stamp.ms >= from && record.stamp.ms < from + MINUTE
        ? { ...record, status: 502, signal: 'access.5xx' as const }
        : record,
    );
    const { found, bursts } = background({ ...log, records });
    expect(bursts).toMatchObject([{ failed: 121 }]);
    expect(found[0]?.failed).toBeGreaterThan(140);
    expect((found[0]?.failed ?? 0) / (found[0]?.total ?? 1)).toBeCloseTo(0.01, 3);
  });

  it('are no visitor’s where the web server asked another backend and answered well', () => {
    const lines: LogSketch = {
      hop: 'proxy',
      records: steady(T0, T0 + 60 * MINUTE, MINUTE, (ms) => clue('nginx.connect-refused', ms)),
    };
    expect(background(site(60, 100_000, 502), lines).found).toEqual([]);
    expect(background(lines).found.map(isLasting)).toEqual([true]);
  });

  it('are counted at the outermost log', () => {
    const inside = site(60, 100, 502);
    const edge = site(60, 100, 502, 'edge');
    expect(background(edge, inside).found.map(({ witness }) => witness.hop)).toEqual(['edge']);
  });
});
