import { type ReadStream, troubledSeconds } from './events.ts';
import { alternative, nearestZoneMs, type Placement, type ReadAs, sameSkew, split, wholeSeconds } from './placement.ts';
import type { Prior } from './priors.ts';
import { sameRhythm } from './rhythm.ts';
import { type Fit, fits, leadsTo, MOST_SKEW_S, NO_ZONE, worth } from './shape.ts';
import type { StreamClock } from './timeline.ts';
import { fixedZone, UTC } from './zones.ts';

/** What is needed to name a zone by the shape of the trouble alone, and to overrule an expected one. */
const SHAPE = { hits: 8, likeness: 0.5, clearly: 1.5 } as const;
const OVERRULE = { hits: 8, likeness: 0.7, expectedAtMost: 0.3 } as const;
/** The rest of a shape's difference counts as skew where it is larger than the fit is wide by this. */
const SHAPE_SLACK_S = 3;
const MOST_ALTERNATIVES = 3;
/** Quarters of an hour in which a common rhythm is sought, the best by shape. */
const QUARTERS_HEARD = 6;
/** An expected zone is kept where the rhythm is as good in it. */
const AS_GOOD = 0.02;

/** What the shape of the trouble says of a log: where it lies, or several places that it cannot part. */
export type Shape =
  | { readonly kind: 'placed'; readonly placement: Placement; readonly isZoneParted?: boolean }
  | { readonly kind: 'open'; readonly alternatives: StreamClock['alternatives'] };

/** A log to be placed by its shape. */
export interface Unplaced {
  readonly readAs: ReadAs;
  /** Zones that it may be written in, the likeliest first. */
  readonly priors: readonly Prior[];
  /** Skews that its machine's clock is known to have, the surest first; several where its logs disagree. */
  readonly machineSkewsMs: readonly number[];
}

/**
 * Places a log by the shape of its trouble against the failures of others: by a common rhythm from second to second, which
 * is proof; else by when there is trouble at all. There an expected zone stands unless another offset explains the trouble
 * and it does not; without one UTC stands where trouble falls on failures there and nowhere else.
 */
export function placeByShape(log: Unplaced, references: readonly ReadStream[]): Shape {
  const theirs = referenceSeries(references);
  if (theirs.counts.size === 0) return { kind: 'open', alternatives: [] };
  const own = seriesOf(log.readAs(UTC));
  if (own.counts.size === 0) return { kind: 'open', alternatives: [] };
  return (
    byRhythm(log, own, theirs) ??
    (log.priors.length > 0 ? amongExpected(log, own, theirs) : withoutExpectation(log, own, theirs))
  );
}

function byRhythm({ readAs, priors, machineSkewsMs }: Unplaced, own: Series, theirs: Series): Shape | null {
  if (!own.tellsRequests) return null;
  const quarters = fits(own, theirs, () => true)
    .slice(0, QUARTERS_HEARD)
    .map(({ differenceS }) => nearestZoneMs(differenceS * 1000) / 1000);
  const free = sameRhythm(own.counts, theirs.counts, quarters.flatMap(skewed));
  if (free === null) return null;
  const expected = priors.flatMap((prior) => {
    const heard = sameRhythm(seriesOf(readAs(prior.zone)).counts, theirs.counts, skewed(0));
    return heard && heard.correlation >= free.correlation - AS_GOOD ? [{ prior, heard }] : [];
  })[0];
  const { zoneMs, skewMs } = expected
    ? { zoneMs: 0, skewMs: sameSkew(expected.heard.differenceS * 1000, machineSkewsMs) }
    : split(free.differenceS * 1000, machineSkewsMs);
  return {
    kind: 'placed',
    placement: {
      zone: expected ? expected.prior.zone : zoneOf(zoneMs),
      // The two logs stamp whole seconds of two moments: one second is none.
      skewMs: Math.abs(skewMs) <= 1000 ? 0 : wholeSeconds(skewMs),
      method: expected ? expected.prior.method : 'shape',
      uncertaintySeconds: 2,
      alternatives: [],
      isTied: true,
    },
  };
}

