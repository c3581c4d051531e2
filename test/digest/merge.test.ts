import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Digest, SourceDigest, StreamDigest } from '../../src/digest/digest.ts';
import { mergeDigests } from '../../src/digest/merge.ts';
import { failureKind } from '../../src/vocabulary/hops.ts';
import type { LogRecord, RequestRecord } from '../../src/vocabulary/records.ts';
import { clue, digestOf, type LogSketch, row, sourceDigestOf, steady, T0 } from '../correlate/logs-of.ts';
import { cellsOf } from './cells.ts';

const STATUSES = [200, 200, 200, 404, 403, 500, 502, 502, 524];

/** A record of an access log with some error lines in it, as a log of one program may hold them. */
const record: fc.Arbitrary<LogRecord> = fc
  .record({
    second: fc.integer({ min: 0, max: 20 }),
    status: fc.constantFrom(...STATUSES),
    path: fc.constantFrom('/', '/shop', '/cart'),
    visitor: fc.boolean(),
    isClue: fc.boolean(),
    signal: fc.constantFrom('nginx.connect-refused', 'nginx.timeout-header', 'fpm.max-children'),
    level: fc.constantFrom('error', 'warn'),
  })
  .map(({ second, status, path, visitor, isClue, signal, level }) =>
    isClue
      ? clue(signal, T0 + second * 1000, { path, level })
      : row('proxy', T0 + second * 1000, { status, path, visitor }),
  );

const records = fc.array(record, { maxLength: 60 });

/** Digests are plain data: maps as sorted lists, so that two can be compared. */
function plain(digest: Digest): string {
  return JSON.stringify(digest.streams, (_, value: unknown) => (value instanceof Map ? [...value].sort() : value));
}

/** All counts of a stream, whatever the pieces it came in. */
function countsOf({ streams }: Digest): object {
  const cells = new Map<string, number>();
  const lines = new Map<string, number>();
  const levels = new Map<string, number>();
  const sums = { requests: 0, internal: 0, duplicates: 0, failures: 0, sample: 0 };
  const add = (counts: Map<string, number>, key: string, n: number): void => {
    counts.set(key, (counts.get(key) ?? 0) + n);
  };
  for (const stream of streams) {
    sums.requests += stream.requestCount;
    sums.internal += stream.internalCount;
    sums.duplicates += stream.duplicateCount;
    sums.failures += stream.kept.failed.rows.length + stream.kept.refused.rows.length;
    sums.sample += stream.kept.ordinary.rows.length;
    for (const cell of cellsOf(stream.cells)) add(cells, `${cell.bucketMs} ${cell.status} ${cell.signal}`, cell.count);
    for (const [signal, { count, perSecond }] of stream.clues) {
      add(lines, signal, count);
      for (const { seconds, counts } of perSecond)
        seconds.forEach((second, i) => {
          add(lines, `${signal} ${second}`, counts[i] ?? 0);
        });
    }
    for (const [level, n] of stream.levels) add(levels, level, n);
  }
  return { sums, cells: [...cells].sort(), lines: [...lines].sort(), levels: [...levels].sort() };
}

const piece = (all: readonly LogRecord[]): LogSketch => ({ hop: 'proxy', name: 'access.log', records: all });

describe('merging digests', () => {
  it('does not depend on the order in which the sources were read', () => {
    fc.assert(
      fc.property(fc.array(records, { minLength: 2, maxLength: 4 }), fc.nat(), (pieces, seed) => {
        const digests = (): SourceDigest[] => pieces.map((all, i) => sourceDigestOf(piece(all), i));
        const inOrder = plain(mergeDigests(digests()));
        const shuffled = digests()
          .map((digest, i) => ({ digest, rank: (i * 7 + seed) % 5 }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ digest }) => digest);
        expect(plain(mergeDigests(shuffled))).toBe(inOrder);
        expect(plain(mergeDigests(digests().reverse()))).toBe(inOrder);
      }),
    );
  });

  it('leaves the counts as they are however a log was cut into files', () => {
    fc.assert(
      fc.property(records, fc.array(fc.nat({ max: 60 }), { maxLength: 4 }), (all, cuts) => {
        const edges = [0, ...cuts.map((cut) => Math.min(cut, all.length)).sort((a, b) => a - b), all.length];
        const pieces = edges.slice(1).map((edge, i) => piece(all.slice(edges[i], edge)));
        expect(countsOf(digestOf(pieces))).toEqual(countsOf(digestOf([piece(all)])));
      }),
    );
  });

  it('counts as a plain count does', () => {
    fc.assert(
      fc.property(records, (all) => {
        const rows = all.filter((item): item is RequestRecord => item.kind === 'request');
        const visitors = rows.filter(({ visitor }) => visitor);
        const [stream] = digestOf([piece(all)]).streams;
        const lines = [...(stream?.clues.values() ?? [])].reduce((sum, { count }) => sum + count, 0);
        expect(stream?.requestCount ?? 0).toBe(visitors.length);
        expect(stream?.internalCount ?? 0).toBe(rows.length - visitors.length);
        expect(lines).toBe(all.length - rows.length);
        expect((stream?.kept.failed.rows.length ?? 0) + (stream?.kept.refused.rows.length ?? 0)).toBe(
          rows.filter(({ status }) => failureKind(status) !== null).length,
        );
        for (const status of new Set(STATUSES)) {
          const counted = cellsOf(stream?.cells).filter((cell) => cell.status === status);
          expect(counted.reduce((sum, { count }) => sum + count, 0)).toBe(
            visitors.filter((item) => item.status === status).length,
          );
        }
      }),
    );
  });

  it('keeps the segments of every piece and says from which source each came', () => {
    const first = piece(steady(T0, T0 + 5000, 1000, (ms) => row('proxy', ms)));
    const second = piece(steady(T0 + 5000, T0 + 9000, 1000, (ms) => row('proxy', ms)));
    const [stream] = digestOf([first, second]).streams;
    expect(stream?.segments.map(({ source, entries }) => [source, entries])).toEqual([
      [0, 5],
      [1, 4],
    ]);
    for (const { segment, source } of stream?.kept.ordinary.rows ?? [])
      expect(stream?.segments[segment]?.source).toBe(source);
  });
});

