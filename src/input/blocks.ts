import { type FileHandle, open } from 'node:fs/promises';

/** Bytes asked for in one read where nothing else is said: small enough that the next one is still in the processor's cache when it is looked at. */
const BLOCK_BYTES = 1 << 18;

const SMALLEST_BLOCK_BYTES = 1024;

/**
 * The bytes of a file from `start` on in order, as they lie on disk, in blocks of at most `blockBytes`. The next block is
 * read while one is worked on. A block holds good until the next one is asked for. Throws the system's error where the file
 * cannot be opened or read.
 */
export async function* fileBlocks(path: string, blockBytes: number = BLOCK_BYTES, start = 0): AsyncGenerator<Buffer> {
  const file: FileHandle = await open(path, 'r');
  let ahead: Promise<Buffer> | null = null;
  // A pipe has no positions: it is read on from where it is.
  let at = start === 0 ? null : start;
  try {
    // Exports come as thousands of small files: memory of the file's own size, and a byte more to see its end.
    const { size } = await file.stat();
    const bytes = Math.min(blockBytes, Math.max(size + 1, SMALLEST_BLOCK_BYTES));
    const readInto = async (memory: Buffer): Promise<Buffer> => {
      const { bytesRead } = await file.read(memory, 0, memory.length, at);
      if (at !== null) at += bytesRead;
      return memory.subarray(0, bytesRead);
    };
    let memory = Buffer.allocUnsafeSlow(bytes);
    let other = Buffer.allocUnsafeSlow(bytes);
    ahead = readInto(memory);
    for (;;) {
      const block = await ahead;
      ahead = null;
      if (block.length === 0) return;
      [memory, other] = [other, memory];
      ahead = readInto(memory);
      // Its failure is seen when it is waited for, which may be never.
      ahead.catch(() => {});
      yield block;
    }
  } finally {
    await ahead?.catch(() => {});
    await file.close();
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
