import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COUNT_NONE } from '../../src/scan/count-rules.ts';
import { ReferenceScanner } from '../../src/scan/reference.ts';
import type { RowScanner } from '../../src/scan/scanner.ts';
import { SimdScanner, simdWorks } from '../../src/scan/simd.ts';
import { BLOCK_BYTES, ROW_COLUMNS, ROW_END, ROW_FLAGS, ROW_START } from '../../src/scan/table.ts';
import { builtKernel, kernelNames } from '../tools/kernel.mjs';
import { hostileRows } from './hostile-rows.ts';

const COLUMNS = ['EdgeResponseStatus', 'RayID', 'a', 'EdgeColoCode', 'RequestHeaders', 'absent'];

interface Found {
  readonly text: string;
  readonly odd: boolean;
  readonly columns: readonly (string | null)[];
}

/** All rows of a text, as a scanner finds them when it is given so many bytes (at whole lines) at a time. */
function rowsOf(scanner: RowScanner, bytes: Buffer, blockBytes: number): Found[] {
  const found: Found[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(10, Math.min(start + blockBytes - 1, bytes.length - 1));
    const end = feed === -1 ? bytes.length : feed + 1;
    while (start < end) {
      const loaded = scanner.load(bytes, start, end);
      if (loaded === 0) {
        const long = bytes.indexOf(10, start);
        start = long === -1 ? end : long + 1;
        found.push({ text: 'long', odd: true, columns: [] });
      }
      const before = found.length;
      while (loaded > 0 && scanner.next(COUNT_NONE)) found.push(describeRow(scanner));
      if (loaded > 0) expect(scanner.lines).toBe(found.length - before);
      start += loaded;
    }
  }
  return found;
}

function describeRow({ memory, row }: RowScanner): Found {
  const word = (at: number): number => row[at] ?? Number.NaN;
  const odd = word(ROW_FLAGS) !== 0;
  const columns = COLUMNS.map((_, column) => {
    const from = word(ROW_COLUMNS + 2 * column);
    const to = word(ROW_COLUMNS + 2 * column + 1);
    return from === 0 ? null : `${to < 0 ? 'escaped ' : ''}${memory.toString('latin1', from, Math.abs(to))}`;
  });
  return { text: memory.toString('latin1', word(ROW_START), word(ROW_END)), odd, columns: odd ? [] : columns };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

describe('the row scanner', () => {
  test.each(kernelNames())('the built kernel %s is what its source gives', async (name) => {
    expect(readFileSync(`src/scan/kernels/${name}`, 'utf8')).toBe(await builtKernel(name));
  });

  test('runs as WebAssembly on this machine', () => {
    expect(simdWorks()).toBe(true);
  });

  test('the kernel and the reference find the same in hostile rows, whatever the block', () => {
    fc.assert(
      fc.property(
        hostileRows,
        fc.constantFrom(1, 2, 3, 7, 16, 64, 100, 1000, 5000, BLOCK_BYTES),
        (bytes, blockBytes) => {
          const reference = rowsOf(new ReferenceScanner(COLUMNS), bytes, BLOCK_BYTES);
          expect(rowsOf(new SimdScanner(COLUMNS), bytes, blockBytes)).toEqual(reference);
          expect(rowsOf(new ReferenceScanner(COLUMNS), bytes, blockBytes)).toEqual(reference);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('what an earlier row taught does not change what a later one gives', () => {
    const scanner = new SimdScanner(COLUMNS);
    fc.assert(
      fc.property(hostileRows, (bytes) => {
        expect(rowsOf(scanner, bytes, BLOCK_BYTES)).toEqual(rowsOf(new ReferenceScanner(COLUMNS), bytes, BLOCK_BYTES));
      }),
      { numRuns: 300 },
    );
  });

  test('a plain row is JSON, and its columns are the values that JSON.parse gives', () => {
    fc.assert(
      fc.property(hostileRows, (bytes) => {
        for (const { text, odd, columns } of rowsOf(new SimdScanner(COLUMNS), bytes, BLOCK_BYTES)) {
          if (odd) continue;
          const row = parsed(text);
          expect(row).toBeTypeOf('object');
          const own = new Map(Object.entries(row ?? {}));
          for (const [index, name] of COLUMNS.entries()) {
            const value = columns[index] ?? null;
            expect(value === null ? undefined : parsed(value.replace(/^escaped /, ''))).toEqual(own.get(name));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('takes no bytes for a key that it could not remember', () => {
    const long = Buffer.from(`{"${'k'.repeat(70)}":1}\n`);
    const bytes = Buffer.concat([long, Buffer.from('{'), Buffer.alloc(73, 0xff), Buffer.from('1}\n'), long]);
    for (const scanner of [new SimdScanner(COLUMNS), new ReferenceScanner(COLUMNS)])
      expect(rowsOf(scanner, bytes, BLOCK_BYTES).map((row) => row.odd)).toEqual([false, true, false]);
  });

  test.each([
    '{"a":1}',
    '{"a":-0.5e+10,"RayID":"x"}\r',
    '{"a":{"b":[],"c":[{},[1,"\\u00e9"]]}}',
    '{"a":true,"b":null,"c":false}',
  ])('takes %s as plain', (row) => {
    for (const scanner of [new SimdScanner(COLUMNS), new ReferenceScanner(COLUMNS)])
      expect(rowsOf(scanner, Buffer.from(row), BLOCK_BYTES)[0]?.odd).toBe(false);
  });

  test.each([
    '',
    '{}',
    '[]',
    '{"a" :1}',
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":1e}',
    '{"a":+1}',
    '{"a":1,}',
    '{"a":1 "b":2}',
    '{"a":1}}',
    '{"a":[1,]}',
    '{"a":[1}',
    '{"a":{"b"}}',
    '{"a":{"b":1,}}',
    '{"a":tru}',
    '{"a":nul',
    '{"a":"\\x"}',
    '{"a":"\\u12g4"}',
    '{"a":"\t"}',
    '{"a":1,"a":1}',
    '{"\\u0061":1}',
    '{"ä":1}',
    `{"a":${'['.repeat(64)}${']'.repeat(64)}}`,
  ])('takes %s as odd', (row) => {
    for (const scanner of [new SimdScanner(COLUMNS), new ReferenceScanner(COLUMNS)])
      for (const end of ['', '\n']) {
        const rows = rowsOf(scanner, Buffer.from(`{"a":1}\n${row}${end}`), BLOCK_BYTES);
        expect(rows[1]?.odd ?? true).toBe(true);
      }
  });

  test('a line longer than a block is not taken, and the next one is', () => {
    const bytes = Buffer.from(`{"a":"${'x'.repeat(BLOCK_BYTES)}"}\n{"a":2}\n`);
    for (const scanner of [new SimdScanner(COLUMNS), new ReferenceScanner(COLUMNS)])
      expect(rowsOf(scanner, bytes, BLOCK_BYTES).map(({ text }) => text)).toEqual(['long', '{"a":2}']);
  });

  test('a long value is read to its end', () => {
    const bytes = Buffer.from(`{"a":"${'x\\\\'.repeat(BLOCK_BYTES / 4)}"}\n`);
    for (const scanner of [new SimdScanner(COLUMNS), new ReferenceScanner(COLUMNS)])
      expect(rowsOf(scanner, bytes, BLOCK_BYTES).map(({ odd }) => odd)).toEqual([false]);
  });
});