describe('the sample', () => {
  it('holds every failed request below the cap, however many good ones there are', () => {
    const all = steady(T0, T0 + 50_000, 1, (ms, i) =>
      row('edge', ms, { status: i % 50 === 0 ? 502 : 200, path: `/p/${i}`, ray: i.toString(16).padStart(16, '0') }),
    );
    const [stream] = digestOf([{ hop: 'edge', records: all }]).streams;
    expect(stream?.kept.failed.rows).toHaveLength(1000);
    expect(stream?.kept.failed.weight).toBe(1);
    expect(stream?.requestCount).toBe(50_000);
    expect(stream?.kept.ordinary.weight).toBe(64);
    const estimate = (stream?.kept.ordinary.rows.length ?? 0) * 64;
    expect(Math.abs(estimate - 49_000)).toBeLessThan(5000);
  });

  it('stands for all failed requests where there are more than the cap', () => {
    const all = steady(T0, T0 + 120_000, 1, (ms, i) => row('edge', ms, { status: 502, path: `/p/${i}` }));
    const [stream] = digestOf([{ hop: 'edge', records: all }]).streams;
    const stands = (stream?.kept.failed.rows.length ?? 0) * (stream?.kept.failed.weight ?? 0);
    expect(Math.abs(stands - 120_000)).toBeLessThan(12_000);
    expect(cellsOf(stream?.cells).reduce((sum, { count }) => sum + count, 0)).toBe(120_000);
  });

  it('is the same whether a long log lay in one file or in three', () => {
    const all = steady(T0, T0 + 60_000, 1, (ms, i) => row('proxy', ms, { path: `/p/${i}` }));
    const hashes = (digest: Digest): number[] => (digest.streams[0]?.kept.ordinary.rows ?? []).map(({ hash }) => hash);
    const cut = [all.slice(0, 9000), all.slice(9000, 41_000), all.slice(41_000)].map(piece);
    expect(hashes(digestOf(cut))).toEqual(hashes(digestOf([piece(all)])));
  });

  it('of a flood of one error line keeps the first of every minute and counts every one', () => {
    const all = steady(T0, T0 + 600_000, 20, (ms, i) =>
      clue('nginx.connect-refused', ms, { text: `${i} connect() failed` }),
    );
    const series = digestOf([piece(all)]).streams[0]?.clues.get('nginx.connect-refused');
    expect(series?.count).toBe(30_000);
    expect(series?.kept.length).toBeLessThan(8000);
    const minutes = new Set(
      series?.kept.map(({ record: { stamp } }) => (stamp.kind === 'utc' ? stamp.ms / 60_000 : 0) | 0),
    );
    expect(minutes.size).toBe(10);
  });
});

describe('rows that Logpush wrote twice', () => {
  const exported = (from: number, to: number): LogSketch => ({
    hop: 'edge',
    records: steady(T0 + from * 1000, T0 + to * 1000, 100, (ms, i) =>
      row('edge', ms, {
        ray: (ms % 1e9).toString(16).padStart(16, '0'),
        colo: 'FRA',
        ...(i % 2 === 0 ? { status: 502, signal: 'edge.502-no-origin' } : {}),
      }),
    ),
  });
  const failed = (stream: StreamDigest | undefined): number =>
    cellsOf(stream?.cells)
      .filter(({ status }) => status === 502)
      .reduce((sum, { count }) => sum + count, 0);

  it('into one file count once', () => {
    const once = exported(0, 30);
    const [stream] = digestOf([{ hop: 'edge', records: [...once.records, ...once.records] }]).streams;
    expect(stream?.kept.failed.rows).toHaveLength(150);
    expect(failed(stream)).toBe(150);
    expect(stream?.duplicateCount).toBeGreaterThanOrEqual(150);
  });

  it('into overlapping files count once', () => {
    const [stream] = digestOf([exported(0, 30), exported(20, 60), exported(0, 60)]).streams;
    expect(stream?.kept.failed.rows).toHaveLength(300);
    expect(failed(stream)).toBe(300);
    expect(cellsOf(stream?.cells).every(({ count }) => count >= 0)).toBe(true);
  });

  it('are told apart from the subrequests of a Worker, which bear the same Ray ID', () => {
    const parent = row('edge', T0, { ray: 'a'.repeat(16), status: 502 });
    const child = row('edge', T0, { ray: 'a'.repeat(16), status: 502, visitor: false, parentRay: 'b'.repeat(16) });
    const [stream] = digestOf([{ hop: 'edge', records: [parent, child] }]).streams;
    expect(stream?.duplicateCount).toBe(0);
    expect([stream?.requestCount, stream?.internalCount]).toEqual([1, 1]);
  });
});
