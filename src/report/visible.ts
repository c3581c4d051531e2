/**
 * Log text made safe to look at: what would move a cursor, turn the reading direction or stand there unseen is written
 * out as `\x1b` or `\u{202e}`. Every output passes all text of a result through this before its own escaping.
 */

/** C0 and C1 controls, soft hyphen, bidi and other invisible marks, tag characters, halves of surrogate pairs. */
const UNSEEN =
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]|\u034f/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return NAMED[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`);
}

/** One line of text in which nothing is unseen; line ends are written `\n`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, written);
}

/** As `visible`, for texts of several lines (a piece of configuration): line ends and tabs stay. */
export function visibleLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map((line) => visible(line.replaceAll('\t', '    ')));
}

/** The first `limit` UTF-16 units of a text, with an ellipsis where it was longer; no pair is cut in half. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const kept = text.slice(0, Math.max(0, limit - 1));
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
}
