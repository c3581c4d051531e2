import type { FailureKind, Hop, Place } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { type Advice, adviceFor, type Cause, type EvidenceRule, textOf, type Weight } from './cause.ts';
import type { CauseId } from './ids.ts';
import { NO_INCIDENT } from './no-incident.ts';

/** One fact of a profile: the signal's own sentence, and why it matters here. */
export interface ProfileEvidence {
  readonly signal: SignalId;
  readonly weight: Weight;
  readonly says: string;
  readonly why: string;
}

/** A cause that looks alike, and what parts the two. */
export interface Neighbour {
  readonly id: CauseId;
  readonly title: string;
  /** `broader`: the neighbour is the wider name; `narrower`: the other way round; `alike`: the two share strong signals. */
  readonly relation: 'broader' | 'narrower' | 'alike';
  /** The best sign of the cause that is none of the neighbour or less there, and the reverse; null where there is none. */
  readonly thisOneShows: ProfileEvidence | null;
  readonly thatOneShows: ProfileEvidence | null;
}

/** An entry of the catalogue as people read it, without an incident. Plain data. */
export interface CauseProfile {
  readonly id: CauseId;
  readonly title: string;
  readonly aliases: readonly string[];
  readonly place: Place;
  /** True where the facts of an incident can name another place. */
  readonly placeCanMove: boolean;
  readonly hop: Hop;
  readonly explains: readonly FailureKind[];
  readonly summary: string;
  /** Heaviest first. */
  readonly speaksFor: readonly ProfileEvidence[];
  readonly speaksAgainst: readonly ProfileEvidence[];
  /** Broader causes first, then by how much the two have in common. */
  readonly neighbours: readonly Neighbour[];
  /** Further causes that share its signals, by id. */
  readonly furtherNeighbours: readonly CauseId[];
  readonly settles: readonly { readonly what: string; readonly why: string; readonly command: string | null }[];
  readonly advice: Advice;
  readonly sources: readonly string[];
}

/** Heaviest first. */
export const WEIGHTS: readonly Weight[] = ['decisive', 'strong', 'medium', 'weak'];
/** How much a sign that two causes share makes them look alike, before it is divided among all that show it. */
const LIKENESS: Readonly<Record<Weight, number>> = { decisive: 4, strong: 3, medium: 2, weak: 1 };
/** Less likeness than this is no reason to name another cause. */
const ALIKE = 0.3;
/** A sign of no more causes than this parts them. */
const MOST_RIVALS = 2;
const MOST_NEIGHBOURS = 6;
const MOST_FURTHER = 12;

const heaviestFirst = (a: EvidenceRule, b: EvidenceRule): number =>
  WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight);

const signsOf = (cause: Cause): EvidenceRule[] => cause.evidence.filter(({ against }) => !against).sort(heaviestFirst);
const objectionsTo = (cause: Cause): EvidenceRule[] =>
  cause.evidence.filter(({ against }) => against === true).sort(heaviestFirst);

function told({ signal, weight, why }: EvidenceRule): ProfileEvidence {
  return { signal, weight, says: SIGNALS[signal].says, why };
}

/** How alike two causes look: what speaks for both, by the lesser weight, and the less the more causes show it. */
function likeness(a: Cause, b: Cause, catalogue: readonly Cause[]): number {
  let sum = 0;
  for (const { signal, weight } of signsOf(a)) {
    const other = b.evidence.find((rule) => rule.signal === signal && !rule.against);
    if (!other || SIGNALS[signal].role === 'pattern') continue;
    sum += Math.min(LIKENESS[weight], LIKENESS[other.weight]) / showing(signal, catalogue);
  }
  return isRival(a, b, catalogue) || isRival(b, a, catalogue) ? sum + ALIKE : sum;
}

/** How many causes a signal speaks for. */
function showing(signal: SignalId, catalogue: readonly Cause[]): number {
  return catalogue.filter(({ evidence }) => evidence.some((rule) => rule.signal === signal && !rule.against)).length;
}

/** Whether what speaks against a cause is a sign of hardly anything but the other: then the two are told apart by it. */
function isRival(cause: Cause, other: Cause, catalogue: readonly Cause[]): boolean {
  const signs = new Set(signsOf(other).flatMap(({ signal, weight }) => (weight === 'weak' ? [] : [signal])));
  return objectionsTo(cause).some(
    ({ signal, weight }) => weight !== 'weak' && signs.has(signal) && showing(signal, catalogue) <= MOST_RIVALS,
  );
}

/** The best sign of a cause that is none of the other, or weighs less there; one that speaks against the other comes first. */
function partingSign(cause: Cause, other: Cause): ProfileEvidence | null {
  const there = new Map(signsOf(other).map(({ signal, weight }) => [signal, WEIGHTS.indexOf(weight)]));
  const refuting = new Set(objectionsTo(other).map(({ signal }) => signal));
  const telling = signsOf(cause).filter(({ weight }) => weight !== 'weak');
  const own = telling.filter(({ signal }) => !there.has(signal));
  const best =
    own.find(({ signal }) => refuting.has(signal)) ??
    own[0] ??
    telling.find(({ signal, weight }) => WEIGHTS.indexOf(weight) < (there.get(signal) ?? 0));
  return best === undefined ? null : told(best);
}

function relationOf(cause: Cause, other: Cause): Neighbour['relation'] {
  if (cause.broader.includes(other.id)) return 'broader';
  return other.broader.includes(cause.id) ? 'narrower' : 'alike';
}

/** The causes that a cause can be taken for: its umbrellas, then by likeness. */
function neighboursOf(cause: Cause, catalogue: readonly Cause[]): Cause[] {
  return catalogue
    .filter((other) => other !== cause)
    .map((other) => {
      const relation = relationOf(cause, other);
      const alike = likeness(cause, other, catalogue);
      return { other, relation, rank: relation === 'broader' ? Number.POSITIVE_INFINITY : alike };
    })
    .filter(({ relation, rank }) => relation !== 'alike' || rank >= ALIKE)
    .sort((a, b) => b.rank - a.rank || (a.other.id < b.other.id ? -1 : 1))
    .map(({ other }) => other);
}

/** A cause in general: its texts without an incident, its evidence by weight, and its neighbours in `catalogue`. */
export function profileOf(cause: Cause, catalogue: readonly Cause[]): CauseProfile {
  const neighbours = neighboursOf(cause, catalogue);
  return {
    id: cause.id,
    title: cause.title,
    aliases: cause.aliases,
    place: cause.place,
    placeCanMove: cause.placeWhen !== undefined,
    hop: cause.hop,
    explains: cause.explains,
    summary: textOf(cause.summary, NO_INCIDENT),
    speaksFor: signsOf(cause).map(told),
    speaksAgainst: objectionsTo(cause).map(told),
    neighbours: neighbours.slice(0, MOST_NEIGHBOURS).map((other) => ({
      id: other.id,
      title: other.title,
      relation: relationOf(cause, other),
      thisOneShows: partingSign(cause, other),
      thatOneShows: partingSign(other, cause),
    })),
    furtherNeighbours: neighbours.slice(MOST_NEIGHBOURS, MOST_NEIGHBOURS + MOST_FURTHER).map(({ id }) => id),
    settles: cause.missing.map(({ what, why, command }) => ({
      what,
      why,
      command: command === null ? null : textOf(command, NO_INCIDENT),
    })),
    advice: adviceFor(cause, NO_INCIDENT),
    sources: cause.sources,
  };
}
