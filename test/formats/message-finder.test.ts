import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { APP_MESSAGES } from '../../src/formats/app/app-messages.ts';
import { MessageFinder } from '../../src/formats/message-finder.ts';
import { neededTexts } from '../../src/formats/pattern-texts.ts';

/** A finder that was asked so often that it has learned what its patterns need. */
function learned<Row extends { readonly pattern: RegExp }>(rows: readonly Row[]): MessageFinder<Row> {
  const finder = new MessageFinder(rows);
  for (let i = 0; i < 2001; i++) finder.candidates('');
  return finder;
}

const row = (pattern: RegExp) => ({ pattern });

describe('the rows worth a look', () => {
  const refused = row(/connect(?:ion)? refused/);
  const gone = row(/^(?:server|peer) (?:has )?gone away$/im);
  const any = row(/^\d{3} /);
  const finder = learned([refused, any, gone]);

  it.each([
    ['connection refused', [refused, any]],
    ['connect failed', [any]],
    ['PEER GONE AWAY', [any, gone]],
    ['The server has gone away: connection refused', [refused, any, gone]],
    ['', [any]],
    ['İ connection refused', [refused, any]],
  ])('for %s', (text, rows) => {
    expect(finder.candidates(text)).toEqual(rows);
  });

  it('are all that match, of the table of applications', () => {
    const words = APP_MESSAGES.flatMap(({ pattern, sample }) => [
      ...neededTexts(pattern),
      sample,
      ...sample.split(' '),
    ]);
    const texts = fc
      .array(fc.constantFrom(...words, ' ', ': ', '\n', '502', 'é'), { maxLength: 6 })
      .chain((all) => fc.constantFrom(all.join(''), all.join(' '), all.join(' ').toUpperCase()));
    const own = learned(APP_MESSAGES);
    const matching = (rows: readonly { readonly pattern: RegExp }[], text: string) =>
      rows.filter(({ pattern }) => pattern.test(text));
    for (const { sample } of APP_MESSAGES)
      expect(matching(own.candidates(sample), sample)).toEqual(matching(APP_MESSAGES, sample));
    fc.assert(
      fc.property(texts, (text) => {
        expect(matching(own.candidates(text), text)).toEqual(matching(APP_MESSAGES, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('are few for an ordinary line', () => {
    const line = '2026-11-20 08:12:30.123  INFO 1 --- [nio-8080-exec-3] c.e.shop.Orders : Order 812 placed in 31 ms';
    expect(learned(APP_MESSAGES).candidates(line).length).toBeLessThan(APP_MESSAGES.length / 10);
  });
});

describe('the texts that a pattern needs', () => {
  it.each([
    [/abc/i, ['abc']],
    [/^abc$/m, ['abc']],
    [/\x1bab\u202fcde\u{1f600}/u, ['cde']],
    [/\p{Lu}ab/u, ['ab']],
    [/(?<q>x)abc\k<q>/, ['xabc']],
    [/abc/y, ['']],
  ])('%s', (pattern, needed) => {
    expect(neededTexts(pattern)).toEqual(needed);
  });
});
