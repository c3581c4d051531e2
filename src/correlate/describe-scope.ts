import type { TimedRequest } from '../clock/timeline.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { boundTo, type Calm, isEverywhere, NO_CALM, type Tally } from './concentration.ts';
import { rowsOf } from './counted-rows.ts';
import { FILE, fileOf, prefixOf, VALUES } from './dimensions.ts';
import type { Dimension, Scope } from './facts.ts';
import { isStaticPath } from './path-template.ts';
import { isPeer } from './peers.ts';
import type { Scene } from './scene.ts';
import { countsOf, type NameOf, type WeightedRows } from './weighted-rows.ts';

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
  const fine = fineMeanwhile.where(asksOrigin);
  const only = new Map<Dimension, readonly string[]>();
  const inScope: { readonly nameOf: NameOf; readonly names: { readonly has: (name: string) => boolean } }[] = [];
  const bind = (dimension: Dimension, nameOf: NameOf): boolean => {
    const { tallies, calm } = failing(failed, fine, nameOf);
    const bound = boundTo(tallies, calm);
    if (bound === null) return false;
    only.set(dimension, bound.values);
    inScope.push({ nameOf, names: new Set(bound.values) });
    return true;
  };
  const isBoundToPath = bind('path', VALUES.path) || bind('path', prefixOf);
  for (const dimension of ['method', 'host', 'server', 'upstream', 'colo'] as const) bind(dimension, VALUES[dimension]);
  bind('client', visitorOf);
  if (!isBoundToPath) inScope.push({ nameOf: VALUES.path, names: countsOf(failed, VALUES.path) });
  const failedIn = failed.filter(({ record }) =>
    inScope.every(({ nameOf, names }) => names.has(nameOf(record) ?? '')),
  ).length;
  const fineIn = inScope
    .reduce((rows, { nameOf, names }) => rows.called(nameOf, names), fine)
    .sum(({ status }) => status < 400);
  const colos = failing(failed, fine, VALUES.colo);
  const files = fineMeanwhile.sumBy(fileOf).of(FILE) ?? 0;
  return {
    only,
    everyColo: isEverywhere(colos.tallies, colos.calm),
    failedShare: failedIn === 0 ? null : failedIn / (failedIn + fineIn),
    isStaticFine: files >= FEWEST_FILES && !failed.some(({ record }) => isStaticPath(record.path)),
  };
}

/** Whether a good answer tells of the origin: at the edge, what the cache gave does not. */
function asksOrigin({ hop, originStatus }: RequestRecord): boolean {
  return hop !== 'edge' || originStatus === undefined || originStatus > 0;
}

/** The visitor, where the address is no one's who stands between. */
function visitorOf({ client }: RequestRecord): string | undefined {
  return client === undefined || isPeer(client) ? undefined : client;
}

/** Requests by value: those of values with which some failed, and all others together. */
interface Failing {
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly calm: Calm;
}

function failing(failed: readonly TimedRequest[], fine: WeightedRows, nameOf: NameOf): Failing {
  const tallies = new Map<string, Tally>();
  for (const [value, count] of countsOf(failed, nameOf)) tallies.set(value, { failed: count, fine: 0 });
  // What the log does not name is no value: good rows without it must not speak for others.
  if ((tallies.get('')?.failed ?? 0) > 0.05 * failed.length) return { tallies: new Map(), calm: NO_CALM };
  tallies.delete('');
  const calm = { values: 0, fine: 0, most: 0 };
  fine.sumBy(nameOf).each((value, sum) => {
    if (value === '') return;
    const tally = tallies.get(value);
    if (tally) tally.fine = sum;
    else {
      calm.values += 1;
      calm.fine += sum;
      calm.most = Math.max(calm.most, sum);
    }
  });
  return { tallies, calm };
}
