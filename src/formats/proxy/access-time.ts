import type { Stamp } from '../../vocabulary/records.ts';
import { monthIndex, parseIso, parseOffset, wallMs, zonedStamp } from '../stamps.ts';

/** Rows come many to a second, and each is looked at twice: the last time read is kept. */
let lastText = '';
let lastStamp: Stamp | undefined;

/** `20/Nov/2026:03:14:38 -0500` (fraction allowed), or undefined. */
export function parseClf(text: string): Stamp | undefined {
  if (text === lastText) return lastStamp;
  const stamp = readClf(text);
  if (stamp !== undefined) {
    lastText = text;
    lastStamp = stamp;
  }
  return stamp;
}

function readClf(text: string): Stamp | undefined {
  if (text.charCodeAt(2) !== 47 || text.charCodeAt(6) !== 47) return undefined;
  const m = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d{4}))?$/.exec(text);
  const month = monthIndex(m?.[2] ?? '');
  if (!m || month === undefined) return undefined;
  const ms = m[7] === undefined ? 0 : Number(m[7].padEnd(3, '0').slice(0, 3));
  const wall = wallMs(Number(m[3]), month, Number(m[1]), Number(m[4]), Number(m[5]), Number(m[6]), ms);
  const offset = m[8] === undefined ? undefined : parseOffset(m[8]);
  return offset === undefined ? { kind: 'local', ms: wall } : zonedStamp(wall, offset);
}

/** `1795162214.873` (`$msec`), or undefined. */
export function parseMsec(text: string): Stamp | undefined {
  const m = /^(\d{9,11})(?:\.(\d{1,9}))?$/.exec(text);
  if (!m) return undefined;
  return { kind: 'utc', ms: Number(m[1]) * 1000 + Number((m[2] ?? '').padEnd(3, '0').slice(0, 3)) };
}

/** The time of a row in any form that nginx writes. `$msec` gives the milliseconds, the other the offset. */
export function accessStamp(time: string | undefined, msec: string | undefined): Stamp | undefined {
  const written = time === undefined ? undefined : (parseClf(time) ?? parseIso(time) ?? parseMsec(time));
  const exact = msec === undefined ? undefined : parseMsec(msec);
  if (exact?.kind !== 'utc') return written;
  if (written?.kind !== 'utc' || written.offsetMinutes === undefined) return exact;
  return { ...exact, offsetMinutes: written.offsetMinutes };
}
