import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs, isDeepStrictEqual as same } from 'node:util';
import { conclude, type Reading, readLogs } from '../../src/analyze.ts';
import { inYear } from '../../src/clock/year.ts';
import type { StreamDigest } from '../../src/digest/digest.ts';
import type { Result } from '../../src/result/schema.ts';
import { SIGNALS } from '../../src/vocabulary/signals.ts';
import { type Shift, withShiftedSource } from '../end-to-end/shifted.ts';
import { type CauseNames, readCauseNames } from './accuracy/catalogue.ts';
import { type Chance, chanceOf, whole } from './accuracy/chance.ts';
import { scoreIncident } from './accuracy/score.ts';
import { type Incident, labelledFolders, readLabelled } from './accuracy/truth.ts';

const USAGE = `npm run shifts -- <folder of labelled incidents> [--count 6] [--seed 1] [--only id,id] [--how single|pairs|machine]

Sets the clock of one source of each incident otherwise, again and again: into any zone from UTC−12 to UTC+14 where it writes
none, up to five minutes fast or slow, with its year or without. Lists each result that differs apart from the clocks, and counts:
  same       what was wrong, when, and the evidence for it
  told       evidence is lost, and the result says of which clock it is in doubt; no verdict becomes wrong
  untold     as told, but nobody says so
  wrong      a verdict that was right is not any more
Of each that is not the same it says what the log has to be placed by, in how many places it fits as well as where it was, and
whether that leaves its place open: fewer than five requests that name themselves, and more places than ten seconds side by side.
--how pairs: two sources, each otherwise; machine: all sources of the origin alike. Exit code 1 where anything is untold or wrong.`;

const MOST_SKEW_SECONDS = 300;
/** So many requests that a log names tie it to the others; what happened a minute before a burst may have led to it. */
const SHARED = 5;
const LEAD_IN_S = 60;
/** Stamps are whole seconds, and visitors come seconds apart: one place is this many seconds wide. */
const ONE_PLACE = 10;
const QUARTERS = { least: -12 * 4, most: 14 * 4 };
/** Without an edge log a burst is timed by the clock that is set otherwise, in buckets that fall otherwise, too. */
const BUCKET_MS = 1100;

type Outcome = 'same' | 'told' | 'untold' | 'wrong';
type Source = Reading['digest']['sources'][number];

const run = (reading: Reading): Result => conclude(reading, { redact: false }).result;

const streamsOf = ({ streams }: Reading['digest'], source: number): StreamDigest[] =>
  streams.filter(({ segments }) => segments.some((segment) => segment.source === source));
const clockOf = (result: Result, path: string) => result.sources.find((source) => source.path === path)?.clock ?? null;

/** What was wrong, and when. */
function saidBy({ verdict, bursts }: Result, isTimed: boolean): string[] {
  const [first] = bursts;
  if (first === undefined) return [`${verdict.place} ${verdict.cause}`];
  const times = ({ start, end }: Result['bursts'][number]): string => {
    const startMs = Date.parse(start);
    if (isTimed) return `${start} ${end}`;
    return `${startMs - Date.parse(first.start)} ${Math.round((Date.parse(end) - startMs) / BUCKET_MS)}`;
  };
  return bursts.map((burst) => `${burst.verdict.place} ${burst.verdict.cause} ${times(burst)}`).sort();
}

const evidenceOf = ({ bursts, excerpt }: Result): string[] =>
  [...bursts, ...(excerpt ? [excerpt] : [])].flatMap(({ evidence }, i) =>
    evidence.map(({ signal, direction }) => `${i}:${direction}:${signal}`),
  );

/** The sources whose clock a result doubts, with how much is said. */
function doubtsOf({ sources, warnings }: Result): Map<string, number> {
  const inWords = (path: string): number =>
    warnings.filter((text) => text.startsWith(`${path}: `) && /clock|zone of its times/.test(text)).length;
  return new Map(
    sources.map(({ path, clock }) => [
      path,
      Number(clock?.method === 'assumed') + (clock?.alternatives.length ?? 0) + inWords(path),
    ]),
  );
}

const beginOf = ({ bursts: [first] }: Result): number => (first === undefined ? 0 : Date.parse(first.start));

/** Bursts of the truth, which a clock may have moved, that a result judges rightly. */
function rightsOf(incident: Incident, byMs: number, result: Result, names: CauseNames): number {
  const bursts = incident.bursts.map((burst) => ({
    ...burst,
    startMs: burst.startMs + byMs,
    endMs: burst.endMs + byMs,
  }));
  const { found } = scoreIncident({ ...incident, bursts }, result, names, 0);
  return found.filter(({ mark }) => mark.placeRight && mark.cause === 'right').length;
}

