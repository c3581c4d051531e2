import type { Digest, Kept, StampKind, StreamDigest } from '../../src/digest/digest.ts';
import type { ClueRecord, RequestRecord, Stamp } from '../../src/vocabulary/records.ts';

/** How the clock of one source is set otherwise. */
export interface Shift {
  /** Zone in which the source writes what writes no zone, beside the one it had; multiples of 15. */
  readonly zoneMinutes: number;
  /** How much its clock is fast beside how it was. */
  readonly skewSeconds: number;
  /** Its stamps lose their year where they write no zone. */
  readonly cutYear: boolean;
}

const inYear2000 = (ms: number): number => {
  const date = new Date(ms);
  return Date.UTC(2000, date.getUTCMonth(), date.getUTCDate()) + (((ms % 86_400_000) + 86_400_000) % 86_400_000);
};

/** A digest as it would be if one source had been written by another clock. */
export function withShiftedSource(digest: Digest, source: number, shift: Shift): Digest {
  return {
    ...digest,
    streams: digest.streams.map((stream) =>
      stream.segments.some((segment) => segment.source === source) ? shifted(stream, source, shift) : stream,
    ),
  };
}

function shifted(stream: StreamDigest, source: number, { zoneMinutes, skewSeconds, cutYear }: Shift): StreamDigest {
  const skewMs = skewSeconds * 1000;
  const kindOf = (kind: StampKind): StampKind => (cutYear && kind === 'local' ? 'yearless' : kind);
  const msOf = (kind: StampKind, ms: number): number => {
    const moved = ms + skewMs + (kind === 'local' || kind === 'yearless' ? zoneMinutes * 60_000 : 0);
    return kindOf(kind) === 'yearless' ? inYear2000(moved) : moved;
  };
  const stampOf = (stamp: Stamp): Stamp => {
    if (stamp.kind === 'none') return stamp;
    const ms = msOf(stamp.kind, stamp.ms);
    if (stamp.kind === 'utc') return { ...stamp, ms };
    return { kind: kindOf(stamp.kind) === 'yearless' ? 'yearless' : 'local', ms };
  };
  const isMoved = (index: number): boolean => stream.segments[index]?.source === source;
  const kindAt = (index: number): StampKind => stream.segments[index]?.kind ?? 'none';
  const kept = <R extends RequestRecord | ClueRecord>(one: Kept<R>): Kept<R> =>
    isMoved(one.segment)
      ? {
          ...one,
          record: {
            ...one.record,
            stamp: stampOf(one.record.stamp),
            ...(one.record.outerStamp ? { outerStamp: stampOf(one.record.outerStamp) } : {}),
            ...('aheadOfEdgeMs' in one.record && one.record.aheadOfEdgeMs !== undefined
              ? { aheadOfEdgeMs: one.record.aheadOfEdgeMs + skewMs }
              : {}),
          },
        }
      : one;
  const bucketMs = stream.bucketSeconds * 1000;
  const rows = (kind: keyof StreamDigest['kept']) => ({
    ...stream.kept[kind],
    rows: stream.kept[kind].rows.map(kept),
  });
  return {
    ...stream,
    segments: stream.segments.map((segment) =>
      segment.source === source
        ? {
            ...segment,
            kind: kindOf(segment.kind),
            firstMs: msOf(segment.kind, segment.firstMs),
            lastMs: msOf(segment.kind, segment.lastMs),
          }
        : segment,
    ),
    cells: stream.cells.map((cells) => ({
      ...cells,
      bucketMs: cells.bucketMs.map((ms, i) => {
        const segment = cells.segments[i] ?? -1;
        return isMoved(segment) ? Math.floor(msOf(kindAt(segment), ms) / bucketMs) * bucketMs : ms;
      }),
    })),
    kept: { ordinary: rows('ordinary'), failed: rows('failed'), refused: rows('refused') },
    clues: new Map(
      [...stream.clues].map(([signal, series]) => [
        signal,
        {
          ...series,
          kept: series.kept.map(kept),
          perSecond: series.perSecond.map((list, segment) =>
            isMoved(segment)
              ? {
                  ...list,
                  seconds: list.seconds.map((second) => Math.floor(msOf(kindAt(segment), second * 1000) / 1000)),
                }
              : list,
          ),
        },
      ]),
    ),
    offsets: new Map(
      [...stream.offsets].map(([offset, seen]) => [
        offset,
        { ...seen, firstMs: seen.firstMs + skewMs, lastMs: seen.lastMs + skewMs },
      ]),
    ),
    clockPairs: stream.clockPairs.map(({ outerKind, outerMs, innerMs }) => ({
      outerKind: kindOf(outerKind) === 'yearless' ? 'yearless' : 'local',
      outerMs: msOf(outerKind, outerMs),
      innerMs: innerMs + skewMs,
    })),
  };
}