/**
 * Another clock error at which a log's lines about processes rise and fall with the failures of others and lie upon them no
 * worse. It is told of and not taken: the time-out of a request may lie between a line and the failure.
 */
export function skewsByRhythm(readAs: ReadAs, references: readonly ReadStream[]): StreamClock['alternatives'] {
  const theirs = referenceSeries(references);
  if (theirs.counts.size === 0) return [];
  const own = seriesOf(readAs(UTC));
  const heard = sameRhythm(own.counts, theirs.counts, skewed(0));
  if (heard === null || Math.abs(heard.differenceS) <= SHAPE_SLACK_S) return [];
  const [there, here] = [heard.differenceS, 0].map((at) =>
    worthOf(fits(own, theirs, (skewS) => isNear(skewS, at), NO_ZONE)[0]),
  );
  return (there ?? 0) < (here ?? 0) ? [] : [alternative(heard.differenceS * 1000, heard.seconds)];
}

/** All differences of a zone's offset and a skew, the least skew first. */
function skewed(zoneS: number): number[] {
  const differences = [zoneS];
  for (let skew = 1; skew <= MOST_SKEW_S; skew++) differences.push(zoneS + skew, zoneS - skew);
  return differences;
}

function amongExpected({ readAs, priors, machineSkewsMs }: Unplaced, own: Series, theirs: Series): Shape {
  const isSkewOpen = machineSkewsMs.length === 0 && own.tellsRequests;
  const skewsS = machineSkewsMs.length === 0 ? [0] : machineSkewsMs.map((ms) => Math.round(ms / 1000));
  const tried = priors
    .map((prior) => expectedAt(prior, seriesOf(readAs(prior.zone)), theirs, skewsS, isSkewOpen))
    .sort((a, b) => worthOf(b.fit) - worthOf(a.fit) || b.leads - a.leads);
  const [chosen, second] = tried;
  if (!chosen) return { kind: 'open', alternatives: [] };
  const { prior, skewS, fit, isSkewParted } = chosen;
  const [best, next] = fits(own, theirs, (s) => isSkewOpen || skewsS.some((known) => isNear(s, known)));
  const isOverruled =
    best !== undefined &&
    best.hits >= OVERRULE.hits &&
    best.likeness >= OVERRULE.likeness &&
    !(next && worth(next) * SHAPE.clearly > worth(best)) &&
    worthOf(fit) <= OVERRULE.expectedAtMost * worth(best);
  if (isOverruled) {
    const [free] = isSkewOpen ? [] : fits(own, theirs, () => true);
    // With a skew that its machine is not known to have it would explain clearly more: neither is sure.
    if (free && worth(free) > SHAPE.clearly * worth(best))
      return { kind: 'open', alternatives: [free, best].map(alternativeOf) };
    return shaped(best, machineSkewsMs, isSkewOpen, [best, fit]);
  }
  // One line may be all that a log has of the trouble, and come before the first failure.
  const isLeading = worthOf(fit) === 0 && chosen.leads > 0 && second?.leads === 0;
  const isParted = tried.length > 1 && worthOf(fit) > SHAPE.clearly * worthOf(second?.fit);
  if (tried.length > 1 && !isParted && !isLeading) return { kind: 'open', alternatives: [] };
  const foundS = fit && isSkewOpen && isGood(fit) ? skewOfFit(fit) : skewS;
  const isTied = isSkewOpen && foundS !== 0;
  if (!isTied && !isParted && !isSkewParted && !isLeading && worthOf(fit) === 0) {
    // Nothing of its trouble is explained there: another place is told of and not taken, as any burst can be laid upon any other.
    const elsewhere = fits(own, theirs, () => true).filter(isGood);
    return { kind: 'open', alternatives: elsewhere.slice(0, MOST_ALTERNATIVES).map(alternativeOf) };
  }
  return {
    kind: 'placed',
    placement: {
      zone: prior.zone,
      skewMs: foundS * 1000,
      method: prior.method,
      uncertaintySeconds: isTied ? 2 + (fit?.slackS ?? 0) : 1,
      alternatives: [],
      isTied: isTied || isSkewParted || (isParted && chosen.isConfirmed),
    },
    isZoneParted: isParted || isLeading,
  };
}

