import { describe, expect, it } from 'vitest';
import type { TimedRequest } from '../../src/clock/timeline.ts';
import { ownPages } from '../../src/correlate/own-page.ts';
import type { RequestRecord } from '../../src/vocabulary/records.ts';
import { row, T0 } from './logs-of.ts';

const failed = (status: number, sizes: readonly number[], fields: Partial<RequestRecord> = {}): TimedRequest[] =>
  sizes.map((bytes) => ({
    record: row('proxy', T0, { status, bytes, signal: 'access.5xx', ...fields }),
    source: 0,
    atMs: T0,
    startedMs: T0,
  }));

describe('pages of an access log without the backend’s fields', () => {
  // Measured with nginx 1.22.1, `server_tokens` on and off, visitors with Firefox and Chrome.
  it.each([
    ['502 with the version', 502, [157, 157, 559], 'access.no-answer-502'],
    ['502 without the version', 502, [150, 552, 150], 'access.no-answer-502'],
    ['502 to Chrome alone', 502, [559, 559, 559], 'access.no-answer-502'],
    ['503', 503, [197, 599, 599], 'access.own-503'],
    ['500', 500, [177, 579, 177], 'access.own-500'],
  ] as const)('are nginx’s own: %s', (_, status, sizes, signal) => {
    expect(ownPages(failed(status, sizes))).toEqual(new Map([[status, signal]]));
  });

  it.each([
    ['an application’s, of one size', 500, [177, 177, 177, 177]],
    ['an application’s, of many', 502, [157, 900, 1200, 559]],
    ['another server’s', 502, [107, 107, 107]],
    ['a custom page', 502, [1894, 1894, 1894]],
    ['too few', 502, [157, 157]],
    ['504, which is read otherwise', 504, [167, 569, 167]],
  ] as const)('are not known for nginx’s: %s', (_, status, sizes) => {
    expect(ownPages(failed(status, sizes)).size).toBe(0);
  });

  it('tell nothing where the row itself tells more', () => {
    expect(ownPages(failed(502, [157, 157, 559], { signal: 'access.answered-5xx' })).size).toBe(0);
  });

  it('are looked at without answers to HEAD and without those that nobody waited for', () => {
    const rows = [...failed(502, [157, 559, 157]), ...failed(502, [0, 0]), ...failed(502, [0, 0], { method: 'HEAD' })];
    expect(ownPages(rows).get(502)).toBe('access.no-answer-502');
  });
});
