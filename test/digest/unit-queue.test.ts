import { describe, expect, it } from 'vitest';
import { UnitQueue } from '../../src/digest/unit-queue.ts';
import type { Unit } from '../../src/digest/units.ts';
import { rangeSource } from '../../src/input/ranges.ts';
import { fileSource } from '../../src/input/source.ts';

const MB = 1e6;

function file(first: number, mb: number): Unit {
  const source = fileSource(`/logs/${first}.log`, `${first}.log`, mb * MB, true);
  return { first, sources: [source], weight: source.bytes };
}

/** Pieces of one file, of these sizes. */
function pieces(first: number, ...mb: number[]): Unit[] {
  const whole = fileSource(`/logs/${first}.log`, `${first}.log`, mb.reduce((a, b) => a + b) * MB, true);
  let start = 0;
  return mb.map((size) => {
    const range = { start, end: start + size * MB };
    start = range.end;
    return { first, sources: [rangeSource(whole, `/logs/${first}.log`, range)], weight: size * MB };
  });
}

function inQueue(units: readonly Unit[]): Unit[] {
  const queue = new UnitQueue(units);
  return units.flatMap(() => queue.next() ?? []);
}

describe('the queue of units', () => {
  it('gives the pieces of a file in their order, though one is a row larger than the one before it', () => {
    const units = pieces(0, 128, 129, 127, 130);
    expect(inQueue(units)).toEqual(units);
  });

  it('gives the largest file first, whole or in pieces, and small ones in their order behind it', () => {
    const [small, large, alsoSmall, pieced] = [file(0, 3), file(1, 200), file(2, 4), pieces(3, 128, 129)];
    expect(inQueue([small, large, alsoSmall, ...pieced])).toEqual([...pieced, large, small, alsoSmall]);
  });

  it('takes a small unit before it is begun, and leaves a large one to all threads', () => {
    const queue = new UnitQueue([file(0, 3), file(1, 200)]);
    expect(queue.nextSmall()).toBeUndefined();
    expect(queue.next()?.first).toBe(1);
    expect(queue.nextSmall()?.first).toBe(0);
    expect(queue.length).toBe(0);
  });
});
