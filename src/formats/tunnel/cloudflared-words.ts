import type { CloudflaredLine } from './cloudflared-line.ts';
import { type Match, matchMessage } from './cloudflared-match.ts';
import { readRequestLine, UNREACHABLE_WORDS } from './request-line.ts';

/** Lines that say nothing about failures: start-up talk and the second halves of messages with a line break. */
const CHATTER: readonly string[] = [
  'GOOS: ',
  'Settings: map[',
  'Environmental variables',
  'Generated Connector ID: ',
  'Will be fetching remotely managed configuration',
  'Initial protocol ',
  'ICMP proxy will use ',
  'Created ICMP proxy',
  'Tunnel connection curve preferences',
  'Thank you for trying Cloudflare Tunnel',
  'Requesting new quick Tunnel',
  'If you are using private routing to this Tunnel',
  "See 'cloudflared tunnel run --help'",
  'Autoupdate frequency is set',
  'Tunnel connection options',
  'Registering tunnel connection',
  'edge discovery: ',
  'QUIC MTU updated',
  'Graceful shutdown signalled',
  'Cloudflare Tunnel installed',
  'cloudflared service',
  'Cloudflared service arguments: [',
  'cloudflared terminated without error',
];

const CALM = { stopping: false, unregistered: false, othersUp: false } as const;
/** Fields that no other program of this log form (Traefik, for one) writes. */
const OWN_FIELDS = ['connIndex', 'originService', 'ingressRule', 'tunnelID', 'cfRay', 'destAddr'] as const;

/** Whether a wrapper's program name is cloudflared's; also of containers named after it. */
export function isOwnProgram(program: string | undefined): boolean {
  return program?.toLowerCase().includes('cloudflared') ?? false;
}

/** Whether a message is known talk. */
export function isChatter(message: string): boolean {
  return CHATTER.some((start) => message.startsWith(start));
}

/** Whether a line's words or fields are cloudflared's and no other program's. */
export function ownWords(parsed: CloudflaredLine): boolean {
  if (OWN_FIELDS.some((name) => parsed.fields[name] !== undefined)) return true;
  const { message, fields } = parsed;
  // The path to the edge by TCP, under whatever words of the years.
  if (fields.error?.startsWith('DialContext error: dial tcp ')) return true;
  if (message === '') return fields.error?.includes(UNREACHABLE_WORDS) === true;
  if (isChatter(message)) return true;
  const match = matchMessage(message, fields.error ?? '', CALM);
  if (match) return longestStart(match, message) >= 15;
  return readRequestLine(parsed) !== null;
}

/** What a message says that stands alone, as in Windows' event log; null where no row knows it. */
export function bareMessage(message: string): Match | null {
  return matchMessage(message, '', CALM);
}

/** Whether a text without stamp and level is this message of cloudflared, and not somebody else's words. */
export function isSure(match: Match, bare: CloudflaredLine): boolean {
  if (match.row.id === 'proc-last-rule') return true;
  const length = longestStart(match, bare.message);
  return length >= 20 || (length >= 10 && (bare.fields.error !== undefined || bare.fields.connIndex !== undefined));
}

function longestStart(match: Match, message: string): number {
  let longest = 0;
  for (const start of match.row.starts ?? []) {
    // The first letter may be small: the row fits already.
    if (message.startsWith(start.slice(1), 1)) longest = Math.max(longest, start.length);
  }
  return longest;
}
