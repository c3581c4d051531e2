import { ianaOffsets } from '../vocabulary/iana-zone.ts';

/** A zone offset that was seen in force, and when. */
export interface SeenOffset {
  readonly offsetMinutes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

/** Which of the two times is meant that a wall clock shows twice as it is set back: told by the order of a log's lines. */
export type Pass = 'first' | 'second' | undefined;

/** Turns a wall clock (milliseconds read as though UTC) into an instant, and tells the offset it used. */
export interface Zone {
  readonly name: string;
  readonly toInstant: (wallMs: number, pass?: Pass) => { readonly ms: number; readonly offsetMinutes: number };
  /** Its offset, where it has only one. */
  readonly onlyOffsetMinutes?: number;
}

const withOffset = (wallMs: number, offsetMinutes: number): { ms: number; offsetMinutes: number } => ({
  ms: wallMs - offsetMinutes * 60_000,
  offsetMinutes,
});

/** Of several offsets that a wall clock can have been written with, that of the pass: the first has the larger one. */
function offsetOfPass(offsets: readonly number[], pass: Pass): number | undefined {
  if (pass === undefined) return undefined;
  return [...offsets].sort((a, b) => (pass === 'first' ? b - a : a - b))[0];
}

/** A zone with one offset for ever. */
export function fixedZone(offsetMinutes: number): Zone {
  return {
    name: offsetName(offsetMinutes),
    toInstant: (wallMs) => withOffset(wallMs, offsetMinutes),
    onlyOffsetMinutes: offsetMinutes,
  };
}

/** Coordinated Universal Time. */
export const UTC: Zone = fixedZone(0);

/** `+05:30`; `UTC` for zero. */
export function offsetName(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'UTC';
  const sign = offsetMinutes < 0 ? '-' : '+';
  const minutes = Math.abs(offsetMinutes);
  return `${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Offsets whose known times are this near to a wall clock, compared with the nearest, can both be meant. */
const SAME_DISTANCE_MS = 300_000;

/**
 * The zone that another log of the same machine shows: for each wall clock the offset whose known time lies nearest. So a
 * change of summer time in the middle of the logs is followed without any table of zones.
 */
export function seenZone(offsets: readonly SeenOffset[]): Zone {
  const first = offsets[0];
  if (!first) return fixedZone(0);
  if (offsets.length === 1) return fixedZone(first.offsetMinutes);
  const ranked = [...offsets].sort((a, b) => b.count - a.count || a.offsetMinutes - b.offsetMinutes);
  const distance = (wallMs: number, { offsetMinutes, firstMs, lastMs }: SeenOffset): number => {
    const { ms } = withOffset(wallMs, offsetMinutes);
    return Math.max(firstMs - ms, ms - lastMs, 0);
  };
  return {
    name: ranked.map(({ offsetMinutes }) => offsetName(offsetMinutes)).join('/'),
    toInstant: (wallMs, pass) => {
      const near = ranked
        .map((seen) => ({ offsetMinutes: seen.offsetMinutes, distanceMs: distance(wallMs, seen) }))
        .sort((a, b) => a.distanceMs - b.distanceMs);
      const best = near[0] ?? { offsetMinutes: first.offsetMinutes, distanceMs: 0 };
      const possible = near.filter(({ distanceMs }) => distanceMs <= best.distanceMs + SAME_DISTANCE_MS);
      const meant = offsetOfPass(
        possible.map(({ offsetMinutes }) => offsetMinutes),
        pass,
      );
      return withOffset(wallMs, meant ?? best.offsetMinutes);
    },
  };
}

const DAY_MS = 86_400_000;

/** An IANA zone by name (`Europe/Berlin`), or null where the name is unknown. */
export function ianaZone(name: string): Zone | null {
  const offsetAt = ianaOffsets(name);
  if (offsetAt === null) return null;
  return {
    name,
    toInstant: (wallMs, pass) => {
      if (pass !== undefined) {
        const around = [offsetAt(wallMs - DAY_MS), offsetAt(wallMs + DAY_MS)];
        const possible = around.filter((offset) => offsetAt(wallMs - offset * 60_000) === offset);
        const meant = offsetOfPass(possible, pass);
        if (meant !== undefined) return withOffset(wallMs, meant);
      }
      const guess = offsetAt(wallMs);
      return withOffset(wallMs, offsetAt(wallMs - guess * 60_000));
    },
  };
}

/** A zone as a person names it: `UTC`, `+05:30`, `Europe/Berlin`; null where it is none. */
export function parseZone(text: string): Zone | null {
  const m = /^(?:UTC|GMT)?([+-])(\d\d?):?(\d\d)?$/.exec(text.trim());
  if (m) {
    const minutes = Number(m[2]) * 60 + Number(m[3] ?? 0);
    return fixedZone(m[1] === '-' ? -minutes : minutes);
  }
  if (/^(?:UTC|GMT|Z)$/i.test(text.trim())) return fixedZone(0);
  return ianaZone(text.trim());
}
