import { visible } from '../visible.ts';

/** Text in a picture: which letters its fonts have, how wide they are, and where lines end. */

/** Widths of the characters from U+0020 to U+007E in DejaVu Sans, in 1/1000 of the size (table `hmtx` of the font). */
const REGULAR = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
  636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
  748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
  615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
  337, 636, 838,
];
/** The same of DejaVu Sans Bold. */
const BOLD = [
  348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
  696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
  837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
  678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
  365, 712, 838,
];
/** Other letters are taken for as wide as this: most are narrower. */
const OTHER = 850;

/** What both fonts have: Latin, Greek, Cyrillic, Hebrew and Arabic letters, punctuation, arrows, shapes. */
const UNDRAWN =
  /[^\x20-\x7e\u00a0-\u02e9\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0525\u05d0-\u05ea\u0621-\u063a\u0641-\u064a\u1e00-\u1efb\u2010-\u2027\u2030-\u205e\u2190-\u2311\u2500-\u269c]/gu;

/** The sign for a letter that the fonts do not have. */
export const NO_LETTER = '□';

/** A text as the fonts can draw it: on one line, nothing unseen in it, a sign for each letter that they do not have. */
export function drawn(text: string): string {
  return visible(text).normalize('NFC').replace(UNDRAWN, NO_LETTER);
}

export interface Face {
  /** In pixels. */
  readonly size: number;
  readonly bold?: boolean;
}

/** Width in pixels; what the fonts draw is never wider by more than a letter. */
export function widthOf(text: string, { size, bold = false }: Face): number {
  const widths = bold ? BOLD : REGULAR;
  let thousandths = 0;
  for (const letter of text) thousandths += widths[(letter.codePointAt(0) ?? 0) - 0x20] ?? OTHER;
  return (thousandths * size) / 1000;
}

/** A text in lines of at most `width` pixels, broken between words, within a word where it is wider; at most so many. */
export function inLines(text: string, face: Face, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of drawn(text)
    .split(' ')
    .filter((one) => one !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer, face) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = brokenWord(word, face, width);
    lines.push(...pieces.slice(0, -1));
    line = pieces.at(-1) ?? '';
    if (lines.length > most) break;
  }
  if (line !== '') lines.push(line);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), fitting(`${lines.slice(most - 1).join(' ')}`, face, width)];
}

/** The beginning of a text that fits, with an ellipsis where something is left out. */
export function fitting(text: string, face: Face, width: number): string {
  const shown = drawn(text);
  if (widthOf(shown, face) <= width) return shown;
  return `${brokenWord(shown, face, width - widthOf('…', face))[0] ?? ''}`.trimEnd().concat('…');
}

function brokenWord(word: string, face: Face, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let wide = 0;
  for (const letter of word) {
    const more = widthOf(letter, face);
    if (piece !== '' && wide + more > width) {
      pieces.push(piece);
      piece = '';
      wide = 0;
    }
    piece += letter;
    wide += more;
  }
  return [...pieces, piece];
}
