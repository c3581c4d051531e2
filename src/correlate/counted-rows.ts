import type { CellKind } from '../clock/timed-cells.ts';
import type { TimedRequest, TimedStream } from '../clock/timeline.ts';
import { keptKind } from '../digest/sampling.ts';
import { pathTemplate } from './path-template.ts';
import type { Scene } from './scene.ts';

/** A good row and how many requests it stands for, in units of the failed rows that are kept. */
export interface WeightedRow {
  readonly row: TimedRequest;
  readonly weight: number;
}

/** The rows of the counting log. */
export interface CountedRows {
  /** Those of the burst that failed. */
  readonly failed: readonly TimedRequest[];
  /** Good ones of the whole log, as far as they are kept. */
  readonly fine: readonly TimedRequest[];
  /** The good answers to requests that came in as the failing ones did. */
  readonly fineMeanwhile: readonly WeightedRow[];
  /** Whether rows of the whole log stand in for those of the burst's time. */
  readonly areStandIns: boolean;
}

/** How many requests rows stand for. */
export function sumOf(rows: readonly WeightedRow[]): number {
  return rows.reduce((sum, { weight }) => sum + weight, 0);
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
  const fine = streams.flatMap(({ sample }) => [...sample]);
  const ordinaryWeight = Math.max(1, ...streams.map(({ stream }) => stream.kept.ordinary.weight));
  const failedWeight = Math.max(1, ...streams.map(({ stream }) => stream.kept.failed.weight));
  const time = comingIn(failed, scene);
  const meanwhile = fine.filter(({ startedMs }) => startedMs >= time.fromMs && startedMs <= time.toMs);
  const isThin = ordinaryWeight > 1 && meanwhile.length < ENOUGH_ROWS && !scene.isExcerpt;
  return {
    failed,
    fine,
    areStandIns: isThin,
    fineMeanwhile: isThin
      ? standIns(streams, fine, time, failedWeight)
      : meanwhile.map((row) => ({ row, weight: ordinaryWeight / failedWeight })),
  };
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
): WeightedRow[] {
  const exact = fineCounts(streams, time);
  // Those of other bursts are missing from the good ones as well.
  const failed = streams.flatMap(({ failures }) =>
    failures.filter(
      ({ record, startedMs }) =>
        record.status >= 500 && record.visitor && startedMs >= time.fromMs && startedMs <= time.toMs,
    ),
  );
  // Every so manieth is enough for shares: each burst goes over them again and again.
  const step = Math.ceil(fine.length / MOST_STAND_INS);
  const some = step > 1 ? fine.filter((_, i) => i % step === 0) : fine;
  const reached = some.filter(({ record }) => (record.originStatus ?? 0) > 0);
  const others = some.filter(({ record }) => !((record.originStatus ?? 0) > 0));
  // Rows of a log that does not tell what the next hop gave are all of one sort.
  const asking = reached.length > 0 ? reached : others;
  const rest = reached.length > 0 ? others : [];
  const answers = (reached.length > 0 ? exact.reached : exact.reached + exact.others) / failedWeight;
  return [
    ...lessFailed(asking, failed, answers),
    ...rest.map((row) => ({ row, weight: exact.others / failedWeight / rest.length })),
  ];
}

/** Good answers of visitors in a time, exactly. */
function fineCounts(streams: readonly TimedStream[], { fromMs, toMs }: Time): { reached: number; others: number } {
  const isFine = ({ status, signal }: CellKind): boolean => keptKind(status, signal ?? undefined) === 'ordinary';
  const counts = { reached: 0, others: 0 };
  for (const { cells } of streams) {
    const meanwhile = cells.between(fromMs - SAME_TIME_MS, toMs);
    counts.reached += meanwhile.sum((kind) => kind.reached && isFine(kind));
    counts.others += meanwhile.sum((kind) => !kind.reached && isFine(kind));
  }
  return counts;
}

/** Rows that stand for so many good answers, each kind of request with as many as usual less those that failed. */
function lessFailed(rows: readonly TimedRequest[], failed: readonly TimedRequest[], answers: number): WeightedRow[] {
  const usual = countBy(rows);
  const lost = countBy(failed);
  const perRow = (answers + failed.length) / Math.max(1, rows.length);
  const left = rows.map((row) => {
    const kind = kindOf(row);
    const n = usual.get(kind) ?? 1;
    return { row, weight: Math.max(0, n * perRow - (lost.get(kind) ?? 0)) / n };
  });
  const sum = sumOf(left);
  const scale = sum === 0 ? 0 : answers / sum;
  return left.map(({ row, weight }) => ({ row, weight: weight * scale }));
}

const kindOf = ({ record: { colo = '', method = '', path = '' } }: TimedRequest): string =>
  `${colo} ${method} ${pathTemplate(path)}`;

function countBy(rows: readonly TimedRequest[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const kind = kindOf(row);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return counts;
}
