import { closeSync, fstatSync, open, read, readSync } from 'node:fs';
import { promisify } from 'node:util';
import { nextTurn } from './turn.ts';

/** Bytes asked for in one read where nothing else is said: small enough that the next one is still in the processor's cache when it is looked at. */
const BLOCK_BYTES = 1 << 18;

const SMALLEST_BLOCK_BYTES = 1024;

/** Blocks after which signals, other threads and progress have their turn: some ten milliseconds of work. */
const BLOCKS_BETWEEN_TURNS = 16;

/**
 * The bytes of a file from `start` on in order, as they lie on disk, in blocks of at most `blockBytes`. A block holds good
 * until the next one is asked for. Throws the system's error where the file cannot be opened or read.
 */
export async function* fileBlocks(path: string, blockBytes: number = BLOCK_BYTES, start = 0): AsyncGenerator<Buffer> {
  // `node:fs/promises` takes 1 ms to load. Not `openSync`: a pipe opens when somebody writes to it.
  const file = await promisify(open)(path, 'r');
  try {
    const stat = fstatSync(file);
    // Exports come as thousands of small files: memory of the file's own size, and a byte more to see its end.
    const bytes = Math.min(blockBytes, Math.max(stat.size + 1, SMALLEST_BLOCK_BYTES));
    yield* stat.isFile() ? diskBlocks(file, bytes, start) : pipeBlocks(file, bytes);
  } finally {
    closeSync(file);
  }
}

/** Read one after the other into the same memory: a read from the page cache costs less than to wait for it elsewhere (measured). */
async function* diskBlocks(file: number, blockBytes: number, start: number): AsyncGenerator<Buffer> {
  const memory = Buffer.allocUnsafeSlow(blockBytes);
  let at = start;
  for (let blocks = 1; ; blocks++) {
    const bytes = readSync(file, memory, 0, blockBytes, at);
    if (bytes === 0) return;
    at += bytes;
    yield memory.subarray(0, bytes);
    if (blocks % BLOCKS_BETWEEN_TURNS === 0) await nextTurn();
  }
}

/** What a pipe or a device gives, as it comes. */
async function* pipeBlocks(file: number, blockBytes: number): AsyncGenerator<Buffer> {
  const memory = Buffer.allocUnsafeSlow(blockBytes);
  for (;;) {
    const { bytesRead } = await promisify(read)(file, memory, 0, blockBytes, null);
    if (bytesRead === 0) return;
    yield memory.subarray(0, bytesRead);
  }
}

/** The bytes of a stream (standard input) as they arrive, cut to at most `blockBytes`. */
export async function* streamBlocks(
  stream: AsyncIterable<Uint8Array>,
  blockBytes: number = BLOCK_BYTES,
): AsyncGenerator<Buffer> {
  for await (const piece of stream) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let at = 0; at < bytes.length; at += blockBytes) yield bytes.subarray(at, at + blockBytes);
  }
}
