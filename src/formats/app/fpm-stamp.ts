import type { Stamp } from '../../vocabulary/records.ts';
import { monthIndex, wallMs } from '../stamps.ts';

/** `20-Nov-2026 08:12:32` with an optional fraction: PHP-FPM's wall clock, whose zone is not written. */
export function fpmStamp(text: string): Stamp {
  const m = /^(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?$/.exec(text);
  const month = m?.[2] === undefined ? undefined : monthIndex(m[2]);
  if (m === null || month === undefined) return { kind: 'none' };
  const ms = m[7] === undefined ? 0 : Number(m[7].padEnd(3, '0').slice(0, 3));
  return {
    kind: 'local',
    ms: wallMs(Number(m[3]), month, Number(m[1]), Number(m[4]), Number(m[5]), Number(m[6]), ms),
  };
}
