import type { Burst, Result, Source } from '../result/schema.ts';
import { HOPS, type Hop } from '../vocabulary/hops.ts';
import { clockMsOf, clockOf, counted } from './figures.ts';
import { HOPS_OF_PLACE, mainBurst } from './words.ts';

/** A station of the request's path as the report draws it. */
export interface PathStation {
  readonly hop: Hop;
  /** `here`: the fault is at this hop; `within`: somewhere in the place this hop belongs to; `no`: not here. */
  readonly guilt: 'here' | 'within' | 'no';
  /** What the logs of this hop say, in a few words. */
  readonly note: string;
}

export interface RequestPath {
  readonly stations: readonly PathStation[];
  /** True where the way between edge and origin is at fault, no hop. */
  readonly networkAtFault: boolean;
}

/** Stamps are whole seconds, and clocks agree to about one. */
const SLACK_MS = 2500;

/** Whether a log covers a burst, so that its silence says something. */
function covers({ coverage }: Source, { start, end }: Burst): boolean {
  return coverage.some(
    ([from, to]) => Date.parse(from) <= Date.parse(start) + SLACK_MS && Date.parse(to) >= Date.parse(end) - SLACK_MS,
  );
}

/**
 * The path of a request with the guilty hop marked. The guilty hop is the verdict's own, if it belongs to the place: faults
 * that only the edge shows are not the edge's. Else it is the only hop of the place, or all its hops are marked as possible.
 */
export function requestPath(result: Result): RequestPath {
  const { place, hop: named } = result.verdict;
  const possible = HOPS_OF_PLACE[place];
  const guilty =
    named !== undefined && possible.includes(named) ? named : possible.length === 1 ? possible[0] : undefined;
  const burst = mainBurst(result);
  const telling = new Set(
    burst === undefined
      ? result.excerpt?.evidence.flatMap(({ lines }) => lines.map(({ source }) => result.sources[source]?.hop))
      : [burst.countedAt.hop],
  );
  const stations = HOPS.map((hop): PathStation => {
    const sources = result.sources.filter((source) => source.hop === hop);
    const first = burst?.firstByHop.find((sight) => sight.hop === hop);
    const note =
      sources.length === 0
        ? 'no log given'
        : first
          ? `first failure ${(Date.parse(first.time) % 1000 === 0 ? clockOf : clockMsOf)(first.time)}`
          : telling.has(hop)
            ? `${counted(sources.length, 'log')}, telling of it`
            : burst !== undefined && !sources.some((source) => covers(source, burst))
              ? `${counted(sources.length, 'log')}, not of this time`
              : `${counted(sources.length, 'log')}, ${burst === undefined ? 'no burst' : 'none of these failures'} in ${sources.length === 1 ? 'it' : 'them'}`;
    const guilt =
      place === 'network' || place === 'none' || place === 'unknown'
        ? 'no'
        : hop === guilty
          ? 'here'
          : guilty === undefined && possible.includes(hop)
            ? 'within'
            : 'no';
    return { hop, guilt, note };
  });
  return { stations, networkAtFault: place === 'network' };
}
