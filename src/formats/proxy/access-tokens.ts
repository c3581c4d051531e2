/** Piece of an access line: a bare word, a quoted string, a bracketed text, or a `key=value` pair. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'bracket' | 'pair';
  /** Text without quotes or brackets; of a pair its value. */
  readonly text: string;
  /** Name of a pair, lower case. */
  readonly key?: string;
}

/** No log format has more; a hostile line does. */
const MOST_TOKENS = 80;
/** Longest line that is looked at; nginx takes request lines of 8 to 32 KiB. */
const LONGEST_LINE = 65_536;

const SPACE = 32;
const QUOTE = 34;
const BRACKET = 91;
const BACKSLASH = 92;

/** Index of the quote that ends a string begun before `from`: one followed by a blank, a closing mark or the end. */
function quoteEnd(line: string, from: number): number {
  for (let at = line.indexOf('"', from); at >= 0; at = line.indexOf('"', at + 1)) {
    const next = line.charCodeAt(at + 1);
    // nginx escapes quotes as \x22 and Apache as \"; a raw one in the middle (escape=none) is followed by text.
    if (line.charCodeAt(at - 1) === BACKSLASH && line.charCodeAt(at - 2) !== BACKSLASH) continue;
    if (Number.isNaN(next) || next === SPACE || next === 44 || next === 59 || next === 93 || next === 124) return at;
  }
  return -1;
}

const KEY = /^[A-Za-z_][\w.-]{0,40}$/;
/** What was found of short keys before: a file has the same few in each row. */
const LONGEST_SHORT_KEY = 12;
const KEYS = new Map<string, string | null>();
const MOST_KEYS = 1000;

/** A pair's key in lower case, or null where the text is none. */
function keyOf(text: string): string | null {
  if (text.length > LONGEST_SHORT_KEY) return KEY.test(text) ? text.toLowerCase() : null;
  let key = KEYS.get(text);
  if (key === undefined) {
    key = KEY.test(text) ? text.toLowerCase() : null;
    if (KEYS.size >= MOST_KEYS) KEYS.clear();
    KEYS.set(text, key);
  }
  return key;
}

/**
 * Cuts an access line into its pieces. Lists that nginx writes without quotes (`0.001, 0.002`, `a:80 : b:80`) stay one
 * piece. Linear in the length of the line.
 */
export function tokenize(text: string): Token[] {
  const line = text.length > LONGEST_LINE ? text.slice(0, LONGEST_LINE) : text;
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length && tokens.length < MOST_TOKENS) {
    const code = line.charCodeAt(at);
    if (code === SPACE || code === 9 || code === 124) {
      at++;
    } else if (code === QUOTE) {
      const end = quoteEnd(line, at + 1);
      const stop = end < 0 ? line.length : end;
      tokens.push({ kind: 'quoted', text: line.slice(at + 1, stop) });
      at = stop + 1;
    } else if (code === BRACKET && line.indexOf(']', at) > 0 && !isBracketedAddress(line, at)) {
      const stop = line.indexOf(']', at);
      tokens.push({ kind: 'bracket', text: line.slice(at + 1, stop) });
      at = stop + 1;
    } else {
      at = takeWord(line, at, tokens);
    }
  }
  return tokens;
}

/** `[::1]:8080` is a word, `[name]` a bracket. */
function isBracketedAddress(line: string, at: number): boolean {
  return /^\[[\da-fA-F:.%]{2,45}\]:\d/.test(line.slice(at, at + 56));
}

function wordEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return space < 0 ? line.length : space;
}

function takeWord(line: string, at: number, tokens: Token[]): number {
  let stop = wordEnd(line, at);
  const equals = line.indexOf('=', at);
  const key = equals > at && equals < stop ? keyOf(line.slice(at, equals)) : null;
  if (key !== null) {
    if (line.charCodeAt(equals + 1) === QUOTE) {
      const end = quoteEnd(line, equals + 2);
      stop = end < 0 ? line.length : end;
      tokens.push({ kind: 'pair', key, text: line.slice(equals + 2, stop) });
      return stop + 1;
    }
    stop = listEnd(line, stop);
    tokens.push({ kind: 'pair', key, text: withoutSeparator(line.slice(equals + 1, stop)) });
    return stop;
  }
  stop = listEnd(line, stop);
  tokens.push({ kind: 'word', text: line.slice(at, stop) });
  return stop;
}

/** A bare value without the mark that sets it off from the next. */
export function withoutSeparator(value: string): string {
  return value.endsWith(',') || value.endsWith(';') ? value.slice(0, -1) : value;
}

/** Where a list ends whose first element ends at `stop`: elements are joined by `, ` and ` : `. */
function listEnd(line: string, stop: number): number {
  let end = stop;
  while (end < line.length) {
    let next: number;
    if (line.charCodeAt(end - 1) === 44 && line.charCodeAt(end + 1) !== QUOTE) next = end + 1;
    else if (line.startsWith(' : ', end)) next = end + 3;
    else break;
    const following = wordEnd(line, next);
    if (following === next || line.slice(next, following).includes('=')) break;
    end = following;
  }
  return end;
}

/** What stands before a token's value, from the blank before it on, and what closes it. */
export interface Marks {
  readonly lead: string;
  readonly closing: '' | '"' | ']';
}

/** How the token is written that follows the blank at `at`; null where other text stands there. */
export function marksOf(line: string, at: number, { kind, key, text }: Token): Marks | null {
  const name = key === undefined ? '' : line.slice(at + 1, at + 2 + key.length);
  const isQuoted = line.charAt(at + 1 + name.length) === '"';
  const [opening, closing] = kind === 'bracket' ? IN_BRACKETS : isQuoted ? IN_QUOTES : BARE;
  const lead = ` ${name}${opening}`;
  return line.startsWith(`${lead}${text}${closing}`, at) ? { lead, closing } : null;
}
const IN_BRACKETS = ['[', ']'] as const;
const IN_QUOTES = ['"', '"'] as const;
const BARE = ['', ''] as const;
