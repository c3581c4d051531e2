import type { TimedStream } from '../../clock/timeline.ts';
import type { Digest, SourceDigest } from '../../digest/digest.ts';
import type { Result, Source } from '../schema.ts';
import { isoInstant, isoTime, rounded } from './times.ts';

/** Severities from the loudest to the most talkative. */
const LEVELS = [
  'emerg',
  'alert',
  'crit',
  'error',
  'err',
  'warn',
  'warning',
  'wrn',
  'notice',
  'info',
  'inf',
  'debug',
  'dbg',
];

/** Every source that was read, and those that are no logs. */
export function sourcesOf(
  digest: Digest,
  streams: readonly TimedStream[],
  sampleRates: ReadonlyMap<number, number>,
): { sources: Source[]; skipped: Result['skipped'] } {
  const bySource = new Map<number, TimedStream[]>();
  for (const timed of streams) {
    for (const source of new Set(timed.stream.segments.map((segment) => segment.source))) {
      bySource.set(source, [...(bySource.get(source) ?? []), timed]);
    }
  }
  return {
    sources: digest.sources.map((source) =>
      sourceOf(source, bySource.get(source.index) ?? [], sampleRates.get(source.index) ?? null),
    ),
    skipped: digest.sources.flatMap(({ label, skipped }) =>
      skipped === null ? [] : [{ path: label, reason: skipped }],
    ),
  };
}

function sourceOf(source: SourceDigest, streams: readonly TimedStream[], sampleRate: number | null): Source {
  const times = streams.map((timed) => pieceSpan(timed, source.index)).filter((span) => span !== null);
  const first = times.length === 0 ? null : Math.min(...times.map(([start]) => start));
  const last = times.length === 0 ? null : Math.max(...times.map(([, end]) => end));
  const main = streams.find(({ stream }) => stream.format === source.format) ?? streams[0];
  const levels = new Set(
    streams.filter(({ stream }) => stream.format === source.format).flatMap(({ stream }) => [...stream.levels.keys()]),
  );
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
    coverage: first === null || last === null ? [] : [[isoInstant(first), isoInstant(last)]],
    level: [...LEVELS].reverse().find((level) => levels.has(level)) ?? null,
    sampleRate: sampleRate === null ? null : rounded(sampleRate, 3),
    lostBytes: source.lostBytes,
    clock: main
      ? {
          zone: main.clock.zone,
          zoneOffsetMinutes: main.clock.zoneOffsetMinutes,
          skewSeconds: main.clock.skewSeconds,
          year: main.clock.year,
          method: main.clock.method,
          uncertaintySeconds: main.clock.uncertaintySeconds,
          alternatives: [...main.clock.alternatives],
        }
      : null,
  };
}

/** Span of one source's pieces of a stream on the one clock; null where they carry no time. */
function pieceSpan(timed: TimedStream, source: number): [number, number] | null {
  const spans = timed.stream.segments.flatMap((segment, i) =>
    segment.source === source && segment.kind !== 'none' ? [timed.segmentSpans[i]] : [],
  );
  const known = spans.filter(
    (span): span is readonly [number, number] => span !== undefined && Number.isFinite(span[0]),
  );
  return known.length === 0
    ? null
    : [Math.min(...known.map(([start]) => start)), Math.max(...known.map(([, end]) => end))];
}
