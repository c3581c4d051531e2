import type { FoundBurst } from '../../bursts/burst.ts';
import type { Diagnosis } from '../../causes/diagnose.ts';
import type { TimedStream } from '../../clock/timeline.ts';
import { contextOf } from '../../correlate/context.ts';
import { rowsOf } from '../../correlate/counted-rows.ts';
import type { Dimension, Facts } from '../../correlate/facts.ts';
import { sceneOf } from '../../correlate/scenes.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { Burst, Judgement, Result } from '../schema.ts';
import { fixOf, missingOf } from './advice.ts';
import { besideOf } from './beside.ts';
import { chainOf } from './chain.ts';
import { durationsOf } from './durations.ts';
import { firstByHop } from './first-by-hop.ts';
import { handoffOf } from './handoff.ts';
import { impactOf } from './impact.ts';
import { beginsWithLog, endsWithLog, scopeOf, sentenceOf } from './scope.ts';
import { isoInstant } from './times.ts';
import { triggerOf } from './trigger.ts';
import { alternativesOf, evidenceOf, verdictOf } from './verdict.ts';

/** Stamps are whole seconds. */
const SECOND_MS = 1000;

/** What was concluded from facts, and what to do; `id` begins the ids of its evidence. */
export function judgementOf(id: string, facts: Facts, diagnosis: Diagnosis): Judgement {
  const { evidence, prior } = evidenceOf(diagnosis, id);
  const chain = chainOf(diagnosis, evidence);
  return {
    verdict: verdictOf(diagnosis, facts),
    chain,
    beside: besideOf(diagnosis, chain),
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
  all: readonly FoundBurst[],
): Burst {
  const judgement = judgementOf(id, facts, diagnosis);
  const { pattern, sentence } = sentenceOf(burst, facts, streams);
  const others = all
    .filter((other) => other !== burst)
    .map(({ firstRequestMs, endMs }) => ({ startMs: firstRequestMs, endMs }));
  // What came before the burst's first request and while another one went on is that one's.
  const isOthers = (ms: number): boolean =>
    ms < burst.firstRequestMs - SECOND_MS &&
    others.some(({ startMs, endMs }) => ms >= startMs - SECOND_MS && ms <= endMs + SECOND_MS);
  return {
    id,
    kind: burst.kind,
    group: { madeBy: burst.madeBy, ...groupValues(facts) },
    start: isoInstant(burst.startMs),
    end: isoInstant(burst.endMs),
    firstRequest: isoInstant(burst.firstRequestMs),
    cutStart: beginsWithLog(burst),
    cutEnd: endsWithLog(burst, streams),
    peakPerMinute: facts.peakPerMinute,
    requests: {
      failed: burst.failed,
      total: burst.total,
      estimated: burst.estimated,
      lowerBound: isLowerBound(burst),
    },
    countedAt: { hop: burst.witness.hop, sources: [...burst.witness.sources] },
    statuses: Object.fromEntries(
      [...facts.statuses].sort((a, b) => a[0] - b[0]).map(([status, count]) => [String(status), count]),
    ),
    verdict: judgement.verdict,
    chain: judgement.chain,
    beside: judgement.beside,
    trigger: triggerOf(events, burst.firstRequestMs, others, facts),
    alternatives: judgement.alternatives,
    prior: judgement.prior,
    evidence: judgement.evidence,
    setAside: judgement.setAside,
    missing: judgement.missing,
    scope: scopeOf(burst, rowsOf(sceneOf(burst, all, streams))),
    pattern,
    sentence,
    impact: impactOf(burst, facts),
    durations: durationsOf(burst, streams, facts),
    ...firstByHop(facts, streams, isOthers),
    context: contextLines(burst, all, streams),
    fix: judgement.fix,
    handoff: handoffOf(burst, judgement, sentence),
  };
}

/** Lines tell of failures only, as far as they have one each; a capture holds the requests of one browser alone. */
function isLowerBound({ witness, unseen, failed }: FoundBurst): boolean {
  return (!witness.knowsTotals && (unseen !== true || failed === 0)) || witness.hop === 'client';
}

/** What the burst's failures share, where it is one value that sets them apart; the host also where there is only one. */
function groupValues({ scope, top }: Facts): Partial<Burst['group']> {
  const one = (dimension: Dimension): string | undefined => {
    const values = scope.only.get(dimension);
    return values?.length === 1 ? values[0] : undefined;
  };
  const host = top('host');
  const values = {
    host: host && host.share > 0.99 ? host.value : undefined,
    colo: one('colo'),
    server: one('server'),
    upstream: one('upstream'),
    path: one('path'),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function contextLines(
  burst: FoundBurst,
  all: readonly FoundBurst[],
  streams: readonly TimedStream[],
): Burst['context'] {
  const spanOf = ({ firstRequestMs, endMs }: FoundBurst) => ({ fromMs: firstRequestMs, toMs: endMs });
  return contextOf(spanOf(burst), all.map(spanOf), streams).map(({ template, change, count, before, line }) => ({
    template,
    change,
    count,
    before,
    source: line.source,
    line: line.record.line,
  }));
}

/** Known noise in the burst's time, with the reason why it is not blamed. */
function setAsideOf(facts: Facts): Burst['setAside'] {
  return [...facts.signals.values()]
    .filter(({ signal, count }) => SIGNALS[signal].role === 'noise' && count > 0)
    .sort((a, b) => b.count - a.count || (a.signal < b.signal ? -1 : 1))
    .slice(0, 8)
    .map(({ signal, count }) => ({ signal, count, why: SIGNALS[signal].says }));
}
