import { greatest, rollup, sum } from 'd3-array';
import type { Result } from '../../result/schema.ts';
import type { Hop } from '../../vocabulary/hops.ts';
import { clockOf, dayOf, formatSpan } from '../figures.ts';

/** The zone in which the origin's own logs are written. */
export interface OriginZone {
  readonly offsetMinutes: number;
  /** `UTC+02:00` */
  readonly name: string;
}

const ORIGIN_HOPS: readonly Hop[] = ['proxy', 'app', 'dependency', 'host'];

/** `UTC+02:00`, `UTC−05:00`. */
export function offsetName(minutes: number): string {
  const size = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `UTC${minutes < 0 ? '−' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The zone of most lines of the origin's logs; null where that is UTC, or no log of it has a clock. */
export function originZone(result: Result): OriginZone | null {
  const own = result.sources.filter(({ hop, clock }) => clock !== null && ORIGIN_HOPS.includes(hop));
  const lines = rollup(
    own,
    (sources) => sum(sources, (source) => source.lines),
    ({ clock }) => clock?.zoneOffsetMinutes ?? 0,
  );
  const [offsetMinutes] = greatest(lines, ([, count]) => count) ?? [0];
  return offsetMinutes === 0 ? null : { offsetMinutes, name: offsetName(offsetMinutes) };
}

/** An ISO time as the origin's wall clock showed it: the same form, without a Z. */
export function clockThere(time: string, { offsetMinutes }: OriginZone): string {
  return new Date(Date.parse(time) + offsetMinutes * 60_000).toISOString().replace('Z', '');
}

/** "15:22:31 – 15:23:15": a span on the origin's wall clock, with the day where it is another than in UTC. */
export function timesThere(start: string, end: string, zone: OriginZone): string {
  const [from, to] = [clockThere(start, zone), clockThere(end, zone)];
  const sameDay = dayOf(from) === dayOf(start) && dayOf(to) === dayOf(end) && dayOf(from) === dayOf(to);
  if (!sameDay) return formatSpan(from, to);
  return clockOf(from) === clockOf(to) ? clockOf(from) : `${clockOf(from)} – ${clockOf(to)}`;
}

/** "15:22:31 – 15:23:15 at the origin (UTC+02:00)". */
export function spanThere(start: string, end: string, zone: OriginZone): string {
  return `${timesThere(start, end, zone)} at the origin (${zone.name})`;
}
