import { NO_STAMP, type Stamp } from '../../vocabulary/records.ts';
import { monthIndex, textStamp, wallMs } from '../stamps.ts';
import { zoneOffsetMinutes } from '../zone-names.ts';

/**
 * The time that the groups of a pattern hold: `iso`, or a day and a `clock` (`8:12:30.123`; `half` A or P where it has twelve hours), in
 * the `zone` that is written (`+0100`, `UTC`). The day is `date` (`2026/11/20`), `shortDate` (`261120`), or `day`, `month` (a number or
 * its English name) and `year`, which may be lacking.
 */
export type StampGroups = Readonly<
  Partial<Record<'iso' | 'date' | 'shortDate' | 'year' | 'month' | 'day' | 'clock' | 'half' | 'zone', string>>
>;

/** What such groups say: none without a day or a clock; undefined where one of them is no time. */
export function groupStamp(groups: StampGroups): Stamp | undefined {
  const { iso, clock, half, zone } = groups;
  if (iso !== undefined) return textStamp(iso);
  const day = dayOf(groups);
  if (clock === undefined || day === null) return NO_STAMP;
  const [time = '', fraction = ''] = clock.split(/[.,]/);
  const [hours, minutes, seconds = 0] = time.split(':').map(Number);
  if (day === undefined || hours === undefined || minutes === undefined) return undefined;
  const hour = half === undefined ? hours : (hours % 12) + (half === 'P' ? 12 : 0);
  const millisecond = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const ms = wallMs(day.year ?? YEARLESS, day.month, day.day, hour, minutes, seconds, millisecond);
  // What is beyond its range would be counted on: the 45th of a month is a day of the next one.
  const at = new Date(ms);
  if (at.getUTCMonth() !== day.month || at.getUTCHours() !== hour) return undefined;
  const offsetMinutes = zone === undefined ? undefined : zoneOffsetMinutes(zone, ms);
  if (offsetMinutes !== undefined) return { kind: 'utc', ms: ms - offsetMinutes * 60_000 };
  return { kind: day.year === undefined ? 'yearless' : 'local', ms };
}

/** Stands for a year that is not written. */
const YEARLESS = 2000;

interface Day {
  readonly year: number | undefined;
  /** From 0. */
  readonly month: number;
  readonly day: number;
}

/** Null where no day is written, undefined where it is none. */
function dayOf({ date, shortDate, year, month, day }: StampGroups): Day | null | undefined {
  const written =
    shortDate === undefined
      ? date?.split(/[-/.]/)
      : [`20${shortDate.slice(0, 2)}`, shortDate.slice(2, 4), shortDate.slice(4)];
  const [y, m, d] = written ?? [year, month, day];
  if (m === undefined || d === undefined) return null;
  const index = /^\d/.test(m) ? Number(m) - 1 : monthIndex(m);
  return index === undefined
    ? undefined
    : { year: y === undefined ? undefined : Number(y), month: index, day: Number(d) };
}
