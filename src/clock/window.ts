import type { TimedStream } from './timeline.ts';

/** A moment on the one clock: an instant, or a time before the last dated entry of all logs. Milliseconds. */
export type Moment = { readonly atMs: number } | { readonly beforeEndMs: number };

/** What of the logs is looked at; both ends belong to it. */
export interface TimeWindow {
  readonly since?: Moment | undefined;
  readonly until?: Moment | undefined;
}

/**
 * The streams as though their logs held nothing outside the window. Undated entries are left out, as nobody knows where they
 * belong; a stream with nothing in the window is left out altogether.
 */
export function withinWindow(streams: readonly TimedStream[], { since, until }: TimeWindow): readonly TimedStream[] {
  if (since === undefined && until === undefined) return streams;
  const endMs = Math.max(...streams.map(({ lastMs }) => lastMs).filter(Number.isFinite));
  const instant = (moment: Moment): number => ('atMs' in moment ? moment.atMs : endMs - moment.beforeEndMs);
  const fromMs = since === undefined ? Number.NEGATIVE_INFINITY : instant(since);
  const toMs = until === undefined ? Number.POSITIVE_INFINITY : instant(until);
  return streams.flatMap((stream) => within(stream, fromMs, toMs) ?? []);
}

/** Of a file that has nothing in the window, as of one that writes no times. */
const NO_SPAN = [Number.NaN, Number.NaN] as const;

function within(timed: TimedStream, fromMs: number, toMs: number): TimedStream | null {
  const inside = ({ atMs }: { readonly atMs: number }): boolean => atMs >= fromMs && atMs <= toMs;
  const clues = new Map(
    [...timed.clues].flatMap(([signal, { seconds, kept }]) => {
      // A second belongs to the window where its beginning does, as its lines do.
      const left = seconds.within(fromMs, toMs);
      const count = left.total;
      return count === 0 ? [] : [[signal, { count, seconds: left, kept: kept.filter(inside) }] as const];
    }),
  );
  const cells = timed.cells.between(fromMs, toMs);
  if (cells.length === 0 && clues.size === 0) return null;
  return {
    ...timed,
    firstMs: Math.max(timed.firstMs, fromMs),
    lastMs: Math.min(timed.lastMs, toMs),
    segmentSpans: timed.segmentSpans.map(([first, last]) =>
      first > toMs || last < fromMs ? NO_SPAN : ([Math.max(first, fromMs), Math.min(last, toMs)] as const),
    ),
    coverage: timed.coverage.flatMap(([from, to]) =>
      from > toMs || to < fromMs ? [] : [[Math.max(from, fromMs), Math.min(to, toMs)] as const],
    ),
    failures: timed.failures.filter(inside),
    sample: timed.sample.filter(inside),
    cells,
    clues,
  };
}