/** How well an expected zone explains a log's trouble, with the best of the skews that it may have. */
interface Expected {
  readonly prior: Prior;
  readonly skewS: number;
  readonly fit: Fit | undefined;
  /** Its trouble tells this skew from the others. */
  readonly isSkewParted: boolean;
  /** Its trouble fits well, and with no other skew clearly better. */
  readonly isConfirmed: boolean;
  /** Seconds of trouble that failures follow within a minute, as after a time-out. */
  readonly leads: number;
}

/**
 * The skew is one that the machine is known to have, or none where that explains clearly more: logs that are taken for one
 * machine's may come from several.
 */
function expectedAt(
  prior: Prior,
  read: Series,
  theirs: Series,
  skewsS: readonly number[],
  isSkewOpen: boolean,
): Expected {
  const tried = [...new Set([...skewsS, 0])]
    .map((skewS) => ({ skewS, fit: fits(read, theirs, (s) => isSkewOpen || isNear(s, skewS), NO_ZONE)[0] }))
    .sort((a, b) => worthOf(b.fit) - worthOf(a.fit));
  const [best, second] = tried;
  // Where another skew explains clearly more, none of those that are known does.
  const [free] = fits(read, theirs, () => true, NO_ZONE);
  const isSkewParted =
    tried.length > 1 &&
    worthOf(free) <= SHAPE.clearly * worthOf(best?.fit) &&
    worthOf(best?.fit) > SHAPE.clearly * worthOf(second?.fit) &&
    best?.fit !== undefined &&
    best.fit.hits >= SHAPE.hits &&
    best.fit.likeness >= SHAPE.likeness;
  // What trouble does not tell apart is the least skew, as for a log without trouble.
  const known = tried.filter(({ skewS }) => skewsS.includes(skewS));
  const [alike] = known
    .filter(({ fit }) => worthOf(fit) * SHAPE.clearly >= worthOf(known[0]?.fit))
    .sort((a, b) => Math.abs(a.skewS) - Math.abs(b.skewS));
  const chosen = isSkewParted ? best : alike;
  const { skewS = 0, fit } = chosen ?? {};
  const isConfirmed = isGood(fit) && worthOf(free) <= SHAPE.clearly * worthOf(fit);
  return { prior, skewS, fit, isSkewParted, isConfirmed, leads: leadsTo(read.seconds, theirs.seconds, skewS) };
}

function withoutExpectation({ machineSkewsMs }: Unplaced, own: Series, theirs: Series): Shape {
  const isSkewOpen = machineSkewsMs.length === 0 && own.tellsRequests;
  const expectedS = Math.round((machineSkewsMs[0] ?? 0) / 1000);
  const found = fits(own, theirs, (skewS) => isSkewOpen || isNear(skewS, expectedS));
  const [best, next] = found;
  const atUtc = found.find(
    (fit) => isSkewOnly(fit) && Math.abs(fit.differenceS - expectedS) <= SHAPE_SLACK_S + fit.slackS,
  );
  if (atUtc && atUtc.hits > 0 && !found.some((fit) => fit !== atUtc && worth(fit) * SHAPE.clearly > worth(atUtc)))
    return shaped(atUtc, [expectedS * 1000], false, found);
  if (best && isGood(best) && !(next && worth(next) * SHAPE.clearly > worth(best)))
    return shaped(best, machineSkewsMs, isSkewOpen, found);
  const alike = found.filter((fit) => best !== undefined && worth(fit) > 0 && worth(fit) * SHAPE.clearly > worth(best));
  return { kind: 'open', alternatives: alike.slice(0, MOST_ALTERNATIVES).map(alternativeOf) };
}

