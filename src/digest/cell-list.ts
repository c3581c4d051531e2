import type { CellKind, CellList } from './digest.ts';

/** No cells yet. */
export function noCells(): CellList {
  return { kinds: [], segments: [], bucketMs: [], kindOf: [], counts: [] };
}

/** Adds a cell whose like is not there; `kind` is the place of its kind. */
export function addCell(cells: CellList, segment: number, bucketMs: number, kind: number, count: number): void {
  cells.segments.push(segment);
  cells.bucketMs.push(bucketMs);
  cells.kindOf.push(kind);
  cells.counts.push(count);
}

/** Place of a kind among those of the cells; -1 where none is of it. */
export function placeOfKind({ kinds }: CellList, { status, signal, reached }: CellKind): number {
  return kinds.findIndex((kind) => kind.status === status && kind.signal === signal && kind.reached === reached);
}

/** What a cell is told from others by. */
export function keyOfCell(segment: number, bucketMs: number, kind: number): string {
  return `${segment} ${bucketMs} ${kind}`;
}
