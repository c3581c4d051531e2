import type { RowScanner } from './scanner.ts';
import { BLOCK_BYTES, endOfBlock, ROW_COLUMNS, ROW_END, ROW_FLAGS, ROW_START, rowWordsFor } from './table.ts';

const LF = 10;
const CR = 13;

/** Members of an object, or of the list in it, as the kernel takes them: no blanks, plain keys. Sticky: it goes on where it stands. */
const KEY = /"([\w.-]*)":/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const DEEPEST = 63;

/** The scanner in plain TypeScript: what the kernel is held to, and what runs where WebAssembly has no vectors. Counts nothing. */
export class ReferenceScanner implements RowScanner {
  readonly memory = Buffer.alloc(BLOCK_BYTES);
  readonly row: Int32Array;
  lines = 0;
  readonly isUnknown = false;
  private at = 0;
  private end = 0;
  private readonly columns: ReadonlyMap<string, number>;

  constructor(columns: readonly string[]) {
    this.columns = new Map(columns.map((name, index) => [name, index]));
    this.row = new Int32Array(rowWordsFor(columns.length));
  }

  load(bytes: Uint8Array, start: number, end: number): number {
    this.end = endOfBlock(bytes, start, end) - start;
    this.memory.set(bytes.subarray(start, start + this.end));
    this.at = 0;
    this.lines = 0;
    return this.end;
  }

  next(): boolean {
    const { at, end } = this;
    if (at >= end) return false;
    const feed = this.memory.indexOf(LF, at);
    const to = feed === -1 || feed >= end ? end : feed;
    this.describe(at, to);
    this.at = to + 1;
    this.lines++;
    return true;
  }

  countInto(): void {}

  giveCounts(): void {}

  giveListed(): void {}

  teach(): void {}

  /** Fills the words of the row. */
  private describe(start: number, end: number): void {
    const { row, memory } = this;
    row.fill(0);
    row[ROW_START] = start;
    row[ROW_END] = end;
    const members = membersOf(memory.toString('latin1', start, end > start && memory[end - 1] === CR ? end - 1 : end));
    const seen = new Set<number>();
    for (const { key, from, to, escaped } of members ?? []) {
      const column = this.columns.get(key);
      if (column === undefined) continue;
      if (seen.has(column)) row[ROW_FLAGS] = 1;
      seen.add(column);
      row[ROW_COLUMNS + 2 * column] = start + from;
      row[ROW_COLUMNS + 2 * column + 1] = escaped ? -(start + to) : start + to;
    }
    if (members === null) row[ROW_FLAGS] = 1;
  }
}

interface Member {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly escaped: boolean;
}

/** The members of a plain row, its bytes as Latin 1; null where it is odd. */
function membersOf(row: string): readonly Member[] | null {
  if (!row.startsWith('{')) return null;
  const members: Member[] = [];
  for (let at = 1; ; ) {
    const key = matchAt(KEY, row, at);
    if (key === null) return null;
    const from = at + key.length;
    const to = endOfValue(row, from);
    if (to === -1) return null;
    members.push({ key: key.slice(1, -2), from, to, escaped: row.slice(from, to).includes('\\') });
    const after = row.charAt(to);
    at = to + 1;
    if (after === '}') return at === row.length ? members : null;
    if (after !== ',') return null;
  }
}

/** Where the value that begins at `at` ends; -1 where there is none. */
function endOfValue(row: string, from: number): number {
  const open: ('{' | '[')[] = [];
  for (let at = from; ; ) {
    const first = row.charAt(at);
    let empty = false;
    if (first === '{' || first === '[') {
      if (open.length === DEEPEST) return -1;
      open.push(first);
      at++;
      empty = row.charAt(at) === closing(first);
      if (!empty) {
        at = first === '{' ? endOfKey(row, at) : at;
        if (at === -1) return -1;
        continue;
      }
    } else {
      const value = textAt(row, at) ?? matchAt(NUMBER, row, at) ?? matchAt(WORD, row, at);
      if (value === null) return -1;
      at += value.length;
    }
    for (;;) {
      const innermost = open.at(-1);
      if (innermost === undefined) return at;
      if (!empty && row.charAt(at) === ',') {
        at = innermost === '{' ? endOfKey(row, at + 1) : at + 1;
        if (at === -1) return -1;
        break;
      }
      if (row.charAt(at) !== closing(innermost)) return -1;
      empty = false;
      open.pop();
      at++;
    }
  }
}

/** Where a nested object's key at `at`, which may hold anything a string may, ends with its colon; -1 where there is none. */
function endOfKey(row: string, at: number): number {
  const key = textAt(row, at);
  return key !== null && row.charAt(at + key.length) === ':' ? at + key.length + 1 : -1;
}

function closing(open: '{' | '['): string {
  return open === '{' ? '}' : ']';
}

/** The string at `at` with its quotes, or null. A loop and no pattern: those run out of stack on long strings. */
function textAt(row: string, from: number): string | null {
  if (row.charAt(from) !== '"') return null;
  for (let at = from + 1; at < row.length; ) {
    const character = row.charAt(at);
    if (character === '"') return row.slice(from, at + 1);
    if (character < ' ') return null;
    const length = character === '\\' ? matchAt(ESCAPE, row, at)?.length : 1;
    if (length === undefined) return null;
    at += length;
  }
  return null;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
