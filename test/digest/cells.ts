import { addCell, keyOfCell, noCells, placesOfKinds } from '../../src/digest/cell-list.ts';
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
    const [kind = 0] = placesOfKinds([{ status, signal, reached }], list.kinds);
    addCell(list, segment, bucketMs, kind, count);
  }
  return list;
}

/** All cells, each once. */
export function cellsOf(lists: readonly CellList[] = []): Cell[] {
  const cells = new Map<string, Cell>();
  for (const { kinds, segments, bucketMs, kindOf, counts } of lists)
    counts.forEach((count, i) => {
      const { status = Number.NaN, signal = null, reached = false } = kinds[kindOf[i] ?? -1] ?? {};
      const [segment = Number.NaN, ms = Number.NaN] = [segments[i], bucketMs[i]];
      const key = keyOfCell(segment, ms, { status, signal, reached });
      const before = cells.get(key)?.count ?? 0;
      cells.set(key, { segment, bucketMs: ms, status, signal, reached, count: before + count });
    });
  return [...cells.values()];
}
