import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spikeOf } from '../../src/correlate/derived/spike.ts';
import { randomFrom } from './random.ts';

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Ways in which a service without a timer takes its time: the middle in milliseconds, and the spread as a part of it. */
const SMOOTH: Readonly<Record<string, (random: () => number, middleMs: number, spread: number) => number>> = {
  normal: (random, middle, spread) => middle * (1 + spread * normal(random)),
  lognormal: (random, middle, spread) => middle * Math.exp(spread * normal(random)),
  exponential: (random, middle) => -middle * Math.log(1 - random()),
  uniform: (random, middle, spread) => middle * (1 + spread * (2 * random() - 1) * Math.sqrt(3)),
  pareto: (random, middle) => middle / 2 / (1 - random()) ** 0.8,
};

const smooth = fc.record({
  shape: fc.constantFrom(...Object.keys(SMOOTH)),
  middleMs: fc.oneof(fc.integer({ min: 200, max: 130_000 }), fc.constantFrom(5000, 10_000, 30_000, 45_000, 60_000)),
  spread: fc.double({ min: 0.05, max: 1.2, noNaN: true }),
  count: fc.integer({ min: 5, max: 600 }),
  seed: fc.integer(),
});

function drawn({ shape, middleMs, spread, count, seed }: typeof smooth extends fc.Arbitrary<infer T> ? T : never) {
  const random = randomFrom(seed);
  const draw = SMOOTH[shape];
  return Array.from({ length: count }, () => Math.max(0, Math.round(draw?.(random, middleMs, spread) ?? 0)));
}

describe('the time at which a timer fired', () => {
  it('is not seen in the times of a service that is only slow, whatever their distribution', () => {
    fc.assert(
      fc.property(smooth, (service) => {
        expect(spikeOf(drawn(service))).toBeNull();
      }),
      { numRuns: 4000, seed: 502 },
    );
  });

  it('nor where the log counts whole seconds', () => {
    fc.assert(
      fc.property(smooth, (service) => {
        expect(spikeOf(drawn(service).map((ms) => Math.floor(ms / 1000) * 1000))).toBeNull();
      }),
      { numRuns: 2000, seed: 502 },
    );
  });

  it('is seen beside other failures of all lengths', () => {
    fc.assert(
      fc.property(
        smooth,
        fc.constantFrom(8, 10, 15, 19, 30, 45, 60, 100, 120, 125, 300),
        fc.integer({ min: 10, max: 300 }),
        (service, seconds, fired) => {
          const random = randomFrom(service.seed);
          const late = Array.from({ length: fired }, () => seconds * 1000 - 2 + Math.round(120 * random() ** 2));
          const others = drawn({ ...service, shape: 'exponential', middleMs: 200, count: fired });
          expect(spikeOf([...others, ...late])).toMatchObject({ atMs: seconds * 1000 });
        },
      ),
      { numRuns: 500, seed: 502 },
    );
  });

  it.each([
    ['a read timeout of a minute, seen from afar', [60_120, 60_135, 60_121, 60_188, 60_131, 60_240, 60_122], 60_000],
    ['Cloudflare’s, up to a second late', [120_010, 120_400, 120_700, 120_120, 120_310, 120_050, 120_900], 120_000],
    ['five of a browser’s requests', [30_012, 30_010.5, 30_020, 30_011, 30_040], 30_000],
    ['whole seconds', [45_000, 45_000, 46_000, 45_000, 45_000, 45_000, 45_000, 45_000, 1000], 45_000],
    ['nginx’s milliseconds that round down', [7999, 7999, 8000, 8000, 8001, 8001, 8003], 8000],
  ])('%s', (_, durations, atMs) => {
    expect(spikeOf(durations)?.atMs).toBe(atMs);
  });

  it.each([
    ['no durations', []],
    ['four, however equal', [60_000, 60_001, 60_001, 60_002]],
    ['instant failures', [1, 2, 1, 3, 1, 2, 2, 1, 4]],
    ['times that are equal and no whole second', [45_512, 45_530, 45_520, 45_518, 45_525, 45_540, 45_511, 45_520]],
  ])('not: %s', (_, durations) => {
    expect(spikeOf(durations)).toBeNull();
  });
});
