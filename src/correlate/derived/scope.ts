import type { TimedRequest } from '../../clock/timeline.ts';
import type { SignalFact } from '../facts.ts';
import { during, pattern, type Scene } from '../scene.ts';

const NEARLY_ALL = 0.85;
/** A value that carries more than this of the traffic anyway says nothing. */
const MOST_TRAFFIC = 0.6;
const ENOUGH = 5;

/** Templates made before: the rows of a log name the same paths again and again. */
const templates = new Map<string, string>();
const MOST_TEMPLATES = 20_000;

/** A path whose varying parts (numbers, ids) are written `*`, so that requests to one operation count as one path. */
export function pathTemplate(path: string): string {
  const known = templates.get(path);
  if (known !== undefined) return known;
  const template = path
    .split('/')
    .map((part) => (/\d/.test(part) && !/^v\d{1,2}$/.test(part) ? '*' : part))
    .join('/');
  if (templates.size >= MOST_TEMPLATES) templates.clear();
  templates.set(path, template);
  return template;
}

const STATIC = /\.(?:css|js|mjs|map|svg|png|jpe?g|gif|webp|avif|ico|woff2?|ttf|txt|xml)$/i;

/** Whether a path is a file that a web server hands out itself. */
export function isStaticPath(path: string | undefined): boolean {
  return path !== undefined && STATIC.test(path);
}

interface Count {
  failed: number;
  total: number;
}

function countBy(
  failed: readonly TimedRequest[],
  fine: readonly TimedRequest[],
  fineWeight: number,
  value: (row: TimedRequest) => string | undefined,
): Map<string, Count> {
  const counts = new Map<string, Count>();
  const add = (row: TimedRequest, isFailed: boolean, weight: number): void => {
    const key = value(row);
    if (key === undefined || key === '') return;
    const count = counts.get(key) ?? { failed: 0, total: 0 };
    if (isFailed) count.failed += weight;
    count.total += weight;
    counts.set(key, count);
  };
  for (const row of failed) add(row, true, 1);
  for (const row of fine) add(row, false, fineWeight);
  return counts;
}

/** Stamps may be whole seconds. */
const SAME_TIME_MS = 500;

interface CountedRows {
  readonly failed: readonly TimedRequest[];
  readonly fine: readonly TimedRequest[];
  /** Those that came in as the failing requests did. */
  readonly fineMeanwhile: readonly TimedRequest[];
  /** Good rows may be kept more thinly than failed ones: each stands for so many when set against these. */
  readonly fineWeight: number;
}

const rowsOfScene = new WeakMap<Scene, CountedRows>();

/** The rows of the counting log: those of the burst that failed, and the good ones of the whole log and of the burst's time. */
export function rowsOf(scene: Scene): CountedRows {
  const known = rowsOfScene.get(scene);
  if (known !== undefined) return known;
  const rows = countedRows(scene);
  rowsOfScene.set(scene, rows);
  return rows;
}

function countedRows(scene: Scene): CountedRows {
  const failed = scene.failures.flatMap(({ row }) => (row ? [row] : []));
  const streams = scene.streams.filter(({ stream }) => stream.hop === scene.countedAt);
  const fine = streams.flatMap(({ sample }) => [...sample]);
  const ordinaryWeight = Math.max(1, ...streams.map(({ stream }) => stream.kept.ordinary.weight));
  const failedWeight = Math.max(1, ...streams.map(({ stream }) => stream.kept.failed.weight));
  const { fromMs, toMs } = comingIn(failed, scene);
  return {
    failed,
    fine,
    fineWeight: ordinaryWeight / failedWeight,
    fineMeanwhile: fine.filter(({ startedMs }) => startedMs >= fromMs && startedMs <= toMs),
  };
}

/**
 * When the failing requests came in. Good answers are compared by the same: an answer that failed after a minute of waiting
 * came in with good ones of a minute ago, not with those given as it failed.
 */
function comingIn(failed: readonly TimedRequest[], scene: Scene): { fromMs: number; toMs: number } {
  let fromMs = Number.POSITIVE_INFINITY;
  let toMs = Number.NEGATIVE_INFINITY;
  for (const { startedMs } of failed) {
    fromMs = Math.min(fromMs, startedMs);
    toMs = Math.max(toMs, startedMs);
  }
  if (failed.length === 0) return { fromMs: scene.startMs - SAME_TIME_MS, toMs: scene.endMs + SAME_TIME_MS };
  return { fromMs: fromMs - SAME_TIME_MS, toMs: toMs + SAME_TIME_MS };
}

