import type { Trace } from '../../../src/digest/trace.ts';
import { momentMs } from '../../../src/formats/edge/moment.ts';
import { parseClf } from '../../../src/formats/proxy/access-time.ts';
import { monthIndex, parseIso, wallMs } from '../../../src/formats/stamps.ts';
import type { LogRecord } from '../../../src/vocabulary/records.ts';
import { JUDGEMENTS } from './judgements.ts';

/** A line with what another program reads in it: `{"format": …, "line": …, "expected": {…}, "source": …}`. */
export interface PeerRow {
  /** The format as which the other program reads it. */
  readonly format: string;
  readonly line: string;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly source: string;
}

/** One thing that another program reads in a line, and what this one does. */
export interface Difference {
  readonly field: string;
  readonly theirs: string;
  readonly ours: string;
}

/** What of a line this program and another read differently, and who is right; `neither` where the line does not hold it. */
export interface Disagreement {
  readonly differences: readonly Difference[];
  readonly right: 'this' | 'other' | 'neither';
  readonly why: string;
}

/** The row of a line of an NDJSON file; null where it is no such row. */
export function peerRow(text: string): PeerRow | null {
  try {
    const row: unknown = JSON.parse(text);
    if (!isRecord(row) || typeof row.line !== 'string' || !isRecord(row.expected)) return null;
    const { format, line, expected, source } = row;
    return {
      format: typeof format === 'string' ? format : '',
      line: 'placeholders' in expected ? filled(line) : line,
      expected,
      source: typeof source === 'string' ? source : '',
    };
  } catch {
    return null;
  }
}

/** A line of a test's expectations with something in the place of its `%s` and `%d`. */
function filled(line: string): string {
  return line
    .replace('[%s]', '[20-Nov-2026 08:12:32]')
    .replaceAll('%s', '20/Nov/2026:08:12:32 +0000')
    .replaceAll('%d', '7');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One meaning, the names under which other programs keep it, and whether a record has it. */
interface Meaning {
  readonly name: string;
  readonly keys: readonly string[];
  readonly agrees: (record: LogRecord, expected: unknown, row: PeerRow['expected']) => boolean;
}

const MEANINGS: readonly Meaning[] = [
  {
    name: 'time',
    keys: ['timestamp', 'timestamp_ms', 'time_local', 'time', 'EdgeEndTimestamp_utc', 'EdgeEndTimestamp', 'Datetime'],
    // Some keep the wall clock and drop its zone.
    agrees: ({ stamp }, expected) => {
      if (stamp.kind === 'none') return false;
      const wall = stamp.kind === 'utc' ? stamp.ms + (stamp.offsetMinutes ?? 0) * 60_000 : stamp.ms;
      return [stamp.ms, wall].some((ms) => Math.abs(ms - (msOf(expected) ?? Number.NaN)) < 1000);
    },
  },
  {
    name: 'level',
    keys: ['level', 'loglevel', 'severity'],
    agrees: (record, expected) =>
      record.kind === 'clue' && record.level?.toLowerCase() === String(expected).toLowerCase(),
  },
  {
    name: 'client',
    keys: ['client', 'remote_addr', 'ClientIP'],
    // `client` is the visitor: behind a proxy the first forwarded address, which others keep under a name of its own.
    agrees: ({ client }, expected, { http_x_forwarded_for: forwarded }) =>
      client === expected || (typeof forwarded === 'string' && client === forwarded.split(',')[0]?.trim()),
  },
  {
    name: 'upstream',
    keys: ['upstream', 'upstream_addr', 'OriginIP'],
    agrees: ({ upstream }, expected) =>
      expected === '-' || expected === '' ? upstream === undefined : String(expected).includes(upstream ?? '\0'),
  },
  {
    name: 'status',
    keys: ['status', 'EdgeResponseStatus'],
    agrees: (record, expected) => record.kind === 'clue' || record.status === Number(expected),
  },
  {
    name: 'message',
    keys: ['message'],
    agrees: ({ text }, expected) => text.includes(String(expected)),
  },
];

/** What a trace of the line and the other program's expectation do not agree in; null where they do. */
export function disagreement(row: PeerRow, trace: Trace): Disagreement | null {
  const differences = differencesIn(row, trace);
  if (differences.length === 0) return null;
  if (differences.every(({ theirs }) => isCutOff(row, theirs)))
    return { differences, right: 'neither', why: 'the row holds a message alone; what is expected stood around it' };
  const judged = JUDGEMENTS.find(({ source, holds }) => source === row.source && row.line.includes(holds));
  return { differences, right: judged?.right ?? 'other', why: judged?.why ?? 'not judged' };
}

function differencesIn(row: PeerRow, trace: Trace): readonly Difference[] {
  const { expected } = row;
  const [found] = trace.records;
  // A line is refused as one of the named format: another format's may read it.
  if (expected.unparsable === true || expected.error === true) {
    const sameKind = found?.record.kind === (isErrorLog(row.format) ? 'clue' : 'request');
    return sameKind ? [{ field: 'format', theirs: 'none', ours: trace.format?.id ?? '' }] : [];
  }
  const differences = MEANINGS.flatMap(({ name, keys, agrees }) => {
    const key = keys.find((candidate) => expected[candidate] !== undefined);
    if (key === undefined || (found !== undefined && agrees(found.record, expected[key], expected))) return [];
    return [{ field: name, theirs: String(expected[key]), ours: shown(found?.record, name) }];
  });
  const isRead = found !== undefined && trace.notUnderstood === 0;
  return isRead || differences.length > 0 ? differences : [{ field: 'line', theirs: 'read', ours: 'not understood' }];
}

function isErrorLog(format: string): boolean {
  return /error|php-fpm(?!-access)|cloudflared/.test(format);
}

/** Whether what another program has stands nowhere in the line, though a line of its kind has a time: only a part of it was kept. */
function isCutOff({ line, expected: { time } }: PeerRow, theirs: string): boolean {
  const clock = typeof time === 'string' ? /\d\d:\d\d:\d\d/.exec(time)?.[0] : undefined;
  return clock !== undefined && !line.includes(clock) && !line.includes(theirs);
}

function shown(record: LogRecord | undefined, name: string): string {
  if (record === undefined) return 'not understood';
  if (name === 'time') return record.stamp.kind === 'none' ? '-' : new Date(record.stamp.ms).toISOString();
  const values: Readonly<Record<string, unknown>> = { ...record, message: record.text };
  return String(values[name] ?? '-');
}

/** A time as another program shows it, in milliseconds; a time without zone is read as UTC. */
function msOf(expected: unknown): number | undefined {
  const ms = momentMs(expected);
  if (ms !== undefined || typeof expected !== 'string') return ms;
  const stamp = parseClf(expected) ?? parseIso(expected.replaceAll('/', '-'));
  if (stamp && stamp.kind !== 'none') return stamp.ms;
  const php = /^(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)/.exec(expected);
  const month = monthIndex(php?.[2] ?? '');
  return php && month !== undefined
    ? wallMs(Number(php[3]), month, Number(php[1]), Number(php[4]), Number(php[5]), Number(php[6]))
    : undefined;
}
