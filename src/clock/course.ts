import { type AgreedDifference, agreedDifference, type ClockEvent } from './differences.ts';

/** A clock's error from an instant of its own on, in the lines of one source; null: of all that the clock stamped. */
export interface SkewPiece {
  readonly source: number | null;
  /** By this very clock; the first piece of a source holds for what lies before it, too. */
  readonly fromMs: number;
  readonly skewMs: number;
}

/** How the error of a stream's clock went, where it did not stay the same: source by source, each in order of time. */
export type SkewCourse = readonly SkewPiece[];

/** Events of a stream with the source that holds them, and where in it. */
export interface SourceEvent extends ClockEvent {
  readonly source: number;
  /** Lines stand in the order in which they were written, whatever the clock showed. */
  readonly line: number;
}

/** A piece is told by so many events, of which at least so many agree. */
const EVENTS_OF_PIECE = 40;
const MIN_AGREED = 5;
const MOST_PIECES = 24;
/** Of the events of a piece, compared with all, this part must agree; and clearly more than at the error of the piece before. */
const AGREED = 0.5;
const CLEARLY = 1.5;
/** A rival with this part of a piece's support leaves it open. */
const MOST_RIVAL = 0.6;
const MOST_OPEN = 0.1;
/** Keys that occur more often than this tell little of when. */
const FEW_PER_KEY = 25;
/** Where so many events of a log meet at one error there is no course to look for. */
const ALL = 0.9;
/** Differences nearer than this are one: stamps are whole seconds, answers take their time. */
const SAME_MS = 2000;
/** Clocks are stepped and run away by no more than this while a log is written. */
const MOST_CHANGE_MS = 900_000;

/**
 * How the difference between a stream's events and those of others changed: a clock that was set, one that runs away, files
 * of several machines. `aboutMs` is where most events agree, `isClear` whether they agree nowhere else; a file on
 * its own may differ by whatever `isPossible`. Null where it stayed the same, as far as the events tell.
 */
export function courseOf(
  events: readonly SourceEvent[],
  references: readonly ClockEvent[],
  aboutMs: number,
  isClear: boolean,
  isPossible: (differenceMs: number) => boolean,
): SkewCourse | null {
  const partners = partnersByKey(references);
  const shared = events
    .filter(({ key }) => (partners.get(key)?.length ?? Number.POSITIVE_INFINITY) <= FEW_PER_KEY)
    .sort((a, b) => a.source - b.source || a.line - b.line);
  const meets = ({ key, ms }: ClockEvent, skewMs: number): boolean =>
    (partners.get(key) ?? []).some((other) => Math.abs(ms - skewMs - other) <= SAME_MS);
  const met = (some: readonly ClockEvent[], skewMs: number): number =>
    some.filter((event) => meets(event, skewMs)).length;
  const usual = met(shared, aboutMs) / Math.max(1, shared.length);
  if (usual >= ALL) return null;
  /** Whether events agree on an error, and clearly more than on one that is known. */
  const isOther = (agreed: AgreedDifference, some: readonly ClockEvent[], knownMs: number): boolean =>
    !isOpen(agreed) &&
    agreed.support >= Math.max(MIN_AGREED, AGREED * usual * some.length) &&
    met(some, agreed.differenceMs) > CLEARLY * met(some, knownMs) &&
    Math.abs(agreed.differenceMs - knownMs) > SAME_MS;
  const pieces = piecesOf(shared);
  // A file of another clock may begin with a piece that tells too little by itself.
  const ofFile = new Map<number, number>();
  for (const [source, own] of bySource(shared)) {
    if (own.length === shared.length) break;
    const agreed = agreedDifference(own, references, isPossible);
    if (agreed !== null && isOther(agreed, own, aboutMs)) ofFile.set(source, wholeOf(agreed.differenceMs));
  }
  let open = 0;
  const course: (SkewPiece & { events: readonly SourceEvent[] })[] = [];
  for (const piece of pieces) {
    const [first] = piece;
    if (!first) continue;
    const before = course.at(-1);
    const isNext = before?.source === first.source;
    const known = isNext ? before.skewMs : (ofFile.get(first.source) ?? aboutMs);
    const agreed = agreedDifference(
      piece,
      references,
      isNext ? (ms) => Math.abs(ms - known) <= MOST_CHANGE_MS : isPossible,
    );
    if (agreed === null || isOpen(agreed)) open++;
    const skewMs = agreed !== null && isOther(agreed, piece, known) ? wholeOf(agreed.differenceMs) : known;
    if (isNext && skewMs === before.skewMs) {
      course[course.length - 1] = { ...before, events: [...before.events, ...piece] };
      continue;
    }
    course.push({ source: first.source, fromMs: first.ms, skewMs, events: piece });
  }
  if (
    course.every(({ skewMs }) => skewMs === course[0]?.skewMs) &&
    Math.abs((course[0]?.skewMs ?? aboutMs) - aboutMs) <= SAME_MS
  )
    return null;
  // Where no one error fits the whole, the pieces must tell their own; in one of them the clock was set.
  if (!isClear && open > 1 + MOST_OPEN * pieces.length) return null;
  return course.map((piece, i) => {
    const before = course[i - 1];
    const fromMs = before?.source === piece.source ? changeBetween(before, piece, meets) : piece.fromMs;
    return { source: piece.source, fromMs, skewMs: wholeOf(piece.skewMs) };
  });
}

