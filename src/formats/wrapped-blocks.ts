import { eachLine } from './each-line.ts';
import type { BlockReader, BlockSink, Line, LineFormat, Wrapper } from './format.ts';
import { type Frame, Frames, wrapperIn } from './frames.ts';
import { writeLine } from './json-strings.ts';
import { BlockView } from './known-bytes.ts';

const LF = 10;
/** No row of any format, and never read from bytes: a terminal's colours may follow. */
const ESCAPE = 27;
/** A line feed that the last line may lack, and what `writeLine` writes to. */
const SPARE_BYTES = 8;

/**
 * Reads blocks of wrapped lines with a reader of bare ones, which finds them in a block of its own. Lines whose wrapper is not
 * known from its bytes, or is none that the reader `reads`, go the ordinary way.
 */
export class WrappedBlocks<Sink extends BlockSink> implements BlockReader {
  private readonly sink: Sink;
  private readonly reader: BlockReader;
  private readonly reads: (wrapper: Wrapper | null) => boolean;
  private readonly frames = new Frames();
  /** The block at hand: its bytes, the number of its first line, and where its lines begin and end, with their frames. */
  private bytes: Buffer = Buffer.alloc(0);
  private readonly view = new BlockView();
  private first = 1;
  private starts = new Int32Array(0);
  private ends = new Int32Array(0);
  private readonly framed: (Frame | null)[] = [];
  /** The lines without their wrappers. */
  private inner: Buffer = Buffer.alloc(0);
  private innerView: DataView = new DataView(this.inner.buffer);
  private innerBytes = 0;
  private server: string | undefined;
  /** The number of the first line that waits. */
  private waiting = 1;

  constructor(sink: Sink, open: (sink: Sink) => BlockReader, reads: (wrapper: Wrapper | null) => boolean) {
    this.sink = sink;
    this.reads = reads;
    this.reader = open({
      ...sink,
      line: (_, number) => sink.line(this.written(number), number),
      wrapper: (number) => this.wrapper(number),
      carriedLine: (number) => this.carried(number),
    });
  }

  read(bytes: Buffer, start: number, end: number, number: number): number {
    this.bytes = bytes;
    this.first = number;
    this.waiting = number;
    this.makeRoom(end - start + SPARE_BYTES);
    const lines = eachLine(bytes, start, end, number, this.readLine);
    this.give(number + lines);
    return lines;
  }

  private readonly readLine = (start: number, end: number, number: number): void => {
    const found = this.frames.find(this.bytes, start, end);
    const server = found?.wrapper?.server;
    if (found !== null && server !== this.server) {
      this.give(number);
      this.server = server;
      this.sink.from(server);
    }
    const frame = found !== null && this.reads(found.wrapper) ? found : null;
    this.remember(number - this.first, start, end, frame);
    this.take(frame, start, end);
  };

  /** Gives the lines that wait, which are those before this number, to the reader. */
  private give(number: number): void {
    const { inner, innerBytes, waiting } = this;
    this.innerBytes = 0;
    this.waiting = number;
    if (innerBytes > 0) this.reader.read(inner, 0, innerBytes, waiting);
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

  private remember(line: number, start: number, end: number, frame: Frame | null): void {
    if (line === this.starts.length) {
      this.starts = grown(this.starts);
      this.ends = grown(this.ends);
    }
    this.starts[line] = start;
    this.ends[line] = end;
    this.framed[line] = frame;
  }

  private written(number: number): Buffer {
    const line = number - this.first;
    return this.bytes.subarray(this.starts[line], this.ends[line]);
  }

  private wrapper(number: number): Wrapper | null {
    const line = number - this.first;
    const frame = this.framed[line];
    return frame ? wrapperIn(frame, this.bytes, this.starts[line] ?? 0, this.ends[line] ?? 0) : null;
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

/** Opens the reader of wrapped lines of a format. One of bare lines does for it, but for wrappers whose clock is to be compared with that of the lines. */
export function openWrapped(
  sink: BlockSink,
  openLines: LineFormat['openLines'],
  openBlocks: (sink: BlockSink) => BlockReader,
): BlockReader {
  if (openLines !== undefined) return new WrappedBlocks(sink, openLines, () => true);
  return new WrappedBlocks(sink, openBlocks, (wrapper) => isUtc(wrapper) || !sink.comparesClocks());
}

/** Whether a wrapper says no more of a line than when it was written, in UTC: lines that say that themselves are as though they were bare. */
export function saysLittle(wrapper: Wrapper | null): boolean {
  return isUtc(wrapper) && wrapper?.server === undefined && wrapper?.program === undefined;
}

/** Whether a wrapper gives no time, or one in UTC. */
function isUtc(wrapper: Wrapper | null): boolean {
  const kind = wrapper?.stamp.kind;
  return kind !== 'local' && kind !== 'yearless';
}

function grown(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(Math.max(1024, 2 * numbers.length));
  larger.set(numbers);
  return larger;
}
