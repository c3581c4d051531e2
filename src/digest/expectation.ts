import type { SourceFile } from '../input/source.ts';
import { unpackedBytes } from '../input/unpacked.ts';
import type { Folds } from './folds.ts';
import { HEAD_BYTES } from './head.ts';
import { KEEP } from './sampling.ts';

/** A source of about so many lines is expected to have more ordinary rows than are all kept of a stream. */
const MANY_LINES = 2 * KEEP.ordinary.whole;
/** The share of a source after which it is seen whether it will. */
const LOOK_AFTER = 1 / 8;
const LF = 10;

/**
 * Whether a source has so many ordinary rows that they are sampled from the first one on: to keep them until they are too many is a
 * tenth of the processor time for 50 MB. Where that was wrong the source is to be read again, so that the outcome never hangs on it.
 */
export class Expectation {
  private readonly source: SourceFile;
  private readonly folds: Folds;
  private hasBegun = false;
  private hasLooked = false;

  constructor(source: SourceFile, folds: Folds) {
    this.source = source;
    this.folds = folds;
  }

  /** To be called before a block is read. */
  before(block: Buffer): void {
    if (!this.hasBegun && linesLike(block, unpackedBytes(this.source)) > MANY_LINES) this.folds.expectMany();
    this.hasBegun = true;
  }

  /** Whether rows are lacking, or will be; to be called after each block, when so many bytes on disk are done. */
  isWrongAfter(bytes: number): boolean {
    if (this.hasLooked || bytes < LOOK_AFTER * this.source.bytes) return false;
    this.hasLooked = true;
    return this.folds.lackRows(LOOK_AFTER);
  }

  /** Whether rows are lacking, now that all is read. */
  isWrong(): boolean {
    return this.folds.lackRows();
  }
}

/** How many lines so many bytes have, about, if they are like these. */
function linesLike(block: Buffer, bytes: number): number {
  const head = block.subarray(0, HEAD_BYTES);
  let lines = 0;
  for (let feed = head.indexOf(LF); feed !== -1; feed = head.indexOf(LF, feed + 1)) lines++;
  return (lines * bytes) / head.length;
}
