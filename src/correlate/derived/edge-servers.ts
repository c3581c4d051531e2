import type { RequestRecord } from '../../vocabulary/records.ts';
import { type CountedRows, rowsOf } from '../counted-rows.ts';
import type { SignalFact } from '../facts.ts';
import { pattern, quoted, type Scene } from '../scene.ts';
import { countsOf } from '../weighted-rows.ts';

/** Requests that an address must have sent to the origin in the burst to be judged. */
const TRIES = 3;
const NEARLY_ALL = 0.9;
/** Part of the failures that the refused addresses must account for. */
const ACCOUNTED = 0.85;
const FEWEST_FAILURES = 5;
const FEWEST_ANSWERS = 10;

/**
 * Whether single addresses of Cloudflare are refused while others get through (cloudflare-exports 2.3): each address that
 * was tried often enough fails nearly always or never. Chance, slow pages and overload would mix both at every address.
 */
export function deriveEdgeServers(scene: Scene): SignalFact[] {
  const { failed, fineMeanwhile } = rowsOf(scene);
  const fine = fineMeanwhile.sumBy(edgeServerOf);
  const refused = new Set<string>();
  const failing = new Set<string>();
  let failures = 0;
  let refusals = 0;
  for (const [address, bad] of countsOf(failed, edgeServerOf)) {
    if (address === '') continue;
    failing.add(address);
    failures += bad;
    const tries = bad + (fine.of(address) ?? 0);
    if (tries < TRIES || bad < NEARLY_ALL * tries) continue;
    refused.add(address);
    refusals += bad;
  }
  if (refusals < Math.max(FEWEST_FAILURES, ACCOUNTED * failures)) return [];
  const answered = new Set<string>();
  let answers = 0;
  fine.eachBut(failing, (address, sum) => {
    if (sum < TRIES) return;
    answered.add(address);
    answers += sum;
  });
  if (answered.size < 2 || answers < FEWEST_ANSWERS || isOneColo(rowsOf(scene), refused, answered)) return [];
  return [
    pattern('derived.some-edge-servers', {
      count: refused.size,
      lines: quoted(failed.filter(({ record }) => refused.has(record.edgeServer ?? ''))),
      values: { refused: refused.size, answered: answered.size },
    }),
  ];
}

const edgeServerOf = ({ edgeServer }: RequestRecord): string | undefined => edgeServer;

/** All refused addresses are of one data centre in which none gets through: that is the data centre's, not the addresses'. */
function isOneColo(
  { failed, fineMeanwhile }: CountedRows,
  refused: ReadonlySet<string>,
  answered: ReadonlySet<string>,
): boolean {
  const refusing = new Set<string>();
  const answering = new Set<string>();
  const add = ({ edgeServer = '', colo }: RequestRecord): void => {
    if (colo === undefined) return;
    if (refused.has(edgeServer)) refusing.add(colo);
    if (answered.has(edgeServer)) answering.add(colo);
  };
  for (const { record } of failed) add(record);
  fineMeanwhile.each(add);
  const [colo, another] = refusing;
  return colo !== undefined && another === undefined && !answering.has(colo);
}
