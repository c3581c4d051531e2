import type { Failure } from '../bursts/witness.ts';
import { isCovered } from '../clock/coverage.ts';
import type { TimedClue, TimedRequest, TimedStream } from '../clock/timeline.ts';
import type { FailureKind, Hop, Maker } from '../vocabulary/hops.ts';
import type { SignalId } from '../vocabulary/signals.ts';
import type { LineRef, SignalFact } from './facts.ts';
import { writtenWithin } from './row-times.ts';

/** How far the failing requests got, as the edge's rows tell. */
export type Reach =
  /** The origin answered them (or no edge row tells otherwise). */
  | 'answered'
  /** They reached the origin and got no usable answer (520, 524). */
  | 'unanswered'
  /** They never reached the origin's web server (521, 522, 525, 530, an error of the edge's own). */
  | 'not-connected';

/**
 * One burst with all that the logs hold around it: what the facts are drawn from. For a pasted excerpt without a burst the
 * window is everything. Times in milliseconds on the edge's clock.
 */
export interface Scene {
  readonly kind: FailureKind;
  readonly madeBy: Maker;
  readonly reach: Reach;
  readonly failures: readonly Failure[];
  readonly failed: number;
  readonly total: number | null;
  readonly startMs: number;
  readonly endMs: number;
  readonly firstRequestMs: number;
  /** Hop of the log that counts the requests; null for an excerpt without any. */
  readonly countedAt: Hop | null;
  readonly streams: readonly TimedStream[];
  /** Times of all bursts, this one included: what lies outside is background. */
  readonly busy: readonly { readonly startMs: number; readonly endMs: number }[];
  /** True where no log holds the failing requests: they are told from what the inside says of itself. */
  readonly isUnseen: boolean;
  /** True where everything is the window. */
  readonly isExcerpt: boolean;
  /** True of single failures that go on all along: what happens to a process once explains none of the others. */
  readonly isLasting: boolean;
}

/** Stamps are whole seconds and clocks agree to about a second: a line belongs to a burst within this. */
export const SLACK_MS = 2500;
/** What happened to a process this long before the first failing request may have caused it. */
export const LEAD_IN_MS = 60_000;

/** Whether an instant lies in the burst; undated lines belong to excerpts only. */
export function during(scene: Scene, ms: number): boolean {
  if (scene.isExcerpt) return true;
  return ms >= scene.firstRequestMs - SLACK_MS && ms <= scene.endMs + SLACK_MS;
}

/** Those rows or lines that were written in the burst. */
export function thoseDuring<T extends TimedClue | TimedRequest>(scene: Scene, rows: readonly T[]): readonly T[] {
  return scene.isExcerpt ? rows : writtenWithin(rows, scene.firstRequestMs - SLACK_MS, scene.endMs + SLACK_MS);
}

/** Whether an instant lies in the burst or in the minute that led to it. */
export function aroundBurst(scene: Scene, ms: number): boolean {
  if (scene.isExcerpt) return true;
  return ms >= scene.firstRequestMs - LEAD_IN_MS && ms <= scene.endMs + SLACK_MS;
}

/** Streams of a hop whose log covers the burst. */
export function covering(scene: Scene, hop: Hop): TimedStream[] {
  return scene.streams.filter(
    ({ stream, coverage }) =>
      stream.hop === hop && (scene.isExcerpt || isCovered(coverage, scene.startMs, scene.endMs, SLACK_MS)),
  );
}

/** All kept clues of the given signals within a test of time, in order of time. */
export function cluesOf(scene: Scene, signals: readonly SignalId[], when: (ms: number) => boolean): TimedClue[] {
  const found: TimedClue[] = [];
  for (const { clues } of scene.streams) {
    for (const signal of signals) {
      for (const clue of clues.get(signal)?.kept ?? []) if (when(clue.atMs)) found.push(clue);
    }
  }
  return found.sort(inTime);
}

/** All kept clues of the given signals in the burst, in order of time. */
export function cluesDuring(scene: Scene, signals: readonly SignalId[]): TimedClue[] {
  const found: TimedClue[] = [];
  for (const { clues } of scene.streams) {
    for (const signal of signals) {
      const kept = clues.get(signal)?.kept;
      if (kept !== undefined) for (const clue of thoseDuring(scene, kept)) found.push(clue);
    }
  }
  return found.sort(inTime);
}

export function inTime(a: TimedClue, b: TimedClue): number {
  const byTime = Number.isNaN(a.atMs) || Number.isNaN(b.atMs) ? 0 : a.atMs - b.atMs;
  return byTime || a.source - b.source || a.record.line - b.record.line;
}

export function lineRef({ record, source }: TimedClue | TimedRequest): LineRef {
  return { source, line: record.line, text: record.text };
}

const MAX_LINES = 4;

/** The lines to quote for a signal: the first three and the last. */
export function quoted(clues: readonly (TimedClue | TimedRequest)[]): LineRef[] {
  const picked = clues.length <= MAX_LINES ? clues : [...clues.slice(0, MAX_LINES - 1), ...clues.slice(-1)];
  return picked.map(lineRef);
}

/** A derived signal that holds for the whole burst. */
export function pattern(
  signal: SignalId,
  details: Partial<
    Pick<SignalFact, 'strength' | 'lines' | 'values' | 'firstMs' | 'lastMs' | 'count' | 'subjects'>
  > = {},
): SignalFact {
  return {
    signal,
    count: details.count ?? 1,
    before: 0,
    share: 1,
    strength: details.strength ?? 1,
    firstMs: details.firstMs ?? null,
    lastMs: details.lastMs ?? null,
    lines: details.lines ?? [],
    values: details.values ?? {},
    subjects: details.subjects ?? [],
  };
}
