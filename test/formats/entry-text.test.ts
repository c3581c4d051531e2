import { expect, it } from 'vitest';
import { entryFields } from '../../src/formats/entry.ts';
import { NO_STAMP } from '../../src/vocabulary/records.ts';

const shown = (text: string): string => entryFields({ text, number: 1, wrapper: null }, NO_STAMP).text;

it('a long text is cut before a word and not within it: half a mail address is known for none', () => {
  const words = `${'word '.repeat(398)}jane.doe@mail.example.com more`;
  expect(words.slice(0, 2000)).toMatch(/jane\.doe@m$/);
  expect(shown(words)).toBe('word '.repeat(398).trimEnd());
});

it('a text of 2,000 characters stays whole, and so long a word is cut all the same', () => {
  expect(shown('a b '.repeat(500))).toBe('a b '.repeat(500));
  expect(shown(`${'a b '.repeat(500)} c`)).toBe('a b '.repeat(500));
  expect(shown('a'.repeat(5000))).toBe('a'.repeat(2000));
});
