import type { Kernel } from './compiled.ts';
import type { RowKind, RowWeights } from './count-rules.ts';
import {
  CLOSED,
  LASTED,
  NODE_CHILD,
  NODE_COLUMN,
  NODE_MEANING,
  NODE_MS,
  NODE_SIBLING,
  NODE_TRIED,
  NODE_VALUE,
  NODE_WORDS,
  SAMPLED_FAILED,
  SAMPLED_NEVER,
  SAMPLED_ORDINARY,
  SAMPLED_REFUSED,
  UNKNOWN,
} from './row-numbers.ts';
import type { Held, Lasted } from './scanner.ts';
import { ROW_COLUMNS } from './table.ts';

const WORD_BYTES = 4;
const SAMPLED: Readonly<Record<keyof RowWeights | 'never', number>> = {
  ordinary: SAMPLED_ORDINARY,
  failed: SAMPLED_FAILED,
  refused: SAMPLED_REFUSED,
  never: SAMPLED_NEVER,
};
/** Longer values hardly repeat. */
const LONGEST_VALUE = 112;
/** A column of more values than this does not tell kinds: what is not known by then is not taught any more. */
const MOST_BELOW = 128;

/**
 * The kinds of rows that a kernel of the row scanner knows (`assembly/row-kinds.ts`): a tree in its memory. A node asks for a
 * column, and what that holds leads to the next one. Bounded: where there is no room nothing more is learned, until the next log
 * begins.
 */
export class RowKinds {
  private readonly memory: Buffer;
  private readonly words: Int32Array;
  private readonly root: number;
  private readonly nodesEnd: number;
  private readonly firstValue: number;
  private readonly valuesEnd: number;
  private nextNode: number;
  private nextValue: number;
  /** Whether something was not learned for want of room, or since a column holds too many values. */
  private isWorn = false;
  /** Where values lie that are known, by their bytes. */
  private readonly values = new Map<string, number>();

  constructor(kernel: Kernel) {
    this.memory = Buffer.from(kernel.memory);
    this.words = new Int32Array(kernel.memory);
    this.root = kernel.numberOf('NODES');
    this.nodesEnd = this.root + kernel.numberOf('NODES_BYTES');
    this.nextNode = this.root + NODE_WORDS * WORD_BYTES;
    this.firstValue = kernel.numberOf('VALUES');
    this.nextValue = this.firstValue;
    this.valuesEnd = this.nextValue + kernel.numberOf('VALUES_BYTES');
  }

  /** Another log begins: forgets all where there was no room for more. */
  logBegins(): void {
    if (!this.isWorn) return;
    this.words.fill(0, this.root / WORD_BYTES, this.nodesEnd / WORD_BYTES);
    this.nextNode = this.root + NODE_WORDS * WORD_BYTES;
    this.nextValue = this.firstValue;
    this.values.clear();
    this.isWorn = false;
  }

  /** As `RowScanner.teach`. */
  teach(path: readonly (Held | Lasted)[], kind: RowKind | null): void {
    let node = this.root;
    for (const step of path) {
      const isLasted = 'lastedMs' in step;
      const place = isLasted ? LASTED : (ROW_COLUMNS + 2 * step.column) * WORD_BYTES;
      const ms = isLasted ? step.lastedMs : 0;
      const asked = this.get(node, NODE_COLUMN);
      const isSame = asked === place && this.get(node, NODE_MS) === ms;
      // A kind that is told by fewer columns cannot be, as paths ask for what those before tell.
      if (!isSame && (asked !== 0 || this.get(node, NODE_MEANING) !== UNKNOWN)) return;
      this.set(node, NODE_COLUMN, place);
      this.set(node, NODE_MS, ms);
      const next = this.below(node, isLasted ? Number(step.answer) : this.placeOf(step.value));
      if (next === null) return;
      node = next;
    }
    if (this.get(node, NODE_COLUMN) !== 0) return;
    this.set(node, NODE_MEANING, kind === null ? CLOSED : 4 * kind.number + SAMPLED[kind.sample ?? 'never']);
  }

  /** The node to which what lies at a place leads; a new one where there is none yet. Null where that cannot be. */
  private below(node: number, at: number | null): number | null {
    let child = this.get(node, NODE_CHILD);
    while (child !== 0 && (at === null || this.get(child, NODE_VALUE) !== at)) child = this.get(child, NODE_SIBLING);
    if (child !== 0) return child;
    if (this.get(node, NODE_MEANING) === CLOSED) return null;
    const tried = this.get(node, NODE_TRIED) + 1;
    this.set(node, NODE_TRIED, tried);
    const hasRoom = this.nextNode < this.nodesEnd;
    if (tried >= MOST_BELOW || !hasRoom) {
      this.set(node, NODE_MEANING, CLOSED);
      this.isWorn = true;
    }
    if (at === null || !hasRoom) return null;
    child = this.nextNode;
    this.nextNode += NODE_WORDS * WORD_BYTES;
    this.set(child, NODE_VALUE, at);
    this.set(child, NODE_SIBLING, this.get(node, NODE_CHILD));
    this.set(node, NODE_CHILD, child);
    return child;
  }

  /** Where a value lies; 0: none is held. Null where it hardly repeats or there is no room. */
  private placeOf(value: Held['value']): number | null {
    if (value === null) return 0;
    if (value === undefined || value.length > LONGEST_VALUE) return null;
    const key = Buffer.from(value).toString('latin1');
    let at = this.values.get(key);
    if (at === undefined) {
      at = this.nextValue;
      const end = at + WORD_BYTES + value.length;
      if (end > this.valuesEnd) return null;
      this.nextValue = (end + WORD_BYTES - 1) & -WORD_BYTES;
      this.memory.writeInt32LE(value.length, at);
      this.memory.set(value, at + WORD_BYTES);
      this.values.set(key, at);
    }
    return at;
  }

  private get(node: number, word: number): number {
    return this.words[node / WORD_BYTES + word] ?? 0;
  }

  private set(node: number, word: number, value: number): void {
    this.words[node / WORD_BYTES + word] = value;
  }
}
