import { wrap } from '../report/columns.ts';
import type { Paint } from '../report/paint.ts';

/** Pieces of a page on a terminal: lines no wider than `columns`. */

/** A heading with its lines; nothing where there are none. */
export function part(title: string, lines: readonly string[], styles: Paint): string[] {
  return lines.length === 0 ? [] : [styles.bold(title), ...lines];
}

/** A paragraph at an indent. */
export function paragraph(text: string, columns: number, indent: number): string[] {
  return text.split('\n').flatMap((line) => wrap(line, columns - indent).map((piece) => ' '.repeat(indent) + piece));
}

/** A paragraph whose first line begins with `mark` and whose other lines stand under its text. */
export function marked(mark: string, text: string, columns: number): string[] {
  return wrap(text, columns - mark.length).map((line, i) => (i === 0 ? mark : ' '.repeat(mark.length)) + line);
}

export const bullet = (text: string, columns: number): string[] => marked('  - ', text, columns);
export const list = (texts: readonly string[], columns: number): string[] =>
  texts.flatMap((text) => bullet(text, columns));

/** Columns of a label. */
const LABEL = 12;

/** A label with its text; further lines stand under the text. */
export function hanging(label: string, text: string, columns: number, styles: Paint): string[] {
  return wrap(text, columns - LABEL).map((line, i) => styles.dim((i === 0 ? label : '').padEnd(LABEL)) + line);
}

/** Parts with an empty line between them. */
export function page(parts: readonly (readonly string[])[]): string {
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
    .concat('\n');
}
