import type { Facts } from '../../correlate/facts.ts';
import type { Burst, Result } from '../schema.ts';
import { isoInstant } from './times.ts';

type Event = Result['events'][number];
type Trigger = NonNullable<Burst['trigger']>;

/** What changed up to this long before the first failing request may have to do with the burst. */
const LEAD_MS = 600_000;
/** Stamps are whole seconds. */
const SLACK_MS = 2000;
/** What changed this shortly before is likelier to than anything earlier. */
const JUST_BEFORE_MS = 60_000;
/** Services that stop and come back in an earlier burst, or this soon after it, are part of that one. */
const RECOVERY_MS = 15_000;
const OF_A_FAULT: ReadonlySet<Event['kind']> = new Set(['stop', 'start']);
/** What people change, before what programs do: an upgrade restarts the service, not the other way round. */
const KINDS: readonly Event['kind'][] = ['deploy', 'config', 'reload', 'stop', 'start'];

interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What changed just before the first failing request: an upgrade, a new configuration, a reload, a stop or start, or a rise
 * of traffic. Context, never a cause by itself. `others`: the other bursts, whose stops and starts are no trigger.
 */
export function triggerOf(
  events: readonly Event[],
  firstRequestMs: number,
  others: readonly Span[],
  facts: Facts,
): Trigger | null {
  const before = events
    .map((event) => ({ event, ms: Date.parse(event.time), rank: KINDS.indexOf(event.kind) }))
    .filter(({ ms, rank }) => rank >= 0 && ms <= firstRequestMs + SLACK_MS && ms >= firstRequestMs - LEAD_MS)
    .filter(
      ({ event, ms }) => !OF_A_FAULT.has(event.kind) || !others.some((burst) => isPartOf(burst, ms, firstRequestMs)),
    );
  const near = before.filter(({ ms }) => ms >= firstRequestMs - JUST_BEFORE_MS);
  const best = [...(near.length > 0 ? near : before)].sort((a, b) => a.rank - b.rank || b.ms - a.ms)[0];
  if (!best) return trafficOf(facts, firstRequestMs);
  const { kind, time, text, source, line } = best.event;
  return { kind, time, text, source, line };
}

function isPartOf(earlier: Span, ms: number, firstRequestMs: number): boolean {
  return earlier.startMs < firstRequestMs && ms >= earlier.startMs - SLACK_MS && ms <= earlier.endMs + RECOVERY_MS;
}

function trafficOf({ signals }: Facts, firstRequestMs: number): Trigger | null {
  const spike = signals.get('derived.traffic-spike');
  const row = spike?.lines[0];
  if (!spike || !row) return null;
  const { perMinute, usualPerMinute } = spike.values;
  return {
    kind: 'traffic',
    time: isoInstant(firstRequestMs - JUST_BEFORE_MS),
    text: `Traffic rose: ${perMinute} requests in the minute before, against ${usualPerMinute} a minute in the hour before.`,
    source: row.source,
    line: row.line,
  };
}
