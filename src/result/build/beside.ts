import type { Candidate, Diagnosis, WeighedEvidence } from '../../causes/diagnose.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { Judgement } from '../schema.ts';
import { umbrellasOf } from './umbrellas.ts';
import { WORTH_NAMING } from './verdict.ts';

const MOST = 3;
/** A line that accounts for less of the burst than this is no second fault. */
const HEARD = 0.3;
/** As much against a cause as a strong line: then its own lines are symptoms of another. */
const REFUTED_DECIBANS = -16;

/** Rows tell which status was given, not how it came. */
const ROWS = /^(?:edge|access|har|client)\./;

/**
 * Other faults that failed requests of the same burst, by decisive lines of their own about those requests: PHP that reaches
 * memory_limit while its pool is full. None of the chain, none that is only another name of the named one or that is weighed
 * against it. Empty where no cause is named.
 */
export function besideOf(diagnosis: Diagnosis, chain: Judgement['chain']): NonNullable<Judgement['beside']> {
  const { candidates } = diagnosis;
  const named = candidates.find(({ cause }) => cause !== null && cause === diagnosis.cause);
  if (!named?.cause) return [];
  const { id } = named.cause;
  const related = new Set([id, ...umbrellasOf(named.cause, candidates), ...chain.map(({ cause }) => cause)]);
  const heard = new Set(named.evidence.filter(({ decibans }) => decibans > 0).map(({ fact }) => fact.signal));
  return candidates
    .flatMap(({ cause, evidence, probability }: Candidate) => {
      if (cause === null || related.has(cause.id) || umbrellasOf(cause, candidates).has(id)) return [];
      if (probability >= WORTH_NAMING || evidence.some(({ decibans }) => decibans <= REFUTED_DECIBANS)) return [];
      const line = evidence.find((item) => isOwnLine(item) && !heard.has(item.fact.signal));
      if (line === undefined) return [];
      const { count, lines } = line.fact;
      return [
        { cause: cause.id, title: cause.title, place: cause.place, count, lines: lines.map((one) => ({ ...one })) },
      ];
    })
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1))
    .slice(0, MOST);
}

function isOwnLine({ rule, fact, decibans }: WeighedEvidence): boolean {
  return (
    decibans > 0 &&
    rule.weight === 'decisive' &&
    fact.strength >= HEARD &&
    SIGNALS[fact.signal].role === 'request' &&
    !ROWS.test(fact.signal)
  );
}
