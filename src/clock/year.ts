const YEARLESS_BASE = 2000;

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
