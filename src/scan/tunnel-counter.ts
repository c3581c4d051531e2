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
  FOUND_LINES,
  FOUND_TALKS,
  LONGEST_PREFIX,
  MOST_TALKS,
  TALK_BYTES,
} from './tunnel-numbers.ts';

/**
 * # The counter of cloudflared's lines
 *
 * Reads lines of cloudflared's log in WebAssembly (`assembly/tunnel.ts`) as long as they have the same prefix and nobody needs
 * more of them than that they were: lines that say nothing, requests at debug level, which it notes, and failed requests whose
 * two lines follow each other, which it counts. It stops at any other line, which its reader
 * (`src/formats/tunnel/cloudflared-blocks.ts`, the reference that tests hold it to) reads itself and may teach it.
 */

/** How lines are written: words of levels up to the message (four of four bytes, that of debug first), names of fields with `=`. */
export interface LineWords {
  readonly levels: readonly string[];
  /** As in `FIELD_…`, each of at most 16 bytes. */
  readonly fields: readonly string[];
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
  private readonly runKernel: (at: number, end: number) => number;
  private readonly block: number;
  private readonly memory: Buffer;
  private readonly found: Int32Array;
  private readonly weights: Uint32Array;
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
    this.found = new Int32Array(kernel.memory, kernel.numberOf('FOUND'), 4);
    this.weights = new Uint32Array(kernel.memory, kernel.numberOf('WEIGHTS'), CLASSES);
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

  /** Requests of a class whose sampling hash this divides are not counted. */
  weigh(group: number, weight: number): void {
    this.weights[group] = weight;
  }

  /** Whether a line with this error waits for its other one: then such requests are not counted. */
  waitingIs(errorId: number, waits: boolean): void {
    this.waiting[errorId] = waits ? 1 : 0;
  }

  /** What a line says that is like the one at which it stopped, not knowing that (`SAID_…`). False where there is no room. */
  learn(kind: number, group: number, errorId: number): boolean {
    return this.kernel.functionOf('learn')(kind, group, errorId) !== 0;
  }

  /** Forgets what lines say. */
  forget(): void {
    this.kernel.functionOf('forget')();
    this.waiting.fill(0);
  }

  /** Reads from the line at `at` of what was loaded; tells why it stopped (`STOP_…`). */
  run(at: number): number {
    return this.runKernel(this.block + at, this.end);
  }

  /** Where it stopped, in what was loaded. */
  get at(): number {
    return (this.found[FOUND_AT] ?? 0) - this.block;
  }

  /** How many lines it has read since it was asked to. */
  get lines(): number {
    return this.found[FOUND_LINES] ?? 0;
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
