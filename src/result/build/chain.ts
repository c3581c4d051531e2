import type { Candidate, Diagnosis, WeighedEvidence } from '../../causes/diagnose.ts';
import { HOPS, type Hop } from '../../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import type { Burst } from '../schema.ts';
import { isoTime } from './times.ts';
import { umbrellasOf } from './umbrellas.ts';

/** Links told beside the named cause. */
const MOST_LINKS = 3;
/** A line that accounts for less of the burst than this tells of something else. */
export const HEARD = 0.3;

/** Rows tell which status was given; lines and states tell why. */
export const ROWS = /^(?:edge|access|har|client)\./;

/**
 * The chain of causes, root first: the named one, and those of other hops that have a line of their own: the database that
 * was down, the pool that ran full for it. A link is told by its own hop or by the hop that asks it, and by more than
 * what the named cause is concluded from.
 */
export function chainOf(diagnosis: Diagnosis, evidence: Burst['evidence']): Burst['chain'] {
  const named = diagnosis.candidates.find(({ cause }) => cause !== null && cause === diagnosis.cause);
  if (!named?.cause) return [];
  const { cause } = named;
  const umbrellas = umbrellasOf(cause, diagnosis.candidates);
  const links: Candidate[] = [];
  for (const candidate of diagnosis.candidates) {
    const other = candidate.cause;
    if (other === null || other === cause || candidate.place !== diagnosis.place) continue;
    if (umbrellas.has(other.id) || other.broader.includes(cause.id)) continue;
    if ([named, ...links].some((link) => link.cause?.hop === other.hop)) continue;
    if (links.length < MOST_LINKS && isToldBesides(candidate, other.hop, named)) links.push(candidate);
  }
  return [...links, named]
    .sort((a, b) => depthOf(a) - depthOf(b))
    .map(({ cause: link, place, evidence: heard }) => {
      const own = heard.filter(({ decibans }) => decibans > 0);
      return {
        cause: link?.id ?? 'unknown',
        title: link?.title ?? '',
        place,
        since: isoTime(own.find(({ fact }) => fact.firstMs !== null)?.fact.firstMs),
        evidence: evidence.filter(({ signal }) => own.some(({ fact }) => fact.signal === signal)).map(({ id }) => id),
      };
    });
}

/** The host first, the visitor last. */
function depthOf({ cause }: Candidate): number {
  return cause === null ? 0 : -HOPS.indexOf(cause.hop);
}

function isToldBesides({ evidence, ownLine }: Candidate, hop: Hop, named: Candidate): boolean {
  const asking = HOPS[HOPS.indexOf(hop) - 1];
  // What speaks mildly against a link mostly says that it is not the root: "the kernel killed it, that is why".
  const isRefuted = evidence.some(
    ({ rule, fact }) => rule.against && rule.weight === 'decisive' && fact.strength > HEARD,
  );
  return (
    ownLine &&
    !isRefuted &&
    evidence.some(
      (item) =>
        isOwnLine(item) &&
        [hop, asking].includes(SIGNALS[item.fact.signal].hop) &&
        !concluded(named).has(item.fact.signal),
    )
  );
}

function isOwnLine({ rule, fact, decibans }: WeighedEvidence): boolean {
  const { role } = SIGNALS[fact.signal];
  return (
    decibans > 0 &&
    (rule.weight === 'decisive' || rule.weight === 'strong') &&
    fact.strength >= HEARD &&
    role !== 'pattern' &&
    !ROWS.test(fact.signal)
  );
}

/** What convicts the named cause on its own hop cannot tell of another as well. */
function concluded({ cause, evidence }: Candidate): Set<SignalId> {
  return new Set(evidence.filter(({ fact }) => SIGNALS[fact.signal].hop === cause?.hop).map(({ fact }) => fact.signal));
}
