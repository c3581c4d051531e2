import type { TimedClue, TimedRequest, TimedStream } from '../clock/timeline.ts';
import { FAILURE_KINDS, type FailureKind, failureKind, type Hop, MAKERS, type Maker } from '../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../vocabulary/signals.ts';
import { SecondCounter, type Seconds } from './seconds.ts';

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
  readonly seconds: Seconds;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Failures that one fault can have made: of one kind, and with a status made by one. */
interface Group {
  readonly key: string;
  readonly kind: FailureKind;
  readonly madeBy: Maker;
}

const GROUPS: ReadonlyMap<FailureKind, ReadonlyMap<Maker, Group>> = new Map(
  FAILURE_KINDS.map((kind) => [
    kind,
    new Map(MAKERS.map((madeBy) => [madeBy, { key: groupKey(kind, madeBy), kind, madeBy }])),
  ]),
);

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
  const seconds = new SecondCounter();
  for (const { cells } of streams) {
    const groups = cells.kinds.map(({ status, signal }) => groupOf(status, signal));
    cells.each((atMs, count, kind) => {
      if (Number.isNaN(atMs)) return;
      const second = Math.floor(atMs / 1000);
      const group = groups[kind] ?? null;
      if (group === null) seconds.addFine(second, count);
      else seconds.addFailed(second, group.key, count);
    });
  }
  const failures: Failure[] = [];
  for (const timed of streams) {
    const scale = scaleOf(timed);
    for (const row of timed.failures) {
      const { record, atMs, startedMs, source } = row;
      if (!record.visitor || Number.isNaN(atMs)) continue;
      const { status, signal = null } = record;
      const group = groupOf(status, signal);
      if (group === null) continue;
      const { kind, madeBy } = group;
      const weight = weightOf(timed, kind) * (record.weight ?? 1) * scale(row, group);
      failures.push({ kind, madeBy, atMs, startedMs, status, signal, weight, source, row, clue: null });
    }
  }
  return {
    hop,
    knowsTotals: true,
    streams,
    seconds: seconds.counted(),
    failures: byTime(failures),
    ...spanOf(streams),
  };
}

/**
 * By how much the rows of a thinned sample fall short of the exact counts or exceed them, for each minute, status and group:
 * the rows then add up to what the log holds. 1 where all rows are kept.
 */
function scaleOf(timed: TimedStream): (row: TimedRequest, group: Group) => number {
  const { failed, refused } = timed.stream.kept;
  if (failed.weight === 1 && refused.weight === 1) return () => 1;
  const exact = new MinuteCounts();
  const groups = timed.cells.kinds.map(({ status, signal }) => groupOf(status, signal));
  timed.cells.each((atMs, count, kind) => {
    const group = groups[kind] ?? null;
    if (group !== null) exact.add(group, atMs, timed.cells.kinds[kind]?.status ?? 0, count);
  });
  const told = new MinuteCounts();
  for (const { record, atMs } of timed.failures) {
    const group = record.visitor ? groupOf(record.status, record.signal ?? null) : null;
    if (group !== null) told.add(group, atMs, record.status, weightOf(timed, group.kind) * (record.weight ?? 1));
  }
  return ({ atMs, record }, group) =>
    (exact.get(group, atMs, record.status) ?? 0) / (told.get(group, atMs, record.status) ?? 1);
}

/** Counts of failures by group, minute and status. */
class MinuteCounts {
  private readonly counts = new Map<Group, Map<number, number>>();

  add(group: Group, atMs: number, status: number, count: number): void {
    let counts = this.counts.get(group);
    if (counts === undefined) {
      counts = new Map();
      this.counts.set(group, counts);
    }
    const place = placeOf(atMs, status);
    counts.set(place, (counts.get(place) ?? 0) + count);
  }

  get(group: Group, atMs: number, status: number): number | undefined {
    return this.counts.get(group)?.get(placeOf(atMs, status));
  }
}

/** One number for a minute and a status of three digits. */
function placeOf(atMs: number, status: number): number {
  return Math.floor(atMs / MINUTE_MS) * 1000 + status;
}

/** How many failed requests of a kind each kept row of a stream stands for. */
export function weightOf({ stream: { kept } }: Pick<TimedStream, 'stream'>, kind: FailureKind): number {
  return kept[kind === 'blocked' ? 'refused' : 'failed'].weight;
}

function clueWitness(hop: Hop, streams: readonly TimedStream[]): Witness {
  const seconds = new SecondCounter();
  const failures: Failure[] = [];
  for (const { clues } of streams) {
    for (const [signal, series] of clues) {
      if (!isFailedRequest(signal, hop)) continue;
      const status = SIGNALS[signal].status ?? (SIGNALS[signal].cut ? STATUS_OF_CUT : 502);
      const kind = failureKind(status) ?? 'gateway';
      const madeBy = SIGNALS[signal].madeBy ?? (SIGNALS[signal].cut ? 'origin' : 'unknown');
      const group = groupKey(kind, madeBy);
      series.seconds.each((second, count) => seconds.addFailed(second, group, count));
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
    seconds: seconds.counted(),
    failures: byTime(failures),
    ...spanOf(streams),
  };
}

/** The group of a failed row; null for good answers and for rows whose signal is known noise. */
function groupOf(status: number, signal: SignalId | null): Group | null {
  const kind = failureKind(status);
  if (kind === null) return null;
  const declared = signal === null ? null : SIGNALS[signal];
  if (declared && declared.role !== 'request') return null;
  return GROUPS.get(kind)?.get(declared?.madeBy ?? 'unknown') ?? null;
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
