import type { FoundBurst } from '../../bursts/burst.ts';
import type { Failure } from '../../bursts/witness.ts';
import { dimensionValue } from '../../correlate/dimensions.ts';
import type { Facts } from '../../correlate/facts.ts';
import { isPeer } from '../../correlate/peers.ts';
import { reachOfSignal } from '../../correlate/scenes.ts';
import type { Burst } from '../schema.ts';
import { rounded } from './times.ts';

/** Part of the failures that must tell how far they got. */
const MOSTLY = 0.9;

type Impact = NonNullable<Burst['impact']>;

/** Whom a burst hit and how far the failing requests got, counted by the one log that counts the burst. */
export function impactOf(burst: FoundBurst, facts: Facts): Impact {
  const { failed, total, failures } = burst;
  return {
    share: total === null || total === 0 ? null : rounded(Math.min(1, failed / total), 4),
    hosts: distinct(failures, 'host'),
    paths: distinct(failures, 'path'),
    visitors: visitorsOf(failures),
    neverReachedOrigin: neverReached(burst, facts),
    uncertaintySeconds: rounded(uncertaintyMs(burst) / 1000, 3),
  };
}

function distinct(failures: readonly Failure[], dimension: 'host' | 'path' | 'client'): number {
  return valuesOf(failures, dimension).size;
}

function valuesOf(failures: readonly Failure[], dimension: 'host' | 'path' | 'client'): Set<string> {
  const values = new Set(failures.map((failure) => dimensionValue(failure, dimension) ?? ''));
  values.delete('');
  return values;
}

/** Visitors by their addresses; null where the log does not have them or has those of Cloudflare or the host in their place. */
function visitorsOf(failures: readonly Failure[]): number | null {
  const clients = [...valuesOf(failures, 'client')];
  const peers = clients.filter(isPeer);
  return clients.length === 0 || peers.length > clients.length / 2 ? null : clients.length - peers.length;
}

/**
 * Failed requests that never got to the origin’s web server; null where the logs leave it open. The web server's own log
 * decides. By rows alone an answer with a status of 5xx is the web server's only where Cloudflare names the origin's
 * address: in a tunnel's end cloudflared answers for it.
 */
function neverReached({ failures, failed, unseen, witness }: FoundBurst, { signals }: Facts): number | null {
  if (unseen) return failed;
  const isInLog = witness.hop === 'proxy' || witness.hop === 'app' || signals.has('derived.reached-origin');
  const isInNoLog = signals.has('derived.not-in-origin-log');
  let missed = 0;
  let known = 0;
  let all = 0;
  for (const { signal, weight, row } of failures) {
    all += weight;
    const reach = reachOfSignal(signal);
    const isAnswered =
      isInLog || reach === 'unanswered' || (reach === 'answered' && row?.record.upstream !== undefined);
    const isMissed = reach === 'not-connected' || (!isAnswered && isInNoLog);
    if (isAnswered || isMissed) known += weight;
    if (isMissed) missed += weight;
  }
  return all === 0 || known < MOSTLY * all ? null : Math.round((failed * missed) / known);
}

/** How far first and last failure may lie from the times told: clocks, whole seconds, and gaps between sampled rows. */
function uncertaintyMs({ witness, failures, startMs, endMs, sampleRate }: FoundBurst): number {
  const clock = Math.max(0, ...witness.streams.map(({ clock: { uncertaintySeconds } }) => uncertaintySeconds * 1000));
  const isCoarse = failures.every(({ atMs }) => atMs % 1000 === 0);
  const isSampled = sampleRate < 1 || failures.some(({ weight }) => weight > 1);
  const gap = isSampled ? (endMs - startMs) / Math.max(1, failures.length) : 0;
  return clock + (isCoarse ? 1000 : 0) + gap;
}
