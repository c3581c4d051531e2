import { visible } from '../visible.ts';

/** A piece of finished HTML. Only `html` makes it from text, and `trusted` from constants of this program. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type Content = string | number | null | undefined | false | Markup | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** Text for HTML, within elements and quoted attributes alike; nothing unseen stays in it. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? character);
}

function written(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Markup) return content.source;
  if (typeof content === 'string' || typeof content === 'number') return escapeHtml(String(content));
  return content.map(written).join('');
}

/**
 * Template tag: every value that is not Markup is escaped; null and false leave nothing, lists are joined. Values stand
 * between tags or within double-quoted attributes, never in tag names, scripts, styles or addresses.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let source = parts[0] ?? '';
  values.forEach((value, index) => {
    source += written(value) + (parts[index + 1] ?? '');
  });
  return new Markup(source);
}

/** A constant of this program that is HTML already. Never for text of a result. */
export function trusted(constant: string): Markup {
  return new Markup(constant);
}

/** Several lines of text with their line ends kept (for `pre`). */
export function preformatted(lines: readonly string[]): Markup {
  return new Markup(lines.map(escapeHtml).join('\n'));
}
