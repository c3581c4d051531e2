import type { TimedRequest } from '../../clock/timeline.ts';
import type { RequestRecord } from '../../vocabulary/records.ts';
import { rowsOf } from '../counted-rows.ts';
import type { SignalFact } from '../facts.ts';
import { pattern, quoted, type Scene } from '../scene.ts';
import type { WeightedRows } from '../weighted-rows.ts';

/** Requests that an address must have sent to the origin in the burst to be judged. */
const TRIES = 3;
const NEARLY_ALL = 0.9;
/** Part of the failures that the refused addresses must account for. */
const ACCOUNTED = 0.85;
const FEWEST_FAILURES = 5;
const FEWEST_ANSWERS = 10;

interface Tries {
  failed: number;
  fine: number;
  readonly colos: Set<string>;
}

/**
 * Whether single addresses of Cloudflare are refused while others get through (cloudflare-exports 2.3): each address that
 * was tried often enough fails nearly always or never. Chance, slow pages and overload would mix both at every address.
 */
export function deriveEdgeServers(scene: Scene): SignalFact[] {
  const { failed, fineMeanwhile } = rowsOf(scene);
  const addresses = triesByAddress(failed, fineMeanwhile);
  const tried = [...addresses].filter(([, { failed: bad, fine }]) => bad + fine >= TRIES);
  const refused = tried.filter(([, { failed: bad, fine }]) => bad >= NEARLY_ALL * (bad + fine));
  const answered = tried.filter(([, { failed: bad }]) => bad === 0);
  const failures = sum(addresses.values(), 'failed');
  const refusals = sum(
    refused.map(([, tries]) => tries),
    'failed',
  );
  const answers = sum(
    answered.map(([, tries]) => tries),
    'fine',
  );
  if (refusals < Math.max(FEWEST_FAILURES, ACCOUNTED * failures)) return [];
  if (answered.length < 2 || answers < FEWEST_ANSWERS || isOneColo(refused, answered)) return [];
  const names = new Set(refused.map(([address]) => address));
  return [
    pattern('derived.some-edge-servers', {
      count: refused.length,
      lines: quoted(failed.filter(({ record }) => record.edgeServer !== undefined && names.has(record.edgeServer))),
      values: { refused: refused.length, answered: answered.length },
    }),
  ];
}

/** All refused addresses are of one data centre in which none gets through: that is the data centre's, not the addresses'. */
function isOneColo(
  refused: readonly (readonly [string, Tries])[],
  answered: readonly (readonly [string, Tries])[],
): boolean {
  const colos = new Set(refused.flatMap(([, tries]) => [...tries.colos]));
  return colos.size === 1 && !answered.some(([, tries]) => [...tries.colos].some((colo) => colos.has(colo)));
}

function triesByAddress(failed: readonly TimedRequest[], fine: WeightedRows): Map<string, Tries> {
  const addresses = new Map<string, Tries>();
  const add = (record: RequestRecord, what: 'failed' | 'fine', weight: number): void => {
    if (record.edgeServer === undefined) return;
    const tries = addresses.get(record.edgeServer) ?? { failed: 0, fine: 0, colos: new Set<string>() };
    addresses.set(record.edgeServer, tries);
    tries[what] += weight;
    if (record.colo !== undefined) tries.colos.add(record.colo);
  };
  for (const { record } of failed) add(record, 'failed', 1);
  fine.each((record, weight) => add(record, 'fine', weight));
  return addresses;
}

function sum(tries: Iterable<Tries>, what: 'failed' | 'fine'): number {
  let total = 0;
  for (const each of tries) total += each[what];
  return total;
}
