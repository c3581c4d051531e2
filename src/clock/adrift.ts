import type { Digest } from '../digest/digest.ts';
import { type ClockDomain, ClockDomains } from './domains.ts';
import type { StreamClock, TimedStream } from './timeline.ts';
import { isWritten } from './written.ts';
import { offsetName } from './zones.ts';

/** Streams by whether a verdict may set their times against those of the others. */
export interface ByClock {
  readonly placed: readonly TimedStream[];
  readonly adrift: readonly TimedStream[];
}

/**
 * Parts the streams whose place is a guess from the others, as long as one of those counts the requests by itself. Without
 * such a log the guess is all there is: then everything is taken to be written in UTC, which most servers are set to.
 */
export function partAdrift(streams: readonly TimedStream[]): ByClock {
  const placed = streams.filter(({ clock }) => !clock.adrift);
  if (!placed.some(countsRequests)) return { placed: streams, adrift: [] };
  return { placed, adrift: streams.filter(({ clock }) => clock.adrift) };
}

function countsRequests({ stream }: TimedStream): boolean {
  return stream.requestCount > 0 && (stream.hop === 'edge' || stream.hop === 'proxy');
}

const WHY: Readonly<Record<'outage' | 'silence' | 'trouble', string>> = {
  outage: 'the outage it tells of lasts as long as one that visitors met at another time, of which it says nothing',
  silence: 'its one silence lasts as long as the failures that another log tells of, in which it goes on',
  trouble: 'all the trouble it tells of lies beside the failures, and would lie upon them if it were set otherwise',
};

const WHY_MOVED: Readonly<Record<NonNullable<StreamClock['moved']>, string>> = {
  outage: 'the one outage that it tells of lasts as long as one that visitors met then',
  outages:
    'the outages that it tells of last as long as those that visitors met then, with the same times between them',
  silence: 'for as long as it tells of failures or of an outage the web server was silent then, and at no other time',
  rhythm: 'its trouble lies beside the failures, and read so it rises and falls with them from second to second',
};

type Place = Pick<StreamClock, 'zoneOffsetMinutes' | 'skewSeconds'>;

/** How far a log's own tale puts its clock from where it stands, where that has two ends. */
function byHowMuch(clock: StreamClock): string {
  const [place] = clock.alternatives;
  return place === undefined || clock.adrift === 'trouble' ? '' : ` (about ${apart(place, clock)})`;
}

/** How far a clock set in one way is ahead of one set in another: `3 h 45 min 19 s behind`. */
function apart(place: Place, { zoneOffsetMinutes, skewSeconds }: Place): string {
  const seconds = (place.zoneOffsetMinutes - zoneOffsetMinutes) * 60 + place.skewSeconds - skewSeconds;
  const size = Math.abs(Math.round(seconds));
  const parts = [
    [Math.floor(size / 3600), 'h'],
    [Math.floor(size / 60) % 60, 'min'],
    [size % 60, 's'],
  ] as const;
  const told = parts.flatMap(([n, unit]) => (n === 0 ? [] : [`${n} ${unit}`])).join(' ');
  return `${told} ${seconds < 0 ? 'behind' : 'ahead'}`;
}

/** What is told of logs, each with the files it is of: the lines of a file may be several logs, and it is told of once. */
function toldOnce(
  digest: Digest,
  streams: readonly TimedStream[],
  tell: (timed: TimedStream) => string | null,
): string[] {
  const told = new Map<string, string>();
  for (const timed of streams) {
    const labels = [...new Set(timed.stream.segments.map(({ source }) => digest.sources[source]?.label ?? ''))].join(
      ', ',
    );
    const text = tell(timed);
    if (text !== null && !told.has(labels)) told.set(labels, `${labels}: ${text}`);
  }
  return [...told.values()];
}

/** What to do about a clock that is wrong. */
const remedy = ({ stream }: TimedStream): string =>
  `Check the clock of its machine${isWritten(stream) ? '' : ', or name the zone with --tz'}.`;

/** What to tell the user of logs that are not read at the time that they write. */
export function movedWarnings(digest: Digest, streams: readonly TimedStream[]): string[] {
  return toldOnce(digest, streams, (timed) => {
    const { moved, alternatives, uncertaintySeconds } = timed.clock;
    const [asWritten] = alternatives;
    if (moved === undefined || asWritten === undefined) return null;
    return `its clock is probably ${apart(timed.clock, asWritten)}, and its lines are read so (to ${uncertaintySeconds} s): ${WHY_MOVED[moved]}. ${remedy(timed)}`;
  });
}

/** What to tell the user of logs whose times cannot be used, and how to mend it. */
export function adriftWarnings(digest: Digest, adrift: readonly TimedStream[]): string[] {
  return toldOnce(digest, adrift, (timed) => {
    const { clock } = timed;
    if (clock.adrift !== undefined && clock.adrift !== 'zone')
      return `its clock is probably wrong${byHowMuch(clock)}, and nothing is concluded from when its lines were written: ${WHY[clock.adrift]}. ${remedy(timed)}`;
    const zones = [
      ...new Set([clock.zoneOffsetMinutes, ...clock.alternatives.map((other) => other.zoneOffsetMinutes)]),
    ];
    const fits = zones.length > 1 ? ` (${zones.map(offsetName).join(' and ')} fit alike)` : '';
    return `the zone of its times is not known${fits}, so that nothing is concluded from when its lines were written. Name the zone with --tz.`;
  });
}

/**
 * Logs whose zone is a guess while others have one, by the machines that wrote them. Each machine's can be judged by themselves,
 * as though there were no others: set against each other their times are right.
 */
export function adriftMachines(streams: readonly TimedStream[]): readonly (readonly TimedStream[])[] {
  const domains = new ClockDomains(streams.map(({ stream }) => stream));
  const machines = new Map<ClockDomain, TimedStream[]>();
  for (const timed of partAdrift(streams).adrift) {
    if (timed.clock.adrift !== 'zone') continue;
    const domain = domains.of(timed.stream);
    machines.set(domain, [...(machines.get(domain) ?? []), timed]);
  }
  return [...machines.values()];
}
