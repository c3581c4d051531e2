import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Merger, mergeDigests } from '../../src/digest/merge.ts';
import { digestSource } from '../../src/digest/read-source.ts';
import { WHOLE } from '../../src/digest/sampling.ts';
import { digestSources } from '../../src/digest/sources.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { fileSource } from '../../src/input/source.ts';
import { canonical } from './canonical.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

const OBJECTS = 300;
const ROWS = 90;

/** An export in many objects, with more good rows than a sample keeps and some failed ones. */
const sources = Array.from({ length: OBJECTS }, (_, object) => {
  const rows = Array.from({ length: ROWS }, (_, row) =>
    JSON.stringify({
      ClientRequestHost: 'www.example.com',
      ClientRequestPath: `/p/${row % 7}`,
      EdgeEndTimestamp: new Date(Date.UTC(2026, 2, 4, 10, 0, object)).toISOString(),
      EdgeResponseStatus: row % 30 === 0 ? 502 : 200,
      OriginResponseStatus: row % 30 === 0 ? 502 : 200,
      RayID: (object * 1000 + row).toString(16).padStart(16, 'a'),
    }),
  );
  mkdirSync(join(folder, 'http_requests'), { recursive: true });
  const label = `http_requests/${String(object).padStart(4, '0')}.log`;
  const text = `${rows.join('\n')}\n`;
  writeFileSync(join(folder, label), text);
  return fileSource(join(folder, label), label, text.length, false);
});

it('what is not read because the sample is thin already would not have stayed in it', async () => {
  const together = await digestSources(sources, FORMATS, { jobs: 1, sha256: false });
  const alone = [];
  for (const [index, source] of sources.entries())
    alone.push(await digestSource(source, index, FORMATS, { sha256: false }));
  const weight = together.streams[0]?.kept.ordinary.weight ?? 0;
  expect(weight).toBeGreaterThan(1);
  expect(together.streams[0]?.requestCount).toBe(OBJECTS * ROWS);
  expect(canonical(together)).toBe(canonical(mergeDigests(alone)));
});

it('a source that begins with a thin sample makes records of those rows alone', async () => {
  const [source] = sources;
  if (source === undefined) throw new Error('there are sources');
  const merger = new Merger();
  const whole = await digestSource(source, 0, FORMATS, { sha256: false });
  merger.add({ sources: [whole], streams: whole.streams });
  const [key = ''] = merger.weights().keys();
  const thin = await digestSource(source, 0, FORMATS, {
    sha256: false,
    weights: new Map([[key, { ...WHOLE, ordinary: 64 }]]),
  });
  expect(whole.streams[0]?.kept.ordinary.rows.length).toBe(87);
  expect(thin.streams[0]?.kept.ordinary.rows.length).toBeLessThan(20);
  expect(thin.streams[0]?.requestCount).toBe(whole.streams[0]?.requestCount);
});

/** An access log in which `ordinary(row)` says which rows are; how often it was opened is counted. */
function accessLog(name: string, rows: number, ordinary: (row: number) => boolean) {
  const lines = Array.from({ length: rows }, (_, row) => {
    const clock = new Date(Date.UTC(2026, 10, 20, 8) + row * 40).toISOString();
    return `203.0.113.${row % 9} - - [20/Nov/2026:${clock.slice(11, 19)} +0000] "GET /p/${row % 501} HTTP/1.1" ${ordinary(row) ? 200 : 502} 150 "-" "curl/8.5"`;
  });
  mkdirSync(join(folder, name), { recursive: true });
  const label = `${name}/access.log`;
  const text = `${lines.join('\n')}\n`;
  writeFileSync(join(folder, label), text);
  const source = fileSource(join(folder, label), label, text.length, false);
  const opened = { times: 0 };
  const open = (blockBytes?: number): AsyncIterable<Buffer> => {
    opened.times++;
    return source.open(blockBytes);
  };
  return { source: { ...source, open }, opened };
}

const READING = { sha256: true, blockBytes: 1 << 18 };