/** Which colo, path, method or backend the failures are bound to, and whether others succeed meanwhile. */
export function deriveScope(scene: Scene): SignalFact[] {
  const { failed, fineMeanwhile, fineWeight } = rowsOf(scene);
  if (failed.length < ENOUGH) return [];
  return [
    ...coloPatterns(countBy(failed, fineMeanwhile, fineWeight, ({ record }) => record.colo)),
    ...pathPatterns(failed, fineMeanwhile, fineWeight),
    ...methodPatterns(countBy(failed, fineMeanwhile, fineWeight, ({ record }) => record.method)),
    ...upstreamPatterns(failed, fineMeanwhile),
    ...intermittence(scene, failed, fineMeanwhile, fineWeight),
  ];
}

function topOf(
  counts: ReadonlyMap<string, Count>,
): { value: string; failedShare: number; trafficShare: number } | null {
  let failed = 0;
  let total = 0;
  let best: [string, Count] | null = null;
  for (const entry of counts) {
    failed += entry[1].failed;
    total += entry[1].total;
    if (!best || entry[1].failed > best[1].failed) best = entry;
  }
  if (!best || failed === 0) return null;
  return { value: best[0], failedShare: best[1].failed / failed, trafficShare: best[1].total / total };
}

function coloPatterns(counts: ReadonlyMap<string, Count>): SignalFact[] {
  const top = topOf(counts);
  if (!top || counts.size < 2) return [];
  if (top.failedShare >= NEARLY_ALL && top.trafficShare < MOST_TRAFFIC) {
    return [pattern('derived.one-colo', { values: { colo: top.value } })];
  }
  const failing = [...counts.values()].filter(({ failed }) => failed > 0).length;
  return failing >= 2 && top.failedShare < NEARLY_ALL ? [pattern('derived.all-colos', { count: failing })] : [];
}

function pathPatterns(
  failed: readonly TimedRequest[],
  fine: readonly TimedRequest[],
  fineWeight: number,
): SignalFact[] {
  const byTemplate = countBy(failed, fine, fineWeight, ({ record }) => record.path && pathTemplate(record.path));
  const byPrefix = countBy(
    failed,
    fine,
    fineWeight,
    ({ record }) => record.path && `${pathTemplate(record.path).split('/').slice(0, 3).join('/')}`,
  );
  for (const counts of [byTemplate, byPrefix]) {
    const top = topOf(counts);
    if (top && counts.size >= 2 && top.failedShare >= NEARLY_ALL && top.trafficShare < MOST_TRAFFIC) {
      return [pattern('derived.one-path', { values: { path: top.value } })];
    }
  }
  const failing = [...byPrefix.values()].filter((count) => count.failed > 0).length;
  return failing >= 3 ? [pattern('derived.all-paths', { count: failing })] : [];
}

function methodPatterns(counts: ReadonlyMap<string, Count>): SignalFact[] {
  const top = topOf(counts);
  if (!top || counts.size < 2 || top.failedShare < 0.95 || top.trafficShare >= MOST_TRAFFIC) return [];
  const one = pattern('derived.one-method', { values: { method: top.value } });
  return top.value === 'OPTIONS' ? [one, pattern('derived.only-options')] : [one];
}

function upstreamPatterns(failed: readonly TimedRequest[], fineMeanwhile: readonly TimedRequest[]): SignalFact[] {
  const counts = countBy(failed, fineMeanwhile, 1, ({ record }) => record.upstream);
  const top = topOf(counts);
  const others = [...counts].filter(([value, { total, failed: bad }]) => value !== top?.value && total - bad >= ENOUGH);
  return top && top.failedShare >= NEARLY_ALL && others.length > 0
    ? [pattern('derived.one-upstream', { values: { upstream: top.value } })]
    : [];
}

function intermittence(
  scene: Scene,
  failed: readonly TimedRequest[],
  fineMeanwhile: readonly TimedRequest[],
  fineWeight: number,
): SignalFact[] {
  const found: SignalFact[] = [];
  const staticFine = fineMeanwhile.filter(({ record }) => isStaticPath(record.path) && record.status < 400);
  if (staticFine.length >= 3 && !failed.some(({ record }) => isStaticPath(record.path)))
    found.push(pattern('derived.static-ok'));
  const paths = new Set(failed.flatMap(({ record }) => (record.path === undefined ? [] : [pathTemplate(record.path)])));
  const samePathFine =
    fineMeanwhile.filter(
      ({ record }) =>
        record.status < 400 &&
        record.path !== undefined &&
        !isStaticPath(record.path) &&
        paths.has(pathTemplate(record.path)),
    ).length * fineWeight;
  const share = failed.length / Math.max(1, failed.length + samePathFine);
  if (during(scene, scene.startMs) && share < 0.7)
    found.push(pattern('derived.intermittent', { values: { failedShare: Math.round(share * 100) / 100 } }));
  else if (share > 0.93)
    found.push(pattern('derived.everything-fails', { values: { failedShare: Math.round(share * 100) / 100 } }));
  return found;
}
