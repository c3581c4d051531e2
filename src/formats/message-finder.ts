import { neededTexts } from './pattern-texts.ts';

/** For fewer texts than this each pattern is tried: to learn what they need takes as long as that. */
const WORTH_LEARNING = 2000;
const WINDOW = 4;
const SLOT_BITS = 16;
/** The most frequent first: digits and the marks of stamps are in every line. */
const FREQUENT = '0123456789 :-.,/[]etaoinsrhldcumfpgwybvkxjqz';

/**
 * The rows of a table whose patterns can match a text, in their order. One of some texts stands in whatever a pattern matches
 * (`neededTexts`): all of them are looked for in one walk over the text, small letters and capitals alike. A row of which no such text is
 * known is always among them.
 */
export class MessageFinder<Row extends { readonly pattern: RegExp }> {
  private readonly rows: readonly Row[];
  private texts = 0;
  private needed: NeededTexts | null = null;

  constructor(rows: readonly Row[]) {
    this.rows = rows;
  }

  /** All rows that match the text are among them; most others are not. */
  candidates(text: string): readonly Row[] {
    if (this.texts < WORTH_LEARNING) {
      this.texts++;
      return this.rows;
    }
    this.needed ??= new NeededTexts(this.rows.map(({ pattern }) => neededTexts(pattern)));
    return this.needed.rowsFor(text).flatMap((row) => this.rows[row] ?? []);
  }
}

/** A text that a row needs: its characters, capitals as small letters, and where in it the window ends by which it is found. */
interface Needed {
  readonly row: number;
  readonly codes: Uint8Array;
  readonly windowEnd: number;
}

/** Texts by their rarest four characters. */
class NeededTexts {
  /** By the hash of four characters one more than their place in `lists`; 0 where no text has them. */
  private readonly slots = new Uint16Array(1 << SLOT_BITS);
  private readonly lists: Needed[][] = [];
  private readonly always: readonly number[];
  /** By row the last walk in which it was found. */
  private readonly foundIn: Uint32Array;
  private walk = 0;

  constructor(textsOfRows: readonly (readonly string[])[]) {
    this.foundIn = new Uint32Array(textsOfRows.length);
    this.always = textsOfRows.flatMap((texts, row) => (texts.some(({ length }) => length < WINDOW) ? [row] : []));
    textsOfRows.forEach((texts, row) => {
      if (!this.always.includes(row)) for (const text of texts) this.note(text, row);
    });
  }

  private note(text: string, row: number): void {
    const codes = Uint8Array.from({ length: text.length }, (_, i) => foldedAt(text, i));
    const windowEnd = rarestWindowEnd(text);
    const slot = slotOf(codes.subarray(windowEnd - WINDOW, windowEnd).reduce(pushed, 0));
    const known = this.slots[slot] ?? 0;
    if (known === 0) this.slots[slot] = this.lists.push([{ row, codes, windowEnd }]);
    else this.lists[known - 1]?.push({ row, codes, windowEnd });
  }

  rowsFor(text: string): readonly number[] {
    const { slots } = this;
    const found: number[] = [];
    this.walk++;
    let window = 0;
    for (let i = 0; i < text.length; i++) {
      window = pushed(window, foldedAt(text, i));
      const slot = slots[slotOf(window)] ?? 0;
      if (slot !== 0) this.take(slot - 1, text, i + 1, found);
    }
    return found.length === 0 ? this.always : [...this.always, ...found].sort((a, b) => a - b);
  }

  /** Takes the rows of which a text stands with its window's end at `end`. */
  private take(list: number, text: string, end: number, found: number[]): void {
    for (const { row, codes, windowEnd } of this.lists[list] ?? []) {
      if (this.foundIn[row] === this.walk || !standsAt(codes, text, end - windowEnd)) continue;
      this.foundIn[row] = this.walk;
      found.push(row);
    }
  }
}

function standsAt(codes: Uint8Array, text: string, from: number): boolean {
  if (from < 0 || from + codes.length > text.length) return false;
  for (let i = 0; i < codes.length; i++) if (foldedAt(text, from + i) !== codes[i]) return false;
  return true;
}

/** Capitals as small letters; all that is not ASCII is alike. */
const FOLDED = Uint8Array.from({ length: 128 }, (_, code) => String.fromCharCode(code).toLowerCase().charCodeAt(0));

function foldedAt(text: string, at: number): number {
  return FOLDED[text.charCodeAt(at)] ?? 0;
}

/** The last four characters, one further. */
function pushed(window: number, code: number): number {
  return (window >>> 8) | (code << 24);
}

function slotOf(window: number): number {
  return Math.imul(window, 0x9e3779b1) >>> (32 - SLOT_BITS);
}

/** Where the four characters end that are the rarest in logs. */
function rarestWindowEnd(text: string): number {
  const rarities = text.split('').map((character) => {
    const place = FREQUENT.indexOf(character.toLowerCase());
    return place === -1 ? FREQUENT.length : place;
  });
  let rarest = WINDOW;
  let most = -1;
  for (let end = WINDOW; end <= text.length; end++) {
    const rarity = rarities.slice(end - WINDOW, end).reduce((sum, one) => sum + one, 0);
    if (rarity > most) [most, rarest] = [rarity, end];
  }
  return rarest;
}
