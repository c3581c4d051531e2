import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setClocks } from '../../src/clock/clocks.ts';
import { harRecord } from '../../src/formats/client/har-entry.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { digestOf, type LogSketch, row, T0 } from '../correlate/logs-of.ts';

const SECOND = 1000;

/** One request as it truly was, in milliseconds. */
interface Visit {
  readonly atMs: number;
  readonly waitMs: number;
  readonly receiveMs: number;
}

/** An entry of a capture on a laptop whose clock is ahead; `dated`: when Cloudflare gave the answer, if not then. */
function entry({ atMs, waitMs, receiveMs }: Visit, aheadMs: number, dated?: number): RequestRecord {
  const record = harRecord(
    {
      startedDateTime: new Date(atMs + aheadMs).toISOString(),
      time: waitMs + receiveMs,
      timings: { wait: waitMs, receive: receiveMs },
      request: { method: 'GET', url: 'https://www.example.com/' },
      response: {
        status: 502,
        headers: [
          { name: 'cf-ray', value: 'a7c4bab370256a99-IAD' },
          { name: 'date', value: new Date(dated ?? atMs + waitMs - 20).toUTCString() },
        ],
      },
    },
    1,
  );
  if (!record) throw new Error('no entry');
  return record;
}

const capture = (records: readonly RequestRecord[]): LogSketch => ({ hop: 'client', format: 'har', records });
const visit = fc.record({
  atMs: fc.integer({ min: T0, max: T0 + 600 * SECOND }),
  waitMs: fc.integer({ min: 30, max: 30_000 }),
  receiveMs: fc.integer({ min: 0, max: 20_000 }),
});

describe('a capture of a browser', () => {
  it('is on Cloudflare’s clock by the date of its answers, whatever the laptop’s is', () => {
    fc.assert(
      fc.property(
        fc.array(visit, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: -86_400, max: 86_400 }),
        (visits, aheadSeconds) => {
          const [har] = setClocks(digestOf([capture(visits.map((one) => entry(one, aheadSeconds * SECOND)))]), {});
          const first = Math.min(...visits.map(({ atMs, waitMs, receiveMs }) => atMs + waitMs + receiveMs));
          expect(Math.abs((har?.firstMs ?? Number.NaN) - first)).toBeLessThanOrEqual(2 * SECOND);
          expect(har?.clock).toMatchObject({ method: 'inner', uncertaintySeconds: 2 });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps its own clock where its answers agree on none: they lay in caches', () => {
    const visits = [0, 1, 2, 3].map((i) => ({ atMs: T0 + i * SECOND, waitMs: 100, receiveMs: 0 }));
    const records = visits.map((one, i) => entry(one, 0, T0 - (i + 1) * 3600 * SECOND));
    expect(setClocks(digestOf([capture(records)]), {})[0]?.clock).toMatchObject({ method: 'explicit', skewSeconds: 0 });
  });

  it('is tied to the edge’s own log first, by Ray IDs', () => {
    const records = [0, 1, 2].map(
      (i): RequestRecord => ({
        ...entry({ atMs: T0 + i * SECOND, waitMs: 100, receiveMs: 0 }, 90 * SECOND),
        ray: `${i}`.padStart(16, 'a'),
      }),
    );
    const edge: LogSketch = {
      hop: 'edge',
      records: records.map(({ ray }, i) => row('edge', T0 + i * SECOND + 100, { ray: ray ?? '', status: 502 })),
    };
    const har = setClocks(digestOf([edge, capture(records)]), {}).find(({ stream }) => stream.hop === 'client');
    expect(har?.clock).toMatchObject({ method: 'ray-id', skewSeconds: 90 });
  });
});
