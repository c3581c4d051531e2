import type { Digest } from '../digest/digest.ts';
import type { SkewPiece } from './course.ts';
import { nearestZoneMs } from './placement.ts';
import type { StreamClock, TimedStream } from './timeline.ts';
import { offsetName } from './zones.ts';

/** A skew that differs from the stream's by more is another zone. */
const MOST_CHANGE_MS = 450_000;
/** Changes in so many steps, all in one direction, are a clock that runs away. */
const STEPS = 2;

/** The clock of one source of a stream, as it was at that source's last entry (on the one clock). */
export function clockIn(clock: StreamClock, source: number, lastMs: number): StreamClock {
  const own = clock.course?.filter((piece) => (piece.source ?? source) === source);
  const last = own?.findLast(({ fromMs, skewMs }) => !(fromMs - skewMs > lastMs)) ?? own?.[0];
  if (last === undefined) return clock;
  const apartMs = last.skewMs - clock.skewSeconds * 1000;
  const zoneMs = Math.abs(apartMs) > MOST_CHANGE_MS ? nearestZoneMs(apartMs) : 0;
  const zoneOffsetMinutes = clock.zoneOffsetMinutes + zoneMs / 60_000;
  return {
    ...clock,
    zone: zoneMs === 0 ? clock.zone : offsetName(zoneOffsetMinutes),
    zoneOffsetMinutes,
    skewSeconds: Math.round((last.skewMs - zoneMs) / 1000),
  };
}

/** What to tell the user of clocks that changed while a log was written. */
export function changeWarnings(digest: Digest, streams: readonly TimedStream[]): string[] {
  const warnings = streams.flatMap(({ stream, clock: { course = [] } }) =>
    [...new Set(stream.segments.map(({ source }) => source))].flatMap((source) => {
      const label = digest.sources[source]?.label ?? '';
      const said = changeOf(course.filter((piece) => piece.source === source));
      return said === null ? [] : [`${label}: ${said} Its times are corrected by what other logs show of them.`];
    }),
  );
  return [...new Set(warnings)];
}

function changeOf(pieces: readonly SkewPiece[]): string | null {
  const [first] = pieces;
  const last = pieces.at(-1);
  if (!first || !last || pieces.length < 2) return null;
  const steps = pieces.slice(1).map(({ skewMs }, i) => Math.sign(skewMs - (pieces[i]?.skewMs ?? 0)));
  if (steps.length >= STEPS && steps.every((step) => step === steps[0]))
    return `its clock ran away while it was written: first it was ${said(first)}, at the end ${said(last)}.`;
  const at = new Date(last.fromMs).toISOString().slice(11, 19);
  return steps.length === 1
    ? `its clock was set while it was written: before ${at} UTC, as it tells the time, it was ${said(first)}, then ${said(last)}.`
    : `its clock changed ${steps.length} times while it was written: first it was ${said(first)}, at the end ${said(last)}.`;
}

function said({ skewMs }: SkewPiece): string {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  return seconds === 0 ? 'right' : `${seconds} s ${skewMs < 0 ? 'behind' : 'ahead'}`;
}
