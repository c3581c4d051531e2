import { addBytes, finishHash, HASH_START } from '../../vocabulary/hash.ts';
import { BlockView, KnownBytes } from '../known-bytes.ts';

interface KnownText {
  readonly text: KnownBytes;
  readonly id: number;
}

/** Texts of so many bytes differ in them, or are looked for by all of theirs. */
const PROBES = [2, 11, 119, 127, 133] as const;
const LONG = 136;
const SHORT_PROBES = [2, 11] as const;

/** Numbers the texts that come again and again in a log, and finds them by their bytes. */
export class TextMemo {
  protected readonly view = new BlockView();
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
    for (const { text, id } of this.known.get(wholeHash(bytes, start, end)) ?? NONE) {
      if (text.length === end - start && text.isAt(view, start)) return id;
    }
    return -1;
  }

  /** Learns a text that is not known; its number is the count of those before it. */
  add(bytes: Buffer, start: number, end: number): number {
    return this.put(wholeHash(bytes, start, end), bytes, start, end);
  }

  protected put(hash: number, bytes: Buffer, start: number, end: number): number {
    const id = this.count++;
    const texts = this.known.get(hash);
    const text = { text: new KnownBytes(bytes.subarray(start, end)), id };
    if (texts) texts.push(text);
    else this.known.set(hash, [text]);
    return id;
  }

  protected candidates(hash: number): readonly KnownText[] {
    return this.known.get(hash) ?? NONE;
  }

  clear(): void {
    this.known = new Map();
    this.count = 0;
  }
}

const NONE: readonly KnownText[] = [];

/**
 * The same for quoted texts whose end is not known: a few bytes say which it can be, and where all of it stands there with
 * its closing quote, that is its end.
 */
export class QuotedMemo extends TextMemo {
  /** Where the text found last ends: after its closing quote. */
  end = 0;

  /** Number of the quoted text that begins at `start`, or -1. */
  findQuoted(bytes: Buffer, start: number, end: number): number {
    const long = end - start >= LONG ? this.match(probeHash(bytes, start, PROBES), bytes, start) : -1;
    return long >= 0 || end - start < SHORT_PROBES[1]
      ? long
      : this.match(probeHash(bytes, start, SHORT_PROBES), bytes, start);
  }

  /** Learns `bytes[start, end)`, with both quotes; false where it is too short to be known again. */
  addQuoted(bytes: Buffer, start: number, end: number): number {
    if (end - start < SHORT_PROBES[1] + 1) return -1;
    return this.put(probeHash(bytes, start, end - start >= LONG ? PROBES : SHORT_PROBES), bytes, start, end);
  }

  private match(hash: number, bytes: Buffer, start: number): number {
    const view = this.view.of(bytes);
    for (const { text, id } of this.candidates(hash)) {
      if (!text.isAt(view, start)) continue;
      this.end = start + text.length;
      return id;
    }
    return -1;
  }
}

function wholeHash(bytes: Uint8Array, start: number, end: number): number {
  return finishHash(addBytes(HASH_START, bytes, start, end));
}

function probeHash(bytes: Uint8Array, start: number, probes: readonly number[]): number {
  let hash = HASH_START;
  for (const probe of probes) hash = addBytes(hash, bytes, start + probe, start + probe + 3);
  return finishHash(hash);
}
