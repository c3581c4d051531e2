import type { Result, Source } from './schema.ts';

/**
 * A result that lists some of its sources only: the wanted ones, and those of whose lines it speaks. Everything else in it
 * stays, with the numbers of sources set anew; how many are left out is said in a warning.
 */
export function withSources(result: Result, isWanted: (source: Source) => boolean): Result {
  const { sources, ...rest } = result;
  const spokenOf = new Set<number>();
  renumbered(rest, (index) => {
    spokenOf.add(index);
    return index;
  });
  const kept = sources.flatMap((source, index) => (spokenOf.has(index) || isWanted(source) ? [index] : []));
  if (kept.length === sources.length) return result;
  const places = new Map(kept.map((index, place) => [index, place]));
  const moved = renumbered(rest, (index) => places.get(index) ?? index);
  const warning = `of ${sources.length} files that were read, the ${kept.length} with entries of this time are listed`;
  return {
    ...moved,
    bursts: moved.bursts.map((burst) => ({
      ...burst,
      countedAt: { ...burst.countedAt, sources: burst.countedAt.sources.flatMap((index) => places.get(index) ?? []) },
    })),
    sources: kept.flatMap((index) => sources[index] ?? []),
    warnings: [...result.warnings, warning],
  };
}

/** A copy of JSON-like data with the number of the source of every line changed. */
function renumbered<T>(value: T, change: (index: number) => number, key?: string): T;
function renumbered(value: unknown, change: (index: number) => number, key = ''): unknown {
  if (typeof value === 'number') return key === 'source' ? change(value) : value;
  if (Array.isArray(value)) return value.map((inner) => renumbered(inner, change, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, renumbered(inner, change, name)]));
}
