import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClueCounts } from '../../src/digest/clue-counts.ts';
import { CLUE_RULE } from '../../src/digest/clue-sample.ts';
import { addAll, type SecondList } from '../../src/digest/second-list.ts';

const SIGNAL = 'nginx.other';

const counted = (seconds: readonly number[]): SecondList => {
  const counts = new ClueCounts(0, CLUE_RULE);
  for (const second of seconds) counts.count(SIGNAL, undefined, 0, { kind: 'local', ms: second * 1000 });
  return counts.close().get(SIGNAL)?.perSecond[0] ?? { seconds: [], counts: [] };
};

/** What a list of seconds comes to, in the order of time. */
const expected = (seconds: readonly number[]): SecondList => {
  const sorted = [...new Set(seconds)].sort((a, b) => a - b);
  return { seconds: sorted, counts: sorted.map((second) => seconds.filter((other) => other === second).length) };
};

const SECONDS = fc.oneof(fc.array(fc.nat(20)), fc.array(fc.nat(100_000), { maxLength: 400 }), fc.array(fc.nat(300)));

describe('counts by second', () => {
  it('are in the order of time, whatever the order of the lines', () => {
    fc.assert(
      fc.property(SECONDS, (seconds) => {
        expect(counted(seconds)).toEqual(expected(seconds));
      }),
    );
  });

  it('of two pieces are those of the whole', () => {
    fc.assert(
      fc.property(SECONDS, SECONDS, (first, second) => {
        const all = counted(first);
        addAll(all, counted(second));
        expect(all).toEqual(expected([...first, ...second]));
      }),
    );
  });

  it('of a week that was printed newest first are told in a second', () => {
    const week = 7 * 86_400;
    const { seconds } = counted(Array.from({ length: week }, (_, i) => week - i));
    expect(seconds).toHaveLength(week);
    expect(seconds[0]).toBe(1);
  }, 5000);
});
