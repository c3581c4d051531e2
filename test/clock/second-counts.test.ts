import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecondCounts } from '../../src/clock/second-counts.ts';

const counts = fc.array(fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: 1, max: 9 })));
const listed = (seconds: SecondCounts, fromMs?: number, toMs?: number): [number, number][] => {
  const list: [number, number][] = [];
  seconds.each((second, count) => list.push([second, count]), fromMs, toMs);
  return list;
};
/** Instants at the beginning of seconds and between them. */
const instant = fc.oneof(
  fc.integer({ min: -8, max: 70 }).map((s) => s * 1000),
  fc.integer({ min: -8000, max: 70_000 }),
);
const span = fc.tuple(instant, instant).map(([fromMs, toMs]) => ({ fromMs, toMs }));

it('sums and lists the seconds that begin in a time, as adding them one by one does', () => {
  fc.assert(
    fc.property(counts, span, (of, { fromMs, toMs }) => {
      const sums = new Map<number, number>();
      for (const [second, n] of of) sums.set(second, (sums.get(second) ?? 0) + n);
      const within = [...sums].filter(([s]) => s * 1000 >= fromMs && s * 1000 <= toMs).sort((a, b) => a[0] - b[0]);
      const seconds = SecondCounts.of(
        Float64Array.from(of, ([second]) => second),
        Float64Array.from(of, ([, n]) => n),
      );
      expect(seconds.between(fromMs, toMs)).toBe(within.reduce((sum, [, n]) => sum + n, 0));
      expect(listed(seconds, fromMs, toMs)).toEqual(within);
      expect(listed(seconds.within(fromMs, toMs))).toEqual(within);
      expect(seconds.total).toBe(of.reduce((sum, [, n]) => sum + n, 0));
    }),
  );
});
