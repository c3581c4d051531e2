import fc from 'fast-check';
import split2 from 'split2';
import { describe, expect, it } from 'vitest';
import { decodeLine, LineReader } from '../../src/input/lines.ts';
import { chunksOf, linesOf } from './pieces.ts';

const sizes = fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 5 });
/** Texts in which line ends, parts of them and characters of several bytes are frequent. */
const text = fc
  .array(fc.oneof(fc.constantFrom('\n', '\r\n', '\r', '\0', 'a', 'é', '日', '😀', '\ufeff', '\u2028'), fc.string()), {
    maxLength: 400,
  })
  .map((parts) => `x${parts.join('')}`);

/** The lines as split2 gives them. */
async function oracle(bytes: Buffer, cuts: readonly number[]): Promise<string[]> {
  const stream = split2();
  const lines: string[] = [];
  stream.on('data', (line: string) => lines.push(line));
  const ended = new Promise((resolve) => stream.on('end', resolve));
  for (const chunk of chunksOf(bytes, cuts)) stream.write(chunk);
  stream.end();
  await ended;
  return lines;
}

/** Lines without any cleverness, for bytes that are no text. */
function plainLines(bytes: Buffer): Buffer[] {
  const lines = bytes.toString('latin1').split('\n');
  const last = lines.pop() ?? '';
  const ended = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  return (last === '' ? ended : [...ended, last]).map((line) => Buffer.from(line, 'latin1'));
}

describe('lines', () => {
  it('are those of split2 however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(text, sizes, async (content, cuts) => {
        const bytes = Buffer.from(content);
        expect(linesOf(bytes, cuts).map(decodeLine)).toEqual(await oracle(bytes, cuts));
      }),
    );
  });

  it('keep every byte that is no line end, valid text or not', () => {
    const byte = fc.oneof(fc.constantFrom(10, 13, 0, 0xff, 0xc3, 0xed), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 3000 }), sizes, (content, cuts) => {
        // A letter in front keeps the bytes from beginning with a byte order mark.
        const bytes = Buffer.from([0x78, ...content]);
        expect(linesOf(bytes, cuts)).toEqual(plainLines(bytes));
      }),
    );
  });

  it.each([
    ['', []],
    ['\n', ['']],
    ['\r\n', ['']],
    ['a', ['a']],
    ['a\r', ['a\r']],
    ['a\rb\n', ['a\rb']],
    ['a\r\r\nb', ['a\r', 'b']],
    ['a\n\nb\n', ['a', '', 'b']],
    ['\0\0\n\0', ['\0\0', '\0']],
  ])('of %j are %j', (content, lines) => {
    for (const size of [1, 2, 3, 100]) expect(linesOf(Buffer.from(content), [size]).map(decodeLine)).toEqual(lines);
  });

  it('are counted from 1', () => {
    const numbers: number[] = [];
    const reader = new LineReader((_, number) => numbers.push(number));
    reader.write(Buffer.from('a\n\nb'));
    reader.end();
    expect(numbers).toEqual([1, 2, 3]);
    expect(reader.lines).toBe(3);
  });

  it('of 10 MB arrive whole, and those after them too', () => {
    const long = Buffer.alloc(10_000_000, 'x');
    const bytes = Buffer.concat([long, Buffer.from('\r\nshort\n'), long]);
    for (const size of [997, 65_536, bytes.length]) {
      const lines = linesOf(bytes, [size]);
      expect(lines.map((line) => line.length)).toEqual([10_000_000, 5, 10_000_000]);
      expect(lines[0]?.equals(long)).toBe(true);
    }
  });

  it('are put together with work that grows with their length only', () => {
    const copied = (bytes: number): number => {
      let total = 0;
      const reader = new LineReader(() => {});
      const block = Buffer.alloc(64, 'x');
      // Counts what is copied when memory grows.
      const { copy } = Buffer.prototype;
      Buffer.prototype.copy = function counted(this: Buffer, ...rest: Parameters<typeof copy>): number {
        const done = copy.apply(this, rest);
        total += done;
        return done;
      };
      try {
        for (let at = 0; at < bytes; at += block.length) reader.write(block);
        reader.end();
      } finally {
        Buffer.prototype.copy = copy;
      }
      return total;
    };
    expect(copied(1 << 20)).toBeLessThan(4 * (1 << 20));
    expect(copied(1 << 22)).toBeLessThan(4 * (1 << 22));
  });

  it('longer than the longest length are cut there, counted, and the same for every cut of the bytes', () => {
    const bytes = Buffer.from('abcdefgh\nabcde\nabcd\r\nabcdefgh');
    for (const size of [1, 2, 7, 100]) {
      expect(linesOf(bytes, [size], 5).map(decodeLine)).toEqual(['abcde', 'abcde', 'abcd', 'abcde']);
    }
    const reader = new LineReader(() => {}, 5);
    reader.write(bytes);
    reader.end();
    expect(reader.cutLines).toBe(2);
  });

  it('of invalid UTF-8 decode with the replacement character', () => {
    expect(decodeLine(Buffer.from([0x61, 0xff, 0x62, 0xc3]))).toBe('a\ufffdb\ufffd');
    expect(decodeLine(Buffer.from('GET /é 😀'))).toBe('GET /é 😀');
    expect(decodeLine(Buffer.from('plain\0text'))).toBe('plain\0text');
  });
});
