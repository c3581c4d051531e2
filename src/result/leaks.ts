import { MASK } from './secrets.ts';

/**
 * What was masked in one place may stand in another, where nothing tells what it is: the token of a query in an error
 * message, a password in a stack trace. The values that were masked are looked for in all text that leaves.
 */

/** Values that were masked, to be found again. */
export interface Secrets {
  /** Remembers a masked value; `mask` is what stands for it. What could be any word is not remembered. */
  readonly add: (kind: string, value: string, mask?: string) => void;
  /** A text with the values masked wherever they stand. `note` hears of each. */
  readonly mask: (text: string, note?: (kind: string) => void) => string;
  /** Which values a text holds, as they would be written in one of our outputs, and how often. */
  readonly find: (text: string) => ReadonlyMap<string, number>;
}

/** Values of these kinds are secrets wherever they stand; those of others are private by where they stood. */
const ALWAYS_SECRET: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'jwt',
  'key',
  'secret',
  'session',
  'userinfo',
  'email',
  'home',
  'visitor',
]);
/** Shorter values are found by accident. */
const SHORTEST = 8;
const SHORTEST_SECRET = 5;
/** A value of letters alone is a word until it is this long. */
const LONGEST_WORD = 16;
/** Values remembered: logs of a site under attack hold millions of them. */
const MOST_VALUES = 50_000;
const LONGEST_VALUE = 4096;

interface Wanted {
  readonly kind: string;
  readonly form: string;
  readonly mask: string;
}

/** Values that begin alike: looked up by their lengths, as there may be thousands (session ids with one prefix). */
interface Alike {
  readonly forms: Map<string, Wanted>;
  /** Longest first. */
  readonly lengths: number[];
}

/** Opens an empty memory of masked values. */
export function openSecrets(): Secrets {
  const known = new Set<string>();
  const byHead = new Map<string, Alike>();
  /** Which heads there are at all, by a hash: most places of a text are passed by it alone. */
  let heads: Uint8Array | null = null;
  /** Which two characters any value begins with: told with less work still. */
  const pairs = new Uint8Array(PAIRS);

  const want = (wanted: Wanted): void => {
    const head = wanted.form.slice(0, SHORTEST_SECRET);
    const alike: Alike = byHead.get(head) ?? { forms: new Map(), lengths: [] };
    byHead.set(head, alike);
    if (alike.forms.has(wanted.form)) return;
    alike.forms.set(wanted.form, wanted);
    if (!alike.lengths.includes(wanted.form.length)) {
      alike.lengths.push(wanted.form.length);
      alike.lengths.sort((a, b) => b - a);
    }
    heads ??= new Uint8Array(HEAD_HASHES);
    heads[headHash(wanted.form, 0)] = 1;
    pairs[pairOf(wanted.form.charCodeAt(0), wanted.form.charCodeAt(1))] = 1;
  };

  /** Calls `found` for each value in a text, the longest where several begin; none overlap. */
  const scan = (text: string, found: (wanted: Wanted, at: number) => void): void => {
    if (heads === null) return;
    let code = text.charCodeAt(0);
    for (let at = 0; at + SHORTEST_SECRET <= text.length; at += 1) {
      const next = text.charCodeAt(at + 1);
      const isBeginning = pairs[pairOf(code, next)] === 1;
      code = next;
      if (!isBeginning || heads[headHash(text, at)] === 0) continue;
      const alike = byHead.get(text.slice(at, at + SHORTEST_SECRET));
      const wanted = alike && longestAt(alike, text, at);
      if (wanted === undefined) continue;
      found(wanted, at);
      at += wanted.form.length - 1;
      code = text.charCodeAt(at + 1);
    }
  };

  return {
    add(kind, value, mask = MASK) {
      for (const part of partsOf(kind, value)) {
        if (known.has(part) || known.size >= MOST_VALUES || !isTelling(kind, part)) continue;
        known.add(part);
        for (const form of formsOf(part)) want({ kind, form, mask });
      }
    },
    mask(text, note) {
      let written = '';
      let from = 0;
      scan(text, ({ kind, form, mask }, at) => {
        note?.(kind);
        written += text.slice(from, at) + mask;
        from = at + form.length;
      });
      return from === 0 ? text : written + text.slice(from);
    },
    find(text) {
      const found = new Map<string, number>();
      scan(text, ({ form }) => found.set(form, (found.get(form) ?? 0) + 1));
      return found;
    },
  };
}

