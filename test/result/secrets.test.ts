import { describe, expect, it } from 'vitest';
import { PERSONS, SECRETS } from '../../src/result/secrets.ts';
import { CANARIES } from './canaries.ts';

const TEXTS = CANARIES.flatMap(([, text]) => [
  text,
  text.toUpperCase(),
  text.toLowerCase(),
  `{"message":${JSON.stringify(text)}}`,
]);

describe('the words that a pattern needs', () => {
  it('stand in all that it matches', () => {
    for (const { pattern, needs = [] } of [...PERSONS, ...SECRETS]) {
      const matched = TEXTS.filter((text) => text.search(pattern) >= 0);
      const held = matched.filter((text) =>
        needs.every((words) => words.some((word) => text.toLowerCase().includes(word))),
      );
      expect(held).toEqual(matched);
    }
  });

  it('are in lower case, as the text is in which they are looked for', () => {
    for (const { needs = [] } of [...PERSONS, ...SECRETS])
      for (const word of needs.flat()) expect(word).toBe(word.toLowerCase());
  });
});
