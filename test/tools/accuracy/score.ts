import type { Burst, Result } from '../../../src/result/schema.ts';
import type { CauseNames } from './catalogue.ts';
import { type ClockMark, markClocks } from './clocks.ts';
import { type Mark, markAnswer } from './marks.ts';
import { matchSpans, overlapOverUnion, type Span } from './matching.ts';
import type { Incident, Labelled, PastedCase, TruthBurst } from './truth.ts';

/** What the analysis said about a truth burst that it found. */
export interface FoundBurst {
  readonly truth: TruthBurst;
  readonly said: Burst;
  readonly overlap: number;
  readonly mark: Mark;
  readonly count: CountError;
}

/** How far `requests.failed` is from the truth. */
export interface CountError {
  /** `exact`: the witness is unsampled; `sampled`: it is scaled up; `lower-bound`: distinct clues only. */
  readonly witness: 'exact' | 'sampled' | 'lower-bound';
  /** Distance from the truth over the truth. */
  readonly relative: number;
}

/** A truth burst that was not found, with the burst that came nearest. */
export interface MissedBurst {
  readonly truth: TruthBurst;
  readonly nearest: Burst | null;
  readonly overlap: number;
}

export interface IncidentScore {
  readonly kind: 'incident';
  readonly id: string;
  readonly seconds: number;
  readonly quiet: boolean;
  readonly found: readonly FoundBurst[];
  readonly missed: readonly MissedBurst[];
  /** Bursts of the result that belong to no truth burst; false alarms where the incident is quiet. */
  readonly unmatched: readonly Burst[];
  /** How the origin's logs were put on the clock. */
  readonly clocks: readonly ClockMark[];
}

export interface CaseScore {
  readonly kind: 'case';
  readonly id: string;
  readonly seconds: number;
  readonly truth: PastedCase;
  readonly mark: Mark;
  readonly verdict: Result['verdict'];
  /** The burst that the verdict speaks of: its alternatives and evidence explain a miss. */
  readonly burst: Burst | null;
}

/** An analysis that threw: all that it had to find counts as not found. */
export interface Crash {
  readonly kind: 'crash';
  readonly id: string;
  /** What was to be found; null where that could not be read either. */
  readonly truth: Labelled | null;
  readonly stack: string;
}

export type Score = IncidentScore | CaseScore | Crash;

/** Scores the result of a labelled incident. `seconds` is how long the analysis took. */
export function scoreIncident(incident: Incident, result: Result, names: CauseNames, seconds: number): IncidentScore {
  const pairs = matchSpans(incident.bursts, result.bursts.map(spanOf));
  const found: FoundBurst[] = [];
  const missed: MissedBurst[] = [];
  const taken = new Set(pairs.map((pair) => pair.found));
  for (const [index, truth] of incident.bursts.entries()) {
    const pair = pairs.find((candidate) => candidate.truth === index);
    const said = pair === undefined ? undefined : result.bursts[pair.found];
    if (pair === undefined || said === undefined) {
      missed.push({ truth, ...nearestTo(truth, result.bursts) });
      continue;
    }
    const mark = markAnswer(said.verdict, truth.key, names);
    found.push({ truth, said, overlap: pair.overlap, mark, count: countError(incident, truth, said) });
  }
  const unmatched = result.bursts.filter((_, index) => !taken.has(index));
  const clocks = markClocks(incident, result);
  return { kind: 'incident', id: incident.id, seconds, quiet: incident.quiet, found, missed, unmatched, clocks };
}

/** Scores the top verdict on a pasted case. */
export function scoreCase(truth: PastedCase, result: Result, names: CauseNames, seconds: number): CaseScore {
  const { verdict } = result;
  const burst = result.bursts.find((candidate) => candidate.id === verdict.burst) ?? null;
  return { kind: 'case', id: truth.id, seconds, truth, verdict, mark: markAnswer(verdict, truth.key, names), burst };
}

/** Span of a burst of the result: first to last failed answer. */
export function spanOf(burst: Burst): Span {
  return { startMs: Date.parse(burst.start), endMs: Date.parse(burst.end) };
}

function nearestTo(truth: Span, bursts: readonly Burst[]): { nearest: Burst | null; overlap: number } {
  let nearest: Burst | null = null;
  let best = 0;
  for (const burst of bursts) {
    const overlap = overlapOverUnion(truth, spanOf(burst));
    if (overlap <= best) continue;
    best = overlap;
    nearest = burst;
  }
  return { nearest, overlap: best };
}

function countError(incident: Incident, truth: TruthBurst, said: Burst): CountError {
  const relative = Math.abs(said.requests.failed - truth.requests) / truth.requests;
  if (said.requests.lowerBound) return { witness: 'lower-bound', relative };
  const sampledEdge = said.countedAt.hop === 'edge' && incident.sampleRate !== null && incident.sampleRate < 1;
  return { witness: said.requests.estimated || sampledEdge ? 'sampled' : 'exact', relative };
}
