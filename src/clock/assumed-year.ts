import type { TimedStream } from './timeline.ts';

/** Whether it is known of which year these logs are. Where one of them tells it, it is known of all. */
export function isYearKnown(streams: readonly TimedStream[]): boolean {
  return assumedYear(streams) === undefined;
}

/** What to tell the user where nothing tells the year. */
export function yearWarnings(streams: readonly TimedStream[]): string[] {
  const year = assumedYear(streams);
  return year === undefined
    ? []
    : [`No log writes the year, and ${year} stands for it; with --year all dates are the right ones.`];
}

function assumedYear(streams: readonly TimedStream[]): number | undefined {
  return streams.find(({ clock }) => clock.year?.method === 'assumed')?.clock.year?.value;
}
