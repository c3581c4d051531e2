import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CountRules, KIND } from '../../src/scan/count-rules.ts';
import { LISTED_ID, LISTED_KIND, LISTED_MS, LISTED_WORDS, MOST_LISTED } from '../../src/scan/row-numbers.ts';
import type { Held } from '../../src/scan/scanner.ts';
import { SimdScanner, simdWorks } from '../../src/scan/simd.ts';
import { ROW_END, ROW_KIND, ROW_START } from '../../src/scan/table.ts';

const COLUMNS = ['status', 'next', 'time', 'id', 'a', 'b', 'c', 'start', 'first', 'up', 'upNs'];
const RULES: CountRules = {
  kinds: new Uint8Array(1000).fill(KIND.other),
  status: 'status',
  nextStatus: 'next',
  time: 'time',
  id: 'id',
  duration: { start: 'start', firstByteMs: 'first', upstreamMs: 'up', upstreamNs: 'upNs' },
  limits: [],
};
/** No sampling hash of a row is divided by it. */
const WANTED_NEVER = 2 ** 32 - 1;
const WEIGHTS = { ordinary: WANTED_NEVER, failed: WANTED_NEVER, refused: WANTED_NEVER };

interface Listed {
  readonly kind: number;
  readonly id: string;
  readonly ms: number;
}

/** A scanner and what it has listed. */
class Lists {
  readonly listed: Listed[] = [];
  readonly scanner = new SimdScanner(COLUMNS, RULES);

  constructor() {
    const hex = (word = 0): string => word.toString(16).padStart(8, '0');
    this.scanner.countInto({
      counted: () => {
        throw new Error('no row only counts');
      },
      listed: ({ words, rows }) => {
        for (let at = 0; at < rows * LISTED_WORDS; at += LISTED_WORDS)
          this.listed.push({
            kind: words[at + LISTED_KIND] ?? 0,
            id: hex(words[at + LISTED_ID]) + hex(words[at + LISTED_ID + 1]),
            ms: (words[at + LISTED_MS] ?? 0) * 2 ** 32 + (words[at + LISTED_MS + 1] ?? 0),
          });
      },
    });
  }

  teach(path: Readonly<Record<string, string | null | undefined>>, number: number): void {
    this.scanner.teach(pathOf(path), { number, sample: 'failed' });
  }

  /** The rows that were given, and whether they were unknown. */
  read(rows: readonly string[], weights = WEIGHTS): [string, boolean][] {
    const { scanner } = this;
    const bytes = Buffer.from(rows.map((row) => `${row}\n`).join(''));
    const given: [string, boolean][] = [];
    for (let at = 0; at < bytes.length; ) {
      at += scanner.load(bytes, at, bytes.length);
      while (scanner.next(weights))
        given.push([
          scanner.memory.toString('latin1', scanner.row[ROW_START], scanner.row[ROW_END]),
          scanner.isUnknown,
        ]);
    }
    scanner.giveListed();
    return given;
  }
}

const pathOf = (path: Readonly<Record<string, string | null | undefined>>): Held[] =>
  Object.entries(path).map(([name, value]) => ({
    column: COLUMNS.indexOf(name),
    value: typeof value === 'string' ? Buffer.from(value) : value,
  }));

const ID = '49336fc9397ab080';
const TIME = '"2026-03-04T10:00:01.25Z"';
const MS = Date.UTC(2026, 2, 4, 10, 0, 1, 250);

const row = (changes: Readonly<Record<string, string>> = {}): string =>
  `{${Object.entries({ status: '502', time: TIME, id: `"${ID}"`, ...changes })
    .map(([name, value]) => `"${name}":${value}`)
    .join(',')}}`;

