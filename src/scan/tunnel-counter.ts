import { instanceOf, type Kernel, runs } from './compiled.ts';
import { KERNEL } from './kernels/tunnel.ts';
import {
  CLASSES,
  ERRORS,
  FIELD_BYTES,
  FIELD_TEXT,
  FIELDS,
  FOUND_AT,
  FOUND_CODES,
  FOUND_HALVES,
  FOUND_LINES,
  FOUND_TALKS,
  HALF_ADDRESS,
  HALF_ADDRESS_END,
  HALF_ADDRESS_START,
  HALF_CLASS,
  HALF_CONNECTION,
  HALF_END,
  HALF_ERROR_END,
  HALF_ERROR_ID,
  HALF_ERROR_START,
  HALF_HASH,
  HALF_KIND,
  HALF_LINE,
  HALF_PAIRED,
  HALF_START,
  HALF_TALKS,
  HALF_WORDS,
  LONGEST_ERROR,
  LONGEST_PREFIX,
  MOST_HALVES,
  MOST_TALKS,
  SAID_ORIGIN,
  TALK_BYTES,
} from './tunnel-numbers.ts';

/**
 * # The counter of cloudflared's lines
 *
 * Reads lines of cloudflared's log in WebAssembly (`assembly/tunnel.ts`) as long as they have the same prefix and nobody needs
 * more of them than what it tells: lines that say nothing, requests at debug level, which it notes, and failed requests. Of those
 * it counts the ones whose two lines follow each other and that the sample does not want, and notes the lines of all others. It
 * stops at any other line, which its reader
 * (`src/formats/tunnel/cloudflared-blocks.ts`, the reference that tests hold it to) reads itself and may teach it.
 */

/** How lines are written: words of levels up to the message (four of four bytes, that of debug first), names of fields with `=`. */
export interface LineWords {
  readonly levels: readonly string[];
  /** As in `FIELD_…`, each of at most 16 bytes. */
  readonly fields: readonly string[];
}

/** What a line says, for lines that say the same. */
export interface SaidOfLine {
  /** `SAID_…`. */
  readonly kind: number;
  /** Of a failed request its class and error, and where its error (with quotes) begins without the carriers' words. */
  readonly group: number;
  readonly errorId: number;
  readonly bare: number;
  /** By place in the error (with quotes) 255 for each digit in whose place others say the same; empty: none. */
  readonly free: Uint8Array;
}

/** The lines of failed requests that it has read and not counted, one after the other: what is told is that of the one at hand. */
export class NotedHalf {
  private readonly memory: Buffer;
  private readonly words: Uint32Array;
  private at = -HALF_WORDS;

  constructor(memory: Buffer, words: Uint32Array) {
    this.memory = memory;
    this.words = words;
  }

  /** Goes on to the next one. */
  next(): void {
    this.at += HALF_WORDS;
  }

  get isOrigin(): boolean {
    return this.word(HALF_KIND) === SAID_ORIGIN;
  }

  get group(): number {
    return this.word(HALF_CLASS);
  }

  get errorId(): number {
    return this.word(HALF_ERROR_ID);
  }

  /** Sampling hash of the line. */
  get hash(): number {
    return this.word(HALF_HASH);
  }

  /** How many lines were read before it since the counter was asked to. */
  get line(): number {
    return this.word(HALF_LINE);
  }

  /** How many requests at debug level were noted by then. */
  get talks(): number {
    return this.word(HALF_TALKS);
  }

  /** Whether it and the next one are the two lines of one request. */
  get isPaired(): boolean {
    return this.word(HALF_PAIRED) !== 0;
  }

  /** Its own part. */
  get text(): string {
    return this.textOf(HALF_START, HALF_END);
  }

  /** Where in that its error begins and ends, without the carriers' words. */
  get errorStart(): number {
    return this.word(HALF_ERROR_START) - this.word(HALF_START);
  }

  get errorEnd(): number {
    return this.word(HALF_ERROR_END) - this.word(HALF_START);
  }

  /** Hash of host and path of `dest`, where they are named. */
  get addressHash(): number {
    return this.word(HALF_ADDRESS);
  }

  /** Host and path of `dest`; empty where they are not named. */
  get address(): string {
    return this.word(HALF_ADDRESS_START) === 0 ? '' : this.textOf(HALF_ADDRESS_START, HALF_ADDRESS_END);
  }

  /** Index of the connection, of one digit; undefined where it is not named. */
  get connection(): string | undefined {
    const digit = this.word(HALF_CONNECTION);
    return digit === 0 ? undefined : String.fromCharCode(digit);
  }

  private word(place: number): number {
    return this.words[this.at + place] ?? 0;
  }

  private textOf(start: number, end: number): string {
    return this.memory.toString('latin1', this.word(start), this.word(end));
  }
}

/** Most bytes that it takes at a time. */
export const COUNTER_BYTES = 256 * 1024;
export const MOST_CLASSES = CLASSES - 1;
export const MOST_ERRORS = ERRORS - 1;

const LEVEL_BYTES = 4;
const LF = 10;

export class TunnelCounter {
  /** What it has noted of requests, the oldest first, `TALK_BYTES` each. */
  readonly talks: Buffer;
  private readonly kernel: Kernel;
  private readonly runKernel: (at: number, end: number, mostHalves: number) => number;
  private readonly block: number;
  private readonly memory: Buffer;
  private readonly found: Int32Array;
  private readonly halves: Uint32Array;
  private readonly weights: Uint32Array;
  private readonly later: Uint32Array;
  private readonly counts: Uint32Array;
  private readonly codes: Uint32Array;
  private readonly waiting: Uint8Array;
  private end = 0;
  private reader: object | null = null;

