import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { failureKind } from '../../../src/vocabulary/hops.ts';

/** What counts as a right answer for one burst or one case. */
export interface AnswerKey {
  readonly place: string;
  readonly cause: string;
  /** Places and causes that count as right, the first ones included. */
  readonly places: readonly string[];
  readonly causes: readonly string[];
  /** False where the given files cannot show the cause. */
  readonly causeKnowable: boolean;
}

/** A burst that really happened; times in milliseconds since 1970 on the edge's clock. */
export interface TruthBurst {
  readonly startMs: number;
  readonly endMs: number;
  readonly key: AnswerKey;
  readonly requests: number;
  /** True where at least one status is of the gateway family. */
  readonly gateway: boolean;
}

/** A labelled incident: a folder of logs and the bursts in them. */
export interface Incident {
  readonly kind: 'incident';
  readonly id: string;
  /** Paths to hand to the analysis. */
  readonly paths: readonly string[];
  /** Nothing but background: no burst is right. */
  readonly quiet: boolean;
  /** Share of requests in the edge log; null where there is none. */
  readonly sampleRate: number | null;
  readonly bursts: readonly TruthBurst[];
  /** What the origin's logs show beside the edge's time: their zone, and how wrong their clock is. */
  readonly originClock: { readonly offsetMs: number; readonly skewMs: number };
}

/** A pasted excerpt with an established cause. */
export interface PastedCase {
  readonly kind: 'case';
  readonly id: string;
  readonly paths: readonly string[];
  readonly key: AnswerKey;
  /** The diagnosis rests on little. */
  readonly weak: boolean;
  readonly options: { readonly tz?: string; readonly year?: number };
}

export type Labelled = Incident | PastedCase;

const truthFile = z.object({
  quiet: z.boolean().default(false),
  sampleRate: z.number().nullable().default(null),
  offsetMinutes: z.number().default(0),
  skewSeconds: z.number().default(0),
  bursts: z.array(
    z.object({
      startUtc: z.iso.datetime(),
      endUtc: z.iso.datetime(),
      place: z.string(),
      cause: z.string(),
      acceptablePlaces: z.array(z.string()).default([]),
      acceptableCauses: z.array(z.string()).default([]),
      causeKnowable: z.boolean().default(true),
      requests: z.number(),
      statuses: z.record(z.string(), z.number()),
    }),
  ),
});

const caseFile = z.object({
  files: z.array(z.object({ name: z.string() })),
  place: z.string(),
  cause: z.string(),
  acceptable_places: z.array(z.string()).default([]),
  acceptable_causes: z.array(z.string()).default([]),
  weak: z.boolean().default(false),
  year: z.number().optional(),
  timezone: z.string().optional(),
});

/** The labelled folders in a folder, in the order of their names; the folder itself where it is one; else none. */
export function labelledFolders(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  if (isLabelled(folder)) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => join(folder, entry.name))
    .filter(isLabelled)
    .sort();
}

/** Reads `truth.json` (incident) or `case.json` (pasted case) of a folder; throws where it is not of the stated form. */
export function readLabelled(folder: string): Labelled {
  const id = basename(folder);
  if (existsSync(join(folder, 'truth.json'))) {
    const truth = truthFile.parse(JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')));
    const { quiet, sampleRate, offsetMinutes, skewSeconds } = truth;
    const bursts = truth.bursts.map(toTruthBurst);
    const originClock = { offsetMs: offsetMinutes * 60_000, skewMs: skewSeconds * 1000 };
    return { kind: 'incident', id, paths: [join(folder, 'logs')], quiet, sampleRate, bursts, originClock };
  }
  const pasted = caseFile.parse(JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')));
  return {
    kind: 'case',
    id,
    paths: pasted.files.map((file) => join(folder, file.name)),
    key: {
      place: pasted.place,
      cause: pasted.cause,
      places: [pasted.place, ...pasted.acceptable_places],
      causes: [pasted.cause, ...pasted.acceptable_causes],
      causeKnowable: true,
    },
    weak: pasted.weak,
    options: {
      ...(pasted.timezone !== undefined && isZone(pasted.timezone) ? { tz: pasted.timezone } : {}),
      ...(pasted.year === undefined ? {} : { year: pasted.year }),
    },
  };
}

function toTruthBurst(burst: z.infer<typeof truthFile>['bursts'][number]): TruthBurst {
  return {
    startMs: Date.parse(burst.startUtc),
    endMs: Date.parse(burst.endUtc),
    key: {
      place: burst.place,
      cause: burst.cause,
      places: [burst.place, ...burst.acceptablePlaces],
      causes: [burst.cause, ...burst.acceptableCauses],
      causeKnowable: burst.causeKnowable,
    },
    requests: burst.requests,
    gateway: Object.keys(burst.statuses).some((status) => failureKind(Number(status)) === 'gateway'),
  };
}

/** True for an IANA name or a written offset; false for a remark about the zone ("the prefix is UTC+1"). */
function isZone(text: string): boolean {
  if (/^[+-]\d\d:?\d\d$/.test(text)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function isLabelled(folder: string): boolean {
  return existsSync(join(folder, 'truth.json')) || existsSync(join(folder, 'case.json'));
}
