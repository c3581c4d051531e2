import type { LineFormat } from '../../../src/formats/format.ts';
import type { LogRecord } from '../../../src/vocabulary/records.ts';

/** What a format makes of a text: its records, and how many lines it did not take. */
export function read(format: LineFormat, text: string): { records: LogRecord[]; notTaken: number } {
  const records: LogRecord[] = [];
  const parser = format.open((record) => records.push(record));
  let notTaken = 0;
  text.split('\n').forEach((line, i) => {
    if (!parser.push({ text: line, number: i + 1, wrapper: null })) notTaken++;
  });
  parser.end();
  return { records, notTaken };
}
