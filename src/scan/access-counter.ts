import {
  CODE_SIGNAL_SHIFT,
  CODE_SIGNALS,
  ENTRY_BYTES,
  ENTRY_END,
  ENTRY_HASH,
  ENTRY_LAYOUT_SHIFT,
  ENTRY_ROWS,
  ENTRY_SECOND_SHIFT,
  ENTRY_START,
  ENTRY_UNSURE,
  FIELD_BYTES,
  FIELD_CLOSING,
  FIELD_LEAD,
  FIELD_LEAD_LENGTH,
  FIELD_MASK,
  FIELD_ROLE,
  FIRST_ASKED,
  FIRST_TOLD,
  FOUND_AT,
  FOUND_ENTRIES,
  FOUND_OUTCOME,
  FOUND_ROWS,
  FOUND_STATUS,
  FOUND_TIME_AT,
  LAYOUT_BYTES,
  LAYOUT_FIELDS,
  LAYOUT_FIRST_FIELD,
  LAYOUT_NAMES_REQUEST,
  LAYOUT_PLAIN_FIELDS,
  LAYOUT_TAIL_AT,
  LAYOUT_UNCLEAR,
  LONGEST_LEAD,
  MOST_ENTRIES,
  OUTCOMES,
  ROW_ENTRIES,
  TOLD_LEFT,
} from './access-numbers.ts';
import { instanceOf, type Kernel, runs } from './compiled.ts';
import type { CountedKind } from './count-rules.ts';
import { KERNEL } from './kernels/access.ts';

/**
 * # The counter of access rows
 *
 * Counts rows of access logs in WebAssembly (`assembly/access.ts`): rows in a known layout, all of one minute. It notes those
 * that the samples want, and those of which it cannot tell all; it stops at any row that it does not know, which its
 * reader (`src/formats/proxy/access-blocks.ts`, the reference that tests hold it to) reads itself. What it knows of the
 * format is given to it: the classes of bytes, the kinds of statuses, what outcomes tell, the layouts and the time.
 */

/** A field of a layout: the bytes before its value, how it ends (see `FIELD_CLOSING`), and what it means (`ROLE_…`). */
export interface CountedField {
  readonly lead: Uint8Array;
  readonly closing: number;
  readonly role: number;
}

export interface CountedLayout {
  readonly fields: readonly CountedField[];
  /** Whether the request's method or path come from a field, so that the request line does not give them. */
  readonly namesRequest: boolean;
  /** How many fields without name it begins with whose place tells what they are: length, or length, referrer and browser; null where others tell more. */
  readonly plainFields: number | null;
  /** Roles from `FIRST_ASKED` on whose value is told by more fields than one, or by one that has not this role. */
  readonly unclear: readonly number[];
  /** Not null where the fields behind those tell the same as in an earlier row whose digits alone differ. */
  readonly tails: object | null;
}

/** What the format knows of bytes and numbers. */
export interface AccessRules {
  /** By byte, a bit for each class that it belongs to; and the bits of the classes that the counter asks for. */
  readonly classes: Uint8Array;
  readonly bits: { readonly [name in (typeof CLASS_ORDER)[number]]: number };
  /** By status, how a row with it is counted (`KIND_…`); `KIND_TOLD` only from `FIRST_TOLD` to 599. */
  readonly kinds: Uint8Array;
  /** What rows of a status are counted as of which this signal (0: none) was told. */
  readonly countedAs: (status: number, told: number, reached: boolean) => CountedKind;
}

/** What a row of some outcome tells: the number of its signal from 1 on (0: none, as an ordinary row), and whether the upstream was reached. Null where that takes more than its outcome. */
export type ToldSignal = { readonly signal: number; readonly reached: boolean } | null;

/** A row that a sample wants. It lies there in what was loaded; so many rows came before it. */
export interface WantedRow {
  /** Of its minute. */
  readonly second: number;
  readonly status: number;
  /** Its signal; 0: none was told. */
  readonly told: number;
  readonly reached: boolean;
  /** The place of its layout among those learned. */
  readonly layout: number;
  readonly hash: number;
  readonly before: number;
  readonly start: number;
  readonly end: number;
}

/** Takes what the counter has found. */
export interface FoundTaker {
  /** So many rows of each of these kinds, all of this second of the minute; they hold good during the call. */
  counted(second: number, kinds: readonly CountedKind[], counts: readonly number[], rows: number): void;
  /** A row of which nothing more need be found out. The object holds good during the call. */
  wanted(row: WantedRow): void;
  /** A row in a known layout that must be read. */
  unsure(before: number, start: number, end: number): void;
}

/** As they lie in the kernel's memory. */
const CLASS_ORDER = ['word', 'user', 'path', 'ray', 'method', 'name'] as const;