  /** Throws where WebAssembly lacks vectors. */
  constructor({ levels, fields }: LineWords) {
    const kernel = instanceOf(KERNEL);
    this.kernel = kernel;
    this.runKernel = kernel.functionOf('run');
    this.block = kernel.numberOf('BLOCK');
    this.memory = Buffer.from(kernel.memory);
    this.talks = Buffer.from(kernel.memory, kernel.numberOf('TALKS'), MOST_TALKS * TALK_BYTES);
    this.found = new Int32Array(kernel.memory, kernel.numberOf('FOUND'), 5);
    this.halves = new Uint32Array(kernel.memory, kernel.numberOf('HALVES'), MOST_HALVES * HALF_WORDS);
    this.weights = new Uint32Array(kernel.memory, kernel.numberOf('WEIGHTS'), CLASSES);
    this.later = new Uint32Array(kernel.memory, kernel.numberOf('LATER'), CLASSES);
    this.counts = new Uint32Array(kernel.memory, kernel.numberOf('COUNTS'), CLASSES);
    this.codes = new Uint32Array(kernel.memory, kernel.numberOf('CODES'), CLASSES);
    this.waiting = new Uint8Array(kernel.memory, kernel.numberOf('WAITING'), ERRORS);
    levels.forEach((level, index) => {
      this.memory.write(level, kernel.numberOf('LEVELS') + index * LEVEL_BYTES, 'latin1');
    });
    fields.slice(0, FIELDS).forEach((name, index) => {
      const at = kernel.numberOf('NAMES') + index * FIELD_BYTES;
      this.memory.writeInt32LE(name.length, at);
      this.memory.write(name, at + FIELD_TEXT, 'latin1');
    });
  }

  /** Whether another reader has used it since this one did: then all is to be given to it anew. */
  isNewTo(reader: object): boolean {
    const isNew = !this.isOf(reader);
    this.reader = reader;
    return isNew;
  }

  /** Whether this reader was the last to use it. */
  isOf(reader: object): boolean {
    return this.reader === reader;
  }

  /** Takes whole lines, of which the last may lack its line feed, of at most `COUNTER_BYTES`. */
  load(lines: Uint8Array): void {
    this.memory.set(lines, this.block);
    this.end = this.block + lines.length;
    this.memory[this.end] = LF;
  }

  /** Reads lines that begin so, up to their level, from now on; cloudflared's own part begins at `textAt`. False where that is too long. */
  prefixIs(written: Uint8Array, textAt: number): boolean {
    if (written.length > LONGEST_PREFIX) return false;
    this.memory.set(written, this.kernel.numberOf('PREFIX'));
    this.kernel.functionOf('prefixIs')(written.length, textAt);
    return true;
  }

  /** Requests of a class whose sampling hash this divides are noted, not counted: the first one so, the later ones by `later`. */
  weigh(group: number, weight: number, later: number): void {
    this.weights[group] = weight;
    this.later[group] = later;
  }

  /** Whether a line with this error waits for its other one: then lines with it are noted. */
  waitingIs(errorId: number, waits: boolean): void {
    this.waiting[errorId] = waits ? 1 : 0;
  }

  /** What a line says that is like the one at which it stopped, not knowing that. False where there is no room. */
  learn({ kind, group, errorId, bare, free }: SaidOfLine): boolean {
    const at = this.kernel.numberOf('FREE');
    this.memory.fill(0, at, at + LONGEST_ERROR);
    this.memory.set(free.subarray(0, LONGEST_ERROR), at);
    return this.kernel.functionOf('learn')(kind, group, errorId, bare) !== 0;
  }

  /** Forgets what lines say. */
  forget(): void {
    this.kernel.functionOf('forget')();
    this.waiting.fill(0);
  }

  /** Reads from the line at `at` of what was loaded, noting at most so many lines of failed requests; tells why it stopped (`STOP_…`). */
  run(at: number, mostHalves: number): number {
    return this.runKernel(this.block + at, this.end, Math.min(mostHalves, MOST_HALVES));
  }

  /** Where it stopped, in what was loaded. */
  get at(): number {
    return (this.found[FOUND_AT] ?? 0) - this.block;
  }

  /** How many lines it has read since it was asked to. */
  get lines(): number {
    return this.found[FOUND_LINES] ?? 0;
  }

  /** How many lines of failed requests it has noted. */
  get noted(): number {
    return this.found[FOUND_HALVES] ?? 0;
  }

  /** Gives them in their order and forgets them; to be asked for before more is loaded. */
  takeNoted(give: (half: NotedHalf) => void): void {
    const half = new NotedHalf(this.memory, this.halves);
    for (let left = this.noted; left > 0; left--) {
      half.next();
      give(half);
    }
    this.found[FOUND_HALVES] = 0;
  }

  /** Gives how many of `talks` are new, and forgets them. */
  takeTalks(): number {
    const talks = this.found[FOUND_TALKS] ?? 0;
    this.found[FOUND_TALKS] = 0;
    return talks;
  }

  /** Gives what it has counted and forgets it: classes in the order in which each came first. */
  drain(give: (group: number, requests: number) => void): void {
    const { counts, codes, found } = this;
    const count = found[FOUND_CODES] ?? 0;
    for (let i = 0; i < count; i++) {
      const group = codes[i] ?? 0;
      give(group, counts[group] ?? 0);
      counts[group] = 0;
    }
    found[FOUND_CODES] = 0;
  }
}

let opened: TunnelCounter | undefined;

/** The counter of a thread, as `openEntryCounter` gives it. Null where it cannot run. */
export function openTunnelCounter(words: LineWords): TunnelCounter | null {
  if (!runs(KERNEL)) return null;
  opened ??= new TunnelCounter(words);
  return opened;
}
