import { createHash } from 'node:crypto';
import { appendFileSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSource } from '../../src/input/bytes.ts';
import { type ChecksumAside, checksumAside } from '../../src/input/checksum.ts';
import { rangeSource } from '../../src/input/ranges.ts';
import { fileSource, type SourceFile } from '../../src/input/source.ts';
import { openTrees } from './trees.ts';

const LARGE = Buffer.alloc(129 * 1024 * 1024, '192.0.2.7 - - [04/Mar/2025:09:12:42 +0000] "GET / HTTP/1.1" 502 157\n');
const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const folder = openTrees()({ 'access.log': LARGE });
const path = join(folder, 'access.log');
const source = (): SourceFile => fileSource(path, 'access.log', statSync(path).size, true);

function aside(of: SourceFile): ChecksumAside {
  const checksum = checksumAside(of);
  if (checksum === null) throw new Error('a large file on disk is summed up aside');
  return checksum;
}

describe.skipIf(availableParallelism() < 2)('the checksum of a large file, made in another thread', () => {
  it('is that of its bytes', async () => {
    const checksum = aside(source());
    expect(await checksum.of(LARGE.length)).toBe(sumOf(LARGE));
    checksum.stop();
  });

  it('is that of what was read, where the file is longer by now', async () => {
    const checksum = aside(source());
    expect(await checksum.of(1000)).toBe(sumOf(LARGE.subarray(0, 1000)));
    expect(await checksum.of(LARGE.length + 1)).toBeNull();
    checksum.stop();
  });

  it('is none where the file is gone', async () => {
    const gone = join(folder, 'gone.log');
    const checksum = aside(fileSource(gone, 'gone.log', LARGE.length, true));
    expect(await checksum.of(LARGE.length)).toBeNull();
    checksum.stop();
  });

  it('is not waited for where the thread is ended', async () => {
    const checksum = aside(source());
    checksum.stop();
    expect(await checksum.of(10)).toBe(sumOf(LARGE.subarray(0, 10)));
  });

  it('is left to the reader of small files, of parts and of what does not lie on disk by itself', () => {
    const { readWhole: _, ...member } = source();
    expect(checksumAside({ ...source(), bytes: 1e6 })).toBeNull();
    expect(checksumAside(rangeSource(source(), path, { start: 0, end: LARGE.length }))).toBeNull();
    expect(checksumAside(member)).toBeNull();
    expect(checksumAside({ ...source(), path: null })).toBeNull();
  });
});

describe('a large file that is read', () => {
  async function summary(sha256Aside: boolean, onBlock = (_: number) => {}) {
    const bytes = readSource(source(), { sha256: true, sha256Aside });
    let blocks = 0;
    for await (const _ of bytes) onBlock(blocks++);
    return bytes.summary();
  }

  it('has the same summary with and without that thread', async () => {
    expect(await summary(true)).toEqual(await summary(false));
  });

  it('has the sum of what was read while it was written to', async () => {
    const grown = Buffer.from('192.0.2.8 - - [04/Mar/2025:09:12:43 +0000] "GET / HTTP/1.1" 502 157\n');
    const { bytes, sha256 } = await summary(true, (block) => {
      if (block === 400) appendFileSync(path, grown);
    });
    expect(sha256).toBe(sumOf(Buffer.concat([LARGE, grown]).subarray(0, bytes)));
  });
});
