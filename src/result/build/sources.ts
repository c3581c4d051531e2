import { clockIn } from '../../clock/changes.ts';
import type { Span } from '../../clock/coverage.ts';
import { levelInForce } from '../../clock/level.ts';
import type { TimedStream } from '../../clock/timeline.ts';
import type { Digest, SourceDigest } from '../../digest/digest.ts';
import type { Result, Source } from '../schema.ts';
import { isoInstant, isoTime, rounded } from './times.ts';

/** Every source that was read, and those that are no logs. */
export function sourcesOf(
  digest: Digest,
  streams: readonly TimedStream[],
  sampleRates: ReadonlyMap<number, number>,
): { sources: Source[]; skipped: Result['skipped'] } {
  const bySource = piecesBySource(streams);
  return {
    sources: digest.sources.map((source) =>
      sourceOf(source, bySource.get(source.index) ?? [], sampleRates.get(source.index) ?? null),
    ),
    skipped: digest.sources.flatMap(({ label, skipped }) =>
      skipped === null ? [] : [{ path: label, reason: skipped }],
    ),
  };
}

/** What one source holds of a stream. */
interface Piece {
  readonly timed: TimedStream;
  /** First and last instant; null where it carries no time. */
  span: Span | null;
  /** Where the stream's next piece begins: up to there this one speaks for the stream. */
  untilMs: number;
}

function piecesBySource(streams: readonly TimedStream[]): ReadonlyMap<number, Piece[]> {
  const bySource = new Map<number, Piece[]>();
  for (const timed of streams) {
    timed.stream.segments.forEach(({ source }, i) => {
      const pieces = bySource.get(source) ?? [];
      bySource.set(source, pieces);
      let piece = pieces.find((known) => known.timed === timed);
      if (!piece) {
        piece = { timed, span: null, untilMs: Number.NEGATIVE_INFINITY };
        pieces.push(piece);
      }
      const span = timed.segmentSpans[i];
      if (span === undefined || !Number.isFinite(span[0])) return;
      piece.span = piece.span === null ? span : [Math.min(piece.span[0], span[0]), Math.max(piece.span[1], span[1])];
    });
  }
  const byStream = new Map<TimedStream, Piece[]>();
  for (const piece of [...bySource.values()].flat()) {
    const pieces = byStream.get(piece.timed);
    if (pieces) pieces.push(piece);
    else byStream.set(piece.timed, [piece]);
  }
  for (const pieces of byStream.values()) {
    const dated = pieces.flatMap(({ span }) => (span === null ? [] : [span[0]])).sort((a, b) => a - b);
    const order = new Map(dated.map((startMs, i) => [startMs, dated[i + 1]]));
    for (const piece of pieces) if (piece.span) piece.untilMs = order.get(piece.span[0]) ?? piece.span[1];
  }
  return bySource;
}

/** What a source covers: the parts of its streams' coverage from its own first entry to its last, or to where the next piece begins. */
function covered(pieces: readonly Piece[]): Span[] {
  const parts = pieces
    .flatMap(({ timed, span, untilMs }): Span[] =>
      span === null
        ? []
        : timed.coverage.flatMap(([from, to]): Span[] => {
            const part: Span = [Math.max(from, span[0]), Math.min(to, Math.max(span[1], untilMs))];
            return part[0] <= part[1] ? [part] : [];
          }),
    )
    .sort((a, b) => a[0] - b[0]);
  const merged: Span[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (last && part[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], part[1])];
    else merged.push(part);
  }
  return merged;
}

function sourceOf(source: SourceDigest, pieces: readonly Piece[], sampleRate: number | null): Source {
  const times = pieces.flatMap(({ span }) => (span === null ? [] : [span]));
  const first = times.length === 0 ? null : Math.min(...times.map(([start]) => start));
  const last = times.length === 0 ? null : Math.max(...times.map(([, end]) => end));
  const own = pieces.map(({ timed }) => timed).filter(({ stream }) => stream.format === source.format);
  const main = own[0] ?? pieces[0]?.timed;
  const clock = main && clockIn(main.clock, source.index, last ?? Number.NaN);
  return {
    path: source.label,
    format: source.format ?? 'not-understood',
    hop: source.hop ?? 'host',
    server: source.server,
    bytes: source.bytes,
    sha256: source.sha256,
    lines: source.lines,
    records: source.records,
    notUnderstood: { count: source.notUnderstood.count, samples: [...source.notUnderstood.samples] },
    first: isoTime(first),
    last: isoTime(last),
    coverage: covered(pieces).map(([from, to]) => [isoInstant(from), isoInstant(to)]),
    level: levelInForce(own.map(({ stream }) => stream)),
    sampleRate: sampleRate === null ? null : rounded(sampleRate, 3),
    lostBytes: source.lostBytes,
    clock: clock
      ? {
          zone: clock.zone,
          zoneOffsetMinutes: clock.zoneOffsetMinutes,
          skewSeconds: clock.skewSeconds,
          year: clock.year,
          method: clock.method,
          uncertaintySeconds: clock.uncertaintySeconds,
          alternatives: [...clock.alternatives],
        }
      : null,
  };
}
