import type { CellKind, Kept, StreamDigest } from '../digest/digest.ts';
import { failureKind } from '../vocabulary/hops.ts';
import type { ClueRecord, RequestRecord } from '../vocabulary/records.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import type { SourceEvent } from './course.ts';
import type { ToInstant } from './written.ts';

/** A stream with a reading of its times. */
export interface ReadStream {
  readonly stream: StreamDigest;
  readonly toInstant: ToInstant;
}

/** Computes once for each reading what is asked for again and again. */
function once<T>(compute: (read: ReadStream) => T): (read: ReadStream) => T {
  const known = new WeakMap<ReadStream, T>();
  return (read) => {
    let value = known.get(read);
    if (value === undefined) {
      value = compute(read);
      known.set(read, value);
    }
    return value;
  };
}

const msOf = ({ record, segment }: Kept<RequestRecord | ClueRecord>, toInstant: ToInstant): number =>
  record.stamp.kind === 'none' ? Number.NaN : toInstant(segment, record.stamp.ms);

const failedRows = ({ kept }: StreamDigest): Kept<RequestRecord>[] => [...kept.failed.rows, ...kept.refused.rows];
const rowsOf = (stream: StreamDigest): Kept<RequestRecord>[] => [...failedRows(stream), ...stream.kept.ordinary.rows];
const linesOf = ({ clues }: StreamDigest): Kept<ClueRecord>[] => [...clues.values()].flatMap(({ kept }) => kept);

/** Rows and lines that carry a Ray ID. */
export const rayEvents = once(({ stream, toInstant }: ReadStream): SourceEvent[] => {
  return [...rowsOf(stream), ...linesOf(stream)].flatMap((kept) => {
    const { ray } = kept.record;
    const ms = ray === undefined ? Number.NaN : msOf(kept, toInstant);
    return ray === undefined || Number.isNaN(ms) ? [] : [{ key: ray, ms, source: kept.source, line: kept.record.line }];
  });
});

/** Requests of a log as events that another log of the same requests can be compared with. */
export const requestEvents = once(({ stream, toInstant }: ReadStream): SourceEvent[] => {
  return rowsOf(stream).flatMap((kept) => {
    const { method, path, status } = kept.record;
    const ms = path === undefined ? Number.NaN : msOf(kept, toInstant);
    return Number.isNaN(ms)
      ? []
      : [{ key: `${method ?? ''} ${path} ${status}`, ms, source: kept.source, line: kept.record.line }];
  });
});

/** Error lines that name their request. */
export const lineEvents = once(({ stream, toInstant }: ReadStream): SourceEvent[] => {
  return namedEvents(linesOf(stream), toInstant);
});

/** Failed requests of a log, as events that error lines can be compared with. */
export const failedEvents = once(({ stream, toInstant }: ReadStream): SourceEvent[] => {
  return namedEvents(
    failedRows(stream).filter(({ record }) => failureKind(record.status) !== null),
    toInstant,
  );
});

function namedEvents(kept: readonly Kept<RequestRecord | ClueRecord>[], toInstant: ToInstant): SourceEvent[] {
  return kept.flatMap((one) => {
    const { method, path } = one.record;
    const ms = path === undefined ? Number.NaN : msOf(one, toInstant);
    return Number.isNaN(ms) ? [] : [{ key: `${method ?? ''} ${path}`, ms, source: one.source, line: one.record.line }];
  });
}

/** What a stream counts in each second of failed requests, by its rows and by its lines, and of processes in trouble. */
export interface TroubledSeconds {
  readonly requests: ReadonlyMap<number, number>;
  readonly processes: ReadonlyMap<number, number>;
}

/** When a stream tells of trouble, by its exact counts. */
export const troubledSeconds = once(({ stream, toInstant }: ReadStream): TroubledSeconds => {
  const requests = new Map<number, number>();
  const processes = new Map<number, number>();
  const add = (to: Map<number, number>, ms: number, count: number): void => {
    const second = Math.floor(ms / 1000);
    if (!Number.isNaN(second)) to.set(second, (to.get(second) ?? 0) + count);
  };
  for (const { kinds, segments, bucketMs, kindOf, counts } of stream.cells) {
    const isTrouble = kinds.map(isFailedKind);
    counts.forEach((count, i) => {
      if (count > 0 && isTrouble[kindOf[i] ?? 0]) add(requests, toInstant(segments[i] ?? 0, bucketMs[i] ?? 0), count);
    });
  }
  for (const { signal, perSecond } of stream.clues.values()) {
    const who = troubledBy(signal);
    if (who === null) continue;
    const troubles = who === 'requests' ? requests : processes;
    perSecond.forEach(({ seconds, counts }, segment) => {
      seconds.forEach((second, i) => {
        add(troubles, toInstant(segment, second * 1000), counts[i] ?? 0);
      });
    });
  }
  return { requests, processes };
});

