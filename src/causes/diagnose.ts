import type { Facts, SignalFact } from '../correlate/facts.ts';
import { type Hop, MIN_FAILURES, type Place } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import type { Cause, EvidenceRule, Weight } from './cause.ts';
import { PLACE_RULES } from './places.ts';

/** Decibans of the words: 10 decibans multiply the odds by ten. */
const DECIBANS: Readonly<Record<Weight, number>> = { decisive: 28, strong: 16, medium: 9, weak: 4 };
const PRIOR: Readonly<Record<Cause['frequency'], number>> = { common: 0, usual: -2, rare: -5 };

/** Mass of "something that the catalogue does not name", against causes that have at least one fact for them. */
const UNKNOWN_DECIBANS = 4;
const UNKNOWN_IN_THE_DARK_DECIBANS = 12;
/** A cause without its own line stands behind its umbrella. */
const NO_OWN_LINE_DECIBANS = -5;
/** How far an umbrella stands behind a narrower cause that has a decisive line of its own. */
const UMBRELLA_BEHIND_DECIBANS = 10;
/** Two narrower causes nearer to each other than this are not told apart. */
const EQUAL_DECIBANS = 3;
/** Signals of one family are told by the same events: the strongest counts fully, each further one by this part. */
const DEPENDENT_SHARE = 0.25;
/** Mass of "nothing is wrong" where no request is seen to fail: more where harmless lines explain why somebody looked. */
const NOTHING_FAILED_DECIBANS = 2;
const HARMLESS_DECIBANS = 12;
/** Mass of "these logs do not tell" in the same case: where one of them would show failed requests, and where none would. */
const UNSEEN_DECIBANS = 1;
const UNSEEN_IN_THE_DARK_DECIBANS = 6;
/** Processes that died and took a few requests with them at most, fewer than make a burst: "nothing stood out" is nearly as likely. */
const FEW_LOST_DECIBANS = -1.5;
/** How far the second place of a cause stands behind the first where the facts leave open which it is. */
const OTHER_PLACE_DECIBANS = 1.5;
/** Hops whose logs show failed requests; what happens to processes and on the host is seen without them. */
const SHOWS_FAILURES: readonly Hop[] = ['client', 'edge', 'tunnel', 'proxy'];
/** Patterns that many causes share support a cause by no more than this, all together, and never make it a candidate. */
const PATTERN_CEILING = 9;
/** Part of the failed requests that lines must account for to say what those are. */
const TELLS_SHARE = 0.3;
/** Part of them that is most of them. */
const MOST_SHARE = 0.5;
/** The web server and cloudflared write one line about each request that they fail: a cause with another line than the one seen. */
const TOLD_OTHERWISE_DECIBANS = -9;
/**
 * The one number that is fitted: among the causes of one place all decibans count times this. The caps for dependent signals
 * and the unnamed rest are set with care, so that causes were right more often than they said. See docs/accuracy.md.
 */
const SHARPNESS = 1.2;
/** Below this confidence the cause is not named. */
const UNDECIDED_BELOW = 0.25;

/** One fact with the weight it has for a cause, after the cap for dependent signals. */
export interface WeighedEvidence {
  readonly rule: EvidenceRule;
  readonly fact: SignalFact;
  /** Decibans, negative where it speaks against. */
  readonly decibans: number;
}

export interface Candidate {
  /** Null: something that the catalogue does not name. */
  readonly cause: Cause | null;
  readonly place: Place;
  readonly probability: number;
  readonly evidence: readonly WeighedEvidence[];
  /** Whether one of its own (decisive or strong) signals is there. */
  readonly ownLine: boolean;
}

export interface Diagnosis {
  readonly place: Place;
  readonly placeConfidence: number;
  /** Null where nothing convicts. */
  readonly cause: Cause | null;
  readonly confidence: number;
  /** Decibans that are not due to the evidence shown: `priorDecibans + sum of evidence` is the log-odds of the confidence. */
  readonly priorDecibans: number;
  readonly evidence: readonly WeighedEvidence[];
  /** Every candidate, most probable first, the named one included. */
  readonly candidates: readonly Candidate[];
}

