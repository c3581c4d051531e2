import { byText } from '../input/labels.ts';
import type { Place } from '../vocabulary/hops.ts';
import type { Entry, EntryBurst } from './entry.ts';
import type { Trace } from './traces.ts';

/** All incidents of a batch seen together. A pure function of their entries; plain data, written as `index.json`. */
export interface Summary {
  /** By the time of their first failure; those without a time last. */
  readonly incidents: readonly IndexedIncident[];
  readonly months: readonly Month[];
  /** Causes that came more than once, the most frequent first. */
  readonly recurrences: readonly Recurrence[];
  /** Parts of the site that several causes struck. */
  readonly sharedParts: readonly SharedPart[];
  /** Incidents by the length of their longest burst, the longest first. */
  readonly slowest: readonly Slow[];
  readonly hosts: readonly Host[];
}

export interface IndexedIncident extends Entry {
  /** Name of an incident made of the very same files: it is counted there. */
  readonly sameAs: string | null;
}

/** Incidents that began in a month (UTC), by the place and the cause of their verdicts. */
export interface Month {
  /** `2025-03` */
  readonly month: string;
  readonly incidents: number;
  readonly failed: number;
  readonly places: Readonly<Partial<Record<Place, number>>>;
  readonly causes: Readonly<Record<string, number>>;
}

/** An incident in which something happened again. */
export interface Occurrence {
  readonly name: string;
  readonly folder: string;
  /** Null for an excerpt in which no burst stands out. */
  readonly burst: string | null;
  readonly start: string;
}

/** A value that several occurrences were bound to. */
export interface Common extends Trace {
  readonly incidents: number;
}

export interface Recurrence {
  readonly place: Place;
  readonly cause: string;
  readonly title: string;
  /** In the order of time. */
  readonly occurrences: readonly Occurrence[];
  /** Days between each occurrence and the one before. */
  readonly gapsDays: readonly number[];
  /** What at least two of them share, the most frequent first. */
  readonly common: readonly Common[];
  /** Those of them that share something which the others do not, the largest first: one part of the site that fails again. */
  readonly clusters: readonly Cluster[];
}

/** Incidents of one cause that are bound to the same parts of the site. */
export interface Cluster {
  readonly shared: readonly Trace[];
  /** In the order of time. */
  readonly occurrences: readonly Occurrence[];
  /** Days between each occurrence and the one before. */
  readonly gapsDays: readonly number[];
}

export interface SharedPart extends Common {
  /** Causes by how often each struck it, the most frequent first. */
  readonly causes: readonly { readonly cause: string; readonly title: string; readonly incidents: number }[];
  readonly occurrences: readonly Occurrence[];
}

export interface Slow extends Occurrence {
  readonly title: string;
  readonly place: Place;
  readonly durationMs: number;
  /** The logs end before the failures do. */
  readonly cutEnd: boolean;
}

export interface Host {
  readonly host: string;
  readonly incidents: number;
  readonly failed: number;
  readonly first: string;
  readonly last: string;
}

const MOST_SLOW = 10;
const MOST_COMMON = 4;
const DAY_MS = 86_400_000;

/** Sees incidents together. The order of the entries does not matter. */
export function summarize(entries: readonly Entry[]): Summary {
  const incidents = inOrderOfTime(entries);
  const counted = incidents.filter(({ sameAs }) => sameAs === null);
  return {
    incidents,
    months: monthsOf(counted),
    recurrences: recurrencesOf(counted),
    sharedParts: sharedPartsOf(counted),
    slowest: slowestOf(counted),
    hosts: hostsOf(counted),
  };
}

function inOrderOfTime(entries: readonly Entry[]): IndexedIncident[] {
  const byName = [...entries].sort((a, b) => byText(a.name, b.name));
  const first = new Map<string, string>();
  return byName
    .map((entry): IndexedIncident => {
      const { contentId, name } = entry;
      const sameAs = contentId === null ? null : (first.get(contentId) ?? null);
      if (contentId !== null && sameAs === null) first.set(contentId, name);
      return { ...entry, sameAs };
    })
    .sort((a, b) => byText(a.start ?? '~', b.start ?? '~') || byText(a.name, b.name));
}

/** Whether anything was wrong. */
export function isFailure({ bursts, verdict }: Entry): boolean {
  return bursts.length > 0 || (verdict !== null && verdict.place !== 'none' && verdict.place !== 'unknown');
}

