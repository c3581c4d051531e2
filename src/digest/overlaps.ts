import type { ClueRecord, RequestRecord } from '../vocabulary/records.ts';
import { type Digest, KEPT_KINDS, type Kept, type StreamDigest } from './digest.ts';
import { isSampled } from './sampling.ts';
import { stampMs } from './written-time.ts';

/**
 * Sources that hold entries of each other: the tail of a log beside the log, journals exported with overlapping times, two
 * exports of one time. Told from the samples alone: which entries a sample holds depends on their content, so that an entry
 * that two sources have is in the sample of both or of neither. What no sample shows is not found: overlaps of fewer
 * good requests than some times the number that a kept one stands for.
 */
export interface Overlap {
  /** Indices of the sources, in ascending order. */
  readonly sources: readonly number[];
  /** Rows of an edge's export, known again by Ray ID; else entries of logs, known by their text. */
  readonly exported: boolean;
}

/** Fewer entries in common may be chance. */
const FEWEST_ENTRIES = 3;
/** Of the entries in the time that two logs share, at least this part is in both. */
const SHARED_PART = 0.5;
/** Rows of an export come twice now and then; these are two exports. */
const FEWEST_ROWS = 10;
const ROWS_PART = 0.01;

/** The overlaps that the samples of a digest show. Costs nothing where no two sources of a format share a time. */
export function overlapsIn({ streams }: Digest): readonly Overlap[] {
  const exports = overlapOfExports(streams.filter(({ hop }) => hop === 'edge'));
  // Recordings of browsers are documents, whose copies are told elsewhere.
  const logs = overlapsOfLogs(streams.filter(({ hop }) => hop !== 'edge' && hop !== 'client'));
  return [...exports, ...logs];
}

/** An entry of a sample. */
interface Entry {
  readonly source: number;
  readonly ms: number;
  readonly hash: number;
}

/** Entries that are sampled together: those whose hash `weight` divides are all there. */
interface Sample {
  readonly kind: string;
  readonly weight: number;
  readonly entries: readonly Entry[];
}

const HASHES = 2 ** 32;
/** So many milliseconds fit beside a hash into the digits of a number. */
const TIMES = 2 ** 20;

/** What a row of an export is known by: the hash of its Ray ID, and its second, as one export may leave out what another tells of it. */
function rowKeyOf({ ms, hash }: Entry): number {
  return keyOf({ ms: Math.floor(ms / 1000), hash });
}

/** What an entry is known by: its hash and its written time. */
function keyOf({ ms, hash }: Pick<Entry, 'ms' | 'hash'>): number {
  return (ms % TIMES) * HASHES + hash;
}

function entriesOf(kept: readonly Kept<RequestRecord | ClueRecord>[]): Entry[] {
  return kept.map(({ record, source, hash }) => ({ source, ms: stampMs(record.stamp), hash }));
}

export interface Times {
  firstMs: number;
  lastMs: number;
}

/** When each source of a stream begins and ends, as it writes the time. */
export function timesOf({ segments }: Pick<StreamDigest, 'segments'>): Map<number, Times> {
  const times = new Map<number, Times>();
  for (const { source, firstMs, lastMs, kind } of segments) {
    if (kind === 'none') continue;
    const known = times.get(source);
    if (known === undefined) times.set(source, { firstMs, lastMs });
    else {
      known.firstMs = Math.min(known.firstMs, firstMs);
      known.lastMs = Math.max(known.lastMs, lastMs);
    }
  }
  return times;
}

const share = (a: Times, b: Times): boolean => a.firstMs <= b.lastMs && b.firstMs <= a.lastMs;

/** Of exports of whatever formats: one of them may hold all requests, the other only those that failed. */
function overlapOfExports(streams: readonly StreamDigest[]): Overlap[] {
  const rows = streams
    .flatMap(({ kept }) => KEPT_KINDS.flatMap((kind): readonly Kept<RequestRecord>[] => kept[kind].rows))
    .filter(({ record }) => record.ray !== undefined);
  const sourceOf = new Map<number, number>();
  const twice = new Set<number>();
  let repeated = 0;
  for (const entry of entriesOf(rows)) {
    const key = rowKeyOf(entry);
    const before = sourceOf.get(key);
    if (before === undefined) sourceOf.set(key, entry.source);
    else {
      repeated++;
      twice.add(before).add(entry.source);
    }
  }
  if (repeated < FEWEST_ROWS || repeated < ROWS_PART * rows.length) return [];
  // Of a small object the sample may hold none of the rows that it has in common with others.
  const times = streams.flatMap((stream) => [...timesOf(stream)]);
  const overlapping = times.filter(([source]) => twice.has(source)).map(([, time]) => time);
  const sources = times.filter(
    ([source, time]) => twice.has(source) || overlapping.some((other) => share(time, other)),
  );
  return [{ sources: [...new Set(sources.map(([source]) => source))].sort((a, b) => a - b), exported: true }];
}

