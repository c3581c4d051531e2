import type { AnalyzeOptions } from '../analyze.ts';
import type { Moment } from '../clock/window.ts';
import { parseZone } from '../clock/zones.ts';
import { fieldsProblem } from '../formats/edge/cloudflare-csv.ts';
import { parseHaproxyFormat } from '../formats/proxy/haproxy-format.ts';
import { parseLogFormat } from '../formats/proxy/log-format.ts';
import { FORMATS } from '../formats/registry.ts';
import { parseIso } from '../formats/stamps.ts';

/** Options that say something about the logs; every command that reads logs has them. As commander hands them over. */
export interface LogFlags {
  readonly since?: string;
  readonly until?: string;
  readonly host?: string;
  readonly path?: string;
  readonly tz?: string;
  readonly year?: string;
  readonly as?: string;
  readonly logFormat?: string[];
  readonly fields?: string;
  readonly redact?: boolean;
  readonly hash?: boolean;
}

/** What is wrong with them and what to write instead; null where nothing is. */
export function logFlagsProblem(flags: LogFlags): string | null {
  if (flags.tz !== undefined && parseZone(flags.tz) === null)
    return `--tz ${flags.tz}: no such zone; use UTC, +05:30 or a name such as Europe/Berlin`;
  if (flags.year !== undefined && !/^(?:19|20)\d\d$/.test(flags.year))
    return `--year ${flags.year}: use four digits, such as 2025`;
  if (flags.as !== undefined && !FORMATS.some(({ id }) => id === flags.as))
    return `--as ${flags.as}: no such format; \`whose502 formats\` lists them`;
  for (const format of flags.logFormat ?? []) {
    if (parseLogFormat(format) === null && parseHaproxyFormat(format) === null)
      return `--log-format ${format}: it needs $status and a time ($time_local, $time_iso8601 or $msec), of Apache and varnishncsa %s and %t, of HAProxy %ST, %tsc and a time, in single quotes for the shell`;
  }
  const fields = flags.fields === undefined ? null : fieldsProblem(fieldsOf(flags.fields));
  if (fields !== null)
    return `--fields ${flags.fields}: ${fields}; name all columns in their order, such as RayID,EdgeEndTimestamp,EdgeResponseStatus`;
  for (const name of ['since', 'until'] as const) {
    const text = flags[name];
    if (text !== undefined && momentOf(text) === null)
      return `--${name} ${text}: use a time such as 2025-03-04T09:12Z, a day such as 2025-03-04 (from its midnight UTC), or 90m, 2h, 3d before the last entry`;
  }
  return null;
}

/** The same as options of an analysis. */
export function logOptionsOf(flags: LogFlags) {
  return {
    since: flags.since === undefined ? undefined : (momentOf(flags.since) ?? undefined),
    until: flags.until === undefined ? undefined : (momentOf(flags.until) ?? undefined),
    host: flags.host,
    path: flags.path,
    tz: flags.tz,
    year: flags.year === undefined ? undefined : Number(flags.year),
    as: flags.as,
    logFormats: flags.logFormat,
    csvFields: flags.fields === undefined ? undefined : fieldsOf(flags.fields),
    redact: flags.redact,
    hash: flags.hash,
  } satisfies AnalyzeOptions;
}

const fieldsOf = (text: string): string[] => text.split(',').map((name) => name.trim());

/** What is wrong with a number of jobs; null where nothing is. */
export function jobsProblem(jobs: string | undefined): string | null {
  return jobs !== undefined && !/^[1-9]\d?$/.test(jobs) ? `--jobs ${jobs}: use a number from 1 to 99` : null;
}

/** A time as a person types it; without a zone it is UTC. */
export function instantOf(text: string): number {
  const stamp = parseIso(text.replace(/^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(Z|[+-]|$)/, '$1:00$2'));
  return stamp === undefined || stamp.kind === 'none' ? Number.NaN : stamp.ms;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A day begins at midnight UTC. */
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A moment as a person types it: an instant, a day, or `90m`, `2h` before the last entry; null where it is neither. */
function momentOf(text: string): Moment | null {
  const ago = /^-?(\d{1,6})([smhd])$/.exec(text);
  if (ago) return { beforeEndMs: Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0) };
  const atMs = instantOf(DAY.test(text) ? `${text}T00:00Z` : text);
  return Number.isNaN(atMs) ? null : { atMs };
}
