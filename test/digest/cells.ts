import { addCell, noCells, placeOfKind } from '../../src/digest/cell-list.ts';
import type { CellKind, CellList } from '../../src/digest/digest.ts';

/** One cell, written out. */
export interface Cell extends CellKind {
  readonly segment: number;
  readonly bucketMs: number;
  readonly count: number;
}

export function listOf(cells: readonly Cell[]): CellList {
  const list = noCells();
  for (const { segment, bucketMs, count, status, signal, reached } of cells) {
    const kind = { status, signal, reached };
    const known = placeOfKind(list, kind);
    addCell(list, segment, bucketMs, known < 0 ? list.kinds.push(kind) - 1 : known, count);
  }
  return list;
}

export function cellsOf({ kinds, segments, bucketMs, kindOf, counts }: CellList = noCells()): Cell[] {
  return counts.map((count, i) => {
    const { status = Number.NaN, signal = null, reached = false } = kinds[kindOf[i] ?? -1] ?? {};
    return { segment: segments[i] ?? Number.NaN, bucketMs: bucketMs[i] ?? Number.NaN, status, signal, reached, count };
  });
}
