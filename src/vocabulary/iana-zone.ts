/** Minutes east of UTC at a moment (milliseconds since 1970). */
export type OffsetAt = (utcMs: number) => number;

/** How many names are remembered: an untrusted log may hold any number of them. */
const MOST_KNOWN = 1000;
const known = new Map<string, OffsetAt | null>();

/** The offsets of an IANA zone by its name (`Europe/Berlin`), or null where nobody knows the name. */
export function ianaOffsets(name: string): OffsetAt | null {
  let offsets = known.get(name);
  if (offsets === undefined) {
    offsets = offsetsOf(name);
    if (known.size < MOST_KNOWN) known.set(name, offsets);
  }
  return offsets;
}

function offsetsOf(name: string): OffsetAt | null {
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
  return (utcMs) => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utcMs)) part[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const wallMs = Date.UTC(year, month - 1, day, hour, minute, second);
    return Math.round((wallMs - Math.floor(utcMs / 1000) * 1000) / 60_000);
  };
}
