import type { Peeled } from './peeled.ts';

/** What comes along when lines are copied from chats, tickets, terminals and web pages. */

const ANSI = /\u001b(?:\[[0-9;?]{0,40}[ -/]{0,4}[@-~]|\][^\u0007\u001b]{0,200}(?:\u0007|\u001b\\)|[()][0-9A-Z])/g;
/** rsyslog writes control bytes as `#033`. */
const ESCAPED_ANSI = /#033\[[0-9;]{0,40}m/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
  '&#39;': "'",
  '&#x27;': "'",
  '&amp;': '&',
};
/** What word processors, chats and blogs make of straight quotes. */
const CURLY: readonly (readonly [RegExp, string])[] = [
  [/[\u201c\u201d]/g, '"'],
  [/[\u2018\u2019]/g, "'"],
];
const ANY_CURLY = /[\u2018\u2019\u201c\u201d]/;
const ENTITY = /&(?:quot|lt|gt|amp|#39|#x27);/g;

const LONGEST_PASTED = 100_000;

const QUOTE = /^(?:> ?){1,8}(?=\s{0,12}\S)/;
const COMMENT = /^# {1,12}(?=[[{<]|\d{4}[-/]|[A-Z][a-z]{2} [ \d]\d )/;
const CHAT_TIME = /^(?:today|yesterday) at \d{1,2}:\d\d(?::\d\d)? ?[AP]M ?/i;
/** Code within a sentence of Markdown, perhaps as an item of a list. */
const TICKS = /^(?:(?:[-*]|\d{1,2}[.)]) {1,3})?`{1,3} ?(?=[[{<\w])/;
/** A sentence that somebody quoted. */
const QUOTED = /^["“]([A-Za-z][^"“”\n]{20,2000})["”]$/;
/** A line that Markdown sets in italics or bold. */
const EMPHASIS = /^([*_]{1,3})((?:\d{4}-\d\d-\d\dT|(?:ERR|WRN|INF) |\{").{0,9000})\1$/;
/** What a terminal’s program (k9s, a dialogue) draws around the lines that it shows. */
export const BORDERS = '│┃║';
const BORDER = /^[│┃║] {0,2}(?=\S)/;
const MORE_BORDERS = /[│┃║]/;
const MOST_CLOSING = 3;
/** journalctl -o json-sse. */
const EVENT = /^data: (?=\{)/;
const PROMPT = /^[\w.-]{1,64}@[\w.-]{1,255}:[^\s#$]{0,255}[#$] /;
const PROMPT_BRACKETED = /^\[[\w.-]{1,64}@[\w.-]{1,255} [^\s\]]{0,255}\][#$] /;

/**
 * Colours, carriage return, byte order mark, hard blanks, typographic quotes and (where a page was copied) HTML entities taken out. In a JSON
 * object entities are a visitor's: a page would have made them of its quotes, too.
 */
export function cleaned(text: string): string {
  let line = text;
  if (line.endsWith('\r')) line = line.slice(0, -1);
  if (line.startsWith('\uFEFF') || line.startsWith('\u001e')) line = line.slice(1);
  if (line.includes('\u001b')) line = line.replace(ANSI, '');
  const isJson = line.startsWith('{"');
  if (!isJson && line.includes('#033[')) line = line.replace(ESCAPED_ANSI, '');
  // Hard blanks come from web pages, whose lines are short.
  if (line.length < LONGEST_PASTED && line.includes('\u00a0')) line = line.replaceAll('\u00a0', ' ');
  if (!isJson && line.includes('&quot;')) line = line.replace(ENTITY, (entity) => ENTITIES[entity] ?? entity);
  if (ANY_CURLY.test(line) && line.length < LONGEST_PASTED && !line.includes('{"'))
    for (const [curly, straight] of CURLY) line = line.replace(curly, straight);
  return line;
}

/** `> `, `#   `, a tick, a border, `today at 9:32:43 AM`, `user@host:~$ `. */
export function peelPasted(text: string): Peeled | null {
  const around = peelAround(text, TICKS, '`') ?? peelBorder(text);
  if (around !== null) return around;
  const emphasized = EMPHASIS.exec(text)?.[2];
  if (emphasized !== undefined) return { rest: emphasized };
  const quoted = QUOTED.exec(text)?.[1];
  if (quoted !== undefined) return { rest: quoted };
  const head =
    QUOTE.exec(text) ??
    EVENT.exec(text) ??
    COMMENT.exec(text) ??
    CHAT_TIME.exec(text) ??
    PROMPT.exec(text) ??
    PROMPT_BRACKETED.exec(text);
  return head === null ? null : { rest: text.slice(head[0].length) };
}

/** Takes off marks that stand on both sides of a line, or at its beginning where it was cut. */
function peelAround(text: string, opening: RegExp, marks: string): Peeled | null {
  const head = opening.exec(text);
  if (head === null) return null;
  const rest = text.slice(head[0].length).trimEnd();
  let end = rest.length;
  while (end > rest.length - MOST_CLOSING && marks.includes(rest.charAt(end - 1))) end--;
  return { rest: end < rest.length ? rest.slice(0, end).trimEnd() : rest };
}

/** The same of a border; a line with more of them is a row of a table. */
function peelBorder(text: string): Peeled | null {
  const inner = peelAround(text, BORDER, BORDERS);
  return inner === null || MORE_BORDERS.test(inner.rest) ? null : inner;
}

/** Whether a line is a Markdown fence. */
export function isFence(text: string): boolean {
  return /^(?:`{3,8}|~{3,8})[\w-]{0,20}\s{0,4}$/.test(text);
}
