import type { TimedRequest } from '../../clock/timeline.ts';
import { type CountedRows, rowsOf, sumOf } from '../counted-rows.ts';
import type { SignalFact } from '../facts.ts';
import { isStaticPath, pathPrefix, pathTemplate } from '../path-template.ts';
import { during, pattern, type Scene } from '../scene.ts';

const NEARLY_ALL = 0.85;
/** A value that carries more than this of the traffic anyway says nothing. */
const MOST_TRAFFIC = 0.6;
const ENOUGH = 5;

interface Count {
  failed: number;
  total: number;
}

function countBy(
  { failed, fineMeanwhile }: CountedRows,
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
  for (const { row, weight } of fineMeanwhile) add(row, false, weight);
  return counts;
}

/** Which colo, path, method or backend the failures are bound to, and whether others succeed meanwhile. */
export function deriveScope(scene: Scene): SignalFact[] {
  const rows = rowsOf(scene);
  if (rows.failed.length < ENOUGH) return [];
  return [
    ...coloPatterns(countBy(rows, ({ record }) => record.colo)),
    ...pathPatterns(rows),
    ...methodPatterns(countBy(rows, ({ record }) => record.method)),
    ...upstreamPatterns(rows),
    ...intermittence(scene, rows),
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

function pathPatterns(rows: CountedRows): SignalFact[] {
  const byTemplate = countBy(rows, ({ record }) => record.path && pathTemplate(record.path));
  const byPrefix = countBy(rows, ({ record }) => record.path && pathPrefix(record.path));
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

function upstreamPatterns(rows: CountedRows): SignalFact[] {
  const counts = countBy(rows, ({ record }) => record.upstream);
  const top = topOf(counts);
  const others = [...counts].filter(([value, { total, failed: bad }]) => value !== top?.value && total - bad >= ENOUGH);
  return top && top.failedShare >= NEARLY_ALL && others.length > 0
    ? [pattern('derived.one-upstream', { values: { upstream: top.value } })]
    : [];
}

function intermittence(scene: Scene, { failed, fineMeanwhile }: CountedRows): SignalFact[] {
  const found: SignalFact[] = [];
  const answered = fineMeanwhile.filter(({ row }) => row.record.status < 400);
  const staticFine = sumOf(answered.filter(({ row }) => isStaticPath(row.record.path)));
  if (staticFine >= 3 && !failed.some(({ record }) => isStaticPath(record.path)))
    found.push(pattern('derived.static-ok'));
  const paths = new Set(failed.flatMap(({ record }) => (record.path === undefined ? [] : [pathTemplate(record.path)])));
  const samePathFine = sumOf(
    answered.filter(
      ({ row: { record } }) =>
        record.path !== undefined && !isStaticPath(record.path) && paths.has(pathTemplate(record.path)),
    ),
  );
  const share = failed.length / Math.max(1, failed.length + samePathFine);
  if (during(scene, scene.startMs) && share < 0.7)
    found.push(pattern('derived.intermittent', { values: { failedShare: Math.round(share * 100) / 100 } }));
  else if (share > 0.93)
    found.push(pattern('derived.everything-fails', { values: { failedShare: Math.round(share * 100) / 100 } }));
  return found;
}
