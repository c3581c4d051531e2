import type { Kernel } from './compiled.ts';
import type { CountedKind, CountRules, Limit } from './count-rules.ts';
import { LISTED_WORDS, MOST_LISTED } from './row-numbers.ts';
import type { CountTaker } from './scanner.ts';
import { ROW_COLUMNS } from './table.ts';

const WORD_BYTES = 4;
/** Places within a limit and a value of one, in bytes. */
const LIMIT_REFUSED = 4;
const LIMIT_VALUES = 8;
const VALUE_TEXT = 16;
const VALUE_MASK = 32;
const LONGEST_VALUE = 16;
/** What `slotToGive` names beside slots. */
const ALL_SLOTS = -1;
const LIST = -2;

/** The counts that a kernel of the row scanner holds (`assembly/row-counts.ts`). */
export class RowCounts {
  private readonly seconds: Uint32Array;
  /** Of each second the first and the last millisecond. */
  private readonly spans: Uint16Array;
  private readonly codes: Uint32Array;
  private readonly counts: Uint32Array;
  /** By what codes mean. */
  private readonly kinds = new Map<number, CountedKind>();
  private readonly codeSlots: number;
  private readonly codesInUse: () => number;
  private readonly slotToGive: () => number;
  private readonly forget: () => number;
  private readonly listed: Uint32Array;
  private readonly listedRows: () => number;
  private readonly forgetListed: () => number;
  private taker: CountTaker | null = null;

  /** Throws where the kernel has no room for the rules. */
  constructor(kernel: Kernel, columns: readonly string[], rules: CountRules) {
    const { memory } = kernel;
    const slots = kernel.numberOf('SECOND_SLOTS');
    this.codeSlots = kernel.numberOf('CODE_SLOTS');
    this.seconds = new Uint32Array(memory, kernel.numberOf('SECONDS'), slots);
    this.spans = new Uint16Array(memory, kernel.numberOf('SPANS'), 2 * slots);
    this.codes = new Uint32Array(memory, kernel.numberOf('CODES'), this.codeSlots);
    this.counts = new Uint32Array(memory, kernel.numberOf('COUNTS'), slots * this.codeSlots);
    this.codesInUse = kernel.functionOf('codesInUse');
    this.slotToGive = kernel.functionOf('slotToGive');
    this.forget = kernel.functionOf('forget');
    this.listed = new Uint32Array(memory, kernel.numberOf('LISTED'), MOST_LISTED * LISTED_WORDS);
    this.listedRows = kernel.functionOf('listedRows');
    this.forgetListed = kernel.functionOf('forgetListed');
    this.forgetListed();
    const placeOf = (column: string): number => {
      const index = columns.indexOf(column);
      if (index === -1) throw new Error(`the scanner does not look for ${column}`);
      return (ROW_COLUMNS + 2 * index) * WORD_BYTES;
    };
    if (rules.limits.length > kernel.numberOf('MOST_LIMITS')) throw new Error('too many limits');
    const bytes = Buffer.from(memory);
    bytes.set(rules.kinds, kernel.numberOf('KINDS'));
    for (const [index, limit] of rules.limits.entries()) {
      const at = kernel.numberOf('LIMITS') + index * kernel.numberOf('LIMIT_BYTES');
      writeLimit(bytes, at, placeOf(limit.column), limit, kernel);
    }
    const { status, nextStatus, time, id, limits } = rules;
    const { start, firstByteMs, upstreamMs, upstreamNs } = rules.duration;
    kernel.functionOf('measureBy')(placeOf(start), placeOf(firstByteMs), placeOf(upstreamMs), placeOf(upstreamNs));
    kernel.functionOf('beginCounting')(placeOf(status), placeOf(nextStatus), placeOf(time), placeOf(id), limits.length);
  }

  /** Whether it is another one than before. */
  giveTo(taker: CountTaker): boolean {
    if (this.taker === taker) return false;
    this.giveAll();
    this.taker = taker;
    return true;
  }

  /** Gives what stands in the way of the next row. */
  makeRoom(): void {
    const slot = this.slotToGive();
    if (slot === LIST) this.giveListed();
    else if (slot === ALL_SLOTS) this.giveAll();
    else this.giveSlot(slot);
  }

  giveAll(): void {
    this.giveListed();
    // Before each line that goes the ordinary way, mostly with nothing to give.
    if (this.codesInUse() === 1) return;
    for (let slot = 0; slot < this.seconds.length; slot++) if (this.seconds[slot] !== 0) this.giveSlot(slot);
    this.forget();
  }

  giveListed(): void {
    const rows = this.listedRows();
    if (rows === 0) return;
    this.taker?.listed({ words: this.listed, rows });
    this.forgetListed();
  }

  private giveSlot(slot: number): void {
    const { seconds, spans, codes, counts, codeSlots } = this;
    const startMs = (seconds[slot] ?? 0) * 1000;
    const firstMs = startMs + (spans[2 * slot] ?? 0);
    const lastMs = startMs + (spans[2 * slot + 1] ?? 0);
    const inUse = this.codesInUse();
    const second = { firstMs, lastMs, kinds: [] as CountedKind[], counts: [] as number[], rows: 0 };
    for (let code = 1; code < inUse; code++) {
      const at = slot * codeSlots + code;
      const rows = counts[at] ?? 0;
      if (rows === 0) continue;
      counts[at] = 0;
      second.kinds.push(this.kindOf(codes[code] ?? 0));
      second.counts.push(rows);
      second.rows += rows;
    }
    this.taker?.counted(second);
    seconds[slot] = 0;
  }

  private kindOf(meaning: number): CountedKind {
    let kind = this.kinds.get(meaning);
    if (kind === undefined) {
      kind = { status: meaning >> 1, reached: (meaning & 1) === 1 };
      this.kinds.set(meaning, kind);
    }
    return kind;
  }
}

function writeLimit(
  memory: Buffer,
  at: number,
  place: number,
  { column, values, ofRefused }: Limit,
  kernel: Kernel,
): void {
  const limitBytes = kernel.numberOf('LIMIT_BYTES');
  const first = kernel.numberOf('FIRST_VALUE');
  const valueBytes = kernel.numberOf('VALUE_BYTES');
  if (first + values.length * valueBytes > limitBytes || values.some(({ length }) => length > LONGEST_VALUE))
    throw new Error(`no room for the values of ${column}`);
  memory.fill(0, at, at + limitBytes);
  memory.writeInt32LE(place, at);
  memory.writeInt32LE(ofRefused ? 1 : 0, at + LIMIT_REFUSED);
  memory.writeInt32LE(values.length, at + LIMIT_VALUES);
  for (const [index, value] of values.entries()) {
    const entry = at + first + index * valueBytes;
    memory.writeInt32LE(value.length, entry);
    memory.write(value, entry + VALUE_TEXT, 'latin1');
    memory.fill(0xff, entry + VALUE_MASK, entry + VALUE_MASK + value.length);
  }
}
