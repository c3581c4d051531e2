import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conclude, openInputs, type Reading } from '../../src/analyze.ts';
import type { StreamDigest } from '../../src/digest/digest.ts';
import { digestSources } from '../../src/digest/sources.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import type { Result } from '../../src/result/schema.ts';
import { type Shift, withShiftedSource } from './shifted.ts';

/** Labelled incidents: those of the repository, or any others. */
const root = process.env.INCIDENTS ?? fileURLToPath(new URL('../../fixtures/incidents/', import.meta.url));
/** Zones, in minutes, and how wrong clocks are, in seconds. */
const ZONES = { min: -12 * 60, max: 14 * 60 };
const MOST_SKEW_SECONDS = 300;
const anyZone = fc.integer({ min: ZONES.min / 15, max: ZONES.max / 15 }).map((quarters) => quarters * 15);
const anySkew = fc.integer({ min: -MOST_SKEW_SECONDS, max: MOST_SKEW_SECONDS });
/** So many failed requests that a log names tie it to the others. */
const SHARED = 5;
/** Each run concludes anew: a few of the many clocks that there are. */
const RUNS = 6;

const foldersIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'logs')))
    .sort();

async function readingOf(folder: string): Promise<Reading> {
  const { sources, problems, copies } = await openInputs([join(root, folder, 'logs')]);
  const digest = await digestSources(sources, FORMATS, { jobs: 1, sha256: false });
  return { problems, copies, repeats: [], digest, named: sources.map(() => false) };
}

/** What a result says against the clocks of its logs. */
function doubts({ sources, warnings }: Result): number {
  const ofClocks = sources.map(({ clock }) => Number(clock?.method === 'assumed') + (clock?.alternatives.length ?? 0));
  const inWords = warnings.filter((text) => text.includes('nothing is concluded from when'));
  return ofClocks.reduce((sum, n) => sum + n, inWords.length);
}

/** What speaks for the verdicts. */
const evidenceOf = ({ bursts, excerpt }: Result): string[] =>
  [...bursts, ...(excerpt ? [excerpt] : [])].flatMap(({ evidence }, i) =>
    evidence.map(({ signal }) => `${i} ${signal}`),
  );

/** What a result says was wrong, and when. */
const said = ({ verdict, bursts }: Result): string[] =>
  bursts.length === 0
    ? [`${verdict.place} ${verdict.cause}`]
    : bursts.map((burst) => `${burst.verdict.place} ${burst.verdict.cause} ${burst.start} ${burst.end}`).sort();

const run = (reading: Reading): Result => conclude(reading, { redact: false }).result;

const isOf = (stream: StreamDigest, source: number): boolean =>
  stream.segments.some((segment) => segment.source === source);
/** Rows and lines of a stream that name their request: other logs have the same. */
const namedRequests = ({ kept, clues }: StreamDigest): number =>
  [...kept.failed.rows, ...[...clues.values()].flatMap((series) => series.kept)].filter(
    ({ record }) => record.path !== undefined,
  ).length;
const isWritten = ({ segments }: StreamDigest): boolean =>
  segments.every(({ kind }) => kind === 'utc' || kind === 'none');

type Clock = NonNullable<Result['sources'][number]['clock']>;

interface Log {
  readonly index: number;
  readonly clock: Clock | null;
  /** So many of its lines name their request that others tie it. */
  readonly isShared: boolean;
  /** How far from where it is now a clock in any zone and up to five minutes off puts it. */
  readonly shift: fc.Arbitrary<Shift>;
  /** What is said without it. */
  readonly without: readonly string[];
}