function monthsOf(incidents: readonly Entry[]): Month[] {
  const failures = incidents.filter((entry) => entry.start !== null && isFailure(entry));
  const months = failures.map(({ start }) => (start ?? '').slice(0, 7)).sort();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  return monthsBetween(first, last).map((month) => {
    const here = failures.filter(({ start }) => start?.startsWith(month));
    return {
      month,
      incidents: here.length,
      failed: here.reduce((sum, { failed }) => sum + failed, 0),
      places: tally(here.map(({ verdict }) => verdict?.place ?? 'unknown')),
      causes: tally(here.map(({ verdict }) => verdict?.cause ?? 'unknown')),
    };
  });
}

/** All months from one to another; where the logs span decades (a wrong year among them), only those two. */
function monthsBetween(first: string, last: string): string[] {
  const number = (month: string): number => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const [from, to] = [number(first), number(last)];
  if (to - from > MOST_MONTHS) return [first, last];
  return Array.from({ length: to - from + 1 }, (_, i) => {
    const month = from + i;
    return `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;
  });
}

const MOST_MONTHS = 240;

/** How often each value occurs, in the order of the values. */
function tally<K extends string>(values: readonly K[]): Record<K, number>;
function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of [...values].sort()) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

interface Happening {
  readonly entry: Entry;
  readonly burst: Pick<EntryBurst, 'place' | 'cause' | 'title' | 'start' | 'traces'> & { readonly id: string | null };
}

/** The bursts whose cause is known and which say that something was wrong; of an excerpt without bursts the verdict. */
function happenings(incidents: readonly Entry[]): Happening[] {
  return incidents
    .flatMap((entry): Happening[] => {
      const { bursts, verdict, start } = entry;
      if (bursts.length > 0) return bursts.map((burst) => ({ entry, burst }));
      return verdict === null || start === null ? [] : [{ entry, burst: { ...verdict, id: null, start, traces: [] } }];
    })
    .filter(({ burst }) => burst.cause !== 'unknown' && burst.place !== 'none')
    .sort((a, b) => byText(a.burst.start, b.burst.start) || byText(a.entry.name, b.entry.name));
}

function recurrencesOf(incidents: readonly Entry[]): Recurrence[] {
  const recurrences: Recurrence[] = [];
  const all = happenings(incidents);
  for (const again of groupsOf(all, ({ burst }) => burst.cause)) {
    const once = firstOfEach(again);
    const [first] = once;
    if (first === undefined || once.length < 2) continue;
    const { place, cause, title } = first.burst;
    const occurrences = once.map(occurrenceOf);
    const shared = sharedBy(again, all);
    recurrences.push({
      place,
      cause,
      title,
      occurrences,
      gapsDays: gapsOf(occurrences),
      common: shared.map(({ trace, once: { length } }) => ({ ...trace, incidents: length })).slice(0, MOST_COMMON),
      clusters: clustersOf(shared.filter((some) => some.once.length < once.length)),
    });
  }
  return recurrences.sort((a, b) => b.occurrences.length - a.occurrences.length || byText(a.cause, b.cause));
}

/** The first happening of each incident. */
function firstOfEach<H extends Happening>(all: readonly H[]): readonly H[] {
  const seen = new Set<Entry>();
  return all.filter(({ entry }) => !seen.has(entry) && seen.add(entry));
}

function occurrenceOf({ entry, burst }: Happening): Occurrence {
  return { name: entry.name, folder: entry.folder, burst: burst.id, start: burst.start };
}

function gapsOf(occurrences: readonly Occurrence[]): number[] {
  return occurrences.slice(1).map(({ start }, i) => {
    const before = occurrences[i]?.start ?? start;
    return Math.round(((Date.parse(start) - Date.parse(before)) / DAY_MS) * 10) / 10;
  });
}

interface Traced extends Happening {
  readonly trace: Trace;
}

/** Happenings by what they were bound to. */
function byTrace(all: readonly Happening[]): (readonly Traced[])[] {
  const traced = all.flatMap((happening) => happening.burst.traces.map((trace) => ({ ...happening, trace })));
  return groupsOf(traced, ({ trace }) => `${trace.kind} ${trace.value}`);
}

/** What several incidents were bound to, and the first happening of each. */
interface Shared {
  readonly trace: Trace;
  readonly once: readonly Happening[];
}

/**
 * What at least two incidents of a cause were bound to, where most other incidents were not: that would say nothing. What the
 * most were bound to comes first.
 */
function sharedBy(again: readonly Happening[], all: readonly Happening[]): Shared[] {
  const mine = new Set(again.map(({ entry }) => entry));
  const others = new Set(all.map(({ entry }) => entry).filter((entry) => !mine.has(entry)));
  const elsewhere = new Map(
    byTrace(all.filter(({ entry }) => others.has(entry))).map((group) => [keyOf(group), firstOfEach(group).length]),
  );
  return byTrace(again)
    .flatMap((group): Shared[] => {
      const [first] = group;
      const once = firstOfEach(group);
      const isEverywhere = (elsewhere.get(keyOf(group)) ?? 0) > others.size / 2;
      return first === undefined || once.length < 2 || isEverywhere ? [] : [{ trace: first.trace, once }];
    })
    .sort(
      (a, b) =>
        b.once.length - a.once.length || byText(`${a.trace.kind} ${a.trace.value}`, `${b.trace.kind} ${b.trace.value}`),
    );
}

/** Incidents that share the same things are one cluster. */
function clustersOf(shared: readonly Shared[]): Cluster[] {
  const number = new Map<Entry, number>();
  const numberOf = (entry: Entry): number => {
    const known = number.get(entry) ?? number.size;
    number.set(entry, known);
    return known;
  };
  return groupsOf(shared, ({ once }) => once.map(({ entry }) => numberOf(entry)).join())
    .map((group) => {
      const occurrences = (group[0]?.once ?? []).map(occurrenceOf);
      return { shared: group.map(({ trace }) => trace), occurrences, gapsDays: gapsOf(occurrences) };
    })
    .slice(0, MOST_COMMON);
}

function keyOf([first]: readonly Traced[]): string {
  return first === undefined ? '' : `${first.trace.kind} ${first.trace.value}`;
}

function byIncidents(a: Common, b: Common): number {
  return b.incidents - a.incidents || byText(`${a.kind} ${a.value}`, `${b.kind} ${b.value}`);
}

/** Fewer incidents than these do not show what is everywhere. */
const ENOUGH_TO_TELL = 4;

function sharedPartsOf(incidents: readonly Entry[]): SharedPart[] {
  const all = happenings(incidents);
  const inAll = firstOfEach(all).length;
  const parts: SharedPart[] = [];
  for (const group of byTrace(all)) {
    const [first] = group;
    // A host has a table of its own, and one cause that comes again is told as such.
    if (first === undefined || first.trace.kind === 'host') continue;
    const causes = groupsOf(group, ({ burst }) => burst.cause)
      .map((ofCause) => ({
        cause: ofCause[0]?.burst.cause ?? '',
        title: ofCause[0]?.burst.title ?? '',
        incidents: firstOfEach(ofCause).length,
      }))
      .sort((a, b) => b.incidents - a.incidents || byText(a.cause, b.cause));
    const once = firstOfEach(group);
    const isEverywhere = inAll >= ENOUGH_TO_TELL && once.length > inAll / 2;
    if (causes.length < 2 || once.length < 2 || isEverywhere) continue;
    parts.push({ ...first.trace, incidents: once.length, causes, occurrences: once.map(occurrenceOf) });
  }
  return parts.sort(byIncidents);
}

function slowestOf(incidents: readonly Entry[]): Slow[] {
  const slow = incidents.flatMap((entry): Slow[] => {
    const lengths = entry.bursts
      .filter(({ place }) => place !== 'none')
      .map((burst) => ({ burst, durationMs: Date.parse(burst.end) - Date.parse(burst.start) }))
      .sort((a, b) => b.durationMs - a.durationMs || byText(a.burst.id, b.burst.id));
    const [longest] = lengths;
    if (longest === undefined) return [];
    const { burst, durationMs } = longest;
    const { title, place, cutEnd } = burst;
    return [{ ...occurrenceOf({ entry, burst }), title, place, durationMs, cutEnd }];
  });
  return slow.sort((a, b) => b.durationMs - a.durationMs || byText(a.name, b.name)).slice(0, MOST_SLOW);
}

function hostsOf(incidents: readonly Entry[]): Host[] {
  const seen = incidents.flatMap(({ hosts, start }) =>
    start === null ? [] : hosts.map((host) => ({ ...host, start })),
  );
  return groupsOf(seen, ({ host }) => host)
    .map((group) => ({
      host: group[0]?.host ?? '',
      incidents: group.length,
      failed: group.reduce((sum, { failed }) => sum + failed, 0),
      first: group[0]?.start ?? '',
      last: group.at(-1)?.start ?? '',
    }))
    .sort((a, b) => b.incidents - a.incidents || b.failed - a.failed || byText(a.host, b.host));
}

/** Items with the same key, in the order in which the keys first come. */
function groupsOf<T>(items: readonly T[], key: (item: T) => string): (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group === undefined) groups.set(key(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