describe.skipIf(!simdWorks())('the rows that a scanner lists', () => {
  test('are of the kinds that it was taught, each with its id and time', () => {
    const lists = new Lists();
    lists.teach({ a: '1', b: null }, 7);
    lists.teach({ a: '1', b: '"x"' }, 8);
    const ids = ['0123456789abcdef', 'fedcba9876543210', '00000000ffffffff', ID];
    const rows = ids.map((id) => row({ a: '1', id: `"${id}"` }));
    expect(lists.read([...rows, row({ a: '1', b: '"x"' })])).toEqual([]);
    expect(lists.listed).toEqual([...ids.map((id) => ({ kind: 7, id, ms: MS })), { kind: 8, id: ID, ms: MS }]);
  });

  test.each([
    ['of a value that was not taught', { a: '2' }, true],
    ['of a value that begins with one', { a: '11' }, true],
    ['without the column', {}, true],
    ['with a further column asked for', { a: '1', b: '1' }, true],
    ['with an escaped value', { a: '"\\u0061"' }, true],
    ['with an odd id', { a: '1', id: '"49336FC9397AB080"' }, false],
    ['with an odd time', { a: '1', time: '"2026-03-04 10:00:01"' }, false],
    ['without a time', { a: '1', time: 'null' }, false],
  ])('are not those %s', (_, changes, isUnknown) => {
    const lists = new Lists();
    lists.teach({ a: '1', b: null }, 1);
    expect(lists.read([row(changes)])).toEqual([[row(changes), isUnknown]]);
    expect(lists.listed).toEqual([]);
  });

  test('are those that their weight does not want', () => {
    const lists = new Lists();
    for (const [index, sample] of (['ordinary', 'failed', 'refused', null] as const).entries())
      lists.scanner.teach(pathOf({ a: `${index}` }), { number: index + 1, sample });
    const rows = [0, 1, 2, 3].map((index) => row({ a: `${index}` }));
    const none = { ordinary: WANTED_NEVER, failed: WANTED_NEVER, refused: WANTED_NEVER };
    for (const [index, sort] of (['ordinary', 'failed', 'refused'] as const).entries())
      for (const weight of [0, 1])
        expect(lists.read(rows, { ...none, [sort]: weight })).toEqual([[rows[index], false]]);
  });

  test('are given with their kind where their weight wants them, and only then', () => {
    const lists = new Lists();
    lists.scanner.teach(pathOf({ a: '1' }), { number: 7, sample: 'failed' });
    lists.scanner.teach(pathOf({ a: '2' }), null);
    const { scanner } = lists;
    const kinds = (failed: number): (number | undefined)[] => {
      const bytes = Buffer.from(['1', '2', '3'].map((a) => `${row({ a })}\n`).join(''));
      scanner.load(bytes, 0, bytes.length);
      const given: (number | undefined)[] = [];
      while (scanner.next({ ...WEIGHTS, failed })) given.push(scanner.row[ROW_KIND]);
      return given;
    };
    expect(kinds(1)).toEqual([7, 0, 0]);
    expect(kinds(0)).toEqual([0, 0, 0]);
    expect(kinds(WANTED_NEVER)).toEqual([0, 0]);
  });

  test('are told by how long they took, where a kind hangs on that', () => {
    const lists = new Lists();
    const path = pathOf({ a: '1' });
    lists.scanner.teach([...path, { lastedMs: 60_000, answer: true }], { number: 1, sample: 'failed' });
    const at = (changes: Readonly<Record<string, string>>): string =>
      row({ a: '1', time: '"2026-03-04T10:01:00Z"', ...changes });
    const long = [
      { start: '"2026-03-04T10:00:00Z"' },
      { first: '60000' },
      { up: '60000', first: '1' },
      { upNs: '60000499999' },
      { start: '"2026-03-04T10:00:01Z"', up: '60000' },
    ].map(at);
    const short = [
      {},
      { start: '"2026-03-04T10:00:00.001Z"' },
      { start: '"2026-03-04T10:00:00Z"', first: '59000' },
    ].map(at);
    const odd = [{ start: '"x"' }, { first: '6e4' }, { up: '"60000"' }, { upNs: 'null' }].map(at);
    expect(lists.read([...long, ...short, ...odd])).toEqual([
      ...short.map((text) => [text, true]),
      ...odd.map((text) => [text, false]),
    ]);
    expect(lists.listed.map(({ kind }) => kind)).toEqual(long.map(() => 1));
    lists.scanner.teach([...path, { lastedMs: 60_000, answer: false }], { number: 2, sample: 'failed' });
    lists.listed.length = 0;
    expect(lists.read([...short, ...long])).toEqual([]);
    expect(lists.listed.map(({ kind }) => kind)).toEqual([...short.map(() => 2), ...long.map(() => 1)]);
  });

  test('are not those for the reader, which are known from then on', () => {
    const lists = new Lists();
    lists.scanner.teach(pathOf({ a: '1' }), null);
    expect(lists.read([row({ a: '1' })])).toEqual([[row({ a: '1' }), false]]);
  });

  test('are given when there is no more room, in their order', () => {
    const lists = new Lists();
    lists.teach({ a: '1' }, 1);
    const ids = Array.from({ length: 2 * MOST_LISTED + 10 }, (_, i) => i.toString(16).padStart(16, '0'));
    expect(lists.read(ids.map((id) => row({ a: '1', id: `"${id}"` })))).toEqual([]);
    expect(lists.listed.map(({ id }) => id)).toEqual(ids);
  });

  test('are given to whom they were counted for', () => {
    const lists = new Lists();
    lists.teach({ a: '1' }, 1);
    const bytes = Buffer.from(`${row({ a: '1' })}\n`);
    lists.scanner.load(bytes, 0, bytes.length);
    expect(lists.scanner.next(WEIGHTS)).toBe(false);
    lists.scanner.countInto({ counted: () => {}, listed: () => {} });
    expect(lists.listed).toHaveLength(1);
  });

  test('are not taught any more of a column whose values hardly repeat', () => {
    const lists = new Lists();
    lists.teach({ a: '0' }, 1);
    const at = (i: number): string => row({ a: `${i}` });
    expect(lists.read([at(1)])).toEqual([[at(1), true]]);
    for (let i = 0; i < 200; i++) lists.scanner.teach(pathOf({ a: undefined }), { number: 2, sample: 'failed' });
    expect(lists.read([at(0), at(1)])).toEqual([[at(1), false]]);
    lists.teach({ a: '1' }, 1);
    expect(lists.read([at(1)])).toEqual([[at(1), false]]);
    // The next log may be of other values.
    lists.scanner.countInto({ counted: () => {}, listed: () => {} });
    expect(lists.read([at(0)])).toEqual([[at(0), true]]);
  });

  test('are those of a table, whatever it holds and however much of it finds room', () => {
    const value = fc.oneof(
      fc.constantFrom('1', '"x"', 'null', `"${'y'.repeat(14)}"`, `"${'y'.repeat(15)}"`, `"${'z'.repeat(60)}"`),
      fc.integer({ min: 0, max: 3000 }).map(String),
      fc.constantFrom(`"${'long'.repeat(40)}"`),
    );
    const cells = fc.record({ a: value, b: fc.option(value), c: fc.option(value) });
    fc.assert(
      fc.property(fc.array(cells, { maxLength: 400 }), fc.array(cells, { maxLength: 50 }), (taught, others) => {
        const lists = new Lists();
        // What is asked for after `a` hangs on it.
        const asked = ({ a, b, c }: (typeof taught)[number]): Record<string, string | null> =>
          a.length % 2 === 0 ? { a, b } : { a, c, b };
        const kinds = new Map<string, number>();
        for (const one of taught) {
          const key = JSON.stringify(asked(one));
          const kind = kinds.get(key) ?? kinds.size + 1;
          kinds.set(key, kind);
          lists.teach(asked(one), kind);
        }
        const rows = [...taught, ...others];
        const text = ({ a, b, c }: (typeof taught)[number], i: number): string =>
          row({
            a,
            ...(b === null ? {} : { b }),
            ...(c === null ? {} : { c }),
            id: `"${i.toString(16).padStart(16, '0')}"`,
          });
        const given = lists.read(rows.map(text));
        expect(given.length + lists.listed.length).toBe(rows.length);
        for (const { id, kind } of lists.listed) {
          const one = rows[Number.parseInt(id, 16)];
          expect(one && kinds.get(JSON.stringify(asked(one)))).toBe(kind);
        }
      }),
      { numRuns: 100 },
    );
  });
});
