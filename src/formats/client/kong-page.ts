import type { ClueRecord } from '../../vocabulary/records.ts';

/**
 * What Kong answers where its upstream did not, as JSON or as text (kong/error_handlers.lua; of the balancer kong/runloop/balancer).
 * Whether it waited for a connection or for an answer, and who closed, stands in its error log only.
 */
const WORDS =
  /^\s{0,8}(?:\{\s{0,8}"(?:message|error)"\s{0,4}:\s{0,4}")?(?:(An invalid response was received from the upstream server)|(The upstream server is currently unavailable|failure to get a peer from the ring-balancer)|(The upstream server is timing out)|(?<=")(name resolution failed)(?="))/;
const NO_PEER = 'failure to get a peer';

/** The status of an answer of Kong's own. */
export function kongStatusIn(text: string): number | undefined {
  const words = WORDS.exec(text);
  if (words === null) return undefined;
  if (words[1] !== undefined) return 502;
  return words[3] === undefined ? 503 : 504;
}

/** What Kong tells of its upstream: that none of its targets is healthy, or that its name has no address. */
export function kongReasonIn(text: string): Pick<ClueRecord, 'hop' | 'signal'> | undefined {
  const words = WORDS.exec(text);
  if (words?.[4] !== undefined) return { hop: 'proxy', signal: 'proxy.backend-dns' };
  return words?.[2]?.startsWith(NO_PEER) === true ? { hop: 'proxy', signal: 'proxy.no-backend' } : undefined;
}
