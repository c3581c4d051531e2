import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SecondCounts } from '../../src/clock/second-counts.ts';
import { Times } from '../../src/correlate/times.ts';

const counts = fc
  .array(fc.tuple(fc.integer({ min: -5, max: 60 }), fc.integer({ min: 1, max: 9 })))
  .map((pairs) => new Map(pairs));
/** Instants at the beginning of seconds and between them. */
const instant = fc.oneof(
  fc.integer({ min: -8, max: 70 }).map((s) => s * 1000),
  fc.integer({ min: -8000, max: 70_000 }),
);
const span = fc.tuple(instant, instant).map(([fromMs, toMs]) => ({ fromMs, toMs }));

it('counts once what several spans hold, and knows what lies in any', () => {
  fc.assert(
    fc.property(
      counts,
      fc.array(
        span.filter(({ fromMs, toMs }) => fromMs <= toMs),
        { maxLength: 6 },
      ),
      instant,
      (of, spans, ms) => {
        const has = (at: number): boolean => spans.some(({ fromMs, toMs }) => at >= fromMs && at <= toMs);
        const times = new Times(spans);
        expect(times.has(ms)).toBe(has(ms));
        const within = [...of].filter(([s]) => has(s * 1000));
        expect(times.count(SecondCounts.of(Float64Array.from(of.keys()), Float64Array.from(of.values())))).toBe(
          within.reduce((sum, [, n]) => sum + n, 0),
        );
      },
    ),
  );
});
