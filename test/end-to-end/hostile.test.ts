import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runAnalysis } from '../../src/analyze.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { renderMarkdown } from '../../src/report/markdown/page.ts';
import { renderSummary } from '../../src/report/picture/summary.ts';
import type { Result } from '../../src/result/schema.ts';
import {
  expectHarmlessCsv,
  expectHarmlessHtml,
  expectHarmlessMarkdown,
  expectHarmlessSvg,
} from '../report/harmless.ts';
import { HOSTILE, hostile, RAW } from '../report/hostile.ts';
import { OUTPUTS } from '../report/outputs.ts';
import { SAMPLE } from '../report/sample-result.ts';
import { fieldsOf } from '../result/plantings.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Each format in a file of its own, with hostile text in each field in turn, among the lines as they should be. */
function files(): string[] {
  return FORMATS.map(({ id, examples }) => {
    const path = join(folder, `${id}<b>=1+1[x](javascript:x)\u202e.log`);
    const lines = examples().flatMap(({ input }) => [
      input,
      ...fieldsOf(input).map((put) => put(input.startsWith('{') ? HOSTILE : HOSTILE.replaceAll('\n', ' '))),
    ]);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  });
}

async function expectHarmless(result: Result): Promise<void> {
  for (const [name, render] of OUTPUTS) {
    const text = await render(result);
    if (name === 'html') expectHarmlessHtml(text);
    else if (name === 'picture') expectHarmlessSvg(text);
    else if (name === 'markdown') expectHarmlessMarkdown(text);
    else if (name.startsWith('csv')) await expectHarmlessCsv(text);
    else expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
    expect([name, text.length > 20]).toEqual([name, true]);
  }
}

describe.each([true, false])('hostile text in every field of every format, redaction %s', (redact) => {
  let result: Result;
  beforeAll(async () => {
    result = (await runAnalysis(files(), { redact })).result;
  }, 120_000);

  test('is harmless in every output', { timeout: 120_000 }, async () => {
    expect(result.bursts.length).toBeGreaterThan(0);
    expect(JSON.stringify(result)).toContain('onerror');
    await expectHarmless(result);
  });
});

test('hostile text in every field of a result is harmless in every output', async () => {
  expect(HOSTILE).toMatch(RAW);
  await expectHarmless(hostile(SAMPLE));
});

test('whatever stands in a line, only known tags and attributes come out', () => {
  const pieces = fc.constantFrom(
    ...'<>"\'`&=/ \n|[](){}!#@*_~$:;-+\\\0\x1b\u202e'.split(''),
    'script',
    'href',
    'on',
    'javascript:',
    'http://x',
    '```',
    '<!--',
    ']]>',
    'x',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const text = parts.join('');
      const poison = structuredClone(SAMPLE);
      const [burst] = poison.bursts;
      const line = burst?.evidence[0]?.lines[0];
      if (!burst || !line) throw new Error('the sample has a burst with a proof line');
      line.text = text;
      burst.sentence = text;
      burst.scope.paths.values.push({ value: text, failed: 1, total: 1 });
      poison.warnings.push(text);
      poison.skipped.push({ path: text, reason: text });
      expectHarmlessHtml(renderHtml(poison));
      expectHarmlessMarkdown(renderMarkdown(poison));
      expectHarmlessSvg(renderSummary(poison));
    }),
    { numRuns: 40, seed: 502 },
  );
});
