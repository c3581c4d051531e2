import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/digest/digest.ts';
import { familyName, streamIdentity } from '../../src/digest/identity.ts';
import { mergeDigests } from '../../src/digest/merge.ts';
import { MOST_SEGMENTS } from '../../src/digest/written-time.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import type { Stamp } from '../../src/vocabulary/records.ts';
import { clue, digestOf, row, sourceDigestOf, T0 } from '../correlate/logs-of.ts';

const MINUTE = 60_000;

function segmentsOf(stamps: readonly Stamp[]): readonly Segment[] {
  const records = stamps.map((stamp) => clue('nginx.connect-refused', 0, { stamp }));
  return digestOf([{ hop: 'proxy', records }]).streams[0]?.segments ?? [];
}

const local = (ms: number): Stamp => ({ kind: 'local', ms });
const yearless = (ms: number): Stamp => ({ kind: 'yearless', ms });

describe('segments of a log', () => {
  it('a wall clock that runs on is one segment', () => {
    expect(segmentsOf([local(T0), local(T0 + 1000), local(T0 + 90 * MINUTE)])).toHaveLength(1);
  });

  it('lines that were written out of order by a minute are one segment', () => {
    expect(segmentsOf([local(T0), local(T0 - MINUTE), local(T0 + MINUTE)])).toMatchObject([
      { firstMs: T0 - MINUTE, lastMs: T0 + MINUTE, entries: 3 },
    ]);
  });

  it('the hour that a clock change repeats is a segment of its own', () => {
    const segments = segmentsOf([local(T0), local(T0 + 59 * MINUTE), local(T0), local(T0 + 30 * MINUTE)]);
    expect(segments.map(({ firstMs, lastMs }) => [firstMs, lastMs])).toEqual([
      [T0, T0 + 59 * MINUTE],
      [T0, T0 + 30 * MINUTE],
    ]);
  });

  it('New Year is one in a log that writes no year', () => {
    const december = Date.UTC(2000, 11, 31, 23, 59);
    const january = Date.UTC(2000, 0, 1, 0, 1);
    expect(segmentsOf([yearless(december), yearless(january)]).map(({ firstMs }) => firstMs)).toEqual([
      december,
      january,
    ]);
  });

  it('stamps that say their zone never begin one, whatever their order', () => {
    expect(segmentsOf([0, 3, 1, 2].map((hour): Stamp => ({ kind: 'utc', ms: T0 + hour * 60 * MINUTE })))).toHaveLength(
      1,
    );
  });

  it('lines without a time have one of their own, so that they do not tear another apart', () => {
    const kinds = segmentsOf([local(T0), { kind: 'none' }, local(T0 + 1000), { kind: 'none' }]).map(({ kind }) => kind);
    expect(kinds).toEqual(['local', 'none']);
  });

  it('two containers whose interleaved clocks are an hour apart do not end the analysis', () => {
    const stamps = Array.from({ length: 300_000 }, (_, i) => local(T0 + i * 10 + (i % 2) * 60 * MINUTE));
    expect(segmentsOf(stamps).length).toBeGreaterThan(1);
  });

  it('lines in no order of time need no more memory than so many segments, and count every one, in pieces too', () => {
    const records = Array.from({ length: 3 * MOST_SEGMENTS }, (_, i) =>
      clue('nginx.connect-refused', 0, { stamp: local(T0 + ((i * 7919) % 1440) * MINUTE) }),
    );
    const whole = digestOf([{ hop: 'proxy', records }]);
    const [first, second] = [records.slice(0, 1500), records.slice(1500)].map((part) =>
      sourceDigestOf({ hop: 'proxy', records: part }, 0),
    );
    if (first === undefined || second === undefined) throw new Error('there are two');
    const pieces = mergeDigests([first, second]);
    for (const { streams } of [whole, pieces]) {
      const [stream] = streams;
      expect(stream?.segments).toHaveLength(MOST_SEGMENTS);
      expect(stream?.segments.reduce((sum, { entries }) => sum + entries, 0)).toBe(records.length);
      const counts = stream?.clues.get('nginx.connect-refused')?.perSecond.flatMap((list) => list.counts) ?? [];
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(records.length);
    }
    expect(pieces.streams[0]?.segments).toEqual(whole.streams[0]?.segments);
  });
});

describe('which stream a log belongs to', () => {
  it.each([
    ['error.log.2.gz', 'error.log'],
    ['error.log.1', 'error.log'],
    ['error.log-20250304', 'error.log'],
    ['error.log-20250304.gz', 'error.log'],
    ['error.log-2025030417', 'error.log'],
    ['error.log-2025-03-04.gz', 'error.log'],
    ['error.log-20250304-1741079520.zst', 'error.log'],
    ['php8.2-fpm.log', 'php8.2-fpm.log'],
    ['site-3000.log', 'site-3000.log'],
  ])('%s is a piece of %s', (name, family) => {
    expect(familyName(name)).toBe(family);
  });

  it('exports of Cloudflare are one stream however many objects they were cut into', () => {
    const format = FORMATS.find(({ id }) => id === 'cloudflare-http');
    if (!format) throw new Error('no such format');
    const keys = ['20250304/a.log.gz', '20250304/b.log.gz', '20250305/c.log.gz'].map(
      (label) => streamIdentity(format, null, label).key,
    );
    expect(new Set(keys).size).toBe(1);
  });

  it('rotated pieces are one, the same log of two machines is two', () => {
    const format = FORMATS.find(({ id }) => id === 'nginx-error');
    if (!format) throw new Error('no such format');
    const key = (server: string | null, label: string): string => streamIdentity(format, server, label).key;
    expect(key(null, 'nginx/error.log')).toBe(key(null, 'nginx/error.log.3.gz'));
    expect(key('web1', 'nginx/error.log')).not.toBe(key('web2', 'nginx/error.log'));
    expect(key(null, 'web1/error.log')).not.toBe(key(null, 'web2/error.log'));
  });
});

it('undated rows are counted and lie in no second', () => {
  const [stream] = digestOf([{ hop: 'proxy', records: [row('proxy', 0, { stamp: { kind: 'none' } })] }]).streams;
  expect(stream?.requestCount).toBe(1);
  expect(stream?.cells.flatMap(({ bucketMs }) => bucketMs)).toEqual([Number.NaN]);
});
