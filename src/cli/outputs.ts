import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Result } from '../result/schema.ts';

export const TABLES = ['bursts', 'requests', 'evidence'] as const;
export type Table = (typeof TABLES)[number];

type Renderer = (result: Result, table: Table) => Promise<string>;

const TEXT_COLUMNS = 80;

/** One renderer per ending, loaded when it is asked for; all draw from the result alone. */
const RENDERERS: Readonly<Record<string, Renderer>> = {
  '.html': async (result) => (await import('../report/html/page.ts')).renderHtml(result),
  '.md': async (result) => (await import('../report/markdown/page.ts')).renderMarkdown(result),
  '.json': async (result) => (await import('../report/json.ts')).renderJson(result),
  '.csv': async (result, table) => {
    const csv = await import('../report/csv.ts');
    if (table === 'requests') return csv.renderRequestsCsv(result);
    return table === 'evidence' ? csv.renderEvidenceCsv(result) : csv.renderBurstsCsv(result);
  },
  '.txt': async (result) =>
    (await import('../report/terminal.ts')).renderTerminal(result, { columns: TEXT_COLUMNS, color: false }),
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
