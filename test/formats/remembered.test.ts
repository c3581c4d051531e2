import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remembered } from '../../src/formats/remembered.ts';

describe('a function that remembers', () => {
  it('gives what it would give without, for any texts in any order', () => {
    const read = (text: string): number | null => (text.length % 3 === 0 ? null : text.length);
    const texts = fc.array(fc.oneof(fc.constantFrom('', 'a', 'ab', 'a'.repeat(1001)), fc.string()), { maxLength: 50 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 5 }), (all, most) => {
        const quick = remembered(read, most);
        expect(all.map(quick)).toEqual(all.map(read));
      }),
    );
  });

  it('reads a text once, as long as no other has taken its place', () => {
    const asked: string[] = [];
    const quick = remembered((text) => asked.push(text), 1);
    for (const text of ['a', 'a', 'b', 'b', 'a']) quick(text);
    expect(asked).toEqual(['a', 'b', 'a']);
  });
});