const ENTRY_WORDS = ENTRY_BYTES / 4;
/** Bits of an entry that hold its code, and those that tell status and whether the upstream was reached. */
const CODE_MASK = (CODE_SIGNALS << CODE_SIGNAL_SHIFT) - 1;
const STATUS_MASK = (1 << CODE_SIGNAL_SHIFT) - 1;
const SECOND_MASK = 0x3f;
const LAYOUT_MASK = 0x3f;

/** Most bytes that it takes at a time. */
export const COUNTER_BYTES = 256 * 1024;

export class AccessCounter {
  private readonly kernel: Kernel;
  private readonly run: (at: number, end: number, ordinary: number, refused: number, failed: number) => number;
  private readonly block: number;
  private readonly memory: Buffer;
  private readonly found: Int32Array;
  private readonly entries: Int32Array;
  private readonly countedAs: AccessRules['countedAs'];
  /** What rows are counted as, by their code. */
  private readonly kinds = new Map<number, CountedKind>();
  private reader: object | null = null;
  /** The row that is given, one after the other. */
  private readonly row: { -readonly [name in keyof WantedRow]: WantedRow[name] } = {
    second: 0,
    status: 0,
    told: 0,
    reached: false,
    layout: 0,
    hash: 0,
    before: 0,
    start: 0,
    end: 0,
  };

  /** Throws where WebAssembly lacks vectors. */
  constructor({ classes, bits, kinds, countedAs }: AccessRules) {
    const kernel = instanceOf(KERNEL);
    this.countedAs = countedAs;
    this.kernel = kernel;
    this.run = kernel.functionOf('run');
    this.block = kernel.numberOf('BLOCK');
    this.memory = Buffer.from(kernel.memory);
    this.found = new Int32Array(kernel.memory, kernel.numberOf('FOUND'), FOUND_OUTCOME + 1);
    this.entries = new Int32Array(kernel.memory, kernel.numberOf('ENTRIES'), MOST_ENTRIES * ENTRY_WORDS);
    this.memory.set(kinds, kernel.numberOf('KINDS'));
    CLASS_ORDER.forEach((name, index) => {
      this.memory.set(byHalfBytes(classes, bits[name]), kernel.numberOf('CLASSES') + index * 16);
    });
  }

  /** Whether another reader has used it since this one did: then all is to be given to it anew. */
  isNewTo(reader: object): boolean {
    const isNew = this.reader !== reader;
    this.reader = reader;
    return isNew;
  }

  /** Knows these layouts from now on, tried in their order; false where they are not for it. */
  learn(layouts: readonly CountedLayout[]): boolean {
    if (layouts.some(({ fields }) => fields.some(({ lead }) => lead.length > LONGEST_LEAD))) return false;
    const { memory } = this;
    layouts.forEach(({ fields, namesRequest, plainFields, unclear, tails }, index) => {
      const at = this.kernel.numberOf('LAYOUTS') + index * LAYOUT_BYTES;
      memory.writeInt32LE(fields.length, at + LAYOUT_FIELDS);
      memory.writeInt32LE(namesRequest ? 1 : 0, at + LAYOUT_NAMES_REQUEST);
      memory.writeInt32LE(plainFields ?? 0, at + LAYOUT_PLAIN_FIELDS);
      const unclearBits = unclear.reduce((bits, role) => bits | (1 << (role - FIRST_ASKED)), 0);
      memory.writeInt32LE(unclearBits, at + LAYOUT_UNCLEAR);
      const tailAt = LAYOUT_FIRST_FIELD + (plainFields ?? 0) * FIELD_BYTES;
      memory.writeInt32LE(tails === null ? 0 : tailAt, at + LAYOUT_TAIL_AT);
      fields.forEach(({ lead, closing, role }, i) => {
        const field = at + LAYOUT_FIRST_FIELD + i * FIELD_BYTES;
        memory.fill(0, field, field + FIELD_BYTES);
        memory.writeInt32LE(lead.length, field + FIELD_LEAD_LENGTH);
        memory.writeInt32LE(closing, field + FIELD_CLOSING);
        memory.writeInt32LE(role, field + FIELD_ROLE);
        memory.set(lead, field + FIELD_LEAD);
        memory.fill(0xff, field + FIELD_MASK, field + FIELD_MASK + lead.length);
      });
    });
    this.kernel.functionOf('layouts')(layouts.length);
    return true;
  }

  /**
   * Counts rows of the minute of this time (as it is written: `20/Nov/2026:03:14:38 -0500`) from now on, which began at
   * `startMs`; false where it cannot: it reckons with times after 1970.
   */
  minuteIs(written: Uint8Array, startMs: number): boolean {
    this.memory.set(written, this.kernel.numberOf('TIME'));
    this.kernel.functionOf('timeIs')(startMs / 1000);
    return startMs > 0;
  }

  /** Knows from now on what rows with this status and outcome (`OUTCOMES`) tell. */
  tell(status: number, outcome: number, told: ToldSignal): void {
    const at = this.kernel.numberOf('TOLD') + (status - FIRST_TOLD) * OUTCOMES + outcome;
    this.memory[at] = told === null ? TOLD_LEFT : 1 + 2 * told.signal + (told.reached ? 1 : 0);
  }

