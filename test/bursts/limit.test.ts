import { expect, it } from 'vitest';
import type { FoundBurst } from '../../src/bursts/burst.ts';
import { findBursts } from '../../src/bursts/find.ts';
import { largestBursts } from '../../src/bursts/limit.ts';
import { setClocks } from '../../src/clock/clocks.ts';
import { digestOf, row, steady, T0 } from '../correlate/logs-of.ts';

/** An outage every ten minutes, each a little longer than the one before. */
function outages(count: number): readonly FoundBurst[] {
  const records = Array.from({ length: count }, (_, i) => {
    const from = T0 + i * 600_000;
    return [
      ...steady(from, from + 580_000 - i * 1000, 1000, (ms) => row('edge', ms, { path: `/p/${ms % 7}` })),
      ...steady(from + 580_000 - i * 1000, from + 600_000, 1000, (ms) => row('edge', ms, { status: 502 })),
    ];
  });
  return findBursts(setClocks(digestOf([{ hop: 'edge', records: records.flat() }]), {}));
}

it('of many bursts the largest are told, in order of time', () => {
  const all = outages(6);
  expect(all).toHaveLength(6);
  expect(largestBursts(all, 10)).toBe(all);
  const kept = largestBursts(all, 2);
  expect(kept).toEqual(all.slice(4));
  expect(
    largestBursts(
      [...all].map((burst, i) => (i < 5 ? burst : { ...burst, kind: 'blocked' })),
      1,
    ),
  ).toEqual([all[4]]);
});