/** Whether a stream tells in any second of failed requests. */
export function tellsOfRequests({ stream, toInstant }: ReadStream): boolean {
  const isDated = (segment: number, ms: number): boolean => !Number.isNaN(toInstant(segment, ms));
  for (const { kinds, segments, bucketMs, kindOf, counts } of stream.cells) {
    const isTrouble = kinds.map(isFailedKind);
    if (!isTrouble.includes(true)) continue;
    const tells = (count: number, i: number): boolean =>
      count > 0 && isTrouble[kindOf[i] ?? 0] === true && isDated(segments[i] ?? 0, bucketMs[i] ?? 0);
    if (counts.some(tells)) return true;
  }
  for (const { signal, perSecond } of stream.clues.values()) {
    if (troubledBy(signal) !== 'requests') continue;
    if (perSecond.some(({ seconds }, segment) => seconds.some((second) => isDated(segment, second * 1000))))
      return true;
  }
  return false;
}

function isFailedKind({ status, signal }: CellKind): boolean {
  const kind = failureKind(status);
  return kind !== null && kind !== 'blocked' && (signal === null || SIGNALS[signal].role === 'request');
}

/** Whose trouble lines of a signal tell of; null for neither. */
function troubledBy(signal: SignalId): keyof TroubledSeconds | null {
  const { role, status, costsOne } = SIGNALS[signal];
  if (role !== 'process' && (role !== 'request' || (status !== undefined && status < 500))) return null;
  // With a worker the request fails that it served, at once.
  return role === 'request' || costsOne ? 'requests' : 'processes';
}

/** Deaths of processes that are named by their number: the kernel, PHP-FPM, systemd and the journal tell of the same ones. */
export const deathEvents = once(({ stream, toInstant }: ReadStream): SourceEvent[] => {
  return linesOf(stream).flatMap((kept) => {
    const { signal, connection = '' } = kept.record;
    const ms = SIGNALS[signal].role === 'process' && PROCESS.test(connection) ? msOf(kept, toInstant) : Number.NaN;
    return Number.isNaN(ms) ? [] : [{ key: connection, ms, source: kept.source, line: kept.record.line }];
  });
});

const PROCESS = /^\d{2,10}$/;

/** Deaths of workers by second, each of which costs the request that it served. */
export const lostWorkers = once((read: ReadStream): ReadonlyMap<number, number> => {
  return secondsOf(read, (signal) => SIGNALS[signal].costsOne === true);
});

/** Requests by second whose connection to the application was cut before all of the answer was there. */
export const lostAnswers = once((read: ReadStream): ReadonlyMap<number, number> => {
  return secondsOf(read, (signal) => LOST_ANSWERS.has(signal));
});

const LOST_ANSWERS: ReadonlySet<SignalId> = new Set([
  'nginx.recv-reset-header',
  'nginx.recv-reset-body',
  'nginx.recv-reset-sending',
  'nginx.premature-header',
  'nginx.premature-body',
  'nginx.premature-generic',
  'apache.backend-closed',
  'apache.script-closed',
  'proxy.backend-closed',
  'proxy.backend-reset',
]);

/** How many lines of some signals a stream has in each second. */
function secondsOf({ stream, toInstant }: ReadStream, isOne: (signal: SignalId) => boolean): Map<number, number> {
  const found = new Map<number, number>();
  for (const { signal, perSecond } of stream.clues.values()) {
    if (!isOne(signal)) continue;
    perSecond.forEach(({ seconds, counts }, segment) => {
      seconds.forEach((second, i) => {
        const at = Math.floor(toInstant(segment, second * 1000) / 1000);
        if (!Number.isNaN(at)) found.set(at, (found.get(at) ?? 0) + (counts[i] ?? 0));
      });
    });
  }
  return found;
}
