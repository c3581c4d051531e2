import type { Candidate, Diagnosis, WeighedEvidence } from '../../causes/diagnose.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { Judgement } from '../schema.ts';
import { HEARD, ROWS } from './chain.ts';
import { umbrellasOf } from './umbrellas.ts';

const MOST = 3;
/** As much against a cause as a strong line: then its own lines are symptoms of another. */
const REFUTED_DECIBANS = -16;

/**
 * Other faults that failed requests of the same burst, by decisive lines of their own about those requests: PHP that reaches
 * memory_limit while its pool is full. None of the chain, and none that is only another name of the named one. What one program
 * writes of requests in several ways (refused, timed out) is one fault to it: the lines are another program's. Empty where no
 * cause is named.
 */
export function besideOf(diagnosis: Diagnosis, chain: Judgement['chain']): NonNullable<Judgement['beside']> {
  const { candidates } = diagnosis;
  const named = candidates.find(({ cause }) => cause !== null && cause === diagnosis.cause);
  if (!named?.cause) return [];
  const { id } = named.cause;
  const related = new Set([id, ...umbrellasOf(named.cause, candidates), ...chain.map(({ cause }) => cause)]);
  const telling = new Set(named.evidence.filter(tellsOfRequests).map(({ fact }) => SIGNALS[fact.signal].hop));
  return candidates
    .flatMap(({ cause, evidence }: Candidate) => {
      if (cause === null || related.has(cause.id) || umbrellasOf(cause, candidates).has(id)) return [];
      if (evidence.some(({ decibans }) => decibans <= REFUTED_DECIBANS)) return [];
      const line = evidence.find((item) => isOwnLine(item) && !telling.has(SIGNALS[item.fact.signal].hop));
      if (line === undefined) return [];
      const { count, lines } = line.fact;
      return [
        { cause: cause.id, title: cause.title, place: cause.place, count, lines: lines.map((one) => ({ ...one })) },
      ];
    })
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1))
    .slice(0, MOST);
}

function isOwnLine(item: WeighedEvidence): boolean {
  return tellsOfRequests(item) && item.rule.weight === 'decisive' && item.fact.strength >= HEARD;
}

function tellsOfRequests({ fact, decibans }: WeighedEvidence): boolean {
  return decibans > 0 && SIGNALS[fact.signal].role === 'request' && !ROWS.test(fact.signal);
}
