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
  HALF_CLASS,
  HALF_CONNECTION,
  HALF_END,
  HALF_ERROR_END,
  HALF_ERROR_ID,
  HALF_ERROR_START,
  HALF_HASH,
  HALF_HOST_END,
  HALF_HOST_START,
  HALF_KIND,
  HALF_LINE,
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

/** A line of a failed request that it has read and not counted. */
export interface NotedHalf {
  readonly isOrigin: boolean;
  readonly group: number;
  readonly errorId: number;
  /** Sampling hash of the line. */
  readonly hash: number;
  /** How many lines were read before it since the counter was asked to. */
  readonly line: number;
  /** How many requests at debug level it had noted by then. */
  readonly talks: number;
  /** Its own part; its error without the carriers' words; host and path of `dest`, with what stands behind them (empty: not named). */
  readonly text: string;
  readonly error: string;
  readonly dest: string;
  /** Index of the connection, of one digit; empty: not named. */
  readonly connection: string;
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
    const { halves, noted } = this;
    for (let i = 0; i < noted * HALF_WORDS; i += HALF_WORDS) {
      const hostStart = halves[i + HALF_HOST_START] ?? 0;
      const connection = halves[i + HALF_CONNECTION] ?? 0;
      give({
        isOrigin: halves[i + HALF_KIND] === SAID_ORIGIN,
        group: halves[i + HALF_CLASS] ?? 0,
        errorId: halves[i + HALF_ERROR_ID] ?? 0,
        hash: halves[i + HALF_HASH] ?? 0,
        line: halves[i + HALF_LINE] ?? 0,
        talks: halves[i + HALF_TALKS] ?? 0,
        text: this.text(halves[i + HALF_START], halves[i + HALF_END]),
        error: this.text(halves[i + HALF_ERROR_START], halves[i + HALF_ERROR_END]),
        dest: hostStart === 0 ? '' : this.text(hostStart, halves[i + HALF_HOST_END]),
        connection: connection === 0 ? '' : String.fromCharCode(connection),
      });
    }
    this.found[FOUND_HALVES] = 0;
  }

  private text(from: number | undefined, to: number | undefined): string {
    return this.memory.toString('latin1', from, to);
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
