import { gunzipSync, gzipSync } from 'node:zlib';

/** Logs as though what they tell of had happened so many days later: every date and every count of seconds that lies in their time. */

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
/** Dates of logs in other zones and of what began the day before. */
const DAYS_AROUND = 2;

/** What is moved: the days in which logs were written, and by how many days. */
export interface Move {
  readonly fromMs: number;
  readonly toMs: number;
  readonly days: number;
}

/** A date as logs write it, and the text of another day in the same form. */
const FORMS: readonly ((ms: number) => string)[] = [
  (ms) => new Date(ms).toISOString().slice(0, 10),
  (ms) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '/'),
  (ms) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', ''),
  (ms) => dayMonthYear(ms, '/'),
  (ms) => dayMonthYear(ms, '-'),
  (ms) => dayMonthYear(ms, ' '),
  (ms) => `${monthOf(ms)} ${String(new Date(ms).getUTCDate()).padStart(2, ' ')}`,
  (ms) => `${monthOf(ms)} ${String(new Date(ms).getUTCDate()).padStart(2, '0')}`,
];

function monthOf(ms: number): string {
  return MONTHS[new Date(ms).getUTCMonth()] ?? '';
}

function dayMonthYear(ms: number, between: string): string {
  const date = new Date(ms);
  return [String(date.getUTCDate()).padStart(2, '0'), monthOf(ms), date.getUTCFullYear()].join(between);
}

/** A function that moves text. */
export function movedText({ fromMs, toMs, days }: Move): (text: string) => string {
  if (days === 0) return (text) => text;
  const dates = new Map<string, string>();
  const start = Math.floor(fromMs / DAY_MS) - DAYS_AROUND;
  const end = Math.floor(toMs / DAY_MS) + DAYS_AROUND;
  for (let day = start; day <= end; day++)
    for (const form of FORMS) dates.set(form(day * DAY_MS), form((day + days) * DAY_MS));
  const pattern = new RegExp(
    `(?<!\\d)(?:${[...dates.keys()].join('|')})(?!\\d)|(?<![\\d.])1\\d{9}(?:\\d{3}|\\d{6}|\\d{9})?(?!\\d)`,
    'g',
  );
  return (text) => text.replace(pattern, (found) => dates.get(found) ?? movedCount(found, start, end, days));
}

/** Seconds since 1970, or thousandths and smaller parts of them, where they lie in the time. */
function movedCount(digits: string, startDay: number, endDay: number, days: number): string {
  const seconds = Number(digits.slice(0, 10));
  const day = Math.floor((seconds * 1000) / DAY_MS);
  return day < startDay || day > endDay ? digits : `${seconds + (days * DAY_MS) / 1000}${digits.slice(10)}`;
}

/** A file's bytes with its text moved, packed as they were. */
export function movedBytes(bytes: Buffer, move: (text: string) => string): Buffer {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (packed ? gunzipSync(bytes) : bytes).toString('latin1');
  const moved = Buffer.from(move(text), 'latin1');
  return packed ? gzipSync(moved, { level: 1 }) : moved;
}
