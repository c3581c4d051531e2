import { TALK_ADDRESS, TALK_BYTES, TALK_LENGTH, TALK_RAY, TALK_RAY_LENGTH } from '../../scan/tunnel-numbers.ts';
import { addBytes, addText, finishHash, HASH_START } from '../../vocabulary/hash.ts';
import { splitRay } from './request-line.ts';

/** A Ray ID and its colo, as far as a line names them. */
export interface FoundRay {
  readonly ray?: string;
  readonly colo?: string;
}

/** Nothing was found. */
export const NO_RAY: FoundRay = {};

/** Host and path of `dest` without its scheme: what stands before `?` and `#`. */
export function addressOf(dest: string): string {
  const end = dest.search(/[?#]/);
  return end < 0 ? dest : dest.slice(0, end);
}

/** Request lines that are looked back at: errors follow their request within seconds. */
const LOOK_BACK = 2000;
/** Addresses share this many chains. */
const CHAINS = 4096;
/** A header stands within this many characters. */
export const LONGEST_TALK = 20_000;

const REQUEST_TALK = /^[A-Z]{3,10} [a-z]+:\/\/([^?#\s]+)/;
const RAY_HEADER = /"Cf-Ray":\["([0-9a-fA-F]{16}(?:-[A-Z]{3})?)"/;
const RAY_NAME = Buffer.from('"Cf-Ray":["', 'latin1');
/** Longest text of such a header. */
const RAY_CHARS = RAY_NAME.length + 21;

/**
 * Host and path of the request that a message at debug level speaks of (`GET https://app.example.com/cart HTTP/1.1`); null
 * where it is no such line. What follows in such a line is the visitor's: it tells nothing of a failure.
 */
export function requestTalk(message: string): string | null {
  return REQUEST_TALK.exec(message)?.[1] ?? null;
}

/** The latest requests that were logged at debug level: their lines hold the Ray ID that error lines lack since 2024.2.1. */
export class DebugRequests {
  /** By number modulo `LOOK_BACK`: host and path, the Ray ID where the line holds one; then the line before of the same chain. */
  private readonly addresses: (string | null)[] = [];
  /** Where an address is null: both, as the counter of lines noted them. */
  private noted: Buffer | null = null;
  private readonly rays: (string | undefined)[] = [];
  private readonly hashes = new Uint32Array(LOOK_BACK);
  private readonly before = new Int32Array(LOOK_BACK).fill(-1);
  private readonly latest = new Int32Array(CHAINS).fill(-1);
  private count = 0;

  /** Notes a line by its text. */
  add(address: string, text: string): void {
    const ray = RAY_HEADER.exec(text.slice(0, LONGEST_TALK))?.[1];
    this.note(finishHash(addText(HASH_START, address)), address, ray);
  }

  /** Notes a line whose text ends at `end`; its address is `bytes[from, to)`, which is ASCII. */
  addBytes(bytes: Buffer, end: number, from: number, to: number): void {
    const hash = finishHash(addBytes(HASH_START, bytes, from, to));
    this.note(hash, bytes.toString('latin1', from, to), rayIn(bytes.subarray(to, end)));
  }

  /** Notes requests `first` up to `end` of those that the counter of lines has read (`TunnelCounter.talks`). */
  addNoted(talks: Buffer, first: number, end: number): void {
    if (first >= end) return;
    this.noted ??= Buffer.alloc(LOOK_BACK * TALK_BYTES);
    for (let from = first; from < end; ) {
      const slot = this.count % LOOK_BACK;
      const to = Math.min(end, from + LOOK_BACK - slot);
      talks.copy(this.noted, slot * TALK_BYTES, from * TALK_BYTES, to * TALK_BYTES);
      for (; from < to; from++) this.note(talks.readUInt32LE(from * TALK_BYTES), null, undefined);
    }
  }

  /** Whether a request to an address with this hash (`finishHash`) is known. */
  has(hash: number): boolean {
    return this.find(hash, this.latest[hash % CHAINS] ?? -1) >= 0;
  }

  /** What the latest request to an address (host and path) was; empty where none is known. */
  rayOf(address: string): FoundRay {
    const hash = finishHash(addText(HASH_START, address));
    let at = this.find(hash, this.latest[hash % CHAINS] ?? -1);
    for (; at >= 0; at = this.find(hash, this.before[at % LOOK_BACK] ?? -1)) {
      const ray = this.rayAt(at % LOOK_BACK, address);
      if (ray !== undefined) return splitRay(ray);
    }
    return NO_RAY;
  }

  /** The latest request of a chain up to the one at `from` whose address has this hash; -1 where there is none. */
  private find(hash: number, from: number): number {
    const oldest = Math.max(0, this.count - LOOK_BACK);
    for (let at = from; at >= oldest; at = this.before[at % LOOK_BACK] ?? -1) {
      if (this.hashes[at % LOOK_BACK] === hash) return at;
    }
    return -1;
  }

  /** The Ray ID of a slot whose request was to this address. */
  private rayAt(slot: number, address: string): string | undefined {
    const known = this.addresses[slot];
    if (known !== null || this.noted === null) return known === address ? this.rays[slot] : undefined;
    const at = slot * TALK_BYTES;
    const text = (from: number, length: number): string => this.noted?.toString('latin1', from, from + length) ?? '';
    const rayLength = this.noted.readUInt32LE(at + TALK_RAY_LENGTH);
    if (rayLength === 0 || text(at + TALK_ADDRESS, this.noted.readUInt32LE(at + TALK_LENGTH)) !== address)
      return undefined;
    return text(at + TALK_RAY, rayLength);
  }

  private note(hash: number, address: string | null, ray: string | undefined): void {
    const slot = this.count % LOOK_BACK;
    const chain = hash % CHAINS;
    this.addresses[slot] = address;
    this.rays[slot] = ray;
    this.hashes[slot] = hash;
    this.before[slot] = this.latest[chain] ?? -1;
    this.latest[chain] = this.count;
    this.count++;
  }
}

/** The Ray ID in the headers of a line; only its own bytes are decoded. */
function rayIn(bytes: Buffer): string | undefined {
  for (let at = bytes.indexOf(RAY_NAME); at >= 0; at = bytes.indexOf(RAY_NAME, at + 1)) {
    const header = RAY_HEADER.exec(bytes.toString('latin1', at, at + RAY_CHARS));
    if (header) return header[1];
  }
  return undefined;
}
