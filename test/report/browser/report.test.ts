import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/report/html/page.ts';
import { headline } from '../../../src/report/words.ts';
import type { Result } from '../../../src/result/schema.ts';
import { CHROMIUM } from './chromium.ts';
import { GOLDEN } from './golden.ts';

/**
 * Every kind of report in a real browser. What it looks like is left in `.cache/reports/`, for people to look at.
 */

const SHOTS = fileURLToPath(new URL('../../../.cache/reports/', import.meta.url));
/** WCAG 2.2, A and AA, and what axe calls good practice of landmarks and headings. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Paper without its margins, in CSS pixels. */
const PAPERS = [
  { format: 'A4', width: 695 },
  { format: 'Letter', width: 717 },
];
const ADDRESS = 'http://report.test/';
/** What can differ with colours alone, and with the width. */
const OF_COLOURS = ['color-contrast'];
const OF_LAYOUT = ['target-size', 'scrollable-region-focusable'];
/** What Jenkins sends with archived files: style in the page is refused, too. */
const JENKINS = "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'";
const WIDE = { width: 1180, height: 900 };
const NARROW = { width: 390, height: 844 };
const QUALITY = 70;

const FORMS = [
  { form: 'light', size: WIDE, scheme: 'light' },
  { form: 'dark', size: WIDE, scheme: 'dark' },
  { form: 'phone', size: NARROW, scheme: 'light' },
] as const;

let browser: Browser;
const drawn = new Map<string, { readonly result: Result; readonly html: string }>();

/** A page that shows the report as a server with these headers would, and what it did beside. */
async function open(html: string, options: BrowserContextOptions, headers: Record<string, string> = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const messages: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  page.on('pageerror', (error) => messages.push(String(error)));
  page.on('request', (request) => {
    if (request.url() !== ADDRESS && !request.url().startsWith('data:')) requests.push(request.url());
  });
  await context.route('**/*', (route) =>
    route.request().url() === ADDRESS
      ? route.fulfill({ body: html, contentType: 'text/html; charset=utf-8', headers })
      : route.abort(),
  );
  await page.goto(ADDRESS);
  return { page, messages, requests, close: () => context.close() };
}

/** How far the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** What axe finds by these rules. */
function faults(page: Page, rules: readonly string[]): Promise<string[]> {
  const run = `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, help, nodes }) => id + ': ' + help + ': ' + nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')))`;
  return page.evaluate(run);
}

if (CHROMIUM === undefined)
  console.warn(
    'No Chromium on this machine: reports are not looked at in a browser. Install it (apt-get install chromium) or name it in CHROMIUM.',
  );

describe.skipIf(CHROMIUM === undefined)('in a browser (skipped where no Chromium is installed)', () => {
  beforeAll(async () => {
    mkdirSync(SHOTS, { recursive: true });
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
    for (const [name, make] of GOLDEN) {
      const result = await make();
      drawn.set(name, { result, html: renderHtml(result) });
    }
  }, 60_000);

  afterAll(() => browser?.close());

  const report = (name: string) => {
    const found = drawn.get(name);
    if (!found) throw new Error(`${name} was not drawn`);
    return found;
  };

  describe.each(GOLDEN.map(([name]) => name))('%s', (name) => {
    it('light, dark, on a phone and on paper: no message, no request, nothing wider than the page', async () => {
      const { page, messages, requests, close } = await open(report(name).html, { viewport: WIDE });
      const wider: Record<string, number> = {};
      for (const { form, size, scheme } of FORMS) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize(size);
        wider[form] = await overflow(page);
        await page.screenshot({ path: join(SHOTS, `${name}-${form}.jpeg`), quality: QUALITY, fullPage: true });
      }
      await page.emulateMedia({ media: 'print', colorScheme: 'light' });
      for (const { format, width } of PAPERS) {
        await page.setViewportSize({ width, height: 1000 });
        wider[format] = await overflow(page);
      }
      expect(wider).toEqual({ light: 0, dark: 0, phone: 0, A4: 0, Letter: 0 });
      const shut = `[...document.querySelectorAll('details')].filter((fold) => fold.lastElementChild.getBoundingClientRect().height === 0).length`;
      expect(await page.evaluate(shut), 'folds that paper would not show').toBe(0);
      expect([messages, requests]).toEqual([[], []]);
      await page.pdf({ path: join(SHOTS, `${name}.pdf`), format: 'A4' });
      await close();
    });

    it('axe finds nothing in any form, with all folds open', async () => {
      const { page, close } = await open(report(name).html, { viewport: WIDE, bypassCSP: true });
      await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true');
      await page.evaluate(axe.source);
      const found: Record<string, string[]> = { light: await faults(page, RULES) };
      await page.emulateMedia({ colorScheme: 'dark' });
      found.dark = await faults(page, OF_COLOURS);
      await page.emulateMedia({ media: 'print', colorScheme: 'light' });
      found.print = await faults(page, OF_COLOURS);
      await page.emulateMedia({ media: 'screen' });
      await page.setViewportSize(NARROW);
      found.phone = await faults(page, OF_LAYOUT);
      expect(found).toEqual({ light: [], dark: [], print: [], phone: [] });
      await close();
    });

    it('without style, as Jenkins shows it, the verdict is read', async () => {
      const { page, requests, close } = await open(report(name).html, {}, { 'content-security-policy': JENKINS });
      expect(await page.locator('h1').textContent()).toBe(headline(report(name).result.verdict));
      expect(requests).toEqual([]);
      await page.screenshot({ path: join(SHOTS, `${name}-unstyled.jpeg`), quality: QUALITY });
      await close();
    });
  });

  it('in a bare sandbox, as GitLab puts it, the page keeps its style', async () => {
    const { page, messages, close } = await open(
      report('two-faults').html,
      {},
      { 'content-security-policy': 'sandbox' },
    );
    expect(await page.evaluate('getComputedStyle(document.querySelector("h1")).fontSize')).toBe('32px');
    expect(messages).toEqual([]);
    await close();
  });
});
