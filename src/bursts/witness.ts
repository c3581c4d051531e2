import type { TimedCells } from '../clock/timed-cells.ts';
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
  /** Its place among all groups. */
  readonly index: number;
  readonly key: string;
  readonly kind: FailureKind;
  readonly madeBy: Maker;
}

const GROUPS: ReadonlyMap<FailureKind, ReadonlyMap<Maker, Group>> = new Map(
  FAILURE_KINDS.map((kind, k) => [
    kind,
    new Map(
      MAKERS.map((madeBy, m) => [madeBy, { index: k * MAKERS.length + m, key: groupKey(kind, madeBy), kind, madeBy }]),
    ),
  ]),
);
const GROUPS_AT_MOST = FAILURE_KINDS.length * MAKERS.length;

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
  const seconds = new SecondCounter(streams.map(({ cells }) => cells.seconds()));
  const failures: Failure[] = [];
  for (const timed of streams) {
    const { kinds, kindOf, counts } = timed.cells;
    const groups = kinds.map(({ status, signal }) => groupOf(status, signal));
    const countsOf = groups.map((group) => (group === null ? seconds.fine : seconds.failedOf(group.key)));
    // Both the cells and the seconds are in order of time.
    const { at } = seconds;
    let place = 0;
    timed.cells.eachInstant((ms, from, to) => {
      const second = Math.floor(ms / 1000);
      while ((at[place] ?? second) < second) place++;
      for (let i = from; i < to; i++) {
        const added = countsOf[kindOf[i] ?? 0] ?? seconds.fine;
        added[place] = (added[place] ?? 0) + (counts[i] ?? 0);
      }
    });
    for (const failure of failedRows(timed, groups)) failures.push(failure);
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

/** The kept rows of failures; `groups` are those of the kinds of the stream's cells. */
function failedRows(timed: TimedStream, groups: readonly (Group | null)[]): Failure[] {
  const { failed, refused } = timed.stream.kept;
  const found: (Failure & { weight: number })[] = [];
  const rowGroups: Group[] = [];
  for (const row of timed.failures) {
    const { record, atMs, startedMs, source } = row;
    if (!record.visitor || Number.isNaN(atMs)) continue;
    const { status, signal = null } = record;
    const group = groupOf(status, signal);
    if (group === null) continue;
    const { kind, madeBy } = group;
    const weight = weightOf(timed, kind) * (record.weight ?? 1);
    found.push({ kind, madeBy, atMs, startedMs, status, signal, weight, source, row, clue: null });
    rowGroups.push(group);
  }
  if (failed.weight === 1 && refused.weight === 1) return found;
  const scales = scalesOf(found, rowGroups, timed.cells, groups);
  found.forEach((failure, i) => {
    failure.weight *= scales[i] ?? 1;
  });
  return found;
}

/**
 * By how much each row of a thinned sample falls short of the exact counts or exceeds them, by minute, status and group: the rows
 * then add up to what the log holds.
 */
function scalesOf(
  rows: readonly Failure[],
  rowGroups: readonly Group[],
  cells: TimedCells,
  groups: readonly (Group | null)[],
): Float64Array {
  const { counts, kinds, kindOf } = cells;
  const firstMinute = minuteOf(cells.atMs[0] ?? 0);
  const keyOf = (group: Group, minute: number, status: number): number =>
    ((minute - firstMinute) * 1000 + status) * GROUPS_AT_MOST + group.index;
  const slots = new Map<number, number>();
  const told: number[] = [];
  const slotOf = rows.map(({ atMs: ms, status, weight }, i) => {
    const group = rowGroups[i];
    if (group === undefined) return -1;
    const key = keyOf(group, minuteOf(ms), status);
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = told.push(0) - 1;
      slots.set(key, slot);
    }
    told[slot] = (told[slot] ?? 0) + weight;
    return slot;
  });
  const exact = new Float64Array(told.length);
  // Cells stand in order of time: the slots of all kinds change once a minute.
  const failed = groups.flatMap((group, kind) => (group === null ? [] : [{ group, kind }]));
  const slotOfKind = new Int32Array(kinds.length).fill(-1);
  let latest = Number.NaN;
  cells.eachInstant((ms, from, to) => {
    const minute = minuteOf(ms);
    if (minute !== latest) {
      latest = minute;
      for (const { group, kind } of failed)
        slotOfKind[kind] = slots.get(keyOf(group, minute, kinds[kind]?.status ?? 0)) ?? -1;
    }
    for (let i = from; i < to; i++) {
      const slot = slotOfKind[kindOf[i] ?? 0] ?? -1;
      if (slot >= 0) exact[slot] = (exact[slot] ?? 0) + (counts[i] ?? 0);
    }
  });
  return Float64Array.from(slotOf, (slot) => (exact[slot] ?? 0) / (told[slot] ?? 1));
}

const minuteOf = (ms: number): number => Math.floor(ms / MINUTE_MS);

/** How many failed requests of a kind each kept row of a stream stands for. */
export function weightOf({ stream: { kept } }: Pick<TimedStream, 'stream'>, kind: FailureKind): number {
  return kept[kind === 'blocked' ? 'refused' : 'failed'].weight;
}

function clueWitness(hop: Hop, streams: readonly TimedStream[]): Witness {
  const told = streams.flatMap(({ clues }) => [...clues].filter(([signal]) => isFailedRequest(signal, hop)));
  const lists = told.map(([, series]) => series.seconds.dated());
  const seconds = new SecondCounter(lists.map(({ seconds: list }) => list));
  const failures: Failure[] = [];
  told.forEach(([signal, series], s) => {
    const status = SIGNALS[signal].status ?? (SIGNALS[signal].cut ? STATUS_OF_CUT : 502);
    const kind = failureKind(status) ?? 'gateway';
    const madeBy = SIGNALS[signal].madeBy ?? (SIGNALS[signal].cut ? 'origin' : 'unknown');
    const { seconds: listed, counts } = lists[s] ?? series.seconds.dated();
    const failed = seconds.failedOf(groupKey(kind, madeBy));
    let place = 0;
    for (let i = 0; i < listed.length; i++) {
      const second = listed[i] ?? 0;
      while ((seconds.at[place] ?? second) < second) place++;
      failed[place] = (failed[place] ?? 0) + (counts[i] ?? 0);
    }
    const weight = series.count / Math.max(1, series.kept.length);
    for (const clue of series.kept) {
      if (Number.isNaN(clue.atMs)) continue;
      const { atMs, source } = clue;
      failures.push({ atMs, startedMs: atMs, status, kind, madeBy, signal, weight, source, row: null, clue });
    }
  });
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