/** A clock somewhere between −12 h and +14 h and within five minutes of the right one, as a difference to how it is. */
function shiftOf(chance: Chance, streams: readonly StreamDigest[], clock: ReturnType<typeof clockOf>): Shift {
  const isWritten = streams.every(({ segments }) => segments.every(({ kind }) => kind === 'utc' || kind === 'none'));
  const zone =
    chance() < 0.25 ? (clock?.zoneOffsetMinutes ?? 0) : 15 * whole(chance, QUARTERS.least, QUARTERS.most + 1);
  // Small errors are the hardest to see.
  const most = [30, 120, MOST_SKEW_SECONDS][whole(chance, 0, 3)] ?? MOST_SKEW_SECONDS;
  return {
    zoneMinutes: isWritten ? 0 : zone - (clock?.zoneOffsetMinutes ?? 0),
    skewSeconds: whole(chance, -most, most + 1) - (clock?.skewSeconds ?? 0),
    cutYear: chance() < 0.5,
  };
}

function groupsOf(sources: readonly Source[], how: string): (readonly Source[])[] {
  if (how === 'machine') return [sources.filter(({ hop }) => hop !== 'client')];
  if (how === 'pairs') return sources.flatMap((a, i) => sources.slice(i + 1).map((b) => [a, b]));
  return sources.map((source) => [source]);
}

interface Judged {
  readonly outcome: Outcome;
  readonly said: string;
  /** The sources whose clock it doubts. */
  readonly doubted: readonly string[];
}

