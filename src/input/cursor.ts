const EMPTY = Buffer.alloc(0);

/** Reads blocks byte by byte or in pieces and knows how far it has come. */
export class ByteCursor {
  readonly #blocks: AsyncIterator<Buffer>;
  #block: Buffer = EMPTY;
  #at = 0;
  #before = 0;

  constructor(blocks: AsyncIterable<Buffer>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  /** Bytes passed since the start. */
  get offset(): number {
    return this.#before + this.#at;
  }

  /** Makes sure that `rest` is not empty; false at the end. */
  async more(): Promise<boolean> {
    while (this.#at >= this.#block.length) {
      this.#before += this.#block.length;
      this.#at = 0;
      this.#block = EMPTY;
      const next = await this.#blocks.next();
      if (next.done === true) return false;
      this.#block = next.value;
    }
    return true;
  }

  /** What is left of the block at hand. */
  rest(): Buffer {
    return this.#block.subarray(this.#at);
  }

  /** Passes over bytes of the block at hand. */
  skip(bytes: number): void {
    this.#at += bytes;
  }

  /** Passes over all there is, a block at a time. */
  async *pieces(): AsyncGenerator<Buffer> {
    while (await this.more()) {
      const piece = this.rest();
      this.skip(piece.length);
      yield piece;
    }
  }

  /** Goes on to an offset; does nothing where that is behind already. */
  async skipTo(offset: number): Promise<void> {
    while (this.offset < offset && (await this.more())) this.skip(Math.min(this.rest().length, offset - this.offset));
  }

  /** A copy of the next bytes, or null (and the end reached) where there are not so many. */
  async take(bytes: number): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    for (let missing = bytes; missing > 0; ) {
      if (!(await this.more())) return null;
      const part = Buffer.from(this.rest().subarray(0, missing));
      parts.push(part);
      this.skip(part.length);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** Passes over everything up to and including the next zero byte; false where there is none. */
  async skipPastZero(): Promise<boolean> {
    while (await this.more()) {
      const at = this.rest().indexOf(0);
      this.skip(at === -1 ? this.rest().length : at + 1);
      if (at !== -1) return true;
    }
    return false;
  }

  /**
   * Passes over everything up to and including the next gzip signature with its method (1f 8b 08). `garbage`: a byte other than zero
   * was passed on the way.
   */
  async skipToMember(): Promise<{ readonly found: boolean; readonly garbage: boolean }> {
    let matched = 0;
    let garbage = false;
    while (await this.more()) {
      const rest = this.rest();
      for (let i = 0; i < rest.length; i++) {
        const byte = rest[i] ?? 0;
        if (byte === SIGNATURE[matched]) {
          if (++matched < SIGNATURE.length) continue;
          this.skip(i + 1);
          return { found: true, garbage };
        }
        garbage ||= matched > 0 || byte !== 0;
        matched = byte === SIGNATURE[0] ? 1 : 0;
      }
      this.skip(rest.length);
    }
    return { found: false, garbage: garbage || matched > 0 };
  }

  /** Lets go of the file. */
  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}

const SIGNATURE = [0x1f, 0x8b, 0x08];
