import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { renderCommand } from '../../src/cli/render-command.ts';
import { renderHtml } from '../../src/report/html/page.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown/page.ts';
import { resultSchema } from '../../src/result/schema.ts';
import { SAMPLE } from '../report/sample-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'whose502-render-'));
afterAll(() => rmSync(folder, { recursive: true }));
const stored = join(folder, 'stored.json');
/** The sample in the order in which it is written. */
const STORED = resultSchema.parse(JSON.parse(renderJson(SAMPLE)));
writeFileSync(stored, renderJson(STORED));

let said = '';
beforeEach(() => {
  said = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      said += String(text);
      return true;
    });
});
afterEach(() => vi.restoreAllMocks());

describe('a stored result', () => {
  it('is drawn again as it was drawn at first', async () => {
    const output = ['r.html', 'r.md', 'r.csv', 'r.txt', 'r.json'].map((name) => join(folder, name));
    expect(await renderCommand(stored, { output, table: 'evidence' })).toBe(0);
    const [html, md, csv, txt, json] = output.map((path) => readFileSync(path, 'utf8'));
    expect(html).toBe(renderHtml(STORED));
    expect(md).toBe(renderMarkdown(STORED));
    expect(csv?.split('\n')[0]).toContain('weight_decibans');
    expect(txt).toContain('The origin is at fault');
    expect(json).toBe(readFileSync(stored, 'utf8'));
  });

  it('is shown on the terminal where no file is named', async () => {
    expect(await renderCommand(stored, { output: [] })).toBe(0);
    expect(said).toContain('The origin is at fault');
  });

  it.each<[string, string, number, string]>([
    ['missing', '', 3, 'cannot be read'],
    ['no JSON', 'half a {', 3, 'no JSON'],
    ['another JSON', '{"schemaVersion":1}', 3, 'no result of whose502'],
    ['of another version', renderJson(SAMPLE).replace('"schemaVersion": 1', '"schemaVersion": 2'), 3, 'schemaVersion'],
  ])('that is %s is told from one', async (name, text, code, hint) => {
    const path = join(folder, `${name}.json`);
    if (text !== '') writeFileSync(path, text);
    expect(await renderCommand(path, { output: [] })).toBe(code);
    expect(said).toContain(hint);
    expect(said).not.toContain('half a {');
  });

  it('is not drawn in a form that there is not', async () => {
    expect(await renderCommand(stored, { output: ['r.docx'] })).toBe(2);
    expect(await renderCommand(stored, { output: [], table: 'rows' })).toBe(2);
  });
});
