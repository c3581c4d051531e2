import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { FORMATS_OF_REPORTS, type ReportFormat, reportFile, type Table } from '../report/render.ts';
import { LeakError } from '../report/safely.ts';
import type { Secrets } from '../result/leaks.ts';
import type { Result } from '../result/schema.ts';
import { EXIT } from './exit-codes.ts';
import { tell } from './tell.ts';

/** The files that a command writes of a result. */
export interface Outputs {
  /** Reports, by their endings. */
  readonly output?: readonly string[] | undefined;
  /** All forms in one zip. */
  readonly bundle?: string | undefined;
  readonly quiet?: boolean | undefined;
}

/** The format that a file name's ending asks for. */
function formatOf(path: string): ReportFormat | undefined {
  const ending = extname(path).toLowerCase();
  return FORMATS_OF_REPORTS.find((format) => ending === `.${format}`);
}

/** What is wrong with the names of the files, or null. */
export function outputsProblem({ output = [], bundle }: Outputs): string | null {
  const unknown = output.find((path) => formatOf(path) === undefined);
  const known = FORMATS_OF_REPORTS.map((format) => `.${format}`).join(', ');
  if (unknown !== undefined)
    return `${unknown}: the ending says what to write, and this one is not known; use ${known}`;
  if (bundle !== undefined && extname(bundle).toLowerCase() !== '.zip')
    return `--bundle ${bundle}: it becomes a zip; give it a name that ends in .zip`;
  return null;
}

/**
 * Writes what is asked for and tells of it on standard error. A file that would hold what was masked is not written. Returns
 * the exit code that this alone would give.
 */
export async function writeOutputs(
  { output = [], bundle, quiet }: Outputs,
  result: Result,
  table: Table,
  secrets: Secrets | null,
): Promise<number> {
  let code: number = EXIT.analysed;
  const write = async (path: string, draw: () => Promise<string | Uint8Array>): Promise<void> => {
    try {
      await writeFile(path, await draw());
      if (quiet !== true) tell(`wrote ${path}`);
    } catch (error) {
      if (code !== EXIT.leak) code = error instanceof LeakError ? EXIT.leak : EXIT.partial;
      const reason = error instanceof Error ? error.message : String(error);
      tell(`${path} cannot be written: ${reason}`);
    }
  };
  for (const path of output) {
    const format = formatOf(path);
    if (format) await write(path, () => reportFile(format, result, secrets, table));
  }
  if (bundle !== undefined)
    await write(bundle, async () => {
      const { bundleOf } = await import('../report/bundle.ts');
      const { zip, lacks } = await bundleOf(result, secrets);
      for (const text of lacks) tell(`${bundle} is without ${text}`);
      return zip;
    });
  return code;
}
