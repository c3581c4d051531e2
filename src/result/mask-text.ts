import { replaceAddresses } from './addresses.ts';
import {
  MASK,
  maskedQuery,
  maskedWord,
  type NamedKind,
  PERSONS,
  QUERY,
  SECRETS,
  UNIT_ENDINGS,
  type Words,
} from './secrets.ts';
import { type Look, WordSearch } from './words.ts';

/** What masking tells and asks on its way through a text. */
export interface Masker {
  /** A value was masked: its kind, and the value itself without quotes. */
  readonly note: (kind: string, value: string) => void;
  /** What stands for a visitor's address or a user's name; null: it stays. */
  readonly name: (kind: NamedKind, value: string) => string | null;
}

/** Texts within texts are opened this deep: percent-encoded twice, or in base64 and then encoded. */
const DEEPEST = 2;

/** A text without credentials, query values, tokens, mail addresses, referrers, names of users and addresses of visitors. */
export function maskText(text: string, masker: Masker, depth = 0): string {
  if (hasEscapedQuotes(text)) return maskEscaped(text, masker, depth);
  return nameAddresses(maskAllButAddresses(text, masker, depth), masker);
}

/** Whether quotes stand in a text as nginx writes them within a field: `\\x22`. */
export function hasEscapedQuotes(text: string): boolean {
  return text.includes('\\x22');
}

/** The first step of `maskText`, for texts without escaped quotes. */
export function maskAllButAddresses(text: string, masker: Masker, depth = 0): string {
  const look = NEEDED.look(text.toLowerCase());
  // What is encoded goes first: a piece of it could look like a key, and the rest would stay.
  const opened = depth < DEEPEST ? maskEncoded(text, look, masker, depth) : text;
  return maskSecrets(opened, opened === text ? look : NEEDED.look(opened.toLowerCase()), masker);
}

/** The second step of `maskText`. */
export function nameAddresses(text: string, masker: Masker): string {
  return replaceAddresses(text, (address) => {
    const name = masker.name('visitor', address);
    if (name !== null) masker.note('visitor', address);
    return name;
  });
}

