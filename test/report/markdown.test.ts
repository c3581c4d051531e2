import { describe, expect, test } from 'vitest';
import { block, code, prose } from '../../src/report/markdown/escape.ts';
import { renderMarkdown } from '../../src/report/markdown/page.ts';
import { expectHarmlessMarkdown } from './harmless.ts';
import { hostile } from './hostile.ts';
import { MANY, SAMPLE, SAMPLES } from './sample-result.ts';

describe('the ticket text', () => {
  test.each(SAMPLES)('%s: within 60,000 characters and nothing in it but our own structure', (_, result) => {
    for (const page of [renderMarkdown(result), renderMarkdown(hostile(result))]) expectHarmlessMarkdown(page);
  });

  test('verdict first', () => {
    expect(renderMarkdown(SAMPLE).split('\n')[0]).toBe(
      '## The origin is at fault: the PHP-FPM pool ran out of workers.',
    );
  });

  test('the burst that the verdict speaks of comes first, however late it was, and says nothing twice', () => {
    const last = MANY.bursts.at(-1);
    const page = renderMarkdown({ ...MANY, verdict: { ...MANY.verdict, burst: last?.id ?? null } });
    expect(/^### (B\d+)/m.exec(page)?.[1]).toBe(last?.id);
    const confidence = renderMarkdown(SAMPLE).match(/^Confidence: /gm);
    expect(confidence).toHaveLength(SAMPLE.bursts.length);
  });

  test('a second fault of the same time is told', () => {
    expect(renderMarkdown(SAMPLE)).toMatch(
      /\*\*At the same time\*\*\n\n- A PHP script reached `?memory_limit`?\. 23 lines about failed requests say so, the first in /,
    );
  });

  test('bursts that find no room are counted', () => {
    const page = renderMarkdown(MANY);
    const told = page.match(/^### B\d+/gm)?.length ?? 0;
    expect(page).toContain(`And ${40 - told} more bursts`);
  });

  test('a table keeps its columns whatever a cell holds', () => {
    const rows = renderMarkdown(hostile(SAMPLE))
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect([5, 6]).toContain(row.replaceAll('\\|', '').split('|').length - 1);
  });
});

test('words that a forge would turn into something are set as code, others stay', () => {
  expect(prose('ask @admin about #42 now')).toBe('ask `@admin` about `#42` now');
  expect(prose('see https://example.com/ or deadbee1 there')).toBe('see `https://example.com/` or `deadbee1` there');
  expect(prose('502 ×1,366 (57 %), quietly.')).toBe('502 ×1,366 (57 %), quietly.');
  expect(code('a``b`')).toBe('``` a``b` ```');
  expect(block(['```'])).toBe('````\n```\n````');
});
