/** A zone offset that was seen in force, and when. */
export interface SeenOffset {
  readonly offsetMinutes: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

/** Turns a wall clock (milliseconds read as though UTC) into an instant, and tells the offset it used. */
export interface Zone {
  readonly name: string;
  readonly toInstant: (wallMs: number) => { readonly ms: number; readonly offsetMinutes: number };
}

/** A zone with one offset for ever. */
export function fixedZone(offsetMinutes: number): Zone {
  return {
    name: offsetName(offsetMinutes),
    toInstant: (wallMs) => ({ ms: wallMs - offsetMinutes * 60_000, offsetMinutes }),
  };
}

/** `+05:30`; `UTC` for zero. */
export function offsetName(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'UTC';
  const sign = offsetMinutes < 0 ? '-' : '+';
  const minutes = Math.abs(offsetMinutes);
  return `${sign}${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/**
 * The zone that another log of the same machine shows: for each wall clock the offset whose known time lies nearest. So a
 * change of summer time in the middle of the logs is followed without any table of zones.
 */
export function seenZone(offsets: readonly SeenOffset[]): Zone {
  const first = offsets[0];
  if (!first) return fixedZone(0);
  if (offsets.length === 1) return fixedZone(first.offsetMinutes);
  const ranked = [...offsets].sort((a, b) => b.count - a.count || a.offsetMinutes - b.offsetMinutes);
  return {
    name: ranked.map(({ offsetMinutes }) => offsetName(offsetMinutes)).join('/'),
    toInstant: (wallMs) => {
      let best = first;
      let bestDistance = Number.POSITIVE_INFINITY;
      for (const seen of ranked) {
        const instant = wallMs - seen.offsetMinutes * 60_000;
        const distance = Math.max(seen.firstMs - instant, instant - seen.lastMs, 0);
        if (distance < bestDistance) {
          best = seen;
          bestDistance = distance;
        }
      }
      return { ms: wallMs - best.offsetMinutes * 60_000, offsetMinutes: best.offsetMinutes };
    },
  };
}

/** An IANA zone by name (`Europe/Berlin`), or null where the name is unknown. */
export function ianaZone(name: string): Zone | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
  const offsetAt = (instantMs: number): number => {
    const part = new Map(format.formatToParts(instantMs).map(({ type, value }) => [type, Number(value)]));
    const wall = Date.UTC(
      part.get('year') ?? 0,
      (part.get('month') ?? 1) - 1,
      part.get('day') ?? 1,
      part.get('hour') ?? 0,
      part.get('minute') ?? 0,
      part.get('second') ?? 0,
    );
    return Math.round((wall - Math.floor(instantMs / 1000) * 1000) / 60_000);
  };
  return {
    name,
    toInstant: (wallMs) => {
      const guess = offsetAt(wallMs);
      const offsetMinutes = offsetAt(wallMs - guess * 60_000);
      return { ms: wallMs - offsetMinutes * 60_000, offsetMinutes };
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
