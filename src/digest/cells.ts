import type { RequestKind } from '../formats/format.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import { bucketStart, limitBuckets } from './buckets.ts';
import { addCell } from './cell-list.ts';
import type { CellKind, CellList, StreamDigest } from './digest.ts';

/** Buckets in use at which it is seen whether wider ones would do. */
const MANY_BUCKETS = 400_000;
/** HTTP statuses are below. */
const STATUSES = 1000;
const FEWEST_PLACES = 1024;
/** Spreads neighbouring numbers over all places. */
const SPREAD = 0x9e3779b1;

/**
 * The counts of one stream while it is read, in lists of numbers: an object for each of a hundred thousand, made over minutes,
 * would be most of what the garbage collector has to look after.
 */
export class Cells {
  private bucketSeconds = 1;
  private nextLimit = MANY_BUCKETS;
  /** What is counted, numbered as it comes. */
  private readonly kinds: CellKind[] = [];
  private readonly numbers = new Map<number | string, number>();
  private readonly signals = new Map<SignalId, number>();
  /** The numbers of kinds that come again and again. */
  private readonly known = new Map<RequestKind, number>();
  // By bucket, in the order in which they came.
  private bucketSegments: number[] = [];
  private bucketStarts: number[] = [];
  /** By segment: its buckets by their starts. */
  private bucketsOf: Map<number, number>[] = [];
  private latest = -1;
  // By cell, in the order in which they came.
  private cellBuckets: number[] = [];
  private cellWhats: number[] = [];
  private counts: number[] = [];
  /** Cells (counted from 1) by the hash of bucket and what; each lies at the first free place from there on. */
  private places = new Int32Array(FEWEST_PLACES);

  /** Counts so many requests of a segment, written at `ms`. */
  add(segment: number, ms: number, status: number, signal: SignalId | null, reached: boolean, count: number): void {
    if (this.bucketStarts.length > this.nextLimit) this.widen();
    this.addTo(this.bucketOf(segment, ms), this.whatOf(status, signal, reached), count);
  }

  /** Counts so many requests of each of these kinds, all of one second of a segment. */
  addSecond(segment: number, ms: number, kinds: readonly RequestKind[], counts: readonly number[]): void {
    if (this.bucketStarts.length > this.nextLimit) this.widen();
    const bucket = this.bucketOf(segment, ms);
    for (let i = 0; i < kinds.length; i++) {
      const kind = kinds[i];
      if (kind !== undefined) this.addTo(bucket, this.numberOf(kind), counts[i] ?? 0);
    }
  }

  /** Hands all counts over to a stream. */
  giveTo(stream: Pick<StreamDigest, 'cells' | 'bucketSeconds'>): void {
    stream.bucketSeconds = this.bucketSeconds;
    stream.cells = [this.cells()];
    limitBuckets(stream);
  }

  /** How many requests were counted of the kinds that are wanted. */
  countOf(wants: (kind: CellKind) => boolean): number {
    const wanted = this.kinds.map(wants);
    return this.counts.reduce((sum, count, cell) => (wanted[this.cellWhats[cell] ?? 0] ? sum + count : sum), 0);
  }

  private addTo(bucket: number, what: number, count: number): void {
    const { places, cellBuckets, cellWhats, counts } = this;
    let place = this.firstPlace(bucket, what);
    for (let cell = places[place] ?? 0; cell !== 0; cell = places[place] ?? 0) {
      if (cellBuckets[cell - 1] === bucket && cellWhats[cell - 1] === what) {
        counts[cell - 1] = (counts[cell - 1] ?? 0) + count;
        return;
      }
      place = (place + 1) & (places.length - 1);
    }
    cellBuckets.push(bucket);
    cellWhats.push(what);
    places[place] = counts.push(count);
    if (2 * counts.length > places.length) this.makeRoom();
  }

  private firstPlace(bucket: number, what: number): number {
    return Math.imul(Math.imul(bucket, SPREAD) + what, SPREAD) >>> (1 + Math.clz32(this.places.length));
  }

  private makeRoom(): void {
    const places = new Int32Array(4 * this.places.length);
    this.places = places;
    for (let cell = 0; cell < this.counts.length; cell++) {
      let place = this.firstPlace(this.cellBuckets[cell] ?? 0, this.cellWhats[cell] ?? 0);
      while (places[place] !== 0) place = (place + 1) & (places.length - 1);
      places[place] = cell + 1;
    }
  }

