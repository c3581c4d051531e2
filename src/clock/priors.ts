import type { StreamDigest } from '../digest/digest.ts';
import { inYear, nearestYear } from './year.ts';
import { type SeenOffset, seenZone, type Zone } from './zones.ts';

const QUARTER_HOUR_MS = 900_000;

/** Logs whose written zone is not the machine's: cloudflared writes UTC, PHP the zone of date.timezone. */
const ZONE_NOT_OF_MACHINE = new Set(['cloudflared', 'php-error', 'app']);

/** A zone that other stamps suggest. */
export interface Prior {
  readonly zone: Zone;
  readonly method: 'inner' | 'sibling';
  /** Offsets of the zone, where it was seen in stamps. */
  readonly seen: readonly SeenOffset[];
}

/**
 * The zones that a log without one may be written in, the likeliest first: that of its own inner stamps, that of the other
 * logs of its machine, that of their inner stamps. Journald's short form follows the host where programs in containers may
 * not, so for logs without a year the journal's inner stamps come before the written zones. Zones that share an offset are one.
 */
export function priorsOf(stream: StreamDigest, siblings: readonly StreamDigest[]): Prior[] {
  const others = siblings.filter((other) => other !== stream);
  const written = others
    .filter(({ format }) => !ZONE_NOT_OF_MACHINE.has(format))
    .flatMap(({ offsets }) => [...offsets].map(([offsetMinutes, seen]): SeenOffset => ({ offsetMinutes, ...seen })));
  const own = stream.clockPairs.flatMap(pairOffset);
  const inner = others.flatMap(({ clockPairs }) => clockPairs).flatMap(pairOffset);
  const isYearless = stream.segments.some(({ kind }) => kind === 'yearless');
  const groups: { seen: SeenOffset[]; method: Prior['method'] }[] = [
    { seen: mergeSeen(own), method: 'inner' },
    ...(isYearless ? [{ seen: mergeSeen(inner), method: 'inner' as const }] : []),
    { seen: mergeSeen(written), method: 'sibling' },
    ...(isYearless ? [] : [{ seen: mergeSeen(inner), method: 'inner' as const }]),
  ];
  const kept: { seen: SeenOffset[]; method: Prior['method'] }[] = [];
  for (const group of groups) {
    if (group.seen.length === 0) continue;
    const same = kept.find(({ seen }) =>
      seen.some(({ offsetMinutes }) => group.seen.some((other) => other.offsetMinutes === offsetMinutes)),
    );
    if (same) same.seen = mergeSeen([...same.seen, ...group.seen]);
    else kept.push(group);
  }
  return kept.map(({ seen, method }) => ({ zone: seenZone(seen), method, seen }));
}

function pairOffset({ outerKind, outerMs, innerMs }: StreamDigest['clockPairs'][number]): SeenOffset[] {
  const wall = outerKind === 'yearless' ? inYear(outerMs, nearestYear(outerMs, innerMs)) : outerMs;
  const offsetMinutes = Math.round((wall - innerMs) / QUARTER_HOUR_MS) * 15;
  // A prefix that was written long after the line, or a day before it, tells no zone.
  if (offsetMinutes < -12 * 60 || offsetMinutes > 14 * 60) return [];
  return [{ offsetMinutes: offsetMinutes === 0 ? 0 : offsetMinutes, firstMs: innerMs, lastMs: innerMs, count: 1 }];
}

/** Offsets seen in several logs, put together. */
export function mergeSeen(seen: readonly SeenOffset[]): SeenOffset[] {
  const byOffset = new Map<number, SeenOffset>();
  for (const item of seen) {
    const known = byOffset.get(item.offsetMinutes);
    byOffset.set(
      item.offsetMinutes,
      known
        ? {
            offsetMinutes: item.offsetMinutes,
            firstMs: Math.min(known.firstMs, item.firstMs),
            lastMs: Math.max(known.lastMs, item.lastMs),
            count: known.count + item.count,
          }
        : item,
    );
  }
  return [...byOffset.values()];
}
