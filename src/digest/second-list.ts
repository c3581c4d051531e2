import { firstFrom } from '../vocabulary/ascending.ts';

/** Counts by second, of the seconds that have any: two lists, in the order of time. They take a quarter of what a map does. */
export interface SecondList {
  readonly seconds: number[];
  readonly counts: number[];
}

/** Lines that were counted a minute at a time come between others of it. */
const MOST_LATER = 120;

/** The counts of a segment, for more to be added; `all` has those of each. */
export function countsOf(all: SecondList[], segment: number): SecondList {
  // No holes: the counts are written down as a list.
  while (all.length <= segment) all.push({ seconds: [], counts: [] });
  const list = all[segment];
  if (list === undefined) throw new Error('a segment must be counted from 0');
  return list;
}

/** Adds counts to others. */
export function addAll(into: SecondList, more: SecondList): void {
  const { seconds, counts } = more;
  const [first] = seconds;
  if (first === undefined) return;
  // Lines come in the order of time, nearly always.
  if (first < (into.seconds.at(-1) ?? first)) addAmong(into, more);
  else for (let i = 0; i < seconds.length; i++) addTo(into, seconds[i] ?? 0, counts[i] ?? 0);
}

/** Adds to one second; false, and nothing done, where it lies so far before the last one that it should wait for others. */
export function addTo(list: SecondList, second: number, count: number): boolean {
  const { seconds, counts } = list;
  const { length } = seconds;
  let at = length;
  if (length > 0 && (seconds[length - 1] ?? 0) >= second) {
    at = Math.max(0, length - MOST_LATER);
    if (at > 0 && (seconds[at - 1] ?? 0) >= second) return false;
    at = firstFrom(seconds, second, at);
  }
  if (seconds[at] === second) counts[at] = (counts[at] ?? 0) + count;
  else if (at === length) {
    seconds.push(second);
    counts.push(count);
  } else {
    seconds.splice(at, 0, second);
    counts.splice(at, 0, count);
  }
  return true;
}

function addAmong(into: SecondList, more: SecondList): void {
  const [own, others] = [into.seconds.splice(0), into.counts.splice(0)];
  let at = 0;
  for (let i = 0; i < more.seconds.length; i++) {
    const second = more.seconds[i] ?? 0;
    for (; at < own.length && (own[at] ?? 0) <= second; at++) addTo(into, own[at] ?? 0, others[at] ?? 0);
    addTo(into, second, more.counts[i] ?? 0);
  }
  for (; at < own.length; at++) addTo(into, own[at] ?? 0, others[at] ?? 0);
}
