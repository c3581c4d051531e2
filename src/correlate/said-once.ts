import type { SignalId } from '../vocabulary/signals.ts';
import type { SignalFact } from './facts.ts';

/** Why a connection to a backend was not made, where that is no passing trouble of its own. */
const SAID_ONCE: readonly SignalId[] = [
  'proxy.socket-missing',
  'proxy.socket-denied',
  'proxy.connect-denied',
  'proxy.ports-exhausted',
  'proxy.backend-dns',
  'proxy.backend-tls',
  'proxy.backend-cert',
];
const OF_THE_GIVEN_UP = 0.8;

/**
 * A server that gives a backend up says once why (lighttpd, gw_backend.c), and fails all requests that follow without a word: the
 * reason counts for them, too.
 */
export function saidOnce(facts: ReadonlyMap<SignalId, SignalFact>): SignalFact[] {
  const givenUp = facts.get('proxy.all-down')?.strength ?? 0;
  if (givenUp === 0) return [];
  return SAID_ONCE.flatMap((signal) => {
    const fact = facts.get(signal);
    return fact === undefined ? [] : { ...fact, strength: Math.max(fact.strength, OF_THE_GIVEN_UP * givenUp) };
  });
}
