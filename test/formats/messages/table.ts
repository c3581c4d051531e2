import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { traceSource } from '../../../src/digest/trace.ts';
import { FORMATS } from '../../../src/formats/registry.ts';
import { streamSource } from '../../../src/input/source.ts';
import type { ClueRecord } from '../../../src/vocabulary/records.ts';
import { SIGNALS, type SignalId } from '../../../src/vocabulary/signals.ts';

/** A row of a table of messages; columns by their names in the first line. */
export type TableRow = Readonly<Record<string, string>>;

/** Reads `fixtures/messages/<name>.tsv`: what a program's own source says it writes, one row per message. */
export function readTable(name: string): readonly TableRow[] {
  const [head = '', ...lines] = readFileSync(`fixtures/messages/${name}.tsv`, 'utf8').trimEnd().split('\n');
  const columns = head.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']));
  });
}

/** Values for the placeholders of a format string, by their names. */
export type Values = Readonly<Record<string, string>>;

/** A message from its format string: each placeholder (a word in capitals that `values` knows) gets its value. */
export function fill(format: string, values: Values): string {
  return format.replace(/(?<![A-Za-z_])[A-Z]+(?![A-Za-z_(])/g, (name) => values[name] ?? name);
}

/** What the product makes of the last of some lines. */
export interface Reading {
  /** The format that took the line. */
  readonly format: string | undefined;
  readonly signal: SignalId | undefined;
  readonly hop: string | undefined;
  readonly level: string | undefined;
  readonly notUnderstood: number;
}

/** Reads lines as a file of their own, its format found by its content alone. */
export async function read(lines: readonly string[]): Promise<Reading> {
  const trace = await traceSource(streamSource(Readable.from([Buffer.from(lines.join('\n'))])), FORMATS);
  const last = trace.records.filter(({ record }) => record.line === lines.length).at(-1);
  const clue: ClueRecord | undefined = last?.record.kind === 'clue' ? last.record : undefined;
  return {
    format: trace.lines.at(-1)?.format?.id,
    signal: clue?.signal,
    hop: clue?.hop,
    level: clue?.level,
    notUnderstood: trace.notUnderstood,
  };
}

/** The signal with this name; fails where the vocabulary has none. */
export function signalNamed(name: string): SignalId {
  const id = Object.keys(SIGNALS).find((known): known is SignalId => known === name);
  if (id === undefined) throw new Error(`no signal ${name}`);
  return id;
}

/** The statuses that a table's cell names: `404/403`, `502 after connectTimeout (default 30 s)`; none in `-`, `any`. */
export function statusesIn(cell: string): readonly number[] {
  return (
    /^[45]\d\d(?:(?:\/| or )[45]\d\d)*\b/
      .exec(cell)?.[0]
      .split(/\/| or /)
      .map(Number) ?? []
  );
}
