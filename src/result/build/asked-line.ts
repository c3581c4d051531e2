import type { TimedStream } from '../../clock/timeline.ts';
import { inYear } from '../../clock/year.ts';
import type { LineTrace } from '../../digest/trace-line.ts';
import type { LogRecord, Stamp } from '../../vocabulary/records.ts';
import { SIGNALS } from '../../vocabulary/signals.ts';
import type { AskedLine } from '../schema.ts';
import { isoTime } from './times.ts';

/** A line that was asked about, with the index of its source. */
export interface TracedLineOf {
  readonly source: number;
  readonly line: number;
  readonly trace: LineTrace;
}

/** Longest text of a line that a result holds. */
const LONGEST_TEXT = 2000;
/** Fields of a record that are told elsewhere in the line's result. */
const TOLD = new Set(['kind', 'hop', 'signal', 'line', 'stamp', 'outerStamp', 'text', 'values']);

/** What became of a line that was asked about, its times on the edge's clock. */
export function askedLineOf({ source, line, trace }: TracedLineOf, streams: readonly TimedStream[]): AskedLine {
  const { format, sourceFormat, records, entryLine } = trace;
  const wrapper = trace.line?.wrapper ?? null;
  return {
    source,
    line,
    text: (trace.line?.text ?? records[0]?.text ?? '').slice(0, LONGEST_TEXT),
    format: format?.id ?? null,
    title: format?.title ?? null,
    sourceFormat: sourceFormat?.id ?? null,
    lines: trace.lines,
    entryLine,
    isSecond: trace.isSecond,
    wrapper: wrapper && {
      written: written(wrapper.stamp),
      server: wrapper.server ?? null,
      program: wrapper.program ?? null,
      pid: wrapper.pid ?? null,
    },
    ...(trace.columns.length === 0 ? {} : { columns: trace.columns.map(({ name, why }) => ({ name, why })) }),
    resembles: trace.resembles.map(({ id, title }) => ({ format: id, title })),
    records: records.map((record) => ({
      kind: record.kind,
      hop: record.hop,
      written: written(record.stamp),
      time: isoTime(instantOf(record, source, format?.id ?? '', streams)),
      signal: record.signal ?? null,
      says: record.signal === undefined ? null : SIGNALS[record.signal].says,
      fields: fieldsOf(record),
    })),
  };
}

/** A stamp as the line writes it. */
function written(stamp: Stamp): string | null {
  if (stamp.kind === 'none') return null;
  const offset = stamp.kind === 'utc' ? (stamp.offsetMinutes ?? 0) : 0;
  const wall = new Date(stamp.ms + offset * 60_000).toISOString().replace('Z', '');
  if (stamp.kind === 'yearless') return `${wall.slice(5)}, without year and zone`;
  return stamp.kind === 'local' ? `${wall}, without zone` : `${wall}${offsetText(offset)}`;
}

function offsetText(minutes: number): string {
  if (minutes === 0) return 'Z';
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}

/** When the record was written, on the edge's clock: as it was timed, or by its stream's clock where it was not kept. */
function instantOf(record: LogRecord, source: number, format: string, streams: readonly TimedStream[]): number | null {
  const { stamp } = record;
  const timed = streams.find(
    ({ stream }) =>
      stream.format === format &&
      (record.server === undefined || stream.server === null || stream.server === record.server) &&
      stream.segments.some((segment) => segment.source === source),
  );
  if (stamp.kind === 'none' || timed === undefined) return null;
  const kept = [
    ...timed.failures,
    ...timed.sample,
    ...(record.kind === 'clue' ? (timed.clues.get(record.signal)?.kept ?? []) : []),
  ].find((item) => item.source === source && item.record.line === record.line);
  if (kept) return kept.atMs;
  const { zoneOffsetMinutes, skewSeconds, year } = timed.clock;
  const ms = stamp.kind === 'yearless' && year !== null ? inYear(stamp.ms, year.value) : stamp.ms;
  return ms - skewSeconds * 1000 - (stamp.kind === 'utc' ? 0 : zoneOffsetMinutes * 60_000);
}

function fieldsOf(record: LogRecord): AskedLine['records'][number]['fields'] {
  const values = record.kind === 'clue' ? Object.entries(record.values ?? {}) : [];
  return [...Object.entries(record).filter(([name]) => !TOLD.has(name)), ...values].map(([name, value]) => ({
    name,
    value: String(value),
  }));
}