  /** Takes whole lines, each with its line feed, of at most `COUNTER_BYTES`. */
  load(lines: Uint8Array): void {
    this.memory.set(lines, this.block);
  }

  /** Reads what was loaded from `at` to `end`; rows whose hash the weight of their kind, a power of two, divides are wanted. Tells why it stopped (`STOP_…`). */
  count(at: number, end: number, ordinary: number, refused: number, failed: number): number {
    return this.run(this.block + at, this.block + end, ordinary, refused, failed);
  }

  /** Where it stopped, in what was loaded. */
  get at(): number {
    return (this.found[FOUND_AT] ?? 0) - this.block;
  }

  /** Where the time stands that is not the one it knows. */
  get timeAt(): number {
    return (this.found[FOUND_TIME_AT] ?? 0) - this.block;
  }

  /** The status whose outcome is open. */
  get status(): number {
    return this.found[FOUND_STATUS] ?? 0;
  }

  /** The outcome that is open. */
  get outcome(): number {
    return this.found[FOUND_OUTCOME] ?? 0;
  }

  /** How many rows it has counted since it was asked to. */
  get rows(): number {
    return this.found[FOUND_ROWS] ?? 0;
  }

  /** Gives what it has found when it was asked to last, in the order in which each came first; what is counted, second by second. */
  drain(taker: FoundTaker): void {
    const { entries, row } = this;
    const end = (this.found[FOUND_ENTRIES] ?? 0) * ENTRY_WORDS;
    let at = 0;
    while (at < end) {
      const what = entries[at] ?? 0;
      if (what >= 0) {
        at = this.giveSecond(at, end, taker);
        continue;
      }
      const second = (what >> ENTRY_SECOND_SHIFT) & SECOND_MASK;
      const rows = entries[at + ENTRY_ROWS] ?? 0;
      const start = (entries[at + ENTRY_START] ?? 0) - this.block;
      const stop = (entries[at + ENTRY_END] ?? 0) - this.block;
      if ((what & ENTRY_UNSURE) !== 0) taker.unsure(rows, start, stop);
      else {
        row.second = second;
        row.status = statusOf(what);
        row.told = toldOf(what);
        row.reached = isReached(what);
        row.layout = (what >> ENTRY_LAYOUT_SHIFT) & LAYOUT_MASK;
        row.hash = (entries[at + ENTRY_HASH] ?? 0) >>> 0;
        row.before = rows;
        row.start = start;
        row.end = stop;
        taker.wanted(row);
      }
      at += ROW_ENTRIES * ENTRY_WORDS;
    }
  }

  /** Gives the rows that are counted in entries from `from` on which stand together and are of one second; where they end. */
  private giveSecond(from: number, end: number, taker: FoundTaker): number {
    const { entries } = this;
    const second = (entries[from] ?? 0) >> ENTRY_SECOND_SHIFT;
    const kinds: CountedKind[] = [];
    const counts: number[] = [];
    let all = 0;
    let at = from;
    for (; at < end; at += ENTRY_WORDS) {
      const what = entries[at] ?? 0;
      // An entry of a single row is below 0.
      if (what >> ENTRY_SECOND_SHIFT !== second) break;
      const rows = entries[at + ENTRY_ROWS] ?? 0;
      kinds.push(this.kindOf(what & CODE_MASK));
      counts.push(rows);
      all += rows;
    }
    taker.counted(second, kinds, counts, all);
    return at;
  }

  private kindOf(code: number): CountedKind {
    let kind = this.kinds.get(code);
    if (kind === undefined) {
      kind = this.countedAs(statusOf(code), toldOf(code), isReached(code));
      this.kinds.set(code, kind);
    }
    return kind;
  }
}

const statusOf = (code: number): number => (code & STATUS_MASK) >> 1;
const toldOf = (code: number): number => (code & CODE_MASK) >> CODE_SIGNAL_SHIFT;
const isReached = (code: number): boolean => (code & 1) === 1;

/** A class by the lower half of its bytes: a bit for each upper half. No byte above 127 is in one. */
function byHalfBytes(classes: Uint8Array, bit: number): Uint8Array {
  const halves = new Uint8Array(16);
  for (let byte = 0; byte < 128; byte++)
    if (((classes[byte] ?? 0) & bit) !== 0) halves[byte & 15] = (halves[byte & 15] ?? 0) | (1 << (byte >> 4));
  return halves;
}

let opened: AccessCounter | undefined;

/**
 * The counter of a thread: one for all readers, since its memory is dear and logs may come as thousands of files. Each says
 * whose it is before it uses it (`isNewTo`). Null where it cannot run.
 */
export function openAccessCounter(rules: AccessRules): AccessCounter | null {
  if (!runs(KERNEL)) return null;
  opened ??= new AccessCounter(rules);
  return opened;
}
