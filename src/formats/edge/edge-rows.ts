import type { SignalId } from '../../vocabulary/signals.ts';
import type { EdgeFacts } from './edge-facts.ts';

/** A row of the decision table. */
export interface EdgeRule {
  /** Number of the row in the reference (cloudflare-exports 2.1), a letter where a row is split. */
  readonly row: string;
  readonly signal: SignalId;
  readonly when: (facts: EdgeFacts) => boolean;
}

/** 500 to 511 and other statuses that an origin writes itself; 520 to 527 and 530 are Cloudflare's own. */
const isServerError = (status: number): boolean => status >= 500 && !isEdgeCode(status);
const isEdgeCode = (status: number): boolean => (status >= 520 && status <= 527) || status === 530;
const answered = (facts: EdgeFacts): boolean => facts.origin !== undefined && facts.origin > 0 && facts.origin < 500;
const silent = (facts: EdgeFacts): boolean => facts.origin === 0;
/** The connect timer fires after 15 to 19 s, the one for acknowledgements after 90 s (reference 2.5). */
const ACK_TIMER_MS = 60_000;
/** The timer for sending a request is 30 s; the one for the answer is 100 s or more, but a zone may have it set otherwise. */
const WRITE_TIMER_MS = { from: 28_000, to: 36_001 } as const;
const lastedWriteTimer = (facts: EdgeFacts): boolean =>
  facts.lasted(WRITE_TIMER_MS.from) && !facts.lasted(WRITE_TIMER_MS.to);
const UPLOADS = new Set(['POST', 'PUT', 'PATCH']);
const OWN_TRAFFIC = new Set(['healthcheck', 'ssldetector', 'purge']);

/**
 * The decision table for rows that failed or were refused; the first row that fits wins. Cached errors (29) and Workers
 * (26, 11, 12) stand before the general rows that would swallow them; a row about the code stands where an answer of
 * 520 to 530 names the stage better than "another zone".
 */
export const EDGE_RULES: readonly EdgeRule[] = [
  {
    row: '1',
    signal: 'edge.early-hints-504',
    when: (f) => f.status === 504 && !f.origin && f.source === 'earlyhintscache',
  },
  {
    row: '2',
    signal: 'edge.worker-cache-504',
    when: (f) => f.status === 504 && !f.origin && f.source === 'edgeworkercacheapi',
  },
  { row: '3', signal: 'edge.prefetch-503', when: (f) => f.status === 503 && !f.origin && f.prefetch },
  { row: '4', signal: 'edge.own-traffic', when: (f) => f.status >= 400 && OWN_TRAFFIC.has(f.source) },
  { row: '25', signal: 'edge.masked-5xx', when: (f) => f.status < 400 && f.origin !== undefined && f.origin >= 500 },
  { row: '28', signal: 'edge.client-abort', when: (f) => f.status === 499 },
  { row: '24a', signal: 'edge.530-1016', when: (f) => f.status === 530 && f.hostError === 'dnserr' },
  { row: '1.4', signal: 'edge.dns-error', when: (f) => f.status >= 400 && f.hostError !== undefined },
  {
    row: '27a',
    signal: 'edge.rate-limit',
    when: (f) => f.status === 429 && !f.origin && (f.securityActed || (silent(f) && !f.workerRan)),
  },
  {
    row: '27b',
    signal: 'edge.waf-block',
    when: (f) => f.status === 403 && !f.origin && (f.securityActed || (silent(f) && !f.workerRan)),
  },
  {
    row: '27c',
    signal: 'edge.waf-block',
    when: (f) => (f.status === 503 || (f.status >= 400 && f.status < 500)) && !f.origin && f.securityActed,
  },
  {
    row: '27d',
    signal: 'edge.origin-refused-403',
    when: (f) => (f.status === 403 || f.status === 429) && f.origin === f.status,
  },
  {
    row: '29',
    signal: 'edge.cached-error',
    when: (f) => isServerError(f.status) && f.servedFromCache && !f.subrequest,
  },
  {
    row: '6',
    signal: 'edge.upstream-is-cloudflare',
    when: (f) =>
      f.origin !== undefined &&
      isEdgeCode(f.origin) &&
      f.status >= 500 &&
      (f.originIsCloudflare || f.workerRan || !isEdgeCode(f.status)),
  },
  {
    row: '26',
    signal: 'edge.worker-changed-status',
    when: (f) => isServerError(f.status) && answered(f) && f.workerRan && !f.subrequest,
  },
  {
    row: '11',
    signal: 'edge.worker-limit',
    when: (f) => isServerError(f.status) && silent(f) && f.workerStatus.startsWith('exceeded') && !f.subrequest,
  },
  {
    row: '11, 12',
    signal: 'edge.worker-5xx',
    when: (f) => isServerError(f.status) && silent(f) && f.workerRan && !f.subrequest,
  },
  {
    row: '5',
    signal: 'edge.origin-answered-5xx',
    when: (f) => isServerError(f.status) && f.origin !== undefined && isServerError(f.origin),
  },
  { row: '7', signal: 'edge.refused-origin-answer', when: (f) => isServerError(f.status) && answered(f) },
  { row: '1.5', signal: 'edge.5xx-origin-unknown', when: (f) => isServerError(f.status) && f.origin === undefined },
  {
    row: '8',
    signal: 'edge.502-tried-origin',
    when: (f) => f.status === 502 && (f.originAddress !== undefined || f.reachedCache),
  },
  { row: '9', signal: 'edge.502-no-origin', when: (f) => f.status === 502 },
  { row: '13', signal: 'edge.504-no-origin', when: (f) => f.status === 504 },
  { row: '10', signal: 'edge.own-5xx', when: (f) => isServerError(f.status) },
  { row: '14', signal: 'edge.520', when: (f) => f.status === 520 },
  { row: '15', signal: 'edge.521', when: (f) => f.status === 521 },
  { row: '18', signal: 'edge.worker-child-5xx', when: (f) => f.status === 522 && f.subrequest && f.ownZone },
  { row: '17', signal: 'edge.522-no-ack', when: (f) => f.status === 522 && f.lasted(ACK_TIMER_MS) },
  { row: '16', signal: 'edge.522-connect', when: (f) => f.status === 522 },
  { row: '19', signal: 'edge.523', when: (f) => f.status === 523 },
  {
    row: '21',
    signal: 'edge.524-upload',
    when: (f) => f.status === 524 && UPLOADS.has(f.method) && lastedWriteTimer(f),
  },
  { row: '20', signal: 'edge.524', when: (f) => f.status === 524 },
  { row: '22', signal: 'edge.525', when: (f) => f.status === 525 },
  { row: '23', signal: 'edge.526', when: (f) => f.status === 526 },
  { row: '2.4', signal: 'edge.527', when: (f) => f.status === 527 },
  { row: '24', signal: 'edge.530', when: (f) => f.status === 530 },
];

/** Whether an answer is an ordinary one, about which no rule has anything to say. */
export function isOrdinary(status: number, origin: number | undefined): boolean {
  return status < 400 && !(origin !== undefined && origin >= 500);
}

/** What a row says about its own failure, or undefined for an ordinary answer. */
export function edgeSignal(facts: EdgeFacts): SignalId | undefined {
  return isOrdinary(facts.status, facts.origin) ? undefined : EDGE_RULES.find((rule) => rule.when(facts))?.signal;
}
