import { parseString } from 'fast-csv';
import { expect } from 'vitest';
import { RAW } from './hostile.ts';

/** What holds for every output whatever the logs say. */

const TAGS = new Set(
  'html head meta link title style body header main footer section article h1 h2 h3 h4 p div span strong code pre a ul ol li dl dt dd table caption thead tbody tr th td figure figcaption details summary br svg rect line text path'.split(
    ' ',
  ),
);
const ATTRIBUTES = new Set(
  'lang charset http-equiv content name rel href class id aria-labelledby aria-label aria-hidden title scope data-label open role tabindex width height viewBox preserveAspectRatio x y x1 x2 y1 y2 d dx text-anchor font-size font-weight fill fill-opacity stroke stroke-opacity stroke-width stroke-dasharray'.split(
    ' ',
  ),
);

/** Tags of a page with their attributes, read as strictly as they are written. */
function tagsOf(page: string): { name: string; attributes: [string, string][] }[] {
  const body = page.replace('<!doctype html>', '').replace(/<style>[^<]*<\/style>/, '<style></style>');
  return [...body.matchAll(/<(\/?)([^\s>]*)([^>]*)>/g)].map((match) => {
    const rest = match[3] ?? '';
    const attributes = [...rest.matchAll(/\s([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<>]*)")?/g)].map(
      (found): [string, string] => [found[1] ?? '', found[2] ?? ''],
    );
    expect(rest.replace(/\s([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<>]*)")?/g, '')).toBe('');
    return { name: match[2] ?? '', attributes };
  });
}

/** Only known tags and attributes, no script, no address but anchors, nothing unseen. */
export function expectHarmlessHtml(page: string): void {
  for (const { name, attributes } of tagsOf(page)) {
    expect(TAGS).toContain(name);
    for (const [attribute, value] of attributes) {
      expect(ATTRIBUTES).toContain(attribute);
      if (attribute === 'href') expect(value).toMatch(/^(?:#|data:,$)/);
    }
  }
  expect(page).not.toMatch(/<script|url\(|@import/i);
  expect(page).not.toMatch(RAW);
  expect(page.match(/<(?=[a-z])/g)?.length).toBeGreaterThan(20);
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
  expect(csv).not.toMatch(RAW);
  for (const row of rows) {
    expect(row.length).toBe(head?.length);
    for (const cell of row) expect(cell).not.toMatch(/^\s*[=+@\t\r]|^\s*-(?!\d+(?:\.\d+)?$)/);
  }
}
