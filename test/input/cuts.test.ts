import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { cutsOf } from '../../src/input/cuts.ts';
import { rangeSource } from '../../src/input/ranges.ts';
import { fileSource } from '../../src/input/source.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-cuts-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function textOf(path: string, start: number, end: number): Promise<string> {
  const source = rangeSource(fileSource(path, 'log', 0, true), path, { start, end });
  let text = '';
  for await (const block of source.open(1024)) text += block.toString('latin1');
  return text;
}

describe('a file that is cut', () => {
  it('holds all its bytes in its parts, each of which begins with a line that may begin one', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-c]{0,12}$/), { maxLength: 40 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 12 }),
        async (lines, endsWithFeed, parts) => {
          const text = lines.join('\n') + (endsWithFeed ? '\n' : '');
          const path = join(folder, 'log');
          writeFileSync(path, text);
          const cuts = cutsOf(path, text.length, parts, (line) => line.toString().startsWith('b'));
          expect(cuts.length).toBeLessThan(parts);
          for (const cut of cuts) expect(text.slice(cut - 1, cut + 1)).toBe('\nb');
          const edges = [0, ...cuts];
          const read = await Promise.all(edges.map((start, i) => textOf(path, start, edges[i + 1] ?? text.length)));
          expect(read.join('')).toBe(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is cut near the ends of equal parts', () => {
    const path = join(folder, 'even');
    writeFileSync(path, 'a line\n'.repeat(1000));
    expect(cutsOf(path, 7000, 4, () => true)).toEqual([1750, 3500, 5250]);
  });

  it('is left whole where no line may begin a part', () => {
    const path = join(folder, 'whole');
    writeFileSync(path, `${'x'.repeat(200_000)}\nb\n${'x'.repeat(5_000_000)}`);
    expect(cutsOf(path, 5_200_003, 2, (line) => line.toString() === 'b')).toEqual([]);
    expect(cutsOf(path, 100_000, 2, (line) => line.toString() === 'b')).toEqual([200_001]);
  });
});