/** The longest of the values that stands at this place by itself. */
function longestAt({ forms, lengths }: Alike, text: string, at: number): Wanted | undefined {
  for (const length of lengths) {
    const wanted = forms.get(text.slice(at, at + length));
    if (wanted !== undefined && standsAlone(text, at, length)) return wanted;
  }
  return undefined;
}

/** So many that ten thousand values leave most of them free. */
const HEAD_HASHES = 2 ** 18;

const PAIRS = 2 ** 14;

function pairOf(first: number, second: number): number {
  return ((first << 7) ^ second) & (PAIRS - 1);
}

/** A hash of the head of a value, as long as the shortest. */
function headHash(text: string, at: number): number {
  const first = (text.charCodeAt(at) << 16) ^ (text.charCodeAt(at + 1) << 8) ^ text.charCodeAt(at + 2);
  const rest = (text.charCodeAt(at + 3) << 8) ^ text.charCodeAt(at + 4);
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(rest, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (HEAD_HASHES - 1);
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Whether a value is no part of a longer word or number. */
function standsAlone(text: string, at: number, length: number): boolean {
  const touches = (inner: number, outer: number): boolean =>
    isAlphanumeric(text.charCodeAt(inner)) && isAlphanumeric(text.charCodeAt(outer));
  // `\n`, `\t` and the like in JSON are no letters of the word that follows.
  const escaped = at >= 2 && text.charAt(at - 2) === '\\';
  return (escaped || at === 0 || !touches(at, at - 1)) && !touches(at + length - 1, at + length);
}

/** The secrets within what was masked: each cookie's value, the password of Basic credentials and of an address. */
function partsOf(kind: string, value: string): readonly string[] {
  // A list or object of JSON: all its strings. They hold no line end: what lies between two quotes over a line end is no string.
  if (/^\s*\\*["{[]/.test(value) && value.includes('"'))
    return [...value.matchAll(/"([^"\\\n]{1,4096})\\*"/g)].flatMap(([, text]) => text ?? []);
  const bare = value.replace(/^\\?["']|\\?["']$/g, '').trim();
  if (kind === 'cookie') return bare.split(/;\s*/).map((part) => part.slice(part.indexOf('=') + 1));
  if (kind === 'userinfo') return [bare, bare.slice(bare.indexOf(':') + 1)];
  if (kind !== 'authorization') return [bare];
  const credential = bare.slice(bare.search(/\S+$/));
  const basic = Buffer.from(credential, 'base64').toString('latin1');
  return /^[\x20-\x7e]+:[\x20-\x7e]+$/.test(basic)
    ? [credential, basic, basic.slice(basic.indexOf(':') + 1)]
    : [credential];
}

/** Whether a value is worth looking for: not any word, path, number or address of a page. */
function isTelling(kind: string, value: string): boolean {
  if (value.length > LONGEST_VALUE || value.includes(MASK)) return false;
  const letters = /\p{L}/u.test(value);
  const digits = /\d/.test(value);
  if (ALWAYS_SECRET.has(kind)) {
    if (kind === 'email' || kind === 'home') return true;
    if (letters && digits) return value.length >= SHORTEST_SECRET;
    return value.length >= (letters && /^[\p{L}_-]+$/u.test(value) ? LONGEST_WORD : SHORTEST);
  }
  return value.length >= SHORTEST && letters && digits && !value.startsWith('/') && !value.includes('://');
}

/** A value as it may be written: plainly, percent-encoded, in base64, or escaped for JSON or HTML. */
function formsOf(value: string): Iterable<string> {
  const bytes = Buffer.from(value);
  const forms = [
    value,
    [...bytes].map((byte) => percent(byte)).join(''),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  ];
  return new Set(forms.filter((form) => form.length >= SHORTEST_SECRET));
}

function percent(byte: number): string {
  const character = String.fromCharCode(byte);
  return /[A-Za-z0-9\-._~]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
