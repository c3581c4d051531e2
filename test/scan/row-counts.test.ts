import { describe, expect, test } from 'vitest';
import { type CountedSecond, type CountRules, KIND, type RowWeights } from '../../src/scan/count-rules.ts';
import { SimdScanner } from '../../src/scan/simd.ts';
import { ROW_END, ROW_START } from '../../src/scan/table.ts';

const COLUMNS = ['status', 'next', 'time', 'id', 'actor', 'action', 'other', 'start', 'first', 'up', 'upNs'];
const RULES: CountRules = {
  kinds: Uint8Array.from({ length: 1000 }, (_, status) =>
    status < 200 || status >= 500 ? KIND.other : status < 400 ? KIND.good : KIND.refused,
  ),
  status: 'status',
  nextStatus: 'next',
  time: 'time',
  id: 'id',
  duration: { start: 'start', firstByteMs: 'first', upstreamMs: 'up', upstreamNs: 'upNs' },
  limits: [
    { column: 'actor', values: ['"visitor"', '1'], ofRefused: false },
    { column: 'action', values: ['""', '"log"'], ofRefused: true },
    { column: 'other', values: [], ofRefused: false },
  ],
};
/** No sampling hash of a row is divided by it. */
const WANTED_NEVER = 2 ** 32 - 1;

const all = (weight: number): RowWeights => ({ ordinary: weight, failed: weight, refused: weight });

const row = (changes: Readonly<Record<string, string>> = {}): string =>
  `{${Object.entries({ status: '200', time: '"2026-03-04T10:00:01Z"', id: '"49336fc9397ab080"', ...changes })
    .map(([name, value]) => `"${name}":${value}`)
    .join(',')}}`;

/** The rows that are given, and what is counted of the others. */
function read(rows: readonly string[], weight = WANTED_NEVER): { given: string[]; counted: CountedSecond[] } {
  const scanner = new SimdScanner(COLUMNS, RULES);
  const counted: CountedSecond[] = [];
  const given: string[] = [];
  scanner.countInto({ counted: (rows) => counted.push(rows), listed: () => {} });
  const bytes = Buffer.from(rows.map((text) => `${text}\n`).join(''));
  for (let at = 0; at < bytes.length; ) {
    at += scanner.load(bytes, at, bytes.length);
    while (scanner.next(all(weight)))
      given.push(scanner.memory.toString('latin1', scanner.row[ROW_START], scanner.row[ROW_END]));
  }
  scanner.giveCounts();
  return { given, counted };
}

describe('the rows that a scanner counts', () => {
  test.each([
    {},
    { status: '399', next: '499' },
    { status: '404' },
    { status: '404', action: '"log"' },
    { status: '200', action: '"block"' },
    { actor: '"visitor"' },
    { actor: '1' },
    { time: '"2026-03-04T10:00:01.5Z"' },
    { time: '"2026-03-04T10:00:01.123456789Z"' },
    { time: '"2024-02-29T23:59:59Z"' },
    { time: '1772618401' },
    { time: '"1772618401123"' },
    { time: '1772618401123456789' },
  ])('holds %o', (changes) => {
    expect(read([row(changes)])).toMatchObject({ given: [], counted: [{ rows: 1 }] });
  });

  test.each([
    { status: '502' },
    { status: '"200"' },
    { status: '20' },
    { next: '502' },
    { next: 'null' },
    { status: '404', action: '"block"' },
    { actor: '"worker"' },
    { actor: '11' },
    { other: '""' },
    { id: '"49336FC9397AB080"' },
    { id: '"49336fc9397ab08"' },
    { id: '"49336fc9397\\u0061b080"' },
    { time: '"2026-02-29T10:00:01Z"' },
    { time: '"2026-03-04T24:00:01Z"' },
    { time: '"2026-03-04T10:00:61Z"' },
    { time: '"2026-03-04T10:00:01+02:00"' },
    { time: '"2026-03-04 10:00:01Z"' },
    { time: '"2026-03-04T10:00:01.1234567890Z"' },
    { time: '1772618401123999999' },
    { time: '17726184011' },
    { time: 'null' },
  ])('does not hold %o', (changes) => {
    expect(read([row(changes)])).toEqual({ given: [row(changes)], counted: [] });
  });

  test('are told by second, with their first and last instant', () => {
    const rows = ['01.250', '01.007', '02', '01.9'].map((seconds) => row({ time: `"2026-03-04T10:00:${seconds}Z"` }));
    const at = Date.UTC(2026, 2, 4, 10);
    const kinds = [{ status: 200, reached: false }];
    expect(read(rows).counted).toEqual([
      { firstMs: at + 1007, lastMs: at + 1900, kinds, counts: [3], rows: 3 },
      { firstMs: at + 2000, lastMs: at + 2000, kinds, counts: [1], rows: 1 },
    ]);
  });

  test('are none with a weight of 0, and none whose sampling hash the weight divides', () => {
    expect(read([row()], 0).given).toHaveLength(1);
    expect(read([row()], 1).given).toHaveLength(1);
  });

  test('find room whatever their seconds and statuses', () => {
    const rows = Array.from({ length: 5000 }, (_, i) =>
      row({
        status: `${200 + ((i * 7) % 190)}`,
        next: `${(i % 3) * 100}`,
        time: `${1_772_618_401 + ((i * 7919) % 4000)}`,
      }),
    );
    const { given, counted } = read(rows);
    expect(given).toEqual([]);
    expect(counted.reduce((sum, { rows }) => sum + rows, 0)).toBe(5000);
  });

  test('stand before what was given, so that its place is known', () => {
    const scanner = new SimdScanner(COLUMNS, RULES);
    const bytes = Buffer.from(`${row()}\n${row()}\n${row({ status: '502' })}\n${row()}\n`);
    scanner.load(bytes, 0, bytes.length);
    expect(scanner.next(all(WANTED_NEVER))).toBe(true);
    expect(scanner.lines).toBe(3);
    expect(scanner.next(all(WANTED_NEVER))).toBe(false);
    expect(scanner.lines).toBe(4);
  });

  test('are given to whom they were counted for', () => {
    const scanner = new SimdScanner(COLUMNS, RULES);
    const bytes = Buffer.from(`${row()}\n`);
    const told: string[] = [];
    for (const name of ['first', 'second']) {
      scanner.countInto({ counted: ({ rows }) => told.push(`${name} ${rows}`), listed: () => {} });
      scanner.load(bytes, 0, bytes.length);
      expect(scanner.next(all(WANTED_NEVER))).toBe(false);
    }
    scanner.giveCounts();
    expect(told).toEqual(['first 1', 'second 1']);
  });
});
