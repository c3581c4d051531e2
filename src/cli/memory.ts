import { setFlagsFromString } from 'node:v8';

/** The newest release whose V8 is known to have this flag. */
const NEWEST_KNOWN_NODE = 24;

/**
 * Lets the heap grow by a third before it is cleaned, not to several times what is in use: records come and go in millions
 * while few are kept. Halves the peak on text logs for some 15 % of processor time (measured on an nginx error log of 100 MB).
 */
export function keepHeapSmall(): void {
  // A V8 that does not know it complains on standard error.
  if (Number.parseInt(process.versions.node, 10) > NEWEST_KNOWN_NODE) return;
  setFlagsFromString('--heap-growing-percent=30');
}
