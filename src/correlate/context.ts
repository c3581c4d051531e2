import type { SecondCounts } from '../clock/second-counts.ts';
import type { TimedClue, TimedStream } from '../clock/timeline.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { lineTemplate } from './line-template.ts';
import { writtenTimes } from './row-times.ts';
import { type TimeSpan, Times } from './times.ts';

/** How lines of one kind changed with a burst. */
export interface ContextLine {
  readonly template: string;
  readonly change: 'new' | 'jump' | 'silent';
  /** Lines in the burst's time. */
  readonly count: number;
  /** Lines that as long a time would have brought before. */
  readonly before: number;
  /** The first such line of the burst, or the last before they fell silent. */
  readonly line: TimedClue;
}

const MOST_LINES = 8;
const MOST_OF_A_SIGNAL = 2;
/** Lines this long before the first failing request belong to what happened. */
const LEAD_MS = 10_000;
const SLACK_MS = 2500;
/** A log must reach back so far before the burst to tell what is new. */
const KNOWN_BEFORE_MS = 15_000;
/** A jump is a line so many times as frequent as before, and at least so many lines. */
const JUMP = 5;
const FEWEST_OF_JUMP = 5;
/** Lines fell silent where so many were due. */
const DUE = 8;
/** Stretches as long as the burst, right before it, in all of which the line must have come. */
const REGULAR = 4;
const ALL_STRETCHES = 2 ** REGULAR - 1;
/** How surprising a change must be (natural logarithm of the odds) to be worth a line. */
const LEAST_SURPRISE = 3;
/** What happens to a process matters more than its number. */
const PROCESS_SURPRISE = 6;

/**
 * Lines that are new with a burst, came much more often, or fell silent, against the time before it and only as far as their
 * log covers both. The most surprising first, at most eight. Known noise can only fall silent.
 */
export function contextOf(burst: TimeSpan, busy: readonly TimeSpan[], streams: readonly TimedStream[]): ContextLine[] {
  const window = { fromMs: burst.fromMs - LEAD_MS, toMs: burst.toMs + SLACK_MS };
  const found = streams
    .filter(({ firstMs, lastMs }) => firstMs <= window.fromMs - KNOWN_BEFORE_MS && lastMs >= window.fromMs)
    .flatMap((stream) => changesIn(stream, window, busy))
    .sort(
      (a, b) =>
        b.surprise - a.surprise ||
        a.line.atMs - b.line.atMs ||
        a.line.source - b.line.source ||
        a.line.record.line - b.line.record.line,
    );
  const bySignal = new Map<SignalId, number>();
  const named = new Set<string>();
  return found
    .filter(({ template, line: { record } }) => {
      const n = (bySignal.get(record.signal) ?? 0) + 1;
      if (n > MOST_OF_A_SIGNAL || named.has(template)) return false;
      bySignal.set(record.signal, n);
      named.add(template);
      return true;
    })
    .slice(0, MOST_LINES)
    .map(({ surprise: _, ...line }) => line);
}

/** The lines of one template, in the burst's time and in the calm before. */
interface Series {
  readonly signal: SignalId;
  readonly template: string;
  inside: number;
  first: TimedClue | undefined;
  earlier: number;
  last: TimedClue | undefined;
  /** A bit for each of the stretches right before the burst in which the line came. */
  stretches: number;
  /** Each kept line stands for so many. */
  readonly insideWeight: number;
  readonly earlierWeight: number;
}

function changesIn(
  stream: TimedStream,
  window: TimeSpan,
  busy: readonly TimeSpan[],
): (ContextLine & { surprise: number })[] {
  const earlierMs = calmBefore(stream.firstMs, window.fromMs, busy);
  const busyBefore = new Times(busy.flatMap((span) => touchedBefore(span, window.fromMs)));
  const part = (window.toMs - window.fromMs) / Math.max(1, earlierMs);
  return [...stream.clues].flatMap(([signal, clues]) =>
    seriesOf(signal, clues, window, busyBefore).flatMap((series) => {
      const change = changeOf(series, part, window, stream.lastMs);
      return change === null ? [] : [change];
    }),
  );
}