const isNear = (skewS: number, expectedS: number): boolean => Math.abs(skewS - expectedS) <= SHAPE_SLACK_S;
const worthOf = (fit: Fit | undefined): number => (fit ? worth(fit) : 0);
const isGood = (fit: Fit | undefined): boolean =>
  fit !== undefined && fit.hits >= SHAPE.hits && fit.likeness >= SHAPE.likeness;
const isSkewOnly = ({ differenceS }: Fit): boolean => Math.abs(differenceS) <= MOST_SKEW_S;
const alternativeOf = ({ differenceS, hits }: Fit): StreamClock['alternatives'][number] =>
  alternative(differenceS * 1000, hits);
const zoneOf = (zoneMs: number) => fixedZone(zoneMs === 0 ? 0 : zoneMs / 60_000);

/** The skew that a fit shows, as far as it is wide enough to be one. */
function skewOfFit({ differenceS, slackS }: Fit): number {
  const skewS = differenceS - nearestZoneMs(differenceS * 1000) / 1000;
  return Math.abs(skewS) <= slackS + SHAPE_SLACK_S ? 0 : skewS;
}

function shaped(
  fit: Fit,
  machineSkewsMs: readonly number[],
  isSkewOpen: boolean,
  found: readonly (Fit | undefined)[],
): Shape {
  const known = machineSkewsMs.map((ms) => ({ ms, zoneMs: nearestZoneMs(fit.differenceS * 1000 - ms) }));
  const [near] = known.sort(
    (a, b) => Math.abs(fit.differenceS * 1000 - a.zoneMs - a.ms) - Math.abs(fit.differenceS * 1000 - b.zoneMs - b.ms),
  );
  const rival = found.find((other) => other !== undefined && other !== fit);
  return {
    kind: 'placed',
    placement: {
      zone: zoneOf(
        isSkewOpen ? nearestZoneMs(fit.differenceS * 1000) : (near?.zoneMs ?? nearestZoneMs(fit.differenceS * 1000)),
      ),
      skewMs: isSkewOpen ? skewOfFit(fit) * 1000 : (near?.ms ?? 0),
      method: 'shape',
      uncertaintySeconds: 3 + fit.slackS,
      alternatives: rival ? [alternativeOf(rival)] : [],
      isTied: isSkewOpen,
    },
  };
}

interface Series {
  /** Failed requests by second, or lines about processes. */
  readonly counts: ReadonlyMap<number, number>;
  readonly seconds: readonly number[];
  /** Whether each line is a failed request; else the time-out of a request may lie between a line and the failure. */
  readonly tellsRequests: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
}

function seriesOf(read: ReadStream): Series {
  const { requests, processes } = troubledSeconds(read);
  const tellsRequests = requests.size > 0;
  const counts = tellsRequests ? requests : processes;
  return { counts, seconds: [...counts.keys()], tellsRequests, ...spanOf([read]) };
}

/** The references are the same for many logs. */
const known = new WeakMap<readonly ReadStream[], Series>();

function referenceSeries(references: readonly ReadStream[]): Series {
  const before = known.get(references);
  if (before) return before;
  const counts = new Map<number, number>();
  for (const reference of references) {
    for (const [second, count] of troubledSeconds(reference).requests)
      counts.set(second, (counts.get(second) ?? 0) + count);
  }
  const series = { counts, seconds: [...counts.keys()], tellsRequests: true, ...spanOf(references) };
  known.set(references, series);
  return series;
}

function spanOf(streams: readonly ReadStream[]): { firstMs: number; lastMs: number } {
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { stream, toInstant } of streams) {
    stream.segments.forEach((segment, i) => {
      if (segment.kind === 'none') return;
      firstMs = Math.min(firstMs, toInstant(i, segment.firstMs));
      lastMs = Math.max(lastMs, toInstant(i, segment.lastMs));
    });
  }
  return { firstMs, lastMs };
}
