import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/index.ts';
import { run } from '../cli/program.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const logsOf = (incident: string): string => join(repository, 'fixtures', 'incidents', incident, 'logs');

/** An incident whose nginx, PHP-FPM and journal stamps carry no zone, so that a machine's zone could leak in. */
const ZONELESS = logsOf('fpm-socket-missing');
/** The smallest one with plain and gzip-compressed files. */
const SMALL = logsOf('edge-colo');
/** Some of each kind, few enough to be read byte by byte. */
const PIECES = [
  join(repository, 'fixtures', 'cases'),
  join(SMALL, 'nginx', 'error.log'),
  join(SMALL, 'http_requests/20250226/20250226T055100Z_20250226T055130Z_6681db9a.log.gz'),
];
const MANY_SOURCES = logsOf('two-faults-at-once');

const bytesOf = async (...input: Parameters<typeof analyze>): Promise<string> =>
  JSON.stringify(await analyze(...input));

/** The result's bytes as a machine in this zone gives them. */
async function bytesInZone(zone: string, language: string): Promise<string> {
  const { stdout } = await run(['--json', ZONELESS], '', { TZ: zone, LANG: language, LC_ALL: language });
  return stdout;
}

/** The same items in another order, chosen by a fixed rule. */
function reordered<T>(items: readonly T[], step: number): readonly T[] {
  return items
    .map((item, index) => ({ item, rank: (index * step + 3) % 11 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

describe('the same logs give the same bytes', () => {
  it('in every zone and language of the machine', async () => {
    const inUtc = await bytesInZone('UTC', 'C');
    expect(inUtc.length).toBeGreaterThan(2);
    expect(await bytesInZone('Asia/Kolkata', 'hi_IN.UTF-8')).toBe(inUtc);
    expect(await bytesInZone('America/New_York', 'de_DE.UTF-8')).toBe(inUtc);
  }, 120_000);

  it('in every order of the arguments', async () => {
    const paths = readdirSync(MANY_SOURCES)
      .sort()
      .map((name) => join(MANY_SOURCES, name));
    const inOrder = await bytesOf(paths);
    expect(await bytesOf([...paths].reverse())).toBe(inOrder);
    expect(await bytesOf(reordered(paths, 4))).toBe(inOrder);
    expect(await bytesOf(reordered(paths, 7))).toBe(inOrder);
  }, 60_000);

  it('at every size of the blocks in which files are read', async () => {
    const usual = await bytesOf([SMALL]);
    expect(await bytesOf([SMALL], { blockSize: 65_536 })).toBe(usual);
    expect(await bytesOf([SMALL], { blockSize: 7 })).toBe(usual);
  }, 60_000);

  it('byte by byte, of every format that the cases hold and of one compressed export', async () => {
    const usual = await bytesOf(PIECES);
    expect(await bytesOf(PIECES, { blockSize: 1 })).toBe(usual);
    expect(await bytesOf(PIECES, { blockSize: 2 })).toBe(usual);
  }, 60_000);

  it('with one worker or two', async () => {
    const alone = await bytesOf([MANY_SOURCES], { jobs: 1 });
    expect(await bytesOf([MANY_SOURCES], { jobs: 2 })).toBe(alone);
  }, 60_000);
});
