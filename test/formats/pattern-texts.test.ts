import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PHP_OWN_MESSAGES } from '../../src/formats/app/php-messages.ts';
import { firstLetter, patternTexts } from '../../src/formats/pattern-texts.ts';

describe('the texts by which a pattern is told', () => {
  it.each([
    [/abc/, ['abc'], ['abc']],
    [/a(?:b|cd)?e/, ['ae', 'abe', 'acde'], ['ae', 'abe', 'acde']],
    [/^abc/, ['abc'], []],
    [/abc\b/, ['abc'], []],
    [/ab(?!c)de/, ['abde'], []],
    [/(?<name>ab)\d+cde/, ['cde'], []],
    [/a\.b\s{2,3}c/, ['a.b'], ['a.b  c', 'a.b   c']],
    [/[Ss]erver/, ['Server', 'server'], ['Server', 'server']],
    [/[a-z]x*yz/, ['yz'], []],
    [/x|^/, ['x', ''], ['x']],
    [/abc/i, [''], []],
  ])('reads %s', (pattern, needed, sure) => {
    expect(patternTexts(pattern)).toMatchObject({ needed, sure });
  });

  it.each([
    [/^abc/, 'a'],
    [/^a+(?:b|c)/, 'a'],
    [/^a[(|]b\|/, 'a'],
    [/^a?b/, null],
    [/^a*b/, null],
    [/^a{0,2}b/, null],
    [/^(?:a|b)/, null],
    [/^a|b/, null],
    [/^a\(|b\)/, null],
    [/^.a/, null],
    [/^/, null],
    [/a^b/, null],
    [/^a/i, null],
    [/^a/m, null],
  ])('tells with what begins what %s takes', (pattern, first) => {
    expect(firstLetter(pattern)).toBe(first);
  });

  it('holds of the table of PHP', () => {
    const words = PHP_OWN_MESSAGES.flatMap(({ pattern, sample }) => {
      const { needed, sure } = patternTexts(pattern);
      return [sample, ...needed, ...sure, ...sample.split(' ')];
    });
    const texts = fc.array(fc.constantFrom(...words, ' ', 'x', '\n'), { maxLength: 5 }).map((all) => all.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        for (const { pattern, id } of PHP_OWN_MESSAGES) {
          const { needed, sure } = patternTexts(pattern);
          const first = firstLetter(pattern);
          if (first !== null && pattern.test(text)) expect(text.charAt(0)).toBe(first);
          if (pattern.test(text))
            expect({ id, has: needed.some((part) => text.includes(part)) }).toEqual({ id, has: true });
          if (sure.some((part) => text.includes(part)))
            expect({ id, takes: pattern.test(text) }).toEqual({ id, takes: true });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
