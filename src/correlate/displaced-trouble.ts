import type { FoundBurst } from '../bursts/burst.ts';
import { failedIn } from '../bursts/seconds.ts';
import { sameRhythm } from '../clock/rhythm.ts';
import type { TimedStream } from '../clock/timeline.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { type Displacement, isClockError, isZoneKnown, type OneClock, SLACK_MS } from './displacement.ts';
import { serviceOutages } from './outages.ts';
import { LEAD_IN_MS } from './scene.ts';
import { excerptScene } from './scenes.ts';
import type { TimeSpan } from './times.ts';

/**
 * A wrong clock explains a log's trouble where it puts so much of it (`there`) upon bursts or the time that leads to them,
 * while as it stands no more than `here` lies there. Many lines or several bursts make the beginnings telling, too.
 */
const MEASURES = [
  { leadMs: LEAD_IN_MS, here: 0.34, there: 0.8, isTelling: () => true },
  { leadMs: SLACK_MS, here: 0.7, there: 0.95, isTelling: (lines: number, bursts: number) => lines >= 8 || bursts > 1 },
] as const;
/** Seconds of trouble and bursts, the largest, that are looked at. */
const MOST_SECONDS = 100;
const MOST_BURSTS = 20;
/** What stays in force for as long as it was set for, and hits some of the visitors. */
const LASTING: ReadonlySet<SignalId> = new Set(['host.ban']);
/** A log with so few seconds of trouble cannot be told by their shape. */
const FEW_SECONDS = 7;

/**
 * Lines about processes that lie around bursts where the clock is off by as much as one can be, while few do as it stands. An
 * outage with both its ends is no such trouble: it has been compared with the bursts as a whole.
 */
export function troubleElsewhere(
  log: OneClock,
  placed: readonly TimedStream[],
  found: readonly FoundBurst[],
): Displacement | null {
  const others = found
    .filter(({ witness }) => !witness.streams.some((stream) => log.streams.includes(stream)))
    .sort((a, b) => b.failed - a.failed)
    .slice(0, MOST_BURSTS);
  const times = others.length === 0 ? [] : troubledMs(log.streams);
  if (times.length === 0 || serviceOutages(excerptScene(log.streams)).length > 0) return null;
  for (const measure of MEASURES) {
    const met = (by: number) => metBy(times, by, spansOf(others, measure.leadMs));
    // What lies around failures of its own is no trouble elsewhere.
    if (metBy(times, 0, unansweredSpans(found, measure.leadMs)).lines > measure.here * times.length) continue;
    const moves = others.flatMap(({ firstRequestMs }) => times.map((ms) => ms - firstRequestMs));
    const [best] = moves
      .filter((by) => isClockError(by, log))
      .map((by) => ({ by, ...met(by) }))
      .filter(({ lines, bursts }) => lines >= measure.there * times.length && measure.isTelling(lines, bursts))
      .sort((a, b) => b.lines - a.lines || Math.abs(a.by) - Math.abs(b.by));
    if (!best) continue;
    const told = rhythmNear(best.by, log, placed, others);
    // In one zone or another whatever happened at one time alone lies upon some burst.
    const isChance = !isZoneKnown(log) && isAtOneTime(times, others, measure.leadMs);
    if (told === null && isChance) return { ms: best.by, by: null, support: best.lines };
    return { ms: best.by, by: 'trouble', support: best.lines, ...told };
  }
  return null;
}

/** Whether all of a log's trouble is as near together as what belongs to one burst. */
function isAtOneTime(times: readonly number[], bursts: readonly FoundBurst[], leadMs: number): boolean {
  const longestMs = Math.max(...spansOf(bursts, leadMs).map(({ fromMs, toMs }) => toMs - fromMs));
  return (times.at(-1) ?? 0) - (times[0] ?? 0) <= longestMs;
}

/**
 * Where some of a log's trouble would lie upon a burst, while none of it does as the log stands. It is told of and not taken:
 * most trouble has nothing to do with any burst.
 */
export function troubleMayLieElsewhere(log: OneClock, found: readonly FoundBurst[]): Displacement | null {
  const others = found
    .filter(({ witness }) => !witness.streams.some((stream) => log.streams.includes(stream)))
    .sort((a, b) => b.failed - a.failed)
    .slice(0, MOST_BURSTS);
  const times = others.length === 0 ? [] : troubledMs(log.streams);
  if (times.length === 0 || metBy(times, 0, unansweredSpans(found, LEAD_IN_MS)).lines > 0) return null;
  const spans = spansOf(others, LEAD_IN_MS);
  const [best] = others
    .flatMap(({ firstRequestMs }) => times.map((ms) => ms - firstRequestMs))
    .filter((ms) => isClockError(ms, log))
    .map((ms) => ({ ms, support: metBy(times, ms, spans).lines }))
    .sort((a, b) => b.support - a.support || Math.abs(a.ms) - Math.abs(b.ms));
  return best ? { ...best, by: null } : null;
}

/**
 * Where, near a place, a log's trouble rises and falls from second to second with what another log of the inside tells, which
 * is the same events; else with the failures, which may come later by what their requests waited. Null where chance may do it.
 */
