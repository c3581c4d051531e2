import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inYear, nearestYear } from '../../src/clock/year.ts';
import { offsetName, parseZone, seenZone } from '../../src/clock/zones.ts';

describe('a zone that the user names', () => {
  it.each([
    ['UTC', 0],
    ['Z', 0],
    ['gmt', 0],
    ['+05:30', 330],
    ['+0530', 330],
    ['-3', -180],
    ['UTC+2', 120],
    ['GMT-03:30', -210],
    ['Asia/Kolkata', 330],
  ])('%s is %i minutes east of UTC', (text, minutes) => {
    expect(parseZone(text)?.toInstant(Date.UTC(2025, 0, 15)).offsetMinutes).toBe(minutes);
  });

  it.each(['Mars/Olympus', '', 'five', '+99:99:99'])('%j is none', (text) => {
    expect(parseZone(text)).toBeNull();
  });

  it('by its offset reads back as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: -48, max: 56 }), (quarters) => {
        const minutes = quarters * 15;
        expect(parseZone(offsetName(minutes))?.toInstant(0)).toEqual({
          ms: 0 - minutes * 60_000,
          offsetMinutes: minutes,
        });
      }),
    );
  });

  it('by its name agrees with the offsets of its year', () => {
    const berlin = parseZone('Europe/Berlin');
    expect(berlin?.toInstant(Date.UTC(2025, 0, 1, 12)).offsetMinutes).toBe(60);
    expect(berlin?.toInstant(Date.UTC(2025, 6, 1, 12)).offsetMinutes).toBe(120);
  });
});

describe('a zone that another log shows', () => {
  it('is the offset whose known time lies nearest', () => {
    const zone = seenZone([
      { offsetMinutes: 120, firstMs: 0, lastMs: 10_000_000, count: 50 },
      { offsetMinutes: 60, firstMs: 10_000_001, lastMs: 20_000_000, count: 50 },
    ]);
    expect(zone.toInstant(5_000_000 + 120 * 60_000)).toEqual({ ms: 5_000_000, offsetMinutes: 120 });
    expect(zone.toInstant(19_000_000 + 60 * 60_000)).toEqual({ ms: 19_000_000, offsetMinutes: 60 });
  });
});

describe('a year that is not written', () => {
  it('is the one that brings the stamp nearest to the other logs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 365 }), fc.integer({ min: 0, max: 40 * 365 }), (day, since) => {
        const yearless = Date.UTC(2000, 0, 1) + day * 86_400_000;
        const reference = Date.UTC(1995, 0, 1) + since * 86_400_000;
        const distance = (year: number): number => Math.abs(inYear(yearless, year) - reference);
        const chosen = nearestYear(yearless, reference);
        for (let year = 1990; year < 2040; year++) expect(distance(chosen)).toBeLessThanOrEqual(distance(year));
      }),
    );
  });
});
