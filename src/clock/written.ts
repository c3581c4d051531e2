import type { Segment, StreamDigest } from '../digest/digest.ts';
import { type SkewCourse, skewAt } from './course.ts';
import { inYear } from './year.ts';
import { type Pass, type SeenOffset, seenZone, UTC, type Zone } from './zones.ts';

/** Whether the stamps of a stream are all instants. */
export const isWritten = ({ segments }: Pick<StreamDigest, 'segments'>): boolean =>
  segments.every(({ kind }) => kind === 'utc' || kind === 'none') && segments.some(({ kind }) => kind === 'utc');

/** Turns a time as a segment of a stream writes it into an instant on the edge's clock; NaN where there is none. */
export type ToInstant = (segment: number, writtenMs: number) => number;

/** Wall clocks are set back by an hour (half an hour on Lord Howe Island); more is another day's log, not a clock change. */
const MOST_SET_BACK_MS = 7_200_000;

/** Which segments are the two passes of a clock that was set back: the same source's lines, running over the same hour twice. */
export function passesOf(segments: readonly Segment[]): readonly Pass[] {
  const passes = new Array<Pass>(segments.length).fill(undefined);
  segments.forEach((segment, i) => {
    const before = segments[i - 1];
    if (!before || before.source !== segment.source || before.kind !== segment.kind) return;
    const setBackMs = before.lastMs - segment.firstMs;
    if (setBackMs <= 0 || setBackMs > MOST_SET_BACK_MS || segment.lastMs < before.firstMs) return;
    passes[i - 1] ??= 'first';
    passes[i] = 'second';
  });
  return passes;
}

/** A time as it is written, with its year: an instant where the zone is written too, else a wall clock read as though UTC. */
export function wallOf({ kind }: Segment, year: number | undefined, writtenMs: number): number {
  if (kind === 'none') return Number.NaN;
  return kind === 'yearless' && year !== undefined ? inYear(writtenMs, year) : writtenMs;
}

/** Reads a stream's times with a zone, the years of its segments, and how far its clock is ahead of the edge's, now and then. */
export function instantsOf(
  segments: readonly Segment[],
  years: readonly (number | undefined)[],
  zone: Zone,
  skewMs: number,
  course?: SkewCourse,
): ToInstant {
  const passes = passesOf(segments);
  const offsetsMs = segments.map((segment) => (course === undefined ? onlyOffsetMs(segment, zone) : undefined));
  return (index, writtenMs) => {
    const offsetMs = offsetsMs[index];
    if (offsetMs !== undefined) return writtenMs - offsetMs - skewMs;
    const segment = segments[index];
    if (segment === undefined) return Number.NaN;
    const wallMs = wallOf(segment, years[index], writtenMs);
    const shownMs = Number.isNaN(wallMs) || segment.kind === 'utc' ? wallMs : zone.toInstant(wallMs, passes[index]).ms;
    return shownMs - (course === undefined ? skewMs : skewAt(course, segment.source, shownMs));
  };
}

/** What all times of a segment differ from instants by, in milliseconds; undefined where it hangs on the time. */
function onlyOffsetMs({ kind }: Segment, { onlyOffsetMinutes }: Zone): number | undefined {
  if (kind === 'utc') return 0;
  return kind === 'local' && onlyOffsetMinutes !== undefined ? onlyOffsetMinutes * 60_000 : undefined;
}

/** The zone of a stream that writes it: its offsets, or `as written` where each line names one that is not kept. */
export function writtenZone({ offsets }: StreamDigest): Zone {
  const seen = [...offsets].map(([offsetMinutes, range]): SeenOffset => ({ offsetMinutes, ...range }));
  return seen.length === 0 ? { ...UTC, name: 'as written' } : seenZone(seen);
}

/** The offset written last. */
export function writtenOffset({ offsets }: StreamDigest): number {
  return [...offsets].sort((a, b) => b[1].lastMs - a[1].lastMs || a[0] - b[0])[0]?.[0] ?? 0;
}
