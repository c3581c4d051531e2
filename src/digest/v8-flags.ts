import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** The newest release whose V8 is known to have the flags of the heap; one that does not know a flag complains on standard error. */
const NEWEST_KNOWN_NODE = 24;
/** Files of less than this on average come and go with buffers of their own, and the flag makes reading them twice as slow (measured). */
const LARGE_FILE_BYTES = 4e6;
/** Logs of more than this, together, are large. */
const LARGE_LOGS_BYTES = 256e6;

/** By how many hundredths of what is in use the heap may grow. */
const GROWTH = 65;
/** The same for packed logs, whose megabytes come in memory of their own, which counts as the heap's: 400 takes 14 MB more for no less time, measured on 1.5 GB. */
const GROWTH_OF_PACKED = 150;

const NODE = Number.parseInt(process.versions.node, 10);

/** How large logs are. */
interface Found {
  readonly files: number;
  readonly bytes: number;
  readonly unpackedBytes: number;
}

/** Once the logs are found, before they are read. */
export function tuneForLogs(found: Found): void {
  optimizeLate();
  keepHeapSmall(found);
}

/**
 * What a run of a second or two does otherwise than a server that runs for days, with Node 20. Later releases have a compiler for the
 * time between (Maglev), do as well without, and count otherwise.
 * - Code runs four times as long before it is optimised: up to a third of the processor time went into optimising what then ended
 *   (measured: 15 to 30 % less on logs from 50 MB to 1.5 GB, 25 % less for a batch of 40 incidents).
 * - A pattern is compiled to machine code when it is used for the twentieth time and not for the second, and its first form is not
 *   polished: most of the hundreds of patterns are used a few times (measured: 10 ms of the 110 of a small log).
 */
const LATE = ['--interrupt-budget=528000', '--regexp-tier-up-ticks=20', '--no-regexp-peephole-optimization'];
/** What its V8 starts with. */
const AS_EVER = ['--interrupt-budget=67584', '--regexp-tier-up-ticks=1', '--regexp-peephole-optimization'];

/**
 * Before logs are read. Bytecode is good for the flags that it was made with, that of Node's own modules, too: what a run needs is
 * best loaded before.
 */
export function optimizeLate(): void {
  if (NODE === 20) for (const flag of LATE) setFlagsFromString(flag);
}

/** Once the analysis is done: the reports, which are loaded then, have bytecode that is good for the flags of the start. */
export function optimizeAsEver(): void {
  if (NODE === 20) for (const flag of AS_EVER) setFlagsFromString(flag);
}

/**
 * Before large files are read: records come and go in millions while few are kept.
 * - The heap grows by two thirds before it is cleaned, not to several times what is in use: a fifth off the peak for next to no
 *   processor time; to grow by a third only would take a quarter off and cost a fifth of the time.
 * - The room for what is only just made grows once, and no further (`keepYoungSmall`): a sixth to a fifth off the peak for next to no time.
 *   Small logs do without, where it would be a twentieth.
 * Measured on exports, access logs, error logs and journals of 50 MB to 1.5 GB.
 */
function keepHeapSmall({ files, bytes, unpackedBytes }: Found): void {
  // Nothing is known of standard input, which may be large and packed (measured: 1.5 GB take 26 MB less and an eighth less processor time, 50 MB take 30 MB less).
  const isUnknown = files > 0 && bytes === 0;
  if ((bytes < files * LARGE_FILE_BYTES && !isUnknown) || NODE > NEWEST_KNOWN_NODE) return;
  setFlagsFromString(`--heap-growing-percent=${unpackedBytes > bytes || isUnknown ? GROWTH_OF_PACKED : GROWTH}`);
  if (unpackedBytes < LARGE_LOGS_BYTES && !isUnknown) return;
  youngBytes = bytesOfYoung();
  setFlagsFromString(`--semi-space-growth-factor=${Math.max(1, Math.floor(YOUNG_BYTES / youngBytes))}`);
}

/** The room for what is only just made, in large logs: both halves of it. Without a bound it takes 30 MB more. */
const YOUNG_BYTES = 8 * 1024 * 1024;
/** How large it was before it grew; null where it may grow as ever, or has grown. */
let youngBytes: number | null = null;

/** To be called now and then while logs are read. */
export function keepYoungSmall(): void {
  if (youngBytes === null || bytesOfYoung() === youngBytes) return;
  youngBytes = null;
  setFlagsFromString('--semi-space-growth-factor=1');
}

function bytesOfYoung(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? YOUNG_BYTES;
}
