import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type BatchOptions, batch, rebuild } from '../../src/batch/batch.ts';
import { cutByCalm } from '../../src/batch/split.ts';
import { resultSchema } from '../../src/result/schema.ts';

const HOUR_MS = 3_600_000;
const INCIDENTS = fileURLToPath(new URL('../../fixtures/incidents', import.meta.url));

describe('the calm between two incidents', () => {
  const span = (startHour: number, endHour: number) => ({ startMs: startHour * HOUR_MS, endMs: endHour * HOUR_MS });

  it('parts failures that are further apart, and the middle of it parts their logs', () => {
    expect(cutByCalm([span(100, 101), span(0, 1), span(3, 4), span(12, 13)], 6 * HOUR_MS)).toEqual([
      { startMs: -6 * HOUR_MS, endMs: 8 * HOUR_MS - 1 },
      { startMs: 8 * HOUR_MS, endMs: 19 * HOUR_MS },
      { startMs: 94 * HOUR_MS, endMs: 107 * HOUR_MS },
    ]);
  });

  it('leaves every failure in one incident, and none in two', () => {
    const failures = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 1e6 }), fc.integer({ min: 0, max: 5e4 })).map(([startMs, long]) => ({
        startMs,
        endMs: startMs + long,
      })),
    );
    fc.assert(
      fc.property(failures, fc.integer({ min: 1, max: 1e5 }), (all, calmMs) => {
        const spans = cutByCalm(all, calmMs);
        for (const { startMs, endMs } of all)
          expect(spans.filter((span) => span.startMs <= startMs && endMs <= span.endMs)).toHaveLength(1);
        for (const [i, { endMs }] of spans.entries()) expect(spans[i + 1]?.startMs ?? endMs + 1).toBeGreaterThan(endMs);
      }),
    );
  });
});

describe('a batch that splits', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whose502-split-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const names = ['fpm-socket-missing', 'edge-colo', 'two-faults-at-once'];
  for (const name of names) cpSync(join(INCIDENTS, name, 'logs'), join(folder, 'year', name), { recursive: true });
  const archive = join(folder, 'year.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', folder, 'year']);
  const out = join(folder, 'out');
  const summary = async (options: Partial<BatchOptions> = {}) =>
    (await batch([archive], { out, splitHours: 6, ...options })).outcomes.map(({ entry, how }) => [
      entry.name,
      entry.verdict?.cause,
      entry.bursts.length,
      how,
    ]);

  it('cuts an archive of a year into its incidents, each with its own report, and does none of them twice', async () => {
    const incidents = [
      ['year.tar.gz 2025-01-15 14:05', 'app-socket-missing', 1],
      ['year.tar.gz 2025-02-26 05:51', 'edge-colo-incident', 1],
      ['year.tar.gz 2025-04-15 13:22', 'edge-colo-incident', 2],
    ];
    expect(await summary()).toEqual(incidents.map((row) => [...row, 'analysed']));
    expect(readdirSync(join(out, 'incidents'))).toEqual([
      'year.tar.gz@20250115T140540Z',
      'year.tar.gz@20250226T055131Z',
      'year.tar.gz@20250415T132231Z',
    ]);
    expect(readFileSync(join(out, 'index.html'), 'utf8')).not.toContain('the same files as');
    const stored = readFileSync(join(out, 'incidents', 'year.tar.gz@20250226T055131Z', 'result.json'), 'utf8');
    const { sources } = resultSchema.parse(JSON.parse(stored));
    expect(sources.length).toBeGreaterThan(3);
    for (const { path, first, last } of sources) {
      expect(path).toMatch(/^year\.tar\.gz\/year\/edge-colo\//);
      expect(first !== null && last !== null && first <= last && first.startsWith('2025-02-26')).toBe(true);
    }
    expect(await summary()).toEqual(incidents.map((row) => [...row, 'done']));
    expect(await summary({ formats: ['md'] })).toEqual(incidents.map((row) => [...row, 'drawn']));
    expect((await rebuild({ out })).outcomes.map(({ entry }) => entry.name)).toEqual(incidents.map(([name]) => name));
  }, 120_000);

  it('makes an incident of its own of a log of which nobody knows the zone', async () => {
    const logs = join(folder, 'sites');
    cpSync(join(INCIDENTS, 'edge-colo', 'logs'), join(logs, 'shop'), { recursive: true });
    const line = (second: number): string =>
      `2025/06/01 10:${String(10 + Math.floor(second / 60))}:${String(second % 60).padStart(2, '0')} [error] 77#77: *${second} connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.${second % 90}, server: blog.example.org, request: "GET /${second} HTTP/1.1", upstream: "http://127.0.0.1:9000/${second}", host: "blog.example.org"\n`;
    mkdirSync(join(logs, 'blog'));
    writeFileSync(join(logs, 'blog', 'error.log'), Array.from({ length: 90 }, (_, i) => line(i)).join(''));
    const packed = join(folder, 'sites.tar');
    execFileSync('tar', ['-cf', packed, '-C', folder, 'sites']);
    const { outcomes } = await batch([packed], { out: join(folder, 'out-sites'), splitHours: 6 });
    expect(outcomes.map(({ entry }) => [entry.start?.slice(0, 10), entry.verdict?.cause])).toEqual([
      ['2025-02-26', 'edge-colo-incident'],
      ['2025-06-01', 'app-down'],
    ]);
  }, 60_000);

  it('takes away what another length of calm does not give any more', async () => {
    expect((await summary({ splitHours: 9000 })).map(([name, , bursts]) => [name, bursts])).toEqual([
      ['year.tar.gz', 4],
    ]);
    expect(readdirSync(join(out, 'incidents'))).toEqual(['year.tar.gz']);
    expect(existsSync(join(out, 'splits', 'year.tar.gz.json'))).toBe(true);
  }, 60_000);
});
