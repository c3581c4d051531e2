/** Numbers, shares, durations and times as people read them. English, UTC, the same on every machine. */

/** A count with thousands separators. */
export function formatCount(value: number): string {
  const [whole = '0', fraction] = String(Math.abs(value)).split('.');
  const grouped = whole.includes('e') ? whole : whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${value < 0 ? '−' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** "1 file", "2 files"; `plural` where an s is not enough. */
export function counted(value: number, one: string, plural = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : plural}`;
}

/** A part of 1 in per cent; never rounded up to 100 or down to 0. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent >= 10 || Number.isInteger(percent)) {
    const whole = Math.round(percent);
    return whole === 100 && percent < 100 ? '>99 %' : `${whole} %`;
  }
  return `${percent.toFixed(1)} %`;
}

/** A part of a whole in per cent, or null where the whole is not known. */
export function shareOf(part: number, whole: number | null): string | null {
  return whole === null || whole === 0 ? null : formatShare(part / whole);
}

/** Milliseconds as "4 ms", "3.2 s", "14 min 43 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return ms < 10_000 && ms % 1000 !== 0 ? `${(ms / 1000).toFixed(1)} s` : `${seconds} s`;
  const parts = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
    small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
  if (seconds < 3600) return parts(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) return parts(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return parts(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/** Milliseconds between two ISO times. */
export function msBetween(start: string, end: string): number {
  return Date.parse(end) - Date.parse(start);
}

/** `2026-03-04` of an ISO time. */
export function dayOf(time: string): string {
  return time.slice(0, 10);
}

/** `13:52:04` of an ISO time. */
export function clockOf(time: string): string {
  return time.slice(11, 19);
}

/** `13:52:04.120` of an ISO time. */
export function clockMsOf(time: string): string {
  return time.slice(11, 23);
}

/** `2026-03-04 13:52:04` of an ISO time. */
export function dayAndClock(time: string): string {
  return `${dayOf(time)} ${clockOf(time)}`;
}

/** A span of two ISO times; the day is written once where both share it. */
export function formatSpan(start: string, end: string): string {
  if (dayOf(start) !== dayOf(end)) return `${dayAndClock(start)} – ${dayAndClock(end)}`;
  return clockOf(start) === clockOf(end) ? dayAndClock(start) : `${dayAndClock(start)} – ${clockOf(end)}`;
}

/** Bytes as "812 B", "3.4 MB" (powers of 1,000). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? 'B'}`;
}
