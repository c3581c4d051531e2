/** Memory of a long line is given back when the line is taken. */
const KEPT_BYTES = 1024 * 1024;

const SMALLEST_BYTES = 4096;

/** The beginning of a line whose end has not come, in memory that is used again for the next one; it grows by doubling. */
export class LineBeginning {
  private memory = Buffer.alloc(0);
  private held = 0;

  /** How many bytes it has. */
  get bytes(): number {
    return this.held;
  }

  /** Copies `part[start, end)` behind what it has. */
  add(part: Buffer, start: number, end: number): void {
    const needed = this.held + end - start;
    if (needed > this.memory.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.memory.length, SMALLEST_BYTES));
      this.memory.copy(larger, 0, 0, this.held);
      this.memory = larger;
    }
    part.copy(this.memory, this.held, start, end);
    this.held = needed;
  }

  /** All that it has, which is no longer its own: it holds good until more is added. */
  take(): Buffer {
    const taken = this.memory.subarray(0, this.held);
    this.held = 0;
    if (this.memory.length > KEPT_BYTES) this.memory = Buffer.alloc(0);
    return taken;
  }
}
