import type { Cause } from '../../causes/cause.ts';
import type { Diagnosis } from '../../causes/diagnose.ts';

/** Causes that are only wider names of one, over all steps. */
export function umbrellasOf(named: Cause, candidates: Diagnosis['candidates']): ReadonlySet<Cause['id']> {
  const umbrellas = new Set(named.broader);
  for (const id of umbrellas) {
    const broader = candidates.find(({ cause }) => cause?.id === id)?.cause?.broader ?? [];
    for (const wider of broader) umbrellas.add(wider);
  }
  return umbrellas;
}
