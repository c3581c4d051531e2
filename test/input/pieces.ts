import { LineReader } from '../../src/input/lines.ts';
import type { SourceFile } from '../../src/input/source.ts';

/** Cuts bytes into chunks of the given sizes in turn. */
export function chunksOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.max(1, sizes[i % sizes.length] ?? 1);
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

/** The lines of bytes that arrive in chunks. All chunks use the same memory, as a reader of files does. */
export function linesOf(bytes: Buffer, sizes: readonly number[], maxLineBytes?: number): Buffer[] {
  const lines: Buffer[] = [];
  const reader = new LineReader((line) => lines.push(Buffer.from(line)), maxLineBytes);
  const memory = Buffer.alloc(Math.min(bytes.length, Math.max(1, ...sizes)));
  for (const chunk of chunksOf(bytes, sizes)) {
    chunk.copy(memory);
    reader.write(memory.subarray(0, chunk.length));
    memory.fill(0xff, 0, chunk.length);
  }
  reader.end();
  return lines;
}

/** Bytes in memory as a source. */
export function memorySource(bytes: Buffer, reopens = true): SourceFile {
  async function* open(blockBytes = bytes.length): AsyncGenerator<Buffer> {
    yield* chunksOf(bytes, [blockBytes]);
  }
  return { label: 'memory', path: null, bytes: bytes.length, named: true, reopens, open };
}

/** All bytes of an iterable; copied, since blocks are lent. */
export async function collect(blocks: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const block of blocks) parts.push(Buffer.from(block));
  return Buffer.concat(parts);
}
