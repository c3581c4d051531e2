import type { RequestRecord } from '../vocabulary/records.ts';
import { bucketStart, limitBuckets } from './buckets.ts';
import {
  type Cell,
  type Digest,
  KEPT_KINDS,
  type Kept,
  type KeptKind,
  type SourceDigest,
  type StreamDigest,
} from './digest.ts';
import { KEEP, limitClues, limitRows, thinRows } from './sampling.ts';
import { emptyStream } from './stream-builder.ts';

/** Pairs of clocks kept of a stream. */
const MAX_CLOCK_PAIRS = 256;

/** Puts the digests of all sources together. The outcome does not depend on the order in which they were made. */
export function mergeDigests(sources: readonly SourceDigest[]): Digest {
  const merger = new Merger();
  for (const source of [...sources].sort((a, b) => a.index - b.index))
    merger.add({ sources: [source], streams: source.streams });
  return merger.result();
}

/**
 * Puts digests together that come in the order of their sources; each may hold several that stand one after the other. What
 * a source's own digest holds is let go, so that records that the whole has too many of are freed.
 */
export class Merger {
  private readonly sources: SourceDigest[] = [];
  private readonly streams = new Map<string, StreamDigest>();
  /** Failed requests of each stream, to drop what another object of the same export has already. */
  private readonly rays = new Map<string, Set<string>>();

  add({ sources, streams }: Digest): void {
    for (const source of sources) this.sources.push({ ...source, streams: [] });
    for (const stream of streams) {
      const { key, format, hop, server, folder } = stream;
      const merged = this.streams.get(key) ?? emptyStream({ key, format, hop, server, folder });
      const rays = this.rays.get(key) ?? new Set();
      this.streams.set(key, merged);
      this.rays.set(key, rays);
      append(merged, stream, rays);
    }
  }

  /** All of it, in canonical order. */
  result(): Digest {
    const streams = [...this.streams.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const stream of streams) limitBuckets(stream);
    return { sources: this.sources, streams };
  }
}

function append(into: StreamDigest, piece: StreamDigest, seen: Set<string>): void {
  const base = into.segments.length;
  for (const segment of piece.segments) into.segments.push(segment);
  into.requestCount += piece.requestCount;
  into.internalCount += piece.internalCount;
  into.duplicateCount += piece.duplicateCount;
  for (const cell of piece.cells) into.cells.push(movedCell(cell, base));
  into.bucketSeconds = Math.max(into.bucketSeconds, piece.bucketSeconds);
  const repeated = KEPT_KINDS.flatMap((kind) => appendRows(into, piece, kind, base, kind === 'ordinary' ? null : seen));
  takeOff(into, base, repeated, piece.bucketSeconds);
  for (const [signal, series] of piece.clues) {
    const known = into.clues.get(signal) ?? {
      signal,
      count: 0,
      perSecond: new Map<string, number>(),
      kept: [],
      thinned: false,
    };
    known.count += series.count;
    for (const [second, count] of series.perSecond) {
      const [segment = '0', at = '0'] = second.split(' ');
      known.perSecond.set(`${base + Number(segment)} ${at}`, count);
    }
    for (const kept of series.kept) known.kept.push({ ...kept, segment: base + kept.segment });
    limitClues(known);
    into.clues.set(signal, known);
  }
  for (const [offset, range] of piece.offsets) {
    const known = into.offsets.get(offset);
    into.offsets.set(
      offset,
      known
        ? {
            firstMs: Math.min(known.firstMs, range.firstMs),
            lastMs: Math.max(known.lastMs, range.lastMs),
            count: known.count + range.count,
          }
        : range,
    );
  }
  into.clockPairs.push(...piece.clockPairs.slice(0, MAX_CLOCK_PAIRS - into.clockPairs.length));
  for (const [level, count] of piece.levels) into.levels.set(level, (into.levels.get(level) ?? 0) + count);
}

/** A cell whose segments begin at `base`. Written out: a log has a hundred thousand, and spreading is slow. */
function movedCell({ segment, bucketMs, status, signal, reached, count }: Cell, base: number): Cell {
  return { segment: base + segment, bucketMs, status, signal, reached, count };
}

/** A kept row whose segments begin at `base`. */
function movedRow({ record, source, segment, hash }: Kept<RequestRecord>, base: number): Kept<RequestRecord> {
  return { record, source, segment: base + segment, hash };
}

/**
 * Adds the rows of a kind that the piece has kept, within the bounds. Gives back those that another object of the same
 * export has already, which are left out.
 */
function appendRows(
  into: StreamDigest,
  piece: StreamDigest,
  kind: KeptKind,
  base: number,
  seen: Set<string> | null,
): Kept<RequestRecord>[] {
  const known = into.kept[kind];
  const { rows, weight } = piece.kept[kind];
  if (weight > known.weight) thinRows(known, weight);
  const repeated: Kept<RequestRecord>[] = [];
  for (const kept of rows) {
    const identity = seen === null ? null : exportedRow(kept.record);
    if (identity !== null && seen !== null) {
      if (seen.has(identity)) {
        repeated.push(movedRow(kept, base));
        continue;
      }
      seen.add(identity);
    }
    if (kept.hash % known.weight === 0) known.rows.push(movedRow(kept, base));
  }
  limitRows(known, KEEP[kind]);
  return repeated;
}

/** What a row of Cloudflare's export is known by again; null for rows of other logs. */
function exportedRow({ hop, ray, stamp, parentRay, visitor }: RequestRecord): string | null {
  return hop === 'edge' && ray !== undefined && stamp.kind === 'utc'
    ? `${ray} ${stamp.ms} ${parentRay ?? ''} ${visitor}`
    : null;
}

/** Takes rows of the piece whose segments begin at `base` off the counts. */
function takeOff(
  into: StreamDigest,
  base: number,
  repeated: readonly Kept<RequestRecord>[],
  bucketSeconds: number,
): void {
  if (repeated.length === 0) return;
  const cells = new Map<string, Cell>();
  for (const cell of into.cells) if (cell.segment >= base) cells.set(cellKey(cell), cell);
  for (const { record, segment } of repeated) {
    into.duplicateCount++;
    if (!record.visitor || record.stamp.kind === 'none') continue;
    const weight = record.weight ?? 1;
    into.requestCount -= weight;
    const cell = cells.get(
      cellKey({
        segment,
        bucketMs: bucketStart(record.stamp.ms, bucketSeconds),
        status: record.status,
        signal: record.signal ?? null,
        reached: (record.originStatus ?? 0) > 0,
      }),
    );
    if (cell) cell.count -= weight;
  }
}

function cellKey({ segment, bucketMs, status, signal, reached }: Omit<Cell, 'count'>): string {
  return `${segment} ${bucketMs} ${status} ${signal} ${reached}`;
}
