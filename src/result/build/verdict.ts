import type { Cause } from '../../causes/cause.ts';
import { textOf } from '../../causes/cause.ts';
import type { Diagnosis } from '../../causes/diagnose.ts';
import { asSentence } from '../../causes/texts.ts';
import type { Facts } from '../../correlate/facts.ts';
import { BROKEN_OFF } from '../../correlate/line-signals.ts';
import type { Place } from '../../vocabulary/hops.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import { confidenceWord } from '../confidence.ts';
import type { Burst, Verdict } from '../schema.ts';
import { isoTime, rounded } from './times.ts';

/** What is said where the place is known and the cause is not. */
const UNNAMED: Readonly<Record<Place, { readonly title: string; readonly summary: string }>> = {
  origin: {
    title: 'The origin is at fault; the cause is not shown',
    summary: 'The failing requests point to the origin. The files given do not show why it failed.',
  },
  tunnel: {
    title: 'The tunnel is at fault; the cause is not shown',
    summary: 'The failing requests point to cloudflared. The files given do not show why it failed.',
  },
  edge: {
    title: 'Cloudflare made the errors; the cause is not shown',
    summary: 'The failing requests point to Cloudflare’s own network. The files given do not show why it failed.',
  },
  network: {
    title: 'The path between Cloudflare and the origin is at fault',
    summary:
      'The failing requests point to the path between Cloudflare and the origin. The files given do not say which part of it.',
  },
  none: { title: 'Nothing is wrong', summary: 'No gateway errors stand out in the time that the logs cover.' },
  unknown: {
    title: 'The logs do not tell',
    summary: 'Nothing that was given could have shown gateway errors or their cause.',
  },
};

/** What cloudflared leaves open where requests were ended from the other side; it writes down no durations. */
export const BROKEN_OFF_CAVEAT =
  'cloudflared reports requests that were broken off from the other side: by visitors, which is everyday, or by Cloudflare after 100 s without an answer. Its lines look the same for both: if visitors saw a 524, the service was too slow.';

function brokenOff(place: Place, { signals }: Facts): string {
  return place === 'none' && BROKEN_OFF.some((signal) => signals.has(signal)) ? BROKEN_OFF_CAVEAT : '';
}

/** The verdict of one burst. */
export function verdictOf(diagnosis: Diagnosis, facts: Facts): Verdict {
  const { cause, place } = diagnosis;
  return {
    place,
    placeConfidence: rounded(diagnosis.placeConfidence, 4),
    cause: cause?.id ?? 'unknown',
    confidence: rounded(diagnosis.confidence, 4),
    word: confidenceWord(diagnosis.confidence),
    title: cause?.title ?? UNNAMED[place].title,
    summary: cause ? textOf(cause.summary, facts) : `${UNNAMED[place].summary} ${brokenOff(place, facts)}`.trim(),
    ...(cause ? { hop: cause.hop } : {}),
  };
}

/** A verdict without any cause. */
export function plainVerdict(place: Place, confidence: number, cause: 'noise' | 'unknown', caveat = ''): Verdict {
  const { title, summary } = UNNAMED[place];
  return {
    place,
    placeConfidence: confidence,
    cause,
    confidence,
    word: confidenceWord(confidence),
    title,
    summary: `${summary} ${caveat}`.trim(),
  };
}

/** Evidence for and against the named cause, the heaviest first; weights are rounded so that they add up as shown. */
export function evidenceOf(diagnosis: Diagnosis, burst: string): { evidence: Burst['evidence']; prior: number } {
  const evidence = diagnosis.evidence.map(({ rule, fact, decibans }, i): Burst['evidence'][number] => ({
    id: `${burst}-e${i + 1}`,
    signal: fact.signal,
    direction: decibans < 0 ? 'against' : 'for',
    weight: rounded(decibans, 1),
    text: `${SIGNALS[fact.signal].says} ${asSentence(rule.why)}`.trim(),
    count: fact.count,
    first: isoTime(fact.firstMs),
    last: isoTime(fact.lastMs),
    lines: fact.lines.map((line) => ({ ...line })),
  }));
  const shown = evidence.reduce((sum, { weight }) => sum + weight, 0);
  const logOdds = 10 * Math.log10(diagnosis.confidence / (1 - diagnosis.confidence));
  return { evidence, prior: rounded(logOdds - shown, 1) };
}

const LISTED_ALTERNATIVES = 5;
const WORTH_NAMING = 0.01;

/** The other causes weighed, with the fact that speaks most for each; the named one, too, where it may lie in another place. */
export function alternativesOf(diagnosis: Diagnosis): Burst['alternatives'] {
  return diagnosis.candidates
    .filter(({ cause, place, probability }) => {
      const isNamed = cause === diagnosis.cause && (cause === null || place === diagnosis.place);
      return !isNamed && probability >= WORTH_NAMING;
    })
    .slice(0, LISTED_ALTERNATIVES)
    .map(({ cause, place, probability, evidence, ownLine }) => ({
      place,
      cause: cause?.id ?? 'unknown',
      title: cause?.title ?? UNNAMED[place].title,
      probability: rounded(probability, 4),
      why: whyOf(cause, evidence, ownLine),
    }));
}

function whyOf(cause: Cause | null, evidence: Diagnosis['evidence'], ownLine: boolean): string {
  if (!cause) return 'Something that the catalogue does not name.';
  const best = evidence.find(({ decibans }) => decibans > 0);
  const says = best ? SIGNALS[best.fact.signal].says : '';
  return ownLine ? says : `${says} No line of its own was found.`.trim();
}
