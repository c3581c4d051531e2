import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze, openInputs } from '../../src/analyze.ts';
import { mergeDigestFiles, writeDigestFile } from '../../src/batch/parts.ts';
import { findRepeats } from '../../src/digest/repeats.ts';
import { digestSources } from '../../src/digest/sources.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import type { SourceFile } from '../../src/input/source.ts';
import type { Result } from '../../src/result/schema.ts';
import { openTrees } from '../input/trees.ts';

const tree = openTrees();

const START = Date.UTC(2026, 2, 4, 10);
const at = (row: number): Date => new Date(START + row * 250);
const two = (n: number): string => String(n).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar'];
/** The upstream is down from row 1200 to row 1500, and every 400th request fails by itself. */
const fails = (row: number): boolean => (row >= 1200 && row < 1500) || row % 400 === 7;

function access(from: number, to: number, client = '192.0.2.'): string[] {
  return Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    const time = at(row);
    const day = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
    const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}`;
    return `${client}${row % 200} - - [${day}:${clock} +0000] "GET /p/${row % 97} HTTP/1.1" ${fails(row) ? 502 : 200} ${100 + (row % 13)} "-" "curl/8.5"`;
  });
}

function errors(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
    .filter(fails)
    .map((row) => {
      const time = at(row).toISOString();
      return `${time.slice(0, 10).replaceAll('-', '/')} ${time.slice(11, 19)} [error] 812#812: *${row} connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.${row % 200}, server: www.example.com, request: "GET /p/${row % 97} HTTP/1.1", upstream: "http://127.0.0.1:3000/p/${row % 97}", host: "www.example.com"`;
    });
}

