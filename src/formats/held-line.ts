import type { RequestRecord } from '../vocabulary/records.ts';
import type { BlockSink, HeldRequest, Line } from './format.ts';
import { cleaned } from './wrappers/pasted.ts';

/** A line that nothing wraps, as the ordinary way reads it. */
export function bareLine(written: string, number: number): Line {
  return { text: cleaned(written), number, wrapper: null };
}

/**
 * The line `bytes[start, end)`, of this number, for when its record is asked for: as the ordinary way unwraps it where something
 * carries the lines, else bare. The text is taken now, as the memory holds good during the call alone.
 */
export function heldLine(sink: BlockSink, bytes: Buffer, start: number, end: number, number: number): () => Line {
  if (sink.carriedLine !== undefined) return sink.carriedLine(number);
  const written = bytes.toString('utf8', start, end);
  return () => bareLine(written, number);
}

/** A row that may be kept: its line, and how the ordinary way reads it. */
export class HeldRow implements HeldRequest {
  private readonly line: () => Line;
  private readonly readLine: (line: Line) => RequestRecord | null;

  constructor(line: () => Line, readLine: (line: Line) => RequestRecord | null) {
    this.line = line;
    this.readLine = readLine;
  }

  read(): RequestRecord {
    const record = this.readLine(this.line());
    if (record === null) throw new Error('a row that is held has a record');
    return record;
  }

  moved(): HeldRequest {
    return this;
  }
}
