import { describe, expect, test } from 'vitest';
import { renderBurstsCsv, renderEvidenceCsv, renderRequestsCsv } from '../../src/report/csv.ts';
import { formatCount, formatDuration, formatShare, formatSpan } from '../../src/report/figures.ts';
import { renderJson } from '../../src/report/json.ts';
import { chartOf } from '../../src/report/series.ts';
import { resultSchema } from '../../src/result/schema.ts';
import { expectHarmlessCsv, rowsOf } from './harmless.ts';
import { hostile } from './hostile.ts';
import { SAMPLE, SAMPLES } from './sample-result.ts';

describe('tables', () => {
  test.each(SAMPLES)('%s: no cell is a formula, every row has all columns', async (_, result) => {
    for (const one of [result, hostile(result)]) {
      for (const csv of [await renderBurstsCsv(one), await renderRequestsCsv(one), await renderEvidenceCsv(one)])
        await expectHarmlessCsv(csv);
    }
  });

  test('a burst is a row with its counts as plain numbers', async () => {
    const [head, first] = await rowsOf(await renderBurstsCsv(SAMPLE));
    const at = (name: string): string | undefined => first?.[head?.indexOf(name) ?? -1];
    expect([at('id'), at('failed'), at('total'), at('statuses')]).toEqual(['B1', '1502', '2614', '502:1366 504:136']);
  });

  test('a spreadsheet reads times as times and Ray IDs as text', async () => {
    const result = structuredClone(SAMPLE);
    for (const request of result.requests) request.ray = '7123456789e01234';
    const requests = await renderRequestsCsv(result);
    expect(requests).toContain(",'7123456789e01234,");
    expect(await renderBurstsCsv(result)).toMatch(/,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3},/);
  });
});

describe('JSON', () => {
  test.each(SAMPLES)('%s: reads back as the same result, with nothing unseen in the text', (_, result) => {
    for (const one of [result, hostile(result)]) {
      const text = renderJson(one);
      expect(resultSchema.parse(JSON.parse(text))).toEqual(resultSchema.parse(one));
      expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
    }
  });

  test('the order in which options were given does not matter', () => {
    const shuffled = { ...SAMPLE, options: Object.fromEntries(Object.entries(SAMPLE.options).reverse()) };
    expect(renderJson(shuffled)).toBe(renderJson(SAMPLE));
  });
});

test('figures read as people write them', () => {
  expect([formatCount(1234567), formatShare(0.9999), formatShare(0.0004), formatShare(0.055)]).toEqual([
    '1,234,567',
    '>99 %',
    '<0.1 %',
    '5.5 %',
  ]);
  expect([formatDuration(883_780), formatDuration(61_000), formatDuration(40), formatDuration(7_500_000)]).toEqual([
    '14 min 44 s',
    '1 min 1 s',
    '40 ms',
    '2 h 5 min',
  ]);
  expect(formatSpan('2026-03-04T23:59:00.000Z', '2026-03-05T00:01:00.000Z')).toBe(
    '2026-03-04 23:59:00 – 2026-03-05 00:01:00',
  );
});

test('a long timeline is folded without losing a request', () => {
  const chart = chartOf(SAMPLE.timeline, 100);
  const failed = SAMPLE.timeline.series[0]?.values ?? [];
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  expect(chart?.failed?.length).toBeLessThanOrEqual(100);
  expect(sum(chart?.failed ?? [])).toBe(sum(failed));
});
