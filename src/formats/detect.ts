import type { DocumentFormat, Format, Line, LineFormat } from './format.ts';

/** Lines looked at to find out what a source is. */
export const DETECTION_LINES = 400;
/** A format takes part in reading a source when its lines' scores add up to this. */
const TAKES_PART = 0.3;
/** What a matching file name adds where contents tie. */
const NAME_BONUS = 0.01;

/** The document format that a source's beginning belongs to, or null. */
export function detectDocument(head: string, formats: readonly Format[]): DocumentFormat | null {
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

/**
 * The line formats found in a sample of a source's lines, the best supported first. Each line votes for the format that
 * is surest of it; a name that resembles a format's id breaks ties.
 */
export function detectLines(lines: readonly Line[], formats: readonly Format[], label: string): LineFormat[] {
  const support = new Map<LineFormat, number>();
  const lineFormats = formats.filter((format): format is LineFormat => format.shape === 'lines');
  for (const line of lines) {
    let best: LineFormat | null = null;
    let bestScore = 0;
    for (const format of lineFormats) {
      const score = format.score(line);
      if (score > bestScore) {
        best = format;
        bestScore = score;
      }
    }
    if (best) support.set(best, (support.get(best) ?? 0) + bestScore);
  }
  const name = label.toLowerCase();
  const rank = (format: LineFormat): number =>
    (support.get(format) ?? 0) + (format.id.split('-').every((part) => name.includes(part)) ? NAME_BONUS : 0);
  return [...support.keys()]
    .filter((format) => (support.get(format) ?? 0) >= TAKES_PART)
    .sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
}
