import type { StreamDigest } from '../digest/digest.ts';
import { agreedDifference, type ClockEvent } from './differences.ts';
import { failedEvents, lineEvents, type ReadStream, rayEvents, requestEvents, troubledSeconds } from './events.ts';
import type { Prior } from './priors.ts';
import { type Fit, fits, MOST_SKEW_S, worth } from './shape.ts';
import { type Tie, tie } from './ties.ts';
import type { StreamClock } from './timeline.ts';
import { fixedZone, type SeenOffset, seenZone, UTC, type Zone } from './zones.ts';

const QUARTER_HOUR_MS = 900_000;
const MOST_SKEW_MS = MOST_SKEW_S * 1000;
/** A written zone's clock may be off by this much and the requests still tell. */
const MOST_WRITTEN_SKEW_MS = 900_000;
/** Skews of two logs of one machine that come this near are one: stamps are whole seconds. */
const SAME_SKEW_MS = 1500;
/** A line and the request that it speaks of lie this near to each other. */
const MEETS_MS = 3000;
/** A zone that explains this part of what the best one does is as good, where it was expected. */
const CONFIRMED = 0.8;
/** What is needed to name a zone by the shape of the trouble alone, and to overrule an expected one. */
const SHAPE = { hits: 8, likeness: 0.5, clearly: 1.5 } as const;
const OVERRULE = { hits: 8, likeness: 0.7, expectedAtMost: 0.3 } as const;
/** The rest of a shape's difference counts as skew where it is larger than the fit is wide by this. */
const SHAPE_SLACK_S = 3;
const MOST_ALTERNATIVES = 3;

/** Where a stream's times lie on the edge's clock, and how that is known. */
export interface Placement {
  readonly zone: Zone;
  readonly skewMs: number;
  readonly method: StreamClock['method'];
  readonly uncertaintySeconds: number;
  readonly alternatives: StreamClock['alternatives'];
  /** Whether other clocks confirmed the skew; else it is the machine's, or none is known. */
  readonly isTied: boolean;
}

/** How a stream is read with a zone; its skew not yet taken off. */
export type ReadAs = (zone: Zone) => ReadStream;

/** Skew of a stream whose zone is written. */
export function skewOf(stream: ReadStream, references: readonly ReadStream[]): Tie | null {
  const found = tie(stream, references, (ms) => Math.abs(ms) <= MOST_WRITTEN_SKEW_MS);
  return found?.isClear ? found : null;
}

/** Whether a difference is a zone (a multiple of a quarter of an hour between −12 h and +14 h) plus a few minutes of skew. */
function zoneLike(differenceMs: number): boolean {
  if (differenceMs < -12.1 * 3_600_000 || differenceMs > 14.1 * 3_600_000) return false;
  return Math.abs(differenceMs - nearestZoneMs(differenceMs)) <= MOST_SKEW_MS;
}

