import { setFlagsFromString } from 'node:v8';

/** The newest release whose V8 is known to have the flags of the heap; one that does not know a flag complains on standard error. */
const NEWEST_KNOWN_NODE = 24;
/** Files of less than this on average come and go with buffers of their own, and the flag makes reading them twice as slow (measured). */
const LARGE_FILE_BYTES = 4e6;
/** Logs of more than this, together, are large. */
const LARGE_LOGS_BYTES = 256e6;

/** By how many hundredths of what is in use the heap may grow. */
const GROWTH = 65;
/** The same for packed logs, whose megabytes come in memory of their own, which counts as the heap's: 150 takes 17 MB less and some more time, measured on 1.5 GB. */
const GROWTH_OF_PACKED = 400;

const NODE = Number.parseInt(process.versions.node, 10);

/**
 * When the program begins: lets code run four times as long before it is optimised. A run lasts a second or two, and Node 20 spends
 * up to a third of its processor time on optimising what then ends (measured: 15 to 30 % less on logs from 50 MB to 1.5 GB, 25 % less
 * for a batch of 40 incidents). Later releases have a compiler for the time between (Maglev), do as well without, and count otherwise.
 */
export function optimizeLate(): void {
  if (NODE === 20) setFlagsFromString('--interrupt-budget=528000');
}

/**
 * Before large files are read: records come and go in millions while few are kept.
 * - The heap grows by two thirds before it is cleaned, not to several times what is in use: a fifth off the peak for next to no
 *   processor time; to grow by a third only would take a quarter off and cost a fifth of the time.
 * - The room for what is only just made does not grow: a sixth to a fifth off the peak for three hundredths of the time. Small logs
 *   do without, where it would be a twentieth.
 * Measured on exports, access logs, error logs and journals of 50 MB to 1.5 GB.
 */
export function keepHeapSmall({
  files,
  bytes,
  unpackedBytes,
}: {
  readonly files: number;
  readonly bytes: number;
  readonly unpackedBytes: number;
}): void {
  if (bytes < files * LARGE_FILE_BYTES || NODE > NEWEST_KNOWN_NODE) return;
  setFlagsFromString(`--heap-growing-percent=${unpackedBytes > bytes ? GROWTH_OF_PACKED : GROWTH}`);
  if (unpackedBytes >= LARGE_LOGS_BYTES) setFlagsFromString('--semi-space-growth-factor=1');
}
