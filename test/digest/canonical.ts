import type { CellList } from '../../src/digest/digest.ts';
import { UnreadKept } from '../../src/digest/unread.ts';
import { cellsOf } from './cells.ts';

/** Digests are plain data: with maps and cells as sorted lists two of them can be compared whatever the order of their entries. */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (key, inner: unknown) => {
      if (inner instanceof UnreadKept) return inner.settled();
      if (inner instanceof Map)
        return [...inner]
          .map(([key, held]: [unknown, unknown]) => [String(key), held] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1));
      // Rows that only count are counted later than those between them.
      return key === 'cells' && areLists(inner) ? byText(cellsOf(inner)) : inner;
    },
    1,
  );
}

/** Sorted by what they are written like. */
function byText(cells: readonly unknown[]): unknown[] {
  return cells
    .map((cell) => ({ cell, text: JSON.stringify(cell) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ cell }) => cell);
}

const areLists = (value: unknown): value is CellList[] =>
  Array.isArray(value) && value.every((list) => typeof list === 'object' && list !== null && 'kindOf' in list);
