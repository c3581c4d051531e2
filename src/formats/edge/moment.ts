import { parseIso } from '../stamps.ts';

/** Years 2001 to 2100 in seconds: what lies outside is no time of a log. */
const EARLIEST_S = 978_307_200;
const LATEST_S = 4_102_444_800;

/** Units of a Unix time by the number that one second has of them (reference: cloudflare-exports 1.3). */
const PER_SECOND: readonly number[] = [1, 1e3, 1e6, 1e9];

/**
 * A time of an export in milliseconds since 1970, whatever its form: Unix seconds, milliseconds, microseconds or
 * nanoseconds as a number or in quotes, RFC 3339, or `2022-10-30 10:11:12` (taken as UTC). Undefined where it is none.
 */
export function momentMs(value: unknown): number | undefined {
  if (typeof value === 'number') return unixMs(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{10,19}(?:\.\d{1,9})?$/.test(value)) return unixMs(Number(value));
  const stamp = parseIso(value);
  return stamp && stamp.kind !== 'none' ? stamp.ms : undefined;
}

function unixMs(time: number): number | undefined {
  for (const perSecond of PER_SECOND) {
    const seconds = time / perSecond;
    // Numbers of 19 digits were rounded to 256 ns by JSON.parse; half a microsecond keeps them on their millisecond.
    if (seconds >= EARLIEST_S && seconds < LATEST_S) return Math.floor(seconds * 1000 + 0.0005);
  }
  return undefined;
}
