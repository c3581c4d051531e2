import type { Place } from '../vocabulary/hops.ts';
import type { SignalId } from '../vocabulary/signals.ts';

/** What a signal says about the place of the fault, whatever the cause: decibans added to all causes of each place. */
export interface PlaceRule {
  readonly signals: readonly SignalId[];
  readonly decibans: Readonly<Partial<Record<Place, number>>>;
}

const NOT_EDGE = { edge: -25, network: -25, none: -15 } as const;

/**
 * Place is judged apart from cause: an edge log alone often proves the origin and cannot prove the cause. Inside beats
 * outside (own log > cloudflared > page > edge row > statistics), hence the sizes. Sources: cloudflare-exports sections 2
 * and 6, nginx section 7 ("place is origin for all rows"), cloudflared section 8.
 */
export const PLACE_RULES: readonly PlaceRule[] = [
  {
    signals: ['edge.origin-answered-5xx', 'edge.refused-origin-answer', 'har.origin-page', 'har.origin-timeout-page'],
    decibans: { ...NOT_EDGE, tunnel: -7 },
  },
  { signals: ['edge.502-no-origin', 'edge.own-5xx'], decibans: { origin: -12, network: -10, tunnel: -8 } },
  { signals: ['edge.502-tried-origin', 'edge.504-no-origin'], decibans: { origin: -3 } },
  {
    signals: [
      'edge.worker-5xx',
      'edge.worker-limit',
      'edge.worker-changed-status',
      'har.worker-exception',
      'har.worker-limits',
      'worker.exception',
      'worker.exceeded-cpu',
      'worker.exceeded-memory',
    ],
    decibans: { origin: -16, tunnel: -16, network: -16, none: -15 },
  },
  {
    signals: ['edge.520', 'edge.524', 'edge.524-upload'],
    decibans: { edge: -14, tunnel: -10, network: -8, none: -15 },
  },
  { signals: ['edge.521', 'edge.525', 'edge.526'], decibans: { edge: -20, tunnel: -20, network: -10, none: -15 } },
  { signals: ['edge.522-connect', 'edge.522-no-ack', 'edge.523'], decibans: { edge: -14, tunnel: -20, none: -15 } },
  // Of a row that does not tell who made the status, the many ways in which a tunnel fails say nothing about the place.
  { signals: ['edge.5xx-origin-unknown'], decibans: { tunnel: -8 } },
  { signals: ['edge.530-1033'], decibans: { origin: -20, edge: -18, network: -15, none: -15 } },
  { signals: ['edge.530-1016', 'edge.dns-error'], decibans: { tunnel: -20, edge: -12, network: -15, none: -15 } },
  { signals: ['edge.530'], decibans: { edge: -12, network: -12, none: -15 } },
  {
    signals: ['edge.waf-block', 'edge.rate-limit', 'har.waf-block', 'har.rate-limit', 'firewall.block'],
    decibans: { origin: -20, tunnel: -20, network: -20 },
  },
  { signals: ['edge.origin-refused-403', 'access.refused-403'], decibans: { edge: -18, tunnel: -18, network: -18 } },
  { signals: ['har.branded-origin', 'har.problem-origin'], decibans: { edge: -15, network: -10, none: -15 } },
  {
    signals: ['har.branded-edge', 'har.blank-edge', 'har.problem-edge'],
    decibans: { origin: -16, tunnel: -16, network: -10 },
  },
  {
    signals: [
      'access.answered-5xx',
      'access.no-answer-502',
      'access.no-upstream-502',
      'access.no-live-502',
      'access.timeout-504',
      'access.own-500',
      'access.own-503',
      'access.5xx',
    ],
    decibans: { ...NOT_EDGE, tunnel: -20 },
  },
  // The requests did get to the origin and it answered them well: what it sent could not be used.
  { signals: ['derived.answered-at-origin'], decibans: { edge: -12, network: -8, tunnel: -12, none: -15 } },
  { signals: ['derived.worker-child-failed'], decibans: { edge: -34, none: -15 } },
  // cloudflared itself reports on these requests, so what counts as the origin's answer may be cloudflared's.
  { signals: ['derived.tunnel-carried'], decibans: { edge: -12, network: -12, tunnel: 7 } },
  { signals: ['derived.tunnel-without-rules'], decibans: { origin: -20, edge: -20, network: -20 } },
  { signals: ['derived.direct-origin'], decibans: { tunnel: -25 } },
  { signals: ['derived.tunnel-up'], decibans: { tunnel: -12 } },
  { signals: ['derived.tunnel-down'], decibans: { origin: -12, edge: -12, network: -8 } },
];
