import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketStart, limitBuckets } from '../../src/digest/buckets.ts';
import { type Cell, cellsOf, listOf } from './cells.ts';

const MOST = 8;

interface Counts {
  cells: Cell[];
  bucketSeconds: number;
}

const cells = fc.array(
  fc.record({
    segment: fc.nat(2),
    bucketMs: fc.oneof(fc.nat(60), fc.nat(100_000), fc.constant(2_000_000_000)).map((second) => second * 1000),
    status: fc.constantFrom(200, 502),
    signal: fc.constant(null),
    reached: fc.boolean(),
    count: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 60 },
);

function limited(given: readonly Cell[], bucketSeconds = 1): Counts {
  const counts = { cells: [listOf(given)], bucketSeconds };
  limitBuckets(counts, MOST);
  return { cells: cellsOf(counts.cells), bucketSeconds: counts.bucketSeconds };
}

function merged(a: Counts, b: Counts): Counts {
  return limited([...a.cells, ...b.cells], Math.max(a.bucketSeconds, b.bucketSeconds));
}

/** Counts by what the cells count, whatever their order and however often a key occurs. */
function canonical({ cells: given, bucketSeconds }: Counts): unknown {
  const sums = new Map<string, number>();
  for (const { count, ...what } of given) {
    const key = JSON.stringify(what);
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return { bucketSeconds, sums: [...sums].sort(([a], [b]) => (a < b ? -1 : 1)) };
}

it('buckets are the same in whatever groups and order the pieces of a log are put together', () => {
  fc.assert(
    fc.property(cells, cells, cells, (a, b, c) => {
      const whole = canonical(limited([...a, ...b, ...c]));
      expect(canonical(merged(merged(limited(a), limited(b)), limited(c)))).toEqual(whole);
      expect(canonical(merged(limited(a), merged(limited(b), limited(c))))).toEqual(whole);
      expect(canonical(merged(merged(limited(c), limited(a)), limited(b)))).toEqual(whole);
    }),
  );
});

it('no more buckets are in use than there may be, no narrower ones would do, and nothing is lost', () => {
  const inUse = (given: readonly Cell[], seconds: number): number =>
    new Set(given.map(({ bucketMs }) => bucketStart(bucketMs, seconds))).size;
  const sum = (given: readonly Cell[]): number => given.reduce((all, { count }) => all + count, 0);
  fc.assert(
    fc.property(cells, (given) => {
      const { cells: kept, bucketSeconds } = limited(given);
      expect(inUse(kept, bucketSeconds)).toBeLessThanOrEqual(MOST);
      if (bucketSeconds > 1) expect(inUse(given, bucketSeconds / 2)).toBeGreaterThan(MOST);
      expect(sum(kept)).toBe(sum(given));
    }),
  );
});

it('one line with a wrong year does not blur the others', () => {
  const cell = { segment: 0, status: 502, signal: null, reached: false, count: 1 };
  const given = [0, 1, 2, 4_000_000_000].map((second) => ({ ...cell, bucketMs: second * 1000 }));
  expect(limited(given).bucketSeconds).toBe(1);
});
