import type { CountedClue, CountedRequest } from '../formats/format.ts';
import { clueHash, requestHash } from '../vocabulary/hash.ts';
import { failureKind, type Hop } from '../vocabulary/hops.ts';
import type { ClueRecord, LogRecord, RequestRecord, Stamp } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { Cell, ClueSeries, Kept, Segment, StampKind, StreamDigest } from './digest.ts';
import { CLUE_CAP, isChosenClue, limitClues, limitFailures, limitSample, minuteOf } from './sampling.ts';

/** Wall clocks that run backwards by more than this begin a new segment. */
const BACKWARDS_MS = 120_000;
/** Finest bucket of the exact counts. */
const BUCKET_MS = 1000;
const MAX_CLOCK_PAIRS = 64;
/** Room for segments in the key of a bucket. */
const MAX_SEGMENTS = 65_536;

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
    cells: [],
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

/** Folds the records of one source, and what only counts, into the stream they belong to. */
export class StreamBuilder {
  readonly stream: StreamDigest;
  private readonly source: number;
  private readonly segments: OpenSegment[] = [];
  private readonly seenRays = new Set<string>();
  /** Cells by segment and bucket, then by what they count. */
  private readonly buckets = new Map<number, Map<number, Cell>>();
  private readonly names = new Map<string, number>();
  /** Minutes of which a clue is kept, by signal, once the signal is thinned out. */
  private readonly keptMinutes = new Map<SignalId, Set<number>>();

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
    for (const bucket of this.buckets.values()) for (const cell of bucket.values()) this.stream.cells.push(cell);
    return this.stream;
  }

  /** Whether a good request with this hash belongs to the sample. */
  wantsRequest(hash: number): boolean {
    return hash % this.stream.sampleWeight === 0;
  }

  /** Counts a good request of a visitor without keeping it. */
  countRequest({ ms, offsetMinutes, status, reached, colo, host }: CountedRequest): void {
    this.stream.requestCount++;
    this.noteOffset(offsetMinutes, ms);
    this.addToCell(this.segmentAt('utc', ms), ms, status, null, colo, host, reached, 1);
  }

  /** Whether a line of this signal is to be kept: all are up to the cap, then the first of a minute and a sample. */
  wantsClue(signal: SignalId, minute: number, hash: number): boolean {
    const series = this.stream.clues.get(signal);
    if (!series || series.count < CLUE_CAP || isChosenClue(hash)) return true;
    return this.keptMinutes.get(signal)?.has(minute) !== true;
  }

  /** Counts a line without keeping it. */
  countClue({ stamp, signal, level }: CountedClue): void {
    this.noteClue(this.seriesOf(signal), this.segmentOf(stamp), stamp, level);
  }

  private addRequest(row: RequestRecord): void {
    const { stream } = this;
    const isFailure = row.signal !== undefined || failureKind(row.status) !== null;
    if (isFailure && this.isDuplicate(row)) {
      stream.duplicateCount++;
      return;
    }
    const ms = stampMs(row.stamp);
    const segment = this.segmentOf(row.stamp);
    const hash = requestHash(row.ray, row.method, row.path, ms);
    const kept: Kept<RequestRecord> = { record: row, source: this.source, segment, hash };
    if (!row.visitor) stream.internalCount++;
    else {
      const weight = row.weight ?? 1;
      stream.requestCount += weight;
      const reached = (row.originStatus ?? 0) > 0;
      this.addToCell(segment, ms, row.status, row.signal ?? null, row.colo ?? '', row.host ?? '', reached, weight);
    }
    if (isFailure) {
      if (hash % stream.failureWeight === 0) stream.failures.push(kept);
      limitFailures(stream);
    } else if (row.visitor && this.wantsRequest(hash)) {
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

  private addToCell(
    segment: number,
    ms: number,
    status: number,
    signal: SignalId | null,
    colo: string,
    host: string,
    reached: boolean,
    count: number,
  ): void {
    const bucketMs = Math.floor(ms / BUCKET_MS) * BUCKET_MS;
    const bucketKey = Number.isNaN(bucketMs) ? -1 - segment : (bucketMs / BUCKET_MS) * MAX_SEGMENTS + segment;
    let bucket = this.buckets.get(bucketKey);
    if (!bucket) {
      bucket = new Map();
      this.buckets.set(bucketKey, bucket);
    }
    const what =
      ((this.nameId(host) * 4096 + this.nameId(colo)) * 4096 + (signal === null ? 0 : this.nameId(signal))) * 2048 +
      status * 2 +
      (reached ? 1 : 0);
    const cell = bucket.get(what);
    if (cell) cell.count += count;
    else bucket.set(what, { segment, bucketMs, status, signal, colo, host, reached, count });
  }

  private nameId(name: string): number {
    let id = this.names.get(name);
    if (id === undefined) {
      id = this.names.size + 1;
      this.names.set(name, id);
    }
    return id;
  }

  private seriesOf(signal: SignalId): ClueSeries {
    let series = this.stream.clues.get(signal);
    if (!series) {
      series = { signal, count: 0, perSecond: new Map(), kept: [], thinned: false };
      this.stream.clues.set(signal, series);
    }
    return series;
  }

  private noteClue(series: ClueSeries, segment: number, stamp: Stamp, level: string | undefined): void {
    series.count++;
    if (stamp.kind !== 'none') {
      const second = `${segment} ${Math.floor(stamp.ms / 1000)}`;
      series.perSecond.set(second, (series.perSecond.get(second) ?? 0) + 1);
    }
    if (level !== undefined) this.stream.levels.set(level, (this.stream.levels.get(level) ?? 0) + 1);
  }

  private addClue(clue: ClueRecord): void {
    const series = this.seriesOf(clue.signal);
    const segment = this.segmentOf(clue.stamp);
    const hash = clueHash(clue.text);
    const minute = minuteOf(stampMs(clue.stamp));
    const wanted = this.wantsClue(clue.signal, minute, hash);
    this.noteClue(series, segment, clue.stamp, clue.level);
    if (!wanted) return;
    series.kept.push({ record: clue, source: this.source, segment, hash });
    if (series.count > CLUE_CAP && !series.thinned) {
      limitClues(series);
      this.keptMinutes.set(clue.signal, new Set(series.kept.map(({ record }) => minuteOf(stampMs(record.stamp)))));
    } else this.keptMinutes.get(clue.signal)?.add(minute);
  }

  private segmentOf(stamp: Stamp): number {
    return this.segmentAt(stamp.kind, stampMs(stamp));
  }

  private segmentAt(kind: StampKind, ms: number): number {
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const segment = this.segments[i];
      if (segment?.kind !== kind) continue;
      if (kind === 'none' || kind === 'utc' || ms >= segment.lastMs - BACKWARDS_MS) {
        if (ms > segment.lastMs) segment.lastMs = ms;
        if (ms < segment.firstMs) segment.firstMs = ms;
        segment.entries++;
        return i;
      }
      break;
    }
    this.segments.push({ kind, source: this.source, firstMs: ms, lastMs: ms, entries: 1 });
    return this.segments.length - 1;
  }

  private noteClock({ stamp, outerStamp }: LogRecord): void {
    if (stamp.kind !== 'utc') return;
    if (stamp.offsetMinutes !== undefined) this.noteOffset(stamp.offsetMinutes, stamp.ms);
    if (outerStamp && (outerStamp.kind === 'local' || outerStamp.kind === 'yearless')) {
      const pairs = this.stream.clockPairs;
      if (pairs.length < MAX_CLOCK_PAIRS)
        pairs.push({ outerKind: outerStamp.kind, outerMs: outerStamp.ms, innerMs: stamp.ms });
    }
  }

  private noteOffset(offsetMinutes: number, ms: number): void {
    const known = this.stream.offsets.get(offsetMinutes);
    if (known) {
      if (ms < known.firstMs) known.firstMs = ms;
      if (ms > known.lastMs) known.lastMs = ms;
      known.count++;
    } else this.stream.offsets.set(offsetMinutes, { firstMs: ms, lastMs: ms, count: 1 });
  }
}

/** Written milliseconds of a stamp; NaN where there is none. */
export function stampMs(stamp: Stamp): number {
  return stamp.kind === 'none' ? Number.NaN : stamp.ms;
}
