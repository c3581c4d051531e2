import { ReferenceScanner } from './reference.ts';
import type { RowScanner } from './scanner.ts';
import { SimdScanner, simdWorks } from './simd.ts';

/** Opens the fastest scanner that this machine can run, for these columns. */
export function openScanner(columns: readonly string[]): RowScanner {
  return simdWorks() ? new SimdScanner(columns) : new ReferenceScanner(columns);
}
