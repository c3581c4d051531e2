import { expect, it } from 'vitest';
import { CAUSES } from '../../src/causes/registry.ts';
import { changeOf, headline, impactSentence } from '../../src/report/words.ts';
import type { Burst } from '../../src/result/schema.ts';
import { SAMPLE } from './sample-result.ts';

const first = (): Burst => {
  const [burst] = SAMPLE.bursts;
  if (!burst) throw new Error('the sample has no burst');
  return burst;
};
const hit = (impact: Partial<NonNullable<Burst['impact']>>, lowerBound = false): string => {
  const nothing = { share: null, hosts: 0, paths: 0, visitors: null, neverReachedOrigin: null, uncertaintySeconds: 0 };
  const burst = first();
  return impactSentence({
    ...burst,
    requests: { ...burst.requests, failed: 50, lowerBound },
    impact: { ...nothing, ...impact },
  });
};

it('whom a burst hit is told in numbers, as far as they are known', () => {
  expect(hit({ visitors: 12, hosts: 1, paths: 3 })).toBe('12 visitors hit on 1 host and 3 kinds of paths.');
  expect(hit({ visitors: 1, paths: 1 }, true)).toBe('At least 1 visitor hit on 1 kind of path.');
  expect(hit({ neverReachedOrigin: 50 })).toBe('None of these requests reached the origin’s web server.');
  expect(hit({ neverReachedOrigin: 7 })).toBe('7 of these requests never reached the origin’s web server.');
  expect(hit({ uncertaintySeconds: 3600 })).toBe('The burst’s times may be off by up to 1 h.');
  expect(hit({})).toBe('');
  const { impact: _, ...older } = first();
  expect(impactSentence(older)).toBe('');
});

it('a change of lines is told against as long a time before', () => {
  const line = { template: 'x', source: 0, line: 1 };
  expect(changeOf({ ...line, change: 'new', count: 1, before: 0 })).toBe('new: 1 time');
  expect(changeOf({ ...line, change: 'jump', count: 1200, before: 3 })).toBe(
    'more than before: 1,200 times, usually 3 in as long a time',
  );
  expect(changeOf({ ...line, change: 'jump', count: 9, before: 0 })).toBe(
    'more than before: 9 times, hardly ever before',
  );
  expect(changeOf({ ...line, change: 'silent', count: 0, before: 14 })).toBe(
    'fell silent: usually 14 in as long a time',
  );
});

it('the headline says no more than is settled', () => {
  const verdict = { ...SAMPLE.verdict, place: 'origin', title: 'The PHP-FPM pool ran out of workers' } as const;
  const settled = { placeConfidence: 0.97, confidence: 0.9, word: 'high' } as const;
  expect(headline({ ...verdict, ...settled })).toBe('The origin is at fault: the PHP-FPM pool ran out of workers.');
  expect(headline({ ...verdict, ...settled, confidence: 0.3, word: 'undecided' })).toBe(
    'The origin is at fault, most likely this way: the PHP-FPM pool ran out of workers.',
  );
  expect(headline({ ...verdict, placeConfidence: 0.5, confidence: 0.3, word: 'undecided' })).toBe(
    'It is not settled who is at fault; most likely the origin: the PHP-FPM pool ran out of workers.',
  );
  expect(headline({ ...verdict, ...settled, cause: 'unknown' })).toBe(
    'The origin is at fault; the cause is not settled.',
  );
});

it('a title that goes on after a colon begins small, unless with a name', () => {
  const named = /^(?:Cloudflare|Redis|PHP-FPM|TLS|DNS|HTTP|[A-Z]{2,}\S*|\w*[A-Z]\w*[A-Z]\w*)/;
  for (const { title } of CAUSES) {
    const told = headline({
      ...SAMPLE.verdict,
      place: 'origin',
      placeConfidence: 1,
      confidence: 1,
      word: 'certain',
      title,
    });
    const first = told.slice(told.indexOf(': ') + 2);
    expect([first, /^[A-Z]/.test(first) && !named.test(first)]).toEqual([first, false]);
  }
});
