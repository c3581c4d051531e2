import { createHash } from 'node:crypto';
import { z } from 'zod';
import { CONFIDENCE_WORDS } from '../result/confidence.ts';
import type { Burst, Result } from '../result/schema.ts';
import { FAILURE_KINDS, PLACES } from '../vocabulary/hops.ts';
import { TRACE_KINDS, tracesOf } from './traces.ts';

/** One incident in the index, drawn from its result. Times are ISO 8601 in UTC; texts are masked as the result's are. */

const count = z.number().int().nonnegative();
const time = z.string();
const cause = { place: z.enum(PLACES), cause: z.string(), title: z.string() };

const entryBurst = z.object({
  id: z.string(),
  kind: z.enum(FAILURE_KINDS),
  ...cause,
  start: time,
  end: time,
  /** The logs end before the failures do: it lasted longer than they show. */
  cutEnd: z.boolean(),
  failed: count,
  traces: z.array(z.object({ kind: z.enum(TRACE_KINDS), value: z.string() })),
});

export const entrySchema = z.object({
  /** Folder or archive, as it was found. */
  name: z.string(),
  /** Its reports lie in this folder, relative to the index. */
  folder: z.string(),
  files: count,
  bytes: count,
  /** What was wrong with it, in plain words; empty where all was read. */
  problems: z.array(z.string()),
  /** Null where nothing could be said. */
  verdict: z
    .object({
      ...cause,
      placeConfidence: z.number(),
      confidence: z.number(),
      word: z.enum(CONFIDENCE_WORDS),
    })
    .nullable(),
  /** First and last failure; where there is none, what the logs cover. */
  start: time.nullable(),
  end: time.nullable(),
  /** Of the main burst: from its first to its last failure. */
  durationMs: count.nullable(),
  failed: count,
  /** How the failed requests were counted. */
  counted: z.enum(['exactly', 'about', 'at least']),
  bursts: z.array(entryBurst),
  hosts: z.array(z.object({ host: z.string(), failed: count })),
  /** Equal for incidents made of the same files and the same time in them; null where a file was not hashed. */
  contentId: z.string().nullable(),
});

export type Entry = z.infer<typeof entrySchema>;
export type EntryBurst = Entry['bursts'][number];

/** What is known of an incident beside its result. */
export interface About {
  readonly name: string;
  readonly folder: string;
  readonly files: number;
  readonly bytes: number;
  readonly problems: readonly string[];
}

/** The entry of an incident that has a result. */
export function entryOf(about: About, result: Result): Entry {
  const { bursts, verdict } = result;
  const main = bursts.find(({ id }) => id === verdict.burst) ?? bursts[0];
  const starts = bursts.map(({ start }) => start).sort();
  const ends = bursts.map(({ end }) => end).sort();
  return {
    ...about,
    problems: [...about.problems],
    verdict: {
      place: verdict.place,
      cause: verdict.cause,
      title: verdict.title,
      placeConfidence: verdict.placeConfidence,
      confidence: verdict.confidence,
      word: verdict.word,
    },
    start: starts[0] ?? result.window.start,
    end: ends.at(-1) ?? result.window.end,
    durationMs: main ? Date.parse(main.end) - Date.parse(main.start) : null,
    failed: bursts.reduce((sum, { requests }) => sum + requests.failed, 0),
    counted: bursts.some(({ requests }) => requests.lowerBound)
      ? 'at least'
      : bursts.some(({ requests }) => requests.estimated)
        ? 'about'
        : 'exactly',
    bursts: bursts.map(entryBurstOf),
    hosts: hostsOf(bursts),
    contentId: contentIdOf(result),
  };
}

/** The entry of an incident that could not be analysed. */
export function brokenEntry(about: About): Entry {
  return {
    ...about,
    problems: [...about.problems],
    verdict: null,
    start: null,
    end: null,
    durationMs: null,
    failed: 0,
    counted: 'exactly',
    bursts: [],
    hosts: [],
    contentId: null,
  };
}

function entryBurstOf(burst: Burst): EntryBurst {
  const { id, kind, start, end, cutEnd, verdict, requests } = burst;
  return {
    id,
    kind,
    place: verdict.place,
    cause: verdict.cause,
    title: verdict.title,
    start,
    end,
    cutEnd,
    failed: requests.failed,
    traces: tracesOf(burst),
  };
}

/** Hosts whose requests failed, with how many in all bursts, most first. */
function hostsOf(bursts: readonly Burst[]): Entry['hosts'] {
  const failed = new Map<string, number>();
  for (const { scope } of bursts)
    for (const { value, failed: here } of scope.hosts.values)
      if (here > 0) failed.set(value, (failed.get(value) ?? 0) + here);
  return [...failed]
    .map(([host, here]) => ({ host, failed: here }))
    .sort((a, b) => b.failed - a.failed || (a.host < b.host ? -1 : 1));
}

function contentIdOf({ sources, options: { since, until } }: Result): string | null {
  const digests = sources.map(({ sha256 }) => sha256);
  if (digests.length === 0 || digests.includes(null)) return null;
  const parts = [...digests.sort(), ...[since, until].filter((time) => time !== undefined)];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}
