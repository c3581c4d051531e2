import { expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { clue, inOrder, type LogSketch, row, steady, T0, timedOf } from '../correlate/logs-of.ts';

const fine = (hop: 'edge' | 'proxy'): LogSketch => ({
  hop,
  records: steady(T0, T0 + 600_000, 200, (ms) => row(hop, ms)),
});
const cut: LogSketch = {
  hop: 'proxy',
  records: inOrder(
    [T0, T0 + 600_000].map((ms) => clue('nginx.more-data', ms)),
    steady(T0 + 300_000, T0 + 360_000, 500, (ms) => clue('nginx.premature-body', ms)),
  ),
};

it('answers that were cut off after a good status are a burst, though every request log calls them good', () => {
  const found = findBursts(timedOf([fine('edge'), fine('proxy'), cut]));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ kind: 'gateway', madeBy: 'origin', failed: 120, total: null });
});