const isOpen = ({ support, runnerUp }: AgreedDifference): boolean =>
  runnerUp !== null && runnerUp.support > MOST_RIVAL * support;

/** Stamps are whole seconds: an error of one is none. */
const wholeOf = (ms: number): number => (Math.abs(ms) <= 1000 ? 0 : ms);

/** The error of a clock at an instant that it showed in a source; the nearest piece's where the source has none. */
export function skewAt(course: SkewCourse, source: number, ms: number): number {
  let found: SkewPiece | undefined;
  for (const piece of course) {
    if ((piece.source ?? source) === source && (found === undefined || piece.fromMs <= ms)) found = piece;
  }
  return (found ?? course[0])?.skewMs ?? 0;
}

/** The course of the clock itself, for other logs that it stamped; undefined where the sources show different clocks. */
export function clockCourse(course: SkewCourse): SkewCourse | undefined {
  const inTime = [...course].sort((a, b) => a.fromMs - b.fromMs);
  const seen = new Set<number | null>();
  for (const [i, { source, skewMs }] of inTime.entries()) {
    const before = inTime[i - 1];
    if (before !== undefined && source === before.source) continue;
    if (seen.has(source) || Math.abs(skewMs - (before?.skewMs ?? skewMs)) > SAME_MS) return undefined;
    seen.add(source);
  }
  return inTime.map((piece) => ({ ...piece, source: null }));
}

function partnersByKey(events: readonly ClockEvent[]): Map<string, number[]> {
  const byKey = new Map<string, number[]>();
  for (const { key, ms } of events) {
    const times = byKey.get(key);
    if (times) times.push(ms);
    else byKey.set(key, [ms]);
  }
  return byKey;
}

function bySource(events: readonly SourceEvent[]): Map<number, SourceEvent[]> {
  const found = new Map<number, SourceEvent[]>();
  for (const event of events) {
    const own = found.get(event.source);
    if (own) own.push(event);
    else found.set(event.source, [event]);
  }
  return found;
}

/** Equal parts of the events of each source. */
function piecesOf(events: readonly SourceEvent[]): SourceEvent[][] {
  return [...bySource(events).values()].flatMap((own) => {
    const pieces = Math.max(1, Math.min(MOST_PIECES, Math.floor(own.length / EVENTS_OF_PIECE)));
    const size = Math.ceil(own.length / pieces);
    return Array.from({ length: pieces }, (_, i) => own.slice(i * size, (i + 1) * size)).filter(
      ({ length }) => length > 0,
    );
  });
}

/** When one error took the place of another: where most events before meet with the one, and after with the other. */
function changeBetween(
  before: { readonly skewMs: number; readonly events: readonly SourceEvent[] },
  after: { readonly skewMs: number; readonly fromMs: number; readonly events: readonly SourceEvent[] },
  meets: (event: ClockEvent, skewMs: number) => boolean,
): number {
  const events = [...before.events.slice(-2 * EVENTS_OF_PIECE), ...after.events.slice(0, 2 * EVENTS_OF_PIECE)];
  let score = 0;
  let best = { score: 0, ms: events[0]?.ms ?? after.fromMs };
  events.forEach((event, i) => {
    score += Number(meets(event, before.skewMs)) - Number(meets(event, after.skewMs));
    const next = events[i + 1]?.ms;
    if (score > best.score && next !== undefined) best = { score, ms: next };
  });
  return best.ms;
}
