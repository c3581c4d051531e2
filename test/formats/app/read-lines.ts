import { expect } from 'vitest';
import type { Line, LineFormat } from '../../../src/formats/format.ts';
import { Unwrapper } from '../../../src/formats/wrappers.ts';
import type { LogRecord } from '../../../src/vocabulary/records.ts';

/** The lines of a text as a source would hand them to a format. */
export function unwrapped(text: string): Line[] {
  const unwrapper = new Unwrapper();
  return text.split('\n').map((line, i) => unwrapper.unwrap(line, i + 1));
}

/** The records a format makes of a text, and the lines that it refused. */
export function read(format: LineFormat, text: string): { records: LogRecord[]; refused: Line[] } {
  const records: LogRecord[] = [];
  const refused: Line[] = [];
  const parser = format.open((record) => records.push(record));
  for (const line of unwrapped(text)) if (!parser.push(line)) refused.push(line);
  parser.end();
  return { records, refused };
}

/** Runs every example of a format: each named field must be as the example says, no line may be refused. */
export function expectExamples(format: LineFormat): void {
  for (const example of format.examples()) {
    const { records, refused } = read(format, example.input);
    expect(refused, `${format.id}: ${example.shows}: refused lines`).toEqual([]);
    expect(records.length, `${format.id}: ${example.shows}: number of records`).toBe(example.records.length);
    for (const [i, wanted] of example.records.entries()) {
      expect(records[i], `${format.id}: ${example.shows}`).toMatchObject(wanted);
    }
    const first = unwrapped(example.input).find((line) => line.text !== '');
    if (first && example.records.length > 0)
      expect(format.score(first), `${format.id}: ${example.shows}: score`).toBeGreaterThan(0);
  }
}
