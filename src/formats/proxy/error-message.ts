import { digitsEnd } from './error-head.ts';
import { candidatesFor, MESSAGE_STARTS, NO_PHASE, phaseAt, rowOf } from './nginx-matcher.ts';
import type { NginxMessage } from './nginx-messages.ts';

/** Kinds of bytes that a message is searched for. */
const PLAIN = 0;
const ODD = 1;
const BLANK = 2;
const COMMA = 3;
const OPEN = 4;
const COLON = 5;

/**
 * Bytes that are undone before a line is read as text (colours, entities, control bytes, hard blanks) make a message one
 * for the ordinary way: so do all that are not ASCII.
 */
const KIND = new Uint8Array(256).fill(ODD).fill(PLAIN, 32, 127);
KIND[0x20] = BLANK;
KIND[0x23] = ODD;
KIND[0x26] = ODD;
KIND[0x28] = OPEN;
KIND[0x2c] = COMMA;
KIND[0x3a] = COLON;

const WHILE = Buffer.from('while ', 'latin1');
/** What ends a message, from the second character on: `, client: `, `, udp client: `, `, server: `. */
export const CONTEXTS = [' client: ', ' udp client: ', ' server: '].map((text) => Buffer.from(text, 'latin1'));
/** nginx writes at most 2,048 bytes. */
const LONGEST = 2000;
const LONGEST_TAIL = 8;
const LONGEST_ERRNO = 5;
const BLANK_BYTE = 0x20;
const COMMA_BYTE = 0x2c;
export const CLIENT = Buffer.from(', client: ', 'latin1');
/** Wordings that are known of one beginning. */
const MOST_LEARNED = 200;

/** Whether all of `bytes[start, end)` are printable ASCII that no clean-up changes. */
export function isClean(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (KIND[bytes[i] ?? 0] === ODD) return false;
  return true;
}

/** Whether `text` stands in `bytes` at `at`. */
export function goesOn(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text[i]) return false;
  return true;
}

/** Length of the mark of a context that begins at `at`; 0 where none does. */
function contextMark(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 1];
  if (bytes[at] !== 0x20 || (second !== 0x63 && second !== 0x73 && second !== 0x75)) return 0;
  return CONTEXTS.find((text) => goesOn(bytes, at, text))?.length ?? 0;
}

/** A mark before these can itself be part of what `repairPasted` changes. */
function isRepairable(byte: number | undefined): boolean {
  return byte === 0x28 || byte === 0x2f;
}

interface KnownMessage {
  /** The message up to its context, and the mark of that. */
  readonly bytes: Buffer;
  readonly length: number;
  readonly level: number;
  readonly row: NginxMessage | null;
}

/** Where a message is looked at to find the known one that it may be. */
const PROBES = [1, 12, 19, 27, 35, 41] as const;
const SLOTS = 1024;

function slotOf(bytes: Uint8Array, start: number, level: number): number {
  let hash = level;
  for (const probe of PROBES) hash = Math.imul(hash, 31) + (bytes[start + probe] ?? 0);
  return (hash ^ (hash >>> 11)) & (SLOTS - 1);
}

/** Messages that were written in the same words before: most have no variable part. */
class KnownMessages {
  private readonly known: (KnownMessage | undefined)[] = new Array<KnownMessage | undefined>(SLOTS).fill(undefined);
  /** How many wordings were learned of each beginning. */
  private readonly learned: number[] = [];

  find(bytes: Uint8Array, start: number, end: number, level: number): KnownMessage | undefined {
    const message = this.known[slotOf(bytes, start, level)];
    if (message === undefined || message.level !== level || end - start <= message.bytes.length) return undefined;
    if (!goesOn(bytes, start, message.bytes) || isRepairable(bytes[start + message.bytes.length])) return undefined;
    return message;
  }

  add(begun: number, bytes: Buffer, start: number, contextAt: number, level: number, row: NginxMessage | null): void {
    const learned = this.learned[begun] ?? 0;
    // Where new words come all the time, the next ones are new as well.
    if (learned >= MOST_LEARNED) return;
    this.learned[begun] = learned + 1;
    const own = Buffer.from(bytes.subarray(start, contextAt + CLIENT.length));
    this.known[slotOf(bytes, start, level)] = { bytes: own, length: contextAt - start, level, row };
  }
}

