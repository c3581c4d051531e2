import type { Result } from '../../../src/result/schema.ts';
import type { Incident } from './truth.ts';

type Clock = NonNullable<Result['sources'][number]['clock']>;

/** How a log of the origin was put on the clock, beside the truth. */
export interface ClockMark {
  readonly folder: string;
  readonly path: string;
  readonly method: Clock['method'];
  /** `ambiguous`: said to be unknown. `null`: the lines write their zone, which needs no telling. */
  readonly zone: 'right' | 'ambiguous' | 'wrong' | null;
  /** `open`: the log tells nothing of its clock's error and the result says that it may be minutes off. Null without an edge log: nothing to measure against. */
  readonly offset: 'right' | 'open' | 'ambiguous' | 'wrong' | null;
  /** Seconds by which the times are off; NaN where that is not known. */
  readonly errorSeconds: number;
}

/** Logs whose lines write neither zone nor anything else of it, whatever carries them. */
const WITHOUT_ZONE = new Set(['nginx-error', 'php-fpm', 'php-fpm-slow', 'apache-error']);
/** What the result says of clocks that nothing ties. */
const MINUTES_SECONDS = 300;
/** Stamps are whole seconds: as near as two logs of one request come. */
const WHOLE_SECONDS = 2;
const HOUR_MINUTES = 60;

/** Marks the clocks of an incident's logs from the origin. */
export function markClocks({ id, originClock, sampleRate }: Incident, result: Result): ClockMark[] {
  const hasEdge = sampleRate !== null;
  return result.sources.flatMap(({ path, format, hop, clock }) => {
    if (clock === null || hop === 'edge' || hop === 'client') return [];
    const isUnwritten = clock.year !== null || WITHOUT_ZONE.has(format);
    const isOpen = clock.method === 'assumed' || result.warnings.some((text) => text.startsWith(`${path}: the zone`));
    const zoneErrorMinutes = isUnwritten ? zoneError(clock, originClock.offsetMs / 60_000) : 0;
    const errorSeconds = zoneErrorMinutes * 60 + clock.skewSeconds - originClock.skewMs / 1000;
    const zone = !isUnwritten ? null : zoneErrorMinutes === 0 ? 'right' : isOpen ? 'ambiguous' : 'wrong';
    const offset = hasEdge ? offsetMark(errorSeconds, clock, isOpen) : null;
    return [{ folder: id, path, method: clock.method, zone, offset, errorSeconds }];
  });
}

/** Minutes between the zone that was told and the true one; in a zone with summer time both of its offsets are it. */
function zoneError({ zone, zoneOffsetMinutes }: Clock, trueMinutes: number): number {
  const error = zoneOffsetMinutes - trueMinutes;
  return zone.includes('/') && Math.abs(error) === HOUR_MINUTES ? 0 : error;
}

function offsetMark(errorSeconds: number, { uncertaintySeconds }: Clock, isOpen: boolean): ClockMark['offset'] {
  if (Math.abs(errorSeconds) <= WHOLE_SECONDS) return 'right';
  if (isOpen) return 'ambiguous';
  if (Math.abs(errorSeconds) > Math.max(WHOLE_SECONDS, uncertaintySeconds)) return 'wrong';
  return uncertaintySeconds >= MINUTES_SECONDS ? 'open' : 'right';
}

/** How many logs have which mark. */
export interface ClockFigures {
  readonly logs: number;
  readonly zones: Readonly<Record<'right' | 'ambiguous' | 'wrong', number>>;
  readonly offsets: Readonly<Record<'right' | 'open' | 'ambiguous' | 'wrong', number>>;
  readonly wrong: readonly ClockMark[];
}

/** Sums marks. */
export function clockFigures(marks: readonly ClockMark[]): ClockFigures {
  const zones = { right: 0, ambiguous: 0, wrong: 0 };
  const offsets = { right: 0, open: 0, ambiguous: 0, wrong: 0 };
  for (const { zone, offset } of marks) {
    if (zone !== null) zones[zone]++;
    if (offset !== null) offsets[offset]++;
  }
  const wrong = marks.filter(({ zone, offset }) => zone === 'wrong' || offset === 'wrong');
  return { logs: marks.length, zones, offsets, wrong };
}

/** The figures as lines for a terminal. */
export function clockRows({ logs, zones, offsets, wrong }: ClockFigures): string[] {
  const measured = offsets.right + offsets.open + offsets.ambiguous + offsets.wrong;
  const asked = zones.right + zones.ambiguous + zones.wrong;
  return [
    `  ${logs} logs of origins; ${asked} write no zone: right ${zones.right}, ambiguous ${zones.ambiguous}, wrong ${zones.wrong}`,
    `  ${measured} beside an edge log: offset right ${offsets.right}, said to be open ${offsets.open}, ambiguous ${offsets.ambiguous}, wrong ${offsets.wrong}`,
    ...wrong.map(
      ({ folder, path, method, errorSeconds }) => `  wrong: ${folder} ${path} by ${errorSeconds} s (${method})`,
    ),
  ];
}