function overlapsOfLogs(streams: readonly StreamDigest[]): Overlap[] {
  const groups = new Groups();
  for (const alike of groupedBy(streams, ({ format }) => format)) {
    if (shareTime(alike)) for (const [a, b] of pairsIn(alike.flatMap(samplesOf))) groups.join(a, b);
  }
  return groups.all().map((sources) => ({ sources, exported: false }));
}

/** Whether any two sources do. */
function shareTime(streams: readonly StreamDigest[]): boolean {
  const times = streams.flatMap((stream) => [...timesOf(stream)]).sort(([, a], [, b]) => a.firstMs - b.firstMs);
  let latest: readonly [number, Times] | undefined;
  for (const [source, time] of times) {
    if (latest !== undefined && latest[0] !== source && share(latest[1], time)) return true;
    if (latest === undefined || time.lastMs > latest[1].lastMs) latest = [source, time];
  }
  return false;
}

function samplesOf({ kept, clues }: StreamDigest): Sample[] {
  return [
    ...KEPT_KINDS.map((kind) => ({ kind, weight: kept[kind].weight, entries: entriesOf(kept[kind].rows) })),
    ...[...clues.values()].map(({ signal, sample, kept: lines }) => ({
      kind: signal,
      weight: sample.weight,
      entries: entriesOf(lines),
    })),
  ];
}

/** Entries that are in the samples of all sources that have them. */
function comparable(samples: readonly Sample[]): Entry[] {
  return groupedBy(samples, ({ kind }) => kind).flatMap((alike) => {
    const weight = Math.max(...alike.map((sample) => sample.weight));
    const entries = alike.flatMap((sample) => sample.entries);
    return entries.filter(({ hash, ms }) => isSampled(hash, weight) && !Number.isNaN(ms));
  });
}

/** The pairs of sources whose samples are nearly the same in the time from the first to the last common entry. */
function* pairsIn(samples: readonly Sample[]): Generator<readonly [number, number]> {
  const common = new Map<string, Times & { readonly pair: readonly [number, number]; count: number }>();
  const entries = comparable(samples);
  for (const same of groupedBy(entries, keyOf)) {
    const holders = [...new Set(same.map(({ source }) => source))].sort((a, b) => a - b);
    const { ms = 0 } = same[0] ?? {};
    for (const [i, a] of holders.entries())
      for (const b of holders.slice(i + 1)) {
        const known = common.get(`${a} ${b}`) ?? { pair: [a, b], count: 0, firstMs: ms, lastMs: ms };
        common.set(`${a} ${b}`, known);
        known.count++;
        known.firstMs = Math.min(known.firstMs, ms);
        known.lastMs = Math.max(known.lastMs, ms);
      }
  }
  for (const { pair, count, firstMs, lastMs } of common.values()) {
    if (count < FEWEST_ENTRIES) continue;
    const inTime = entries.filter(({ ms }) => ms >= firstMs && ms <= lastMs);
    const [ofA = 0, ofB = 0] = pair.map((wanted) => inTime.filter(({ source }) => source === wanted).length);
    if (count >= SHARED_PART * Math.min(ofA, ofB)) yield pair;
  }
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): T[][] {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** Puts sources together that overlap with a third one. */
class Groups {
  private readonly groupOf = new Map<number, Set<number>>();

  join(a: number, b: number): void {
    const one = this.groupOf.get(a) ?? new Set([a]);
    for (const source of this.groupOf.get(b) ?? [b]) one.add(source);
    for (const source of one) this.groupOf.set(source, one);
  }

  all(): number[][] {
    return [...new Set(this.groupOf.values())].map((group) => [...group].sort((a, b) => a - b));
  }
}
