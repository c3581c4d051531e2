import type { LineRanges } from '../input/line-ranges.ts';
import { rangeSource } from '../input/ranges.ts';
import { type ByteRange, fileSource, type SourceFile } from '../input/source.ts';

/** A file, or a piece of one, as plain data: what another thread must know to read it. */
export interface PortableSource {
  readonly path: string;
  readonly label: string;
  /** Of the piece, where it is one. */
  readonly bytes: number;
  readonly named: boolean;
  readonly range: ByteRange | undefined;
  readonly skips: LineRanges | undefined;
}

/** The source as plain data; null where it is opened in another way than by its path: standard input, and members of archives. */
export function portable({ path, label, bytes, named, readWhole, range, skips }: SourceFile): PortableSource | null {
  const opensByPath = path !== null && (readWhole !== undefined || range !== undefined);
  return opensByPath ? { path, label, bytes, named, range, skips } : null;
}

/** The source again, in another thread. */
export function sourceOf({ path, label, bytes, named, range, skips }: PortableSource): SourceFile {
  // Of the file it is enough to know that it reaches to the end of the piece.
  const file = { ...fileSource(path, label, (range?.start ?? 0) + bytes, named), ...(skips && { skips }) };
  return range === undefined ? file : rangeSource(file, path, range);
}
