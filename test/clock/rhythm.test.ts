import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameRhythm } from '../../src/clock/rhythm.ts';

/** Failures by second: `length` seconds from `fromS` on. */
function burst(counts: readonly number[], fromS: number): Map<number, number> {
  return new Map(counts.flatMap((count, i) => (count > 0 ? [[fromS + i, count] as const] : [])));
}
const within = (most: number): number[] => Array.from({ length: 2 * most + 1 }, (_, i) => i - most);
const counts = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 40, maxLength: 120 });

describe('the rhythm of two logs', () => {
  it('of the same failures gives their difference to the second', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: -300, max: 300 }), (series, differenceS) => {
        const rhythm = sameRhythm(burst(series, 10_000 + differenceS), burst(series, 10_000), within(302));
        // A row of equal counts, or one that repeats itself, has no rhythm of its own.
        if (rhythm !== null && rhythm.correlation > 0.999) {
          const moved = burst(series, 10_000 + differenceS);
          const again = [...moved].every(
            ([second, count]) => (burst(series, 10_000).get(second - rhythm.differenceS) ?? 0) === count,
          );
          expect(again).toBe(true);
        }
        if (new Set(series).size > 3) expect(rhythm?.differenceS).toBe(differenceS);
      }),
    );
  });

  it('is the best of all differences, by Pearson’s formula', () => {
    fc.assert(
      fc.property(counts, counts, (ours, theirs) => {
        const [left, right] = [
          burst(
            ours.map((n) => n + 1),
            500,
          ),
          burst(theirs, 500),
        ];
        const rhythm = sameRhythm(left, right, within(5));
        const plain = within(5).map((differenceS) =>
          pearson([...left.keys()].map((s) => [left.get(s) ?? 0, right.get(s - differenceS) ?? 0])),
        );
        const most = Math.max(...plain.filter((r) => !Number.isNaN(r)), -1);
        if (rhythm !== null) expect(rhythm.correlation).toBeCloseTo(most, 9);
        else expect(most).toBeLessThan(Math.min(0.9, 4.5 / Math.sqrt(left.size)) + 1e-9);
      }),
    );
  });

  it('is none of two bursts that only last equally long', () => {
    // Two steady rates that have nothing to do with each other, from two fixed series of pseudo-random numbers.
    const noise = (from: number): number[] => {
      let state = from;
      return Array.from({ length: 60 }, () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return 8 + Math.floor((state / 2 ** 32) * 8);
      });
    };
    for (let i = 1; i <= 40; i++)
      expect(sameRhythm(burst(noise(i), 0), burst(noise(i + 1000), 0), within(302))).toBeNull();
  });

  it('is none where there is too little to hear', () => {
    expect(sameRhythm(burst([1, 5, 2], 0), burst([1, 5, 2], 0), within(5))).toBeNull();
    expect(
      sameRhythm(burst(new Array<number>(40).fill(3), 0), burst(new Array<number>(40).fill(3), 0), within(5)),
    ).toBeNull();
  });
});

function pearson(pairs: readonly (readonly number[])[]): number {
  const n = pairs.length;
  const mean = (at: 0 | 1): number => pairs.reduce((sum, pair) => sum + (pair[at] ?? 0), 0) / n;
  const [mx, my] = [mean(0), mean(1)];
  const sum = (of: (x: number, y: number) => number): number =>
    pairs.reduce((all, [x = 0, y = 0]) => all + of(x - mx, y - my), 0);
  return sum((x, y) => x * y) / Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
}
