import type { RequestRecord } from '../../vocabulary/records.ts';
import { type CountedRows, rowsOf } from '../counted-rows.ts';
import { areaOf, FILE, fileOf, prefixOf, VALUES } from '../dimensions.ts';
import type { SignalFact } from '../facts.ts';
import { isStaticPath, pathTemplate } from '../path-template.ts';
import { during, pattern, type Scene } from '../scene.ts';
import { countsOf, type NameOf, type Sums } from '../weighted-rows.ts';

const NEARLY_ALL = 0.85;
/** A value that carries more than this of the traffic anyway says nothing. */
const MOST_TRAFFIC = 0.6;
const ENOUGH = 5;

/** Requests by what they are called, as far as their rows tell. */
interface Counts {
  /** Names with which some failed, the first that failed first. */
  readonly failing: ReadonlyMap<string, number>;
  readonly fine: Sums;
  /** How many names there are. */
  readonly names: number;
  readonly total: number;
}

function countBy({ failed, fineMeanwhile }: CountedRows, nameOf: NameOf): Counts {
  const failing = new Map(countsOf(failed, nameOf));
  failing.delete('');
  const fine = fineMeanwhile.sumBy(nameOf);
  const others = fine.allBut(failing.keys());
  let total = others.fine;
  for (const [name, count] of failing) total += count + (fine.of(name) ?? 0);
  return { failing, fine, names: failing.size + others.values, total };
}

/** Which colo, path, method or backend the failures are bound to, and whether others succeed meanwhile. */
export function deriveScope(scene: Scene): SignalFact[] {
  const rows = rowsOf(scene);
  if (rows.failed.length < ENOUGH) return [];
  return [
    ...coloPatterns(countBy(rows, VALUES.colo)),
    ...pathPatterns(rows),
    ...methodPatterns(countBy(rows, VALUES.method)),
    ...upstreamPatterns(rows),
    ...intermittence(scene, rows),
  ];
}

/** The name with which most failed, and its parts of all failures and of all requests. */
function topOf({ failing, fine, total }: Counts): { value: string; failedShare: number; trafficShare: number } | null {
  let failed = 0;
  let best: readonly [name: string, failed: number] | null = null;
  for (const entry of failing) {
    failed += entry[1];
    if (!best || entry[1] > best[1]) best = entry;
  }
  if (!best) return null;
  const [value, own] = best;
  return { value, failedShare: own / failed, trafficShare: (own + (fine.of(value) ?? 0)) / total };
}

function coloPatterns(counts: Counts): SignalFact[] {
  const top = topOf(counts);
  if (!top || counts.names < 2) return [];
  if (top.failedShare >= NEARLY_ALL && top.trafficShare < MOST_TRAFFIC) {
    return [pattern('derived.one-colo', { values: { colo: top.value } })];
  }
  const failing = counts.failing.size;
  return failing >= 2 && top.failedShare < NEARLY_ALL ? [pattern('derived.all-colos', { count: failing })] : [];
}

/** The name that holds nearly all failures while most requests have another one, if any. */
function onlyOne(rows: CountedRows, nameOf: NameOf): string | null {
  const counts = countBy(rows, nameOf);
  const top = topOf(counts);
  const isOne = top && counts.names >= 2 && top.failedShare >= NEARLY_ALL && top.trafficShare < MOST_TRAFFIC;
  return isOne ? top.value : null;
}

function pathPatterns(rows: CountedRows): SignalFact[] {
  const path = onlyOne(rows, VALUES.path) ?? onlyOne(rows, prefixOf);
  if (path !== null) return [pattern('derived.one-path', { values: { path } })];
  // Often it has a backend of its own.
  const area = onlyOne(rows, areaOf);
  if (area !== null) return [pattern('derived.one-area', { values: { area } })];
  const prefixes = countsOf(rows.failed, prefixOf);
  const failing = prefixes.size - (prefixes.has('') ? 1 : 0);
  return failing >= 3 ? [pattern('derived.all-paths', { count: failing })] : [];
}

function methodPatterns(counts: Counts): SignalFact[] {
  const top = topOf(counts);
  if (!top || counts.names < 2 || top.failedShare < 0.95 || top.trafficShare >= MOST_TRAFFIC) return [];
  const one = pattern('derived.one-method', { values: { method: top.value } });
  return top.value === 'OPTIONS' ? [one, pattern('derived.only-options')] : [one];
}

function upstreamPatterns(rows: CountedRows): SignalFact[] {
  const counts = countBy(rows, VALUES.upstream);
  const top = topOf(counts);
  return top && top.failedShare >= NEARLY_ALL && counts.fine.allBut([top.value]).most >= ENOUGH
    ? [pattern('derived.one-upstream', { values: { upstream: top.value } })]
    : [];
}

/** The page that a request got, without the varying parts of its path: no file, and no error. */
function pageOf({ status, path }: RequestRecord): string | undefined {
  return status >= 400 || path === undefined || isStaticPath(path) ? undefined : pathTemplate(path);
}

function intermittence(scene: Scene, { failed, fineMeanwhile }: CountedRows): SignalFact[] {
  const found: SignalFact[] = [];
  const staticFine = fineMeanwhile.sumBy(fileOf).of(FILE) ?? 0;
  if (staticFine >= 3 && !failed.some(({ record }) => isStaticPath(record.path)))
    found.push(pattern('derived.static-ok'));
  const pages = fineMeanwhile.sumBy(pageOf);
  let samePathFine = 0;
  for (const path of countsOf(failed, VALUES.path).keys()) if (path !== '') samePathFine += pages.of(path) ?? 0;
  const share = failed.length / Math.max(1, failed.length + samePathFine);
  if (during(scene, scene.startMs) && share < 0.7)
    found.push(pattern('derived.intermittent', { values: { failedShare: Math.round(share * 100) / 100 } }));
  else if (share > 0.93)
    found.push(pattern('derived.everything-fails', { values: { failedShare: Math.round(share * 100) / 100 } }));
  return found;
}