function changeOf(
  { signal, template, inside, first, earlier, last, stretches, insideWeight, earlierWeight }: Series,
  part: number,
  window: TimeSpan,
  lastMs: number,
): (ContextLine & { surprise: number }) | null {
  const count = Math.round(inside * insideWeight);
  const due = earlier * earlierWeight * part;
  const { role } = SIGNALS[signal];
  if (first === undefined) {
    const covered = lastMs >= window.toMs - SLACK_MS;
    if (last === undefined || !covered || due < DUE || stretches !== ALL_STRETCHES) return null;
    return { template, change: 'silent', count: 0, before: Math.round(due), line: last, surprise: due };
  }
  if (role === 'noise') return null;
  // Where nothing came before, it is only known that it is rare: less than one in the whole time.
  const usual = earlier > 0 ? due : Math.min(0.5, 0.5 * part);
  const surprise = count * Math.log(count / usual) - (count - usual) + (isProcess(signal) ? PROCESS_SURPRISE : 0);
  if (surprise < LEAST_SURPRISE) return null;
  if (earlier === 0) return { template, change: 'new', count, before: 0, line: first, surprise };
  return count >= FEWEST_OF_JUMP && count >= JUMP * due
    ? { template, change: 'jump', count, before: Math.round(due), line: first, surprise }
    : null;
}

function isProcess(signal: SignalId): boolean {
  const { role } = SIGNALS[signal];
  return role === 'process' || role === 'context';
}

/** Each burst looks at the same lines before it. */
const templates = new WeakMap<readonly TimedClue[], Templates>();

/** The templates of the kept lines of a signal, and of each line which it has. */
interface Templates {
  readonly all: readonly string[];
  readonly ofLine: readonly number[];
}

function templatesOf(kept: readonly TimedClue[]): Templates {
  const before = templates.get(kept);
  if (before !== undefined) return before;
  const places = new Map<string, number>();
  const ofLine = kept.map(({ record }) => {
    const template = lineTemplate(record.text);
    const place = places.get(template) ?? places.size;
    places.set(template, place);
    return place;
  });
  const told = { all: [...places.keys()], ofLine };
  templates.set(kept, told);
  return told;
}

/** The kept lines of a signal by template, in the burst's time and in the calm before. */
function seriesOf(
  signal: SignalId,
  { seconds, kept }: { readonly seconds: SecondCounts; readonly kept: readonly TimedClue[] },
  window: TimeSpan,
  busyBefore: Times,
): Series[] {
  const times = writtenTimes(kept);
  const insidePlaces = times.within(window.fromMs, window.toMs);
  const earlierPlaces = times.within(Number.NEGATIVE_INFINITY, window.fromMs).filter((place) => {
    const atMs = kept[place]?.atMs ?? window.fromMs;
    return atMs < window.fromMs && !busyBefore.has(atMs);
  });
  const insideCount = insidePlaces.length;
  const earlierCount = earlierPlaces.length;
  if (insideCount === 0 && earlierCount < REGULAR) return [];
  const exactInside = seconds.between(window.fromMs, window.toMs);
  const exactEarlier = seconds.between(Number.NEGATIVE_INFINITY, window.fromMs - 1) - busyBefore.count(seconds);
  const insideWeight = Math.max(1, exactInside / Math.max(1, insideCount));
  const earlierWeight = Math.max(1, exactEarlier / Math.max(1, earlierCount));
  const { all, ofLine } = templatesOf(kept);
  const found = all.map(
    (template): Series => ({
      signal,
      template,
      inside: 0,
      first: undefined,
      earlier: 0,
      last: undefined,
      stretches: 0,
      insideWeight,
      earlierWeight,
    }),
  );
  for (const place of insidePlaces) {
    const series = found[ofLine[place] ?? 0];
    if (series === undefined) continue;
    series.inside++;
    series.first ??= kept[place];
  }
  for (const place of earlierPlaces) {
    const series = found[ofLine[place] ?? 0];
    const clue = kept[place];
    if (series === undefined || clue === undefined) continue;
    series.earlier++;
    series.last = clue;
    const stretch = Math.ceil((window.fromMs - clue.atMs) / (window.toMs - window.fromMs));
    if (stretch <= REGULAR) series.stretches |= 1 << (stretch - 1);
  }
  return found;
}

/** The time around a burst, as far as it lies before an instant (in whole milliseconds). */
function touchedBefore({ fromMs, toMs }: TimeSpan, endMs: number): TimeSpan[] {
  const span = { fromMs: fromMs - LEAD_MS, toMs: Math.min(toMs + SLACK_MS, endMs - 1) };
  return span.fromMs <= span.toMs ? [span] : [];
}

/** Milliseconds from one instant to another without bursts. */
function calmBefore(fromMs: number, toMs: number, busy: readonly TimeSpan[]): number {
  const lost = busy.reduce(
    (sum, span) => sum + Math.max(0, Math.min(toMs, span.toMs + SLACK_MS) - Math.max(fromMs, span.fromMs - LEAD_MS)),
    0,
  );
  return Math.max(0, toMs - fromMs - lost);
}
