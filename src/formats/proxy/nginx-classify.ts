import { isCloudflareAddress } from '../../vocabulary/cloudflare-ranges.ts';
import type { SignalId } from '../../vocabulary/signals.ts';
import { NGINX_MESSAGES, type NginxMessage } from './nginx-messages.ts';
import type { NginxPhase } from './nginx-phases.ts';

/** nginx writes no longer lines (NGX_MAX_ERROR_STR); longer ones are somebody else's, and patterns see no more. */
const LONGEST_MESSAGE = 2048;

/** What of an entry decides its meaning. */
export interface NginxSaid {
  /** The message without phase and context. */
  readonly message: string;
  readonly phase: NginxPhase;
  readonly level?: string | undefined;
  readonly client?: string | undefined;
}

/** Rows by the first character of the message, in the table's order; '' holds those that begin with a variable part. */
const BUCKETS = new Map<string, NginxMessage[]>(
  ['', ...NGINX_MESSAGES.flatMap(firstCharacters)].map((first) => [first, []]),
);
for (const row of NGINX_MESSAGES) {
  const firsts = row.starts === undefined ? BUCKETS.keys() : new Set(firstCharacters(row));
  for (const first of firsts) BUCKETS.get(first)?.push(row);
}

function firstCharacters({ starts = [] }: NginxMessage): string[] {
  return starts.map((start) => start.charAt(0));
}

/** The number of the system's error at the end of a message (`… failed (111: Connection refused)`), or undefined. */
export function errnoOf(message: string): number | undefined {
  const open = message.lastIndexOf(' (');
  if (open < 0) return undefined;
  const digits = /^(\d{1,5}): /.exec(message.slice(open + 2, open + 9));
  return digits ? Number(digits[1]) : undefined;
}

function takes(row: NginxMessage, said: NginxSaid, errno: number | undefined, anyPhase: boolean): boolean {
  if (row.phases !== undefined && !anyPhase && !row.phases.includes(said.phase)) return false;
  if (row.levels !== undefined && (said.level === undefined || !row.levels.includes(said.level))) return false;
  if (row.errnos !== undefined && (errno === undefined || !row.errnos.includes(errno))) return false;
  if (row.starts !== undefined && !row.starts.some((start) => said.message.startsWith(start))) return false;
  return textFits(row, said.message);
}

/** Whether a message holds what a row asks for, beside its beginning. */
export function textFits({ holds, pattern }: NginxMessage, message: string): boolean {
  if (holds !== undefined && !message.startsWith(holds) && !message.includes(` ${holds}`)) return false;
  return pattern === undefined || pattern.test(message);
}

/** Rows without text of their own would take anything when phases do not count. */
export function namesItsText(row: NginxMessage): boolean {
  return (row.starts ?? row.holds ?? row.pattern) !== undefined;
}

/**
 * The first row of the table that takes a message, or null. A message without phase (cut or pasted) takes, where no row
 * fits as it is, the first whose text fits.
 */
export function nginxRow(entry: NginxSaid): NginxMessage | null {
  const { phase, level, client } = entry;
  const said = { message: entry.message.slice(0, LONGEST_MESSAGE), phase, level, client };
  const rows = BUCKETS.get(said.message.charAt(0)) ?? BUCKETS.get('') ?? [];
  const errno = errnoOf(said.message);
  for (const row of rows) if (takes(row, said, errno, false)) return row;
  if (said.phase !== 'none') return null;
  for (const row of rows) if (namesItsText(row) && takes(row, said, errno, true)) return row;
  return null;
}

/** Whose the client is: the machine's own, one of Cloudflare's, anybody else's. */
export type Whose = 'self' | 'cloudflare' | 'other';

/** The signal of a row, which may hang on whose the client is. */
export function signalOfWhose(row: NginxMessage, whose: Whose): SignalId {
  if (row.fromSelf !== undefined && whose === 'self') return row.fromSelf;
  return row.fromOthers !== undefined && whose !== 'cloudflare' ? row.fromOthers : row.signal;
}

/** The same of a client's address. */
export function signalFrom(row: NginxMessage, client: string, isCloudflare: (client: string) => boolean): SignalId {
  if (row.fromSelf === undefined && row.fromOthers === undefined) return row.signal;
  const isSelf = client === '127.0.0.1' || client === '::1';
  return signalOfWhose(row, isSelf ? 'self' : isCloudflare(client) ? 'cloudflare' : 'other');
}

/** The signal of a message: that of its row, and `nginx.other` where the table does not know it. */
export function nginxSignal(said: NginxSaid): SignalId {
  const row = nginxRow(said);
  if (row === null) return 'nginx.other';
  return signalFrom(row, said.client ?? '', isCloudflareAddress);
}
