import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { renderBurstsCsv, renderEvidenceCsv, renderRequestsCsv } from '../report/csv.ts';
import { renderHtml } from '../report/html/page.ts';
import { renderJson } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown/page.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { Result } from '../result/schema.ts';

export const TABLES = ['bursts', 'requests', 'evidence'] as const;
export type Table = (typeof TABLES)[number];

type Renderer = (result: Result, table: Table) => string | Promise<string>;

const TEXT_COLUMNS = 80;

/** One renderer per ending; all draw from the result alone. */
const RENDERERS: Readonly<Record<string, Renderer>> = {
  '.html': (result) => renderHtml(result),
  '.md': (result) => renderMarkdown(result),
  '.json': (result) => renderJson(result),
  '.csv': (result, table) => CSV[table](result),
  '.txt': (result) => renderTerminal(result, { columns: TEXT_COLUMNS, color: false }),
};

const CSV: Readonly<Record<Table, (result: Result) => Promise<string>>> = {
  bursts: renderBurstsCsv,
  requests: renderRequestsCsv,
  evidence: renderEvidenceCsv,
};

/** Why a file name cannot be written as a report, or null where it can. */
export function whyNotWritable(path: string): string | null {
  if (RENDERERS[extname(path).toLowerCase()]) return null;
  return `${path}: the ending says what to write, and this one is not known; use ${Object.keys(RENDERERS).join(', ')}`;
}

/** Writes a result as the file's ending says. Throws the system's error where the file cannot be written. */
export async function writeReport(path: string, result: Result, table: Table): Promise<void> {
  const render = RENDERERS[extname(path).toLowerCase()];
  if (!render) return;
  await writeFile(path, await render(result, table));
}
