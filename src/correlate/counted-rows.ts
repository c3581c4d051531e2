import type { TimedRequest, TimedStream } from '../clock/timeline.ts';
import type { CellKind } from '../digest/digest.ts';
import { keptKind } from '../digest/sampling.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { pathTemplate } from './path-template.ts';
import { startTimes } from './row-times.ts';
import type { Scene } from './scene.ts';
import { type Column, columnOf, WeightedRows } from './weighted-rows.ts';

/** The rows of the counting log. */
export interface CountedRows {
  /** Those of the burst that failed. */
  readonly failed: readonly TimedRequest[];
  /** Good ones of the whole log, as far as they are kept. */
  readonly fine: readonly TimedRequest[];
  /** The good answers to requests that came in as the failing ones did, counted in units of the failed rows that are kept. */
  readonly fineMeanwhile: WeightedRows;
  /** Whether rows of the whole log stand in for those of the burst's time. */
  readonly areStandIns: boolean;
}

/** Stamps may be whole seconds. */
const SAME_TIME_MS = 500;
/** Of a log too long to keep all rows, so many of the time are enough to speak for it. */
const ENOUGH_ROWS = 200;
/** Rows of the whole log that stand in for those of the time. */
const MOST_STAND_INS = 4000;

/** By the failures of a burst: its scene may be set more than once. */
const known = new WeakMap<Scene['failures'], CountedRows>();

/** The rows by which the scope of a burst is told. */
export function rowsOf(scene: Scene): CountedRows {
  const before = known.get(scene.failures);
  if (before !== undefined) return before;
  const rows = countedRows(scene);
  known.set(scene.failures, rows);
  return rows;
}

function countedRows(scene: Scene): CountedRows {
  const failed = scene.failures.flatMap(({ row }) => (row ? [row] : []));
  const streams = scene.streams.filter(({ stream }) => stream.hop === scene.countedAt);
  const fine = fineRows(scene);
  const ordinaryWeight = Math.max(1, ...streams.map(({ stream }) => stream.kept.ordinary.weight));
  const failedWeight = Math.max(1, ...streams.map(({ stream }) => stream.kept.failed.weight));
  const time = comingIn(failed, scene);
  const meanwhile = startTimes(fine).within(time.fromMs, time.toMs);
  const isThin = ordinaryWeight > 1 && meanwhile.length < ENOUGH_ROWS && !scene.isExcerpt;
  return {
    failed,
    fine,
    areStandIns: isThin,
    fineMeanwhile: isThin
      ? standIns(streams, fine, time, failedWeight)
      : new WeightedRows(fine, meanwhile, new Float64Array(meanwhile.length).fill(ordinaryWeight / failedWeight)),
  };
}

const rowsByHop = new WeakMap<Scene['streams'], Map<Scene['countedAt'], readonly TimedRequest[]>>();

/** The good rows of the counting log: the same list for all bursts. */
function fineRows({ streams, countedAt }: Scene): readonly TimedRequest[] {
  const byHop = rowsByHop.get(streams) ?? new Map<Scene['countedAt'], readonly TimedRequest[]>();
  rowsByHop.set(streams, byHop);
  let rows = byHop.get(countedAt);
  if (rows === undefined) {
    rows = sampleOf(streams.filter(({ stream }) => stream.hop === countedAt));
    byHop.set(countedAt, rows);
  }
  return rows;
}

/** The good rows of some logs, as far as they are kept; of a single log its own list, of which columns are told once for all. */
export function sampleOf(streams: readonly TimedStream[]): readonly TimedRequest[] {
  const samples = streams.map(({ sample }) => sample).filter(({ length }) => length > 0);
  return samples.length === 1 ? (samples[0] ?? []) : samples.flat();
}

interface Time {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * When the failing requests came in. Good answers are compared by the same: an answer that failed after a minute of waiting
 * came in with good ones of a minute ago, not with those given as it failed.
 */
function comingIn(failed: readonly TimedRequest[], scene: Scene): Time {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const { startedMs } of failed) {
    fromMs = Math.min(fromMs, startedMs);
    toMs = Math.max(toMs, startedMs);
  }
  if (failed.length === 0) return { fromMs: scene.startMs - SAME_TIME_MS, toMs: scene.endMs + SAME_TIME_MS };
  return { fromMs: fromMs - SAME_TIME_MS, toMs: toMs + SAME_TIME_MS };
}

/**
 * Where too few good rows of the burst's time are kept, the rows of the whole log stand in for them: how many there were is
 * counted exactly, by whether they reached the origin; of which kind they were follows from what the log usually has, less
 * what failed of each kind.
 */
