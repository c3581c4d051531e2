import type { Secrets } from '../result/leaks.ts';
import type { Result } from '../result/schema.ts';
import { renderSafely } from './safely.ts';

/** What a result can be written as: the ending of the file says which. */
export const FORMATS_OF_REPORTS = ['html', 'md', 'json', 'csv', 'txt', 'png'] as const;
export type ReportFormat = (typeof FORMATS_OF_REPORTS)[number];

/** What a CSV holds. */
export const TABLES = ['bursts', 'requests', 'evidence'] as const;
export type Table = (typeof TABLES)[number];

export function isTable(text: string): text is Table {
  return TABLES.some((table) => table === text);
}

const TEXT_COLUMNS = 80;

/** One renderer per format, loaded when it is asked for; all draw from the result alone. */
const RENDERERS: Readonly<Record<ReportFormat, (result: Result, table: Table) => Promise<string>>> = {
  html: async (result) => (await import('./html/page.ts')).renderHtml(result),
  md: async (result) => (await import('./markdown/page.ts')).renderMarkdown(result),
  json: async (result) => (await import('./json.ts')).renderJson(result),
  csv: async (result, table) => {
    const csv = await import('./csv.ts');
    if (table === 'requests') return csv.renderRequestsCsv(result);
    return table === 'evidence' ? csv.renderEvidenceCsv(result) : csv.renderBurstsCsv(result);
  },
  txt: async (result) =>
    (await import('./terminal.ts')).renderTerminal(result, { columns: TEXT_COLUMNS, color: false }),
  png: async (result) => (await import('./picture/summary.ts')).renderSummary(result),
};

/** A result as the text of a file; of a picture, as what it is drawn from. */
export function renderAs(format: ReportFormat, result: Result, table: Table = 'bursts'): Promise<string> {
  return RENDERERS[format](result, table);
}

/**
 * A result as the content of a file, after the search for what was masked; a picture is searched before it is drawn. Throws
 * `LeakError`, and `NoPictureError` where pictures cannot be drawn here.
 */
export async function reportFile(
  format: ReportFormat,
  result: Result,
  secrets: Secrets | null,
  table: Table = 'bursts',
): Promise<string | Uint8Array> {
  const text = await renderSafely(result, (one) => renderAs(format, one, table), secrets);
  return format === 'png' ? (await import('./picture/png.ts')).toPng(text) : text;
}
