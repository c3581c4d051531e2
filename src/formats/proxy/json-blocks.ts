import type { BlockReader, BlockSink } from '../format.ts';
import { JsonRow, type JsonRows } from './json-blocks-row.ts';
import { LearnedBlocks } from './learned-blocks.ts';

/** Opens the block reader of access logs whose rows are JSON (`LearnedBlocks`). */
export function openJsonBlocks(sink: BlockSink, rows: JsonRows): BlockReader {
  return new LearnedBlocks(sink, new JsonRow(rows), rows.read);
}
