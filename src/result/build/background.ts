import { isLasting } from '../../bursts/background.ts';
import { type FoundBurst, peakPerMinute } from '../../bursts/burst.ts';
import { counted } from '../../causes/texts.ts';
import type { TimedClue, TimedRequest, TimedStream } from '../../clock/timeline.ts';
import { quoted, SLACK_MS } from '../../correlate/scene.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import type { Background } from '../schema.ts';
import { isoInstant, rounded } from './times.ts';

/** Rows and lines that are named, lines first: they tell more; the most frequent of both first. */
const MOST_SIGNALS = 3;
/** Spread over the whole time: each of so many parts of it has failures, and none has half of them. */
const PARTS = 8;

/** Failures in no burst, as the result tells them. */
export function backgroundResult(
  found: FoundBurst,
  bursts: readonly FoundBurst[],
  streams: readonly TimedStream[],
): Background {
  const { madeBy, witness, failed, total, estimated, startMs, endMs, failures } = found;
  const scale = failed / failures.length;
  const statuses = new Map<number, number>();
  for (const { status, weight } of failures) statuses.set(status, (statuses.get(status) ?? 0) + weight * scale);
  const peak = Math.round(peakPerMinute(failures) * scale);
  return {
    madeBy,
    countedAt: witness.hop,
    start: isoInstant(startMs),
    end: isoInstant(endMs),
    peakPerMinute: peak,
    requests: { failed, total, estimated, lowerBound: !witness.knowsTotals },
    statuses: Object.fromEntries(
      [...statuses].sort((a, b) => a[0] - b[0]).map(([status, count]) => [String(status), Math.round(count)]),
    ),
    lasting: isLasting(found),
    sentence: sentenceOf(found, [...statuses.keys()], peak),
    signals: signalsOf(found, bursts, streams),
  };
}

/** "647 of 64,757 requests (1 %) were answered 502, spread from 06:01:38 to 12:00:58 UTC, at most 7 in a minute." */
function sentenceOf(
  { failed, total, estimated, failures, startMs, endMs }: FoundBurst,
  statuses: number[],
  peak: number,
) {
  const about = estimated ? 'about ' : '';
  const share = total === null ? '' : ` of ${counted(total)} requests (${percent(failed / total)})`;
  const [start, end] = [isoInstant(startMs), isoInstant(endMs)].map((time) => time.slice(0, 19).replace('T', ' '));
  const until = end?.slice(0, 10) === start?.slice(0, 10) ? end?.slice(11) : end;
  const what = statuses.sort((a, b) => a - b).join(', ');
  return `${about}${counted(failed)}${share === '' ? ' requests' : share} were answered ${what}, ${isSpread(failures) ? 'spread ' : ''}from ${start} to ${until} UTC, never more than ${counted(peak)} in a minute.`;
}

/** Two digits that count, down to a hundredth of a per cent. */
function percent(share: number): string {
  return share < 0.0001 ? 'less than 0.01 %' : `${rounded(100 * share, share < 0.001 ? 2 : share < 0.1 ? 1 : 0)} %`;
}

function isSpread(failures: FoundBurst['failures']): boolean {
  const startMs = failures[0]?.atMs ?? 0;
  const partMs = ((failures.at(-1)?.atMs ?? 0) - startMs + 1) / PARTS;
  const counts = new Array<number>(PARTS).fill(0);
  for (const { atMs } of failures) {
    const part = Math.floor((atMs - startMs) / partMs);
    counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts.every((count) => count > 0 && count < failures.length / 2);
}

/** What the rows say of their failures, and the lines that were written with them by the hops further in. */
function signalsOf(
  found: FoundBurst,
  bursts: readonly FoundBurst[],
  streams: readonly TimedStream[],
): Background['signals'] {
  const known = new Map<SignalId, { count: number; seen: (TimedClue | TimedRequest)[] }>();
  const add = (signal: SignalId, weight: number, seen: TimedClue | TimedRequest): void => {
    const entry = known.get(signal) ?? { count: 0, seen: [] };
    entry.count += weight;
    entry.seen.push(seen);
    known.set(signal, entry);
  };
  const scale = found.failed / found.failures.length;
  for (const { signal, weight, row, clue } of found.failures) {
    const seen = row ?? clue;
    if (signal !== null && seen !== null) add(signal, weight * scale, seen);
  }
  const statuses = new Set(found.failures.map(({ status }) => status));
  for (const { clues } of found.witness.knowsTotals ? streams : []) {
    for (const [signal, { count, kept }] of clues) {
      const { role, status = 0 } = SIGNALS[signal];
      if (role !== 'request' || !statuses.has(status)) continue;
      const own = kept.filter(({ atMs }) => isIn(atMs, found) && !bursts.some((burst) => isIn(atMs, burst)));
      for (const clue of own) add(signal, count / kept.length, clue);
    }
  }
  return [...known]
    .sort((a, b) => Number(isRow(a[1])) - Number(isRow(b[1])) || b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_SIGNALS)
    .map(([signal, { count, seen }]) => ({
      signal,
      text: SIGNALS[signal].says,
      count: Math.round(count),
      lines: quoted(seen),
    }));
}

function isRow({ seen }: { readonly seen: readonly (TimedClue | TimedRequest)[] }): boolean {
  return seen[0]?.record.kind === 'request';
}

/** Whether a line was written in the time of some failures, or just after. */
function isIn(atMs: number, { startMs, endMs }: Pick<FoundBurst, 'startMs' | 'endMs'>): boolean {
  return atMs >= startMs - SLACK_MS && atMs <= endMs + SLACK_MS;
}
