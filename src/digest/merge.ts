import type { ClueRecord, LogRecord, RequestRecord } from '../vocabulary/records.ts';
import { bucketStart, limitBuckets } from './buckets.ts';
import { keyOfCell } from './cell-list.ts';
import { CLUE_RULE, thinnedClues, wholeSample } from './clue-sample.ts';
import {
  type CellList,
  type Digest,
  KEPT_KINDS,
  type Kept,
  type KeptKind,
  type Segment,
  type SourceDigest,
  type StampKind,
  type StreamDigest,
} from './digest.ts';
import { KEEP, limitRows, type SampleWeights, thinRows, weightsOf } from './sampling.ts';
import { addAll, countsOf } from './second-list.ts';
import type { RowIdentity } from './seen-requests.ts';
import { readRecords, UnreadKept } from './unread.ts';
import { continuesClock, MOST_SEGMENTS, minuteOf, stampMs } from './written-time.ts';

/** Lines shown of those that nobody understood. */
const MOST_SAMPLES = 5;
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
 * Puts digests together that come in the order of their sources; each may hold several that stand one after the other. They
 * are the merger's from then on: it adds to them, and lets go of what the whole has too much of.
 */
export class Merger {
  private readonly sources: SourceDigest[] = [];
  private readonly streams = new Map<string, StreamDigest>();
  /** Failed requests of each stream, to drop what another object of the same export has already. */
  private readonly rays = new Map<string, Set<string>>();

  add({ sources, streams }: Digest): void {
    // Pieces of a file follow each other.
    const before = this.sources.at(-1);
    const lines = before !== undefined && before.index === sources[0]?.index ? before.lines : null;
    for (const source of sources) {
      const last = this.sources.at(-1);
      if (last?.index === source.index) this.sources[this.sources.length - 1] = joined(last, source);
      else this.sources.push({ ...source, streams: [] });
    }
    for (const stream of streams) {
      if (lines !== null) countLinesOn(stream, lines);
      const merged = this.streams.get(stream.key);
      // Most streams come in one piece, which is taken as it is.
      if (merged === undefined) this.streams.set(stream.key, stream);
      else append(merged, stream, this.raysOf(merged), lines !== null);
    }
  }

  /** The failed requests of a stream, known by `exportedRow`. */
  private raysOf(stream: StreamDigest): Set<string> {
    let rays = this.rays.get(stream.key);
    if (rays === undefined) {
      const known = [...stream.kept.failed.rows, ...stream.kept.refused.rows];
      rays = new Set(known.flatMap((kept) => exportedRow(kept) ?? []));
      this.rays.set(stream.key, rays);
    }
    return rays;
  }

  /**
   * How thin the samples are so far. What is read from here on may be as thin from its beginning: weights only grow, and which
   * rows a sample holds in the end depends on its weight alone.
   */
  weights(): Map<string, SampleWeights> {
    return new Map([...this.streams].map(([key, stream]) => [key, weightsOf(stream)]));
  }

  /** All of it, in canonical order. */
  result(): Digest {
    const digest = this.unread();
    readRecords(digest.streams);
    return digest;
  }