/** What a shift makes of a result. */
function judge(result: Result, base: Result, isTimed: boolean, rights: (result: Result) => number): Judged {
  const lost = evidenceOf(base).filter((one) => !evidenceOf(result).includes(one));
  const gained = evidenceOf(result).filter((one) => !evidenceOf(base).includes(one));
  const isSaidSame = same(saidBy(result, isTimed), saidBy(base, isTimed));
  if (isSaidSame && lost.length + gained.length === 0) return { outcome: 'same', said: '', doubted: [] };
  const before = doubtsOf(base);
  const doubted = [...doubtsOf(result)].filter(([path, size]) => size > (before.get(path) ?? 0)).map(([path]) => path);
  const outcome = rights(result) < rights(base) ? 'wrong' : doubted.length > 0 ? 'told' : 'untold';
  const verdicts = isSaidSame ? '' : `${saidBy(base, isTimed).join('; ')} => ${saidBy(result, isTimed).join('; ')}; `;
  return {
    outcome,
    doubted,
    said: `${verdicts}doubted ${doubted.join(' ') || '-'}; lost ${lost.join(' ') || '-'}; gained ${gained.join(' ') || '-'}`,
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      count: { type: 'string', default: '6' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string' },
      how: { type: 'string', default: 'single' },
    },
  });
  const [root] = positionals;
  if (root === undefined || !existsSync(root)) {
    process.stdout.write(`${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  const names = readCauseNames();
  const counts: Record<Outcome, number> = { same: 0, told: 0, untold: 0, wrong: 0 };
  for (const folder of labelledFolders(root)) {
    const id = basename(folder);
    if (values.only !== undefined && !values.only.split(',').includes(id)) continue;
    const incident = readLabelled(folder);
    if (incident.kind !== 'incident') continue;
    const reading = await readLogs([join(folder, 'logs')], { redact: false });
    const { digest } = reading;
    const base = run(reading);
    const isTimed = digest.streams.some(({ hop }) => hop === 'edge');
    const chance = chanceOf(`${id} ${values.seed}`);
    const sources = digest.sources.filter(
      ({ index, hop }) =>
        hop !== 'edge' && streamsOf(digest, index).some(({ segments }) => segments.some(({ kind }) => kind !== 'none')),
    );
    const rights = (result: Result): number =>
      rightsOf(incident, isTimed ? 0 : beginOf(result) - beginOf(base), result, names);
    for (const group of groupsOf(sources, values.how)) {
      for (let n = 0; n < Number(values.count); n++) {
        const shifts = group.map(({ index, label }) => shiftOf(chance, streamsOf(digest, index), clockOf(base, label)));
        // One machine: one clock, and its zone where none is written.
        const together = values.how === 'machine' ? (shifts.find((one) => isPossible(one, group, base)) ?? null) : null;
        const set = shifts.map((own) => (together ? { ...together, zoneMinutes: zoneOf(own, together) } : own));
        const moved = group.reduce((so, { index }, i) => {
          const shift = set[i];
          return shift === undefined ? so : withShiftedSource(so, index, shift);
        }, digest);
        const { outcome, said, doubted } = judge(run({ ...reading, digest: moved }), base, isTimed, rights);
        counts[outcome]++;
        const told = group.map(({ label }, i) => `${label} ${shown(set[i])}`).join(' and ');
        if (outcome === 'same') continue;
        // A log may be in doubt as another's clock was set otherwise.
        const labels = doubted.length > 0 ? doubted : group.map(({ label }) => label);
        const held = digest.sources
          .filter(({ label }) => labels.includes(label))
          .map(({ index, label }) => `${label} ${holdings(streamsOf(digest, index), base)}`)
          .join('\n  ');
        process.stdout.write(`${outcome}: ${id} ${told}: ${said}\n  ${held}\n`);
      }
    }
  }
  process.stdout.write(
    `${Object.entries(counts)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(', ')}\n`,
  );
  process.exitCode = counts.untold + counts.wrong > 0 ? 1 : 0;
}

/** What a log has to be placed by, and in how many places its trouble lies upon bursts as well as where it was. */
function holdings(streams: readonly StreamDigest[], base: Result): string {
  const named = streams.reduce(
    (sum, { kept, clues }) =>
      sum +
      [...kept.failed.rows, ...[...clues.values()].flatMap((series) => series.kept)].filter(
        ({ record }) => record.path !== undefined || record.ray !== undefined,
      ).length,
    0,
  );
  const year = new Date(beginOf(base)).getUTCFullYear();
  const troubled = new Set<number>();
  for (const { clues, segments } of streams)
    for (const { signal, perSecond } of clues.values())
      if (SIGNALS[signal].role === 'process')
        perSecond.forEach(({ seconds }, segment) => {
          const kind = segments[segment]?.kind ?? 'none';
          for (const second of seconds)
            if (kind !== 'none') troubled.add(kind === 'yearless' ? inYear(second * 1000, year) / 1000 : second);
        });
  const seconds = [...troubled].sort((a, b) => a - b);
  const moments = seconds.filter(
    (second, i) => second - (seconds[i - 1] ?? Number.NEGATIVE_INFINITY) > LEAD_IN_S,
  ).length;
  const fits = placesOf(seconds, streams, base);
  const isOpen = named < SHARED && fits > ONE_PLACE;
  return `has ${named} requests that name themselves, ${seconds.length} seconds of trouble at ${moments} moments, which fit in ${fits} places: ${isOpen ? 'open by what it holds' : 'LOOK AT IT'}`;
}

/**
 * Places, a second apart each, where as much of a log's trouble lies in or within a minute before a burst as at any: within five
 * minutes of where it stands, in each zone where none is written.
 */
function placesOf(seconds: readonly number[], streams: readonly StreamDigest[], base: Result): number {
  const bursts = base.bursts.map(
    ({ start, end }) => [Date.parse(start) / 1000 - LEAD_IN_S, Date.parse(end) / 1000 + 3] as const,
  );
  const isWritten = streams.every(({ segments }) => segments.every(({ kind }) => kind === 'utc' || kind === 'none'));
  const found = new Map<number, number>();
  for (let quarter = isWritten ? 0 : QUARTERS.least; quarter <= (isWritten ? 0 : QUARTERS.most); quarter++)
    for (let skew = -MOST_SKEW_SECONDS; skew <= MOST_SKEW_SECONDS; skew++) {
      const byS = quarter * 900 + skew;
      const met = seconds.filter((second) => bursts.some(([from, to]) => second - byS >= from && second - byS <= to));
      if (met.length > 0) found.set(byS, met.length);
    }
  const most = [...found.values()].reduce((a, b) => Math.max(a, b), 0);
  return [...found.values()].filter((met) => met === most).length;
}

/** Whether all of a machine's logs are in a zone that there is when all are moved alike. */
function isPossible({ zoneMinutes }: Shift, group: readonly Source[], base: Result): boolean {
  return group
    .map(({ label }) => ((clockOf(base, label)?.zoneOffsetMinutes ?? 0) + zoneMinutes) / 15)
    .every((quarters) => quarters >= QUARTERS.least && quarters <= QUARTERS.most);
}

/** Sources that write their zone keep it. */
function zoneOf(own: Shift, { zoneMinutes }: Shift): number {
  return own.zoneMinutes === 0 ? 0 : zoneMinutes;
}

function shown(shift: Shift | undefined): string {
  if (shift === undefined) return '';
  const { zoneMinutes, skewSeconds, cutYear } = shift;
  return `${zoneMinutes} min ${skewSeconds} s${cutYear ? ' without year' : ''}`;
}

await main();
