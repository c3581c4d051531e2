import type { Result } from '../../result/schema.ts';
import type { Place } from '../../vocabulary/hops.ts';
import { visibleLines } from '../visible.ts';
import { fileAndLine, PLACE_TITLES } from '../words.ts';
import { type Content, html, type Markup, preformatted } from './markup.ts';

/** Pieces that several sections use. */

/** A place with its colour, a mark and its name: the name alone must do. */
export function placeMark(place: Place): Markup {
  return html`<span class="place t-${place}">${PLACE_TITLES[place]}</span>`;
}

/** A quoted line with its file and line number above. */
export function quotedLine(
  result: Result,
  ref: { readonly source: number; readonly line: number; readonly text: string },
): Markup {
  return html`<span class="file">${fileAndLine(result, ref.source, ref.line)}</span><pre>${ref.text}</pre>`;
}

/** A link to a burst, or its plain name where this page has no such burst. */
export function burstLink(result: Result, id: string): Content {
  return result.bursts.some((burst) => burst.id === id) ? html`<a href="#${id}">${id}</a>` : id;
}

/** Commands or configuration, line by line. */
export function codeLines(text: string | null | undefined): Content {
  if (text === null || text === undefined || text === '') return null;
  return html`<pre>${preformatted(visibleLines(text))}</pre>`;
}

/** A bulleted list, or nothing where there are no items. */
export function bullets(items: readonly Content[]): Content {
  return items.length === 0 ? null : html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;
}

/** Items beyond `most` are folded away, with their number stated. */
export function folded(items: readonly Markup[], most: number, what: string): Content {
  if (items.length <= most) return items;
  return html`${items.slice(0, most)}<details><summary>more ${what}: ${items.length - most}</summary>${items.slice(most)}</details>`;
}
