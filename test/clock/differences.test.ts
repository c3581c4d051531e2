import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreedDifference, type ClockEvent } from '../../src/clock/differences.ts';
import { bestShift } from '../../src/clock/shape.ts';

const event: fc.Arbitrary<ClockEvent> = fc.record({
  key: fc.constantFrom('GET /', 'GET /shop', 'POST /cart'),
  ms: fc.integer({ min: 0, max: 20 }).map((seconds) => seconds * 1000),
});
const events = fc.array(event, { maxLength: 12 });

/** Events of `left` that have a partner of the same key at this difference, give or take a second. */
function supportOf(left: readonly ClockEvent[], right: readonly ClockEvent[], differenceMs: number): number {
  return left.filter((a) => right.some((b) => a.key === b.key && Math.abs(a.ms - b.ms - differenceMs) <= 1000)).length;
}

describe('the difference that events agree on', () => {
  it('is one that no other beats, by trying all', () => {
    fc.assert(
      fc.property(events, events, (left, right) => {
        const agreed = agreedDifference(left, right, () => true);
        const differences = left.flatMap((a) => right.flatMap((b) => (a.key === b.key ? [a.ms - b.ms] : [])));
        if (differences.length === 0) {
          expect(agreed).toBeNull();
          return;
        }
        const most = Math.max(...differences.map((ms) => supportOf(left, right, ms)));
        expect(agreed?.support).toBe(most);
        expect(supportOf(left, right, agreed?.differenceMs ?? 0)).toBe(most);
        const rivals = differences.filter((ms) => Math.abs(ms - (agreed?.differenceMs ?? 0)) > 3000);
        expect(agreed?.runnerUp?.support ?? 0).toBe(Math.max(0, ...rivals.map((ms) => supportOf(left, right, ms))));
      }),
    );
  });

  it('is sought only where it is allowed', () => {
    fc.assert(
      fc.property(events, events, (left, right) => {
        const agreed = agreedDifference(left, right, (ms) => ms >= 0);
        expect(agreed?.differenceMs ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('does not hang on one page that everybody asks for', () => {
    const busy = Array.from({ length: 20_000 }, (_, i): ClockEvent => ({ key: 'GET /', ms: i * 10 }));
    expect(agreedDifference(busy, busy, () => true)).toBeNull();
  });
});

describe('the shift that lays errors on failures', () => {
  const times = fc.array(fc.integer({ min: 0, max: 3_600_000 }), { minLength: 20, maxLength: 60 });

  it('is the quarter of an hour by which they were moved', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -48, max: 56 }), (failures, quarters) => {
        const moved = failures.map((ms) => ms + quarters * 900_000);
        const shift = bestShift(moved, failures);
        // By chance two shifts may fit alike; then none is named. A wrong one never is.
        if (shift !== null) expect(shift.differenceMs).toBe(quarters * 900_000);
      }),
    );
  });

  it('is found where the failures are one burst', () => {
    const burst = Array.from({ length: 100 }, (_, i) => i * 400);
    for (const quarters of [-48, -20, 0, 22, 56]) {
      const moved = burst.map((ms) => ms + quarters * 900_000);
      expect(bestShift(moved, burst)).toEqual({ differenceMs: quarters * 900_000 + 0, support: 100 });
    }
  });

  it('is none where there is too little to compare', () => {
    expect(bestShift([], [])).toBeNull();
    expect(bestShift([0, 1000, 2000], [0, 1000, 2000])).toBeNull();
  });
});
