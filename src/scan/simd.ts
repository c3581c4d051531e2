import { instanceOf, runs } from './compiled.ts';
import type { CountRules } from './count-rules.ts';
import { KERNEL } from './kernels/ndjson.ts';
import { RowCounts } from './row-counts.ts';
import type { GiveCounted, RowScanner } from './scanner.ts';
import { BLOCK_BYTES, endOfBlock, rowWordsFor } from './table.ts';

const LF = 10;
/** What the kernel's `next` comes to. */
const AT_ROW = 1;
const AT_FULL = 2;

/** Whether this machine's WebAssembly has 128-bit vectors. */
export function simdWorks(): boolean {
  return runs(KERNEL);
}

/** The scanner in WebAssembly; rows are copied into its memory, which is the cheapest part of it. */
export class SimdScanner implements RowScanner {
  readonly memory: Buffer;
  readonly row: Int32Array;
  private readonly begin: (bytes: number) => number;
  private readonly step: (weight: number) => number;
  private readonly linesRead: () => number;
  private readonly counts: RowCounts | null;

  /** Throws where WebAssembly lacks vectors, or a column's name is not plain or given twice. Without rules it counts nothing. */
  constructor(columns: readonly string[], rules: CountRules | null = null) {
    const kernel = instanceOf(KERNEL);
    const { memory } = kernel;
    const rowWords = rowWordsFor(columns.length);
    this.begin = kernel.functionOf('begin');
    this.step = kernel.functionOf('next');
    this.linesRead = kernel.functionOf('linesRead');
    this.memory = Buffer.from(memory, kernel.numberOf('BLOCK'), BLOCK_BYTES + 1);
    this.row = new Int32Array(memory, kernel.numberOf('ROW'), rowWords);
    kernel.functionOf('open')(rowWords * 4);
    const want = kernel.functionOf('want');
    for (const [index, name] of columns.entries()) {
      this.memory.write(`"${name}":`, 'latin1');
      if (want(index) === 0) throw new Error(`no plain name of a column: ${name}`);
    }
    this.counts = rules === null ? null : new RowCounts(kernel, columns, rules);
  }

  get lines(): number {
    return this.linesRead();
  }

  load(bytes: Uint8Array, start: number, end: number): number {
    const to = endOfBlock(bytes, start, end);
    this.memory.set(start === 0 && to === bytes.length ? bytes : bytes.subarray(start, to));
    // The last line may lack its line feed; this one also stops every reading at the end of the block.
    this.memory[to - start] = LF;
    this.begin(to - start);
    return to - start;
  }

  next(weight: number): boolean {
    const counted = this.counts === null ? 0 : weight;
    for (;;) {
      const outcome = this.step(counted);
      if (outcome !== AT_FULL) return outcome === AT_ROW;
      this.counts?.makeRoom();
    }
  }

  countInto(give: GiveCounted): void {
    this.counts?.giveTo(give);
  }

  giveCounts(): void {
    this.counts?.giveAll();
  }
}
