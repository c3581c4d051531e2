import type { TimedRequest } from '../clock/timeline.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import { boundTo, type Calm, canBeBound, isEverywhere, NO_CALM, type Tally } from './concentration.ts';
import { rowsOf } from './counted-rows.ts';
import { FILE, fileOf, prefixOf, VALUES } from './dimensions.ts';
import type { Dimension, Scope } from './facts.ts';
import { isStaticPath } from './path-template.ts';
import { isPeer } from './peers.ts';
import type { Scene } from './scene.ts';
import { countsOf, type NameOf, type Names, type Sums } from './weighted-rows.ts';

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
  const fine = fineMeanwhile.called(asking, SET_OF_YES);
  const only = new Map<Dimension, readonly string[]>();
  const inScope: { readonly nameOf: NameOf; readonly names: Names }[] = [];
  const bind = (dimension: Dimension, nameOf: NameOf): boolean => {
    const counts = named(failed, nameOf);
    if (!canBeBound(counts)) return false;
    const { tallies, calm } = failing(counts, fine.sumBy(nameOf));
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
  const fineIn =
    inScope
      .reduce((rows, { nameOf, names }) => rows.called(nameOf, names), fine)
      .sumBy(good)
      .of(YES) ?? 0;
  const colos = failing(named(failed, VALUES.colo), fine.sumBy(VALUES.colo));
  const files = fineMeanwhile.sumBy(fileOf).of(FILE) ?? 0;
  return {
    only,
    everyColo: isEverywhere(colos.tallies, colos.calm),
    failedShare: failedIn === 0 ? null : failedIn / (failedIn + fineIn),
    isStaticFine: files >= FEWEST_FILES && !failed.some(({ record }) => isStaticPath(record.path)),
  };
}

const YES = 'yes';
const SET_OF_YES: Names = new Set([YES]);

/** Whether a good answer tells of the origin: at the edge, what the cache gave does not. */
function asking({ hop, originStatus }: RequestRecord): typeof YES | undefined {
  return hop !== 'edge' || originStatus === undefined || originStatus > 0 ? YES : undefined;
}

function good({ status }: RequestRecord): typeof YES | undefined {
  return status < 400 ? YES : undefined;
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

/** Failed requests by what they are called; none where too many of the rows do not tell. */
function named(failed: readonly TimedRequest[], nameOf: NameOf): ReadonlyMap<string, number> {
  const counts = countsOf(failed, nameOf);
  const nameless = counts.get('') ?? 0;
  if (nameless === 0) return counts;
  // What the log does not name is no value: good rows without it must not speak for others.
  if (nameless > 0.05 * failed.length) return new Map();
  const named = new Map(counts);
  named.delete('');
  return named;
}

function failing(counts: ReadonlyMap<string, number>, fine: Sums): Failing {
  if (counts.size === 0) return { tallies: new Map(), calm: NO_CALM };
  const tallies = new Map<string, Tally>();
  for (const [value, failed] of counts) tallies.set(value, { failed, fine: fine.of(value) ?? 0 });
  return { tallies, calm: fine.allBut(counts.keys()) };
}
