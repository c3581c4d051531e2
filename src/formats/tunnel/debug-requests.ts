import { addBytes, addText, finishHash, HASH_START } from '../../vocabulary/hash.ts';
import { splitRay } from './request-line.ts';

/** A Ray ID and its colo, as far as a line names them. */
export interface FoundRay {
  readonly ray?: string;
  readonly colo?: string;
}

/** Request lines that are looked back at: errors follow their request within seconds. */
const LOOK_BACK = 2000;
/** Addresses share this many chains. */
const CHAINS = 4096;
/** A header stands within this many characters. */
export const LONGEST_TALK = 20_000;

const REQUEST_TALK = /^[A-Z]{3,10} [a-z]+:\/\/([^?#\s]+)/;
const RAY_HEADER = /"Cf-Ray":\["([0-9a-fA-F]{16}(?:-[A-Z]{3})?)"/;

/**
 * Host and path of the request that a message at debug level speaks of (`GET https://app.example.com/cart HTTP/1.1`); null
 * where it is no such line. What follows in such a line is the visitor's: it tells nothing of a failure.
 */
export function requestTalk(message: string): string | null {
  return REQUEST_TALK.exec(message)?.[1] ?? null;
}

/** The latest requests that were logged at debug level: their lines hold the Ray ID that error lines lack since 2024.2.1. */
export class DebugRequests {
  /** By number modulo `LOOK_BACK`: host and path, and the line; then the line before of the same chain. */
  private readonly addresses: string[] = [];
  private readonly texts: string[] = [];
  private readonly before = new Int32Array(LOOK_BACK).fill(-1);
  private readonly latest = new Int32Array(CHAINS).fill(-1);
  private count = 0;

  /** Notes a line by its text. */
  add(address: string, text: string): void {
    this.note(finishHash(addText(HASH_START, address)), address, text.slice(0, LONGEST_TALK));
  }

  /** Notes a line by its bytes; its address is `bytes[from, to)`, which is ASCII. */
  addBytes(bytes: Buffer, start: number, end: number, from: number, to: number): void {
    const hash = finishHash(addBytes(HASH_START, bytes, from, to));
    // A Ray ID is ASCII: the rest need not be decoded.
    const text = bytes.toString('latin1', start, end);
    this.note(hash, text.slice(from - start, to - start), text);
  }

  /** What the latest request to an address (host and path) was; empty where none is known. */
  rayOf(address: string): FoundRay {
    const oldest = this.count - LOOK_BACK;
    let at = this.latest[finishHash(addText(HASH_START, address)) % CHAINS] ?? -1;
    for (; at >= 0 && at >= oldest; at = this.before[at % LOOK_BACK] ?? -1) {
      if (this.addresses[at % LOOK_BACK] !== address) continue;
      const header = RAY_HEADER.exec(this.texts[at % LOOK_BACK] ?? '');
      if (header) return splitRay(header[1]);
    }
    return {};
  }

  private note(hash: number, address: string, text: string): void {
    const slot = this.count % LOOK_BACK;
    const chain = hash % CHAINS;
    this.addresses[slot] = address;
    this.texts[slot] = text;
    this.before[slot] = this.latest[chain] ?? -1;
    this.latest[chain] = this.count;
    this.count++;
  }
}
