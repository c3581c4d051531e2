import type { Digest } from '../digest/digest.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import type { TimedStream } from './timeline.ts';

/** Lines without any time that may be counted against the failures of logs that have one: of processes, and of single requests. */
export function isCountedUndated({ stream }: TimedStream, signal: SignalId): boolean {
  const { role } = SIGNALS[signal];
  return UNDATED_HOPS.has(stream.hop) && (role === 'process' || role === 'request');
}

/** What writes to its output and leaves the time to others, often to nobody. */
const UNDATED_HOPS: ReadonlySet<string> = new Set(['app', 'dependency', 'proxy']);

/** What to tell the user of logs without any time beside logs that have one. */
export function undatedWarnings({ sources }: Digest, streams: readonly TimedStream[]): string[] {
  if (streams.every(({ firstMs }) => Number.isNaN(firstMs))) return [];
  const warnings = streams.flatMap((timed) => {
    const telling = [...timed.clues.keys()].some((signal) => isCountedUndated(timed, signal));
    if (!Number.isNaN(timed.firstMs) || !telling) return [];
    return [...new Set(timed.stream.segments.map(({ source }) => source))].map(
      (source) =>
        `${sources[source]?.label ?? ''}: its lines have no time, so they count less. With one (\`docker logs -t\`, \`journalctl -o short-iso\`) they tell more.`,
    );
  });
  return [...new Set(warnings)];
}
