/** A pattern in two other ways; null where that is not told of it. */
interface DigitPatterns {
  /** Any digit for each that it names. */
  readonly any: RegExp;
  /** The same as it is, with each digit that it names as a group. */
  readonly own: RegExp;
}

const known = new Map<RegExp, DigitPatterns | null>();

/** Whether a pattern may match a text with other digits in the places of its own. Where that is not told of it, it may. */
export function mayMatch(pattern: RegExp, text: string): boolean {
  return patternsOf(pattern)?.any.test(text) ?? true;
}

/**
 * Places of the digits in a text that a pattern names itself, where it matches that: so it does with any other digits in all other
 * places. Null where it does not match, or that is not told of it.
 */
export function placesOfDigits(pattern: RegExp, text: string): readonly number[] | null {
  const found = patternsOf(pattern)?.own.exec(text);
  if (!found) return null;
  return Object.values(found.indices?.groups ?? {}).flatMap((place) => (place === undefined ? [] : [place[0]]));
}

function patternsOf(pattern: RegExp): DigitPatterns | null {
  let patterns = known.get(pattern);
  if (patterns === undefined) {
    patterns = derived(pattern);
    known.set(pattern, patterns);
  }
  return patterns;
}

/** One part of a pattern's text: an escape, a class, a quantifier, the beginning or end of a group, a single character. */
const PART = /\\.|\[(?:\\.|[^\]\\])*\]|\{[^}]*\}|\(\?[:!=]|\(\?<[!=]|\(\?<\w+>|[\s\S]/g;
/** Escapes that name a character or a group by digits, and properties of characters. */
const NAMES_BY_DIGITS = /^\\[\dxucpPk]/;
const LOOKS_AROUND = /^\(\?<?[!=]/;
const REPEATS = /^[*+{]/;
/** What of a class takes all digits or none. */
const ALL_DIGITS = /\\.|0-9/g;

function derived({ source, flags }: RegExp): DigitPatterns | null {
  const parts = source.match(PART) ?? [];
  let any = '';
  let own = '';
  let digits = 0;
  let isRepeated = false;
  for (const [i, part] of parts.entries()) {
    const repeats = REPEATS.test(parts[i + 1] ?? '');
    if (flags !== '' || NAMES_BY_DIGITS.test(part) || LOOKS_AROUND.test(part)) return null;
    if (part.length > 1 && part.startsWith('[') && /\d/.test(part.replace(ALL_DIGITS, ''))) return null;
    if (part === ')' && repeats) isRepeated = true;
    if (/^\d$/.test(part)) {
      // Of what comes again and again a group tells the last place alone.
      if (repeats) return null;
      any += '\\d';
      own += `(?<digit${digits++}>${part})`;
    } else {
      any += part;
      own += part;
    }
  }
  return digits > 0 && isRepeated ? null : { any: new RegExp(any), own: new RegExp(own, 'd') };
}
