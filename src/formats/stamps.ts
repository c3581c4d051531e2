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

const ZONE = /^\s?(Z|[+-]\d\d:?\d\d|UTC)?$/;
const MOST_FRACTION_DIGITS = 9;
/** What the first digits of a fraction are worth in milliseconds. */
const FRACTION_MS: readonly number[] = [100, 10, 1];

/**
 * `2025-03-04T09:12:29.123Z`, with or without fraction and zone; `local` where no zone is written. Most lines of most logs have one or
 * two of these: read digit by digit, which takes a third of what a pattern does.
 */
export function parseIso(text: string): Stamp | undefined {
  const between = text.charCodeAt(10);
  if (text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN || (between !== T && between !== BLANK))
    return undefined;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 5) - 1;
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  let ms = 0;
  let at = 19;
  const mark = text.charCodeAt(at);
  if (mark === POINT || mark === COMMA) {
    const from = ++at;
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at))
      ms += digit * (FRACTION_MS[at - from] ?? 0);
    if (at === from || at - from > MOST_FRACTION_DIGITS) return undefined;
  }
  // Not a number where one of them is none.
  const wall = wallMs(year, month, day, hour, twoDigits(text, 14), twoDigits(text, 17), ms);
  if (Number.isNaN(wall)) return undefined;
  if (at === text.length) return { kind: 'local', ms: wall };
  if (at === text.length - 1 && text.charCodeAt(at) === Z) return zonedStamp(wall, 0);
  const zone = ZONE.exec(text.slice(at));
  if (zone === null) return undefined;
  if (zone[1] === undefined) return { kind: 'local', ms: wall };
  const offset = zone[1] === 'UTC' ? 0 : parseOffset(zone[1]);
  return offset === undefined ? undefined : zonedStamp(wall, offset);
}

const BLANK = 32;
const COMMA = 44;
const HYPHEN = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const T = 84;
const Z = 90;

/** The digit at a place; -1 where there is none. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** The number of two digits at a place; NaN where they are none. */
function twoDigits(text: string, at: number): number {
  const tens = digitAt(text, at);
  const ones = digitAt(text, at + 1);
  return tens < 0 || ones < 0 ? Number.NaN : 10 * tens + ones;
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
  const stamp = parseIso(text);
  return stamp?.kind === 'utc' && (text.endsWith('Z') || text.endsWith('UTC')) ? { kind: 'utc', ms: stamp.ms } : stamp;
}
