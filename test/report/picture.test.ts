import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawn, type Face, fitting, inLines, NO_LETTER, widthOf } from '../../src/report/picture/letters.ts';
import { toPng } from '../../src/report/picture/png.ts';
import { renderSummary } from '../../src/report/picture/summary.ts';
import type { Result } from '../../src/result/schema.ts';
import { expectHarmlessSvg } from './harmless.ts';
import { hostile } from './hostile.ts';
import { MANY, SAMPLE, SAMPLES } from './sample-result.ts';

const WIDTH = 1200;
const MOST_BYTES = 300_000;

function sizeOf(png: Uint8Array): { readonly width: number; readonly height: number } {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** Where each text ends, and what it says. */
function textsOf(picture: string): readonly { readonly words: string; readonly end: number }[] {
  return [
    ...picture.matchAll(
      /<text x="([\d.]+)" y="[\d.]+" font-size="(\d+)" font-weight="(\d+)" [^>]*text-anchor="start">([^<]*)</g,
    ),
  ].map(([, x, size, weight, words = '']) => ({
    words,
    end:
      Number(x) +
      widthOf(words.replace(/&(?:amp|lt|gt|quot|#39|#96);/g, '?'), { size: Number(size), bold: weight === '700' }),
  }));
}

describe.each(SAMPLES)('the picture: %s', (_, result) => {
  test('only known tags and attributes, whatever the logs say', () => {
    for (const one of [result, hostile(result)]) expectHarmlessSvg(renderSummary(one));
  });

  test('is a PNG that a ticket takes, and nothing runs out of it', async () => {
    for (const one of [result, hostile(result)]) {
      const picture = renderSummary(one);
      const png = await toPng(picture);
      const { width, height } = sizeOf(png);
      expect(width).toBe(WIDTH);
      expect(height).toBeLessThan(1600);
      expect(png.length).toBeLessThan(MOST_BYTES);
      for (const { words, end } of textsOf(picture)) expect([words, end <= WIDTH - 20]).toEqual([words, true]);
    }
  });
});

test('equal results give equal bytes', async () => {
  expect(await toPng(renderSummary(structuredClone(SAMPLE)))).toEqual(await toPng(renderSummary(SAMPLE)));
});

test('says the verdict, the path with the guilty hop, the bursts and what to do', () => {
  const words = textsOf(renderSummary(SAMPLE)).map((text) => text.words);
  for (const part of ['Place', 'origin', 'php-fpm-max-children', '▲ fault here', 'B1', 'B2', 'Fix first'])
    expect(words).toContain(part);
  expect(words.join(' ')).toContain('The origin is at fault: the PHP-FPM pool ran out of workers.');
  expect(textsOf(renderSummary(MANY)).filter((text) => /^B\d+$/.test(text.words)).length).toBeGreaterThan(1);
});

test('letters that the fonts do not have are shown as a sign, and the picture says so', () => {
  const [burst] = SAMPLE.bursts;
  if (burst === undefined) throw new Error('the sample has a burst');
  const withSentence = (sentence: string): Result => ({ ...SAMPLE, bursts: [{ ...burst, sentence }] });
  const far = renderSummary(withSentence('商品.example fails 😀'));
  expect(far).toContain(`${NO_LETTER}${NO_LETTER}.example fails ${NO_LETTER}`);
  expect(far).toContain('cannot draw');
  const near = renderSummary(withSentence('магазин.example, κατάστημα.example, straße.example fail'));
  expect(near).toContain('магазин.example, κατάστημα.example, straße.example fail');
  expect(near).not.toContain('cannot draw');
});

/** Width of each character in 1/1000 of the size, and which there are, as a TrueType file says. */
function fontTables(file: string): {
  readonly has: (code: number) => boolean;
  readonly width: (code: number) => number;
} {
  const font = readFileSync(new URL(`../../node_modules/dejavu-fonts-ttf/ttf/${file}`, import.meta.url));
  const tables = new Map<string, number>();
  for (let at = 12; at < 12 + 16 * font.readUInt16BE(4); at += 16)
    tables.set(font.toString('latin1', at, at + 4), font.readUInt32BE(at + 8));
  const table = (name: string): number => tables.get(name) ?? 0;
  const glyphs = new Map<number, number>();
  const maps = table('cmap');
  for (let i = 0; i < font.readUInt16BE(maps + 2); i++) {
    const map = maps + font.readUInt32BE(maps + 8 + 8 * i);
    if (font.readUInt16BE(map) !== 12) continue;
    for (let group = map + 16; group < map + 16 + 12 * font.readUInt32BE(map + 12); group += 12)
      for (let code = font.readUInt32BE(group), to = font.readUInt32BE(group + 4), n = 0; code <= to; code++, n++)
        glyphs.set(code, font.readUInt32BE(group + 8) + n);
  }
  const last = font.readUInt16BE(table('hhea') + 34) - 1;
  const units = font.readUInt16BE(table('head') + 18);
  return {
    has: (code) => glyphs.has(code),
    width: (code) => (font.readUInt16BE(table('hmtx') + 4 * Math.min(glyphs.get(code) ?? 0, last)) * 1000) / units,
  };
}

describe('letters', () => {
  test.each([
    ['DejaVuSans.ttf', false],
    ['DejaVuSans-Bold.ttf', true],
  ])('%s: widths are those of the font, and what is drawn it has', (file, bold) => {
    const font = fontTables(file);
    for (let code = 0x20; code < 0x7f; code++)
      expect(widthOf(String.fromCharCode(code), { size: 1000, bold })).toBe(Math.round(font.width(code)));
    const missing: string[] = [];
    for (let code = 0xa0; code < 0x3000; code++) {
      const letter = String.fromCharCode(code);
      if (drawn(letter) === letter && !font.has(code)) missing.push(code.toString(16));
    }
    expect(missing).toEqual([]);
  });

  test('lines are never wider than there is room, and lose nothing but what an ellipsis stands for', () => {
    const face: Face = { size: 20 };
    const words = fc.array(fc.oneof(fc.string({ maxLength: 30 }), fc.webUrl(), fc.constant('ж'.repeat(80))), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(words, fc.integer({ min: 60, max: 1100 }), fc.integer({ min: 1, max: 5 }), (parts, width, most) => {
        const text = parts.join(' ');
        const lines = inLines(text, face, width, most);
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const line of [...lines, fitting(text, face, width)])
          expect(widthOf(line, face)).toBeLessThanOrEqual(width);
        const bare = (some: string): string => some.replace(/ /g, '');
        if (!lines.at(-1)?.endsWith('…')) expect(bare(lines.join(''))).toBe(bare(drawn(text)));
      }),
    );
  });
});
