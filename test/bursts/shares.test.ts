import { describe, expect, it } from 'vitest';
import { findBursts } from '../../src/bursts/find.ts';
import { row, steady, T0, timedOf } from '../correlate/logs-of.ts';

const SECOND = 1000;
const MINUTE = 60_000;
const FROM_ORIGIN = { status: 502, originStatus: 502, signal: 'edge.origin-answered-5xx' } as const;

describe('a burst of single failures', () => {
  it('is found whole where it fills more than half of the log', () => {
    const within = (ms: number): boolean => ms >= T0 + 2 * MINUTE && ms < T0 + 8 * MINUTE;
    const records = steady(T0, T0 + 10 * MINUTE, SECOND / 10, (ms, i) =>
      row('edge', ms, { originStatus: 200, ...(within(ms) && i % 10 === 0 ? FROM_ORIGIN : {}) }),
    );
    const found = findBursts(timedOf([{ hop: 'edge', records }]));
    expect(found).toHaveLength(1);
    expect(found[0]?.failed).toBe(records.filter(({ status }) => status === 502).length);
  });

  it('is none where the same share of failures fills the whole log thinly', () => {
    const records = steady(T0, T0 + 10 * MINUTE, SECOND / 10, (ms, i) =>
      row('edge', ms, { originStatus: 200, ...((i * 7919) % 100 < 2 ? FROM_ORIGIN : {}) }),
    );
    expect(findBursts(timedOf([{ hop: 'edge', records }]))).toEqual([]);
  });
});

describe('an edge log with every request', () => {
  it('is not taken for a sampled one because answers that the origin logged as good failed at the edge', () => {
    const bad = (ms: number): boolean => ms >= T0 + MINUTE && ms < T0 + 3 * MINUTE;
    const edge = steady(T0, T0 + 5 * MINUTE, SECOND / 4, (ms) =>
      row('edge', ms, bad(ms) ? { status: 520, originStatus: 0, signal: 'edge.520' } : { originStatus: 200 }),
    );
    const access = steady(T0, T0 + 5 * MINUTE, SECOND / 4, (ms) => row('proxy', ms));
    const [burst, ...others] = findBursts(
      timedOf([
        { hop: 'edge', records: edge },
        { hop: 'proxy', records: access },
      ]),
    );
    expect(others).toEqual([]);
    expect(burst).toMatchObject({ failed: 480, estimated: false });
  });
});
