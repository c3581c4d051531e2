import type { Secrets } from '../result/leaks.ts';
import { mapStrings } from '../result/redact.ts';
import type { Result } from '../result/schema.ts';

/** A text drawn from a result would hold a value that was masked, and masking it there did not help. */
export class LeakError extends Error {
  override name = 'LeakError';
  constructor() {
    super('it would hold a value that was masked elsewhere, so it is not written; please report this');
  }
}

/**
 * Draws a result and looks in the text for what was masked. What is found is masked in the result, which is drawn again.
 * What is still found then and is none of our own words is a leak: throws `LeakError`.
 */
export async function renderSafely(
  result: Result,
  render: (result: Result) => string | Promise<string>,
  secrets: Secrets | null,
): Promise<string> {
  const text = await render(result);
  if (secrets === null || secrets.find(text).size === 0) return text;
  const again = await render(mapStrings(result, (part) => secrets.mask(part)));
  const left = secrets.find(again);
  if (left.size === 0) return again;
  const own = secrets.find(await render(mapStrings(result, () => '')));
  for (const [value, count] of left) if (count > (own.get(value) ?? 0)) throw new LeakError();
  return again;
}
