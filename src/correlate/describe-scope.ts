import type { TimedRequest } from '../clock/timeline.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { boundTo, isEverywhere, type Tally } from './concentration.ts';
import { rowsOf, sumOf, type WeightedRow } from './counted-rows.ts';
import type { Dimension, Scope } from './facts.ts';
import { isStaticPath, pathPrefix, pathTemplate } from './path-template.ts';
import { isPeer } from './peers.ts';
import type { Scene } from './scene.ts';

const NOTHING: Scope = { only: new Map(), everyColo: false, failedShare: null, isStaticFine: false };

/** Files that must have been served well to say that files are fine. */
const FEWEST_FILES = 3;
const FEWEST_ROWS = 5;

/**
 * To what the failures of a burst are bound, and how many of the requests of that kind failed: held against the good
 * answers to requests that came in at the same time. A log that knows failures only can tell nothing of it.
 */
export function describeScope(scene: Scene): Scope {
  const { failed, fineMeanwhile } = rowsOf(scene);
  if (scene.countedAt === null || failed.length < FEWEST_ROWS) return NOTHING;
  const fine = fineMeanwhile.filter(({ row }) => asksOrigin(row.record));
  const only = new Map<Dimension, readonly string[]>();
  const inScope: ((record: RequestRecord) => boolean)[] = [];
  const bind = (dimension: Dimension, nameOf: (record: RequestRecord) => string | undefined): boolean => {
    const bound = boundTo(tally(failed, fine, nameOf));
    if (bound === null) return false;
    only.set(dimension, bound.values);
    inScope.push((record) => bound.values.includes(nameOf(record) ?? ''));
    return true;
  };
  const isBoundToPath = bind('path', templateOf) || bind('path', prefixOf);
  for (const dimension of ['method', 'host', 'server', 'upstream', 'colo'] as const)
    bind(dimension, (record) => record[dimension]);
  bind('client', ({ client }) => (client === undefined || isPeer(client) ? undefined : client));
  if (!isBoundToPath) {
    const templates = new Set(failed.map(({ record }) => templateOf(record)));
    inScope.push((record) => templates.has(templateOf(record)));
  }
  const isIn = ({ record }: TimedRequest): boolean => inScope.every((holds) => holds(record));
  const failedIn = failed.filter(isIn).length;
  const fineIn = sumOf(fine.filter(({ row }) => row.record.status < 400 && isIn(row)));
  const files = sumOf(fineMeanwhile.filter(({ row: { record } }) => isStaticPath(record.path) && record.status < 400));
  return {
    only,
    everyColo: isEverywhere(tally(failed, fine, ({ colo }) => colo)),
    failedShare: failedIn === 0 ? null : failedIn / (failedIn + fineIn),
    isStaticFine: files >= FEWEST_FILES && !failed.some(({ record }) => isStaticPath(record.path)),
  };
}

/** Whether a good answer tells of the origin: at the edge, what the cache gave does not. */
function asksOrigin({ hop, originStatus }: RequestRecord): boolean {
  return hop !== 'edge' || originStatus === undefined || originStatus > 0;
}

function templateOf({ path }: RequestRecord): string | undefined {
  return path === undefined ? undefined : pathTemplate(path);
}

function prefixOf({ path }: RequestRecord): string | undefined {
  return path === undefined ? undefined : pathPrefix(path);
}

function tally(
  failed: readonly TimedRequest[],
  fine: readonly WeightedRow[],
  nameOf: (record: RequestRecord) => string | undefined,
): Map<string, Tally> {
  const tallies = new Map<string, Tally>();
  const add = ({ record }: TimedRequest, what: keyof Tally, weight: number): void => {
    const value = nameOf(record) ?? '';
    const counts = tallies.get(value) ?? { failed: 0, fine: 0 };
    counts[what] += weight;
    tallies.set(value, counts);
  };
  for (const row of failed) add(row, 'failed', 1);
  for (const { row, weight } of fine) add(row, 'fine', weight);
  // What the log does not name is no value: good rows without it must not speak for others.
  const unnamed = tallies.get('');
  tallies.delete('');
  return (unnamed?.failed ?? 0) > 0.05 * failed.length ? new Map() : tallies;
}
