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

/** Places of kinds among others, to which those are added that are new. */
export function placesOfKinds(kinds: readonly CellKind[], all: CellKind[]): number[] {
  return kinds.map((kind) => {
    const { status, signal, reached } = kind;
    const known = all.findIndex((one) => one.status === status && one.signal === signal && one.reached === reached);
    return known < 0 ? all.push(kind) - 1 : known;
  });
}

/** What a cell is told from others by. */
export function keyOfCell(segment: number, bucketMs: number, { status, signal, reached }: CellKind): string {
  return `${segment} ${bucketMs} ${status} ${signal} ${reached}`;
}
