import type { TimedStream } from '../clock/timeline.ts';
import { failureKind } from '../vocabulary/hops.ts';
import { SIGNALS } from '../vocabulary/signals.ts';

/** Requests that a log must hold to say that nothing stands out. */
const ENOUGH_REQUESTS = 30;
/** Above this share of failures a log without a burst is no quiet log. */
const QUIET_SHARE = 0.05;
/** Logs with more entries than this, of which few tell of failures, are no pasted excerpt. */
const EXCERPT_ENTRIES = 60;

/**
 * Whether the logs would show gateway errors and show none that stand out: a request log with enough good answers, or a
 * long log of lines in which bad ones are the exception.
 */
export function isQuiet(streams: readonly TimedStream[]): boolean {
  let requests = 0;
  let failed = 0;
  let lines = 0;
  let bad = 0;
  for (const { cells, clues } of streams) {
    for (const { cell } of cells) {
      requests += cell.count;
      const kind = failureKind(cell.status);
      if (kind !== null && kind !== 'blocked' && (cell.signal === null || SIGNALS[cell.signal].role === 'request'))
        failed += cell.count;
    }
    for (const [signal, { count }] of clues) {
      lines += count;
      const { role } = SIGNALS[signal];
      if (role === 'request' || role === 'process') bad += count;
    }
  }
  if (requests >= ENOUGH_REQUESTS) return failed / requests < QUIET_SHARE;
  return requests + lines > EXCERPT_ENTRIES && bad < 0.2 * lines;
}

/** Whether some line looked bad and all that looked bad is known to be harmless. */
export function hasOnlyNoise(streams: readonly TimedStream[]): boolean {
  let noise = false;
  for (const { clues, failures } of streams) {
    for (const signal of clues.keys()) {
      const { role } = SIGNALS[signal];
      if (role === 'request' || role === 'process') return false;
      if (role === 'noise') noise = true;
    }
    for (const { record } of failures) {
      if (record.signal === undefined) continue;
      if (SIGNALS[record.signal].role === 'request') return false;
      noise = true;
    }
  }
  return noise;
}
