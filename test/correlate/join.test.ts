import { describe, expect, it } from 'vitest';
import type { TimedRequest } from '../../src/clock/timeline.ts';
import { type JoinedRequest, joinRequests } from '../../src/correlate/join.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { clue, type LogSketch, row, T0, timedOf } from './logs-of.ts';

const RAY = 'abcdef0123456789';
const edgeRow = (fields: Partial<RequestRecord> = {}): LogSketch => ({
  hop: 'edge',
  records: [row('edge', T0 + 60_000, { status: 502, path: '/shop', ...fields })],
});

/** Joins the edge's failed request with what the other logs hold about it. */
function join(edge: LogSketch, ...others: readonly LogSketch[]): JoinedRequest {
  const streams = timedOf([edge, ...others]);
  const seed: TimedRequest | undefined = streams.find(({ stream }) => stream.hop === 'edge')?.failures[0];
  if (!seed) throw new Error('the edge has no failed request');
  const [joined] = joinRequests([seed], streams);
  if (!joined) throw new Error('nothing is joined');
  return joined;
}

const hopsOf = ({ steps }: JoinedRequest): string[] => steps.map(({ record }) => record.hop);

describe('one request over the hops', () => {
  it('is joined by its Ray ID, however far the clocks are apart', () => {
    const joined = join(edgeRow({ ray: RAY }), {
      hop: 'proxy',
      records: [
        row('proxy', T0, { status: 502, path: '/shop', ray: RAY }),
        row('proxy', T0 + 60_000, { path: '/shop', ray: 'f'.repeat(16) }),
      ],
    });
    expect(joined.joinedBy).toBe('ray');
    expect(joined.steps.map(({ atMs }) => atMs)).toEqual([T0 + 60_000, T0]);
  });

  it('is joined by method, path and time where no Ray ID is logged', () => {
    const joined = join(
      edgeRow(),
      { hop: 'proxy', records: [row('proxy', T0 + 60_900, { status: 502, path: '/shop' })] },
      { hop: 'proxy', records: [clue('nginx.connect-refused', T0 + 59_500, { path: '/shop', method: 'GET' })] },
      { hop: 'tunnel', records: [clue('cloudflared.inner-refused', T0 + 60_100, { path: '/shop' })] },
    );
    expect(joined.joinedBy).toBe('request');
    expect(hopsOf(joined)).toEqual(['edge', 'tunnel', 'proxy', 'proxy']);
  });

  it.each([
    ['another path', { path: '/cart' }, T0 + 60_000],
    ['another method', { path: '/shop', method: 'POST' }, T0 + 60_000],
    ['another minute', { path: '/shop' }, T0 + 90_000],
  ])('is not joined with a row of %s', (_, fields, ms) => {
    const joined = join(edgeRow(), { hop: 'proxy', records: [row('proxy', ms, fields)] });
    expect(joined).toMatchObject({ joinedBy: 'time' });
    expect(hopsOf(joined)).toEqual(['edge']);
  });

  it('is not joined with a row that bears another Ray ID, however alike', () => {
    const joined = join(edgeRow({ ray: RAY }), {
      hop: 'proxy',
      records: [row('proxy', T0 + 60_000, { path: '/shop', ray: '0'.repeat(16) })],
    });
    expect(hopsOf(joined)).toEqual(['edge']);
  });

  it('is joined with the nearest of several like it, and with one line per hop', () => {
    const joined = join(
      edgeRow(),
      { hop: 'proxy', records: [58_000, 60_400, 62_000].map((ms) => row('proxy', T0 + ms, { path: '/shop' })) },
      {
        hop: 'proxy',
        records: [59_000, 60_200].map((ms) => clue('nginx.connect-refused', T0 + ms, { path: '/shop' })),
      },
    );
    expect(joined.steps.map(({ atMs }) => atMs - T0)).toEqual([60_000, 60_200, 60_400]);
  });

  it('is never joined with known noise', () => {
    const joined = join(edgeRow(), {
      hop: 'proxy',
      records: [clue('nginx.more-data', T0 + 60_000, { path: '/shop' })],
    });
    expect(hopsOf(joined)).toEqual(['edge']);
  });
});
