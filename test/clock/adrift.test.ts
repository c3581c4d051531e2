import { describe, expect, it } from 'vitest';
import { adriftWarnings, partAdrift } from '../../src/clock/adrift.ts';
import { setClocks } from '../../src/clock/clocks.ts';
import type { Stamp } from '../../src/vocabulary/records.ts';
import { clue, digestOf, type LogSketch, row, steady, T0 } from '../correlate/logs-of.ts';

const HOUR = 3_600_000;
const local = (ms: number): Stamp => ({ kind: 'local', ms });
const edge: LogSketch = {
  hop: 'edge',
  records: steady(T0, T0 + HOUR, 1000, (at) => row('edge', at)),
};
/** Two lines that nothing else tells of. */
const pool: LogSketch = {
  hop: 'app',
  format: 'php-fpm',
  records: [0, 20_000].map((ms) => clue('fpm.max-children', 0, { stamp: local(T0 + 5 * HOUR + ms) })),
};

describe('a log whose zone nothing tells', () => {
  it('is kept apart from the log that counts the requests, and that is said', () => {
    const digest = digestOf([edge, pool]);
    const { placed, adrift } = partAdrift(setClocks(digest, {}));
    expect(placed.map(({ stream }) => stream.hop)).toEqual(['edge']);
    expect(adrift.map(({ stream }) => stream.hop)).toEqual(['app']);
    expect(adriftWarnings(digest, adrift)).toEqual([expect.stringMatching(/^\/app-1\.log: the zone .* --tz\.$/)]);
  });

  it('is used where it is all there is', () => {
    const { placed, adrift } = partAdrift(setClocks(digestOf([pool]), {}));
    expect([placed.length, adrift.length]).toEqual([1, 0]);
  });

  it('is used with the zone that the user names', () => {
    const { placed, adrift } = partAdrift(setClocks(digestOf([edge, pool]), { tz: '+05:00' }));
    expect([placed.length, adrift.length]).toEqual([2, 0]);
  });
});
