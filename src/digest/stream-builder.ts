import type { CountedClue, CountedFailure, CountedRequest, HeldRequest, ListedKind } from '../formats/format.ts';
import type { CountedSecond, ListedRows } from '../scan/count-rules.ts';
import { LISTED_ID, LISTED_KIND, LISTED_MS, LISTED_WORDS } from '../scan/row-numbers.ts';
import { clueHash, requestHash } from '../vocabulary/hash.ts';
import type { Hop } from '../vocabulary/hops.ts';
import type { ClueRecord, LogRecord, RequestRecord, Stamp } from '../vocabulary/records.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import { Cells } from './cells.ts';
import { ClueCounts, type ClueSource } from './clue-counts.ts';
import { CLUE_RULE, type ClueRule } from './clue-sample.ts';
import { KEPT_KINDS, type KeptKind, type KeptRows, type Segment, type StampKind, type StreamDigest } from './digest.ts';
import { KeptRequests } from './kept-requests.ts';
import { KEEP, keptKind, type SampleWeights, WHOLE } from './sampling.ts';
import { SeenRequests, traitsOf } from './seen-requests.ts';
import { continuesClock, MOST_SEGMENTS, minuteOf, stampMs } from './written-time.ts';

const MAX_CLOCK_PAIRS = 64;
const HIGH = 2 ** 32;

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
    bucketSeconds: 1,
    kept: { ordinary: noRows(), failed: noRows(), refused: noRows() },
    internalCount: 0,
    duplicateCount: 0,
    clues: new Map(),
    offsets: new Map(),
    clockPairs: [],
    levels: new Map(),
  };
}

const noRows = (): KeptRows => ({ rows: [], weight: 1 });

/** Folds the records of one source, and what only counts, into the stream they belong to. */
export class StreamBuilder {
  readonly stream: StreamDigest;
  private readonly source: number;
  private readonly segments: OpenSegment[] = [];
  private readonly seen = new SeenRequests();
  private readonly cells = new Cells();
  private readonly clues: ClueCounts;
  private readonly expectsMany: boolean;
  /** What ordinary rows counted for beyond themselves. */
  private countedBeyond = 0;
  private readonly kept: Readonly<Record<KeptKind, KeptRequests>>;

  constructor(
    identity: { key: string; format: string; hop: Hop; server: string | null; folder: string },
    source: number,
    {
      clueRule = CLUE_RULE,
      weights = WHOLE,
      expectsMany = false,
    }: {
      readonly clueRule?: ClueRule;
      readonly weights?: SampleWeights | undefined;
      /** More ordinary rows are expected than are all kept, so that they are sampled from the first one on. */
      readonly expectsMany?: boolean;
    } = {},
  ) {
    this.stream = emptyStream(identity);
    this.source = source;
    this.clues = new ClueCounts(source, clueRule, weights.clues);
    this.expectsMany = expectsMany && weights.ordinary === 1;
    this.kept = {
      ordinary: new KeptRequests(
        source,
        KEEP.ordinary,
        this.expectsMany ? KEEP.ordinary.firstWeight : weights.ordinary,
      ),
      failed: new KeptRequests(source, KEEP.failed, weights.failed),
      refused: new KeptRequests(source, KEEP.refused, weights.refused),
    };
  }

  add(record: LogRecord): void {
    this.noteClock(record.stamp, record.outerStamp);
    if (record.kind === 'request') this.addRequest(record);
    else this.addClue(record);
  }

  /** Hands over the stream, whose records may be unread (`UnreadKept`); nothing may be added after. */
  close(): StreamDigest {
    this.stream.segments = this.segments.map((segment): Segment => ({ ...segment }));
    if (this.expectsMany && this.ordinaryRows() <= KEEP.ordinary.whole) this.kept.ordinary.weight = 1;
    this.cells.giveTo(this.stream);
    for (const kind of KEPT_KINDS) {
      const { rows, weight } = this.kept[kind];
      Object.assign(this.stream.kept[kind], { rows, weight });
    }
    this.stream.clues = this.clues.close();
    this.stream.levels = this.clues.closedLevels();
    return this.stream;
  }

  /** Whether ordinary rows were left out that are to be kept, as more were expected than there are in this share of the source. */
  lacksRows(share = 1): boolean {
    if (!this.expectsMany) return false;
    const rows = this.ordinaryRows();
    return rows > this.kept.ordinary.rows.length && rows <= share * KEEP.ordinary.whole;
  }

