import type { FoundBurst } from '../../bursts/burst.ts';
import type { Diagnosis } from '../../causes/diagnose.ts';
import type { TimedStream } from '../../clock/timeline.ts';
import type { Facts } from '../../correlate/facts.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { Burst, Judgement, Result } from '../schema.ts';
import { fixOf, missingOf } from './advice.ts';
import { durationsOf } from './durations.ts';
import { triggerOf } from './events.ts';
import { firstByHop } from './first-by-hop.ts';
import { handoffOf } from './handoff.ts';
import { scopeOf, sentenceOf } from './scope.ts';
import { isoInstant } from './times.ts';
import { alternativesOf, chainOf, evidenceOf, verdictOf } from './verdict.ts';

/** A burst that begins or ends this near to the end of the logs is cut off by it. */
const CUT_MS = 2000;

/** What was concluded from facts, and what to do; `id` begins the ids of its evidence. */
export function judgementOf(id: string, facts: Facts, diagnosis: Diagnosis): Judgement {
  const { evidence, prior } = evidenceOf(diagnosis, id);
  return {
    verdict: verdictOf(diagnosis, facts),
    chain: chainOf(diagnosis, evidence),
    alternatives: alternativesOf(diagnosis),
    prior,
    evidence,
    setAside: setAsideOf(facts),
    missing: missingOf(diagnosis, facts),
    fix: fixOf(diagnosis.cause, diagnosis.place, facts),
  };
}

/** One burst as the result tells it. */
export function burstResult(
  id: string,
  burst: FoundBurst,
  facts: Facts,
  diagnosis: Diagnosis,
  streams: readonly TimedStream[],
  events: Result['events'],
): Burst {
  const judgement = judgementOf(id, facts, diagnosis);
  const { pattern, sentence } = sentenceOf(facts);
  return {
    id,
    kind: burst.kind,
    group: { madeBy: burst.madeBy, ...groupValues(facts) },
    start: isoInstant(burst.startMs),
    end: isoInstant(burst.endMs),
    firstRequest: isoInstant(burst.firstRequestMs),
    cutStart: burst.startMs - burst.witness.firstMs < CUT_MS,
    cutEnd: burst.witness.lastMs - burst.endMs < CUT_MS,
    peakPerMinute: facts.peakPerMinute,
    requests: {
      failed: burst.failed,
      total: burst.total,
      estimated: burst.estimated,
      lowerBound: !burst.witness.knowsTotals && (burst.unseen !== true || burst.failed === 0),
    },
    countedAt: { hop: burst.witness.hop, sources: [...burst.witness.sources] },
    statuses: Object.fromEntries(
      [...facts.statuses].sort((a, b) => a[0] - b[0]).map(([status, count]) => [String(status), count]),
    ),
    verdict: judgement.verdict,
    chain: judgement.chain,
    trigger: triggerOf(events, burst.firstRequestMs),
    alternatives: judgement.alternatives,
    prior: judgement.prior,
    evidence: judgement.evidence,
    setAside: judgement.setAside,
    missing: judgement.missing,
    scope: scopeOf(burst),
    pattern,
    sentence,
    durations: durationsOf(burst, streams, facts),
    ...firstByHop(facts, streams),
    context: [],
    fix: judgement.fix,
    handoff: handoffOf(burst, judgement, sentence),
  };
}

function groupValues(facts: Facts): Partial<Burst['group']> {
  const colo = facts.signals.get('derived.one-colo')?.values.colo;
  const path = facts.signals.get('derived.one-path')?.values.path;
  const upstream = facts.signals.get('derived.one-upstream')?.values.upstream;
  const host = facts.top('host');
  return {
    ...(host && host.share > 0.99 ? { host: host.value } : {}),
    ...(colo === undefined ? {} : { colo: String(colo) }),
    ...(path === undefined ? {} : { path: String(path) }),
    ...(upstream === undefined ? {} : { upstream: String(upstream) }),
  };
}

/** Known noise in the burst's time, with the reason why it is not blamed. */
function setAsideOf(facts: Facts): Burst['setAside'] {
  return [...facts.signals.values()]
    .filter(({ signal, count }) => SIGNALS[signal].role === 'noise' && count > 0)
    .sort((a, b) => b.count - a.count || (a.signal < b.signal ? -1 : 1))
    .slice(0, 8)
    .map(({ signal, count }) => ({ signal, count, why: SIGNALS[signal].says }));
}