const nearestZoneMs = (differenceMs: number): number => Math.round(differenceMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;

/** Places a log without zone by requests that logs with one hold too: the expected zones are tried first, then all. */
export function placeByRequests(
  readAs: ReadAs,
  priors: readonly Prior[],
  references: readonly ReadStream[],
  machineSkewMs: number | null,
): Placement | null {
  if (references.length === 0) return null;
  const asUtc = readAs(UTC);
  const free = tie(asUtc, references, zoneLike);
  for (const { zone, method } of priors) {
    const near = tie(readAs(zone), references, (ms) => Math.abs(ms) <= MOST_SKEW_MS);
    if (!near?.isClear || (free?.isClear && near.support < CONFIRMED * free.support)) continue;
    return placed(zone, method, sameSkew(near.differenceMs, machineSkewMs), near);
  }
  if (free === null) return null;
  const offsetMs = nearestZoneMs(free.differenceMs - (machineSkewMs ?? 0));
  const isMachines = machineSkewMs !== null && sameSkew(free.differenceMs - offsetMs, machineSkewMs) === machineSkewMs;
  const zoneMs = isMachines ? offsetMs : nearestZoneMs(free.differenceMs);
  const skewMs = isMachines ? machineSkewMs : free.differenceMs - zoneMs;
  const seen = seenOffsets(asUtc, references, zoneMs, skewMs);
  // A rival that is the same clock before or after a change of summer time is none.
  if (!free.isClear && seen.length < 2) return null;
  return placed(seenZone(seen), free.method, skewMs, free);
}

function placed(zone: Zone, method: Placement['method'], skewMs: number, by: Tie): Placement {
  const { rival, uncertaintySeconds } = by;
  return {
    zone,
    skewMs: wholeSeconds(skewMs),
    method,
    uncertaintySeconds,
    isTied: true,
    alternatives: rival === null ? [] : [alternative(rival.differenceMs, rival.support)],
  };
}

/** A rival difference as a zone and a skew. */
function alternative(differenceMs: number, support: number): StreamClock['alternatives'][number] {
  const zoneMs = nearestZoneMs(differenceMs);
  return {
    zoneOffsetMinutes: zoneMs === 0 ? 0 : zoneMs / 60_000,
    skewSeconds: wholeSeconds(differenceMs - zoneMs) / 1000,
    support,
  };
}

function sameSkew(ms: number, machineSkewMs: number | null): number {
  return machineSkewMs !== null && Math.abs(ms - machineSkewMs) <= SAME_SKEW_MS ? machineSkewMs : ms;
}

/** Stamps are whole seconds, so that differences scatter by half a second: a skew below that is none. */
export function wholeSeconds(ms: number): number {
  const seconds = Math.round(ms / 1000);
  return seconds === 0 ? 0 : seconds * 1000;
}

/** Steps of summer time: an hour, half an hour on Lord Howe Island. */
const STEPS_MINUTES = [60, -60, 30, -30] as const;
const MIN_AFTER_CHANGE = 5;

/**
 * The offset that requests agree on, or two where those it leaves over agree on one a step of summer time beside it, one
 * after the other: the clock was changed while the log was written.
 */
function seenOffsets(
  stream: ReadStream,
  references: readonly ReadStream[],
  zoneMs: number,
  skewMs: number,
): SeenOffset[] {
  const left = [...rayEvents(stream), ...requestEvents(stream), ...lineEvents(stream)];
  const right = references.flatMap((one) => [...rayEvents(one), ...requestEvents(one), ...failedEvents(one)]);
  const at = new Map<string, number[]>();
  for (const { key, ms } of right) {
    const times = at.get(key);
    if (times) times.push(ms);
    else at.set(key, [ms]);
  }
  const meets = ({ key, ms }: ClockEvent, offsetMs: number): boolean =>
    (at.get(key) ?? []).some((other) => Math.abs(ms - offsetMs - skewMs - other) <= MEETS_MS);
  const main = left.filter((event) => meets(event, zoneMs));
  const rest = left.filter((event) => !meets(event, zoneMs));
  const one = spanAt(main, zoneMs, skewMs);
  for (const step of STEPS_MINUTES) {
    const otherMs = zoneMs + step * 60_000;
    const agreed = agreedDifference(rest, right, (ms) => Math.abs(ms - otherMs - skewMs) <= MEETS_MS);
    if (!agreed || agreed.support < MIN_AFTER_CHANGE) continue;
    const other = spanAt(
      rest.filter((event) => meets(event, otherMs)),
      otherMs,
      skewMs,
    );
    // Mixed they would be two clocks, or chance.
    if (one.lastMs <= other.firstMs || other.lastMs <= one.firstMs) return [one, other];
  }
  return [one];
}

function spanAt(events: readonly ClockEvent[], offsetMs: number, skewMs: number): SeenOffset {
  const times = events.map(({ ms }) => ms - offsetMs - skewMs);
  return {
    offsetMinutes: offsetMs === 0 ? 0 : offsetMs / 60_000,
    firstMs: times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
    lastMs: times.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY),
    count: events.length,
  };
}

/** What the shape of the trouble says of a log: where it lies, or several places that it cannot part. */
export type Shape =
  | { readonly kind: 'placed'; readonly placement: Placement }
  | { readonly kind: 'open'; readonly alternatives: StreamClock['alternatives'] };

/**
 * Places a log by the shape of its trouble against the failures of others. An expected zone stands unless another offset
 * explains the trouble and it does not; without one UTC stands where trouble falls on failures there and nowhere else.
 */