  /** The same, for another merger of this process: with records that are not read yet (`UnreadKept`). */
  unread(): Digest {
    const streams = [...this.streams.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    for (const stream of streams) limitBuckets(stream);
    return { sources: this.sources, streams };
  }
}

function append(into: StreamDigest, piece: StreamDigest, seen: Set<string>, continues: boolean): void {
  const places = addSegments(into, piece.segments, continues);
  const at = (segment: number): number => places[segment] ?? segment;
  into.requestCount += piece.requestCount;
  into.internalCount += piece.internalCount;
  into.duplicateCount += piece.duplicateCount;
  into.bucketSeconds = Math.max(into.bucketSeconds, piece.bucketSeconds);
  const repeated = KEPT_KINDS.flatMap((kind) => appendRows(into, piece, kind, at, kind === 'ordinary' ? null : seen));
  takeOff(into, piece, repeated);
  for (const cells of piece.cells) into.cells.push(movedCells(cells, at));
  for (const [signal, series] of piece.clues) {
    const known = into.clues.get(signal) ?? {
      signal,
      count: 0,
      perSecond: [],
      kept: [],
      sample: wholeSample(),
    };
    known.count += series.count;
    series.perSecond.forEach((counts, segment) => {
      addAll(countsOf(known.perSecond, at(segment)), counts);
    });
    for (const kept of series.kept) known.kept.push(movedTo(kept, at));
    known.sample.weight = Math.max(known.sample.weight, series.sample.weight);
    known.sample.minutes = Math.max(known.sample.minutes, series.sample.minutes);
    known.kept = thinnedClues(known.kept, known.sample, CLUE_RULE, minuteOfKept);
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

function minuteOfKept(kept: Kept<ClueRecord>): number {
  return kept instanceof UnreadKept ? kept.minute : minuteOf(stampMs(kept.record.stamp));
}

/** Where a segment of the piece stands in the whole. */
type PlaceOf = (segment: number) => number;

/** Cells in the whole: themselves, as the piece is this merge's own. */
function movedCells(cells: CellList, at: PlaceOf): CellList {
  const { segments } = cells;
  for (let i = 0; i < segments.length; i++) segments[i] = at(segments[i] ?? 0);
  return cells;
}

/** A kept record in the whole: itself, as the piece is this merge's own. */
function movedTo<K extends Kept<LogRecord>>(kept: K, at: PlaceOf): K {
  const place: { segment: number } = kept;
  place.segment = at(kept.segment);
  return kept;
}

/**
 * Adds the segments of a piece and tells where they stand. Where the piece continues its source, its first segment of each
 * kind goes on with the source's latest one, unless the clock was set back between them.
 */
function addSegments(into: StreamDigest, segments: readonly Segment[], continues: boolean): number[] {
  const base = into.segments.length;
  const begun = new Set<StampKind>();
  let ofSource = continues ? into.segments.filter(({ source }) => source === segments[0]?.source).length : 0;
  return segments.map((segment) => {
    const { kind, source, firstMs, lastMs, entries } = segment;
    const isFull = ofSource >= MOST_SEGMENTS;
    const goesOn = continues && (isFull || !begun.has(kind));
    begun.add(kind);
    const latest = goesOn
      ? into.segments
          .slice(0, isFull ? undefined : base)
          .findLastIndex((known) => known.kind === kind && known.source === source)
      : -1;
    const known = into.segments[latest];
    if (known === undefined || !(isFull || continuesClock(kind, known.lastMs, firstMs))) {
      ofSource++;
      return into.segments.push(segment) - 1;
    }
    into.segments[latest] = {
      kind,
      source,
      firstMs: Math.min(known.firstMs, firstMs),
      lastMs: Math.max(known.lastMs, lastMs),
      entries: known.entries + entries,
    };
    return latest;
  });
}

/** What two pieces of one file come to. */
function joined(a: SourceDigest, b: SourceDigest): SourceDigest {
  const { samples } = a.notUnderstood;
  const more = b.notUnderstood.samples.map(({ line, text }) => ({ line: line + a.lines, text }));
  return {
    ...a,
    format: a.format ?? b.format,
    hop: a.hop ?? b.hop,
    server: a.server === b.server ? a.server : null,
    bytes: a.bytes + b.bytes,
    lines: a.lines + b.lines,
    records: a.records + b.records,
    notUnderstood: {
      count: a.notUnderstood.count + b.notUnderstood.count,
      samples: [...samples, ...more].slice(0, MOST_SAMPLES),
    },
    lostBytes: a.lostBytes + b.lostBytes,
    skipped: b.skipped === null ? null : a.skipped,
    warnings: [...new Set([...a.warnings, ...b.warnings])],
  };
}

/** The records of a piece count their lines from its beginning; `lines` lie before it. */
function countLinesOn(piece: StreamDigest, lines: number): void {
  const counted = [
    ...KEPT_KINDS.flatMap((kind) => piece.kept[kind].rows),
    ...[...piece.clues.values()].flatMap(({ kept }) => kept),
  ];
  for (const kept of counted) {
    if (kept instanceof UnreadKept) {
      kept.countLinesOn(lines);
      continue;
    }
    // The piece is this merge's own.
    const record: { line: number } = kept.record;
    record.line += lines;
  }
}

/** A row that another object has already, and how many such rows it stands for. */
interface Repeated {
  readonly kept: Kept<RequestRecord>;
  readonly times: number;
}

/**
 * Adds the rows of a kind that the piece has kept, within the bounds. Gives back those that another object of the same
 * export has already, which are left out.
 */
function appendRows(
  into: StreamDigest,
  piece: StreamDigest,
  kind: KeptKind,
  at: PlaceOf,
  seen: Set<string> | null,
): Repeated[] {
  const known = into.kept[kind];
  const added = piece.kept[kind];
  const weight = Math.max(known.weight, added.weight);
  for (const sample of [known, added]) if (weight > sample.weight) thinRows(sample, weight);
  const repeated: Repeated[] = [];
  for (const kept of added.rows) {
    const identity = seen === null ? null : exportedRow(kept);
    if (identity !== null && seen !== null) {
      if (seen.has(identity)) {
        repeated.push({ kept, times: known.weight });
        continue;
      }
      seen.add(identity);
    }
    known.rows.push(movedTo(kept, at));
  }
  limitRows(known, KEEP[kind]);
  return repeated;
}

/** What a row of Cloudflare's export is known by again; null for rows of other logs. */
function exportedRow(kept: Kept<RequestRecord>): string | null {
  const row = kept instanceof UnreadKept ? kept.identity : identityOf(kept.record);
  return row ? `${row.ray} ${row.ms} ${row.parentRay ?? ''} ${row.visitor}` : null;
}

function identityOf({ hop, ray, stamp, parentRay, visitor }: RequestRecord): RowIdentity | null {
  return hop === 'edge' && ray !== undefined && stamp.kind === 'utc' ? { ray, ms: stamp.ms, parentRay, visitor } : null;
}

/** Takes rows of a piece off its counts. */
function takeOff(
  into: StreamDigest,
  { cells: counted, bucketSeconds }: StreamDigest,
  repeated: readonly Repeated[],
): void {
  if (repeated.length === 0) return;
  // Pieces of the piece may share a second.
  const places = new Map<string, { readonly counts: number[]; readonly place: number }[]>();
  for (const { kinds, segments, bucketMs, kindOf, counts } of counted)
    counts.forEach((_, place) => {
      const kind = kinds[kindOf[place] ?? -1];
      if (!kind) return;
      const key = keyOfCell(segments[place] ?? 0, bucketMs[place] ?? 0, kind);
      const known = places.get(key);
      if (known) known.push({ counts, place });
      else places.set(key, [{ counts, place }]);
    });
  for (const { kept, times } of repeated) {
    const { record, segment } = kept;
    into.duplicateCount += times;
    if (!record.visitor || record.stamp.kind === 'none') continue;
    const weight = (record.weight ?? 1) * times;
    into.requestCount -= weight;
    const { status, signal = null, originStatus = 0 } = record;
    const kind = { status, signal, reached: originStatus > 0 };
    let left = weight;
    for (const { counts, place } of places.get(keyOfCell(segment, bucketStart(record.stamp.ms, bucketSeconds), kind)) ??
      []) {
      const taken = Math.min(left, counts[place] ?? 0);
      counts[place] = (counts[place] ?? 0) - taken;
      left -= taken;
    }
  }
}
