import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/analyze.ts';
import { openArchives } from '../../src/input/archives.ts';
import { withoutCopies } from '../../src/input/copies.ts';
import { findSources } from '../../src/input/paths.ts';
import { openTrees } from './trees.ts';

const tree = openTrees();

/** Labels of what is read, and of the copies with what is read in their place. */
async function parted(folder: string): Promise<readonly [readonly string[], readonly string[]]> {
  const { sources } = await openArchives((await findSources([folder])).sources);
  const { sources: read, copies } = await withoutCopies(sources);
  return [read.map(({ label }) => label), copies.map(({ source, of }) => `${source.label} = ${of.label}`)];
}

const refusals = (day: number): string =>
  Array.from(
    { length: 30 },
    (_, i) =>
      `2025/03/0${day} 09:12:${String(i).padStart(2, '0')} [error] 812#812: *${i} connect() failed (111: Connection refused) while connecting to upstream, client: 192.0.2.7, server: www.example.com, request: "GET /shop HTTP/1.1", upstream: "http://127.0.0.1:3000/shop", host: "www.example.com"\n`,
  ).join('');
const LOG = refusals(4);

describe('copies', () => {
  it('of a rotation are found whether packed or not, in one folder or two', async () => {
    const folder = tree({
      'error.log': refusals(5),
      'error.log.1': LOG,
      'error.log.1.gz': gzipSync(LOG),
      'error.log.1.copy.gz': gzipSync(LOG, { level: 1 }),
      'backup/error.log.1': LOG,
    });
    expect(await parted(folder)).toEqual([
      ['error.log', 'error.log.1'],
      ['backup/error.log.1', 'error.log.1.copy.gz', 'error.log.1.gz'].map((label) => `${label} = error.log.1`),
    ]);
  });

  it('that were made while the log was still written to are the beginning of what it became', async () => {
    const whole = refusals(4) + refusals(5) + refusals(6);
    const folder = tree({
      'error.log': whole,
      'backup/error.log': whole.slice(0, 9000),
      'backup/error.log.2.gz': gzipSync(whole.slice(0, 12_345)),
      'backup/error.log.3': whole.slice(0, 9000),
      'changed.log': `${whole.slice(0, 8000)}another end\n`,
      'short.log': whole.slice(0, 900),
    });
    expect(await parted(folder)).toEqual([
      ['changed.log', 'error.log', 'short.log'],
      ['backup/error.log', 'backup/error.log.2.gz', 'backup/error.log.3'].map((label) => `${label} = error.log`),
    ]);
    const { skipped, bursts } = await analyze([folder]);
    expect(skipped[0]?.reason).toBe('the beginning of error.log, which is read; counted once');
    expect(bursts.length).toBeGreaterThan(0);
  });

  it('beside the archive that they were unpacked from are found', async () => {
    const tar = pack();
    tar.entry({ name: 'nginx/error.log' }, LOG);
    tar.finalize();
    const parts: Buffer[] = [];
    for await (const part of tar) if (Buffer.isBuffer(part)) parts.push(part);
    const folder = tree({ 'nginx/error.log': LOG, 'logs.tar.gz': gzipSync(Buffer.concat(parts)) });
    expect(await parted(folder)).toEqual([['nginx/error.log'], ['logs.tar.gz/nginx/error.log = nginx/error.log']]);
  });

  it('are no files that differ in a byte, are empty, or are short and lie apart', async () => {
    const line = LOG.slice(0, LOG.indexOf('\n') + 1);
    const folder = tree({
      'a/error.log': LOG,
      'b/error.log': LOG.replace('09:12:29', '09:12:28'),
      'a/short.log': line,
      'b/short.log': line,
      'a/empty.log': '',
      'b/empty.log': '',
      'a/cut.gz': gzipSync(LOG).subarray(0, 200),
      'b/cut.gz': gzipSync(LOG).subarray(0, 200),
    });
    const [read, copies] = await parted(folder);
    expect([read.length, copies]).toEqual([8, []]);
  });

  it('change no count, and the result says so', async () => {
    const once = await analyze([tree({ 'error.log': LOG })]);
    const twice = await analyze([tree({ 'error.log': LOG, 'error.log.1.gz': gzipSync(LOG) })]);
    expect(twice.bursts).toEqual(once.bursts);
    expect(once.bursts[0]?.requests.failed).toBe(30);
    expect(twice.skipped).toEqual([
      { path: 'error.log.1.gz', reason: expect.stringContaining('the same content as error.log') },
    ]);
    expect(twice.warnings).toEqual([expect.stringContaining('error.log.1.gz (as error.log)')]);
  });
});
