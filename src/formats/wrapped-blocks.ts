import type { BlockReader, BlockSink, Line } from './format.ts';
import { type Frame, Frames } from './frames.ts';
import { writeLine } from './json-strings.ts';
import { BlockView } from './known-bytes.ts';

const LF = 10;
const CR = 13;
/** No row of any format, and never read from bytes: a terminal's colours may follow. */
const ESCAPE = 27;
/** A line feed that the last line may lack, and what `writeLine` writes to. */
const SPARE_BYTES = 8;

/**
 * Reads blocks of wrapped lines with a reader of bare ones (`readsAmong`), which finds them in a block of its own. Lines
 * whose wrapper is not known from its bytes go the ordinary way.
 */
export class WrappedBlocks implements BlockReader {
  private readonly sink: BlockSink;
  private readonly reader: BlockReader;
  private readonly frames = new Frames();
  /** The block at hand: its bytes, the number of its first line, and where its lines begin and end. */
  private bytes: Buffer = Buffer.alloc(0);
  private readonly view = new BlockView();
  private first = 1;
  private starts = new Int32Array(0);
  private ends = new Int32Array(0);
  /** The lines without their wrappers. */
  private inner: Buffer = Buffer.alloc(0);
  private innerView: DataView = new DataView(this.inner.buffer);
  private innerBytes = 0;
  private server: string | undefined;

  constructor(sink: BlockSink, open: (sink: BlockSink) => BlockReader) {
    this.sink = sink;
    this.reader = open({
      ...sink,
      line: (_, number) => sink.line(this.written(number), number),
      carriedLine: (number) => this.carried(number),
    });
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    this.bytes = bytes;
    this.first = number;
    this.makeRoom(end - start + SPARE_BYTES);
    let comparesClocks = this.sink.comparesClocks();
    let line = 0;
    let given = 0;
    for (let at = start; at < end; line++) {
      const feed = bytes.indexOf(LF, at);
      const hasEnd = feed >= 0 && feed < end;
      const lineEnd = hasEnd ? feed : end;
      // As `LineReader`: a carriage return belongs to the line's end only before a line feed.
      const stop = hasEnd && lineEnd > at && bytes[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd;
      const frame = this.frames.find(bytes, at, stop);
      if (frame !== null && frame.server !== this.server) {
        this.give(number + given);
        given = line;
        this.server = frame.server;
        this.sink.from(frame.server);
        comparesClocks = this.sink.comparesClocks();
      }
      this.remember(line, at, stop);
      this.take(frame === null || (comparesClocks && isLocal(frame)) ? null : frame, at, stop);
      at = lineEnd + 1;
    }
    this.give(number + given);
    return line;
  }

  /** Gives the lines that wait, of which the first has this number, to the reader. */
  private give(number: number): void {
    const { inner, innerBytes } = this;
    this.innerBytes = 0;
    if (innerBytes > 0) this.reader.read(inner, 0, innerBytes, number);
  }

  /** Adds what is in the frame, or a line that the reader hands over. */
  private take(frame: Frame | null, start: number, end: number): void {
    const { bytes, inner } = this;
    const from = start + (frame?.before.length ?? 0);
    const to = end - (frame?.behind.length ?? 0);
    let at = -1;
    if (frame?.isJson) at = writeLine(this.innerView, this.innerBytes, this.view.of(bytes), from, to);
    else if (frame !== null) at = this.innerBytes + bytes.copy(inner, this.innerBytes, from, to);
    if (at < 0) {
      at = this.innerBytes;
      if (end > start) inner[at++] = ESCAPE;
    }
    inner[at] = LF;
    this.innerBytes = at + 1;
  }

  private remember(line: number, start: number, end: number): void {
    if (line === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[line] = start;
    this.ends[line] = end;
  }

  private written(number: number): Buffer {
    const line = number - this.first;
    return this.bytes.subarray(this.starts[line], this.ends[line]);
  }

  private carried(number: number): () => Line {
    const text = this.written(number).toString('utf8');
    return () => this.frames.unwrap(text, number);
  }

  /** No line gets longer by being unwrapped, and one that is handed over takes a byte. */
  private makeRoom(bytes: number): void {
    if (this.inner.length >= bytes) return;
    this.inner = Buffer.allocUnsafeSlow(bytes);
    this.innerView = new DataView(this.inner.buffer);
  }
}

function isLocal({ stamp }: Frame): boolean {
  return stamp.kind === 'local' || stamp.kind === 'yearless';
}

function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(1024, 2 * numbers.length));
  larger.set(numbers);
  return larger;
}
