import type { Stamp } from '../../vocabulary/records.ts';
import { monthIndex, wallMs, zonedStamp } from '../stamps.ts';

const HTTP_DATE = /^[A-Z][a-z]{2}, (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/;

/** `Fri, 28 Jun 2019 13:56:39 GMT` (RFC 9110) as a stamp. */
export function httpDate(text: string | undefined): Stamp {
  const m = text === undefined ? null : HTTP_DATE.exec(text.trim());
  const month = monthIndex(m?.[2] ?? '');
  if (!m || month === undefined) return { kind: 'none' };
  const wall = wallMs(Number(m[3]), month, Number(m[1]), Number(m[4]), Number(m[5]), Number(m[6]));
  return zonedStamp(wall, 0);
}
