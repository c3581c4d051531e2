import type { BlockSink, Line } from './format.ts';
import { cleaned } from './wrappers/pasted.ts';

/**
 * The line `bytes[start, end)`, of this number, for when its record is asked for: as the ordinary way unwraps it where something
 * carries the lines, else bare. The text is taken now, as the memory holds good during the call alone.
 */
export function heldLine(sink: BlockSink, bytes: Buffer, start: number, end: number, number: number): () => Line {
  if (sink.carriedLine !== undefined) return sink.carriedLine(number);
  const written = bytes.toString('utf8', start, end);
  return () => ({ text: cleaned(written), number, wrapper: null });
}