function logsOf(reading: Reading, base: Result): Log[] {
  const { digest } = reading;
  return digest.sources.flatMap(({ index, label, hop }): Log[] => {
    const streams = digest.streams.filter((stream) => isOf(stream, index));
    if (streams.length === 0 || hop === 'edge' || hop === 'client') return [];
    const clock = base.sources.find(({ path }) => path === label)?.clock ?? null;
    const others = digest.streams.filter((one) => !streams.includes(one));
    const { zoneOffsetMinutes = 0, skewSeconds: isNow = 0 } = clock ?? {};
    const zoneMinutes = streams.every(isWritten)
      ? fc.constant(0)
      : anyZone.map((minutes) => minutes - zoneOffsetMinutes);
    const skewSeconds = anySkew.map((seconds) => seconds - isNow);
    return [
      {
        index,
        clock,
        isShared: streams.some((stream) => namedRequests(stream) >= SHARED),
        shift: fc.record({ zoneMinutes, skewSeconds, cutYear: fc.boolean() }),
        without: said(run({ ...reading, digest: { ...digest, streams: others } })),
      },
    ];
  });
}

/** Of evidence that a shift takes away, and of verdicts that do without a log, the reader is told by a doubted clock. */
function expectToldOf(result: Result, base: Result): void {
  const lost = evidenceOf(base).filter((one) => !evidenceOf(result).includes(one));
  if (lost.length > 0 || !isDeepStrictEqual(said(result), said(base)))
    expect(doubts(result), `lost ${lost.join(', ')}`).toBeGreaterThan(doubts(base));
}

describe.each(foldersIn(root))('%s with clocks set otherwise', (folder) => {
  it('of one source says the same; of a log that nothing ties to the others, at most what the rest says', async () => {
    const reading = await readingOf(folder);
    const base = run(reading);
    for (const { index, isShared, shift, without } of logsOf(reading, base)) {
      fc.assert(
        fc.property(shift, (moved) => {
          const result = run({ ...reading, digest: withShiftedSource(reading.digest, index, moved) });
          if (isShared) expect(said(result)).toEqual(said(base));
          else expect([said(base), without]).toContainEqual(said(result));
          expectToldOf(result, base);
        }),
        // The first is two zones that a second of trouble parts, but not two skews.
        { numRuns: RUNS, examples: [[{ zoneMinutes: 15, skewSeconds: -21, cutYear: false }]] },
      );
    }
  }, 60_000);

  it('of two sources, each otherwise, says no more than that they are wrong', async () => {
    const reading = await readingOf(folder);
    const base = run(reading);
    const logs = logsOf(reading, base);
    const pairs = logs.flatMap((one, i) => logs.slice(i + 1).map((other) => [one, other] as const));
    if (pairs.length === 0) return;
    const shifts = fc
      .constantFrom(...pairs)
      .chain(([a, b]) => fc.tuple(fc.constant([a, b] as const), a.shift, b.shift));
    fc.assert(
      fc.property(shifts, ([[a, b], shiftA, shiftB]) => {
        const digest = withShiftedSource(withShiftedSource(reading.digest, a.index, shiftA), b.index, shiftB);
        expectToldOf(run({ ...reading, digest }), base);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  it('of a whole machine says the same', async () => {
    const reading = await readingOf(folder);
    const base = run(reading);
    const logs = logsOf(reading, base);
    // Its clock is off by as much in all of its logs; those without a zone are in the machine's.
    const { skewSeconds: isNow = 0 } = logs[0]?.clock ?? {};
    const offsets = logs.map(({ clock }) => clock?.zoneOffsetMinutes ?? 0);
    const shifts = fc.record({
      zoneMinutes: anyZone
        .map((minutes) => minutes - Math.max(...offsets))
        .filter((minutes) => Math.min(...offsets) + minutes >= ZONES.min),
      skewSeconds: anySkew.map((seconds) => seconds - isNow),
      cutYear: fc.boolean(),
    });
    fc.assert(
      fc.property(shifts, (shift) => {
        const digest = logs.reduce((moved, { index }) => withShiftedSource(moved, index, shift), reading.digest);
        expect(said(run({ ...reading, digest }))).toEqual(said(base));
      }),
      { numRuns: RUNS },
    );
  }, 60_000);

  it('of this very machine says the same', async () => {
    const reading = await readingOf(folder);
    const zone = process.env.TZ;
    const results = ['UTC', 'America/St_Johns', 'Australia/Lord_Howe'].map((name) => {
      process.env.TZ = name;
      return run(reading);
    });
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
    for (const result of results) expect(result).toEqual(results[0]);
  });
});
