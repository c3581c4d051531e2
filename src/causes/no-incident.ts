import type { Facts } from '../correlate/facts.ts';

/**
 * Facts in which nothing is known: the texts of the catalogue read with them speak of the cause in general, with stand-ins
 * (`www.example.com`) where an incident's own names would be.
 */
export const NO_INCIDENT: Facts = {
  kind: 'gateway',
  madeBy: 'unknown',
  startMs: Number.NaN,
  endMs: Number.NaN,
  failed: 0,
  total: null,
  peakPerMinute: 0,
  statuses: new Map(),
  signals: new Map(),
  covered: new Set(),
  scope: { only: new Map(), everyColo: false, failedShare: null, isStaticFine: false },
  top: () => null,
  failedMedianMs: null,
};
