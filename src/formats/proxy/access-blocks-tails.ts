/**
 * The named fields at the end of a row, as they were written in an earlier row of the same length: digits may differ, the
 * Ray ID is left to its own check, every other byte must be the same. Compared by four bytes at a time.
 */
export interface Tail {
  /** Four bytes each, little-endian; the last four overlap those before. */
  readonly words: Int32Array;
  /** Bits of the words that must be the same. */
  readonly masks: Int32Array;
  /** Where values begin, counted from the tail's start; -1 where it has none. */
  readonly rayAt: number;
  readonly rayLength: number;
  readonly upstreamStatusAt: number;
  readonly headerTimeAt: number;
}

/** Tails of one length that are remembered, and lengths. */
const MOST_OF_A_LENGTH = 8;
const LONGEST = 512;
const WORD_BYTES = 4;
/** A digit's upper half byte; other characters that share it (`:;<=>?`) end no value and stand in no digit's place that is read. */
const DIGIT_MASK = 0xf0;

/** Where the values lie that a row's tail is asked for (see `Tail`). */
type TailPlaces = Pick<Tail, 'rayAt' | 'rayLength' | 'upstreamStatusAt' | 'headerTimeAt'>;

/** The tails seen of one layout. */
export class Tails {
  private readonly byLength: (Tail[] | undefined)[] = [];

  /** The tail that `view[start, end)` is written like, or undefined. */
  find(view: DataView, start: number, end: number): Tail | undefined {
    const tails = this.byLength[end - start];
    if (tails === undefined) return undefined;
    for (const tail of tails) if (isLike(view, start, end, tail)) return tail;
    return undefined;
  }

  /** Remembers the tail `bytes[start, end)`. */
  learn(bytes: Buffer, start: number, end: number, places: TailPlaces): void {
    const length = end - start;
    if (length < WORD_BYTES || length > LONGEST) return;
    const tails = this.byLength[length] ?? [];
    this.byLength[length] = tails;
    if (tails.length < MOST_OF_A_LENGTH) tails.push(tailOf(bytes, start, end, places));
  }
}

function isLike(view: DataView, start: number, end: number, { words, masks }: Tail): boolean {
  const last = words.length - 1;
  let at = start;
  for (let i = 0; i < last; i++) {
    if (((view.getInt32(at, true) ^ (words[i] ?? 0)) & (masks[i] ?? 0)) !== 0) return false;
    at += WORD_BYTES;
  }
  return ((view.getInt32(end - WORD_BYTES, true) ^ (words[last] ?? 0)) & (masks[last] ?? 0)) === 0;
}

function tailOf(bytes: Buffer, start: number, end: number, places: TailPlaces): Tail {
  const length = end - start;
  const text = Buffer.from(bytes.subarray(start, end));
  const mask = Buffer.alloc(length, 0xff);
  for (let i = 0; i < length; i++) {
    const byte = text[i] ?? 0;
    if (byte >= 0x30 && byte <= 0x39) mask[i] = DIGIT_MASK;
  }
  if (places.rayAt >= 0) mask.fill(0, places.rayAt, places.rayAt + places.rayLength);
  const count = Math.ceil(length / WORD_BYTES);
  const words = new Int32Array(count);
  const masks = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(i * WORD_BYTES, length - WORD_BYTES);
    words[i] = text.readInt32LE(at);
    masks[i] = mask.readInt32LE(at);
  }
  return { words, masks, ...places };
}
