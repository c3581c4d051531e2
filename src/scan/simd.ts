import { instanceOf, runs } from './compiled.ts';
import { KERNEL } from './kernels/ndjson.ts';
import type { RowScanner } from './scanner.ts';
import { BLOCK_BYTES, endOfBlock, roomFor, rowWordsFor } from './table.ts';

const LF = 10;

/** Whether this machine's WebAssembly has 128-bit vectors. */
export function simdWorks(): boolean {
  return runs(KERNEL);
}

/** The scanner in WebAssembly; rows are copied into its memory, which is the cheapest part of it. */
export class SimdScanner implements RowScanner {
  readonly memory: Buffer;
  readonly table: Int32Array;
  readonly rowWords: number;
  consumed = 0;
  private readonly room: number;
  private readonly block: number;
  private readonly run: (end: number, room: number) => number;
  private readonly bytesRead: () => number;

  /** Throws where WebAssembly lacks vectors, or a column's name is not plain or given twice. */
  constructor(columns: readonly string[]) {
    const kernel = instanceOf(KERNEL);
    const { memory } = kernel;
    this.rowWords = rowWordsFor(columns.length);
    this.room = roomFor(this.rowWords);
    this.block = kernel.numberOf('BLOCK');
    this.run = kernel.functionOf('scan');
    this.bytesRead = kernel.functionOf('consumedBytes');
    this.memory = Buffer.from(memory, this.block, BLOCK_BYTES + 1);
    this.table = new Int32Array(memory, kernel.numberOf('TABLE'), this.room * this.rowWords);
    kernel.functionOf('open')(this.rowWords * 4);
    const want = kernel.functionOf('want');
    for (const [index, name] of columns.entries()) {
      this.memory.write(`"${name}":`, 'latin1');
      if (want(index) === 0) throw new Error(`no plain name of a column: ${name}`);
    }
  }

  scan(bytes: Uint8Array, start: number, end: number): number {
    const to = endOfBlock(bytes, start, end);
    this.consumed = 0;
    if (to === start) return 0;
    this.memory.set(start === 0 && to === bytes.length ? bytes : bytes.subarray(start, to));
    // The last line may lack its line feed; this one also stops every reading at the end of the block.
    this.memory[to - start] = LF;
    const rows = this.run(this.block + to - start, this.room);
    this.consumed = this.bytesRead();
    return rows;
  }
}