function exported(from: number, to: number, more: Readonly<Record<string, unknown>> = {}): string[] {
  return Array.from({ length: to - from }, (_, i) => {
    const row = from + i;
    return JSON.stringify({
      ...more,
      ClientRequestHost: 'www.example.com',
      EdgeEndTimestamp: at(row).toISOString(),
      EdgeResponseStatus: fails(row) ? 502 : 200,
      OriginResponseStatus: fails(row) ? 502 : 200,
      RayID: (row + 0xabc000).toString(16).padStart(16, 'a'),
    });
  });
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** What an analysis counts. */
const counts = ({ bursts }: Result) =>
  bursts.map(({ start, end, requests, verdict }) => [
    start,
    end,
    requests.failed,
    requests.total,
    verdict.place,
    verdict.cause,
    Math.round(100 * verdict.confidence),
  ]);

describe('entries that two files share', () => {
  const whole = { 'access.log': text(access(0, 4000)), 'error.log': text(errors(0, 4000)) };

  it.each<[string, Readonly<Record<string, string | Buffer>>, string]>([
    [
      'the tail of a log beside it',
      { ...whole, 'part.log': text(errors(1100, 4000)), 'part-access.log': text(access(1100, 4000)) },
      'entries of part.log stand in error.log, too; they are counted once',
    ],
    [
      'a piece out of the middle, packed',
      { ...whole, 'piece.gz': gzipSync(text(access(1000, 2500))) },
      'entries of piece.gz stand in access.log, too',
    ],
    [
      'a log that was rotated while lines were still written to both',
      {
        'error.log': whole['error.log'],
        'access.log.1': text(access(0, 1400)),
        'access.log': text(access(1250, 4000)),
      },
      'entries of access.log.1 stand in access.log, too',
    ],
    [
      'lines picked out of a log',
      { ...whole, 'only-502.txt': text(access(0, 4000).filter((line) => line.includes('" 502 '))) },
      'entries of only-502.txt stand in access.log, too',
    ],
  ])('count once: %s', async (_, files, warning) => {
    const once = await analyze([tree(whole)]);
    const twice = await analyze([tree(files)]);
    expect(once.warnings.join()).not.toContain('counted once');
    expect(counts(twice)).toEqual(counts(once));
    expect(twice.warnings.join()).toContain(warning);
  });

  it('count once however a log was cut into files that overlap', async () => {
    const lines = access(0, 3000);
    const all = counts(await analyze([tree({ 'access.log': text(lines) })]));
    const cut = fc.tuple(fc.integer({ min: 0, max: 1800 }), fc.integer({ min: 600, max: 2000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { minLength: 1, maxLength: 3 }), async (cuts) => {
        const pieces = cuts.map(([from, long], i) => [`more/piece${i}.log`, text(lines.slice(from, from + long))]);
        const result = await analyze([tree({ 'access.log': text(lines), ...Object.fromEntries(pieces) })]);
        expect(counts(result)).toEqual(all);
      }),
      { numRuns: 12 },
    );
  }, 60_000);

  it('do not make one log of two machines whose health checks are alike', async () => {
    const check = (n: number): string =>
      `10.0.0.9 - - [04/Mar/2026:10:${two(Math.floor(n / 60) % 60)}:${two(n % 60)} +0000] "GET /healthz HTTP/1.1" 200 2 "-" "probe"`;
    const machine = (client: string): string =>
      text(access(0, 3000, client).flatMap((line, row) => (row % 20 === 0 ? [check(row / 4), line] : [line])));
    const result = await analyze([
      tree({ 'web1/access.log': machine('192.0.2.'), 'web2/access.log': machine('198.51.100.') }),
    ]);
    expect(result.warnings.join()).not.toContain('counted once');
  });

  it('are looked for in no file where none are', async () => {
    const folder = tree({ ...whole, 'web2/access.log': text(access(0, 3000, '198.51.100.')) });
    const { sources } = await openInputs([folder]);
    const digest = await digestSources(sources, FORMATS, { jobs: 1, sha256: false });
    const closed = sources.map((source): SourceFile => {
      const { readWhole: _, ...others } = source;
      return {
        ...others,
        open: () => {
          throw new Error('it was read again');
        },
      };
    });
    expect(await findRepeats(closed, FORMATS, digest, {})).toEqual([]);
  });
});

describe('rows that two exports share', () => {
  const single = { 'rows.ndjson': text(exported(0, 4000)) };

  it.each<[string, Readonly<Record<string, string | Buffer>>]>([
    ['exports of overlapping times', { 'a.ndjson': text(exported(0, 2600)), 'b.ndjson': text(exported(900, 4000)) }],
    [
      'two jobs with other fields, cut otherwise',
      {
        ...Object.fromEntries(
          [0, 1000, 2000, 3000].map((from) => [`job1/${from}.log.gz`, gzipSync(text(exported(from, from + 1000)))]),
        ),
        ...Object.fromEntries(
          [0, 1300, 2600].map((from) => [
            `job2/${from}.log.gz`,
            gzipSync(text(exported(from, Math.min(4000, from + 1300), { ZoneName: 'example.com' }))),
          ]),
        ),
      },
    ],
    ['one file that holds its rows twice', { 'twice.ndjson': text([...exported(0, 4000), ...exported(1000, 4000)]) }],
  ])('count once, good ones, too: %s', async (_, files) => {
    const once = await analyze([tree(single)]);
    const twice = await analyze([tree(files)]);
    expect(counts(twice)).toEqual(counts(once));
    expect(twice.warnings.join()).toMatch(/\d+ rows of exports stand in more than one place .*counted once/);
  });

  it('count once where one is a table of the failed ones, which writes its times otherwise', async () => {
    const whole = exported(0, 2400).map((line) => {
      const row = JSON.parse(line);
      return JSON.stringify({ ...row, EdgeEndTimestamp: `${row.EdgeEndTimestamp.slice(0, 19)}Z` });
    });
    const table = exported(0, 2400).flatMap((line) => {
      const { RayID, EdgeEndTimestamp, EdgeResponseStatus, ClientRequestHost } = JSON.parse(line);
      return EdgeResponseStatus < 500
        ? []
        : [[RayID, EdgeEndTimestamp, EdgeResponseStatus, ClientRequestHost].join(',')];
    });
    const head = 'RayID,EdgeEndTimestamp,EdgeResponseStatus,ClientRequestHost';
    const alone = counts(await analyze([tree({ 'whole.ndjson': text(whole) })]));
    const both = await analyze([tree({ 'whole.ndjson': text(whole), 'failed.csv': text([head, ...table]) })]);
    expect(alone).toHaveLength(1);
    expect(counts(both)).toEqual(alone);
    expect(both.warnings.join('\n')).toContain('counted once');
  });

  it('are said to stand in two digests, which are not merged', async () => {
    const folder = tree({ 'a.ndjson': text(exported(0, 2600)), 'b.ndjson': text(exported(900, 4000)) });
    const parts = tree({});
    const part = (name: string): string => join(parts, `${name}.digest`);
    await writeDigestFile([join(folder, 'a.ndjson')], part('a'), { root: folder });
    await writeDigestFile([join(folder, 'b.ndjson')], part('b'), { root: folder });
    await expect(mergeDigestFiles([part('a'), part('b')], {})).rejects.toThrow(
      'a.ndjson and b.ndjson hold the same entries in two digests',
    );
    await writeDigestFile([folder], part('both'), { root: folder });
    const merged = await mergeDigestFiles([part('both')], {});
    expect(merged.result).toEqual(await analyze([folder]));
  });
});
