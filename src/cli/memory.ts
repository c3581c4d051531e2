import { setFlagsFromString } from 'node:v8';

/** The newest release whose V8 is known to have this flag; one that does not know it complains on standard error. */
const NEWEST_KNOWN_NODE = 24;
/** Files of less than this on average come and go with buffers of their own, and the flag makes reading them twice as slow (measured). */
const LARGE_FILE_BYTES = 4e6;

/**
 * Before large files are read: lets the heap grow by four fifths before it is cleaned, not to several times what is in use,
 * as records come and go in millions while few are kept. Takes a sixth off the peak for next to no processor time; to grow
 * by a third only would take a quarter off and cost a fifth of the time (measured on exports and access logs of a gigabyte).
 */
export function keepHeapSmall({ files, bytes }: { readonly files: number; readonly bytes: number }): void {
  if (bytes < files * LARGE_FILE_BYTES) return;
  if (Number.parseInt(process.versions.node, 10) <= NEWEST_KNOWN_NODE) setFlagsFromString('--heap-growing-percent=80');
}
