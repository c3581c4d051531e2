import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERSONS, SECRETS } from '../../src/result/secrets.ts';
import { WordSearch } from '../../src/result/words.ts';

const WORDS = [...PERSONS, ...SECRETS].flatMap(({ needs = [] }) => needs.flat());

/** Words whole, cut short, run together and among other signs, so that one begins within another. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(...WORDS),
      fc
        .tuple(fc.constantFrom(...WORDS), fc.integer({ min: 1, max: 6 }))
        .map(([word, length]) => word.slice(0, length)),
      fc.string({ maxLength: 4 }),
      fc.string({ maxLength: 3, unit: 'grapheme' }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

describe('the search for all words at once', () => {
  it('finds those that a search for each finds', () => {
    const search = new WordSearch(WORDS);
    fc.assert(
      fc.property(texts, (text) => {
        const lower = text.toLowerCase();
        const { found } = search.look(lower);
        const held = search.words.filter((_, i) => found.includes(i));
        expect(held).toEqual(search.words.filter((word) => lower.includes(word)));
      }),
      { numRuns: 3000 },
    );
  });

  it('tells the longest run of what keys and base64 are written in', () => {
    const search = new WordSearch([]);
    fc.assert(
      fc.property(texts, (text) => {
        const runs = text.match(/[A-Za-z0-9+/_-]+/g) ?? [];
        const longest = Math.max(0, ...runs.map(({ length }) => length));
        // Letters that are none of these may have one of them as their lower case: a run may seem longer, never shorter.
        expect(search.look(text.toLowerCase()).longestRun).toBeGreaterThanOrEqual(longest);
        expect(search.look(text).longestRun).toBe(longest);
      }),
      { numRuns: 3000 },
    );
  });

  it('parts beginnings that are looked up at the same place', () => {
    // U+0080 and what follows share places with the first 128 characters.
    const search = new WordSearch(['ab', 'a\u00e2', '\u0081b', 'abc', 'b']);
    const heldIn = (text: string) => search.words.filter((_, i) => search.look(text).found.includes(i));
    expect(heldIn('xab')).toEqual(['ab', 'b']);
    expect(heldIn('\u0081b')).toEqual(['\u0081b', 'b']);
    expect(heldIn('a\u00e2')).toEqual(['a\u00e2']);
    expect(heldIn('abc')).toEqual(['ab', 'abc', 'b']);
    expect(heldIn('a')).toEqual([]);
    expect(heldIn('')).toEqual([]);
  });
});
