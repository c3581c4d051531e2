import type { Burst } from '../../../src/result/schema.ts';
import type { CaseScore, IncidentScore, Score } from './score.ts';
import type { AnswerKey, TruthBurst } from './truth.ts';

/** One answer with all that is needed to see why it came out so. */
export interface Finding {
  readonly folder: string;
  /** What is to be looked at: `not found`, `place wrong`, `cause vague`, `false alarm`, `crash` … or `right`. */
  readonly reasons: readonly string[];
  readonly truth: string | null;
  readonly said: string | null;
  readonly alternatives: readonly string[];
  readonly evidence: readonly string[];
}

const SHOWN = { alternatives: 3, evidence: 5 };

/** Every answer of a run in the order of the scores, right ones included. */
export function findingsOf(score: Score): readonly Finding[] {
  if (score.kind === 'crash') {
    return [{ folder: score.id, reasons: ['crash'], truth: null, said: score.stack, alternatives: [], evidence: [] }];
  }
  return score.kind === 'case' ? [caseFinding(score)] : incidentFindings(score);
}

/** True for an answer that is to be looked at. */
export function isMiss(finding: Finding): boolean {
  return finding.reasons.some((reason) => reason !== 'right');
}

function incidentFindings(score: IncidentScore): readonly Finding[] {
  const folder = score.id;
  return [
    ...score.missed.map(({ truth, nearest, overlap }) => ({
      folder,
      reasons: [`not found (best overlap ${overlap.toFixed(2)})`],
      truth: truthLine(truth),
      ...saidOf(nearest),
    })),
    ...score.found.map(({ truth, said, overlap, mark }) => ({
      folder,
      reasons: reasonsOf(mark.placeRight, mark.cause),
      truth: `${truthLine(truth)} (overlap ${overlap.toFixed(2)})`,
      ...saidOf(said),
    })),
    ...score.unmatched.map((burst) => ({
      folder,
      reasons: [score.quiet ? 'false alarm on a quiet folder' : 'burst without a truth'],
      truth: null,
      ...saidOf(burst),
    })),
  ];
}

function caseFinding(score: CaseScore): Finding {
  const { truth, verdict, mark, burst } = score;
  return {
    folder: truth.weak ? `${score.id} (weak)` : score.id,
    reasons: reasonsOf(mark.placeRight, mark.cause),
    truth: keyLine(truth.key),
    ...saidOf(burst),
    said: verdictLine(verdict),
  };
}

function reasonsOf(placeRight: boolean, cause: string): readonly string[] {
  const reasons = [...(placeRight ? [] : ['place wrong']), ...(cause === 'right' ? [] : [`cause ${cause}`])];
  return reasons.length === 0 ? ['right'] : reasons;
}

function keyLine(key: AnswerKey): string {
  const also = [...new Set([...key.places, ...key.causes])].filter((name) => name !== key.place && name !== key.cause);
  const accepted = also.length === 0 ? '' : `, also accepted: ${also.join(', ')}`;
  return `${key.place} / ${key.cause}${accepted}${key.causeKnowable ? '' : ', cause not knowable'}`;
}

function truthLine(truth: TruthBurst): string {
  const [start, end] = [new Date(truth.startMs), new Date(truth.endMs)].map((time) => time.toISOString());
  return `${keyLine(truth.key)}; ${start} to ${end}, ${truth.requests} requests`;
}

function verdictLine(verdict: Burst['verdict']): string {
  const { place, placeConfidence, cause, confidence, word } = verdict;
  return `${place} (${placeConfidence.toFixed(2)}) / ${cause} (${confidence.toFixed(2)}, ${word})`;
}

function saidOf(burst: Burst | null): Pick<Finding, 'said' | 'alternatives' | 'evidence'> {
  if (burst === null) return { said: null, alternatives: [], evidence: [] };
  const heaviest = [...burst.evidence].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  const statuses = Object.entries(burst.statuses).map(([status, count]) => `${status}×${count}`);
  return {
    said:
      `${verdictLine(burst.verdict)}; ${burst.id} ${burst.kind}, made by ${burst.group.madeBy}, ` +
      `${burst.start} to ${burst.end}, ${burst.requests.failed} failed (${statuses.join(' ')})`,
    alternatives: burst.alternatives
      .slice(0, SHOWN.alternatives)
      .map((other) => `${other.place} / ${other.cause} ${other.probability.toFixed(2)}: ${other.why}`),
    evidence: heaviest
      .slice(0, SHOWN.evidence)
      .map((one) => `${one.direction} ${one.weight.toFixed(1)} dB ${one.signal} ×${one.count}: ${one.text}`),
  };
}
