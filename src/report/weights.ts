import type { Evidence, Judgement } from '../result/schema.ts';

/** The weights of a card, rounded so that the column adds up to the confidence that is printed under it. */
export interface WeightColumn {
  readonly prior: number;
  readonly items: readonly { readonly evidence: Evidence; readonly weight: number }[];
  /** What prior and weights leave open against the confidence: rounding and calibration. */
  readonly rest: number;
  /** Log-odds of the confidence in decibans. */
  readonly sum: number;
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Log-odds of a probability in decibans; kept within ±40 (1 in 10,000), since no log proves more. */
export function decibansOf(probability: number): number {
  const bounded = Math.min(0.9999, Math.max(0.0001, probability));
  return 10 * Math.log10(bounded / (1 - bounded));
}

/** Weight with its sign: evidence against counts negative, whichever way it is written. */
export function signedWeight(evidence: Evidence): number {
  return evidence.direction === 'against' ? -Math.abs(evidence.weight) : evidence.weight;
}

/** Prior, weights and sum of a verdict, each to a tenth, with the remainder stated. */
export function weightColumn(burst: Judgement): WeightColumn {
  const prior = tenths(burst.prior);
  const items = burst.evidence.map((evidence) => ({ evidence, weight: tenths(signedWeight(evidence)) }));
  const sum = tenths(decibansOf(burst.verdict.confidence));
  const rest = tenths(sum - items.reduce((total, item) => total + item.weight, prior));
  return { prior, items, rest, sum };
}

/** `+12.0`, `−3.5`, `0.0`. */
export function formatWeight(weight: number): string {
  const sign = weight > 0 ? '+' : weight < 0 ? '−' : '';
  return `${sign}${Math.abs(weight).toFixed(1)}`;
}
