/**
 * Named groups of a match as values of a record: digits become numbers, groups that took no part are left out.
 * A group may carry the same meaning under two names; the caller names them.
 */
export function groupValues(
  groups: Readonly<Record<string, string | undefined>> | undefined,
): Record<string, string | number> {
  const values: Record<string, string | number> = {};
  if (groups === undefined) return values;
  for (const [name, text] of Object.entries(groups)) {
    if (text === undefined || text === '') continue;
    values[name] = /^\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : text;
  }
  return values;
}
