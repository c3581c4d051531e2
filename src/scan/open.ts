import type { CountRules } from './count-rules.ts';
import { ReferenceScanner } from './reference.ts';
import type { RowScanner } from './scanner.ts';
import { SimdScanner, simdWorks } from './simd.ts';

/** Scanners by their user and columns. */
const opened = new Map<string, RowScanner>();

/**
 * The fastest scanner that this machine can run, for these columns. All that one `user` opens with the same columns is one
 * scanner, since its memory is dear and exports come as thousands of files (measured: half the time of reading 3,600 of
 * them). So a user must be done with what was loaded before it loads again; who loads while another is at a row is another
 * user. With rules it may count rows (`RowScanner.countInto`).
 */
export function openScanner(columns: readonly string[], user: string, rules: CountRules | null = null): RowScanner {
  const key = `${user}: ${columns.join(' ')}`;
  const known = opened.get(key);
  if (known) return known;
  const scanner = simdWorks() ? new SimdScanner(columns, rules) : new ReferenceScanner(columns);
  opened.set(key, scanner);
  return scanner;
}
