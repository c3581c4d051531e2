import type { Segment, StreamDigest } from '../digest/digest.ts';
import type { TimedCells } from './timed-cells.ts';

/** From and to, milliseconds on the one clock, both inclusive. */
export type Span = readonly [number, number];

/** Requests that the log's own pace would have brought, for a hole between two files to be one, and for one within a file. */
const MISSED_BETWEEN = 10;
const MISSED_WITHIN = 30;
/** The pace is taken from at least this much of the log on both sides of a hole. */
const PACE_MS = 60_000;
/** While every request waits for an answer none is logged: a hole is longer than the edge waits by default (100 s and a retry). */
const SHORTEST_HOLE_MS = 130_000;
/** Request logs with fewer rows have no pace. */
const MIN_REQUESTS = 50;

/**
 * The times that a stream covers: outside them its silence says nothing. A file covers what lies between its first and its
 * last line. Between two files of a request log it is told from the log's own pace whether one is missing; between two files
 * of a log of lines, which has no pace, from the numbers that log rotation gave them. The edge's log has a row for whatever
 * happened to the origin: there a silence within a file that its pace does not explain is a hole as well. A web server's
 * silence within a file is real.
 */
export function coverageOf(
  stream: StreamDigest,
  segmentSpans: readonly Span[],
  cells: TimedCells,
  labels: readonly string[],
): Span[] {
  const pieces = fileSpans(stream.segments, segmentSpans);
  if (stream.requestCount < MIN_REQUESTS) return joined(pieces, (a, b) => !isFileMissing(a.sources, b.sources, labels));
  if (pieces.length < 2 && stream.hop !== 'edge') return pieces.map(({ span }) => span);
  const counts: Counts = { cells, bucketMs: stream.bucketSeconds * 1000 };
  const spans = joined(
    pieces,
    (a, b) => missed(counts, a.span[1], b.span[0]) < MISSED_BETWEEN && !isFileMissing(a.sources, b.sources, labels),
  );
  return stream.hop === 'edge' ? spans.flatMap((span) => splitAtHoles(span, counts)) : spans;
}

/** Whether a time lies within what is covered, give or take `slackMs`. */
export function isCovered(coverage: readonly Span[], fromMs: number, toMs: number, slackMs = 0): boolean {
  return coverage.some(([start, end]) => start <= fromMs + slackMs && end >= toMs - slackMs);
}

/** Whether any of a time is covered. */
export function isTouched(coverage: readonly Span[], fromMs: number, toMs: number): boolean {
  return coverage.some(([start, end]) => start <= toMs && end >= fromMs);
}

interface Piece {
  readonly span: Span;
  readonly sources: readonly number[];
}

/** First and last entry of each file, in order of time. */
function fileSpans(segments: readonly Segment[], segmentSpans: readonly Span[]): Piece[] {
  const bySource = new Map<number, Span>();
  segments.forEach(({ source }, i) => {
    const span = segmentSpans[i];
    if (span === undefined || Number.isNaN(span[0]) || Number.isNaN(span[1])) return;
    const known = bySource.get(source);
    bySource.set(source, known ? [Math.min(known[0], span[0]), Math.max(known[1], span[1])] : span);
  });
  return [...bySource]
    .map(([source, span]): Piece => ({ span, sources: [source] }))
    .sort((a, b) => a.span[0] - b.span[0] || a.span[1] - b.span[1]);
}

function joined(pieces: readonly Piece[], belong: (a: Piece, b: Piece) => boolean): Span[] {
  const spans: Piece[] = [];
  for (const piece of pieces) {
    const last = spans.at(-1);
    if (last && (piece.span[0] <= last.span[1] || belong(last, piece))) {
      const span: Span = [last.span[0], Math.max(last.span[1], piece.span[1])];
      // Only the file that reaches furthest is the next one's neighbour.
      spans[spans.length - 1] = { span, sources: piece.span[1] >= last.span[1] ? piece.sources : last.sources };
    } else spans.push(piece);
  }
  return spans.map(({ span }) => span);
}

/** What was counted in the buckets of a log, and how wide they are. */
interface Counts {
  readonly cells: TimedCells;
  readonly bucketMs: number;
}

/** Requests that the pace on the quieter side of a silence would have brought in it. */
function missed({ cells, bucketMs }: Counts, fromMs: number, toMs: number): number {
  const silentMs = toMs - fromMs - bucketMs;
  if (silentMs < SHORTEST_HOLE_MS) return 0;
  const width = Math.max(PACE_MS, silentMs);
  const between = (a: number, b: number): number => cells.countBefore(b) - cells.countBefore(a);
  // A log that begins or ends within that width has its pace from what there is of it.
  const first = cells.atMs[0] ?? fromMs;
  const last = (cells.atMs.at(-1) ?? toMs) + bucketMs;
  const spanBefore = Math.min(width, fromMs - first + bucketMs);
  const spanAfter = Math.min(width, last - toMs);
  const paceBefore = between(fromMs - spanBefore, fromMs + 1) / Math.max(bucketMs, spanBefore);
  const paceAfter = between(toMs, toMs + spanAfter) / Math.max(bucketMs, spanAfter);
  return Math.min(paceBefore, paceAfter) * silentMs;
}

function splitAtHoles([start, end]: Span, counts: Counts): Span[] {
  const { atMs } = counts.cells;
  const spans: Span[] = [];
  let from = start;
  for (let i = 1; i < atMs.length; i++) {
    const before = atMs[i - 1] ?? start;
    const at = atMs[i] ?? end;
    if (at - before < SHORTEST_HOLE_MS || before < start) continue;
    if (at > end) break;
    if (missed(counts, before, at) < MISSED_WITHIN) continue;
    spans.push([from, before + counts.bucketMs]);
    from = at;
  }
  spans.push([from, end]);
  return spans;
}

const NUMBERED = /\.(\d{1,4})(?:\.(?:gz|zst|bz2|xz))?$/;
const COMPRESSED = /\.(?:gz|zst|bz2|xz)$/;

/** The number that log rotation gave a file: 0 for the one in use, null where it counts otherwise. */
function rotation(label: string): number | null {
  const number = NUMBERED.exec(label)?.[1];
  if (number !== undefined) return Number(number);
  return COMPRESSED.test(label) ? null : 0;
}

/** Whether a file that log rotation numbered lies between the two and is not there. */
function isFileMissing(older: readonly number[], newer: readonly number[], labels: readonly string[]): boolean {
  const before = rotation(labels[older.at(-1) ?? -1] ?? '');
  const after = rotation(labels[newer[0] ?? -1] ?? '');
  return before !== null && after !== null && before - after > 1;
}
