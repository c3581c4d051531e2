import type { Digest, StreamDigest } from '../digest/digest.ts';
import { dateOfFiles, dateOfName } from './file-dates.ts';

/** About when a source was written, and how that is known. */
export interface YearReference {
  readonly of: (source: number) => { readonly ms: number; readonly method: string };
}

/**
 * From the user; from the date in the name of the file itself; from logs that write the year, of those that lie nearest (the
 * file itself, its folder, the one above it), as an archive may span years; from other names and archives.
 */
export function yearReference(
  streams: readonly StreamDigest[],
  sources: Digest['sources'],
  year: number | undefined,
): YearReference {
  if (year !== undefined) return { of: () => ({ ms: Date.UTC(year, 6, 1), method: 'option' }) };
  const written = new WrittenTimes(streams, sources);
  const filesMs = dateOfFiles(sources);
  const named = new Map(sources.map((source) => [source.index, dateOfName(source)]));
  return {
    of: (source) => {
      const ownMs = named.get(source) ?? Number.NaN;
      if (!Number.isNaN(ownMs)) return { ms: ownMs, method: 'file name' };
      const writtenMs = written.near(source);
      if (!Number.isNaN(writtenMs)) return { ms: writtenMs, method: 'other logs' };
      return { ms: filesMs, method: Number.isNaN(filesMs) ? 'assumed' : 'file dates' };
    },
  };
}

/** When the entries were written that tell their year, by the folders they lie in. */
class WrittenTimes {
  /** Middles of segments by file and by each folder above it; instants tell more than wall clocks. */
  private readonly middles = { utc: new Map<string, number[]>(), local: new Map<string, number[]>() };
  private readonly sources: Digest['sources'];
  private readonly middleOf = new Map<string, number>();

  constructor(streams: readonly StreamDigest[], sources: Digest['sources']) {
    this.sources = sources;
    for (const { kind, source, firstMs, lastMs } of streams.flatMap(({ segments }) => segments)) {
      if (kind !== 'utc' && kind !== 'local') continue;
      for (const place of this.placesOf(source)) {
        const known = this.middles[kind].get(place);
        if (known === undefined) this.middles[kind].set(place, [(firstMs + lastMs) / 2]);
        else known.push((firstMs + lastMs) / 2);
      }
    }
  }

  /** Middle of the times in the nearest place that has any; NaN where there is none. */
  near(source: number): number {
    const { utc, local } = this.middles;
    const place = this.placesOf(source).find((one) => utc.has(one) || local.has(one));
    if (place === undefined) return Number.NaN;
    const known = this.middleOf.get(place);
    if (known !== undefined) return known;
    const sorted = [...(utc.get(place) ?? local.get(place) ?? [])].sort((a, b) => a - b);
    const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    this.middleOf.set(place, middle);
    return middle;
  }

  /** A file, its folder and those above it. */
  private placesOf(source: number): string[] {
    const parts = (this.sources[source]?.label ?? '').split('/');
    return [...parts.map((_, i) => parts.slice(0, parts.length - i).join('/')), ''];
  }
}
