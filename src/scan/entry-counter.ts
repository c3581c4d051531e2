import { instanceOf, type Kernel, runs } from './compiled.ts';
import {
  ASK_CLIENT,
  CLASSES,
  CONTEXTS,
  FOUND_AT,
  FOUND_ENTRIES,
  FOUND_KIND,
  FOUND_LINES,
  FOUND_NOTES,
  FOUND_SECOND,
  FURTHER,
  KIND_CLIENT_SHIFT,
  KIND_ERRNO_SHIFT,
  KIND_LEVEL_SHIFT,
  KIND_RANK_SHIFT,
  KIND_STEP_SHIFT,
  KIND_WORDS_SHIFT,
  LONGEST_TEXT,
  MESSAGES,
  MOST_NOTES,
  MOST_WORDS,
  NOTE_CLASS,
  NOTE_END,
  NOTE_HASH,
  NOTE_LINE,
  NOTE_SECOND,
  NOTE_START,
  NOTE_WORDS,
  SAID,
  SECONDS,
  STEPS,
  WORDS,
} from './entry-numbers.ts';
import { KERNEL } from './kernels/entries.ts';

/**
 * # The counter of error log entries
 *
 * Counts entries of nginx's error log in WebAssembly (`assembly/entries.ts`) of one minute, of a kind that it was taught, and of
 * one line but where they pass on what an application said. Where the sample may want one it notes where that lies, for its
 * reader to count or keep. It stops at any other one, which its reader (`src/formats/proxy/error-blocks.ts`, the reference that tests hold it to) reads itself. What it knows of
 * the format is given to it: the texts that entries are told by, what each kind of entry counts as, and the minute.
 */

/** The texts that entries are told by, none of them empty. */
export interface EntryTexts {
  /** Names of levels up to the message: `error] `. At most eight, of at most eight bytes. */
  readonly levels: readonly Uint8Array[];
  /** Beginnings of messages, steps that are named after ` while `, beginnings of contexts after their comma. */
  readonly messages: readonly Uint8Array[];
  readonly steps: readonly Uint8Array[];
  readonly contexts: readonly Uint8Array[];
  /** Words that a message may hold behind a blank, with that; they begin with `c` or `i`. */
  readonly words: readonly Uint8Array[];
  /** Numbers of the system's errors that matter. */
  readonly errnos: readonly number[];
  readonly passedOn: PassedOn;
  /** Addresses of Cloudflare, of versions 4 and 6. */
  readonly ranges: { readonly four: readonly AddressRange[]; readonly six: readonly AddressRange[] };
}

/** A range as the first 32 bits of its addresses. */
interface AddressRange {
  readonly bits: number;
  readonly mask: number;
}

/** What entries say that pass on what an application said. */
export interface PassedOn {
  /** How their messages begin, the last `said` bytes being the application's own. */
  readonly beginning: Uint8Array;
  readonly said: number;
  /** Beginnings of further lines of such an entry, beside `#0 `. */
  readonly further: readonly Uint8Array[];
  /** Texts of two bytes at least that tell what was said: of those that stand in it, the one of the least rank. */
  readonly texts: readonly RankedText[];
}

export interface RankedText {
  readonly text: Uint8Array;
  /** Below `MOST_RANKS` of `entry-numbers.ts`; 0: what holds it is not to be told by texts. */
  readonly rank: number;
}

/** What an entry's meaning hangs on: indexes into `EntryTexts` (-1: none). */
export interface EntryKind {
  readonly message: number;
  readonly step: number;
  readonly level: number;
  readonly errno: number;
  readonly words: readonly number[];
  /** Whose the client is (`CLIENT_…`), where that was asked for; else 0. */
  readonly client: number;
  /** Of an entry that passes on what an application said: `MOST_RANKS` where no text stands in it. Undefined of all others. */
  readonly rank?: number;
}

/**
 * The entries that it has read and not counted, since the sample may want them, one after the other: what is told is that of the one
 * at hand.
 */
export class NotedEntry {
  private readonly memory: Buffer;
  private readonly words: Uint32Array;
  private at = -NOTE_WORDS;

  constructor(memory: Buffer, words: Uint32Array) {
    this.memory = memory;
    this.words = words;
  }

  /** Goes on to the next one. */
  next(): void {
    this.at += NOTE_WORDS;
  }

  get group(): number {
    return this.word(NOTE_CLASS);
  }

  get second(): number {
    return this.word(NOTE_SECOND);
  }

  /** Sampling hash of the entry. */
  get hash(): number {
    return this.word(NOTE_HASH);
  }

  /** How many lines were read before it since the counter was asked to. */
  get line(): number {
    return this.word(NOTE_LINE);
  }

  /** Its text, one character per byte, without its last line feed. */
  get text(): string {
    return this.memory.toString('latin1', this.word(NOTE_START), this.word(NOTE_END));
  }

