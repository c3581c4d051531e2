import { readFileSync } from 'node:fs';

/** What the scoring needs of the list of causes: one name per cause, and which cause is an umbrella of which. */
export interface CauseNames {
  /** The catalogue's id for an id or an alias; a name that is not listed comes back as it is. */
  readonly canonical: (name: string) => string;
  /** All ids that a name stands for: an alias may be listed by several causes. */
  readonly meanings: (name: string) => readonly string[];
  /** Where the causes of a name usually lie; empty for a name that is not listed. */
  readonly usualPlaces: (name: string) => readonly string[];
  /** True where `umbrella` stands above `narrow`, over one or several steps. */
  readonly isBroader: (umbrella: string, narrow: string) => boolean;
}

/** Reads `fixtures/causes.tsv`: id, usual place, hop, broader (commas), title, aliases (commas); the first row is the header. */
export function parseCauseNames(tsv: string): CauseNames {
  const idOf = new Map<string, string>();
  const idsOf = new Map<string, string[]>();
  const placeOf = new Map<string, string>();
  const umbrellasOf = new Map<string, readonly string[]>();
  const rows = tsv
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t'));
  for (const [id = '', place = '', , broader = ''] of rows) {
    if (id === '') continue;
    idOf.set(id, id);
    placeOf.set(id, place);
    umbrellasOf.set(id, names(broader));
  }
  for (const [id = '', , , , , aliases = ''] of rows) {
    // An id keeps its meaning even where another row lists it as an alias.
    for (const alias of names(aliases)) {
      if (placeOf.has(alias)) continue;
      if (!idOf.has(alias)) idOf.set(alias, id);
      idsOf.set(alias, [...(idsOf.get(alias) ?? []), id]);
    }
  }
  const canonical = (name: string): string => idOf.get(name) ?? name;
  const meanings = (name: string): readonly string[] => idsOf.get(name) ?? [name];
  return {
    canonical,
    meanings,
    usualPlaces: (name) => meanings(name).flatMap((id) => placeOf.get(id) ?? []),
    isBroader: (umbrella, narrow) => {
      const wanted = canonical(umbrella);
      const seen = new Set<string>();
      const open = [...(umbrellasOf.get(canonical(narrow)) ?? [])];
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (id === wanted) return true;
        if (seen.has(id)) continue;
        seen.add(id);
        open.push(...(umbrellasOf.get(id) ?? []));
      }
      return false;
    },
  };
}

/** The list that lies in the repository. */
export function readCauseNames(): CauseNames {
  return parseCauseNames(readFileSync(new URL('../../../fixtures/causes.tsv', import.meta.url), 'utf8'));
}

function names(cell: string): readonly string[] {
  return cell
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
