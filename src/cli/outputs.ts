import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { FORMATS_OF_REPORTS, type ReportFormat, renderAs, type Table } from '../report/render.ts';
import type { Secrets } from '../result/leaks.ts';
import type { Result } from '../result/schema.ts';
import { renderSafely } from './safe-output.ts';

/** The format that a file name's ending asks for. */
function formatOf(path: string): ReportFormat | undefined {
  const ending = extname(path).toLowerCase();
  return FORMATS_OF_REPORTS.find((format) => ending === `.${format}`);
}

/** Why a file name cannot be written as a report, or null where it can. */
export function whyNotWritable(path: string): string | null {
  if (formatOf(path)) return null;
  const known = FORMATS_OF_REPORTS.map((format) => `.${format}`).join(', ');
  return `${path}: the ending says what to write, and this one is not known; use ${known}`;
}

/**
 * Writes a result as the file's ending says. Throws the system's error where the file cannot be written, and `LeakError`
 * where it would hold what was masked.
 */
export async function writeReport(path: string, result: Result, table: Table, secrets: Secrets | null): Promise<void> {
  const format = formatOf(path);
  if (format) await writeFile(path, await renderSafely(result, (one) => renderAs(format, one, table), secrets));
}
