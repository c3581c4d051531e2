/** Text laid out in terminal columns. */

/** Ranges of characters two columns wide (Unicode East Asian Width W and F, and pictures), first and last. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x25fd, 0x25fe],
  [0x2614, 0x2615],
  [0x2648, 0x2653],
  [0x26a1, 0x26a1],
  [0x26bd, 0x26be],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2753, 0x2757],
  [0x2795, 0x2797],
  [0x2b1b, 0x2b1c],
  [0x2b50, 0x2b50],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18aff],
  [0x1b000, 0x1b2ff],
  [0x1f004, 0x1f004],
  [0x1f18e, 0x1f19a],
  [0x1f200, 0x1faff],
  [0x20000, 0x3fffd],
];

const COMBINING = /^\p{M}$/u;

/** Columns that one character takes. */
function widthOfCharacter(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (COMBINING.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}

/** Columns that a text without control characters takes. */
export function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOfCharacter(character);
  return columns;
}

/** A text filled with spaces to `columns`. */
export function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - width(text)));
}

/** Pieces of a word no wider than `columns`. */
function broken(word: string, columns: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  let used = 0;
  for (const character of word) {
    const wide = widthOfCharacter(character);
    if (used + wide > columns && piece !== '') {
      pieces.push(piece);
      piece = '';
      used = 0;
    }
    piece += character;
    used += wide;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}

/** A text in lines no wider than `columns`, broken at spaces where there are any. At least one line. */
export function wrap(text: string, columns: number): string[] {
  const room = Math.max(8, columns);
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.split(' ')) {
    for (const piece of width(word) > room ? broken(word, room) : [word]) {
      const wide = width(piece);
      if (line !== '' && used + 1 + wide > room) {
        lines.push(line);
        line = piece;
        used = wide;
      } else {
        used += wide + (line === '' ? 0 : 1);
        line = line === '' ? piece : `${line} ${piece}`;
      }
    }
  }
  lines.push(line);
  return lines;
}

/** As `wrap`, at most `most` lines; the last one ends with an ellipsis where text was left out. */
export function wrapAtMost(text: string, columns: number, most: number): string[] {
  // Nothing beyond what the lines can hold is worth breaking: log lines may be megabytes long.
  const head = text.length > columns * most * 2 + 80 ? `${text.slice(0, columns * most * 2 + 80)}` : text;
  const lines = wrap(head.replace(/[\ud800-\udbff]$/, ''), columns);
  if (lines.length <= most && head.length === text.length) return lines;
  const kept = lines.slice(0, most);
  const last = kept.at(-1) ?? '';
  const room = Math.max(8, columns) - 1;
  // A word that has no room beside the ellipsis goes as a whole; one that is wider than a line is cut.
  const bare = width(last) > room ? last.replace(/ \S*$/, '') : last;
  let shortened = bare;
  while (width(shortened) > room) shortened = [...shortened].slice(0, -1).join('');
  kept[kept.length - 1] = `${shortened}…`;
  return kept;
}

/** Words of a command; what stands in quotes is part of one. */
const COMMAND_WORD = /(?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*"|['"\\])+/g;

/**
 * A command for a shell behind `$ `, in lines no wider than `columns` as long as its words are not: all but the last end with
 * a backslash, so that it can be copied as it stands.
 */
export function wrapCommand(command: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '$';
  for (const word of command.match(COMMAND_WORD) ?? []) {
    if (line !== '$' && width(line) + width(word) + ' '.length + ' \\'.length > columns) {
      lines.push(`${line} \\`);
      line = '   ';
    }
    line = `${line} ${word}`;
  }
  return [...lines, line];
}
