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

/** What of a page's tags, read as strictly as they are written, is not of ours: tags, attributes and whatever is neither. */
function strangersIn(body: string, isTag: (name: string) => boolean, isOurs: (name: string, value: string) => boolean) {
  // One expectation for all: for each of thousands of tags, expectations take far longer than the page took to draw.
  return [...body.matchAll(/<\/?([^\s>]*)([^>]*)>/g)].flatMap(([tag, name = '', rest = '']) => {
    const attributes = [...rest.matchAll(/\s([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"<>]*)")?/g)];
    const isWhole = attributes.map(([text]) => text).join('') === rest;
    const isKnown = isTag(name) && attributes.every(([, attribute = '', value = '']) => isOurs(attribute, value));
    return isWhole && isKnown ? [] : [tag];
  });
}

/** Only known tags and attributes, no script, no address but those that `links` allows, nothing unseen. */
function expectHarmlessPage(page: string, links: RegExp, alsoAttributes: readonly string[] = []): void {
  const body = page.replace('<!doctype html>', '').replace(/<style>[^<]*<\/style>/, '<style></style>');
  const isOurs = (attribute: string, value: string): boolean =>
    (ATTRIBUTES.has(attribute) || alsoAttributes.includes(attribute)) && (attribute !== 'href' || links.test(value));
  expect(strangersIn(body, (name) => TAGS.has(name), isOurs)).toEqual([]);
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

const PICTURE_TAGS = new Set(['svg', 'rect', 'line', 'text']);
const PICTURE_ATTRIBUTES = new Set(
  'xmlns x y x1 x2 y1 y2 width height fill fill-opacity stroke font-family font-size font-weight text-anchor overflow'.split(
    ' ',
  ),
);

/** Only known tags and attributes, all values our own, nothing unseen. */
export function expectHarmlessSvg(picture: string): void {
  const isOurs = (attribute: string, value: string): boolean =>
    PICTURE_ATTRIBUTES.has(attribute) &&
    (attribute === 'xmlns' ? value === 'http://www.w3.org/2000/svg' : /^[\w#. -]+$/.test(value));
  expect(strangersIn(picture, (name) => PICTURE_TAGS.has(name), isOurs)).toEqual([]);
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
