import type { ClueRecord, LogRecord, RequestRecord } from '../../src/vocabulary/records.ts';
import type { SignalId } from '../../src/vocabulary/signals.ts';
import { clue, inOrder, type LogSketch, row, steady, T0 } from './logs-of.ts';

export const SECOND = 1000;
export const MINUTE = 60_000;
/** The burst of every scene: one minute of twenty, from the tenth on. */
export const START = T0 + 10 * MINUTE;
export const END = START + MINUTE;
const LOG_END = T0 + 20 * MINUTE;
const STEP_MS = 200;

const PAGES = ['/', '/shop', '/cart', '/blog/hello', '/account', '/search'];

type Fields<R> = Partial<R> | ((i: number) => Partial<R>);

function fieldsOf<R>(fields: Fields<R>, i: number): Partial<R> {
  return typeof fields === 'function' ? fields(i) : fields;
}

/** How the rows of a request log look. */
export interface RequestsSketch {
  /** Rows that fail within the burst; null where none is written in that time. */
  readonly bad?: Fields<RequestRecord> | null;
  readonly good?: Fields<RequestRecord>;
  /** Whether the row of this number fails, within the burst; all do if not given. */
  readonly fails?: (i: number) => boolean;
}

/** A request log at five requests a second for twenty minutes. */
export function requests(
  hop: 'edge' | 'proxy',
  { bad = {}, good = {}, fails = () => true }: RequestsSketch,
): LogSketch {
  const records = steady(T0, LOG_END, STEP_MS, (ms, i): LogRecord[] => {
    const path = PAGES[i % PAGES.length] ?? '/';
    if (ms < START || ms >= END || !fails(i)) return [row(hop, ms, { path, originStatus: 200, ...fieldsOf(good, i) })];
    return bad === null ? [] : [row(hop, ms, { path, status: 502, ...fieldsOf(bad, i) })];
  });
  return {
    hop,
    format: hop === 'edge' ? 'cloudflare-http' : 'nginx-access',
    records: records.flat(),
  };
}

/** An edge log whose failures the origin answered itself. */
export const originFails = (sketch: RequestsSketch = {}): LogSketch => {
  const { bad = {} } = sketch;
  return requests('edge', {
    ...sketch,
    bad: (i) => ({ originStatus: 502, signal: 'edge.origin-answered-5xx', ...(bad && fieldsOf(bad, i)) }),
  });
};

/** An edge log of requests that never reached the origin. */
export const edgeFails = (signal: SignalId, status: number, sketch: RequestsSketch = {}): LogSketch => {
  const { bad = {} } = sketch;
  return requests('edge', {
    ...sketch,
    bad: (i) => ({ originStatus: 0, signal, status, ...(bad && fieldsOf(bad, i)) }),
  });
};

/** Lines of one program, and a harmless one at both ends of the twenty minutes, so that the log covers them. */
export function lines(hop: LogSketch['hop'], ...groups: readonly (readonly ClueRecord[])[]): LogSketch {
  const ends = [T0, LOG_END].map((ms) => clue('nginx.more-data', ms, { hop }));
  return { hop, format: `${hop}-lines`, records: inOrder(ends, ...groups) };
}

/** A line of this signal for every failing request. */
export const throughout = (signal: SignalId, fields: Partial<ClueRecord> = {}): ClueRecord[] =>
  steady(START, END, STEP_MS, (ms) => clue(signal, ms, fields));
