import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BlockView, KnownBytes } from '../../src/formats/known-bytes.ts';

it('a known text is found where it stands, and nowhere else', () => {
  const bytes = fc.uint8Array({ min: 97, max: 98, maxLength: 40 });
  fc.assert(
    fc.property(bytes, fc.uint8Array({ min: 97, max: 98, maxLength: 11 }), (block, text) => {
      const known = new KnownBytes(text);
      const view = new BlockView().of(block);
      for (let at = 0; at <= block.length + 1; at++) {
        const there = block.subarray(at, at + text.length);
        expect(known.isAt(view, at)).toBe(at + text.length <= block.length && Buffer.compare(there, text) === 0);
      }
    }),
    { numRuns: 500 },
  );
});
