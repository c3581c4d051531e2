/** What one look at each character of a text tells. */
export interface Look {
  /** The words that stand in the text, by their places in the list, each once. */
  readonly found: readonly number[];
  /** Length of the longest run of letters, digits and what joins them in keys and base64: `+`, `/`, `_`, `-`. */
  readonly longestRun: number;
}

const PAIRS = 2 ** 14;
const IN_RUN = new Uint8Array(128);
for (const sign of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/_-') IN_RUN[sign.charCodeAt(0)] = 1;

/** Looks for all words of a list at once: most texts hold none of them, and to search for one after the other costs more than all that follows. */
export class WordSearch {
  readonly words: readonly string[];
  /** Words of one character, which are looked for by themselves. */
  private readonly single: readonly number[];
  /** The other words by their first two characters: places in the list. */
  private readonly byPair: readonly (readonly number[])[];
  /** For each two characters the place of their words in `byPair`; 0 for none. Different ones may share it: each word is compared. */
  private readonly pairs = new Uint8Array(PAIRS);

  /** Takes words as they stand in the texts, in lower case; at most 255 different beginnings. */
  constructor(words: Iterable<string>) {
    this.words = [...new Set(words)];
    const byPair: number[][] = [[]];
    const single: number[] = [];
    this.words.forEach((word, i) => {
      if (word.length === 1) {
        single.push(i);
        return;
      }
      const pair = pairOf(word.charCodeAt(0), word.charCodeAt(1));
      const known = this.pairs[pair] ?? 0;
      if (known === 0) this.pairs[pair] = byPair.push([i]) - 1;
      else byPair[known]?.push(i);
    });
    this.byPair = byPair;
    this.single = single;
  }

  /** Which words a text in lower case holds. */
  look(lower: string): Look {
    const { words, single, byPair, pairs } = this;
    const found = single.filter((i) => lower.includes(words[i] ?? ''));
    let longestRun = 0;
    let runFrom = 0;
    let code = lower.charCodeAt(0);
    for (let at = 0; at < lower.length; at++) {
      const next = lower.charCodeAt(at + 1);
      if (code > 127 || IN_RUN[code] === 0) {
        if (at - runFrom > longestRun) longestRun = at - runFrom;
        runFrom = at + 1;
      }
      // As `pairOf`, which is not called for each character.
      const pair = pairs[((code << 7) ^ next) & (PAIRS - 1)] ?? 0;
      if (pair !== 0)
        for (const i of byPair[pair] ?? [])
          if (!found.includes(i) && lower.startsWith(words[i] ?? '', at)) found.push(i);
      code = next;
    }
    longestRun = Math.max(longestRun, lower.length - runFrom);
    return { found, longestRun };
  }
}

function pairOf(first: number, second: number): number {
  return ((first << 7) ^ second) & (PAIRS - 1);
}
