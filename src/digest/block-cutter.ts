import type { BlockReader } from '../formats/format.ts';
import { LineBeginning } from '../input/line-beginning.ts';
import type { LineCursor } from '../input/line-ranges.ts';
import { MAX_LINE_BYTES } from '../input/lines.ts';

const LF = 10;
const FEED = Buffer.of(LF);

/**
 * Cuts bytes into blocks of whole lines for a block reader. Only the line that a block's end cuts in two is copied; the
 * rest is read where it lies. Of a line longer than `maxLineBytes` the rest is left out, as `LineReader` does. The lines in
 * `skips` are counted and not read.
 */
export class BlockCutter {
  private readonly reader: BlockReader;
  private readonly onLines: (lines: number) => void;
  private readonly maxLineBytes: number;
  private readonly skips: LineCursor | null;
  private readonly held = new LineBeginning();
  private next = 1;

  constructor(
    reader: BlockReader,
    onLines: (lines: number) => void,
    maxLineBytes: number = MAX_LINE_BYTES,
    skips: LineCursor | null = null,
  ) {
    this.reader = reader;
    this.onLines = onLines;
    this.maxLineBytes = maxLineBytes;
    this.skips = skips;
  }

  write(block: Buffer): void {
    let start = 0;
    if (this.held.bytes > 0) {
      const end = block.indexOf(LF);
      this.hold(block, 0, end === -1 ? block.length : end);
      if (end === -1) return;
      // What ends the line decides whether a carriage return before it does.
      this.held.add(FEED, 0, FEED.length);
      this.giveHeld();
      start = end + 1;
    }
    const end = block.lastIndexOf(LF) + 1;
    if (end > start) this.read(block, start, end);
    const rest = Math.max(start, end);
    if (rest < block.length) this.hold(block, rest, block.length);
  }

  end(): void {
    if (this.held.bytes > 0) this.giveHeld();
    this.reader.end?.();
  }

  /** Copies what there is room for: the block's memory is used again. */
  private hold(block: Buffer, start: number, end: number): void {
    const to = Math.min(end, start + this.maxLineBytes - this.held.bytes);
    if (to > start) this.held.add(block, start, to);
  }

  private giveHeld(): void {
    const line = this.held.take();
    this.read(line, 0, line.length);
  }

  private read(bytes: Buffer, start: number, end: number): void {
    let from = start;
    for (let run = this.skips?.runFrom(this.next); run && from < end; run = this.skips?.runFrom(this.next)) {
      const [first, last] = run;
      const to = behindLines(bytes, from, end, first - this.next);
      if (to > from) this.give(bytes, from, to);
      from = this.skip(bytes, to, end, last);
    }
    if (from < end) this.give(bytes, from, end);
  }

  private give(bytes: Buffer, start: number, end: number): void {
    this.count(this.reader.read(bytes, start, end, this.next));
  }

  /** Passes over the lines up to the last of a run; where the bytes behind them begin. */
  private skip(bytes: Buffer, start: number, end: number, last: number): number {
    let from = start;
    for (; from < end && this.next <= last; this.count(1)) from = behindLines(bytes, from, end, 1);
    return from;
  }

  private count(lines: number): void {
    this.next += lines;
    this.onLines(lines);
  }
}

/** Where the bytes behind so many lines begin. */
function behindLines(bytes: Buffer, start: number, end: number, lines: number): number {
  let from = start;
  for (let line = 0; line < lines && from < end; line++) {
    const feed = bytes.indexOf(LF, from);
    from = feed === -1 || feed >= end ? end : feed + 1;
  }
  return from;
}
