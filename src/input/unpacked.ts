import type { SourceFile } from './source.ts';

/** Logs shrink to about a tenth. */
const PACKED = /\.(?:gz|zst)$/i;
const PACKED_WEIGHT = 10;

/** How many bytes a source has after unpacking, about. */
export function unpackedBytes({ label, bytes }: Pick<SourceFile, 'label' | 'bytes'>): number {
  return bytes * (PACKED.test(label) ? PACKED_WEIGHT : 1);
}
