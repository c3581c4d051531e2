import { type FileHandle, open } from 'node:fs/promises';

/** Bytes asked for in one read where nothing else is said. Each read waits its turn, so few large ones beat many small ones. */
const BLOCK_BYTES = 1 << 20;

const SMALLEST_BLOCK_BYTES = 1024;

/**
 * The bytes of a file in order, as they lie on disk, in blocks of at most `blockBytes`.
 * Every block is the same memory: it holds good only until the next one is asked for.
 * Throws the system's error where the file cannot be opened or read.
 */
export async function* fileBlocks(path: string, blockBytes: number = BLOCK_BYTES): AsyncGenerator<Buffer> {
  const file: FileHandle = await open(path, 'r');
  try {
    // Exports come as thousands of small files: memory of the file's own size, and a byte more to see its end.
    const { size } = await file.stat();
    const memory = Buffer.allocUnsafeSlow(Math.min(blockBytes, Math.max(size + 1, SMALLEST_BLOCK_BYTES)));
    for (;;) {
      const { bytesRead } = await file.read(memory, 0, memory.length, null);
      if (bytesRead === 0) return;
      yield memory.subarray(0, bytesRead);
    }
  } finally {
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
