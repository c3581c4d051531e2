import { fileBlocks } from './blocks.ts';
import type { ByteRange, SourceFile } from './source.ts';

const LF = 10;

/** A range of a file on disk as a source of its own; all ranges of a file together give each of its lines once. */
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
  // The line feed before the range tells whether a line begins with it.
  let at = Math.max(0, start - 1);
  let begun = start === 0;
  for await (const block of fileBlocks(path, blockBytes, at)) {
    const from = begun ? 0 : block.indexOf(LF) + 1;
    const blockEnd = at + block.length;
    begun ||= from > 0 && at + from < end;
    if (begun) {
      // The line feed that ends the last line stands at `end - 1` or behind it.
      const to = blockEnd < end ? 0 : block.indexOf(LF, Math.max(0, end - 1 - at)) + 1;
      yield block.subarray(from, to === 0 ? block.length : to);
      if (to !== 0) return;
    } else if (from > 0 || blockEnd >= end) return;
    at = blockEnd;
  }
}
