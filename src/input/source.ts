import { readFileSync } from 'node:fs';
import { fileBlocks, streamBlocks } from './blocks.ts';
import type { LineRanges } from './line-ranges.ts';

/** Part of a file: the lines that begin at `start` or behind it, and before `end`. Bytes; `end` may lie within a line. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** One log as it was handed over. An archive's member can be one too: whoever makes it says how it is opened. */
export interface SourceFile {
  /** Path relative to the named argument with `/` between the parts; a named file's base name; `-` for standard input. Unique. */
  readonly label: string;
  /** Where it lies; null for standard input. */
  readonly path: string | null;
  /** Size on disk when it was found; 0 where it is not known beforehand (standard input). */
  readonly bytes: number;
  /** When it was last written, milliseconds since 1970, as an archive says of its member. Dates on disk are those of copies. */
  readonly modifiedMs?: number | undefined;
  /** The user named this very file (and did not only name a folder or a pattern that holds it). */
  readonly named: boolean;
  /** Whether `open` gives all bytes from the start each time it is called. */
  readonly reopens: boolean;
  /** The bytes as they lie (still compressed), in blocks that hold good until the next one is asked for. Throws the system's errors. */
  readonly open: (blockBytes?: number) => AsyncIterable<Buffer>;
  /** Set where it is but a part of the file at `path`. */
  readonly range?: ByteRange;
  /** Lines that another source has, too, and that are read there. */
  readonly skips?: LineRanges;
  /** All bytes as they lie, at once; only where the source is the whole file at `path`. Throws the system's errors. */
  readonly readWhole?: () => Buffer;
}

/** What was named or found and cannot be read. */
export interface InputProblem {
  /** As the user wrote it, or relative to the named folder. */
  readonly path: string;
  /** What is wrong and what to do next. */
  readonly reason: string;
  /** The user named this very thing. */
  readonly named: boolean;
}

/** Label of standard input. */
export const STDIN_LABEL = '-';

/** A file on disk as a source. */
export function fileSource(path: string, label: string, bytes: number, named: boolean): SourceFile {
  return {
    label,
    path,
    bytes,
    named,
    reopens: true,
    open: (blockBytes) => fileBlocks(path, blockBytes),
    readWhole: () => readFileSync(path),
  };
}

/** Standard input (or what a caller puts in its place) as a source. */
export function streamSource(stream: AsyncIterable<Uint8Array>): SourceFile {
  const open = (blockBytes?: number): AsyncIterable<Buffer> => streamBlocks(stream, blockBytes);
  return { label: STDIN_LABEL, path: null, bytes: 0, named: true, reopens: false, open };
}