function strongestFirst(a: WeighedEvidence, b: WeighedEvidence): number {
  return (
    Math.abs(b.decibans) - Math.abs(a.decibans) ||
    b.fact.count - a.fact.count ||
    (a.fact.signal < b.fact.signal ? -1 : a.fact.signal > b.fact.signal ? 1 : 0)
  );
}

/** The facts that speak for or against a cause, with their weights; dependent signals are capped. */
function weigh(cause: Cause, facts: Facts, hasFailure: boolean): WeighedEvidence[] {
  const heard: WeighedEvidence[] = [];
  for (const rule of cause.evidence) {
    const fact = facts.signals.get(rule.signal);
    if (!fact || fact.strength <= 0 || !speaksOf(cause, rule, fact)) continue;
    // Harmless lines beside one about a failed request do not make that one harmless.
    if (cause.place === 'none' && SIGNALS[rule.signal].role === 'noise' && hasFailure) continue;
    const sign = rule.against ? -1 : 1;
    heard.push({ rule, fact, decibans: sign * DECIBANS[rule.weight] * fact.strength });
  }
  if (heard.length === 0) return heard;
  heard.sort(strongestFirst);
  const families = new Set<string>();
  let patternRoom = PATTERN_CEILING;
  return heard.map((item) => {
    if (SIGNALS[item.fact.signal].role === 'pattern' && item.decibans > 0) {
      const decibans = Math.min(item.decibans, patternRoom);
      patternRoom -= decibans;
      return { ...item, decibans };
    }
    const { hop, role } = SIGNALS[item.fact.signal];
    // What a service did (state) is concluded from its own lines (process): one event, not two.
    const family = `${hop} ${role === 'state' ? 'process' : role} ${item.rule.against ? 'against' : 'for'}`;
    if (!families.has(family)) {
      families.add(family);
      return item;
    }
    return { ...item, decibans: item.decibans * DEPENDENT_SHARE };
  });
}

/** Whether a signal is a cause's own: one that convicts it, or nearly does. */
function isOwn({ weight, against }: EvidenceRule): boolean {
  return !against && (weight === 'decisive' || weight === 'strong');
}

/**
 * A web server may answer 500 where others answer 502 (mod_fcgid, mod_wsgi; `error_page 502 =500`): a cause of gateway errors whose own
 * lines tell of that many failed requests explains these, too.
 */
function saysItself(cause: Cause, { kind, signals }: Facts): boolean {
  return (
    kind === 'application' &&
    cause.evidence.some(
      (rule) =>
        isOwn(rule) && SIGNALS[rule.signal].role === 'request' && (signals.get(rule.signal)?.share ?? 0) >= TELLS_SHARE,
    )
  );
}

/** Whether a line of this signal says how one request failed: written once per request by the hop that gave up on it. */
function tellsHow(signal: SignalId, hop: Hop): boolean {
  const { role, status, cut, hop: ownHop } = SIGNALS[signal];
  const isLine = LINES_OF_HOP[hop]?.some((prefix) => signal.startsWith(prefix)) ?? false;
  return isLine && ownHop === hop && role === 'request' && ((status ?? 0) >= 500 || cut === true);
}

/** Error lines, by the beginning of their signals: rows (`access.`, `edge.`) tell the outcome, not how it came. */
const LINES_OF_HOP: Readonly<Partial<Record<Hop, readonly string[]>>> = {
  proxy: ['nginx.', 'apache.', 'proxy.'],
  tunnel: ['cloudflared.'],
};

/**
 * Silence inside coverage: the log that would hold a cause's own line about each failed request tells of these requests,
 * and tells something else. Decibans against the cause (0 or below), by the part of the failures that is told.
 */
function toldOtherwise(cause: Cause, facts: Facts, toldBy: readonly Told[]): number {
  let told = 0;
  for (const { hop, strength } of toldBy) {
    const own = cause.evidence.filter((rule) => isOwn(rule) && tellsHow(rule.signal, hop));
    if (own.length === 0 || own.some(({ signal }) => (facts.signals.get(signal)?.strength ?? 0) > 0)) continue;
    told = Math.max(told, strength);
  }
  return TOLD_OTHERWISE_DECIBANS * told;
}

/** How much of the failures the lines of a hop tell of. */
interface Told {
  readonly hop: Hop;
  readonly strength: number;
}