/** The message of a one-line entry, read from bytes: how far it goes, and the row of the table that takes it. */
export class ErrorMessage {
  /** Where the context begins: the comma of `, client: `; the end of the line where there is none. */
  contextAt = 0;
  private readonly known = new KnownMessages();
  private messageEnd = 0;
  private phase = NO_PHASE;
  private openAt = -1;

  /** The row that takes the message at `start`; null where none does, undefined where bytes cannot tell. */
  classify(bytes: Buffer, start: number, end: number, level: number): NginxMessage | null | undefined {
    const known = this.known.find(bytes, start, end, level);
    if (known !== undefined) {
      this.contextAt = start + known.length;
      return known.row;
    }
    const begun = MESSAGE_STARTS.find(bytes, start, end);
    if (!this.scan(bytes, start, end)) return undefined;
    let last = this.messageEnd;
    const least = Math.max(start, last - LONGEST_TAIL);
    while (last > least && (bytes[last - 1] === BLANK_BYTE || bytes[last - 1] === COMMA_BYTE)) last--;
    // A message that is shorter than its beginning was cut in it.
    const whole = begun < 0 || MESSAGE_STARTS.end <= last ? begun : MESSAGE_STARTS.find(bytes, start, last);
    const candidates = candidatesFor(whole, this.phase, level, this.errno(bytes, last));
    const row = rowOf(candidates, () => bytes.toString('latin1', start, last));
    if (begun >= 0 && goesOn(bytes, this.contextAt, CLIENT) && this.contextAt + CLIENT.length < end) {
      this.known.add(begun, bytes, start, this.contextAt, level, row);
    }
    return row;
  }

  /** Finds the ends of message and phase; false where the bytes are not those of a plain message. */
  private scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.phase = NO_PHASE;
    this.openAt = -1;
    this.contextAt = end;
    this.messageEnd = -1;
    const last = Math.min(end, start + LONGEST);
    for (let i = start; i < last; i++) {
      const kind = KIND[bytes[i] ?? 0];
      if (kind === PLAIN) continue;
      if (kind === BLANK) {
        if (this.phase !== NO_PHASE) continue;
        const next = bytes[i + 1];
        if (next === 0x28) this.openAt = i;
        else if (next === 0x77 && goesOn(bytes, i + 1, WHILE)) {
          this.phase = phaseAt(bytes, i + 7, end);
          if (this.phase !== NO_PHASE) this.messageEnd = i;
        }
      } else if (kind === COMMA) {
        const mark = contextMark(bytes, i + 1);
        if (mark === 0) continue;
        if (isRepairable(bytes[i + 1 + mark])) return false;
        this.contextAt = i;
        break;
      } else if (kind === ODD || isMangled(bytes, i, kind)) return false;
    }
    if (this.contextAt === end && last < end) return false;
    if (this.messageEnd < 0) this.messageEnd = this.contextAt;
    return true;
  }

  /** The number in `… failed (111: Connection refused)`: after the last ` (` of the message; -1 = none. */
  private errno(bytes: Uint8Array, messageEnd: number): number {
    const open = this.openAt;
    if (open < 0 || open + 2 > messageEnd) return -1;
    const from = open + 2;
    const to = digitsEnd(bytes, from, messageEnd, LONGEST_ERRNO);
    if (to === from || to + 2 > messageEnd || bytes[to] !== 0x3a || bytes[to + 1] !== 0x20) return -1;
    let errno = 0;
    for (let i = from; i < to; i++) errno = errno * 10 + (bytes[i] ?? 48) - 48;
    return errno;
  }
}

/** ` () `, `: // ` and `unix: /`: what a machine translation leaves, and `repairPasted` undoes. */
function isMangled(bytes: Uint8Array, at: number, kind: number | undefined): boolean {
  if (kind === OPEN) return bytes[at + 1] === 0x29 && bytes[at - 1] === 0x20;
  return bytes[at + 1] === 0x20 && bytes[at + 2] === 0x2f;
}
