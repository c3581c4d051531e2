import type { Segment } from '../digest/digest.ts';

const YEARLESS_BASE = 2000;
/** A log that jumps back by more than this has gone over New Year. */
const NEW_YEAR_MS = 30 * 86_400_000;
/** A log that ends this near to the others belongs to them as much as one that covers them. */
const NEAR_MS = 30 * 86_400_000;

/** A wall clock of the year 2000 moved to another year; 29 February becomes 1 March in a year without it. */
export function inYear(yearlessMs: number, year: number): number {
  const d = new Date(yearlessMs);
  return Date.UTC(
    year,
    d.getUTCMonth(),
    d.getUTCDate(),
    d.getUTCHours(),
    d.getUTCMinutes(),
    d.getUTCSeconds(),
    d.getUTCMilliseconds(),
  );
}

/** A leap year comes every fourth year, or every eighth round most centuries. */
const LEAP_YEARS = 8;

function isLeapDay(yearlessMs: number): boolean {
  const date = new Date(yearlessMs);
  return date.getUTCMonth() === 1 && date.getUTCDate() === 29;
}

/** Whether a year has the days on which a segment begins and ends. */
function hasDays({ firstMs, lastMs }: Segment, year: number): boolean {
  return [firstMs, lastMs].every((ms) => !isLeapDay(ms) || isLeapDay(inYear(ms, year)));
}

/** The year that puts a wall clock without year nearest to a reference time; 2000 where there is none. */
export function nearestYear(yearlessMs: number, referenceMs: number): number {
  if (Number.isNaN(referenceMs)) return YEARLESS_BASE;
  const around = new Date(referenceMs).getUTCFullYear();
  let best = around;
  for (const year of [around - 1, around + 1]) {
    if (Math.abs(inYear(yearlessMs, year) - referenceMs) < Math.abs(inYear(yearlessMs, best) - referenceMs))
      best = year;
  }
  return best;
}

/**
 * The year of each segment that writes none: within one source each jump back is a New Year, and the run of years is laid
 * so that the file comes nearest to its source's reference time (of two runs that do, the one whose end does: logs end when they are
 * fetched) and that its 29 February is one. Undefined for segments that need no year.
 */
export function yearsOf(segments: readonly Segment[], referenceOf: (source: number) => number): (number | undefined)[] {
  const years: (number | undefined)[] = new Array<number | undefined>(segments.length).fill(undefined);
  const bySource = new Map<number, { segment: Segment; index: number }[]>();
  segments.forEach((segment, index) => {
    if (segment.kind !== 'yearless') return;
    const own = bySource.get(segment.source);
    if (own) own.push({ segment, index });
    else bySource.set(segment.source, [{ segment, index }]);
  });
  for (const [source, own] of bySource) {
    const referenceMs = referenceOf(source);
    let passed = 0;
    const run = own.map(({ segment, index }, i) => {
      const before = own[i - 1]?.segment;
      if (before && before.lastMs - segment.firstMs > NEW_YEAR_MS) passed++;
      return { segment, index, passed };
    });
    const last = run.at(-1);
    if (last === undefined) continue;
    const around = Number.isNaN(referenceMs) ? YEARLESS_BASE : new Date(referenceMs).getUTCFullYear();
    let best = { first: around - last.passed, awayMs: Number.POSITIVE_INFINITY, endMs: Number.POSITIVE_INFINITY };
    const hasLeapDay = run.some(({ segment }) => isLeapDay(segment.firstMs) || isLeapDay(segment.lastMs));
    const reach = hasLeapDay ? LEAP_YEARS : 1;
    for (let first = around - last.passed - reach; !Number.isNaN(referenceMs) && first <= around + reach; first++) {
      if (hasLeapDay && !run.every(({ segment, passed: n }) => hasDays(segment, first + n))) continue;
      const awayMs = Math.min(
        ...run.map(({ segment, passed: n }) =>
          Math.max(
            inYear(segment.firstMs, first + n) - referenceMs,
            referenceMs - inYear(segment.lastMs, first + n),
            NEAR_MS,
          ),
        ),
      );
      const endMs = Math.abs(inYear(last.segment.lastMs, first + last.passed) - referenceMs);
      if (awayMs < best.awayMs || (awayMs === best.awayMs && endMs < best.endMs)) best = { first, awayMs, endMs };
    }
    for (const { index, passed: n } of run) years[index] = best.first + n;
  }
  return years;
}
