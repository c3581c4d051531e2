import { instanceOf, runs } from './compiled.ts';
import { COUNT_NONE, type CountRules, type RowKind, type RowWeights } from './count-rules.ts';
import { KERNEL } from './kernels/ndjson.ts';
import { RowCounts } from './row-counts.ts';
import { RowKinds } from './row-kinds.ts';
import type { CountTaker, Held, Lasted, RowScanner } from './scanner.ts';
import { BLOCK_BYTES, endOfBlock, rowWordsFor } from './table.ts';

const LF = 10;
/** What the kernel's `next` comes to. */
const AT_END = 0;
const AT_FULL = 2;
const AT_UNKNOWN = 3;

/** Whether this machine's WebAssembly has 128-bit vectors. */
export function simdWorks(): boolean {
  return runs(KERNEL);
}

/** The scanner in WebAssembly; rows are copied into its memory, which is the cheapest part of it. */
export class SimdScanner implements RowScanner {
  readonly memory: Buffer;
  readonly row: Int32Array;
  private readonly begin: (bytes: number) => number;
  private readonly step: (ordinary: number, failed: number, refused: number) => number;
  private readonly linesRead: () => number;
  private readonly counts: RowCounts | null;
  private readonly kinds: RowKinds | null;
  isUnknown = false;

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
    this.kinds = rules === null ? null : new RowKinds(kernel);
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

  next(weights: RowWeights): boolean {
    const { ordinary, failed, refused } = this.counts === null ? COUNT_NONE : weights;
    for (;;) {
      const outcome = this.step(ordinary, failed, refused);
      if (outcome === AT_FULL) {
        this.counts?.makeRoom();
        continue;
      }
      this.isUnknown = outcome === AT_UNKNOWN;
      return outcome !== AT_END;
    }
  }

  teach(path: readonly (Held | Lasted)[], kind: RowKind | null): void {
    this.kinds?.teach(path, kind);
  }

  countInto(taker: CountTaker): void {
    if (this.counts?.giveTo(taker)) this.kinds?.logBegins();
  }

  giveCounts(): void {
    this.counts?.giveAll();
  }

  giveListed(): void {
    this.counts?.giveListed();
  }
}
