import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockCutter } from '../../src/digest/block-cutter.ts';
import { LineCursor } from '../../src/input/line-ranges.ts';
import { LineReader } from '../../src/input/lines.ts';

const LONGEST = 10;

/** The lines as a block reader that takes every line finds them, however the text is cut into blocks. */
function linesOf(text: string, blockBytes: number): string[] {
  const lines: string[] = [];
  const cutter = new BlockCutter(
    {
      read: (bytes, start, end) => {
        const found = bytes.toString('latin1', start, end).replace(/\n$/, '').split('\n');
        lines.push(...found);
        return found.length;
      },
    },
    () => {},
    LONGEST,
  );
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += blockBytes) cutter.write(bytes.subarray(at, at + blockBytes));
  cutter.end();
  return lines;
}

describe('blocks of whole lines', () => {
  it('hold the lines that the line reader finds, whatever the blocks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{0,9}$/), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        (lines, blockBytes) => {
          const text = lines.join('\n');
          const wanted: string[] = [];
          const reader = new LineReader((line) => wanted.push(line.toString('latin1')));
          reader.write(Buffer.from(text));
          reader.end();
          expect(linesOf(text, blockBytes)).toEqual(wanted);
        },
      ),
    );
  });

  it('lack the lines that are skipped, and count them', () => {
    const runs = fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z]{0,9}$/), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 40 }),
        runs.map((edges) => edges.sort((a, b) => a - b).slice(edges.length % 2)),
        fc.boolean(),
        (lines, blockBytes, ranges, ends) => {
          const skipped = (number: number): boolean =>
            ranges.some((first, i) => i % 2 === 0 && number >= first && number <= (ranges[i + 1] ?? 0));
          const seen: (readonly [number, string])[] = [];
          let count = 0;
          const reader = {
            read: (bytes: Buffer, start: number, end: number, number: number): number => {
              const found = bytes.toString('latin1', start, end).replace(/\n$/, '').split('\n');
              found.forEach((line, i) => void seen.push([number + i, line]));
              return found.length;
            },
          };
          const onLines = (more: number): void => {
            count += more;
          };
          const cutter = new BlockCutter(reader, onLines, LONGEST, new LineCursor(ranges));
          // A last line without an end is one where it has anything in it.
          const all = ends ? lines : [...lines, 'x'];
          const bytes = Buffer.from(`${all.join('\n')}${ends ? '\n' : ''}`);
          for (let at = 0; at < bytes.length; at += blockBytes) cutter.write(bytes.subarray(at, at + blockBytes));
          cutter.end();
          const numbered = all.map((line, i) => [i + 1, line] as const);
          expect(seen).toEqual(numbered.filter(([number]) => !skipped(number)));
          expect(count).toBe(all.length);
        },
      ),
    );
  });

  it('keep the end of a line that lies in two blocks', () => {
    const seen: string[] = [];
    const cutter = new BlockCutter(
      {
        read: (bytes, start, end) => {
          seen.push(bytes.toString('latin1', start, end));
          return 1;
        },
      },
      () => {},
    );
    for (const block of ['ab\r', '\nc', 'd\r']) cutter.write(Buffer.from(block));
    cutter.end();
    expect(seen).toEqual(['ab\r\n', 'cd\r']);
  });

  it('leave out the rest of a line that no block can hold, and go on behind it', () => {
    expect(linesOf(`ab\n${'x'.repeat(1000)}\ncd\n`, 7)).toEqual(['ab', 'x'.repeat(LONGEST), 'cd']);
    expect(linesOf('y'.repeat(1000), 7)).toEqual(['y'.repeat(LONGEST)]);
  });
});
