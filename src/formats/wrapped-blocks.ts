import { eachLine } from './each-line.ts';
import type { BlockReader, BlockSink, Line, LineFormat, SharedSink, Wrapper } from './format.ts';
import type { Frame } from './frame.ts';
import { Frames } from './frames.ts';
import { viewOf, writeLine } from './json-strings.ts';
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
  private readonly heads: Heads | null;
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

  constructor(
    sink: Sink,
    open: (sink: Sink) => BlockReader,
    reads: (wrapper: Wrapper | null) => boolean,
    heads: Heads | null = null,
  ) {
    this.sink = sink;
    this.reads = reads;
    this.heads = heads;
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
    const head = found === null ? null : (this.heads?.of(found, this.frames.place.ms) ?? null);
    const server = found?.wrapper?.server;
    if (found !== null && head === null && server !== this.server) {
      this.give(number);
      this.server = server;
      this.sink.from(server);
    }
    const frame = head !== null || (found !== null && this.reads(found.wrapper)) ? found : null;
    this.remember(number - this.first, start, end, frame);
    this.take(frame, head, start, end);
  };

  /** Gives the lines that wait, which are those before this number, to the reader. */
  private give(number: number): void {
    const { inner, innerBytes, waiting } = this;
    this.innerBytes = 0;
    this.waiting = number;
    if (innerBytes > 0) this.reader.read(inner, 0, innerBytes, waiting);
  }

  /** Adds what is in the frame, behind its head, or a line that the reader hands over. */
  private take(frame: Frame | null, head: Buffer | null, start: number, end: number): void {
    const { bytes, inner, innerBytes } = this;
    const { from, to } = this.frames.place;
    const textAt = innerBytes + (head?.copy(inner, innerBytes) ?? 0);
    let at = -1;
    if (frame?.inside === 'text') at = textAt + bytes.copy(inner, textAt, from, to);
    else if (frame !== null)
      at = writeLine(this.innerView, textAt, this.view.of(bytes), from, to, frame.inside === 'json-line');
    if (at < 0) {
      at = innerBytes;
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
    return frame?.wrapperIn(this.bytes, this.starts[line] ?? 0, this.ends[line] ?? 0) ?? null;
  }

  private carried(number: number): () => Line {
    const text = this.written(number).toString('utf8');
    return () => this.frames.unwrap(text, number);
  }

  /** No line gets longer by being unwrapped (fields take more than their head), and one that is handed over takes a byte. */
  private makeRoom(bytes: number): void {
    if (this.inner.length >= bytes) return;
    this.inner = Buffer.allocUnsafeSlow(bytes);
    this.innerView = viewOf(this.inner);
  }
}

/** Heads of a journal's text (`2026-11-20T08:19:33+0000 web01 cloudflared[812]: `) for frames that have them, to the second. */
class Heads {
  private frame: Frame | null = null;
  private second = Number.NaN;
  private latest: Buffer | null = null;

  /** The head of a line at this time, until the next one is asked for; null where the frame has none. */
  of(frame: Frame, ms: number): Buffer | null {
    if (frame.head === null) return null;
    const second = Math.floor(ms / 1000);
    if (this.latest === null || frame !== this.frame || second !== this.second) {
      this.frame = frame;
      this.second = second;
      const time = new Date(second * 1000).toISOString().slice(0, -'.000Z'.length);
      this.latest = Buffer.from(`${time}+0000 ${frame.head}`, 'latin1');
    }
    return this.latest;
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

/** Opens a format's own reader, which knows by heads of text who wrote a line. */
export function openNamed(sink: SharedSink, readBlocks: (sink: SharedSink) => BlockReader): BlockReader {
  return new WrappedBlocks(sink, readBlocks, saysLittle, new Heads());
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
