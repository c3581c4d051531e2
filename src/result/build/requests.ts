import type { FoundBurst } from '../../bursts/burst.ts';
import type { TimedClue, TimedRequest, TimedStream } from '../../clock/timeline.ts';
import { type JoinedRequest, joinRequests } from '../../correlate/join.ts';
import type { Result } from '../schema.ts';
import { isoInstant } from './times.ts';

/** Ladders drawn per burst: the first failure, one in the middle, the last. */
const PER_BURST = 3;
/** Ladders drawn for `--ray` and `--at`. */
const ASKED_CAP = 20;

type Ladder = Result['requests'][number];

/** Which requests the user asked to see. */
export interface Asked {
  /** Ray ID, 16 hexadecimal digits in lower case. */
  readonly ray?: string | undefined;
  /** A moment on the corrected clock. */
  readonly atMs?: number | undefined;
}

/** Sampled ladders of every burst, and those asked for. */
export function requestsOf(bursts: readonly FoundBurst[], streams: readonly TimedStream[], asked: Asked): Ladder[] {
  const wanted = askedSeeds(streams, asked).map((seed) => {
    const burst = bursts.findIndex(({ failures }) => failures.some(({ row }) => row === seed));
    return { seed, burst: burst === -1 ? null : `B${burst + 1}` };
  });
  const sampled = bursts.flatMap(({ failures }, i) => {
    const picks = [...new Set([0, Math.floor(failures.length / 2), failures.length - 1])].slice(0, PER_BURST);
    return picks.flatMap((pick) => {
      const seed = failures[pick]?.row ?? failures[pick]?.clue;
      return seed ? [{ seed, burst: `B${i + 1}` }] : [];
    });
  });
  const all = [...wanted.reverse(), ...sampled];
  const joined = joinRequests(
    all.map(({ seed }) => seed),
    streams,
  );
  return joined.map((request, i) => ladder(request, all[i]?.burst ?? null));
}

function askedSeeds(streams: readonly TimedStream[], { ray, atMs }: Asked): TimedRequest[] {
  if (ray === undefined && atMs === undefined) return [];
  const rows = streams.flatMap(({ failures, sample }) => [...failures, ...sample]);
  if (ray !== undefined) return rows.filter(({ record }) => record.ray === ray).slice(0, 1);
  if (atMs === undefined) return [];
  const outermost = ['edge', 'client', 'proxy', 'app'].find((hop) => rows.some(({ record }) => record.hop === hop));
  return rows
    .filter(({ record, atMs: at }) => record.hop === outermost && Math.abs(at - atMs) <= 1500)
    .sort(
      (a, b) =>
        Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs) ||
        b.record.status - a.record.status ||
        a.record.line - b.record.line,
    )
    .slice(0, ASKED_CAP);
}

function ladder({ ray, method, path, steps, joinedBy }: JoinedRequest, burst: string | null): Ladder {
  return {
    ...(ray === undefined ? {} : { ray }),
    method,
    path,
    burst,
    steps: steps.filter(({ atMs }) => Number.isFinite(atMs)).map(step),
    joinedBy,
  };
}

function step(item: TimedRequest | TimedClue): Ladder['steps'][number] {
  const { record, source, atMs } = item;
  const started = 'startedMs' in item && item.startedMs !== atMs ? { startedAt: isoInstant(item.startedMs) } : {};
  return {
    hop: record.hop,
    ...started,
    at: isoInstant(atMs),
    ...(record.kind === 'request' ? { status: record.status } : {}),
    text: record.text,
    source,
    line: record.line,
  };
}