function rhythmNear(
  aboutMs: number,
  log: OneClock,
  placed: readonly TimedStream[],
  bursts: readonly FoundBurst[],
): Required<Pick<Displacement, 'ms' | 'told'>> | null {
  const own = troubledSeconds(log.streams);
  const about = Math.round(aboutMs / 1000);
  const near = Array.from({ length: 2 * (LEAD_IN_MS / 1000) + 1 }, (_, i) => about - LEAD_IN_MS / 1000 + i);
  const placedAt = (differenceS: number, toMs: number) =>
    ({ ms: differenceS * 1000, told: { by: 'rhythm', toMs: Math.max(SLACK_MS, toMs) } }) as const;
  for (const other of placed) {
    if (log.streams.includes(other) || other.stream.hop === 'edge' || other.stream.hop === 'client') continue;
    const heard = sameRhythm(own, troubledSeconds([other]), near);
    if (heard !== null) return placedAt(heard.differenceS, 0);
  }
  const heard = sameRhythm(own, failedSeconds(bursts), near);
  const waitedMs = Math.max(...bursts.map(({ startMs, firstRequestMs }) => startMs - firstRequestMs));
  return heard === null ? null : placedAt(heard.differenceS, waitedMs);
}

/** Failed requests by second, in bursts. */
function failedSeconds(bursts: readonly FoundBurst[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { witness, startMs, endMs } of bursts)
    witness.seconds.at.forEach((second, i) => {
      if (second * 1000 >= startMs - 1000 && second * 1000 <= endMs) counts.set(second, failedIn(witness.seconds, i));
    });
  return counts;
}

/**
 * Few lines about processes that come well before or after a burst begins, and might have begun it. What came before may have
 * been its cause all the same.
 */
export function beginsElsewhere(log: OneClock, found: readonly FoundBurst[]): Displacement | null {
  const times = troubledMs(log.streams);
  if (times.length === 0 || times.length > FEW_SECONDS) return null;
  if (found.some(({ witness }) => witness.streams.some((stream) => log.streams.includes(stream)))) return null;
  const [nearest] = found
    .flatMap(({ firstRequestMs, startMs, endMs }) =>
      times
        .filter((ms) => ms >= firstRequestMs - LEAD_IN_MS && ms <= endMs + SLACK_MS)
        .map((ms) => (ms > firstRequestMs && ms < startMs ? 0 : ms - (ms > startMs ? startMs : firstRequestMs))),
    )
    .sort((a, b) => Math.abs(a) - Math.abs(b));
  return nearest === undefined || !isClockError(nearest, log) ? null : { ms: nearest, by: null, support: 1 };
}

/** How many lines lie in some times, and in how many of these, where the log's clock is ahead by so much. */
function metBy(times: readonly number[], by: number, spans: readonly TimeSpan[]): { lines: number; bursts: number } {
  const isIn = (ms: number, { fromMs, toMs }: TimeSpan): boolean => ms - by >= fromMs && ms - by <= toMs;
  return {
    lines: times.filter((ms) => spans.some((span) => isIn(ms, span))).length,
    bursts: spans.filter((span) => times.some((ms) => isIn(ms, span))).length,
  };
}

function spansOf(bursts: readonly FoundBurst[], leadMs: number): TimeSpan[] {
  return bursts.map(({ firstRequestMs, endMs }) => ({ fromMs: firstRequestMs - leadMs, toMs: endMs + SLACK_MS }));
}

/** As `spansOf`, from the last good answer before: what happened when nobody came may last until somebody does. */
function unansweredSpans(bursts: readonly FoundBurst[], leadMs: number): TimeSpan[] {
  return spansOf(bursts, leadMs).map(({ fromMs, toMs }, i) => {
    const { witness, firstRequestMs = 0 } = bursts[i] ?? {};
    if (!witness?.knowsTotals) return { fromMs: Number.NEGATIVE_INFINITY, toMs };
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const [i, second] of witness.seconds.at.entries()) {
      if (second * 1000 >= firstRequestMs - SLACK_MS) break;
      if ((witness.seconds.fine[i] ?? 0) > 0) lastMs = second * 1000;
    }
    return { fromMs: Math.min(fromMs, lastMs), toMs };
  });
}

/** The seconds in which a log tells of processes in trouble, at most so many of them; none where most of its trouble has no time. */
function troubledMs(streams: readonly TimedStream[]): number[] {
  if (isMostlyUndated(streams)) return [];
  const sorted = [...troubledSeconds(streams).keys()].sort((a, b) => a - b);
  const step = Math.max(1, Math.ceil(sorted.length / MOST_SECONDS));
  return sorted.filter((_, i) => i % step === 0).map((second) => second * 1000);
}

/** Whether most of what a log tells of trouble has no time: where all of it lies is then not known (a framework's errors in gunicorn's log). */
function isMostlyUndated(streams: readonly TimedStream[]): boolean {
  let [all, dated] = [0, 0];
  for (const { clues } of streams)
    for (const [signal, { count, seconds }] of clues)
      if (SIGNALS[signal].role === 'process' && !LASTING.has(signal)) {
        all += count;
        dated += seconds.total;
      }
  return dated < all / 2;
}

/** How much a log tells of processes in trouble in each second. */
function troubledSeconds(streams: readonly TimedStream[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { clues } of streams) {
    for (const [signal, { seconds }] of clues)
      if (SIGNALS[signal].role === 'process' && !LASTING.has(signal))
        seconds.each((second, count) => {
          if (!Number.isNaN(second)) counts.set(second, (counts.get(second) ?? 0) + count);
        });
  }
  return counts;
}
