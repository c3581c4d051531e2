import type { Format } from '../formats/format.ts';
import type { SourceFile } from '../input/source.ts';
import type { SourceDigest } from './digest.ts';
import { digestSource, type ReadingOptions } from './read-source.ts';

/** Called whenever a source has been read: how many of how many bytes on disk are done. */
export type OnProgress = (done: { readonly label: string; readonly bytes: number; readonly ofBytes: number }) => void;

/**
 * Reads all sources, at most `jobs` at a time, the largest first. The digests come back in the order of the sources,
 * whatever the number of jobs.
 */
export async function digestSources(
  sources: readonly SourceFile[],
  formats: readonly Format[],
  options: ReadingOptions & { readonly jobs: number; readonly onProgress?: OnProgress | undefined },
): Promise<SourceDigest[]> {
  const digests = new Array<SourceDigest | undefined>(sources.length).fill(undefined);
  const ofBytes = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  let bytes = 0;
  const queue = sources
    .map((source, index) => ({ source, index }))
    .sort((a, b) => b.source.bytes - a.source.bytes || a.index - b.index);
  const run = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      digests[next.index] = await digestSource(next.source, next.index, formats, options);
      bytes += next.source.bytes;
      options.onProgress?.({ label: next.source.label, bytes, ofBytes });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.jobs) }, run));
  return digests.filter((digest) => digest !== undefined);
}
