import { failureKind, type Hop } from '../vocabulary/hops.ts';
import type { ClueRecord, LogRecord, RequestRecord, Stamp } from '../vocabulary/records.ts';
import type { Cell, ClueSeries, Kept, Segment, StampKind, StreamDigest } from './digest.ts';
import { hashText } from './hash.ts';
import { CLUE_CAP, limitClues, limitFailures, limitSample } from './sampling.ts';

/** Wall clocks that run backwards by more than this begin a new segment. */
const BACKWARDS_MS = 120_000;
/** Finest bucket of the exact counts. */
const BUCKET_MS = 1000;
const MAX_CLOCK_PAIRS = 64;

interface OpenSegment {
  kind: StampKind;
  source: number;
  firstMs: number;
  lastMs: number;
  entries: number;
}

/** An empty stream. */
export function emptyStream(
  identity: Pick<StreamDigest, 'key' | 'format' | 'hop' | 'server' | 'folder'>,
): StreamDigest {
  return {
    ...identity,
    segments: [],
    requestCount: 0,
    cells: new Map(),
    failures: [],
    failureWeight: 1,
    sample: [],
    sampleWeight: 1,
    internalCount: 0,
    duplicateCount: 0,
    clues: new Map(),
    offsets: new Map(),
    clockPairs: [],
    levels: new Map(),
  };
}

/** Folds the records of one source into the streams they belong to. */
export class StreamBuilder {
  readonly stream: StreamDigest;
  private readonly source: number;
  private readonly segments: OpenSegment[] = [];
  private readonly seenRays = new Set<string>();

  constructor(
    identity: { key: string; format: string; hop: Hop; server: string | null; folder: string },
    source: number,
  ) {
    this.stream = emptyStream(identity);
    this.source = source;
  }

  add(record: LogRecord): void {
    this.noteClock(record);
    if (record.kind === 'request') this.addRequest(record);
    else this.addClue(record);
  }

  /** Hands over the stream; nothing may be added after. */
  close(): StreamDigest {
    this.stream.segments = this.segments.map((segment): Segment => ({ ...segment }));
    return this.stream;
  }

  private addRequest(row: RequestRecord): void {
    const { stream } = this;
    const isFailure = row.signal !== undefined || failureKind(row.status) !== null;
    if (isFailure && this.isDuplicate(row)) {
      stream.duplicateCount++;
      return;
    }
    const segment = this.segmentOf(row.stamp);
    const kept: Kept<RequestRecord> = {
      record: row,
      source: this.source,
      segment,
      hash: hashText(row.ray ?? `${row.method} ${row.path} ${stampMs(row.stamp)} ${row.line}`),
    };
    if (!row.visitor) stream.internalCount++;
    else {
      stream.requestCount += row.weight ?? 1;
      this.count(row, segment);
    }
    if (isFailure) {
      if (kept.hash % stream.failureWeight === 0) stream.failures.push(kept);
      limitFailures(stream);
    } else if (row.visitor && kept.hash % stream.sampleWeight === 0) {
      stream.sample.push(kept);
      limitSample(stream);
    }
  }

  /** The same request exported twice (two Logpush jobs into one bucket): same Ray ID, time and parent. */
  private isDuplicate(row: RequestRecord): boolean {
    if (row.ray === undefined || row.hop !== 'edge') return false;
    const identity = `${row.ray} ${stampMs(row.stamp)} ${row.parentRay ?? ''} ${row.visitor}`;
    if (this.seenRays.has(identity)) return true;
    this.seenRays.add(identity);
    return false;
  }

  private count(row: RequestRecord, segment: number): void {
    const ms = stampMs(row.stamp);
    const bucketMs = Number.isNaN(ms) ? Number.NaN : Math.floor(ms / BUCKET_MS) * BUCKET_MS;
    const reached = (row.originStatus ?? 0) > 0;
    const signal = row.signal ?? null;
    const colo = row.colo ?? '';
    const host = row.host ?? '';
    const key = `${segment}|${bucketMs}|${row.status}|${signal ?? ''}|${colo}|${host}|${reached}`;
    const cell = this.stream.cells.get(key);
    if (cell) cell.count += row.weight ?? 1;
    else {
      const fresh: Cell = {
        segment,
        bucketMs,
        status: row.status,
        signal,
        colo,
        host,
        reached,
        count: row.weight ?? 1,
      };
      this.stream.cells.set(key, fresh);
    }
  }

  private addClue(clue: ClueRecord): void {
    const { stream } = this;
    const segment = this.segmentOf(clue.stamp);
    let series = stream.clues.get(clue.signal);
    if (!series) {
      series = { signal: clue.signal, count: 0, perSecond: new Map(), kept: [], cap: CLUE_CAP } satisfies ClueSeries;
      stream.clues.set(clue.signal, series);
    }
    series.count++;
    const ms = stampMs(clue.stamp);
    if (!Number.isNaN(ms)) {
      const second = `${segment} ${Math.floor(ms / 1000)}`;
      series.perSecond.set(second, (series.perSecond.get(second) ?? 0) + 1);
    }
    series.kept.push({ record: clue, source: this.source, segment, hash: hashText(`${clue.text} ${clue.line}`) });
    limitClues(series);
    if (clue.level !== undefined) stream.levels.set(clue.level, (stream.levels.get(clue.level) ?? 0) + 1);
  }

  private segmentOf(stamp: Stamp): number {
    const ms = stampMs(stamp);
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const segment = this.segments[i];
      if (segment?.kind !== stamp.kind) continue;
      if (stamp.kind === 'none' || stamp.kind === 'utc' || ms >= segment.lastMs - BACKWARDS_MS) {
        if (ms > segment.lastMs) segment.lastMs = ms;
        if (ms < segment.firstMs) segment.firstMs = ms;
        segment.entries++;
        return i;
      }
      break;
    }
    this.segments.push({ kind: stamp.kind, source: this.source, firstMs: ms, lastMs: ms, entries: 1 });
    return this.segments.length - 1;
  }

  private noteClock({ stamp, outerStamp }: LogRecord): void {
    if (stamp.kind !== 'utc') return;
    if (stamp.offsetMinutes !== undefined) {
      const known = this.stream.offsets.get(stamp.offsetMinutes);
      if (known) {
        known.firstMs = Math.min(known.firstMs, stamp.ms);
        known.lastMs = Math.max(known.lastMs, stamp.ms);
        known.count++;
      } else this.stream.offsets.set(stamp.offsetMinutes, { firstMs: stamp.ms, lastMs: stamp.ms, count: 1 });
    }
    if (outerStamp && (outerStamp.kind === 'local' || outerStamp.kind === 'yearless')) {
      const pairs = this.stream.clockPairs;
      if (pairs.length < MAX_CLOCK_PAIRS)
        pairs.push({ outerKind: outerStamp.kind, outerMs: outerStamp.ms, innerMs: stamp.ms });
    }
  }
}

/** Written milliseconds of a stamp; NaN where there is none. */
export function stampMs(stamp: Stamp): number {
  return stamp.kind === 'none' ? Number.NaN : stamp.ms;
}
