import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bound, boundTo, isEverywhere, type Tally } from '../../src/correlate/concentration.ts';
import { randomFrom } from './random.ts';

const tallies = fc
  .array(fc.record({ failed: fc.nat({ max: 60 }), fine: fc.nat({ max: 200 }) }), { minLength: 0, maxLength: 12 })
  .map((list) => new Map<string, Tally>(list.map((tally, i) => [`value-${i}`, tally])));

/** The claim "only these" checked row by row, as a reader would. */
function isTrue(claim: Bound, counts: ReadonlyMap<string, Tally>): boolean {
  const rows = [...counts].flatMap(([value, { failed, fine }]) => [
    ...Array.from({ length: failed }, () => ({ value, isFailed: true })),
    ...Array.from({ length: fine }, () => ({ value, isFailed: false })),
  ]);
  const isOwn = ({ value }: { value: string }): boolean => claim.values.includes(value);
  const failures = rows.filter(({ isFailed }) => isFailed);
  const others = rows.filter((row) => !isOwn(row));
  const failedOthers = others.filter(({ isFailed }) => isFailed).length;
  const own = rows.filter(isOwn);
  const ownRate = own.filter(({ isFailed }) => isFailed).length / own.length;
  return (
    failures.filter(isOwn).length >= 0.95 * failures.length &&
    others.length - failedOthers >= 5 &&
    failedOthers / others.length < ownRate
  );
}

describe('what failures are bound to', () => {
  it('is only claimed where it holds, row by row', () => {
    let claims = 0;
    fc.assert(
      fc.property(tallies, (counts) => {
        const bound = boundTo(counts);
        if (bound === null) return;
        claims++;
        expect(isTrue(bound, counts)).toBe(true);
      }),
      { numRuns: 5000, seed: 502 },
    );
    expect(claims).toBeGreaterThan(20);
  });

  it('is not told from chance: failures that do not care for the value', () => {
    let claims = 0;
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 40 }), { minLength: 2, maxLength: 10 }),
        fc.integer({ min: 5, max: 60 }),
        fc.integer(),
        (traffic, failures, seed) => {
          const random = randomFrom(seed);
          const rows = traffic.flatMap((n, i) => Array.from({ length: n }, () => `value-${i}`));
          const counts = new Map<string, Tally>(traffic.map((_, i) => [`value-${i}`, { failed: 0, fine: 0 }]));
          const left = [...rows];
          for (let i = 0; i < Math.min(failures, rows.length); i++) {
            const [value = ''] = left.splice(Math.floor(random() * left.length), 1);
            const tally = counts.get(value);
            if (tally) tally.failed++;
          }
          for (const value of left) {
            const tally = counts.get(value);
            if (tally) tally.fine++;
          }
          if (boundTo(counts) !== null) claims++;
        },
      ),
      { numRuns: 3000, seed: 502 },
    );
    expect(claims).toBeLessThanOrEqual(6);
  });

  it('is found wherever one value fails and enough others do not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 20, max: 300 }),
        fc.nat({ max: 100 }),
        (others, failed, fine) => {
          const counts = new Map<string, Tally>(others.map((n, i) => [`value-${i}`, { failed: 0, fine: n }]));
          counts.set('bad', { failed, fine });
          const elsewhere = others.reduce((sum, n) => sum + n, 0);
          fc.pre(elsewhere >= (failed + fine) / 2);
          expect(boundTo(counts)?.values).toEqual(['bad']);
        },
      ),
      { numRuns: 1000, seed: 502 },
    );
  });

  const counts = (values: Readonly<Record<string, readonly [failed: number, fine: number]>>): Map<string, Tally> =>
    new Map(Object.entries(values).map(([value, [failed, fine]]) => [value, { failed, fine }]));

  it.each([
    ['two values of four', counts({ a: [40, 0], b: [30, 5], c: [0, 40], d: [1, 60] }), ['a', 'b']],
    [
      'a value with nearly all traffic, where the rest had many chances to fail',
      counts({ a: [900, 0], b: [0, 60] }),
      ['a'],
    ],
    ['nothing: all the traffic has that value', counts({ a: [100, 0] }), undefined],
    ['nothing: nobody knows how others went', counts({ a: [100, 0], b: [0, 0] }), undefined],
    ['nothing: too few others succeeded', counts({ a: [100, 20], b: [0, 4] }), undefined],
    ['nothing: four values fail', counts({ a: [20, 0], b: [20, 0], c: [20, 0], d: [20, 0], e: [0, 80] }), undefined],
    ['nothing: too few failures', counts({ a: [4, 0], b: [0, 400] }), undefined],
  ] as const)('is %s', (_, tally, values) => {
    expect(boundTo(tally)?.values).toEqual(values);
  });

  it('is everywhere only where each value that can tell fails about as often', () => {
    expect(isEverywhere(counts({ a: [50, 50], b: [20, 30], c: [1, 2] }))).toBe(true);
    expect(isEverywhere(counts({ a: [50, 50], b: [2, 60] }))).toBe(false);
    expect(isEverywhere(counts({ a: [50, 50], b: [1, 2] }))).toBe(false);
    expect(isEverywhere(new Map())).toBe(false);
  });
});
