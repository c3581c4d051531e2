import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSource } from '../../src/input/bytes.ts';
import { collect, memorySource } from './pieces.ts';

/** Made with `zstd -19`, which writes a checksum; 60 rows. */
const ROWS = Buffer.from(
  [
    'KLUv/QRoXQkANhYwFbAnwwHMRABLB4BSSplSSinVm2wVAy8AJwAnAFWx+aIW3IYlvuLW5Z3k6ycZIc9nG5U8ERxqNSUwPgRAgQHBAcAwECAwRI',
    'GFKLAWI+2oTBdx/NRncuqmW4xGSxWHQQ1z4gbpi6yU4hzDOs0vQjSulUQHMqmJm31Fdb9GZiET5UytkSVfazORLrvFpGFHUti0Io8X89h26bAB',
    'hAgOI0tjVLxSK2Yx5/4rFDInZiPReFZC08UrYmuFm7C1Kj1k8O8DdqgRMDx92u8wL8k1EE6IAAzeDCsiBff+4RApI0Q+31DAtH1fhghA9wzIBs',
    '1pd3MpYEnwDR4GpBzDOvDrHDD0gwpR9wDw6FCDDKnLMmj64RxKufsRzAJbn6OfWqi3UjCnLfh1lF0boCqyqXc8',
  ].join(''),
  'base64',
);
const ROWS_TEXT = Buffer.from(
  Array.from(
    { length: 60 },
    (_, i) => `192.0.2.${(i * 37) % 250} GET /page/${(i * 7919) % 1000} ${i % 9 === 0 ? 502 : 200}\n`,
  ).join(''),
);
/** Made with `zstd --no-check`: three blocks of one line that repeats itself. */
const REPEATED = Buffer.from('KLUv/QBYxAAAgGEgbGluZSBvZiBhIGxvZwoBANr/J59LTAAACGEBAPz/ORACTQAACGEBAPxhHQgB', 'base64');
const REPEATED_TEXT = Buffer.from('a line of a log\n'.repeat(20_000));
/** Made with `zstd`: shorter than the decoder wants to see before it begins. */
const SHORT = Buffer.from('KLUv/QRYMQAAc2hvcnQKkGPzoQ==', 'base64');
/** A frame that holds no text (RFC 8878, section 3.1.2). */
const SKIPPED = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);

const BLOCKS = [1, 2, 3, 7, 64, 1 << 18];

async function read(bytes: Buffer, blockBytes?: number) {
  const source = readSource(memorySource(bytes), blockBytes === undefined ? {} : { blockBytes });
  const content = await collect(source);
  return { content, summary: source.summary() };
}

describe('zstd', () => {
  it('of any frames at any block size is their texts in order', async () => {
    const packed = Buffer.concat([SHORT, ROWS, SKIPPED, REPEATED, SHORT]);
    const text = Buffer.concat([Buffer.from('short\n'), ROWS_TEXT, REPEATED_TEXT, Buffer.from('short\n')]);
    for (const block of BLOCKS) {
      const { content, summary } = await read(packed, block);
      expect(content.equals(text)).toBe(true);
      expect(summary).toMatchObject({
        packing: 'zstd',
        bytes: packed.length,
        complete: true,
        lostBytes: 0,
        warnings: [],
      });
    }
  });

  it('cut at every byte gives whole blocks and counts what is lost', async () => {
    const packed = Buffer.concat([REPEATED, ROWS]);
    const text = Buffer.concat([REPEATED_TEXT, ROWS_TEXT]);
    for (let end = 4; end < packed.length; end++) {
      const results = await Promise.all([1, 7, undefined].map((block) => read(packed.subarray(0, end), block)));
      for (const { content, summary } of results) {
        expect(content.equals(text.subarray(0, content.length))).toBe(true);
        expect(content.length >= REPEATED_TEXT.length).toBe(end >= REPEATED.length);
        if (end === REPEATED.length) {
          expect(summary).toMatchObject({ complete: true, lostBytes: 0, warnings: [] });
          continue;
        }
        expect(summary.complete).toBe(false);
        expect(summary.warnings).toEqual([
          `the zstd data is cut off: its end is missing, all before it was read (${summary.lostBytes} compressed bytes gave no text)`,
        ]);
        expect(summary).toEqual(results[0]?.summary);
      }
    }
  });

  it('with garbage behind it is whole, with a warning that counts the garbage', async () => {
    for (const block of BLOCKS) {
      const { content, summary } = await read(Buffer.concat([ROWS, Buffer.from('not zstd')]), block);
      expect(content).toEqual(ROWS_TEXT);
      expect(summary).toMatchObject({ complete: true, lostBytes: 8 });
      expect(summary.warnings).toHaveLength(1);
    }
  });

  it('that needs a dictionary or more memory than any log is reported and costs only itself', async () => {
    const dictionary = Buffer.concat([
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x21, 9]),
      Buffer.from([5, 0x29, 0, 0]),
      Buffer.from('hello'),
    ]);
    const window = Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x29, 0, 0]), Buffer.from('hello')]);
    for (const bad of [dictionary, window]) {
      const { content, summary } = await read(Buffer.concat([bad, ROWS]));
      expect(content).toEqual(ROWS_TEXT);
      expect(summary).toMatchObject({ complete: false, lostBytes: bad.length });
    }
  });

  it('never throws and never loses count, whatever is damaged', async () => {
    const packed = Buffer.concat([ROWS, REPEATED, ROWS]);
    const damage = fc.array(fc.tuple(fc.nat(packed.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(damage, fc.nat(packed.length), fc.constantFrom(1, 100, 1 << 18), async (hits, end, block) => {
        const bytes = Buffer.from(packed.subarray(0, end));
        for (const [at, value] of hits) if (at > 3 && at < bytes.length) bytes[at] = value;
        const { content, summary } = await read(bytes, block);
        expect(summary.bytes).toBe(bytes.length);
        expect(summary.unpackedBytes).toBe(content.length);
        expect(summary.lostBytes).toBeGreaterThanOrEqual(0);
        expect(summary.lostBytes).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});