  private word(place: number): number {
    return this.words[this.at + place] ?? 0;
  }
}

/** Most bytes that it takes at a time. */
export const COUNTER_BYTES = 256 * 1024;
/** Classes that can be told apart, counted from 1. */
export const MOST_CLASSES = CLASSES - 1;

const LEVEL_BYTES = 32;
const MOST_RANGES = 127;
const LEVEL_MASK = 8;
const LEVEL_LENGTH = 16;
const LF = 10;
const LETTER_C = 99;
const LETTER_I = 105;

export class EntryCounter {
  private readonly kernel: Kernel;
  private readonly runKernel: (at: number, end: number, second: number) => number;
  private readonly block: number;
  private readonly memory: Buffer;
  private readonly found: Int32Array;
  private readonly weights: Uint32Array;
  private readonly later: Uint32Array;
  private readonly counts: Uint32Array;
  private readonly notes: Uint32Array;
  /** Index of the beginning of entries that pass on what an application said. */
  private readonly passing: number;
  /** The second of the minute from which entries may wait to be given; none wait without one. */
  private fromSecond = SECONDS;
  private end = 0;

  /** Throws where WebAssembly lacks vectors, or there is no room for the texts. */
  constructor({ levels, messages, steps, contexts, words, errnos, passedOn, ranges }: EntryTexts) {
    const kernel = instanceOf(KERNEL);
    this.kernel = kernel;
    this.runKernel = kernel.functionOf('run');
    this.block = kernel.numberOf('BLOCK');
    this.memory = Buffer.from(kernel.memory);
    this.found = new Int32Array(kernel.memory, kernel.numberOf('FOUND'), 6);
    this.passing = messages.length;
    this.weights = new Uint32Array(kernel.memory, kernel.numberOf('WEIGHTS'), CLASSES);
    this.later = new Uint32Array(kernel.memory, kernel.numberOf('LATER'), CLASSES);
    this.counts = new Uint32Array(kernel.memory, kernel.numberOf('COUNTS'), CLASSES * SECONDS);
    this.notes = new Uint32Array(kernel.memory, kernel.numberOf('NOTES'), MOST_NOTES * NOTE_WORDS);
    levels.forEach((name, index) => {
      const at = kernel.numberOf('LEVELS') + index * LEVEL_BYTES;
      this.memory.set(name, at);
      this.memory.fill(0xff, at + LEVEL_MASK, at + LEVEL_MASK + name.length);
      this.memory.writeInt32LE(name.length, at + LEVEL_LENGTH);
    });
    this.addTexts(MESSAGES, [...messages, passedOn.beginning]);
    kernel.functionOf('passesOn')(this.passing, passedOn.said);
    this.addTexts(FURTHER, passedOn.further);
    this.addRanked(passedOn.texts);
    this.addRanges('RANGES_FOUR', ranges.four);
    this.addRanges('RANGES_SIX', ranges.six);
    this.addTexts(STEPS, steps);
    this.addTexts(CONTEXTS, contexts);
    this.addTexts(WORDS, words);
    if (words.length > MOST_WORDS || words.some(([, letter]) => letter !== LETTER_C && letter !== LETTER_I))
      throw new Error('words that the kernel does not look for');
    errnos.forEach((errno, index) => {
      this.memory[kernel.numberOf('ERRNOS') + errno] = index + 1;
    });
  }

  /** Of several texts that stand at one place the kernel takes the one that was added last: the longest. */
  private addTexts(table: number, texts: readonly Uint8Array[]): void {
    const shorterFirst = texts.map((text, index) => ({ text, index })).sort((a, b) => a.text.length - b.text.length);
    for (const { text, index } of shorterFirst) this.addText(table, text, index);
  }

  private addRanges(name: string, ranges: readonly AddressRange[]): void {
    if (ranges.length > MOST_RANGES) throw new Error('no room for addresses');
    const words = ranges.flatMap(({ bits, mask }) => [bits, mask]);
    new Uint32Array(this.kernel.memory, this.kernel.numberOf(name)).set([ranges.length, ...words]);
  }

  /** The longest text at a place stands for those that it begins with. */
  private addRanked(texts: readonly RankedText[]): void {
    const shorterFirst = texts
      .map(({ text, rank }) => ({ bytes: text, text: Buffer.from(text).toString('latin1'), rank }))
      .sort((a, b) => a.text.length - b.text.length);
    for (const { bytes, text } of shorterFirst) {
      const beginnings = shorterFirst.filter((other) => text.startsWith(other.text));
      this.addText(SAID, bytes, Math.min(...beginnings.map(({ rank }) => rank)));
    }
  }

  private addText(table: number, text: Uint8Array, index: number): void {
    const at = this.kernel.numberOf('TEXT');
    this.memory.fill(0, at, at + LONGEST_TEXT);
    this.memory.set(text, at);
    const isAdded = text.length <= LONGEST_TEXT && this.kernel.functionOf('addText')(table, text.length, index) !== 0;
    if (!isAdded) throw new Error('no room for a text');
  }

