import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import { CLUE_CHARS } from '../../vocabulary/hash.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { CLIENT, ErrorMessage, goesOn, isClean } from './error-message.ts';
import { STDERR_START, stderrSignals } from './error-stderr.ts';
import { signalFrom } from './nginx-classify.ts';
import type { NginxMessage } from './nginx-messages.ts';

const CR = 13;
const BLANK = 32;
/** Longer entries are cut by the ordinary way. */
const LONGEST_ENTRY = 8000;
const SERVER = Buffer.from(', server: ', 'latin1');
const LONGEST_ADDRESS = 45;
const MOST_CLIENTS = 4096;

/** One complete entry of nginx's error log: `[start, end)` without the last line feed, its first line up to `firstEnd`. */
export interface EntryBytes {
  readonly bytes: Buffer;
  readonly start: number;
  readonly firstEnd: number;
  readonly end: number;
  /** Index into `LEVELS`. */
  readonly level: number;
  readonly messageAt: number;
}

/** Tells from bytes what signals entries have whose head nginx itself wrote. */
export class EntrySignals {
  private readonly message = new ErrorMessage();
  private readonly fromCloudflare = new Map<string, boolean>();

  /** That of each record that the ordinary way makes of an entry, in their order: one, but for what an application said. Null where bytes do not tell. */
  of(entry: EntryBytes): SignalId | readonly SignalId[] | null {
    const { bytes, start, end, messageAt, level } = entry;
    if (end - start > LONGEST_ENTRY) return null;
    if (goesOn(bytes, messageAt, STDERR_START)) return stderrSignals(bytes.toString('utf8', messageAt, end));
    // Of an empty message the ordinary way leaves out a blank.
    if (entry.firstEnd !== end || bytes[messageAt] === BLANK) return null;
    const textEnd = bytes[end - 1] === CR ? end - 1 : end;
    const row = this.message.classify(bytes, messageAt, textEnd, level);
    if (row === undefined) return null;
    const signal = this.signalOf(row, bytes);
    const { contextAt } = this.message;
    const hashEnd = Math.min(start + CLUE_CHARS, textEnd);
    return contextAt < hashEnd && !isClean(bytes, contextAt, hashEnd) ? null : signal;
  }

  /** The signal of a row; null where it hangs on a client that bytes do not show plainly. */
  private signalOf(row: NginxMessage | null, bytes: Buffer): SignalId | null {
    if (row === null) return 'nginx.other';
    if (row.fromOthers === undefined && row.fromSelf === undefined) return row.signal;
    const at = this.message.contextAt;
    if (!goesOn(bytes, at, CLIENT)) return null;
    const from = at + CLIENT.length;
    let to = from;
    while (to - from <= LONGEST_ADDRESS && isAddressByte(bytes[to] ?? 0)) to++;
    if (to === from || to - from > LONGEST_ADDRESS || !goesOn(bytes, to, SERVER)) return null;
    return signalFrom(row, bytes.toString('latin1', from, to), (client) => this.isCloudflare(client));
  }

  private isCloudflare(client: string): boolean {
    let known = this.fromCloudflare.get(client);
    if (known === undefined) {
      if (this.fromCloudflare.size >= MOST_CLIENTS) this.fromCloudflare.clear();
      known = isCloudflareAddress(client);
      this.fromCloudflare.set(client, known);
    }
    return known;
  }
}

/** Digits, a to f, colon, dot. */
function isAddressByte(byte: number): boolean {
  return (byte >= 48 && byte <= 58) || byte === 46 || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
}