  private ordinaryRows(): number {
    return (
      this.cells.countOf(({ status, signal }) => keptKind(status, signal ?? undefined) === 'ordinary') -
      this.countedBeyond
    );
  }

  /** Whether a good request with this hash belongs to the sample. */
  wantsRequest(hash: number): boolean {
    return this.kept.ordinary.wants(hash);
  }

  /** A request of a kind is wanted where this divides its hash. */
  sampleWeight(kind: KeptKind): number {
    return this.kept[kind].weight;
  }

  /** Whether more pairs of times are wanted, of rows whose wrapper has a time that is not UTC. */
  comparesClocks(): boolean {
    return this.stream.clockPairs.length < MAX_CLOCK_PAIRS;
  }

  /** Counts a request of a visitor without keeping it; its segment. */
  countRequest({ ms, offsetMinutes, status, signal, reached }: CountedRequest): number {
    this.stream.requestCount++;
    if (offsetMinutes !== undefined) this.noteOffset(offsetMinutes, ms);
    const segment = this.segmentAt('utc', ms);
    this.cells.add(segment, ms, status, signal ?? null, reached, 1);
    return segment;
  }

  /** Counts requests of visitors without keeping them. */
  countSecond({ firstMs, lastMs, kinds, counts, rows }: CountedSecond, offsetMinutes: number): void {
    this.stream.requestCount += rows;
    this.noteOffset(offsetMinutes, firstMs, rows, lastMs);
    this.cells.addSecond(this.segmentAt('utc', firstMs, rows, lastMs), firstMs, kinds, counts);
  }

  /** Counts a good request of a visitor and keeps it, to be read where it is still among the kept in the end. */
  keepRequest(request: CountedRequest, hash: number, held: HeldRequest): void {
    this.kept.ordinary.hold(this.countRequest(request), hash, held, null);
  }

  /** Counts a failed row, unless its export had it already, and keeps it while it is among those to be kept. */
  keepFailure(failure: CountedFailure, hash: number, hold: () => HeldRequest): void {
    const { ms, offsetMinutes, exported, visitor } = failure;
    if (offsetMinutes !== undefined) this.noteOffset(offsetMinutes, ms);
    const identity = exported === null ? null : { ray: exported.ray, ms, parentRay: exported.parentRay, visitor };
    if (identity !== null && this.seen.add(identity)) {
      this.stream.duplicateCount++;
      return;
    }
    const segment = this.segmentAt('utc', ms);
    if (visitor) {
      this.stream.requestCount += failure.weight;
      this.cells.add(segment, ms, failure.status, failure.signal ?? null, failure.reached, failure.weight);
    } else this.stream.internalCount++;
    const kept = this.kept[keptKind(failure.status, failure.signal)];
    if (kept.wants(hash)) kept.hold(segment, hash, hold(), identity);
  }

