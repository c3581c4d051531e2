import type { TimedClue, TimedRequest, TimedStream } from '../clock/timeline.ts';
import { type FailureKind, failureKind, type Hop, type Maker } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';

/** One failed request as a witness saw it. */
export interface Failure {
  /** When the answer was given, and when the request came in. */
  readonly atMs: number;
  readonly startedMs: number;
  readonly status: number;
  readonly kind: FailureKind;
  readonly madeBy: Maker;
  readonly signal: SignalId | null;
  /** Each kept failure stands for this many. */
  readonly weight: number;
  readonly source: number;
  /** The row, or the line where the log has no rows. */
  readonly row: TimedRequest | null;
  readonly clue: TimedClue | null;
}

/** Exact counts of a second. */
export interface SecondCount {
  fine: number;
  /** Failures by `kind madeBy`. */
  readonly failed: Map<string, number>;
}

/**
 * A log (or several of one hop) that saw requests fail. Request logs know the good answers too; logs of error lines know
 * failures only.
 */
export interface Witness {
  readonly hop: Hop;
  readonly knowsTotals: boolean;
  readonly sources: readonly number[];
  readonly streams: readonly TimedStream[];
  readonly failures: readonly Failure[];
  /** In order of time. */
  readonly seconds: ReadonlyMap<number, SecondCount>;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Groups failures that one fault can have made: kind, and who made the status. */
export function groupKey(kind: FailureKind, madeBy: Maker): string {
  return `${kind} ${madeBy}`;
}

/**
 * The witnesses from the outside inwards: edge rows, the browser's capture, access rows of the web server, of the
 * application; then error lines of the tunnel, the web server and the application, each line of role `request` one request.
 */
export function witnesses(streams: readonly TimedStream[]): Witness[] {
  const found: Witness[] = [];
  for (const hop of ['edge', 'proxy', 'client', 'app'] as const) {
    const rows = streams.filter(({ stream }) => stream.hop === hop && stream.requestCount > 0);
    if (rows.length > 0) found.push(requestWitness(hop, rows));
  }
  for (const hop of ['tunnel', 'proxy', 'app'] as const) {
    const lines = streams.filter(
      ({ stream, clues }) => stream.hop !== 'edge' && [...clues.keys()].some((signal) => isFailedRequest(signal, hop)),
    );
    if (lines.length > 0) found.push(clueWitness(hop, lines));
  }
  return found;
}

/** Whether each line of this signal is one failed request of that hop's clients. */
function isFailedRequest(signal: SignalId, hop: Hop): boolean {
  const declared = SIGNALS[signal];
  return (
    declared.hop === hop && declared.role === 'request' && ((declared.status ?? 0) >= 500 || declared.cut === true)
  );
}

const MINUTE_MS = 60_000;

/** What the client of an answer got that was spoiled after its header. */
const STATUS_OF_CUT = 200;

/** Whether the answer was spoiled after a good status had been sent: no status in a request log speaks of it. */
export function isCut({ signal }: Failure): boolean {
  return signal !== null && SIGNALS[signal].cut === true;
}

function requestWitness(hop: Hop, streams: readonly TimedStream[]): Witness {
  const seconds = new Map<number, SecondCount>();
  for (const { cells } of streams) {
    for (const { cell, atMs } of cells) {
      if (Number.isNaN(atMs)) continue;
      const count = secondAt(seconds, atMs);
      const failure = failureOf(cell.status, cell.signal);
      if (failure === null) count.fine += cell.count;
      else addFailed(count, groupKey(failure.kind, failure.madeBy), cell.count);
    }
  }
  const failures = streams.flatMap((timed) => {
    const scale = scaleOf(timed);
    return timed.failures.flatMap((row): Failure[] => {
      if (!row.record.visitor || Number.isNaN(row.atMs)) return [];
      const failure = failureOf(row.record.status, row.record.signal ?? null);
      if (failure === null) return [];
      return [
        {
          kind: failure.kind,
          madeBy: failure.madeBy,
          atMs: row.atMs,
          startedMs: row.startedMs,
          status: row.record.status,
          signal: row.record.signal ?? null,
          weight: weightOf(timed, failure.kind) * (row.record.weight ?? 1) * scale(row, failure),
          source: row.source,
          row,
          clue: null,
        },
      ];
    });
  });
  return {
    hop,
    knowsTotals: true,
    streams,
    seconds: ascending(seconds),
    failures: byTime(failures),
    ...spanOf(streams),
  };
}

/**
 * By how much the rows of a thinned sample fall short of the exact counts or exceed them, for each minute, status and group:
 * the rows then add up to what the log holds. 1 where all rows are kept.
 */
function scaleOf(timed: TimedStream): (row: TimedRequest, failure: Pick<Failure, 'kind' | 'madeBy'>) => number {
  const { failed, refused } = timed.stream.kept;
  if (failed.weight === 1 && refused.weight === 1) return () => 1;
  const key = (atMs: number, status: number, { kind, madeBy }: Pick<Failure, 'kind' | 'madeBy'>): string =>
    `${Math.floor(atMs / MINUTE_MS)} ${status} ${groupKey(kind, madeBy)}`;
  const exact = new Map<string, number>();
  for (const { cell, atMs } of timed.cells) {
    const failure = failureOf(cell.status, cell.signal);
    if (failure !== null) addTo(exact, key(atMs, cell.status, failure), cell.count);
  }
  const told = new Map<string, number>();
  for (const { record, atMs } of timed.failures) {
    const failure = record.visitor ? failureOf(record.status, record.signal ?? null) : null;
    if (failure === null) continue;
    addTo(told, key(atMs, record.status, failure), weightOf(timed, failure.kind) * (record.weight ?? 1));
  }
  return ({ atMs, record }, failure) => {
    const place = key(atMs, record.status, failure);
    return (exact.get(place) ?? 0) / (told.get(place) ?? 1);
  };
}

function addTo(counts: Map<string, number>, key: string, n: number): void {
  counts.set(key, (counts.get(key) ?? 0) + n);
}

/** How many failed requests of a kind each kept row of a stream stands for. */
export function weightOf({ stream: { kept } }: Pick<TimedStream, 'stream'>, kind: FailureKind): number {
  return kept[kind === 'blocked' ? 'refused' : 'failed'].weight;
}

function clueWitness(hop: Hop, streams: readonly TimedStream[]): Witness {
  const seconds = new Map<number, SecondCount>();
  const failures: Failure[] = [];
  for (const { clues } of streams) {
    for (const [signal, series] of clues) {
      if (!isFailedRequest(signal, hop)) continue;
      const status = SIGNALS[signal].status ?? (SIGNALS[signal].cut ? STATUS_OF_CUT : 502);
      const kind = failureKind(status) ?? 'gateway';
      const madeBy = SIGNALS[signal].madeBy ?? (SIGNALS[signal].cut ? 'origin' : 'unknown');
      for (const [second, count] of series.seconds)
        addFailed(secondAt(seconds, second * 1000), groupKey(kind, madeBy), count);
      const weight = series.count / Math.max(1, series.kept.length);
      for (const clue of series.kept) {
        if (Number.isNaN(clue.atMs)) continue;
        const { atMs, source } = clue;
        failures.push({ atMs, startedMs: atMs, status, kind, madeBy, signal, weight, source, row: null, clue });
      }
    }
  }
  return {
    hop,
    knowsTotals: false,
    streams,
    seconds: ascending(seconds),
    failures: byTime(failures),
    ...spanOf(streams),
  };
}

/** Kind and maker of a failed row; null for good answers and for rows whose signal is known noise. */
function failureOf(status: number, signal: SignalId | null): { kind: FailureKind; madeBy: Maker } | null {
  const kind = failureKind(status);
  const declared = signal === null ? null : SIGNALS[signal];
  if (declared && declared.role !== 'request') return null;
  if (kind === null) return null;
  return { kind, madeBy: declared?.madeBy ?? 'unknown' };
}

function secondAt(seconds: Map<number, SecondCount>, ms: number): SecondCount {
  const second = Math.floor(ms / 1000);
  let count = seconds.get(second);
  if (!count) {
    count = { fine: 0, failed: new Map() };
    seconds.set(second, count);
  }
  return count;
}

function ascending(seconds: ReadonlyMap<number, SecondCount>): ReadonlyMap<number, SecondCount> {
  let last = Number.NEGATIVE_INFINITY;
  for (const second of seconds.keys()) {
    if (second < last) return new Map([...seconds].sort((a, b) => a[0] - b[0]));
    last = second;
  }
  return seconds;
}

function addFailed(count: SecondCount, key: string, n: number): void {
  count.failed.set(key, (count.failed.get(key) ?? 0) + n);
}

function byTime(failures: Failure[]): Failure[] {
  return failures.sort((a, b) => a.atMs - b.atMs || a.source - b.source || lineOf(a) - lineOf(b));
}

/** Line of the source that a failure stands on. */
export function lineOf(failure: Failure): number {
  return (failure.row ?? failure.clue)?.record.line ?? 0;
}

function spanOf(streams: readonly TimedStream[]): { firstMs: number; lastMs: number; sources: number[] } {
  const firsts = streams.map(({ firstMs }) => firstMs).filter((ms) => !Number.isNaN(ms));
  const lasts = streams.map(({ lastMs }) => lastMs).filter((ms) => !Number.isNaN(ms));
  const sources = new Set(streams.flatMap(({ stream }) => stream.segments.map(({ source }) => source)));
  return { firstMs: Math.min(...firsts), lastMs: Math.max(...lasts), sources: [...sources].sort((a, b) => a - b) };
}
