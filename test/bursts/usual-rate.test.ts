import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSegments } from '../../src/bursts/segments.ts';
import { aboveUsual } from '../../src/bursts/usual-rate.ts';
import { type Tick, ticksOf } from './plain-segments.ts';

/** An error line's second by second counts: `perSecond` all the time, `more` times as many from `from` to `to`. */
function log(perSecond: number, more: number, from: number, to: number, seconds = 3600): Tick[] {
  return Array.from({ length: seconds }, (_, second) => ({
    second,
    failed: second >= from && second < to ? perSecond * more : perSecond,
    fine: 0,
  }));
}

describe('a log in which some requests fail all the time', () => {
  it('shows the outage that stands out of it, to ten seconds', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 4, max: 30 }),
        fc.integer({ min: 600, max: 3000 }),
        fc.integer({ min: 30, max: 500 }),
        (perSecond, more, from, length) => {
          const found = findSegments(aboveUsual(ticksOf(log(perSecond, more, from, from + length))));
          expect(found).toHaveLength(1);
          expect(Math.abs((found[0]?.from ?? 0) - from)).toBeLessThanOrEqual(10);
          expect(Math.abs((found[0]?.to ?? 0) - (from + length))).toBeLessThanOrEqual(10);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is left as it is where nothing stands out', () => {
    const steady = ticksOf(log(3, 1, 0, 0));
    expect(aboveUsual(steady)).toBe(steady);
    expect(findSegments(steady)).toHaveLength(1);
  });

  it('is left as it is where it is calm otherwise', () => {
    const sparse = [10, 11, 12, 500, 501, 502, 503].map((second): Tick => ({ second, failed: 2, fine: 5 }));
    const calm = ticksOf(sparse);
    expect(aboveUsual(calm)).toBe(calm);
    const nothing = ticksOf([]);
    expect(aboveUsual(nothing)).toBe(nothing);
    // A line with a wrong year must not make an array of the ages between.
    const acrossAges = ticksOf(sparse.map((tick, i) => (i === 0 ? tick : { ...tick, second: tick.second + 3e11 })));
    expect(aboveUsual(acrossAges)).toBe(acrossAges);
  });

  it('keeps an outage whole that fills most of it', () => {
    expect(findSegments(aboveUsual(ticksOf(log(5, 1, 0, 0, 1000).filter(({ second }) => second > 100))))).toHaveLength(
      1,
    );
  });
});
