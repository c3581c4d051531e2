import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setClocks } from '../../src/clock/clocks.ts';
import { withinWindow } from '../../src/clock/window.ts';
import { selects } from '../../src/digest/selection.ts';
import { clue, digestOf, row, steady, T0 } from '../correlate/logs-of.ts';

const END = T0 + 100_000;
const streams = setClocks(
  digestOf([
    { hop: 'edge', records: steady(T0, END, 500, (ms, i) => row('edge', ms, { status: i % 7 === 0 ? 502 : 200 })) },
    { hop: 'proxy', records: steady(T0, END, 900, (ms) => clue('nginx.connect-refused', ms)) },
  ]),
  {},
);
const countIn = (fromMs: number, toMs: number) => {
  const found = withinWindow(streams, { since: { atMs: fromMs }, until: { atMs: toMs } });
  return {
    cells: found.reduce((sum, { cells }) => sum + cells.sum(), 0),
    lines: found.flatMap(({ clues }) => [...clues.values()]).reduce((sum, { count }) => sum + count, 0),
    kept: found.flatMap(({ failures, sample }) => [...failures, ...sample]).length,
  };
};

describe('a window', () => {
  it('has what was written in it, and parts that share no second come to the whole', () => {
    const whole = countIn(T0, END);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (second) => {
        const cutMs = T0 + second * 1000;
        const [before, after] = [countIn(T0, cutMs - 1), countIn(cutMs, END)];
        expect(before.cells + after.cells).toBe(whole.cells);
        expect(before.lines + after.lines).toBe(whole.lines);
        expect(before.kept + after.kept).toBe(whole.kept);
      }),
    );
  });

  it('may be told from the end of the logs', () => {
    const last = Math.max(...streams.map(({ lastMs }) => lastMs));
    const told = withinWindow(streams, { since: { beforeEndMs: 20_000 } });
    expect(told).toEqual(withinWindow(streams, { since: { atMs: last - 20_000 } }));
    expect(Math.min(...told.map(({ firstMs }) => firstMs))).toBeGreaterThanOrEqual(last - 20_000);
  });

  it('leaves out streams that have nothing in it, and nothing where none is asked for', () => {
    expect(withinWindow(streams, { since: { atMs: END + 1 } })).toEqual([]);
    expect(withinWindow(streams, {})).toBe(streams);
  });
});

describe('a selection', () => {
  const shop = row('edge', T0, { host: 'shop.example.com', path: '/cart/1' });
  const blog = row('edge', T0, { host: 'blog.example.com', path: '/about' });
  const silent = clue('fpm.max-children', T0);

  it('takes a host in any case, and what names none', () => {
    const wants = selects({ host: 'Shop.Example.com' });
    expect([shop, blog, silent].map((record) => wants?.(record))).toEqual([true, false, true]);
  });

  it('takes the paths that begin so', () => {
    const wants = selects({ path: '/cart' });
    expect([shop, blog, silent].map((record) => wants?.(record))).toEqual([true, false, true]);
  });

  it('is none where nothing is asked for', () => expect(selects({})).toBeNull());
});
