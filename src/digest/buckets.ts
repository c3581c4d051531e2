import { addCell, keyOfCell, noCells, placesOfKinds } from './cell-list.ts';
import type { CellList, StreamDigest } from './digest.ts';

/** A stream has at most this many buckets: three days without a quiet second. Beyond, buckets of 2 s, then 4 s, … */
const MOST_BUCKETS = 2 ** 18;

/** Start of the bucket that a written time falls into; NaN for none. */
export function bucketStart(ms: number, bucketSeconds: number): number {
  const width = bucketSeconds * 1000;
  return Math.floor(ms / width) * width;
}

/**
 * Keeps the cells of a stream within bounds: the width of its buckets becomes the smallest power of two seconds, not below
 * the one it has, at which at most `most` of them are in use. Coarsening is exact, and the width depends on the times that
 * occur alone, so every order of merging comes to the same. (The span of the stream would not do: one line with a wrong year
 * would blur all others.)
 */
export function limitBuckets(stream: Pick<StreamDigest, 'cells' | 'bucketSeconds'>, most: number = MOST_BUCKETS): void {
  if (stream.bucketSeconds === 1 && stream.cells.reduce((sum, { counts }) => sum + counts.length, 0) <= most) return;
  let seconds = stream.bucketSeconds;
  let starts = startsOf(stream.cells, seconds);
  while (starts.size > most) {
    seconds *= 2;
    const wider = new Set<number>();
    for (const start of starts) wider.add(bucketStart(start, seconds));
    starts = wider;
  }
  if (seconds === 1) return;
  stream.bucketSeconds = seconds;
  stream.cells = [coarse(stream.cells, seconds)];
}

function startsOf(cells: readonly CellList[], seconds: number): Set<number> {
  const starts = new Set<number>();
  for (const { bucketMs } of cells)
    for (const ms of bucketMs) if (!Number.isNaN(ms)) starts.add(bucketStart(ms, seconds));
  return starts;
}

/** The cells in buckets of this width, in the order in which they first occur. */
function coarse(cells: readonly CellList[], seconds: number): CellList {
  const wide = noCells();
  const places = new Map<string, number>();
  for (const { kinds, segments, bucketMs, kindOf, counts } of cells) {
    const kindPlaces = placesOfKinds(kinds, wide.kinds);
    counts.forEach((count, i) => {
      const segment = segments[i] ?? 0;
      const kind = kinds[kindOf[i] ?? -1];
      if (!kind) return;
      const ms = bucketStart(bucketMs[i] ?? Number.NaN, seconds);
      const key = keyOfCell(segment, ms, kind);
      const place = places.get(key);
      if (place === undefined) {
        places.set(key, wide.counts.length);
        addCell(wide, segment, ms, kindPlaces[kindOf[i] ?? 0] ?? 0, count);
      } else wide.counts[place] = (wide.counts[place] ?? 0) + count;
    });
  }
  return wide;
}