  /** Counts rows of an export of these kinds, but for failed and refused ones that it had already. */
  countListed({ words, rows }: ListedRows, kinds: readonly (ListedKind | undefined)[]): void {
    let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = 0; at < rows * LISTED_WORDS; at += LISTED_WORDS) {
      const kind = kinds[words[at + LISTED_KIND] ?? 0];
      if (kind === undefined) throw new Error('a listed row must be of a known kind');
      const { visitor, sample } = kind;
      const ms = (words[at + LISTED_MS] ?? 0) * HIGH + (words[at + LISTED_MS + 1] ?? 0);
      firstMs = Math.min(firstMs, ms);
      lastMs = Math.max(lastMs, ms);
      const mayRepeat = sample === 'failed' || sample === 'refused';
      if (mayRepeat && this.seen.addWords(words, at + LISTED_ID, traitsOf(undefined, visitor))) {
        this.stream.duplicateCount++;
        continue;
      }
      const segment = this.segmentAt('utc', ms);
      if (visitor) {
        this.stream.requestCount += kind.weight;
        this.cells.add(segment, ms, kind.status, kind.signal ?? null, kind.reached, kind.weight);
        if (sample === 'ordinary') this.countedBeyond += kind.weight - 1;
      } else this.stream.internalCount++;
    }
    this.noteOffset(0, firstMs, rows, lastMs);
  }

  /** Whether a line of this signal is to be kept. */
  wantsClue(signal: SignalId, minute: number, hash: number): boolean {
    return this.clues.wants(signal, minute, hash);
  }

  /** A line of this signal and minute is to be kept where this divides its hash. */
  clueWeight(signal: SignalId, minute: number): number {
    return this.clues.weight(signal, minute);
  }

  /** Counts lines that are alike without keeping them. */
  countClue({ stamp, outerStamp, signal, level }: CountedClue, lines: number): void {
    this.noteClock(stamp, outerStamp, lines);
    this.clues.count(signal, level, this.segmentAt(stamp.kind, stampMs(stamp), lines), stamp, lines);
  }

  /** Counts a line and keeps it, to be read at the end where it is still among the kept. */
  keepClue({ stamp, outerStamp, signal, level }: CountedClue, hash: number, clue: ClueSource): void {
    this.noteClock(stamp, outerStamp);
    this.clues.keep(signal, level, this.segmentOf(stamp), stamp, hash, clue);
  }

  private addRequest(row: RequestRecord): void {
    const { stream } = this;
    const ms = stampMs(row.stamp);
    const kind = keptKind(row.status, row.signal);
    if (kind !== 'ordinary' && this.isDuplicate(row, ms)) {
      stream.duplicateCount++;
      return;
    }
    const segment = this.segmentOf(row.stamp);
    const hash = requestHash(row.ray, row.method, row.path, ms);
    if (row.visitor) {
      const weight = row.weight ?? 1;
      stream.requestCount += weight;
      this.cells.add(segment, ms, row.status, row.signal ?? null, (row.originStatus ?? 0) > 0, weight);
      if (kind === 'ordinary') this.countedBeyond += weight - 1;
    } else stream.internalCount++;
    const kept = this.kept[kind];
    if ((kind !== 'ordinary' || row.visitor) && kept.wants(hash)) kept.keep(segment, hash, row);
  }

  /** The same request exported twice (two Logpush jobs into one bucket): same Ray ID, time and parent. */
  private isDuplicate({ hop, ray, parentRay, visitor }: RequestRecord, ms: number): boolean {
    return hop === 'edge' && ray !== undefined && this.seen.add({ ray, ms, parentRay, visitor });
  }

  private addClue(clue: ClueRecord): void {
    const { signal, level, stamp } = clue;
    const segment = this.segmentOf(stamp);
    const hash = clueHash(clue.text);
    if (this.clues.wants(signal, minuteOf(stampMs(stamp)), hash)) {
      this.clues.keep(signal, level, segment, stamp, hash, clue);
    } else this.clues.count(signal, level, segment, stamp);
  }

  private segmentOf(stamp: Stamp): number {
    return this.segmentAt(stamp.kind, stampMs(stamp));
  }

  private segmentAt(kind: StampKind, ms: number, entries = 1, lastMs = ms): number {
    for (let i = this.segments.length - 1; i >= 0; i--) {
      const segment = this.segments[i];
      if (segment?.kind !== kind) continue;
      if (this.segments.length >= MOST_SEGMENTS || continuesClock(kind, segment.lastMs, ms)) {
        if (lastMs > segment.lastMs) segment.lastMs = lastMs;
        if (ms < segment.firstMs) segment.firstMs = ms;
        segment.entries += entries;
        return i;
      }
      break;
    }
    this.segments.push({ kind, source: this.source, firstMs: ms, lastMs, entries });
    return this.segments.length - 1;
  }

  private noteClock(stamp: Stamp, outerStamp: Stamp | undefined, entries = 1): void {
    if (stamp.kind !== 'utc') return;
    if (stamp.offsetMinutes !== undefined) this.noteOffset(stamp.offsetMinutes, stamp.ms, entries);
    if (outerStamp && (outerStamp.kind === 'local' || outerStamp.kind === 'yearless')) {
      const pairs = this.stream.clockPairs;
      for (let i = 0; i < entries && pairs.length < MAX_CLOCK_PAIRS; i++)
        pairs.push({ outerKind: outerStamp.kind, outerMs: outerStamp.ms, innerMs: stamp.ms });
    }
  }

  private noteOffset(offsetMinutes: number, ms: number, entries = 1, lastMs = ms): void {
    const known = this.stream.offsets.get(offsetMinutes);
    if (known) {
      if (ms < known.firstMs) known.firstMs = ms;
      if (lastMs > known.lastMs) known.lastMs = lastMs;
      known.count += entries;
    } else this.stream.offsets.set(offsetMinutes, { firstMs: ms, lastMs, count: entries });
  }
}
