import type { Result } from '../result/schema.ts';

/** Objects whose keys are data get them in order; all others have the order in which the result is built: the schema's. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** What JSON leaves raw and a terminal or an editor would act on: C1 controls, DEL, bidi and invisible marks. */
const RAW = /[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A value as JSON: two spaces, nothing in it that a terminal or an editor would act on. Ends with a line end. */
export function safeJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2).replace(
    RAW,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${text}\n`;
}

/**
 * The result as JSON: two spaces, `options`, `statuses` and `masked` by name, so that equal results are equal bytes. Ends
 * with a line end. The schema is not asked here: loading it takes longer than reading a small log (the tests ask it).
 */
export function renderJson(result: Result): string {
  const stable = {
    ...result,
    options: sorted(result.options),
    bursts: result.bursts.map((burst) => ({ ...burst, statuses: sorted(burst.statuses) })),
    redaction: { ...result.redaction, masked: sorted(result.redaction.masked) },
  };
  return safeJson(stable);
}
