import type { Cause } from './cause.ts';

const SUGGESTED = 3;
/** A word is a near miss where no more than this part of its letters is wrong. */
const NEAR = 0.4;

/** The cause of an id or alias; upper case and underscores do no harm. */
export function causeNamed(name: string, catalogue: readonly Cause[]): Cause | undefined {
  const wanted = plain(name);
  return (
    catalogue.find(({ id }) => id === wanted) ?? catalogue.find(({ aliases }) => aliases.some((a) => a === wanted))
  );
}

/** Ids of the causes that somebody may have meant, the nearest first: few letters off, or a word of id, alias or title. */
export function nearMisses(name: string, catalogue: readonly Cause[]): string[] {
  const wanted = plain(name);
  return catalogue
    .map(({ id, aliases, title }) => ({
      id,
      distance: Math.min(
        ...[id, ...aliases].map((known) => distance(wanted, known) / Math.max(wanted.length, known.length, 1)),
        shared(wanted, [id, ...aliases, title].join(' ')),
      ),
    }))
    .filter(({ distance }) => distance <= NEAR)
    .sort((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1))
    .slice(0, SUGGESTED)
    .map(({ id }) => id);
}

function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s]+/g, '-')
    .slice(0, 80);
}

/** Part of the words of `wanted` that are not among the words of `text`, 0–1. */
function shared(wanted: string, text: string): number {
  const words = new Set(text.toLowerCase().split(/[^a-z0-9]+/));
  const asked = wanted.split('-').filter((word) => word.length > 2);
  return asked.length === 0 ? 1 : asked.filter((word) => !words.has(word)).length / asked.length;
}

/** Least number of letters to insert, remove, change or swap with the next (optimal string alignment). */
function distance(a: string, b: string): number {
  let twoAgo: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j - 1] ?? 0) + 1, (last[j] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (twoAgo[j - 2] ?? 0) + 1);
      row.push(least);
    }
    twoAgo = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
