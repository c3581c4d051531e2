import type { Digest, StreamDigest } from '../digest/digest.ts';
import { dateOfFiles, dateOfName } from './file-dates.ts';

/** About when a source was written, and how that is known. */
export interface YearReference {
  readonly of: (source: number) => { readonly ms: number; readonly method: string };
}

/** From the user; from the date in the name of the file itself; from logs that write the year; from other names and archives. */
export function yearReference(
  streams: readonly StreamDigest[],
  sources: Digest['sources'],
  year: number | undefined,
): YearReference {
  if (year !== undefined) return { of: () => ({ ms: Date.UTC(year, 6, 1), method: 'option' }) };
  const writtenMs = referenceTime(streams);
  const filesMs = dateOfFiles(sources);
  const others = Number.isNaN(writtenMs)
    ? { ms: filesMs, method: Number.isNaN(filesMs) ? 'assumed' : 'file dates' }
    : { ms: writtenMs, method: 'other logs' };
  const named = new Map(sources.map((source) => [source.index, dateOfName(source)]));
  return {
    of: (source) => {
      const ms = named.get(source) ?? Number.NaN;
      return Number.isNaN(ms) ? others : { ms, method: 'file name' };
    },
  };
}

/** Middle of the times that are written in full; NaN where there are none. */
function referenceTime(streams: readonly StreamDigest[]): number {
  for (const kind of ['utc', 'local'] as const) {
    const middles = streams
      .flatMap(({ segments }) => segments.filter((segment) => segment.kind === kind))
      .map(({ firstMs, lastMs }) => (firstMs + lastMs) / 2)
      .sort((a, b) => a - b);
    const middle = middles[Math.floor(middles.length / 2)];
    if (middle !== undefined) return middle;
  }
  return Number.NaN;
}
