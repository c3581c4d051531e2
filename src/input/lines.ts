import { detectEncoding, HEAD_BYTES, Utf16ToUtf8 } from './encoding.ts';
import { LineBeginning } from './line-beginning.ts';

/** Takes a line without its end, in UTF-8 where the bytes are valid. The memory holds good during the call only: copy what is to be kept. */
export type OnLine = (line: Buffer, number: number) => void;

const LF = 10;
const CR = 13;

/** A longer line is cut here: it would not fit into a string, and no log has one. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * Cuts bytes into lines. A line ends with LF or CRLF; a lone CR, NUL bytes and invalid UTF-8 are content; the last line needs no end.
 * A UTF-8 byte order mark is dropped; UTF-16 becomes UTF-8 first. The lines do not depend on how the bytes are cut into chunks.
 * Lines are counted from 1. The work is linear in the bytes whatever the length of the lines.
 */
export class LineReader {
  readonly #onLine: OnLine;
  readonly #maxLineBytes: number;
  #number = 0;
  #cutLines = 0;
  /** The start of the source until its encoding is known. */
  #head: Buffer | null = Buffer.alloc(0);
  #utf16: Utf16ToUtf8 | null = null;
  readonly #held = new LineBeginning();
  /** The line at hand has reached the longest length: the rest of it is left out. */
  #cutting = false;

  constructor(onLine: OnLine, maxLineBytes: number = MAX_LINE_BYTES) {
    this.#onLine = onLine;
    this.#maxLineBytes = maxLineBytes;
  }

  /** Lines that were longer than the longest length and were cut there. */
  get cutLines(): number {
    return this.#cutLines;
  }

  /** Lines handed over so far. */
  get lines(): number {
    return this.#number;
  }

  /** The next bytes; the memory may be used again afterwards. */
  write(chunk: Buffer): void {
    if (this.#head === null) {
      this.#cut(this.#utf16 === null ? chunk : this.#utf16.write(chunk));
      return;
    }
    // The encoding is judged by the same bytes however they arrive.
    const missing = HEAD_BYTES - this.#head.length;
    this.#head = Buffer.concat([this.#head, chunk.subarray(0, missing)]);
    if (this.#head.length < HEAD_BYTES) return;
    this.#begin(this.#head);
    if (chunk.length > missing) this.write(chunk.subarray(missing));
  }

  /** No more bytes: hands over the last line where it has no end. */
  end(): void {
    if (this.#head !== null) this.#begin(this.#head);
    if (this.#utf16 !== null) this.#cut(this.#utf16.end());
    if (this.#held.bytes > 0) this.#give(this.#held.take());
  }

  #begin(head: Buffer): void {
    this.#head = null;
    const { encoding, markBytes } = detectEncoding(head);
    if (encoding !== 'utf-8') this.#utf16 = new Utf16ToUtf8(encoding);
    this.write(head.subarray(markBytes));
  }

  #cut(bytes: Buffer): void {
    let start = 0;
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, start)) {
      if (this.#held.bytes === 0 && end - start <= this.#maxLineBytes) {
        this.#give(bytes.subarray(start, end > start && bytes[end - 1] === CR ? end - 1 : end));
      } else {
        this.#hold(bytes, start, end);
        this.#giveHeld();
      }
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(bytes, start, bytes.length);
  }

  #hold(bytes: Buffer, start: number, end: number): void {
    const to = Math.min(end, start + this.#maxLineBytes - this.#held.bytes);
    if (to < end) this.#cutting = true;
    this.#held.add(bytes, start, to);
  }

  #giveHeld(): void {
    const line = this.#held.take();
    this.#give(!this.#cutting && line.at(-1) === CR ? line.subarray(0, -1) : line);
  }

  #give(line: Buffer): void {
    if (this.#cutting) this.#cutLines++;
    this.#cutting = false;
    this.#onLine(line, ++this.#number);
  }
}

/** The text of a line; invalid UTF-8 becomes U+FFFD. */
export function decodeLine(bytes: Buffer): string {
  // V8 has its own fast path for ASCII; asking `isAscii` first and reading Latin 1 was no faster on lines of a log.
  return bytes.toString('utf8');
}
