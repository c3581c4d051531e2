import type { StreamDigest } from '../digest/digest.ts';
import { courseOf, type SkewCourse, type SourceEvent } from './course.ts';
import { agreedDifference, type ClockEvent } from './differences.ts';
import { failedEvents, lineEvents, type ReadStream, rayEvents, requestEvents } from './events.ts';

/** How far one log's clock is from that of others, by what both of them saw. */
export interface Tie {
  readonly method: 'ray-id' | 'request' | 'inner' | 'process';
  /** The log as it is read minus the others. */
  readonly differenceMs: number;
  readonly uncertaintySeconds: number;
  /** Events that agree. */
  readonly support: number;
  readonly rival: { readonly differenceMs: number; readonly support: number } | null;
  /** False where a rival fits nearly as well. */
  readonly isClear: boolean;
  /** How the difference went, where it did not stay the same. */
  readonly course?: SkewCourse;
}

const MIN_REQUESTS = 5;
/** Ray IDs are unique: one tells whose clock is minutes off, three tell seconds. */
const MIN_RAYS = 1;
const SURE_RAYS = 3;
const NEAR_MS = 2500;
const MOST_RIVAL = 0.6;

/**
 * The difference at which a log's events meet those of others, and its course where it changed: then a rival may be the same
 * clock at another time. A file on its own may differ by what `mayBe`.
 */
export function tieInCourse(
  left: ReadStream,
  right: readonly ReadStream[],
  allowed: (differenceMs: number) => boolean,
  mayBe: (differenceMs: number) => boolean = allowed,
): Tie | null {
  const found = tie(left, right, allowed);
  if (found === null) return null;
  const [events, others] = found.events;
  const course = courseOf(events, others(), found.differenceMs, found.isClear, mayBe);
  return course === null ? found : { ...found, course, rival: null, isClear: true };
}

/** The difference at which a log's Ray IDs, requests or error lines meet those of others; null where too few do. */
export function tie(
  left: ReadStream,
  right: readonly ReadStream[],
  allowed: (differenceMs: number) => boolean,
): EventTie | null {
  return (
    byRay(rayEvents(left), () => right.flatMap(rayEvents), allowed) ??
    byRequest(requestEvents(left), () => right.flatMap(requestEvents), allowed) ??
    byRequest(lineEvents(left), () => right.flatMap(failedEvents), allowed)
  );
}

/** A tie with the events that told it. */
interface EventTie extends Tie {
  readonly events: readonly [readonly SourceEvent[], () => readonly ClockEvent[]];
}

function byRay(
  left: readonly SourceEvent[],
  right: () => readonly ClockEvent[],
  allowed: (differenceMs: number) => boolean,
): EventTie | null {
  if (left.length === 0) return null;
  const at = new Map(right().map(({ key, ms }) => [key, ms]));
  const differences = left
    .flatMap(({ key, ms }) => {
      const other = at.get(key);
      return other === undefined || !allowed(ms - other) ? [] : [ms - other];
    })
    .sort((a, b) => a - b);
  const median = differences[Math.floor(differences.length / 2)];
  if (median === undefined) return null;
  const near = differences.filter((ms) => Math.abs(ms - median) <= NEAR_MS);
  if (near.length < MIN_RAYS) return null;
  const isSure = near.length >= SURE_RAYS;
  const mean = near.reduce((sum, ms) => sum + ms, 0) / near.length;
  // One answer may have been slow on its way: it tells of minutes, not of a second.
  const differenceMs = isSure || Math.abs(mean) > NEAR_MS ? mean : 0;
  return {
    method: 'ray-id',
    differenceMs,
    uncertaintySeconds: isSure ? 1 : 3,
    support: near.length,
    rival: null,
    isClear: true,
    events: [left, right],
  };
}

function byRequest(
  left: readonly SourceEvent[],
  right: () => readonly ClockEvent[],
  allowed: (differenceMs: number) => boolean,
): EventTie | null {
  if (left.length === 0) return null;
  const agreed = agreedDifference(left, right(), allowed);
  if (!agreed || agreed.support < MIN_REQUESTS) return null;
  const { differenceMs, support, runnerUp } = agreed;
  return {
    method: 'request',
    differenceMs,
    uncertaintySeconds: 2,
    support,
    rival: runnerUp,
    isClear: runnerUp === null || runnerUp.support <= MOST_RIVAL * support,
    events: [left, right],
  };
}

/** Answers that show the same difference lie this near to each other: the header writes whole seconds, the way takes some time. */
const SAME_SECOND_MS = 1500;

/**
 * How far a capture's clock is ahead of Cloudflare's, by the `date` headers of the answers in it: what most of them agree on.
 * Null where none tells, or no half agrees (answers from a cache keep their old date).
 */
export function tieByDate({ kept }: Pick<StreamDigest, 'kept'>): Tie | null {
  const ahead = [...kept.failed.rows, ...kept.refused.rows, ...kept.ordinary.rows]
    .flatMap(({ record }) => record.aheadOfEdgeMs ?? [])
    .sort((a, b) => a - b);
  let best: number[] = [];
  ahead.forEach((from, i) => {
    const near = ahead.slice(i).filter((ms) => ms - from <= 2 * SAME_SECOND_MS);
    if (near.length > best.length) best = near;
  });
  const middle = best[Math.floor(best.length / 2)];
  if (middle === undefined || best.length * 2 <= ahead.length) return null;
  return {
    method: 'inner',
    differenceMs: Math.abs(middle) <= SAME_SECOND_MS ? 0 : middle,
    uncertaintySeconds: 2,
    support: best.length,
    rival: null,
    isClear: true,
  };
}
