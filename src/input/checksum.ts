import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fileBlocks } from './blocks.ts';
import type { SourceFile } from './source.ts';

/** A thread pays from here on (measured with access logs and exports: 120 MB take as long with it, 200 MB a twentieth less, 1 GB a fifth less). */
const LEAST_BYTES = 128 * 1024 * 1024;

/** The SHA-256 of a file that another thread reads and sums up meanwhile. */
export interface ChecksumAside {
  /** In hexadecimal, of so many bytes from the start; null where there are no longer so many. Throws nothing. */
  of(bytes: number): Promise<string | null>;
  /** Ends the thread. To be called when all is done, however it ended. */
  stop(): void;
}

/** Starts to sum up a file in another thread; null where that does not pay: for what is small or no whole file, and with one processor. */
export function checksumAside({ path, bytes, readWhole }: SourceFile): ChecksumAside | null {
  if (path === null || readWhole === undefined || bytes < LEAST_BYTES || availableParallelism() < 2) return null;
  const worker = new Worker(`(${sumUp})()`, { eval: true, workerData: path });
  const summed = new Promise<Summed | null>((resolve) => {
    worker.once('message', resolve);
    for (const event of ['error', 'exit']) worker.once(event, () => resolve(null));
  });
  return {
    of: async (wanted) => {
      const found = await summed;
      // A log that is still written to has grown since.
      return found?.bytes === wanted ? found.sha256 : checksumOf(path, wanted).catch(() => null);
    },
    stop: () => void worker.terminate(),
  };
}

interface Summed {
  readonly bytes: number;
  readonly sha256: string;
}

/** The thread's program. It is handed over as text, so that it knows nothing of what stands around it here. */
function sumUp(): void {
  const { createHash } = process.getBuiltinModule('node:crypto');
  const { openSync, readSync } = process.getBuiltinModule('node:fs');
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const memory = Buffer.allocUnsafeSlow(1 << 18);
  const hash = createHash('sha256');
  const file = openSync(workerData, 'r');
  let bytes = 0;
  for (let read = readSync(file, memory); read > 0; read = readSync(file, memory)) {
    hash.update(memory.subarray(0, read));
    bytes += read;
  }
  parentPort?.postMessage({ bytes, sha256: hash.digest('hex') } satisfies Summed);
}

async function checksumOf(path: string, bytes: number): Promise<string | null> {
  const hash = createHash('sha256');
  let left = bytes;
  for await (const block of fileBlocks(path)) {
    hash.update(block.subarray(0, left));
    left -= Math.min(left, block.length);
    if (left === 0) return hash.digest('hex');
  }
  return null;
}
