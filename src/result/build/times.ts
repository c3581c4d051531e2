/** An instant as the result writes it: ISO 8601, UTC, milliseconds; null where there is none. */
export function isoTime(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined || !Number.isFinite(ms) ? null : new Date(Math.round(ms)).toISOString();
}

/** An instant that is known to be one. */
export function isoInstant(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}

/** Rounds to a number of decimals, without the noise of binary fractions. */
export function rounded(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  const result = Math.round(value * factor) / factor;
  return result === 0 ? 0 : result;
}