/** A text with escaped quotes: masked as it is meant, and written as it was. */
function maskEscaped(text: string, masker: Masker, depth: number): string {
  const meant = text.replace(/(?:\\+x5C)*(\\+)x22/gi, '$1"');
  const masked = maskText(meant, masker, depth);
  if (masked === meant) return text;
  // Where a quote stands behind a backslash in the text itself nobody can tell one from the other any more.
  return text.includes('\\"') ? masked : masked.replace(/(\\+)"/g, '$1x22');
}

/** The words that a text must have for a pattern to match: lists of their places among all, of each of which it has one. */
type Needs = readonly (readonly number[])[];

const NEEDED = new WordSearch([...PERSONS, ...SECRETS].flatMap(({ needs = [] }) => needs.flat()));

/** Rows by the words that they need: most texts have those of a few. */
class RowsByWord<Row extends { readonly needs?: Words }> {
  private readonly rows: readonly Row[];
  private readonly needs: readonly Needs[];
  /** Places of the rows that need nothing, and of those that have a word in their last list. */
  private readonly always: number[] = [];
  private readonly byWord: readonly number[][] = NEEDED.words.map(() => []);

  constructor(rows: readonly Row[]) {
    this.rows = rows;
    this.needs = rows.map(({ needs = [] }) => needs.map((words) => words.map((word) => NEEDED.words.indexOf(word))));
    for (const [place, needs] of this.needs.entries()) {
      if (needs.length === 0) this.always.push(place);
      for (const word of needs.at(-1) ?? []) this.byWord[word]?.push(place);
    }
  }

  /** Those that have what they need, in their order. */
  with(found: readonly number[]): readonly Row[] {
    const places = [...this.always];
    for (const word of found)
      for (const place of this.byWord[word] ?? []) {
        const needs = this.needs[place] ?? [];
        if (!places.includes(place) && needs.every((words) => words.some((one) => found.includes(one))))
          places.push(place);
      }
    return places.sort((a, b) => a - b).flatMap((place) => this.rows[place] ?? []);
  }
}

const PERSON_ROWS = new RowsByWord(PERSONS);
const SECRET_ROWS = new RowsByWord(SECRETS);

function maskSecrets(text: string, { found, longestRun }: Look, masker: Masker): string {
  const { note } = masker;
  let masked = text.includes('?')
    ? text.replace(QUERY, (whole, query: string) => {
        const without = maskedQuery(query, (value) => note('query', value));
        return without === query ? whole : `?${without}`;
      })
    : text;
  // What is masked holds none of these words that the text does not.
  for (const { kind, pattern } of PERSON_ROWS.with(found)) {
    masked = masked.replace(pattern, (...match: unknown[]) => {
      const { whole, keep } = matched(match);
      const person = whole.slice(keep.length);
      const name = masker.name(kind, person);
      if (name === null) return whole;
      note(kind, person);
      return keep + name;
    });
  }
  for (const { kind, pattern, mask, when } of SECRET_ROWS.with(found)) {
    masked = masked.replace(pattern, (...match: unknown[]) => {
      const { whole, keep } = matched(match);
      const secret = whole.slice(keep.length);
      if (when && !when(secret)) return whole;
      note(kind, secret);
      return keep + mask;
    });
  }
  // A name that stands for another may make a word longer.
  if (longestRun >= LONG || masked !== text)
    masked = masked.replace(LONG_WORD, (word) => {
      const without = maskedWord(word);
      if (without !== word) note('key', word);
      return without;
    });
  return masked.includes('@') || masked.includes('%40') ? maskMail(masked, note) : masked;
}

/** Words long enough to be a key; each is judged by `maskedWord`. */
const LONG = 22;
const LONG_WORD = /[A-Za-z0-9+/_-]{22,}={0,2}/g;

function matched(match: readonly unknown[]): { readonly whole: string; readonly keep: string } {
  const groups = match.at(-1);
  const keep = typeof groups === 'object' && groups !== null && 'keep' in groups ? String(groups.keep ?? '') : '';
  return { whole: String(match[0]), keep };
}

/** Words as they stand between white space and quotes. */
const WORD = /[^\s"<>`\\]{3,8192}/g;
const PERCENT = /(?:%[0-9A-Fa-f]{2})+/g;
/** What stands in front of the first encoded character, back to the separator before it. */
const BEFORE_ENCODED = /^(?:[^%]*[/=&?:,;(']|)/;
/** What closes a quotation or a sentence behind it. */
const BEHIND_ENCODED = /['),;\]}]*$/;

/** Percent-encoded words and words in base64, opened; one with a secret in it is masked from where the encoding begins. */
function maskEncoded(text: string, { longestRun }: Look, masker: Masker, depth: number): string {
  const opened = /%(?:[0-9A-Fa-f]{2}|\*)/.test(text)
    ? text.replace(WORD, (word) => {
        // In templates of lines numbers are `*`: what was encoded cannot be read any more.
        if (word.includes('%*')) {
          masker.note('encoded', word);
          return maskedFromEncoding(word);
        }
        const plain = word.replace(PERCENT, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
        if (plain === word) return word;
        // A path whose slashes are encoded is a value, not that of the request; forms write a space as `+`.
        const forms = [
          /%(?:25)?2f/i.test(word) ? ` ${plain}` : plain,
          ...(word.includes('+') ? [plain.replaceAll('+', ' ')] : []),
        ];
        for (const form of forms) {
          const masked = maskText(form, masker, depth + 1);
          if (masked !== form) return maskedFromEncoding(word, masked.trimStart());
        }
        return word;
      })
    : text;
  if (longestRun < SHORTEST_BASE64 && opened === text) return text;
  return opened.replace(BASE64, (word) =>
    word
      .split('/')
      .map((part) => (hidesSecret(part, masker, depth) ? MASK : part))
      .join('/'),
  );
}

/** What stands before the encoding stays where it does in the opened word, `masked`. */
function maskedFromEncoding(word: string, masked = word): string {
  const before = BEFORE_ENCODED.exec(word)?.[0] ?? '';
  return `${masked.startsWith(before) ? before : ''}${MASK}${BEHIND_ENCODED.exec(word)?.[0] ?? ''}`;
}

const SHORTEST_BASE64 = 12;
const BASE64 = /[A-Za-z0-9+/_-]{12,}={0,2}/g;
const LONGEST_BASE64 = 8192;

/** Whether a word is a text in base64 that would be masked if it stood there plainly. */
function hidesSecret(word: string, masker: Masker, depth: number): boolean {
  if (word.length < SHORTEST_BASE64 || word.length > LONGEST_BASE64 || !/[A-Z]/.test(word) || !/[a-z]/.test(word))
    return false;
  const text = Buffer.from(word, 'base64').toString('latin1');
  if (!/^[\t\n\r\x20-\x7e]+$/.test(text)) return false;
  return maskText(text, masker, depth + 1) !== text;
}

const MAIL_SIGN = /@|%40/gi;
const LOCAL_CHARACTER = /[A-Za-z0-9._%+\-\p{L}]/u;
const DOMAIN = /(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9])/y;
const LONGEST_LOCAL = 64;

/** Replaces mail addresses, looking outwards from each sign so that no long run is searched twice. */
function maskMail(text: string, note: Masker['note']): string {
  let written = '';
  let from = 0;
  for (const match of text.matchAll(MAIL_SIGN)) {
    const sign = match.index;
    let start = sign;
    while (start > from && sign - start < LONGEST_LOCAL && LOCAL_CHARACTER.test(text.charAt(start - 1))) start -= 1;
    DOMAIN.lastIndex = sign + match[0].length;
    const domain = DOMAIN.exec(text)?.[0];
    if (domain === undefined || start === sign || UNIT_ENDINGS.has(domain.slice(domain.lastIndexOf('.') + 1))) continue;
    note('email', text.slice(start, sign + match[0].length + domain.length));
    written += text.slice(from, start) + MASK;
    from = sign + match[0].length + domain.length;
  }
  return written + text.slice(from);
}