it.each([
  { name: 'as-many-as-are-kept', rows: 17_000, ordinary: (row: number) => row % 17 < 8, reads: 2, weight: 1 },
  {
    name: 'one-more-than-are-kept',
    rows: 17_001,
    ordinary: (row: number) => row === 17_000 || row % 17 < 8,
    reads: 1,
    weight: 64,
  },
  { name: 'only-in-the-beginning', rows: 30_000, ordinary: (row: number) => row < 5_000, reads: 2, weight: 1 },
  { name: 'only-in-the-end', rows: 30_000, ordinary: (row: number) => row >= 23_000, reads: 2, weight: 1 },
  { name: 'none', rows: 30_000, ordinary: () => false, reads: 1, weight: 1 },
  { name: 'all', rows: 30_000, ordinary: () => true, reads: 1, weight: 64 },
  { name: 'few-lines', rows: 3_000, ordinary: () => true, reads: 1, weight: 1 },
])('what is expected of a source changes nothing: $name', async ({ name, rows, ordinary, reads, weight }) => {
  const { source, opened } = accessLog(name, rows, ordinary);
  const digest = await digestSource(source, 0, FORMATS, READING);
  expect(opened.times).toBe(reads);
  expect(digest.streams[0]?.kept.ordinary.weight).toBe(weight);
  // What cannot be read again is kept whole until it is too much.
  const asItComes = await digestSource({ ...source, reopens: false }, 0, FORMATS, READING);
  expect(canonical(digest)).toBe(canonical(asItComes));
});

it('counts rows of an export that stand for several as what they are: rows', async () => {
  const rows = Array.from({ length: 17_000 }, (_, row) =>
    JSON.stringify({
      EdgeEndTimestamp: new Date(Date.UTC(2026, 2, 4, 10) + row * 40).toISOString(),
      EdgeResponseStatus: row % 17 < 8 ? 200 : 502,
      RayID: (row * 7919).toString(16).padStart(16, 'b'),
      sampleInterval: 2,
    }),
  );
  const text = `${rows.join('\n')}\n`;
  const path = join(folder, 'sampled.json');
  writeFileSync(path, text);
  const digest = await digestSource(fileSource(path, 'sampled.json', text.length, false), 0, FORMATS, READING);
  const [stream] = digest.streams;
  expect(stream?.requestCount).toBe(34_000);
  expect(stream?.kept.ordinary.rows.length).toBe(8000);
  expect(stream?.kept.ordinary.weight).toBe(1);
});

const CAUSES = ['111: Connection refused', '104: Connection reset by peer', '110: Connection timed out'];

it('lines that are not read because the sample of their signal is thin already would not have stayed in it', async () => {
  const logs = Array.from({ length: 4 }, (_, log) => {
    const lines = Array.from({ length: 6000 }, (_, i) => {
      const clock = new Date(Date.UTC(2026, 10, 20, 8) + (log * 6000 + i) * 400).toISOString();
      const cause = CAUSES[i % 7 === 0 ? 1 : i % 50 === log ? 2 : 0];
      return `${clock.slice(0, 10).replaceAll('-', '/')} ${clock.slice(11, 19)} [error] 12#12: *${i} connect() failed (${cause}) while connecting to upstream, client: 203.0.113.${i % 9}, server: www.example.com, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:8080/", host: "www.example.com"`;
    });
    const label = `nginx/error.log.${4 - log}`;
    mkdirSync(join(folder, 'nginx'), { recursive: true });
    const text = `${lines.join('\n')}\n`;
    writeFileSync(join(folder, label), text);
    return fileSource(join(folder, label), label, text.length, false);
  });
  const together = await digestSources(logs, FORMATS, { jobs: 1, sha256: false });
  const alone = [];
  for (const [index, source] of logs.entries())
    alone.push(await digestSource(source, index, FORMATS, { sha256: false }));
  const weights = [...(together.streams[0]?.clues.values() ?? [])].map(({ sample }) => sample.weight);
  expect(weights.length).toBe(CAUSES.length);
  expect(Math.max(...weights)).toBeGreaterThan(8);
  expect(canonical(together)).toBe(canonical(mergeDigests(alone)));
});
