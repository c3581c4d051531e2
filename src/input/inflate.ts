import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Gunzip, InflateRaw } from 'node:zlib';
import { nextTurn } from './turn.ts';

/** Less is not worth giving back by itself, and may be a part of memory that Node uses for others. */
const LEAST_RELEASED_BYTES = 1 << 18;

/**
 * Pieces of input that zlib has: the one it unpacks and the next. With one alone zlib has nothing to do at its end until the last output
 * has been read (measured: a sixth of the text), and then the reader waits for zlib.
 */
const PIECES_AT_ZLIB = 2;

/** While so much output waits to be read, zlib fills one more round and no further. */
const WAITING_BYTES = 1 << 20;

/** Output read in one go: zlib is given its next round only between two of them, as all of its calls begin and end on the main thread. */
const READ_BYTES = 1 << 19;

/** What zlib gave in a round. */
interface Output {
  readonly bytes: Buffer;
  /** All input that zlib had used by then. */
  readonly used: number;
}

/** zlib's inflate or gunzip, which unpacks the next output while one is read. */
export class Inflater {
  readonly #zlib: InflateRaw | Gunzip;
  readonly #waiting: Output[] = [];
  #waitingBytes = 0;
  #wake: () => void = () => {};
  #failed = false;
  #usedBefore = 0;
  #used = 0;

  constructor(zlib: InflateRaw | Gunzip) {
    this.#zlib = zlib;
    this.#zlib.on('data', (bytes: Buffer) => {
      this.#waiting.push({ bytes, used: this.#zlib.bytesWritten });
      this.#waitingBytes += bytes.length;
      if (this.#waitingBytes >= WAITING_BYTES) this.#zlib.pause();
      this.#wake();
    });
    this.#zlib.on('error', () => {
      this.#failed = true;
      this.#wake();
    });
  }

  /** The data is damaged: nothing more will come. */
  get failed(): boolean {
    return this.#failed;
  }

  /**
   * Bytes that were used of what was written last, for the output that has been read; at its end fewer than there are where the deflate
   * data ends inside it (or failed).
   */
  get used(): number {
    return this.#used;
  }

  /** Unpacks a piece; its memory may be used again when the output has come to its end. */
  async *write(piece: Buffer): AsyncGenerator<Buffer> {
    this.#usedBefore = this.#zlib.bytesWritten;
    let isTaken = false;
    this.#zlib.write(piece, () => {
      isTaken = true;
      this.#wake();
    });
    yield* this.#output(() => isTaken);
  }

  /** Unpacks pieces that are all there is, which fails where the data has no end. A piece must hold good while the next one is asked for. */
  async *writeAll(pieces: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
    let atZlib = 0;
    let isFed = false;
    let isOver = false;
    this.#zlib.once('end', () => {
      isOver = true;
      this.#wake();
    });
    const feed = async (): Promise<void> => {
      while (!isFed && atZlib < PIECES_AT_ZLIB) {
        const next = await pieces.next();
        if (next.done === true) {
          isFed = true;
          this.#zlib.end();
          return;
        }
        atZlib++;
        this.#zlib.write(next.value, () => {
          atZlib--;
          this.#wake();
        });
      }
    };
    yield* this.#output(() => isOver, feed);
  }

  /** The output until all of it is there, or damage; `feed` is called before each. */
  async *#output(isDone: () => boolean, feed?: () => Promise<void>): AsyncGenerator<Buffer> {
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (!this.#failed) await feed?.();
      const output = this.#next();
      if (output !== undefined) {
        yield* inTurns(output.bytes);
        this.#used = output.used - this.#usedBefore;
        release(output.bytes);
      } else if (this.#failed || (isDone() && this.#zlib.readableLength === 0)) break;
      else await woken;
    }
    this.#used = this.#zlib.bytesWritten - this.#usedBefore;
  }

  #next(): Output | undefined {
    const output = this.#waiting.shift();
    if (output !== undefined) {
      this.#waitingBytes -= output.bytes.length;
      if (this.#waitingBytes < WAITING_BYTES) this.#zlib.resume();
      return output;
    }
    // What it gave while it was paused, before it failed.
    const bytes: unknown = this.#failed ? this.#zlib.read() : null;
    return Buffer.isBuffer(bytes) ? { bytes, used: this.#zlib.bytesWritten } : undefined;
  }

  close(): void {
    this.#zlib.destroy();
  }
}

/** Gives a block in parts; between them zlib has its turn. */
async function* inTurns(block: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < block.length; at += READ_BYTES) {
    if (at > 0) await nextTurn();
    yield block.subarray(at, at + READ_BYTES);
  }
}

let closedPort: MessagePort | undefined;

/**
 * Gives the memory of a block back at once where it is the last of it. zlib takes new memory for each megabyte; where that waits to be
 * collected, it counts as the heap's, which is collected ten times as often (measured on 1.5 GB: a fifth more processor time, 30 MB
 * more). What is handed over to a closed port goes nowhere and is freed.
 */
function release({ buffer, byteOffset, byteLength }: Buffer): void {
  const isLast = byteOffset + byteLength === buffer.byteLength;
  if (!isLast || byteLength === 0 || buffer.byteLength < LEAST_RELEASED_BYTES || !(buffer instanceof ArrayBuffer))
    return;
  if (closedPort === undefined) {
    closedPort = new MessageChannel().port1;
    closedPort.close();
  }
  closedPort.postMessage(null, [buffer]);
}
