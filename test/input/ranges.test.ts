import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { rangeSource } from '../../src/input/ranges.ts';
import { fileSource } from '../../src/input/source.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-ranges-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function textOf(path: string, start: number, end: number, blockBytes: number): Promise<string> {
  const source = rangeSource(fileSource(path, 'log', 0, true), path, { start, end });
  let text = '';
  for await (const block of source.open(blockBytes)) text += block.toString('latin1');
  return text;
}

describe('ranges of a file', () => {
  it('give every line once, whole, in the range in which it begins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.stringMatching(/^[a-z]{0,12}$/), { maxLength: 12 }),
        fc.boolean(),
        fc.array(fc.nat(120), { maxLength: 5 }),
        async (lines, endsWithFeed, cuts) => {
          const text = lines.join('\n') + (endsWithFeed ? '\n' : '');
          const path = join(folder, 'log');
          writeFileSync(path, text);
          const edges = [0, ...cuts.filter((cut) => cut > 0 && cut < text.length).sort((a, b) => a - b), text.length];
          const parts = [];
          for (let i = 0; i + 1 < edges.length; i++) {
            const [start = 0, end = 0] = edges.slice(i, i + 2);
            if (start === end) continue;
            const part = await textOf(path, start, end, 1024);
            let begin = start;
            while (begin > 0 && begin < text.length && text[begin - 1] !== '\n') begin++;
            if (part !== '') expect(text.slice(begin, begin + part.length)).toBe(part);
            if (part !== '') expect(begin).toBeLessThan(end);
            parts.push(part);
          }
          expect(parts.join('')).toBe(text);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('hold lines longer than a block', async () => {
    const long = 'x'.repeat(5000);
    const text = `a\n${long}\nb\nc`;
    const path = join(folder, 'long');
    writeFileSync(path, text);
    for (let cut = 1; cut < text.length; cut += 97)
      expect((await textOf(path, 0, cut, 1024)) + (await textOf(path, cut, text.length, 1024))).toBe(text);
  });
});
