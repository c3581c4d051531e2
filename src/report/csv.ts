import { writeToString } from 'fast-csv';
import type { Result } from '../result/schema.ts';
import { msBetween } from './figures.ts';
import { visible } from './visible.ts';
import { groupParts, statusesOf } from './words.ts';

type Cell = string | number | boolean | null | undefined;

/** A cell that begins like this is a formula to a spreadsheet (the wide forms too, in East Asian settings). */
const FORMULA = /^\s*[=+\-@\t\r\n＝＋－＠]/;

/** A name that a spreadsheet takes for a number and rounds: a Ray ID of digits, with one `e` among them or without. */
const ROUNDED = /^\d+[eE]\d+$|^\d{16,}$/;

/** Text is defused with an apostrophe in front and has nothing unseen in it; numbers stay numbers. */
function cell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  const text = visible(value);
  return FORMULA.test(value) || FORMULA.test(text) || ROUNDED.test(text) ? `'${text}` : text;
}

/** A table as CSV with its head, every cell defused. It begins with a byte order mark: without, spreadsheets take it for Latin-1. */
export async function csvTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): Promise<string> {
  return writeToString([[...columns], ...rows.map((row) => row.map(cell))], {
    includeEndRowDelimiter: true,
    writeBOM: true,
  });
}

/** A moment as spreadsheets read it (they take `T` and `Z` for text); the head of its column says that it is UTC. */
export function momentCell(iso: string | null | undefined): string | null {
  return iso == null ? null : iso.replace('T', ' ').replace('Z', '');
}

const BURST_COLUMNS = [
  'id',
  'kind',
  'place',
  'place_confidence',
  'cause',
  'confidence',
  'word',
  'title',
  'start_utc',
  'end_utc',
  'duration_seconds',
  'cut_start',
  'cut_end',
  'failed',
  'total',
  'estimated',
  'lower_bound',
  'peak_per_minute',
  'statuses',
  'made_by',
  'bound_to',
  'pattern',
  'sentence',
  'first_fix',
];

/** One row per burst. */
export function renderBurstsCsv(result: Result): Promise<string> {
  const rows = result.bursts.map((burst): Cell[] => [
    burst.id,
    burst.kind,
    burst.verdict.place,
    burst.verdict.placeConfidence,
    burst.verdict.cause,
    burst.verdict.confidence,
    burst.verdict.word,
    burst.verdict.title,
    momentCell(burst.start),
    momentCell(burst.end),
    msBetween(burst.start, burst.end) / 1000,
    burst.cutStart,
    burst.cutEnd,
    burst.requests.failed,
    burst.requests.total,
    burst.requests.estimated,
    burst.requests.lowerBound,
    burst.peakPerMinute,
    statusesOf(burst)
      .map(([status, count]) => `${status}:${count}`)
      .join(' '),
    burst.group.madeBy,
    groupParts(burst)
      .map(([name, value]) => `${name}:${value}`)
      .join(' '),
    burst.pattern,
    burst.sentence,
    burst.fix.steps[0]?.text,
  ]);
  return csvTable(BURST_COLUMNS, rows);
}

const REQUEST_COLUMNS = [
  'request',
  'ray',
  'method',
  'path',
  'burst',
  'joined_by',
  'step',
  'hop',
  'started_at_utc',
  'at_utc',
  'status',
  'text',
  'file',
  'line',
];

/** One row per step of each sampled request; `request` counts from 1. */
export function renderRequestsCsv(result: Result): Promise<string> {
  const rows = result.requests.flatMap((request, index) =>
    request.steps.map((step, place): Cell[] => [
      index + 1,
      request.ray,
      request.method,
      request.path,
      request.burst,
      request.joinedBy,
      place + 1,
      step.hop,
      momentCell(step.startedAt),
      momentCell(step.at),
      step.status,
      step.text,
      result.sources[step.source]?.path,
      step.line,
    ]),
  );
  return csvTable(REQUEST_COLUMNS, rows);
}

const EVIDENCE_COLUMNS = [
  'id',
  'burst',
  'cause',
  'signal',
  'direction',
  'weight_decibans',
  'text',
  'count',
  'first_utc',
  'last_utc',
  'file',
  'line',
  'line_text',
];

/** One row per proof line; evidence without a line has one row with empty file and line. */
export function renderEvidenceCsv(result: Result): Promise<string> {
  const rows = result.bursts.flatMap((burst) =>
    burst.evidence.flatMap((evidence) => {
      const head: Cell[] = [
        evidence.id,
        burst.id,
        burst.verdict.cause,
        evidence.signal,
        evidence.direction,
        evidence.weight,
        evidence.text,
        evidence.count,
        momentCell(evidence.first),
        momentCell(evidence.last),
      ];
      if (evidence.lines.length === 0) return [[...head, null, null, null]];
      return evidence.lines.map(({ source, line, text }): Cell[] => [
        ...head,
        result.sources[source]?.path,
        line,
        text,
      ]);
    }),
  );
  return csvTable(EVIDENCE_COLUMNS, rows);
}
