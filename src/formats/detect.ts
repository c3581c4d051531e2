import type { DocumentFormat, Format, Line, LineFormat } from './format.ts';

/** Lines looked at to find out what a source is. */
export const DETECTION_LINES = 400;
/** A format takes part in reading a source when its lines' scores add up to this. */
const TAKES_PART = 0.3;
/** A format this sure of a line need not be compared with others. */
const CERTAIN = 0.9;
/** Lines after which a source is known whose every line was a certain format's, if its last one is, too: containers say more at their start. */
const CERTAIN_LINES = 12;
/** What a matching file name adds where contents tie. */
const NAME_BONUS = 0.01;

/** Whether an object ends with the first line and another begins with the next: no document does, and exports come as thousands of such files. */
function hasObjectPerLine(head: string): boolean {
  const feed = head.indexOf('\n');
  const end = head.charAt(feed - 1) === '\r' ? feed - 2 : feed - 1;
  return head.startsWith('{"') && head.charAt(end) === '}' && head.charAt(feed + 1) === '{';
}

/** The document format that a source's beginning belongs to, or null. */
export function detectDocument(head: string, formats: readonly Format[]): DocumentFormat | null {
  if (hasObjectPerLine(head)) return null;
  let best: DocumentFormat | null = null;
  let bestScore = 0.5;
  for (const format of formats) {
    if (format.shape !== 'document') continue;
    const score = format.scoreHead(head);
    if (score > bestScore) {
      best = format;
      bestScore = score;
    }
  }
  return best;
}

/** The format surest of a line; the one that took the line before is asked first. */
function surestFormat(
  line: Line,
  formats: readonly LineFormat[],
  previous: LineFormat | null,
): { readonly format: LineFormat | null; readonly score: number } {
  let best = previous;
  let bestScore = previous?.score(line) ?? 0;
  for (const format of formats) {
    if (bestScore >= CERTAIN) break;
    const score = format === previous ? 0 : format.score(line);
    if (score > bestScore) {
      best = format;
      bestScore = score;
    }
  }
  return { format: bestScore > 0 ? best : null, score: bestScore };
}

/** Whether all of these lines certainly are of a format. */
export function areCertainly(format: LineFormat, lines: readonly Line[]): boolean {
  return lines.every((line) => format.score(line) >= CERTAIN);
}

/** Whether a format is the surest of the last line. */
function isLastOf(format: LineFormat, lines: readonly Line[], formats: readonly LineFormat[]): boolean {
  const last = lines.at(-1);
  return last !== undefined && surestFormat(last, formats, format).format === format;
}

/**
 * The line formats found in a sample of a source's lines, the best supported first. Each line votes for the format that
 * is surest of it; a name that resembles a format's id breaks ties.
 */
export function detectLines(lines: readonly Line[], formats: readonly Format[], label: string): LineFormat[] {
  const support = new Map<LineFormat, number>();
  const lineFormats = formats.filter((format): format is LineFormat => format.shape === 'lines');
  let previous: LineFormat | null = null;
  let certain = 0;
  for (const line of lines) {
    if (line.text === '') continue;
    const { format, score } = surestFormat(line, lineFormats, previous);
    if (!format) continue;
    support.set(format, (support.get(format) ?? 0) + score);
    previous = format;
    if (score >= CERTAIN) certain++;
    else certain = Number.NEGATIVE_INFINITY;
    if (certain === CERTAIN_LINES && support.size === 1 && isLastOf(format, lines, lineFormats)) break;
  }
  const name = label.toLowerCase();
  const rank = (format: LineFormat): number =>
    (support.get(format) ?? 0) + (format.id.split('-').every((part) => name.includes(part)) ? NAME_BONUS : 0);
  return [...support.keys()]
    .filter((format) => (support.get(format) ?? 0) >= TAKES_PART)
    .sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
}