/** The hops that tell of failed requests line by line. */
function toldIn({ signals }: Facts): Told[] {
  return (['proxy', 'tunnel'] as const).flatMap((hop) => {
    let most = 0;
    for (const { signal, strength } of signals.values()) if (strength > most && tellsHow(signal, hop)) most = strength;
    return most > 0 ? [{ hop, strength: most }] : [];
  });
}

/** What systemd may say about each hop's services (roles of formats/host/units.ts). */
const ROLES_OF_HOP: Readonly<Partial<Record<Hop, readonly string[]>>> = {
  proxy: ['proxy'],
  app: ['app', 'fpm'],
  dependency: ['db', 'cache'],
  tunnel: ['tunnel'],
};

/** Lines of systemd and the kernel are the same for all programs: they count only where they speak of the right one. */
function speaksOf(cause: Cause, rule: EvidenceRule, fact: SignalFact): boolean {
  const ofHop = fact.signal.startsWith('unit.') ? ROLES_OF_HOP[cause.hop] : undefined;
  const wanted: readonly string[] | undefined = rule.role === undefined ? ofHop : [rule.role].flat();
  if (wanted === undefined) return true;
  // A program that nobody knows is the application, as a service is (formats/host/units.ts).
  const unknown = fact.signal.startsWith('kernel.') ? 'app' : '';
  return String(fact.values.role ?? unknown)
    .split(',')
    .some((role) => wanted.includes(role));
}

/** Symptoms of a web server that answered an error, whatever was behind it. */
const ANSWERED: readonly SignalId[] = [
  'edge.origin-answered-5xx',
  'access.5xx',
  'access.answered-5xx',
  'har.branded-origin',
];

/**
 * What remains unnamed weighs more where the origin answered an error and the log that always has a line about it does not
 * cover the burst: the web server's error log for a 502 or 504, the application's for a 500. An application that says of each
 * failed request why it failed has told, though without times it covers nothing.
 */
function unnamedDecibans(place: Place, facts: Facts): number {
  const isDark =
    place === 'origin' &&
    ANSWERED.some((signal) => facts.signals.has(signal)) &&
    !facts.signals.has('derived.dependency-each') &&
    !facts.covered.has(facts.kind === 'application' ? 'app' : 'proxy');
  return isDark ? UNKNOWN_IN_THE_DARK_DECIBANS : UNKNOWN_DECIBANS;
}

/** Known noise that makes people look: not the chatter of hosts and applications, nor what an orderly stop prints. */
function looksBad(signal: SignalId): boolean {
  const { role, hop, unknown } = SIGNALS[signal];
  return role === 'noise' && !unknown && hop !== 'host' && hop !== 'app' && !signal.startsWith('cloudflared.noise-');
}

function isFailedRequest({ signal, strength }: SignalFact): boolean {
  const { role, status } = SIGNALS[signal];
  return role === 'request' && strength > 0 && (status === undefined || status >= 500);
}

/**
 * Where the strongest cause rests on nothing but workers that died, each with one request at most, and fewer died than
 * failures make a burst: its own weight, a little less. Otherwise no weight at all.
 */
function fewLostDecibans(scored: readonly Weighed[]): number {
  const strongest = scored.reduce<Weighed | null>((a, b) => (a && a.decibans >= b.decibans ? a : b), null);
  const convicting = strongest?.evidence.filter(({ decibans }) => decibans > 0) ?? [];
  const few = convicting.every(({ fact }) => SIGNALS[fact.signal].costsOne && fact.count < MIN_FAILURES);
  return strongest && few ? strongest.decibans + FEW_LOST_DECIBANS : Number.NEGATIVE_INFINITY;
}

function placeDecibans(facts: Facts): ReadonlyMap<Place, number> {
  const sum = new Map<Place, number>();
  for (const rule of PLACE_RULES) {
    const strength = Math.max(0, ...rule.signals.map((signal) => facts.signals.get(signal)?.strength ?? 0));
    if (strength === 0) continue;
    for (const [place, decibans] of Object.entries(rule.decibans) as [Place, number][]) {
      sum.set(place, (sum.get(place) ?? 0) + decibans * strength);
    }
  }
  return sum;
}

