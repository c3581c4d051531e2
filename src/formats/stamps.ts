import { NO_STAMP, type Stamp } from '../vocabulary/records.ts';

const MONTHS: Readonly<Record<string, number>> = {
  Jan: 0,
  Feb: 1,
  Mar: 2,
  Apr: 3,
  May: 4,
  Jun: 5,
  Jul: 6,
  Aug: 7,
  Sep: 8,
  Oct: 9,
  Nov: 10,
  Dec: 11,
};

/** Month number (0–11) of an English three-letter name, or undefined. */
export function monthIndex(name: string): number | undefined {
  return MONTHS[name];
}

/** A wall clock as milliseconds, read as though it were UTC. `month` is 0–11. */
export function wallMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  millisecond = 0,
): number {
  return Date.UTC(year, month, day, hour, minute, second, millisecond);
}

/** A wall clock with a written zone of `offsetMinutes` east of UTC, as an instant. */
export function zonedStamp(wall: number, offsetMinutes: number): Stamp {
  return { kind: 'utc', ms: wall - offsetMinutes * 60_000, offsetMinutes };
}

/** `+0530`, `+05:30`, `-04`, `Z` in minutes east of UTC, or undefined. */
export function parseOffset(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0;
  const m = /^([+-])(\d\d):?(\d\d)?$/.exec(text);
  if (!m) return undefined;
  const minutes = Number(m[2]) * 60 + Number(m[3] ?? 0);
  return m[1] === '-' ? -minutes : minutes;
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?\s?(Z|[+-]\d\d:?\d\d|UTC)?$/;

/** `2025-03-04T09:12:29.123Z`, with or without fraction and zone; `local` where no zone is written. */
export function parseIso(text: string): Stamp | undefined {
  const m = ISO.exec(text);
  if (!m) return undefined;
  const ms = m[7] === undefined ? 0 : Number(m[7].padEnd(3, '0').slice(0, 3));
  const wall = wallMs(Number(m[1]), Number(m[2]) - 1, Number(m[3]), Number(m[4]), Number(m[5]), Number(m[6]), ms);
  if (Number.isNaN(wall)) return undefined;
  if (m[8] === undefined) return { kind: 'local', ms: wall };
  const offset = m[8] === 'UTC' ? 0 : parseOffset(m[8]);
  return offset === undefined ? undefined : zonedStamp(wall, offset);
}

/** Seconds, milliseconds, microseconds or nanoseconds since 1970, told by their size; or a written time; none where it is neither. */
export function jsonStamp(value: unknown): Stamp {
  if (typeof value === 'number' && Number.isFinite(value)) return epochStamp(value);
  if (typeof value !== 'string') return NO_STAMP;
  if (/^\d{10,19}(?:\.\d{1,9})?$/.test(value)) return epochStamp(Number(value));
  return textStamp(value) ?? NO_STAMP;
}

function epochStamp(value: number): Stamp {
  if (value < 1e9) return NO_STAMP;
  if (value < 1e11) return { kind: 'utc', ms: Math.floor(value * 1000) };
  if (value < 1e14) return { kind: 'utc', ms: Math.floor(value) };
  return { kind: 'utc', ms: Math.floor(value < 1e17 ? value / 1e3 : value / 1e6) };
}

/** `Z` is how libraries print UTC on any host: it says nothing of the host's zone. */
export function textStamp(text: string): Stamp | undefined {
  const stamp = parseIso(text.replace(/ (?=[+-]\d\d:?\d\d$)/, ''));
  return stamp?.kind === 'utc' && /Z$|UTC$/.test(text) ? { kind: 'utc', ms: stamp.ms } : stamp;
}
