import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { html } from '../../src/report/html/markup.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { expectHarmlessHtml } from './harmless.ts';
import { hostile } from './hostile.ts';
import { SAMPLE, SAMPLES } from './sample-result.ts';

describe('the page', () => {
  test.each(SAMPLES)('%s: only known tags and attributes, no script, no address but anchors', (_, result) => {
    for (const page of [renderHtml(result), renderHtml(hostile(result))]) expectHarmlessHtml(page);
  });

  test('its policy comes first and holds the hash of its own style sheet', () => {
    const page = renderHtml(SAMPLE);
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('charset'));
    expect(page).toContain(`default-src 'none'; style-src 'sha256-${hash}'; img-src data:`);
  });

  test.each(SAMPLES)('%s: every link within the page has its target, and every id is there once', (_, result) => {
    const page = renderHtml(result);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1] ?? '');
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map((match) => match[1] ?? '');
    for (const link of links) expect(ids).toContain(link);
    if (result.bursts.length < 10) expect(new Set(ids).size).toBe(ids.length);
  });

  test('bursts and their evidence have anchors', () => {
    const page = renderHtml(SAMPLE);
    for (const id of ['B1', 'B2', 'B1-e1', 'B1-e4', 'B2-e1', 'R1']) expect(page).toContain(`id="${id}"`);
  });

  test('the weights that are printed add up to the sum that is printed', () => {
    const card = renderHtml(SAMPLE).split('id="B1-e1"')[0]?.length ?? 0;
    const table = renderHtml(SAMPLE).slice(0, card).lastIndexOf('<tbody>');
    const rows = renderHtml(SAMPLE).slice(table).split('</tbody>')[0] ?? '';
    const numbers = [...rows.matchAll(/[+−]\d+\.\d/g)].map((match) =>
      Math.round(Number(match[0].replace('−', '-')) * 10),
    );
    const total = numbers.pop();
    expect(numbers.length).toBeGreaterThan(4);
    expect(numbers.reduce((sum, value) => sum + value, 0)).toBe(total);
  });

  test('a fault of the origin that only the edge shows is not marked at the edge', () => {
    const verdict = { ...SAMPLE.verdict, cause: 'firewall-blocks-cloudflare', hop: 'edge' as const };
    const page = renderHtml({ ...SAMPLE, verdict });
    expect(page).not.toContain('the fault is here');
    expect(page).toMatch(/Web server<\/span>[^△]*△ possibly here/);
  });

  test('the guilty hop is marked in words', () => {
    const page = renderHtml(SAMPLE);
    expect(page).toMatch(/Application<\/span>[^▲]*▲ the fault is here/);
    expect(page.split('the fault is here').length).toBe(2);
  });

  test('equal results give equal bytes', () => {
    expect(renderHtml(structuredClone(SAMPLE))).toBe(renderHtml(SAMPLE));
  });
});

test('the template escapes what is not markup, in text and attributes', () => {
  expect(html`<p title="${'"&'}">${['<b>', html`<i>${1}</i>`, null, false]}</p>`.source).toBe(
    '<p title="&quot;&amp;">&lt;b&gt;<i>1</i></p>',
  );
});
