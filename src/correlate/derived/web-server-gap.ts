import { isCovered } from '../../clock/coverage.ts';
import type { TimedClue, TimedStream } from '../../clock/timeline.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { inTime } from '../scene.ts';

/** A gap is an outage where the log's own pace would have brought this many requests. */
const MISSED_REQUESTS = 20;
const SHORTEST_GAP_MS = 2000;
/** Stamps are whole seconds. */
const SLACK_MS = 1000;

const STOPS: readonly SignalId[] = ['nginx.sig-stop', 'apache.stop', 'proxy.stop'];
const STARTS: readonly SignalId[] = ['nginx.start', 'apache.start', 'proxy.start'];

/** A time in which the web server was away while visitors must have come. */
export interface WebServerGap {
  readonly stop: TimedClue;
  readonly start: TimedClue;
}

/**
 * The longest time between a stop of the web server and its next start in which its access log, at its own pace, would have
 * had many requests and has none. Requests that meet a closed port are in none of its logs: the gap is all that shows.
 */
export function webServerGap(streams: readonly TimedStream[]): WebServerGap | null {
  const rows = streams.filter(({ stream }) => stream.hop === 'proxy' && stream.requestCount > 0);
  const requests = rows.reduce((sum, { stream }) => sum + stream.requestCount, 0);
  const spanMs = Math.max(1, ...rows.map(({ firstMs, lastMs }) => lastMs - firstMs));
  const stops = kept(streams, STOPS);
  const starts = kept(streams, STARTS);
  let longest: WebServerGap | null = null;
  for (const stop of stops) {
    const start = starts.find(({ atMs }) => atMs >= stop.atMs);
    if (!start) continue;
    const gapMs = start.atMs - stop.atMs;
    if (!rows.some(({ coverage }) => isCovered(coverage, stop.atMs, start.atMs))) continue;
    if (gapMs < SHORTEST_GAP_MS || (gapMs / spanMs) * requests < MISSED_REQUESTS) continue;
    if (longest && gapMs <= longest.start.atMs - longest.stop.atMs) continue;
    // Who answers in that time is another server than the one that stopped.
    const answered = rows.some(({ cells }) =>
      cells
        .between(stop.atMs + SLACK_MS, start.atMs - SLACK_MS)
        .atMs.some((atMs) => atMs > stop.atMs + SLACK_MS && atMs < start.atMs - SLACK_MS),
    );
    if (!answered) longest = { stop, start };
  }
  return longest;
}

function kept(streams: readonly TimedStream[], signals: readonly SignalId[]): TimedClue[] {
  return streams
    .flatMap(({ clues }) => signals.flatMap((signal) => clues.get(signal)?.kept ?? []))
    .filter(({ atMs }) => !Number.isNaN(atMs))
    .sort(inTime);
}
