import type { FoundBurst } from '../bursts/burst.ts';
import { type Failure, weightOf } from '../bursts/witness.ts';
import type { TimedStream } from '../clock/timeline.ts';
import { failureKind, type Hop } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import type { Reach, Scene } from './scene.ts';
import { mostFailed, workerChildren } from './worker-children.ts';

/** Rows whose request got through to the web server and brought back nothing usable. */
const UNANSWERED: ReadonlySet<SignalId> = new Set([
  'edge.520',
  'edge.524',
  'edge.524-upload',
  'edge.522-no-ack',
  'edge.504-no-origin',
  'edge.refused-origin-answer',
]);
/** Rows made by the edge although the request may have been answered badly behind a tunnel or not asked for at all. */
const OPEN: ReadonlySet<SignalId> = new Set(['edge.502-tried-origin', 'edge.5xx-origin-unknown']);

/** The scene of one burst. */
export function sceneOf(burst: FoundBurst, all: readonly FoundBurst[], streams: readonly TimedStream[]): Scene {
  return {
    kind: burst.kind,
    madeBy: burst.madeBy,
    reach: reachOfBurst(burst, streams),
    failures: burst.failures,
    failed: burst.failed,
    total: burst.total,
    startMs: burst.startMs,
    endMs: burst.endMs,
    firstRequestMs: burst.firstRequestMs,
    countedAt: burst.witness.knowsTotals ? burst.witness.hop : null,
    streams,
    busy: all.map(({ firstRequestMs, endMs }) => ({ startMs: firstRequestMs, endMs })),
    isUnseen: burst.unseen === true,
    isExcerpt: false,
    isLasting: false,
  };
}

/** The scene of failures that go on without a burst: the whole time in which they do. */
export function lastingScene(background: FoundBurst, streams: readonly TimedStream[]): Scene {
  return { ...sceneOf(background, [background], streams), isLasting: true };
}

/** Hops whose processes take requests. */
const MISHAPS: ReadonlySet<Hop> = new Set(['proxy', 'app', 'dependency', 'host', 'tunnel']);

/** Everything as one scene: for pasted lines, and for logs in which failures do not stand out. */
export function excerptScene(streams: readonly TimedStream[]): Scene {
  const request = streams.find(({ stream }) => stream.requestCount > 0)?.stream.hop ?? null;
  const failures = streams.flatMap(({ stream, failures: rows }): Failure[] =>
    stream.hop !== request
      ? []
      : rows.flatMap((row): Failure[] => {
          const kind = failureKind(row.record.status);
          const signal = row.record.signal ?? null;
          if (!row.record.visitor || kind === null || (signal !== null && SIGNALS[signal].role !== 'request'))
            return [];
          const madeBy = (signal === null ? undefined : SIGNALS[signal].madeBy) ?? 'unknown';
          return [
            {
              atMs: row.atMs,
              startedMs: row.startedMs,
              status: row.record.status,
              kind,
              madeBy,
              signal,
              weight: weightOf({ stream }, kind),
              source: row.source,
              row,
              clue: null,
            },
          ];
        }),
  );
  let lines = 0;
  const kinds = new Set(failures.map(({ kind }) => kind));
  for (const { clues } of streams) {
    for (const [signal, { count }] of clues) {
      const { role, status } = SIGNALS[signal];
      // A deny rule turns scanners away all day: what happened to a process is the better reason to look at a log.
      if (role === 'process' && MISHAPS.has(SIGNALS[signal].hop)) kinds.add('gateway');
      if (role !== 'request') continue;
      if (status === undefined && SIGNALS[signal].hop === 'proxy') kinds.add('gateway');
      lines = Math.max(lines, count);
      const kind = status === undefined ? null : failureKind(status);
      if (kind !== null) kinds.add(kind);
    }
  }
  const times = streams.flatMap(({ firstMs, lastMs }) => [firstMs, lastMs]).filter((ms) => !Number.isNaN(ms));
  return {
    kind: kinds.has('gateway') || kinds.size === 0 ? 'gateway' : kinds.has('application') ? 'application' : 'blocked',
    madeBy: failures[0]?.madeBy ?? 'unknown',
    reach: reachOf(failures),
    failures,
    failed: Math.max(failures.length, lines, 1),
    total: null,
    startMs: times.length > 0 ? Math.min(...times) : Number.NaN,
    endMs: times.length > 0 ? Math.max(...times) : Number.NaN,
    firstRequestMs: times.length > 0 ? Math.min(...times) : Number.NaN,
    countedAt: failures.length > 0 ? request : null,
    streams,
    busy: [],
    isUnseen: false,
    isExcerpt: true,
    isLasting: false,
  };
}

/** A Worker's error hides how far its own requests got: where they failed, too, they tell. */
function reachOfBurst(burst: FoundBurst, streams: readonly TimedStream[]): Reach {
  if (burst.unseen) return 'not-connected';
  if (burst.madeBy === 'worker' && mostFailed(workerChildren(burst.failures, streams))) return 'answered';
  return reachOf(burst.failures);
}

/** How far a failed request got by its own row or line; null where that leaves it open. */
export function reachOfSignal(signal: SignalId | null): Reach | null {
  if (signal === null || OPEN.has(signal)) return null;
  if (UNANSWERED.has(signal)) return 'unanswered';
  const { madeBy, hop } = SIGNALS[signal];
  const isOutside = hop === 'edge' || hop === 'client';
  return isOutside && (madeBy === 'edge' || madeBy === 'worker') ? 'not-connected' : 'answered';
}

function reachOf(failures: readonly Failure[]): Reach {
  const counts = { answered: 0, unanswered: 0, 'not-connected': 0 };
  for (const { signal } of failures) counts[reachOfSignal(signal) ?? 'answered']++;
  if (counts['not-connected'] > counts.answered + counts.unanswered) return 'not-connected';
  return counts.unanswered > counts.answered ? 'unanswered' : 'answered';
}
