import { finishHash, HASH_START } from '../../vocabulary/hash.ts';
import { BlockView, KnownBytes } from '../known-bytes.ts';

interface KnownText {
  readonly text: KnownBytes;
  readonly id: number;
}

const NONE: readonly KnownText[] = [];
const WORD = 4;

/** Numbers the texts that come again and again in a log, and finds them by their bytes. */
export class TextMemo {
  private readonly view = new BlockView();
  private known = new Map<number, KnownText[]>();
  private count = 0;
  private readonly most: number;

  /** At most so many texts are known at once; then all are forgotten. */
  constructor(most: number) {
    this.most = most;
  }

  get isFull(): boolean {
    return this.count >= this.most;
  }

  /** Number of the text `bytes[start, end)`, or -1. */
  find(bytes: Buffer, start: number, end: number): number {
    const view = this.view.of(bytes);
    for (const { text, id } of this.known.get(hashOf(view, start, end)) ?? NONE) {
      if (text.length === end - start && text.isAt(view, start)) return id;
    }
    return -1;
  }

  /** Learns a text that is not known; its number is the count of those before it. */
  add(bytes: Buffer, start: number, end: number): number {
    const hash = hashOf(this.view.of(bytes), start, end);
    const id = this.count++;
    const texts = this.known.get(hash);
    const text = { text: new KnownBytes(bytes.subarray(start, end)), id };
    if (texts) texts.push(text);
    else this.known.set(hash, [text]);
    return id;
  }

  clear(): void {
    this.known = new Map();
    this.count = 0;
  }
}

/** A hash of the whole text, four bytes at a time; what is left at the end byte by byte. */
function hashOf(view: DataView, start: number, end: number): number {
  let hash = HASH_START;
  let i = start;
  for (; i + WORD <= end; i += WORD) hash = mixed(hash, view.getInt32(i, true));
  for (; i < end; i++) hash = mixed(hash, view.getUint8(i));
  return finishHash(hash);
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
