import { parseString } from 'fast-csv';
import { expect } from 'vitest';
import { RAW } from './hostile.ts';

/** What holds for every output whatever the logs say. */

const TAGS = new Set(
  'html head meta link title style body header nav main footer section article h1 h2 h3 h4 p div span strong code pre a ul ol li dl dt dd table caption thead tbody tr th td figure figcaption details summary br svg rect line text path'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name rel href class id aria-labelledby aria-label aria-hidden title scope data-label open role tabindex width height viewBox preserveAspectRatio x y x1 x2 y1 y2 d dx text-anchor font-size font-weight fill fill-opacity stroke stroke-opacity stroke-width stroke-dasharray'.split(
    ' ',
  ),
);

/** Tags of a text with their attributes, read as strictly as they are written. */
function tagsOf(body: string): { name: string; attributes: [string, string][] }[] {
  return [...body.matchAll(/<(\/?)([^\s>]*)([^>]*)>/g)].map((match) => {
    const rest = match[3] ?? '';
    const attributes = [...rest.matchAll(/\s([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<>]*)")?/g)].map(
      (found): [string, string] => [found[1] ?? '', found[2] ?? ''],
    );
    expect(rest.replace(/\s([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<>]*)")?/g, '')).toBe('');
    return { name: match[2] ?? '', attributes };
  });
}

/** Only known tags and attributes, no script, no address but those that `links` allows, nothing unseen. */
function expectHarmlessPage(page: string, links: RegExp, alsoAttributes: readonly string[] = []): void {
  const body = page.replace('<!doctype html>', '').replace(/<style>[^<]*<\/style>/, '<style></style>');
  for (const { name, attributes } of tagsOf(body)) {
    expect(TAGS).toContain(name);
    for (const [attribute, value] of attributes) {
      if (!alsoAttributes.includes(attribute)) expect(ATTRIBUTES).toContain(attribute);
      if (attribute === 'href') expect(value).toMatch(links);
    }
  }
  expect(page).not.toMatch(/<script|url\(|@import/i);
  expect(page).not.toMatch(RAW);
  expect(page.match(/<(?=[a-z])/g)?.length).toBeGreaterThan(20);
}

/** A report: links go to its own parts alone. */
export function expectHarmlessHtml(page: string): void {
  expectHarmlessPage(page, /^(?:#|data:,$)/);
}

/** An index of incidents with this very script: links go to the reports beside it. */
export function expectHarmlessIndex(page: string, script: string): void {
  expect(page.split(`<script>${script}</script>`).length).toBe(2);
  expectHarmlessPage(
    page.replace(`<script>${script}</script>`, ''),
    /^(?:#|data:,$|index\.(?:csv|json)$|incidents\/[\w%.-]+\/[a-z]+\.[a-z]+(?:#[\w%.-]+)?$)/,
    ['data-value', 'tabindex'],
  );
}

const PICTURE_ATTRIBUTES = new Set(
  'xmlns x y x1 x2 y1 y2 width height fill fill-opacity stroke font-family font-size font-weight text-anchor overflow'.split(
    ' ',
  ),
);

/** Only known tags and attributes, all values our own, nothing unseen. */
export function expectHarmlessSvg(picture: string): void {
  for (const { name, attributes } of tagsOf(picture)) {
    expect(['svg', 'rect', 'line', 'text']).toContain(name);
    for (const [attribute, value] of attributes) {
      expect(PICTURE_ATTRIBUTES).toContain(attribute);
      expect(value).toMatch(attribute === 'xmlns' ? /^http:\/\/www\.w3\.org\/2000\/svg$/ : /^[\w#. -]+$/);
    }
  }
  expect(picture).not.toMatch(RAW);
  expect(picture).not.toContain('\n');
}

/** What is left of a page outside code: only there could text become something else. */
function outsideCode(page: string): string {
  return page
    .replace(/^( *)(`{3,})\n[\s\S]*?\n\1\2$/gm, '')
    .split('\n')
    .map((line) => line.replace(/(?<!`)(`+)(?!`)(?:.*?[^`])\1(?!`)/g, 'CODE'))
    .join('\n');
}

/** Within the limit of a ticket, and outside code nothing but our own structure. */
export function expectHarmlessMarkdown(page: string): void {
  expect(page.length).toBeLessThanOrEqual(60_000);
  expect(page).not.toMatch(RAW);
  const outside = outsideCode(page);
  expect(outside).not.toMatch(/[<>@`$~]|https?:|www\.|javascript:|\]\(|!\[|GH-\d|(?<!^#{0,3})#(?!#{0,2} )|!\d/m);
}

/** The cells of a table. */
export function rowsOf(csv: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const rows: string[][] = [];
    parseString(csv)
      .on('error', reject)
      .on('data', (row: string[]) => rows.push(row))
      .on('end', () => resolve(rows));
  });
}

/** No cell is a formula, every row has all columns, nothing unseen. */
export async function expectHarmlessCsv(csv: string): Promise<void> {
  const [head, ...rows] = await rowsOf(csv);
  expect(csv.charAt(0)).toBe('\ufeff');
  expect(csv.slice(1)).not.toMatch(RAW);
  for (const row of rows) {
    expect(row.length).toBe(head?.length);
    for (const cell of row) expect(cell).not.toMatch(/^\s*[=+@\t\r]|^\s*-(?!\d+(?:\.\d+)?$)/);
  }
}
