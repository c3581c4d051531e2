import type { BlockReader } from '../formats/format.ts';

const LF = 10;

/**
 * Cuts bytes into blocks of whole lines for a block reader. Only the line that a block's end cuts in two is copied; the
 * rest is read where it lies.
 */
export class BlockCutter {
  private readonly reader: BlockReader;
  private readonly onLines: (lines: number) => void;
  private readonly carry: Buffer[] = [];
  private next = 1;

  constructor(reader: BlockReader, onLines: (lines: number) => void) {
    this.reader = reader;
    this.onLines = onLines;
  }

  write(block: Buffer): void {
    let start = 0;
    if (this.carry.length > 0) {
      const end = block.indexOf(LF);
      if (end === -1) {
        this.carry.push(Buffer.from(block));
        return;
      }
      this.carry.push(block.subarray(0, end + 1));
      const line = Buffer.concat(this.carry);
      this.carry.length = 0;
      this.read(line, 0, line.length);
      start = end + 1;
    }
    const end = block.lastIndexOf(LF) + 1;
    if (end > start) this.read(block, start, end);
    if (Math.max(start, end) < block.length) this.carry.push(Buffer.from(block.subarray(Math.max(start, end))));
  }

  end(): void {
    if (this.carry.length === 0) return;
    const line = Buffer.concat(this.carry);
    this.carry.length = 0;
    this.read(line, 0, line.length);
  }

  private read(bytes: Buffer, start: number, end: number): void {
    const lines = this.reader.read(bytes, start, end, this.next);
    this.next += lines;
    this.onLines(lines);
  }
}
