import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimedCells } from '../../src/clock/timed-cells.ts';
import { type Cell, listOf } from '../digest/cells.ts';

const cell = fc.record<Cell>({
  segment: fc.constant(0),
  bucketMs: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.constant(Number.NaN)),
  status: fc.constantFrom(200, 404, 502),
  signal: fc.constantFrom(null, 'edge.520' as const),
  reached: fc.boolean(),
  count: fc.integer({ min: 1, max: 9 }),
});
const cells = fc.array(cell);

const timed = (given: readonly Cell[]): TimedCells =>
  TimedCells.of([listOf(given.slice(0, 3)), listOf(given.slice(3))], (_, ms) => ms);
const listed = (found: TimedCells): string[] => {
  const list: string[] = [];
  found.each((atMs, count, kind) => {
    const { status, signal, reached } = found.kinds[kind] ?? {};
    list.push(`${atMs} ${status} ${signal} ${reached} ${count}`);
  });
  return list;
};
const told = ({ bucketMs, status, signal, reached, count }: Cell): string =>
  `${bucketMs} ${status} ${signal} ${reached} ${count}`;

describe('cells on the one clock', () => {
  it('are those that were counted, in order of time, undated ones last', () => {
    fc.assert(
      fc.property(cells, (given) => {
        const found = timed(given);
        const at = ({ bucketMs }: Cell): number => (Number.isNaN(bucketMs) ? 1000 : bucketMs);
        // Those of one time stay in their order.
        expect(listed(found)).toEqual([...given].sort((a, b) => at(a) - at(b)).map(told));
        const times = new Set(given.map(({ bucketMs }) => bucketMs).filter((ms) => !Number.isNaN(ms)));
        expect([...found.atMs]).toEqual([...times].sort((a, b) => a - b));
      }),
    );
  });

  it('tell the seconds in which they begin, each once and in order', () => {
    fc.assert(
      fc.property(cells, (given) => {
        const wide = given.map((one) => ({ ...one, bucketMs: one.bucketMs * 400 }));
        const dated = wide.filter(({ bucketMs }) => !Number.isNaN(bucketMs));
        const seconds = new Set(dated.map(({ bucketMs }) => Math.floor(bucketMs / 1000)));
        expect([...timed(wide).seconds()]).toEqual([...seconds].sort((a, b) => a - b));
      }),
    );
  });

  it('of a time are those that begin in it, both ends among them', () => {
    const instant = fc.integer({ min: -2, max: 32 });
    fc.assert(
      fc.property(cells, instant, instant, (given, fromMs, toMs) => {
        const own = given.filter(({ bucketMs }) => bucketMs >= fromMs && bucketMs <= toMs);
        expect(listed(timed(given).between(fromMs, toMs)).sort()).toEqual(own.map(told).sort());
      }),
    );
  });

  it('tell how many requests there are before an instant, and with those that begin at it', () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: -2, max: 32 }), (given, ms) => {
        const sum = (isOne: (cell: Cell) => boolean): number =>
          given.filter(isOne).reduce((all, { count }) => all + count, 0);
        expect(timed(given).countBefore(ms)).toBe(sum(({ bucketMs }) => bucketMs < ms));
        expect(timed(given).countThrough(ms)).toBe(sum(({ bucketMs }) => bucketMs <= ms));
      }),
    );
  });

  it('come to the sum of the kinds that are asked for', () => {
    fc.assert(
      fc.property(cells, (given) => {
        const failed = given.filter(({ status, reached }) => status >= 500 && reached);
        expect(timed(given).sum((kind) => kind.status >= 500 && kind.reached)).toBe(
          failed.reduce((sum, { count }) => sum + count, 0),
        );
      }),
    );
  });
});