const odds = (decibans: number): number => 10 ** (decibans / 10);
const logOdds = (p: number): number => 10 * Math.log10(p / (1 - p));

/** Confidence is kept away from 0 and 1: no log proves anything beyond that. */
const bounded = (p: number): number => Math.min(0.995, Math.max(0.005, p));

/** Whether a status of the burst can come of the cause, as far as the statuses are known. */
function canAnswer({ statuses }: Cause, facts: Facts): boolean {
  return statuses === undefined || facts.statuses.size === 0 || statuses.some((status) => facts.statuses.has(status));
}

/**
 * Weighs every cause of the catalogue against the facts of one burst. Causes without a single fact for them do not
 * compete; what remains unnamed is a candidate of its own in each place that has one.
 */
export function diagnose(facts: Facts, catalogue: readonly Cause[]): Diagnosis {
  const byPlace = placeDecibans(facts);
  const toldBy = toldIn(facts);
  const hasFailure = [...facts.signals.values()].some(isFailedRequest);
  const scored: {
    cause: Cause | null;
    place: Place;
    decibans: number;
    evidence: WeighedEvidence[];
    ownLine: boolean;
  }[] = [];
  const named = new Set<string>();
  // In one order always: sums of floating-point numbers depend on it, and equal ones must not change places.
  for (const cause of [...catalogue].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    if (!(cause.explains.includes(facts.kind) || saysItself(cause, facts)) || !canAnswer(cause, facts)) continue;
    const evidence = weigh(cause, facts, hasFailure);
    if (!evidence.some((item) => item.decibans > 0 && SIGNALS[item.fact.signal].role !== 'pattern')) continue;
    const ownLine = evidence.some(({ rule, fact }) => isOwn(rule) && fact.strength >= 0.3);
    const [place, other] = [cause.placeWhen?.(facts) ?? cause.place].flat();
    if (place === undefined) continue;
    const decibans =
      PRIOR[cause.frequency] +
      (byPlace.get(place) ?? 0) +
      (ownLine ? 0 : toldOtherwise(cause, facts, toldBy)) +
      evidence.reduce((sum, item) => sum + item.decibans, 0);
    scored.push({ cause, place, decibans, evidence, ownLine });
    if (other !== undefined)
      scored.push({ cause, place: other, decibans: decibans - OTHER_PLACE_DECIBANS, evidence, ownLine });
    named.add(cause.id);
  }
  for (const item of scored) {
    if (!item.ownLine && item.cause?.broader.some((umbrella) => named.has(umbrella)))
      item.decibans += NO_OWN_LINE_DECIBANS;
  }
  umbrellasGiveWay(scored);
  for (const place of ['origin', 'tunnel', 'edge', 'network'] as const) {
    if (!scored.some((item) => item.place === place)) continue;
    scored.push({
      cause: null,
      place,
      decibans: unnamedDecibans(place, facts) + (byPlace.get(place) ?? 0),
      evidence: [],
      ownLine: false,
    });
  }
  const isSeenFromInside = facts.signals.has('derived.seen-from-inside');
  if (!isSeenFromInside && facts.statuses.size === 0 && !hasFailure) {
    const harmless = [...facts.signals.values()].some(({ signal }) => looksBad(signal));
    const unnamed = { cause: null, evidence: [], ownLine: false };
    const nothing = Math.max(harmless ? HARMLESS_DECIBANS : NOTHING_FAILED_DECIBANS, fewLostDecibans(scored));
    scored.push({ ...unnamed, place: 'none', decibans: nothing });
    // A line that nobody understands may be the one that tells.
    const unread = [...facts.signals.values()].some(({ signal }) => SIGNALS[signal].unknown);
    const wouldShow = !unread && SHOWS_FAILURES.some((hop) => facts.covered.has(hop));
    scored.push({ ...unnamed, place: 'unknown', decibans: wouldShow ? UNSEEN_DECIBANS : UNSEEN_IN_THE_DARK_DECIBANS });
  }
  const probabilities = probabilitiesOf(scored);
  const candidates: Candidate[] = scored
    .map(({ cause, place, evidence, ownLine }, i) => ({
      cause,
      place,
      evidence,
      ownLine,
      probability: probabilities[i] ?? 0,
    }))
    .sort(
      (a, b) =>
        b.probability - a.probability || compared(a.cause?.id ?? '~', b.cause?.id ?? '~') || compared(a.place, b.place),
    );
  return verdictOf(candidates);
}

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Probability of each item: that of its place by all that speaks for it, parted among the causes of the place. */
function probabilitiesOf(scored: readonly { readonly place: Place; readonly decibans: number }[]): number[] {
  const mass = new Map<Place, { plain: number; sharp: number }>();
  let all = 0;
  for (const { place, decibans } of scored) {
    const { plain, sharp } = mass.get(place) ?? { plain: 0, sharp: 0 };
    mass.set(place, { plain: plain + odds(decibans), sharp: sharp + odds(SHARPNESS * decibans) });
    all += odds(decibans);
  }
  return scored.map(({ place, decibans }) => {
    const { plain, sharp } = mass.get(place) ?? { plain: 0, sharp: 0 };
    return sharp > 0 && all > 0 ? (plain / all) * (odds(SHARPNESS * decibans) / sharp) : 0;
  });
}

