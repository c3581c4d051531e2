import { bareError, errorRows, messageRows, PREFIXES, prefixOf } from './cloudflared-match.ts';
import { mayMatch, placesOfDigits } from './pattern-digits.ts';

const DIGIT = /\d/g;
const FREE = 255;

/** A text with zeros for its digits. */
export function blanked(text: string): string {
  return text.replace(DIGIT, '0');
}

/**
 * The digits of a failed request's error that tell nothing of what it means: whatever digits stand in their places (of ports,
 * addresses, numbers of streams), the tables give the same signal, and the same carriers' words before the error proper. By place
 * 255 for such a digit, else 0. Told from the patterns of the tables themselves.
 */
export function freeDigits(message: string, error: string): Uint8Array {
  const free = new Uint8Array(error.length);
  const fixed = fixedDigits(message, error);
  if (fixed === null) return free;
  for (const { index } of error.matchAll(DIGIT)) if (!fixed.has(index)) free[index] = FREE;
  return free;
}

/** Places of the digits without which an error might mean something else; null where it may hang on any. */
function fixedDigits(message: string, error: string): ReadonlySet<number> | null {
  if (messageRows(message).some((row) => row.error === undefined || mayMatch(row.error, error))) return null;
  const bare = bareError(error);
  const at = error.length - bare.text.length;
  if (!error.endsWith(bare.text) || /^\d/.test(bare.text)) return null;
  for (let from = 0; from <= at; ) {
    const rest = error.slice(from);
    if (PREFIXES.some((prefix) => !rest.startsWith(prefix) && blanked(rest).startsWith(blanked(prefix)))) return null;
    from += (from < at && prefixOf(rest)?.length) || rest.length + 1;
  }
  const fixed = new Set<number>();
  for (const { index } of error.slice(0, at).matchAll(DIGIT)) fixed.add(index);
  for (const { error: pattern } of errorRows(bare)) {
    if (pattern === undefined) return null;
    const places = placesOfDigits(pattern, bare.text);
    if (places !== null) {
      for (const place of places) fixed.add(at + place);
      return fixed;
    }
    if (mayMatch(pattern, bare.text)) return null;
  }
  return fixed;
}
