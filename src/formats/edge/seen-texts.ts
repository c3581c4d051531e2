/** Slots for texts that were seen; a new one takes the place of an old one. */
const SLOTS = 2048;
/** Longer texts are made anew each time. */
const LONGEST = 160;

/**
 * Texts of columns that repeat (hosts, methods, browsers), so that a row's bytes are compared with a text that was made
 * before instead of making it again. Bounded; what was seen changes the speed, never the outcome.
 */
export class SeenTexts {
  private readonly texts = new Array<string>(SLOTS).fill('');

  /** The text of `bytes[from, to)`; undefined where they are not all ASCII. */
  ascii(bytes: Buffer, from: number, to: number): string | undefined {
    const length = to - from;
    if (length === 0) return '';
    if (length > LONGEST) return isAscii(bytes, from, to) ? bytes.toString('latin1', from, to) : undefined;
    const slot = slotOf(bytes, from, to);
    const seen = this.texts[slot] ?? '';
    if (seen.length === length && isText(bytes, from, seen)) return seen;
    if (!isAscii(bytes, from, to)) return undefined;
    const text = bytes.toString('latin1', from, to);
    this.texts[slot] = text;
    return text;
  }
}

/** Whether `bytes` from `from` on are this text of ASCII characters. */
export function isText(bytes: Uint8Array, from: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[from + i] !== text.charCodeAt(i)) return false;
  return true;
}

export function isAscii(bytes: Uint8Array, from: number, to: number): boolean {
  let all = 0;
  for (let at = from; at < to; at++) all |= bytes[at] ?? 0;
  return all < 0x80;
}

/** Chosen by the length and a few bytes, most of them from the end, where names of one kind differ. */
function slotOf(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  let hash = length;
  for (let i = 1; i <= 4 && i <= length; i++) hash = Math.imul(hash, 31) + (bytes[to - i] ?? 0);
  hash = Math.imul(hash, 31) + (bytes[from] ?? 0);
  hash = Math.imul(hash, 31) + (bytes[from + (length >> 1)] ?? 0);
  return (hash ^ (hash >>> 11)) & (SLOTS - 1);
}
