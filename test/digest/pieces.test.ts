import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { digestSources } from '../../src/digest/sources.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { fileSource } from '../../src/input/source.ts';
import { canonical } from './canonical.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-pieces-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Digests of a log by the size of its pieces. */
function digestsOf(text: string, ...sizes: readonly (number | undefined)[]): Promise<string[]> {
  const path = join(folder, 'log');
  writeFileSync(path, text);
  return Promise.all(
    sizes.map(async (pieceBytes) => {
      const { sources, streams } = await digestSources([fileSource(path, 'log', text.length, true)], FORMATS, {
        jobs: 1,
        sha256: false,
        pieceBytes,
      });
      return canonical({ sources, streams });
    }),
  );
}

interface Row {
  readonly second: number;
  readonly status: number;
}

const row: fc.Arbitrary<Row> = fc.record({
  second: fc.nat(8),
  status: fc.constantFrom(200, 200, 200, 404, 403, 502, 504, 524),
});

/** A request's own Ray ID: a row that stands twice is another matter. */
const rayOf = (number: number): string => number.toString(16).padStart(16, 'a');
const error = ({ second, status }: Row, number: number): string => {
  const head = `2026/11/20 03:14:0${second} [error] 7#7: *${number}`;
  const context = `client: 192.0.2.1, server: example.com, request: "GET /p/${number % 7} HTTP/1.1"`;
  if (status === 200) return `${head} open() "/var/www/p" failed (2: No such file or directory), ${context}`;
  if (status === 502)
    return [
      `${head} FastCGI sent in stderr: "PHP message: PHP Fatal error:  Uncaught Error: x in /a.php:3`,
      'Stack trace:',
      '#0 {main}',
      `  thrown in /a.php on line 3" while reading response header from upstream, ${context}, upstream: "fastcgi://unix:/run/php.sock:"`,
    ].join('\n');
  return `${head} connect() failed (111: Connection refused) while connecting to upstream, ${context}, upstream: "http://127.0.0.1:80/"`;
};
const hostile = ['', 'not a row', '{"EdgeResponseStatus":5', '192.0.2.9 - - [', '{"a":1}'];

const access = (one: Row, number: number): string =>
  `192.0.2.1 - - [20/Nov/2026:03:14:0${one.second} +0000] "GET /p/${number % 7} HTTP/1.1" ${one.status} 12 "-" "curl/8" rt=0.1 us="${one.status}" ray="${rayOf(number)}-FRA"`;
const logpush = (one: Row, number: number): string =>
  JSON.stringify({
    ClientRequestHost: 'www.example.com',
    ClientRequestPath: `/p/${number % 7}`,
    EdgeEndTimestamp: `2026-03-04T10:00:0${one.second}Z`,
    EdgeResponseStatus: one.status,
    OriginResponseStatus: one.status === 524 ? 0 : one.status,
    RayID: rayOf(number),
  });

describe.each([
  ['an access log', access],
  ['an export of Cloudflare', logpush],
  ['an error log', error],
])('%s', (_, write) => {
  it('in pieces is what it is in one, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 9, arbitrary: row }, fc.constantFrom(...hostile)), {
          minLength: 10,
          maxLength: 60,
        }),
        fc.integer({ min: 150, max: 2000 }),
        fc.boolean(),
        async (lines, pieceBytes, endsWithFeed) => {
          // What the log is must be plain from its beginning.
          const first = Array.from({ length: 15 }, (): Row => ({ second: 0, status: 200 }));
          const rows = [...first, ...lines].map((line, i) => (typeof line === 'string' ? line : write(line, i)));
          const text = rows.join('\n');
          const whole = endsWithFeed ? `${text}\n` : text;
          const [inPieces, inOne] = await digestsOf(whole, pieceBytes, undefined);
          expect(inPieces).toBe(inOne);
        },
      ),
      { numRuns: 150 },
    );
  });
});

it('a row that stands in two pieces is counted once', async () => {
  const rows = Array.from({ length: 30 }, (_, i) => logpush({ second: 1, status: i === 3 ? 502 : 200 }, i));
  const [digest = ''] = await digestsOf([...rows, ...rows].join('\n'), 3000);
  const counts: { streams: { cells: { status: number; count: number }[] }[] } = JSON.parse(digest);
  const failed = counts.streams[0]?.cells.filter(({ status }) => status === 502) ?? [];
  expect(failed.reduce((sum, { count }) => sum + count, 0)).toBe(1);
});