interface Weighed {
  readonly cause: Cause | null;
  readonly evidence: readonly WeighedEvidence[];
  decibans: number;
}

/**
 * All that speaks for an umbrella speaks for the narrower cause, too: where that one has a decisive line of its own and
 * nothing of weight against it, the umbrella stands behind it. Two narrower causes of equal weight cannot both be it: then
 * what they share is named, and they stand behind.
 */
function umbrellasGiveWay(scored: readonly Weighed[]): void {
  for (const umbrella of scored) {
    const id = umbrella.cause?.id;
    const narrower = scored
      .filter(
        ({ cause, evidence }) =>
          id !== undefined && cause?.broader.includes(id) && evidence.some(isDecisive) && !evidence.some(isObjection),
      )
      .sort((a, b) => b.decibans - a.decibans);
    const [first, second] = narrower;
    if (!first) continue;
    const most = Math.max(first.decibans, umbrella.decibans);
    if (second && first.decibans - second.decibans < EQUAL_DECIBANS) {
      umbrella.decibans = most;
      for (const narrow of narrower) narrow.decibans = Math.min(narrow.decibans, most - UMBRELLA_BEHIND_DECIBANS);
    } else {
      first.decibans = most;
      umbrella.decibans = Math.min(umbrella.decibans, most - UMBRELLA_BEHIND_DECIBANS);
    }
  }
}

/** Whether it settles what the umbrella leaves open: by its kind, or as a line of its own for each of most failed requests. */
function isDecisive({ rule, fact }: WeighedEvidence): boolean {
  if (rule.against) return false;
  if (rule.weight === 'decisive') return fact.strength >= 0.5;
  return rule.weight === 'strong' && SIGNALS[fact.signal].role === 'request' && fact.share >= MOST_SHARE;
}

/** Something of weight speaks against the narrower cause: then it has to stand on its own evidence. */
function isObjection({ decibans }: WeighedEvidence): boolean {
  return decibans <= -DECIBANS.medium;
}

function verdictOf(candidates: readonly Candidate[]): Diagnosis {
  const places = new Map<Place, number>();
  for (const { place, probability } of candidates) places.set(place, (places.get(place) ?? 0) + probability);
  const [place, placeProbability] =
    [...places].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? (['unknown', 0] as const);
  const best = candidates.find((candidate) => candidate.place === place && candidate.cause !== null);
  if (!best?.cause || best.probability < UNDECIDED_BELOW) {
    const placeConfidence = place === 'unknown' ? 0 : bounded(placeProbability);
    const confidence = Math.min(placeConfidence, bounded(best?.probability ?? 0));
    return {
      place,
      placeConfidence,
      cause: null,
      confidence,
      priorDecibans: logOdds(bounded(confidence)),
      evidence: best?.evidence ?? [],
      candidates,
    };
  }
  const confidence = bounded(best.probability);
  const shown = best.evidence.reduce((sum, item) => sum + item.decibans, 0);
  return {
    place,
    placeConfidence: Math.max(confidence, bounded(placeProbability)),
    cause: best.cause,
    confidence,
    priorDecibans: logOdds(confidence) - shown,
    evidence: best.evidence,
    candidates,
  };
}
