import type { TimedStream } from '../clock/timeline.ts';
import type { TimeSpan } from './times.ts';

/** Requests that a log's own pace would have brought in a silence, for it to be more than chance. */
const MISSED = 20;
/** The next longest silence of a log whose silence is one of a kind is at most this part of it. */
const NEXT = 0.5;

/** The one time in which a request log, against its own pace, has no rows; null where there is none, or several. */
export function longestSilence({ stream, cells, firstMs, lastMs }: TimedStream): TimeSpan | null {
  let longest: TimeSpan | null = null;
  let nextMs = 0;
  let beforeMs = Number.NaN;
  for (const { atMs } of cells) {
    const silentMs = atMs - beforeMs;
    if (silentMs > lengthOf(longest)) {
      nextMs = lengthOf(longest);
      longest = { fromMs: beforeMs, toMs: atMs };
    } else if (silentMs > nextMs) nextMs = silentMs;
    beforeMs = atMs;
  }
  const silentMs = lengthOf(longest);
  const missed = (stream.requestCount / Math.max(1, lastMs - firstMs - silentMs)) * silentMs;
  return missed >= MISSED && nextMs <= NEXT * silentMs ? longest : null;
}

function lengthOf(span: TimeSpan | null): number {
  return span === null ? 0 : span.toMs - span.fromMs;
}
