import { cut, visible } from '../visible.ts';

/**
 * Text for Markdown as GitHub and GitLab read it. Words that either would turn into something else (a link, a mention,
 * a reference, a commit, a label, an emoji, mathematics, HTML) are written as code; the rest is plain.
 */

/** A word that means only itself in every flavour. */
const PLAIN = /^[\p{L}\p{N}\p{M}.,;:?()'’‘“”"–—%/+=…×<>-]+$/u;
/** Plain by its characters, yet read as something: addresses, commits, issues, emoji, list marks, HTML. */
const SPECIAL =
  /:\/\/|www\.|^(?:mailto|xmpp|javascript|data):|^[("'“]*[0-9a-f]{7,40}[)"'”.,;:]*$|^GH-\d|^%["\w]|:\w+:|^(?:[-+=]+|\d{1,9}[.)])$|[<>]./i;

/** A code span that holds its text whatever backticks are in it. `inTable`: pipes are escaped as tables want it. */
export function code(text: string, limit = 300, inTable = false): string {
  const shown = cut(visible(text), limit);
  if (shown === '') return '';
  const fence = '`'.repeat(longestRun(shown) + 1);
  const inner = /^[` ]|[` ]$/.test(shown) ? ` ${shown} ` : shown;
  const span = `${fence}${inner}${fence}`;
  return inTable ? span.replaceAll('|', '\\|') : span;
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}

/** Running text; only words that could be read as something else are set as code. */
export function prose(text: string, limit = 1500, inTable = false): string {
  const parts: { text: string; plain: boolean }[] = [];
  for (const word of cut(visible(text), limit).split(' ')) {
    if (word === '') continue;
    const plain = PLAIN.test(word) && !SPECIAL.test(word);
    const last = parts.at(-1);
    if (last && last.plain === plain) last.text += ` ${word}`;
    else parts.push({ text: word, plain });
  }
  return parts
    .map((part) =>
      part.plain
        ? part.text.replace(/[<>]/g, (sign) => (sign === '<' ? '&lt;' : '&gt;'))
        : code(part.text, limit, inTable),
    )
    .join(' ');
}

/** A cell of a table. */
export function cell(text: string, limit = 300): string {
  return prose(text, limit, true);
}

/** Lines as a fenced block; the fence is longer than any within. */
export function block(lines: readonly string[], indent = ''): string {
  const shown = lines.map((line) => cut(line, 700));
  const fence = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [fence, ...shown, fence].map((line) => indent + line).join('\n');
}
