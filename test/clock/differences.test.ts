import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agreedDifference, type ClockEvent } from '../../src/clock/differences.ts';
import { fits } from '../../src/clock/shape.ts';

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

const series = (seconds: readonly number[]) => ({
  seconds,
  firstMs: Math.min(...seconds, 0) * 1000,
  lastMs: Math.max(...seconds, 3600) * 1000,
});
/** Parts of `seconds` that have one of `others` within three seconds, by looking at all pairs. */
const met = (seconds: readonly number[], others: readonly number[]): number =>
  new Set(seconds).size === 0
    ? 0
    : [...new Set(seconds)].filter((s) => others.some((other) => Math.abs(s - other) <= 3)).length;

describe('the fit of trouble on failures', () => {
  const times = fc.uniqueArray(fc.integer({ min: 0, max: 600 }), { minLength: 60, maxLength: 120 });

  it('counts the seconds that fall on failures, by trying all pairs', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: -48, max: 56 }), (failures, quarters) => {
        const moved = failures.map((s) => s + quarters * 900);
        for (const fit of fits(series(moved), series(failures), (skewS) => skewS === 0).slice(0, 3)) {
          const back = moved.map((s) => s - fit.differenceS);
          expect(fit.hits).toBeLessThanOrEqual(met(back, failures));
        }
      }),
    );
  });

  it('is best at the zone and the skew by which a burst was moved', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -48, max: 56 }),
        fc.integer({ min: -290, max: 290 }),
        fc.integer({ min: 30, max: 240 }),
        (quarters, skew, length) => {
          const burst = Array.from({ length }, (_, i) => i);
          const moved = burst.map((s) => s + quarters * 900 + skew);
          const [best] = fits(series(moved), { ...series(burst), firstMs: -1e7, lastMs: 1e7 }, () => true);
          expect(Math.abs((best?.differenceS ?? Number.NaN) - quarters * 900 - skew)).toBeLessThanOrEqual(
            3 + (best?.slackS ?? 0),
          );
          expect(best?.hits).toBeGreaterThan(0.9 * length);
        },
      ),
    );
  });

  it('does not heed failures that stand alone: anything can be laid upon them', () => {
    const strays = Array.from({ length: 20 }, (_, i) => i * 180);
    expect(fits(series(strays), series(strays), () => true)).toEqual([]);
  });

  it('is none where there is nothing to compare', () => {
    expect(fits(series([]), series([]), () => true)).toEqual([]);
  });
});