export function placeByShape(
  stream: StreamDigest,
  readAs: ReadAs,
  priors: readonly Prior[],
  references: readonly ReadStream[],
  machineSkewMs: number | null,
): Shape {
  const theirs = referenceSeries(references);
  const own = seriesOf(readAs(UTC), stream);
  if (theirs.seconds.size === 0 || own.seconds.size === 0) return { kind: 'open', alternatives: [] };
  const expectedS = Math.round((machineSkewMs ?? 0) / 1000);
  const isSkewOpen = machineSkewMs === null && own.tellsRequests;
  const allows = (skewS: number): boolean => isSkewOpen || Math.abs(skewS - expectedS) <= SHAPE_SLACK_S;
  const found = fits(own, theirs, allows);
  const [best, next] = found;
  const tried = priors
    .map((prior) => ({ prior, fit: fits(seriesOf(readAs(prior.zone), stream), theirs, allows).find(isSkewOnly) }))
    .sort((a, b) => worthOf(b.fit) - worthOf(a.fit));
  const [chosen, second] = tried;
  if (chosen) {
    const { prior, fit: atPrior } = chosen;
    const isParted = tried.length > 1 && worthOf(atPrior) > SHAPE.clearly * worthOf(second?.fit);
    const isOverruled =
      best !== undefined &&
      best.hits >= OVERRULE.hits &&
      best.likeness >= OVERRULE.likeness &&
      !(next && worth(next) * SHAPE.clearly > worth(best)) &&
      (atPrior === undefined || worth(atPrior) <= OVERRULE.expectedAtMost * worth(best));
    if (isOverruled) return shaped(best, expectedS, isSkewOpen, [best, atPrior]);
    const skewS = atPrior && isSkewOpen && isGood(atPrior) ? skewOfFit(atPrior) : expectedS;
    const isTied = isSkewOpen && skewS !== 0;
    if (tried.length > 1 && !isParted) return { kind: 'open', alternatives: [] };
    return {
      kind: 'placed',
      placement: {
        zone: prior.zone,
        skewMs: skewS * 1000,
        method: prior.method,
        uncertaintySeconds: isTied ? 2 + (atPrior?.slackS ?? 0) : 1,
        alternatives: [],
        isTied: isTied || isParted,
      },
    };
  }
  const atUtc = found.find(
    (fit) => isSkewOnly(fit) && Math.abs(fit.differenceS - expectedS) <= SHAPE_SLACK_S + fit.slackS,
  );
  if (atUtc && atUtc.hits > 0 && !found.some((fit) => fit !== atUtc && worth(fit) * SHAPE.clearly > worth(atUtc)))
    return shaped(atUtc, expectedS, false, found);
  if (best && isGood(best) && !(next && worth(next) * SHAPE.clearly > worth(best)))
    return shaped(best, expectedS, isSkewOpen, found);
  const alike = found.filter((fit) => best !== undefined && worth(fit) > 0 && worth(fit) * SHAPE.clearly > worth(best));
  return { kind: 'open', alternatives: alike.slice(0, MOST_ALTERNATIVES).map(alternativeOf) };
}

const worthOf = (fit: Fit | undefined): number => (fit ? worth(fit) : 0);
const isGood = ({ hits, likeness }: Fit): boolean => hits >= SHAPE.hits && likeness >= SHAPE.likeness;
const isSkewOnly = ({ differenceS }: Fit): boolean => Math.abs(differenceS) <= MOST_SKEW_S;
const alternativeOf = ({ differenceS, hits }: Fit): StreamClock['alternatives'][number] =>
  alternative(differenceS * 1000, hits);

/** The skew that a fit shows, as far as it is wide enough to be one. */
function skewOfFit({ differenceS, slackS }: Fit): number {
  const skewS = differenceS - nearestZoneMs(differenceS * 1000) / 1000;
  return Math.abs(skewS) <= slackS + SHAPE_SLACK_S ? 0 : skewS;
}

function shaped(fit: Fit, expectedS: number, isSkewOpen: boolean, found: readonly (Fit | undefined)[]): Shape {
  const offsetMs = nearestZoneMs((fit.differenceS - (isSkewOpen ? 0 : expectedS)) * 1000);
  const rival = found.find((other) => other !== undefined && other !== fit);
  return {
    kind: 'placed',
    placement: {
      zone: fixedZone(offsetMs === 0 ? 0 : offsetMs / 60_000),
      skewMs: (isSkewOpen ? skewOfFit(fit) : expectedS) * 1000,
      method: 'shape',
      uncertaintySeconds: 3 + fit.slackS,
      alternatives: rival ? [alternativeOf(rival)] : [],
      isTied: isSkewOpen,
    },
  };
}

interface Series {
  readonly seconds: ReadonlySet<number>;
  /** Whether each line is a failed request; else the time-out of a request may lie between a line and the failure. */
  readonly tellsRequests: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
}

function seriesOf(read: ReadStream, stream: StreamDigest): Series {
  const { requests, processes } = troubledSeconds(read);
  const tellsRequests = requests.size > 0;
  return { seconds: tellsRequests ? requests : processes, tellsRequests, ...spanOf([{ ...read, stream }]) };
}

function referenceSeries(references: readonly ReadStream[]): Series {
  const seconds = new Set<number>();
  for (const reference of references) for (const second of troubledSeconds(reference).requests) seconds.add(second);
  return { seconds, tellsRequests: true, ...spanOf(references) };
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
