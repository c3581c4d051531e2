import { ianaOffsets } from '../vocabulary/iana-zone.ts';

/** Zone names as logs write them: offsets, unambiguous abbreviations, IANA names. Never the machine's own zone. */

/** Minutes east of UTC. Left out on purpose: CST, IST, AST, which stand for several zones. */
const ABBREVIATIONS: Readonly<Record<string, number>> = {
  UTC: 0,
  GMT: 0,
  Z: 0,
  WET: 0,
  WEST: 60,
  BST: 60,
  CET: 60,
  CEST: 120,
  MEZ: 60,
  MESZ: 120,
  EET: 120,
  EEST: 180,
  SAST: 120,
  MSK: 180,
  PKT: 300,
  WIB: 420,
  HKT: 480,
  SGT: 480,
  AWST: 480,
  JST: 540,
  KST: 540,
  AEST: 600,
  AEDT: 660,
  NZST: 720,
  NZDT: 780,
  EST: -300,
  EDT: -240,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
};

const NUMERIC = /^(?:UTC|GMT)?([+-])(\d\d):?(\d\d)?$/;
const IANA = /^[A-Za-z_]{1,30}(?:\/[A-Za-z0-9_+-]{1,40}){1,2}$/;
const HOUR_MS = 3_600_000;
const CACHE_LIMIT = 20_000;

const offsets = new Map<string, number>();

/**
 * Offset of a named zone in minutes east of UTC, for a wall clock in that zone (`wallMs`: read as though UTC).
 * Undefined for names that nobody knows or that mean several zones. In the repeated hour of a clock change the later
 * offset is taken.
 */
export function zoneOffsetMinutes(name: string, wallMs: number): number | undefined {
  const fixed = ABBREVIATIONS[name];
  if (fixed !== undefined) return fixed;
  const numeric = NUMERIC.exec(name);
  if (numeric) {
    const minutes = Number(numeric[2]) * 60 + Number(numeric[3] ?? 0);
    return numeric[1] === '-' ? -minutes : minutes;
  }
  if (!IANA.test(name) || !Number.isFinite(wallMs)) return undefined;
  const key = `${name} ${Math.floor(wallMs / HOUR_MS)}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const offsetAt = ianaOffsets(name);
  if (offsetAt === null) return undefined;
  const offset = offsetAt(wallMs - offsetAt(wallMs) * 60_000);
  if (offsets.size >= CACHE_LIMIT) offsets.clear();
  offsets.set(key, offset);
  return offset;
}
