import { remembered } from './remembered.ts';

/** Longest part of a line that is looked at, and longest template. */
const LOOKED_AT = 600;
const LONGEST = 200;
/** Lines of one signal come together, and more texts would keep more of the log in memory. */
const MOST_KNOWN = 1000;

/** Stamps, host and program at a line's beginning, in the order in which wrappers and programs write them. */
const HEAD_PARTS: readonly RegExp[] = [
  // journald and syslog: `Aug 21 10:18:31 web-01 kernel: ` and its stamps of other kinds.
  /(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{8,35}) [\w.-]{1,64} (?:[\w@./-]{1,64})(?:\[\d{1,10}\])?: /,
  // `2025/05/20 08:30:36 `, `2025-10-28T09:33:00Z `, `[04-Mar-2025 09:12:00] `, `[2025-10-21 13:11:00 +0200] `.
  /\[?\d{2,4}[-/][\dA-Za-z]{2,3}[-/]\d{2,4}[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z| ?[+-]\d\d:?\d\d| [A-Z][A-Za-z_]{1,14}(?:\/[A-Za-z_]{1,20}){0,2})?\]? /,
  // `[788622.257300] ` of the kernel, `[6408] ` of gunicorn.
  /\[ {0,8}\d{1,12}(?:\.\d{1,9})?\] /,
];
const HEAD = HEAD_PARTS.map(({ source }) => `(?:${source})?`).join('');
/** The wrapper's head and the program's own. */
const HEADS = new RegExp(HEAD + HEAD, 'y');
/** nginx names process and connection between the level and the message. */
const NGINX_HEAD = /\[\w{1,8}\] \d{1,10}#\d{1,10}: (?:\*\d{1,12} )?/y;
/** What nginx and Apache append about the request: other in every line. */
const REQUEST_DETAILS = /, (?:client|server|request|upstream|host|referer|referrer): /;
/** Parts that differ from line to line. An errno in parentheses says what happened and stays. */
const VARYING = [
  /"[A-Z]{3,10} [^" ]{1,400}(?: HTTP\/[\d.]{1,3})?"/,
  /https?:\/\/[^\s"',)]{1,400}/,
  /\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/,
  /\b(?:[\da-fA-F]{2}:){5,}[\da-fA-F]{2}\b/,
  /\b[\da-f]{16}-[A-Z]{3,4}\b/,
  /\b(?=[a-f]*\d)[\da-f]{8,64}\b/,
  /\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/,
  /\[(?=[\da-fA-F]{0,4}:)[\da-fA-F:.]{2,45}\](?::\d{1,5}\b)?/,
  /\[?\b[\da-fA-F]{1,4}(?::[\da-fA-F]{0,4}){3,7}\]?(?::\d{1,5}\b)?/,
  /\/[\w.@%+~-]{1,200}(?:\/[\w.@%+~-]{0,200}){1,20}/,
  /(?<![\w.(-])(?<!signal )(?<!status=)\d(?:[\d.:,]{0,40}\d)?(?:ms|s|MB|kB|KB|B|%)?(?![\w-])|(?<=\()\d[\d.]{0,20}(?![\d.]|: )/,
];
/** Spaces that are not a single one already. */
const SPACES = /\s{2,200}|[^\S ]/g;
/** What any of them begins with is told first, as most characters of a line are none of it. */
const MASK = new RegExp(`(?=["h[/\\da-fA-F])(?:${VARYING.map(({ source }) => source).join('|')})`, 'g');

/**
 * What a line says without what differs from line to line: stamps, process ids, addresses, paths and numbers are written
 * `*`. Lines of one template tell the same. Stays short, and takes no longer than the line is long.
 */
export function lineTemplate(text: string): string {
  const end = text.indexOf('\n');
  const line = text.slice(0, end === -1 ? LOOKED_AT : Math.min(end, LOOKED_AT));
  const afterHeads = endOf(HEADS, line, 0) ?? 0;
  const message = endOf(NGINX_HEAD, line, afterHeads);
  const level = message === null ? '' : line.slice(afterHeads, line.indexOf(' ', afterHeads) + 1);
  const said = line.slice(message ?? afterHeads);
  const details = said.search(REQUEST_DETAILS);
  return masked(level + (details === -1 ? said : said.slice(0, details)));
}

/** Where the piece ends that an expression finds at a place. */
function endOf(expression: RegExp, text: string, from: number): number | null {
  expression.lastIndex = from;
  return expression.test(text) ? expression.lastIndex : null;
}

/** Without the details of their requests most lines of a log are alike. */
const masked = remembered(MOST_KNOWN, (text) => {
  const said = text.replace(MASK, '*').replace(SPACES, ' ').trim();
  return said.length > LONGEST ? `${said.slice(0, LONGEST - 1)}…` : said;
});
