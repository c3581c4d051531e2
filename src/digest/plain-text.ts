import type { SourceDigest } from './digest.ts';

/** A source's digest as one line of JSON and back. What JSON has no word for is written as an object with one key. */

const MAP = '$map';
const NUMBER = '$number';

/** One line, without a line end. */
export function writeDigest(digest: SourceDigest): string {
  return JSON.stringify(digest, (_, value: unknown) => {
    if (value instanceof Map) return { [MAP]: [...value] };
    return typeof value === 'number' && !Number.isFinite(value) ? { [NUMBER]: String(value) } : value;
  });
}

/** The digest that a line holds, or null where it holds none. */
export function readDigest(line: string): SourceDigest | null {
  let value: unknown;
  try {
    value = JSON.parse(line, (_, inner: unknown) => {
      if (typeof inner !== 'object' || inner === null) return inner;
      if (MAP in inner && Array.isArray(inner[MAP])) return new Map(inner[MAP]);
      return NUMBER in inner ? Number(inner[NUMBER]) : inner;
    });
  } catch {
    return null;
  }
  return isDigest(value) ? value : null;
}

/** What a line must have at least; the rest is as this version wrote it, which the head of the file says. */
function isDigest(value: unknown): value is SourceDigest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'label' in value &&
    typeof value.label === 'string' &&
    'lines' in value &&
    typeof value.lines === 'number' &&
    'streams' in value &&
    Array.isArray(value.streams)
  );
}

/** The digest of a source that has another place among all sources. */
export function movedDigest(digest: SourceDigest, index: number, sha256: string | null): SourceDigest {
  return {
    ...digest,
    index,
    sha256,
    streams: digest.streams.map((stream) => ({
      ...stream,
      segments: stream.segments.map((segment) => ({ ...segment, source: index })),
      kept: {
        ordinary: {
          ...stream.kept.ordinary,
          rows: stream.kept.ordinary.rows.map((kept) => ({ ...kept, source: index })),
        },
        failed: { ...stream.kept.failed, rows: stream.kept.failed.rows.map((kept) => ({ ...kept, source: index })) },
        refused: { ...stream.kept.refused, rows: stream.kept.refused.rows.map((kept) => ({ ...kept, source: index })) },
      },
      clues: new Map(
        [...stream.clues].map(([signal, series]) => [
          signal,
          { ...series, kept: series.kept.map((kept) => ({ ...kept, source: index })) },
        ]),
      ),
    })),
  };
}
