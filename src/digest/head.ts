import { closeSync, openSync, readSync } from 'node:fs';
import { DETECTION_LINES } from '../formats/detect.ts';
import type { Line } from '../formats/format.ts';
import { cleaned } from '../formats/wrappers/pasted.ts';
import { Unwrapper } from '../formats/wrappers.ts';
import { decodeLine, LineReader } from '../input/lines.ts';

/** What a source is, is told from this much of its beginning. */
export const HEAD_BYTES = 64 * 1024;

/** A line of a source's beginning. */
export interface FirstLine extends Line {
  /** Whether anything was taken off it, if only a name without a time. */
  readonly isWrapped: boolean;
  /** Whether it is written as an object of JSON. */
  readonly isObject: boolean;
}

/** The lines of a source's beginning, unwrapped; the last one may be cut. */
export function firstLines(beginning: Buffer): FirstLine[] {
  const lines: FirstLine[] = [];
  const unwrapper = new Unwrapper();
  const reader = new LineReader((bytes, number) => {
    if (lines.length === DETECTION_LINES) return;
    const written = decodeLine(bytes);
    const line = unwrapper.unwrap(written, number);
    const isWrapped = line.wrapper !== null || line.text !== cleaned(written);
    lines.push({ ...line, isWrapped, isObject: written.startsWith('{"') });
  });
  reader.write(beginning);
  // A cut last line says little, unless it is all there is.
  if (lines.length === 0 || beginning.length < HEAD_BYTES) reader.end();
  return lines;
}

const LF = 10;

/** The first and the last line of a small source where both are bare objects of JSON; null elsewhere. */
export function outerObjects(beginning: Buffer): readonly FirstLine[] | null {
  if (beginning.length >= HEAD_BYTES || beginning.toString('latin1', 0, 2) !== '{"') return null;
  const end = beginning.at(-1) === LF ? beginning.length - 1 : beginning.length;
  const firstEnd = beginning.indexOf(LF) + 1;
  const lastBegin = beginning.lastIndexOf(LF, end - 1) + 1;
  if (lastBegin < firstEnd) return null;
  const lines = firstLines(Buffer.concat([beginning.subarray(0, firstEnd), beginning.subarray(lastBegin, end)]));
  return lines.every(({ isObject, isWrapped }) => isObject && !isWrapped) ? lines : null;
}

/** The beginning of the file; empty where it cannot be read. */
export function headOf(path: string): Buffer {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(HEAD_BYTES);
      return head.subarray(0, readSync(file, head, 0, HEAD_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
