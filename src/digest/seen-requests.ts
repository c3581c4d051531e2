import { addText, finishHash, HASH_START } from '../vocabulary/hash.ts';

/** What an exported row is known by again: Ray ID (16 hexadecimal digits), instant, the request that made it, whether a visitor's. */
export interface RowIdentity {
  readonly ray: string;
  readonly ms: number;
  readonly parentRay: string | undefined;
  readonly visitor: boolean;
}

/** Rows of one generation, where nobody says; two generations are remembered. */
const MOST = 2 ** 18;
const FIRST_SLOTS = 2 ** 10;
/** Ray ID in two words, time in two, parent and kind in one. */
const WORDS = 5;
const TRAITS = 4;
const HIGH = 2 ** 32;

/**
 * Exported rows that were seen, in some 20 bytes each, to tell those that an export holds twice (two jobs into one bucket).
 * Remembers at least the last `most` of them (262,144). Ray ID and time are compared exactly; of the parent's Ray ID a hash, which
 * decides only between rows that share both.
 */
export class SeenRequests {
  private newer = new Table(FIRST_SLOTS);
  private older: Table | null = null;
  private readonly most: number;

  constructor(most: number = MOST) {
    this.most = most;
  }

  /** Whether the row was seen before; from now on it was. */
  add(row: RowIdentity): boolean {
    return this.addKey(keyOf(row));
  }

  /** The same of a row whose Ray ID and instant stand at `words[at]`, in two words each, the high one first. */
  addWords(words: Uint32Array, at: number, traits: number): boolean {
    for (let i = 0; i < TRAITS; i++) KEY[i] = words[at + i] ?? 0;
    KEY[TRAITS] = traits;
    return this.addKey(KEY);
  }

  private addKey(key: Uint32Array): boolean {
    if (this.older?.find(key) === FOUND) return true;
    if (this.newer.count === this.most) {
      this.older = this.newer;
      this.newer = new Table(FIRST_SLOTS);
    }
    this.newer = this.newer.withRoom();
    return this.newer.add(key);
  }
}

const FOUND = -1;
/** The key of the row asked for; one for all, as there are millions. */
const KEY = new Uint32Array(WORDS);

const HEX_DIGITS = 8;

/** The word that eight hexadecimal digits in lower case stand for. */
function hexWord(text: string, from: number): number {
  let word = 0;
  for (let i = from; i < from + HEX_DIGITS; i++) {
    const code = text.charCodeAt(i);
    // `0` is 48, `a` is 97.
    word = (word << 4) | (code < 58 ? code - 48 : code - 87);
  }
  return word;
}

function keyOf({ ray, ms, parentRay, visitor }: RowIdentity): Uint32Array {
  KEY[0] = hexWord(ray, 0);
  KEY[1] = hexWord(ray, HEX_DIGITS);
  KEY[2] = Math.floor(ms / HIGH);
  KEY[3] = ms % HIGH;
  KEY[TRAITS] = traitsOf(parentRay, visitor);
  return KEY;
}

/** What a row is known by beside Ray ID and instant, in one word: never 0, which marks a free slot. */
export function traitsOf(parentRay: string | undefined, visitor: boolean): number {
  return (((parentRay === undefined ? 0 : finishHash(addText(HASH_START, parentRay))) << 2) | (visitor ? 3 : 1)) >>> 0;
}

/** A hash table with linear probing, at most half full. */
class Table {
  count = 0;
  private readonly words: Uint32Array;
  private readonly mask: number;

  constructor(slots: number) {
    this.words = new Uint32Array(slots * WORDS);
    this.mask = slots - 1;
  }

  /** This table, or one twice as large with the same rows. */
  withRoom(): Table {
    const slots = this.mask + 1;
    if (2 * this.count < slots) return this;
    const larger = new Table(2 * slots);
    const { words } = this;
    const key = new Uint32Array(WORDS);
    for (let at = 0; at < words.length; at += WORDS) {
      if (words[at + TRAITS] === 0) continue;
      for (let i = 0; i < WORDS; i++) key[i] = words[at + i] ?? 0;
      larger.add(key);
    }
    return larger;
  }

  /** Whether the key was there before. */
  add(key: Uint32Array): boolean {
    const at = this.find(key);
    if (at === FOUND) return true;
    const { words } = this;
    // Word by word: the typed array's own copying takes longer for so few.
    for (let i = 0; i < WORDS; i++) words[at + i] = key[i] ?? 0;
    this.count++;
    return false;
  }

  /** Where the key is to go; `FOUND` where it is there. */
  find(key: Uint32Array): number {
    const { words, mask } = this;
    const [high = 0, low = 0, , ms = 0] = key;
    let slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca6b) ^ ms) >>> 0;
    slot = (slot ^ (slot >>> 15)) & mask;
    for (;;) {
      const at = slot * WORDS;
      if (words[at + TRAITS] === 0) return at;
      if (
        words[at] === high &&
        words[at + 1] === low &&
        words[at + 2] === key[2] &&
        words[at + 3] === ms &&
        words[at + TRAITS] === key[TRAITS]
      )
        return FOUND;
      slot = (slot + 1) & mask;
    }
  }
}
