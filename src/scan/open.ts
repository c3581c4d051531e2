import { ReferenceScanner } from './reference.ts';
import type { RowScanner } from './scanner.ts';
import { SimdScanner, simdWorks } from './simd.ts';

/** Scanners by their user and columns. */
const opened = new Map<string, RowScanner>();

/**
 * The fastest scanner that this machine can run, for these columns. All that one `user` opens with the same columns is one
 * scanner, since its memory is dear and exports come as thousands of files (measured: half the time of reading 3,600 of
 * them). So a user must be done with what a scan has found before it scans again; who scans while another's table is in
 * use is another user.
 */
export function openScanner(columns: readonly string[], user: string): RowScanner {
  const key = `${user}: ${columns.join(' ')}`;
  const known = opened.get(key);
  if (known) return known;
  const scanner = simdWorks() ? new SimdScanner(columns) : new ReferenceScanner(columns);
  opened.set(key, scanner);
  return scanner;
}
