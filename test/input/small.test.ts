import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readSource } from '../../src/input/bytes.ts';
import { readSmall } from '../../src/input/small.ts';
import type { SourceFile } from '../../src/input/source.ts';
import { collect, memorySource } from './pieces.ts';

const MEMBER = gzipSync(Buffer.from('192.0.2.1 GET / 502\n192.0.2.2 GET /page 200\n'.repeat(20)));

const wholeSource = (bytes: Buffer): SourceFile => ({ ...memorySource(bytes), readWhole: () => bytes });

async function read(source: SourceFile) {
  const bytes = readSource(source, { sha256: true });
  const content = await collect(bytes);
  return { content: content.toString('latin1'), ...bytes.summary() };
}

it('a small file read at once is what it is piece by piece, whatever is damaged, cut or put behind it', async () => {
  const damage = fc.array(fc.tuple(fc.nat(MEMBER.length * 2), fc.integer({ min: 0, max: 255 })), { maxLength: 3 });
  const tail = fc.constantFrom(Buffer.alloc(0), Buffer.alloc(30), MEMBER, Buffer.from('no gzip'), Buffer.from([0x1f]));
  await fc.assert(
    fc.asyncProperty(damage, tail, fc.nat(MEMBER.length * 2), fc.boolean(), async (hits, behind, end, isCut) => {
      const bytes = Buffer.concat([MEMBER, behind]);
      for (const [at, value] of hits) if (at < bytes.length) bytes[at] = value;
      const given = isCut ? bytes.subarray(0, end) : bytes;
      expect(await read(wholeSource(given))).toEqual(await read(memorySource(given)));
    }),
    { numRuns: 500 },
  );
});

it('sound small files are read at once', async () => {
  for (const [bytes, gzip] of [
    [Buffer.from('plain text\n'), false],
    [Buffer.alloc(0), false],
    [MEMBER, true],
    [Buffer.concat([MEMBER, MEMBER]), true],
  ] as const) {
    expect(await readSmall(wholeSource(bytes))).toMatchObject({ gzip });
  }
});

it('a small file that unpacks to a great deal is read piece by piece', async () => {
  const bytes = gzipSync(Buffer.alloc(40_000_000));
  expect(await readSmall(wholeSource(bytes))).toBeNull();
  let length = 0;
  for await (const block of readSource(wholeSource(bytes))) length += block.length;
  expect(length).toBe(40_000_000);
});

it('a file that cannot be read is reported', async () => {
  const fail = (): never => {
    throw new Error('EIO: i/o error, read');
  };
  const source: SourceFile = { ...memorySource(MEMBER), readWhole: fail, open: fail };
  expect((await read(source)).warnings).toEqual(['reading stopped after 0 bytes: EIO: i/o error']);
});
