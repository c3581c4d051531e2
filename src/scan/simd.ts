import { KERNEL } from './kernel.ts';
import type { RowScanner } from './scanner.ts';
import { BLOCK_BYTES, endOfBlock, roomFor, rowWordsFor } from './table.ts';

const LF = 10;

/** The kernel, compiled once for all scanners; null where it cannot run. */
let compiled: WebAssembly.Module | null | undefined;

function compile(): WebAssembly.Module | null {
  if (compiled === undefined) {
    const bytes = Buffer.from(KERNEL.join(''), 'base64');
    compiled = typeof WebAssembly === 'object' && WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  }
  return compiled;
}

/** Whether this machine's WebAssembly has 128-bit vectors. */
export function simdWorks(): boolean {
  return compile() !== null;
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
    const module = compile();
    if (module === null) throw new Error('WebAssembly has no vectors here');
    const { exports } = new WebAssembly.Instance(module);
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw new Error('the kernel exports no memory');
    this.rowWords = rowWordsFor(columns.length);
    this.room = roomFor(this.rowWords);
    this.block = numberOf(exports.BLOCK);
    this.run = functionOf(exports.scan);
    this.bytesRead = functionOf(exports.consumedBytes);
    this.memory = Buffer.from(memory.buffer, this.block, BLOCK_BYTES + 1);
    this.table = new Int32Array(memory.buffer, numberOf(exports.TABLE), this.room * this.rowWords);
    functionOf(exports.open)(this.rowWords * 4);
    const want = functionOf(exports.want);
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

function numberOf(value: unknown): number {
  const held = value instanceof WebAssembly.Global ? value.value : undefined;
  if (typeof held !== 'number') throw new Error('the kernel lacks a number');
  return held;
}

function functionOf(value: unknown): (...numbers: number[]) => number {
  if (typeof value !== 'function') throw new Error('the kernel lacks a function');
  return (...numbers) => Number(value(...numbers));
}
