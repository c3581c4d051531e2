import type { Kept, StampKind, StreamDigest } from '../digest/digest.ts';
import { failureKind } from '../vocabulary/hops.ts';
import type { RequestRecord } from '../vocabulary/records.ts';
import type { ClockEvent } from './differences.ts';

type Row = Kept<RequestRecord>;

/** All rows that are kept of these streams. */
export const rowsOf = (streams: readonly StreamDigest[]): Row[] =>
  streams.flatMap(({ kept }) => [...kept.failed.rows, ...kept.refused.rows, ...kept.ordinary.rows]);

/** Requests of a log as events that another log of the same requests can be compared with. */
export function requestEvents(streams: readonly StreamDigest[], toMs: (row: Row) => number): ClockEvent[] {
  return rowsOf(streams).flatMap((row) => {
    const { method, path, status } = row.record;
    const ms = toMs(row);
    return path === undefined || Number.isNaN(ms) ? [] : [{ key: `${method ?? ''} ${path} ${status}`, ms }];
  });
}

/** Error lines that name their request, as events; `toMs` gives the instant of a written time. */
export function clueEvents(
  streams: readonly StreamDigest[],
  toMs: (kind: StampKind, ms: number) => number,
): ClockEvent[] {
  return streams.flatMap(({ clues }) =>
    [...clues.values()].flatMap(({ kept }) =>
      kept.flatMap(({ record }) => {
        if (record.path === undefined || record.stamp.kind === 'none') return [];
        const ms = toMs(record.stamp.kind, record.stamp.ms);
        return Number.isNaN(ms) ? [] : [{ key: `${record.method ?? ''} ${record.path}`, ms }];
      }),
    ),
  );
}

/** Failed requests of logs that write their zone, as events that error lines can be compared with. */
export function failedRowEvents(streams: readonly StreamDigest[]): ClockEvent[] {
  return streams.flatMap(({ kept }) =>
    [...kept.failed.rows, ...kept.refused.rows].flatMap(({ record }) =>
      record.path === undefined || record.stamp.kind !== 'utc' || failureKind(record.status) === null
        ? []
        : [{ key: `${record.method ?? ''} ${record.path}`, ms: record.stamp.ms }],
    ),
  );
}
