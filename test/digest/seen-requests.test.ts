import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenRequests, traitsOf } from '../../src/digest/seen-requests.ts';

describe('rows that an export holds twice', () => {
  const ray = fc.constantFrom('0000000000000000', '0000000000000001', 'ffffffffffffffff', '8affa68bbbf1ca1c');
  const row = fc.record({
    ray,
    ms: fc.constantFrom(0, 1, 4_294_967_295, 4_294_967_296, 1_749_542_400_000, 1_749_542_400_001),
    parentRay: fc.option(ray, { nil: undefined }),
    visitor: fc.boolean(),
  });

  it('are told as a set of texts tells them', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const [seen, texts] = [new SeenRequests(), new Set<string>()];
        for (const one of rows) {
          const text = JSON.stringify(one);
          expect(seen.add(one)).toBe(texts.has(text));
          texts.add(text);
        }
      }),
    );
  });

  it('are told by their words as by their texts', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(row, fc.boolean()), { maxLength: 60 }), (rows) => {
        const [seen, mixed] = [new SeenRequests(), new SeenRequests()];
        for (const [one, asWords] of rows) {
          const { ms, parentRay, visitor } = one;
          const id = [one.ray.slice(0, 8), one.ray.slice(8)].map((digits) => Number.parseInt(digits, 16));
          const words = Uint32Array.from([9, ...id, Math.floor(ms / 2 ** 32), ms % 2 ** 32]);
          const isKnown = asWords ? mixed.addWords(words, 1, traitsOf(parentRay, visitor)) : mixed.add(one);
          expect(isKnown).toBe(seen.add(one));
        }
      }),
    );
  });

  it('are told among many, and forgotten after many more', () => {
    const seen = new SeenRequests();
    const nth = (n: number) => ({
      ray: Math.imul(n, 0x9e3779b1).toString(16).replace('-', '').padStart(16, '0'),
      ms: n,
      parentRay: undefined,
      visitor: true,
    });
    const twice = Array.from({ length: 300_000 }, (_, n) => n).filter((n) => seen.add(nth(n)));
    expect(twice).toEqual([]);
    for (let n = 100_000; n < 300_000; n += 1000) expect(seen.add(nth(n))).toBe(true);
    for (let n = 300_000; n < 800_000; n++) seen.add(nth(n));
    expect(seen.add(nth(1))).toBe(false);
  });
});
