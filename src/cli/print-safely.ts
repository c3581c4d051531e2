import { LeakError, renderSafely } from '../report/safely.ts';
import type { Secrets } from '../result/leaks.ts';
import type { Result } from '../result/schema.ts';
import { tell } from './tell.ts';

/** Prints a text drawn from a result; false where it would hold what was masked, and nothing is printed. */
export async function printSafely(
  result: Result,
  render: (result: Result) => string,
  secrets: Secrets | null,
): Promise<boolean> {
  try {
    process.stdout.write(await renderSafely(result, render, secrets));
    return true;
  } catch (error) {
    if (!(error instanceof LeakError)) throw error;
    tell(`the text for standard output: ${error.message}`);
    return false;
  }
}
