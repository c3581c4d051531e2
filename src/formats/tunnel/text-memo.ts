import { finishHash, HASH_START } from '../../vocabulary/hash.ts';
import { BlockView } from '../known-bytes.ts';

const WORD = 4;
const EMPTY = 0;

/**
 * Numbers the texts that come again and again in a log, and finds them by their bytes. The texts lie in one buffer, as a log
 * may say thousands of different ones that never come again.
 */
export class TextMemo {
  private readonly view = new BlockView();
  private readonly bytes: Buffer;
  private readonly own: DataView;
  private readonly most: number;
  /** By number: where a text begins; the last one is where the next will. */
  private readonly starts: Int32Array;
  /** By hash, else by the places after it: number of a text plus 1. */
  private readonly slots: Int32Array;
  private count = 0;

  /** At most so many texts of at most so many bytes in all are known at once. */
  constructor(most: number, mostBytes: number) {
    this.most = most;
    this.bytes = Buffer.alloc(mostBytes);
    this.own = new DataView(this.bytes.buffer, this.bytes.byteOffset, mostBytes);
    this.starts = new Int32Array(most + 1);
    this.slots = new Int32Array(most * 2);
  }

  /** Whether there is no more room for a text of so many bytes. */
  isFullFor(length: number): boolean {
    return this.count >= this.most || this.nextStart() + length > this.bytes.length;
  }

  /** Number of the text `bytes[start, end)`, or -1. */
  find(bytes: Buffer, start: number, end: number): number {
    return (this.slots[this.slotOf(bytes, start, end)] ?? EMPTY) - 1;
  }

  /** Learns a text that is not known and for which there is room; its number is the count of those before it. */
  add(bytes: Buffer, start: number, end: number): number {
    const from = this.nextStart();
    const slot = this.slotOf(bytes, start, end);
    bytes.copy(this.bytes, from, start, end);
    this.count++;
    this.starts[this.count] = from + end - start;
    this.slots[slot] = this.count;
    return this.count - 1;
  }

  clear(): void {
    this.slots.fill(EMPTY);
    this.count = 0;
  }

  private nextStart(): number {
    return this.starts[this.count] ?? 0;
  }

  /** Where a text stands among the slots, or the free one where it would. */
  private slotOf(bytes: Buffer, start: number, end: number): number {
    const view = this.view.of(bytes);
    const { slots } = this;
    let slot = hashOf(view, start, end) % slots.length;
    for (let id = slots[slot] ?? EMPTY; id !== EMPTY; id = slots[slot] ?? EMPTY) {
      if (this.isText(id - 1, view, start, end - start)) break;
      slot = slot + 1 === slots.length ? 0 : slot + 1;
    }
    return slot;
  }

  private isText(id: number, view: DataView, at: number, length: number): boolean {
    const from = this.starts[id] ?? 0;
    if ((this.starts[id + 1] ?? 0) - from !== length) return false;
    let i = 0;
    for (; i + WORD <= length; i += WORD) {
      if (view.getInt32(at + i, true) !== this.own.getInt32(from + i, true)) return false;
    }
    for (; i < length; i++) if (view.getUint8(at + i) !== this.own.getUint8(from + i)) return false;
    return true;
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
