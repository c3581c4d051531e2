import { createHash } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReadSummary, readSource } from '../../src/input/bytes.ts';
import type { SourceFile } from '../../src/input/source.ts';
import { collect, memorySource } from './pieces.ts';

async function read(
  bytes: Buffer,
  blockBytes?: number,
  reopens = true,
): Promise<{ content: Buffer; summary: ReadSummary }> {
  const source = readSource(memorySource(bytes, reopens), {
    sha256: true,
    ...(blockBytes === undefined ? {} : { blockBytes }),
  });
  const content = await collect(source);
  return { content, summary: source.summary() };
}

/** Text that deflate cannot shrink to nothing. */
function logText(lines: number, seed = 7): Buffer {
  let state = seed;
  const rows = Array.from({ length: lines }, (_, i) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return `192.0.2.${state % 255} GET /page/${state} 502 ${i}\n`;
  });
  return Buffer.from(rows.join(''));
}

const BLOCKS = [1, 2, 3, 5, 64, 1 << 18];
const TEXT = logText(12);
const MEMBER = gzipSync(TEXT);

describe('plain bytes', () => {
  it('come unchanged with their sum, whatever the block size', async () => {
    for (const block of BLOCKS) {
      const { content, summary } = await read(TEXT, block);
      expect(content).toEqual(TEXT);
      expect(summary).toEqual({
        bytes: TEXT.length,
        passedBytes: TEXT.length,
        unpackedBytes: TEXT.length,
        packing: null,
        lostBytes: 0,
        complete: true,
        sha256: createHash('sha256').update(TEXT).digest('hex'),
        warnings: [],
      });
    }
  });

  it('may be none, or too few for a signature', async () => {
    expect((await read(Buffer.alloc(0))).content).toHaveLength(0);
    expect((await read(Buffer.from('a'))).content.toString()).toBe('a');
  });

  it('that cannot be read further are given up to there, with a warning and without a sum', async () => {
    async function* failing(): AsyncGenerator<Buffer> {
      yield Buffer.from('first line\n');
      throw new Error('EIO: i/o error, read');
    }
    const file: SourceFile = { ...memorySource(TEXT), open: () => failing() };
    const source = readSource(file, { sha256: true });
    expect((await collect(source)).toString()).toBe('first line\n');
    const { complete, sha256, warnings } = source.summary();
    expect({ complete, sha256, warnings }).toEqual({
      complete: false,
      sha256: null,
      warnings: ['reading stopped after 11 bytes: EIO: i/o error'],
    });
  });

  it('let go of their file when the reader stops early', async () => {
    let closed = false;
    async function* open(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield MEMBER;
      } finally {
        closed = true;
      }
    }
    for await (const block of readSource({ ...memorySource(MEMBER), open })) {
      expect(block.length).toBeGreaterThan(0);
      break;
    }
    expect(closed).toBe(true);
  });
});

