import { cut, visible } from '../visible.ts';

/**
 * Text for Markdown as GitHub and GitLab read it. Words that either would turn into something else (a link, a mention,
 * a reference, a commit, a label, an emoji, mathematics, HTML) are written as code; the rest is plain.
 */

/** A word that means only itself in every flavour. */
const PLAIN = /^[\p{L}\p{N}\p{M}.,;:?()'’‘“”"–—%/+=…×÷−<>-]+$/u;
/** Plain by its characters, yet read as something: addresses, commits, issues, emoji, list marks, HTML. */
const SPECIAL =
  /:\/\/|www\.|^(?:mailto|xmpp|javascript|data):|^[("'“]*[0-9a-f]{7,40}[)"'”.,;:]*$|^GH-\d|^%["\w]|(?<!\d):[\w+-]+:|<.|>\D/i;

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

/** Marks of a list or heading when they stand first. */
const LINE_MARK = /^(?:[-+=]+|\d{1,9}[.)])$/;
/** Punctuation around a word that is no part of what the word names. */
const AROUND = /^([("“‘]{0,3})(.*?)([.,;:?)"”’]{0,3})$/;

/** A word without the punctuation around it; a bracket that the word itself opens belongs to it: `exec()`. */
function partsOf(word: string): { before: string; core: string; after: string } {
  const [, before = '', core = '', after = ''] = AROUND.exec(word) ?? [null, '', word, ''];
  const own = after.startsWith(')') && core.split('(').length > core.split(')').length ? ')' : '';
  return { before, core: core + own, after: after.slice(own.length) };
}

/** Running text; only words that could be read as something else are set as code. */
export function prose(text: string, limit = 1500, inTable = false): string {
  const words: string[] = [];
  let open: string[] = [];
  const close = (): void => {
    if (open.length > 0) words.push(code(open.join(' '), limit, inTable));
    open = [];
  };
  for (const word of cut(visible(text), limit).split(' ')) {
    if (word === '') continue;
    if (PLAIN.test(word) && !SPECIAL.test(word) && !(words.length === 0 && LINE_MARK.test(word))) {
      close();
      words.push(word.replace(/[<>]/g, (sign) => (sign === '<' ? '&lt;' : '&gt;')));
      continue;
    }
    const { before, core, after } = partsOf(word);
    if (before !== '') close();
    open.push(core === '' ? word : core);
    if (core !== '' && (before !== '' || after !== '')) {
      const span = code(open.join(' '), limit, inTable);
      open = [];
      words.push(before + span + after);
    }
  }
  close();
  return words.join(' ');
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