  private bucketOf(segment: number, ms: number): number {
    const start = bucketStart(ms, this.bucketSeconds);
    const { bucketSegments, bucketStarts, latest } = this;
    if (bucketStarts[latest] === start && bucketSegments[latest] === segment) return latest;
    let buckets = this.bucketsOf[segment];
    if (buckets === undefined) {
      buckets = new Map();
      this.bucketsOf[segment] = buckets;
    }
    let bucket = buckets.get(start);
    if (bucket === undefined) {
      bucket = bucketStarts.push(start) - 1;
      bucketSegments.push(segment);
      buckets.set(start, bucket);
    }
    this.latest = bucket;
    return bucket;
  }

  private numberOf(kind: RequestKind): number {
    let number = this.known.get(kind);
    if (number === undefined) {
      number = this.whatOf(kind.status, kind.signal ?? null, kind.reached);
      this.known.set(kind, number);
    }
    return number;
  }

  /** Number of what is counted. A small number for the usual statuses: a map finds those fastest. */
  private whatOf(status: number, signal: SignalId | null, reached: boolean): number {
    const isUsual = Number.isInteger(status) && status >= 0 && status < STATUSES;
    const key = isUsual
      ? (signal === null ? 0 : this.signalNumber(signal)) * STATUSES * 2 + status * 2 + (reached ? 1 : 0)
      : `${status} ${signal} ${reached}`;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.kinds.push({ status, signal, reached }) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }

  private signalNumber(signal: SignalId): number {
    let number = this.signals.get(signal);
    if (number === undefined) {
      number = this.signals.size + 1;
      this.signals.set(signal, number);
    }
    return number;
  }

  /** All cells: segment by segment, and bucket by bucket as each came first. */
  private cells(): CellList {
    const { cellBuckets, cellWhats, counts, bucketSegments, bucketStarts, kinds } = this;
    const inOrder = bucketStarts.map((_, bucket) => bucket);
    if (this.bucketsOf.length > 1) inOrder.sort((a, b) => (bucketSegments[a] ?? 0) - (bucketSegments[b] ?? 0) || a - b);
    // How many cells a bucket has, then where the next of them goes.
    const places = new Int32Array(bucketStarts.length);
    for (const bucket of cellBuckets) places[bucket] = (places[bucket] ?? 0) + 1;
    let place = 0;
    for (const bucket of inOrder) {
      const size = places[bucket] ?? 0;
      places[bucket] = place;
      place += size;
    }
    const order = new Int32Array(counts.length);
    cellBuckets.forEach((bucket, cell) => {
      const next = places[bucket] ?? 0;
      order[next] = cell;
      places[bucket] = next + 1;
    });
    const list: CellList = { kinds, segments: [], bucketMs: [], kindOf: [], counts: [] };
    for (let i = 0; i < order.length; i++) {
      const cell = order[i] ?? 0;
      const bucket = cellBuckets[cell] ?? 0;
      addCell(
        list,
        bucketSegments[bucket] ?? 0,
        bucketStarts[bucket] ?? Number.NaN,
        cellWhats[cell] ?? 0,
        counts[cell] ?? 0,
      );
    }
    return list;
  }

  /** Makes room where a log spans many days. */
  private widen(): void {
    const stream = { cells: [this.cells()], bucketSeconds: this.bucketSeconds };
    limitBuckets(stream);
    this.bucketSeconds = stream.bucketSeconds;
    this.bucketSegments = [];
    this.bucketStarts = [];
    this.bucketsOf = [];
    this.latest = -1;
    this.cellBuckets = [];
    this.cellWhats = [];
    this.counts = [];
    this.places = new Int32Array(FEWEST_PLACES);
    for (const { kinds, segments, bucketMs, kindOf, counts } of stream.cells) {
      const numbers = kinds.map(({ status, signal, reached }) => this.whatOf(status, signal, reached));
      for (let i = 0; i < counts.length; i++)
        this.addTo(
          this.bucketOf(segments[i] ?? 0, bucketMs[i] ?? Number.NaN),
          numbers[kindOf[i] ?? 0] ?? 0,
          counts[i] ?? 0,
        );
    }
    this.nextLimit = Math.max(MANY_BUCKETS, 2 * this.bucketStarts.length);
  }
}