describe('gzip', () => {
  it('is unpacked by its signature; the sum is of the file as it lies', async () => {
    for (const block of BLOCKS) {
      const { content, summary } = await read(MEMBER, block);
      expect(content).toEqual(TEXT);
      expect(summary).toMatchObject({
        packing: 'gzip',
        bytes: MEMBER.length,
        unpackedBytes: TEXT.length,
        complete: true,
      });
      expect(summary.sha256).toBe(createHash('sha256').update(MEMBER).digest('hex'));
    }
  });

  it('of any members at any block size is their texts in order', async () => {
    const texts = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        texts,
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 0, max: 9 }),
        async (parts, block, level) => {
          const packed = Buffer.concat(parts.map((part) => gzipSync(part, { level })));
          const { content, summary } = await read(packed, block);
          expect(content).toEqual(Buffer.concat(parts));
          expect(summary).toMatchObject({ complete: true, lostBytes: 0, warnings: [] });
        },
      ),
    );
  });

  it('with name, comment, extra field and header checksum is unpacked', async () => {
    const header = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3]),
      Buffer.from('access.log\0a comment\0'),
      Buffer.from([0xaa, 0xbb]),
    ]);
    const packed = Buffer.concat([header, MEMBER.subarray(10)]);
    for (const block of BLOCKS) expect((await read(packed, block)).content).toEqual(TEXT);
  });

  it('larger than one round of output is whole', async () => {
    const text = Buffer.alloc(5_000_000, 'one line of a log that repeats itself\n');
    expect((await read(gzipSync(text))).content.equals(text)).toBe(true);
  });

  it('is read ahead of what it gives, from blocks that all lie in the same memory', async () => {
    const text = logText(40_000);
    const packed = gzipSync(text);
    const memory = Buffer.alloc(1 << 15);
    async function* open(): AsyncGenerator<Buffer> {
      for (let at = 0; at < packed.length; at += memory.length) {
        yield memory.subarray(0, packed.copy(memory, 0, at));
        memory.fill(0xff);
      }
    }
    const source = readSource({ ...memorySource(packed), open }, { blockBytes: memory.length });
    const parts: Buffer[] = [];
    for await (const block of source) {
      const { bytes, passedBytes, unpackedBytes } = source.summary();
      const passed = gunzipSync(packed.subarray(0, passedBytes), { finishFlush: constants.Z_SYNC_FLUSH });
      // zlib looks some codes ahead, and one gives up to 258 bytes.
      expect(passed.length).toBeLessThan(unpackedBytes - block.length + 1024);
      if (parts.length === 0) expect(bytes).toBe(3 * memory.length);
      parts.push(Buffer.from(block));
    }
    expect(Buffer.concat(parts).equals(text)).toBe(true);
    expect(source.summary()).toMatchObject({ passedBytes: packed.length, complete: true });
  });

  it('gives the memory of large blocks back as soon as the next one is asked for', async () => {
    const text = Buffer.from(Array.from({ length: 800_000 }, (_, i) => `${Math.imul(i, 0x9e3779b1) >>> 0}`).join('\n'));
    const given: Buffer[] = [];
    let same = 0;
    for await (const block of readSource(memorySource(gzipSync(text)))) {
      if (block.equals(text.subarray(same, same + block.length))) same += block.length;
      given.push(block);
    }
    expect(same).toBe(text.length);
    const kept = given.reduce((bytes, { length }) => bytes + length, 0);
    expect(kept).toBeLessThan(text.length / 2);
  });

  it('cut at every byte gives all that the bytes hold', async () => {
    for (let end = 3; end < MEMBER.length; end++) {
      const part = MEMBER.subarray(0, end);
      const expected = end < 10 ? Buffer.alloc(0) : gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH });
      for (const block of [1, 7, 1 << 18]) {
        const { content, summary } = await read(part, block);
        expect(content).toEqual(expected);
        expect(summary.complete).toBe(false);
        expect(summary.lostBytes).toBe(end < 10 ? end : 0);
        expect(summary.warnings).toHaveLength(1);
      }
    }
  });

  it('of which only the signature is left is a cut file, not a text', async () => {
    for (const end of [2, 3]) {
      const { content, summary } = await read(MEMBER.subarray(0, end), 1);
      expect(content).toHaveLength(0);
      expect(summary).toMatchObject({ packing: 'gzip', complete: false, lostBytes: end });
    }
  });

  it('with zeros behind or between the members says nothing', async () => {
    const packed = Buffer.concat([MEMBER, Buffer.alloc(1000), MEMBER, Buffer.alloc(512)]);
    for (const block of BLOCKS) {
      const { content, summary } = await read(packed, block);
      expect(content).toEqual(Buffer.concat([TEXT, TEXT]));
      expect(summary).toMatchObject({ complete: true, lostBytes: 0, warnings: [] });
    }
  });

  it('with garbage behind it is whole, with a warning that counts the garbage', async () => {
    const packed = Buffer.concat([MEMBER, Buffer.from('not gzip \x1f\x8b at all', 'latin1')]);
    for (const block of BLOCKS) {
      const { content, summary } = await read(packed, block);
      expect(content).toEqual(TEXT);
      expect(summary).toMatchObject({ complete: true, lostBytes: 18 });
      expect(summary.warnings).toHaveLength(1);
    }
  });

  it('damaged in the middle gives what stands before the damage and the members behind it', async () => {
    const text = logText(8000);
    // Not compressed: blocks with a length and its complement, so that the place of the damage is known.
    const stored = gzipSync(text, { level: 0 });
    const firstBlock = stored.readUInt16LE(11);
    const secondBlock = 10 + 5 + firstBlock;
    stored[secondBlock + 3] = (stored[secondBlock + 3] ?? 0) ^ 0xff;
    const packed = Buffer.concat([MEMBER, stored, MEMBER]);
    for (const [block, reopens] of [
      [511, true],
      [1 << 18, true],
      [511, false],
    ] as const) {
      const { content, summary } = await read(packed, block, reopens);
      expect(content.subarray(0, TEXT.length)).toEqual(TEXT);
      expect(content.subarray(-TEXT.length)).toEqual(TEXT);
      const before = content.subarray(TEXT.length, -TEXT.length);
      expect(before.equals(text.subarray(0, before.length))).toBe(true);
      expect(before.length).toBeLessThanOrEqual(firstBlock);
      expect(before.length).toBeGreaterThan(firstBlock - 1024);
      const lost = stored.length - secondBlock;
      expect(summary.lostBytes).toBeGreaterThanOrEqual(lost - 5);
      expect(summary.lostBytes).toBeLessThan(lost + 1024);
      expect(summary).toMatchObject({ complete: false });
      expect(summary.warnings).toEqual([
        `the gzip data is damaged in one place: ${summary.lostBytes} compressed bytes gave no text`,
      ]);
    }
  });

  it('damaged far behind its start gives what stands before, in whatever pieces it is read', async () => {
    const text = logText(60_000, 11);
    const stored = gzipSync(text, { level: 0 });
    let damaged = 10;
    let before = 0;
    while (damaged < 1_200_000) {
      before += stored.readUInt16LE(damaged + 1);
      damaged += 5 + stored.readUInt16LE(damaged + 1);
    }
    stored[damaged + 3] = (stored[damaged + 3] ?? 0) ^ 0xff;
    for (const block of [undefined, 1 << 18, 77_777]) {
      const { content, summary } = await read(Buffer.concat([stored, MEMBER, stored]), block);
      const between = content.indexOf(TEXT);
      for (const saved of [content.subarray(0, between), content.subarray(between + TEXT.length)]) {
        expect(saved.length).toBeLessThanOrEqual(before);
        expect(saved.length).toBeGreaterThan(before - 64);
        expect(saved.equals(text.subarray(0, saved.length))).toBe(true);
      }
      expect(summary.warnings[0]).toContain('damaged in 2 places');
    }
  });

  it('with a header that cannot be right is reported and costs only itself', async () => {
    const bad = Buffer.from(MEMBER);
    bad[3] = 0xff;
    const { content, summary } = await read(Buffer.concat([bad, MEMBER]));
    expect(content).toEqual(TEXT);
    expect(summary).toMatchObject({ complete: false, lostBytes: bad.length });
  });

  it('with a wrong checksum gives its text and says that it may be wrong', async () => {
    const bad = Buffer.from(MEMBER);
    bad[bad.length - 6] = (bad[bad.length - 6] ?? 0) ^ 1;
    const { content, summary } = await read(bad);
    expect(content).toEqual(TEXT);
    expect(summary).toMatchObject({ complete: false, lostBytes: 0 });
    expect(summary.warnings[0]).toContain('checksum');
  });

  it('never throws and never loses count, whatever is damaged', async () => {
    const packed = Buffer.concat([MEMBER, gzipSync(logText(30)), MEMBER]);
    const damage = fc.array(fc.tuple(fc.nat(packed.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        damage,
        fc.nat(packed.length),
        fc.constantFrom(1, 100, 1 << 18),
        fc.boolean(),
        async (hits, end, block, reopens) => {
          const bytes = Buffer.from(packed.subarray(0, end));
          for (const [at, value] of hits) if (at > 1 && at < bytes.length) bytes[at] = value;
          const { content, summary } = await read(bytes, block, reopens);
          expect(summary.bytes).toBe(bytes.length);
          expect(summary.unpackedBytes).toBe(content.length);
          expect(summary.lostBytes).toBeGreaterThanOrEqual(0);
          expect(summary.lostBytes).toBeLessThanOrEqual(bytes.length);
        },
      ),
    );
  });
});
