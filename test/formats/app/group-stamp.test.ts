import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupStamp } from '../../../src/formats/app/group-stamp.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (number: number): string => String(number).padStart(2, '0');

describe('the time that the groups of a pattern hold', () => {
  it('is the same in whatever way the day and the hour are written', () => {
    const seconds = fc.integer({ min: Date.UTC(2001, 0, 1) / 1000, max: Date.UTC(2038, 0, 1) / 1000 });
    fc.assert(
      fc.property(seconds, fc.stringMatching(/^\d{1,9}$/), fc.constantFrom('.', ','), (second, fraction, point) => {
        const at = new Date(second * 1000 + Math.floor(Number(`0.${fraction}`) * 1000));
        const [year, month, day] = [at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()];
        const rest = `:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}${point}${fraction}`;
        const clock = two(at.getUTCHours()) + rest;
        const stamp = { kind: 'local', ms: at.getTime() };
        expect(groupStamp({ date: `${year}/${two(month + 1)}/${two(day)}`, clock })).toEqual(stamp);
        expect(groupStamp({ date: `${year}.${two(month + 1)}.${two(day)}`, clock })).toEqual(stamp);
        expect(groupStamp({ shortDate: `${two(year % 100)}${two(month + 1)}${two(day)}`, clock })).toEqual(stamp);
        expect(groupStamp({ year: `${year}`, month: MONTHS[month] ?? '', day: `${day}`, clock })).toEqual(stamp);
        const half = at.getUTCHours() < 12 ? 'A' : 'P';
        const twelve = `${at.getUTCHours() % 12 || 12}${rest}`;
        expect(groupStamp({ year: `${year}`, month: `${month + 1}`, day: `${day}`, clock: twelve, half })).toEqual(
          stamp,
        );
        const utc = { kind: 'utc', ms: at.getTime() - 3_600_000 };
        expect(groupStamp({ date: `${year}-${two(month + 1)}-${two(day)}`, clock, zone: '+0100' })).toEqual(utc);
      }),
    );
  });

  it('has the year 2000 for one that is not written', () => {
    const ms = Date.UTC(2000, 10, 20, 8, 12, 30);
    expect(groupStamp({ month: 'Nov', day: '20', clock: '08:12:30' })).toEqual({ kind: 'yearless', ms });
  });

  it('is none without a day or a clock', () => {
    expect(groupStamp({ clock: '08:12:30' })).toEqual({ kind: 'none' });
    expect(groupStamp({ date: '2026/11/20' })).toEqual({ kind: 'none' });
  });

  it('is no time where a part of it is beyond its range', () => {
    const day = { year: '2026', month: '11', day: '20', clock: '08:12:30' };
    for (const part of [{ month: '13' }, { month: 'Foo' }, { day: '45' }, { clock: '25:00:00' }, { clock: '08:75:00' }])
      expect(groupStamp({ ...day, ...part })).toBeUndefined();
  });
});
