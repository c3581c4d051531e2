import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conclude, openInputs, type Reading } from '../../src/analyze.ts';
import type { StreamDigest } from '../../src/digest/digest.ts';
import { digestSources } from '../../src/digest/sources.ts';
import { FORMATS } from '../../src/formats/registry.ts';
import type { Result } from '../../src/result/schema.ts';
import { withShiftedSource } from './shifted.ts';

const root = fileURLToPath(new URL('../../fixtures/incidents/', import.meta.url));
/** Zones, in minutes, and how wrong clocks are, in seconds. */
const ZONES = { min: -12 * 60, max: 14 * 60 };
const MOST_SKEW_SECONDS = 300;
/** So many failed requests that a log names tie it to the others. */
const SHARED = 5;
/** Each run concludes anew: a few of the many clocks that there are. */
const RUNS = 8;

async function readingOf(folder: string): Promise<Reading> {
  const { sources, problems, copies } = await openInputs([`${root}${folder}/logs`]);
  const digest = await digestSources(sources, FORMATS, { jobs: 1, sha256: false });
  return { problems, copies, repeats: [], digest, named: sources.map(() => false) };
}

/** Whether a result says that the clock of a source may be another one. */
function isDoubted({ sources, warnings }: Result, label: string): boolean {
  const clock = sources.find(({ path }) => path === label)?.clock;
  if (clock?.method === 'assumed' || (clock?.alternatives.length ?? 0) > 0) return true;
  return warnings.some((text) => text.includes(label) && text.includes('nothing is concluded from when'));
}

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

describe.each(readdirSync(root).sort())('%s with the clock of one source set otherwise', (folder) => {
  it('says the same; of a log that nothing ties to the others, at most what the rest says', async () => {
    const reading = await readingOf(folder);
    const { digest } = reading;
    const base = run(reading);
    const zoneOf = new Map(base.sources.map(({ path, clock }) => [path, clock]));
    const sources = digest.sources.filter(({ index, hop }) => {
      const streams = digest.streams.filter((stream) => isOf(stream, index));
      return streams.length > 0 && hop !== 'edge' && hop !== 'client';
    });
    for (const { index, label } of sources) {
      const streams = digest.streams.filter((stream) => isOf(stream, index));
      const clock = zoneOf.get(label);
      const without = said(
        run({ ...reading, digest: { ...digest, streams: digest.streams.filter((one) => !streams.includes(one)) } }),
      );
      const isShared = streams.some((stream) => namedRequests(stream) >= SHARED);
      // Their zone may be any, their clock up to five minutes off: so far from what it is now.
      const zone = streams.every(isWritten)
        ? fc.constant(0)
        : fc
            .integer({ min: ZONES.min / 15, max: ZONES.max / 15 })
            .map((quarters) => quarters * 15 - (clock?.zoneOffsetMinutes ?? 0));
      const skew = fc
        .integer({ min: -MOST_SKEW_SECONDS, max: MOST_SKEW_SECONDS })
        .map((seconds) => seconds - (clock?.skewSeconds ?? 0));
      fc.assert(
        fc.property(zone, skew, fc.boolean(), (zoneMinutes, skewSeconds, cutYear) => {
          const shift = { zoneMinutes, skewSeconds, cutYear };
          const result = run({ ...reading, digest: withShiftedSource(digest, index, shift) });
          if (isShared) expect(said(result)).toEqual(said(base));
          else {
            expect([said(base), without]).toContainEqual(said(result));
            // A verdict that does without the log has a reader who is told of its clock.
            if (!isDeepStrictEqual(said(result), said(base))) expect(isDoubted(result, label)).toBe(true);
          }
        }),
        // The first is two zones that a second of trouble parts, but not two skews.
        { numRuns: RUNS, examples: [[15, -21, false]] },
      );
    }
  }, 60_000);
});
