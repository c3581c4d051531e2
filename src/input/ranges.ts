import { fileBlocks } from './blocks.ts';
import type { ByteRange, SourceFile } from './source.ts';

/** A range of a file on disk as a source of its own. */
export function rangeSource(file: SourceFile, path: string, range: ByteRange): SourceFile {
  const { label, named } = file;
  const bytes = Math.min(range.end, file.bytes) - range.start;
  return {
    label,
    path,
    bytes,
    named,
    reopens: true,
    range,
    open: (blockBytes) => rangeBlocks(path, range, blockBytes),
  };
}

async function* rangeBlocks(path: string, { start, end }: ByteRange, blockBytes?: number): AsyncGenerator<Buffer> {
  let at = start;
  for await (const block of fileBlocks(path, blockBytes, start)) {
    yield at + block.length <= end ? block : block.subarray(0, end - at);
    at += block.length;
    if (at >= end) return;
  }
}