function standIns(
  streams: readonly TimedStream[],
  fine: readonly TimedRequest[],
  time: Time,
  failedWeight: number,
): WeightedRows {
  const exact = fineCounts(streams, time);
  const usual = usualRows(fine);
  const answers = (usual.tellsReached ? exact.reached : exact.reached + exact.others) / failedWeight;
  const weights = new Float64Array(usual.places.length);
  fillLessFailed(weights, usual, failedOfKinds(streams, time, usual.kinds), answers);
  const rest = weights.subarray(usual.asking);
  rest.fill(exact.others / failedWeight / rest.length);
  return new WeightedRows(fine, usual.places, weights);
}

/** What a log usually has. */
interface UsualRows {
  /** Places of the rows that asked the next hop, and, behind them, of those that did not. */
  readonly places: Uint32Array;
  /** How many asked. */
  readonly asking: number;
  /** Whether the log tells what the next hop gave; else its rows are all of one sort. */
  readonly tellsReached: boolean;
  /** The kinds of request. */
  readonly kinds: Column;
  /** How many of those that asked are of each kind. */
  readonly counts: Float64Array;
}

const usualKnown = new WeakMap<readonly TimedRequest[], UsualRows>();

function usualRows(fine: readonly TimedRequest[]): UsualRows {
  const before = usualKnown.get(fine);
  if (before !== undefined) return before;
  // Every so manieth is enough for shares: each burst goes over them again and again.
  const step = Math.max(1, Math.ceil(fine.length / MOST_STAND_INS));
  const reached: number[] = [];
  const others: number[] = [];
  for (let i = 0; i < fine.length; i += step) ((fine[i]?.record.originStatus ?? 0) > 0 ? reached : others).push(i);
  const tellsReached = reached.length > 0;
  const asking = tellsReached ? reached.length : others.length;
  const places = Uint32Array.from(reached.concat(others));
  const kinds = columnOf(fine, kindOf);
  const counts = new Float64Array(kinds.names.length);
  for (let i = 0; i < asking; i++) {
    const kind = kinds.nameOfRow[places[i] ?? 0] ?? 0;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  const usual = { places, asking, tellsReached, kinds, counts };
  usualKnown.set(fine, usual);
  return usual;
}

/** Good answers of visitors in a time, exactly. */
function fineCounts(streams: readonly TimedStream[], { fromMs, toMs }: Time): { reached: number; others: number } {
  const counts = { reached: 0, others: 0 };
  for (const { cells } of streams) {
    const meanwhile = cells.between(fromMs - SAME_TIME_MS, toMs);
    counts.reached += meanwhile.sum((kind) => kind.reached && isFine(kind));
    counts.others += meanwhile.sum((kind) => !kind.reached && isFine(kind));
  }
  return counts;
}

const isFine = ({ status, signal }: CellKind): boolean => keptKind(status, signal ?? undefined) === 'ordinary';

/** How many requests failed in a time, those of other bursts, too: they are missing from the good ones as well. */
interface FailedOfKinds {
  readonly all: number;
  /** By the place of their kind among those of the good rows. */
  readonly counts: Float64Array;
}

function failedOfKinds(streams: readonly TimedStream[], time: Time, { names, places }: Column): FailedOfKinds {
  const counts = new Float64Array(names.length);
  let all = 0;
  for (const { failures } of streams) {
    for (const i of startTimes(failures).within(time.fromMs, time.toMs)) {
      const record = failures[i]?.record;
      if (record === undefined || record.status < 500 || !record.visitor) continue;
      all++;
      const kind = places.get(kindOf(record));
      if (kind !== undefined) counts[kind] = (counts[kind] ?? 0) + 1;
    }
  }
  return { all, counts };
}

/** How many of so many good answers each row that asked stands for: each kind has as many as usual less those that failed. */
function fillLessFailed(
  weights: Float64Array,
  { places, asking, kinds: { nameOfRow }, counts }: UsualRows,
  failed: FailedOfKinds,
  answers: number,
): void {
  const perRow = (answers + failed.all) / Math.max(1, asking);
  const left = counts.map((n, kind) => (n === 0 ? 0 : Math.max(0, n * perRow - (failed.counts[kind] ?? 0)) / n));
  let sum = 0;
  for (let i = 0; i < asking; i++) {
    const weight = left[nameOfRow[places[i] ?? 0] ?? 0] ?? 0;
    weights[i] = weight;
    sum += weight;
  }
  const scale = sum === 0 ? 0 : answers / sum;
  for (let i = 0; i < asking; i++) weights[i] = (weights[i] ?? 0) * scale;
}

const kindOf = ({ colo = '', method = '', path = '' }: RequestRecord): string =>
  `${colo} ${method} ${pathTemplate(path)}`;
