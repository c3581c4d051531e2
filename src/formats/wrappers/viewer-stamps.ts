import type { Stamp } from '../../vocabulary/records.ts';
import { jsonStamp, monthIndex, parseIso, wallMs } from '../stamps.ts';

/** `22:04:25.123`, `10:04:25 PM`, `10:04:25,123 p.m.`, with what joins it to a date. */
const CLOCK = String.raw`(?:,? @ |, ?| )(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:[ \u00a0\u202f]?([AaPp]\.?[Mm]\b\.?))?$`;
/** `Nov 20, 2026`, `Fri Nov 20 2026`, `20 Nov 2026`. */
const NAMED = new RegExp(
  String.raw`^(?:[A-Z][a-z]{2},? )?(?:([A-Z][a-z]{2}) (\d{1,2})|(\d{1,2}) ([A-Z][a-z]{2})),? (\d{4})${CLOCK}`,
);
/** `11/20/2026`, `20/11/2026`, `20.11.2026`, `11/20/26`: only the separator and the clock tell what comes first. */
const NUMBERED = new RegExp(String.raw`^(\d{1,2})([/.])(\d{1,2})\2(\d{4}|\d\d)${CLOCK}`);
const MOST = 48;
const MONTHS = 12;

/** Which number of a date is the day. */
type Order = 'day-first' | 'month-first';

/**
 * Times as people's log viewers and spreadsheets export them, in the language and the zone of whoever exported: with AM and
 * PM, with the month's name, or with the day before or after the month. One per file, whose dates all have one order: a
 * number above twelve tells it; before that the language that writes such a clock (`PM` is American, `pm`, dots and 24 hours are
 * not).
 */
export class ViewerStamps {
  private order: Order | null = null;
  /** The first date that was read before any told the order, and how. */
  private guess: { readonly date: string; readonly order: Order } | null = null;

  /** What is open of the dates that were read, in plain words; undefined where all is told. */
  get doubt(): string | undefined {
    if (this.guess === null || this.guess.order === this.order) return undefined;
    const { date, order } = this.guess;
    const read = order === 'day-first' ? 'the day' : 'the month';
    return this.order === null
      ? `nothing tells whether ${date} begins with the day or the month: it is read as ${read}; an export with ISO dates leaves no doubt`
      : `${date} and dates before the first number above 12 were read with ${read} first, which later ones contradict; export it with ISO dates`;
  }

  /** The time that a cell holds, and nothing else; undefined where it is none. */
  read(text: string): Stamp | undefined {
    if (text.length > MOST) return undefined;
    const written = jsonStamp(text);
    if (written.kind !== 'none') return written;
    return parseIso(text) ?? this.named(text) ?? this.numbered(text);
  }

  private named(text: string): Stamp | undefined {
    const m = NAMED.exec(text);
    const month = monthIndex(m?.[1] ?? m?.[4] ?? '');
    return m === null || month === undefined ? undefined : localStamp(m[5], month, m[2] ?? m[3], m.slice(6));
  }

  private numbered(text: string): Stamp | undefined {
    const m = NUMBERED.exec(text);
    if (m === null) return undefined;
    const [, first, separator, second, year = '', ...clock] = m;
    if (Number(first) > MONTHS) this.order = 'day-first';
    else if (Number(second) > MONTHS) this.order = 'month-first';
    const usual: Order = separator === '/' && /M/.test(clock[4] ?? '') ? 'month-first' : 'day-first';
    if (this.order === null && first !== second)
      this.guess ??= { date: `${first}${separator}${second}${separator}${year}`, order: usual };
    const [day, month] = (this.order ?? usual) === 'day-first' ? [first, second] : [second, first];
    return localStamp(year.length === 2 ? `20${year}` : year, Number(month) - 1, day, clock);
  }
}

function localStamp(
  year: string | undefined,
  month: number,
  day: string | undefined,
  [hour, minute, second, fraction = '', half]: readonly (string | undefined)[],
): Stamp | undefined {
  const written = Number(hour);
  const isTwelve = half !== undefined;
  const isHour = isTwelve ? written >= 1 && written <= 12 : written <= 23;
  if (!isHour || month < 0 || month >= MONTHS || Number(day) < 1 || Number(day) > 31) return undefined;
  const hours = isTwelve ? (written % 12) + (/^p/i.test(half) ? 12 : 0) : written;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  return {
    kind: 'local',
    ms: wallMs(Number(year), month, Number(day), hours, Number(minute), Number(second), ms),
  };
}