  /** Takes whole lines, of which the last may lack its line feed, of at most `COUNTER_BYTES`. */
  load(lines: Uint8Array): void {
    this.memory.set(lines, this.block);
    this.end = this.block + lines.length;
    this.memory[this.end] = LF;
  }

  /**
   * Reads entries of this minute (`2026/11/20 08:10`) from now on. All that was counted must have been given, and the weights
   * be told anew.
   */
  minuteIs(written: Uint8Array): void {
    this.memory.set(written, this.kernel.numberOf('MINUTE'));
    this.kernel.functionOf('minuteIs')();
  }

  /** Entries of a class whose sampling hash this divides are noted, not counted: the first one so, the later ones by `later`. */
  weigh(group: number, weight: number, later: number): void {
    this.weights[group] = weight;
    this.later[group] = later;
  }

  /** Counts from the entry at `at` of what was loaded, which must be of `second` or later; tells why it stopped (`STOP_…`). */
  run(at: number, second: number): number {
    const stop = this.runKernel(this.block + at, this.end, second);
    if (this.entries > 0 && second < this.fromSecond) this.fromSecond = second;
    return stop;
  }

  /** Where it stopped, in what was loaded. */
  get at(): number {
    return (this.found[FOUND_AT] ?? 0) - this.block;
  }

  /** How many entries it has read since it was asked to. */
  get entries(): number {
    return this.found[FOUND_ENTRIES] ?? 0;
  }

  /** How many lines those have. */
  get lines(): number {
    return this.found[FOUND_LINES] ?? 0;
  }

  /** The second of the latest one. */
  get second(): number {
    return this.found[FOUND_SECOND] ?? 0;
  }

  /** Gives what it has noted, in order, and forgets it; to be asked for before more is loaded. */
  takeNotes(give: (noted: NotedEntry) => void): void {
    const { memory, notes, found } = this;
    const noted = new NotedEntry(memory, notes);
    for (let left = found[FOUND_NOTES] ?? 0; left > 0; left--) {
      noted.next();
      give(noted);
    }
    found[FOUND_NOTES] = 0;
  }

  /** The kind of the entry at which it stopped, since it was not taught it. */
  get kind(): EntryKind {
    const kind = this.found[FOUND_KIND] ?? 0;
    const part = (from: number, to: number): number => (kind >> from) & ((1 << (to - from)) - 1);
    const message = part(0, KIND_STEP_SHIFT) - 1;
    if (message === this.passing) {
      const rank = part(KIND_RANK_SHIFT, 30) - 1;
      return {
        message,
        step: -1,
        level: part(KIND_LEVEL_SHIFT, KIND_RANK_SHIFT),
        errno: -1,
        words: [],
        client: 0,
        rank,
      };
    }
    const bits = part(KIND_WORDS_SHIFT, KIND_WORDS_SHIFT + MOST_WORDS);
    return {
      message,
      step: part(KIND_STEP_SHIFT, KIND_LEVEL_SHIFT) - 1,
      level: part(KIND_LEVEL_SHIFT, KIND_ERRNO_SHIFT),
      errno: part(KIND_ERRNO_SHIFT, KIND_WORDS_SHIFT) - 1,
      client: kind >>> KIND_CLIENT_SHIFT,
      words: Array.from({ length: MOST_WORDS }, (_, i) => i).filter((i) => (bits & (1 << i)) !== 0),
    };
  }

  /** Entries of that kind count as this class from now on; 0: they are for the reader. Where there is no room nothing is learned. */
  learn(group: number): void {
    this.kernel.functionOf('learn')(this.found[FOUND_KIND], group);
  }

  /** What entries of that kind count as hangs on the client: it is asked for with the kind from now on. */
  learnToAskClient(): void {
    this.learn(ASK_CLIENT);
  }

  /** Gives what it has counted of the first `classes` classes, and forgets it. */
  drain(classes: number, give: (group: number, second: number, entries: number) => void): void {
    const { counts, fromSecond, second } = this;
    for (let group = 1; group <= classes; group++) {
      for (let own = fromSecond; own <= second; own++) {
        const cell = group * SECONDS + own;
        const entries = counts[cell] ?? 0;
        if (entries === 0) continue;
        counts[cell] = 0;
        give(group, own, entries);
      }
    }
    this.fromSecond = SECONDS;
  }
}

let opened: EntryCounter | undefined;

/**
 * The counter of a thread: one for all readers, since its memory is dear and logs may come as thousands of files. Each takes
 * what it counted before another one uses it. Null where it cannot run.
 */
export function openEntryCounter(texts: () => EntryTexts): EntryCounter | null {
  if (!runs(KERNEL)) return null;
  opened ??= new EntryCounter(texts());
  return opened;
}
