import type { TimedStream } from '../../clock/timeline.ts';
import type { Facts, SignalFact } from '../../correlate/facts.ts';
import { HOPS, type Hop } from '../../vocabulary/hops.ts';
import { SIGNALS, type SignalId } from '../../vocabulary/signals.ts';
import type { Burst } from '../schema.ts';
import { isoInstant } from './times.ts';

/** Lines that explain less than this of a burst belong to something else that happened at the time. */
const HEARD = 0.25;

/** Clocks known to this tell whether two stamps are of one second. */
const SAME_SECOND_MS = 2000;

/** The first line or row of one hop that tells of the fault. */
interface Sighting {
  readonly hop: Hop;
  readonly fact: SignalFact;
  readonly atMs: number;
  /** The stream's clock is known to this. */
  readonly uncertaintyMs: number;
}

/**
 * The first sighting of the fault on each hop, and the sentence that reads them out; `isOthers` tells what belongs to another
 * burst.
 */
export function firstByHop(
  facts: Facts,
  streams: readonly TimedStream[],
  isOthers: (ms: number) => boolean = () => false,
): { firstByHop: Burst['firstByHop']; firstSentence: string } {
  const sightings = HOPS.flatMap((hop): Sighting[] => {
    const [fact] = [...facts.signals.values()]
      .filter((one) => tells(one, hop, facts) && !isOthers(one.firstMs ?? 0))
      .sort((a, b) => (a.firstMs ?? 0) - (b.firstMs ?? 0) || (a.signal < b.signal ? -1 : 1));
    const line = fact?.lines[0];
    if (!fact || !line || fact.firstMs === null) return [];
    const own = streams.find(({ stream }) => stream.segments.some(({ source }) => source === line.source));
    return [{ hop, fact, atMs: fact.firstMs, uncertaintyMs: (own?.clock.uncertaintySeconds ?? 0) * 1000 }];
  });
  return {
    firstByHop: sightings.flatMap(({ hop, fact: { signal, lines }, atMs }) => {
      const [line] = lines;
      return line ? [{ hop, time: isoInstant(atMs), signal, source: line.source, line: line.line }] : [];
    }),
    firstSentence: readOut(sightings, facts),
  };
}

/** Rows of refusals, 403 or 429. */
const REFUSALS: ReadonlySet<SignalId> = new Set(['access.refused-403', 'edge.origin-refused-403']);

function tells({ signal, firstMs, lines, strength }: SignalFact, hop: Hop, { kind }: Facts): boolean {
  const { hop: own, role, status } = SIGNALS[signal];
  if (own !== hop || firstMs === null || lines.length === 0 || strength < HEARD) return false;
  // A scanner's 403 in the same seconds is no sign of a gateway error.
  if (role === 'request')
    return kind === 'blocked' || !(REFUSALS.has(signal) || (status !== undefined && status < 500));
  return role === 'process';
}

/** "PHP-FPM’s pool is full at 12:03:04 UTC; the first 504 left the web server 60 s later"; empty without a sighting. */
function readOut(sightings: readonly Sighting[], facts: Facts): string {
  // Of sightings in one second the inner one leads: what is seen outside follows from it.
  const inOrder = [...sightings].sort(
    (a, b) => Math.floor(a.atMs / 1000) - Math.floor(b.atMs / 1000) || HOPS.indexOf(b.hop) - HOPS.indexOf(a.hop),
  );
  const [lead, ...rest] = inOrder;
  if (!lead) return '';
  // What came after the same time is read out together.
  const parts = new Map<string, Sighting[]>();
  for (const next of rest) {
    const later = after(lead, next);
    parts.set(later, [...(parts.get(later) ?? []), next]);
  }
  const read = [...parts].map(([later, together]) => `${clauses(together, facts)} ${later}`);
  return capital(`${[`${clause(lead, facts)} at ${isoInstant(lead.atMs).slice(11, 19)} UTC`, ...read].join('; ')}.`);
}

/** "60 s later"; times nearer than the clocks are known give no order. */
function after(lead: Sighting, next: Sighting): string {
  const laterMs = next.atMs - lead.atMs;
  const knownMs = Math.max(lead.uncertaintyMs, next.uncertaintyMs);
  if (laterMs < 1000 && knownMs <= SAME_SECOND_MS) return 'in the same second';
  return laterMs <= knownMs
    ? `at about the same time${knownMs > SAME_SECOND_MS ? ` (the clocks are known to ${Math.round(knownMs / 1000)} s)` : ''}`
    : `${Math.round(laterMs / 1000)} s later`;
}

/** Answers on their way out, by the hop that they leave. */
const LEAVES: Partial<Record<Hop, string>> = {
  edge: 'Cloudflare',
  proxy: 'the web server',
};

/** Sightings as clauses, those of one status leaving several hops in one. */
function clauses(sightings: readonly Sighting[], facts: Facts): string {
  const left = new Map<string, string[]>();
  const said: string[] = [];
  for (const sighting of sightings) {
    const hop = leaving(sighting);
    if (hop === null) said.push(clause(sighting, facts));
    else left.set(statusOf(sighting, facts), [...(left.get(statusOf(sighting, facts)) ?? []), hop]);
  }
  return [...said, ...[...left].map(([status, hops]) => `the first ${status} left ${hops.join(' and ')}`)].join(
    ' and ',
  );
}

/** What a sighting says: of rows the status, of lines their meaning. */
function clause(sighting: Sighting, facts: Facts): string {
  const hop = leaving(sighting);
  if (hop !== null) return `the first ${statusOf(sighting, facts)} left ${hop}`;
  if (sighting.hop === 'client') return 'the browser got its first error';
  const { signal, subjects } = sighting.fact;
  const { says } = SIGNALS[signal];
  const meaning = /^[^:;.]*(?:\.\S[^:;.]*)*/.exec(says)?.[0] ?? says;
  const [unit] = signal.startsWith('unit.') ? subjects : [];
  const named = unit === undefined ? meaning : meaning.replace(/\b[Tt]he service\b/, unit);
  return named.replace(/^(?:An?|The|Somebody|Nothing|Nobody)\b/, (word) => word.toLowerCase());
}

/** The hop that a failed answer left, where the sighting is one. */
function leaving({ hop, fact: { signal } }: Sighting): string | null {
  return SIGNALS[signal].role === 'request' ? (LEAVES[hop] ?? null) : null;
}

function statusOf({ fact: { signal } }: Sighting, { statuses }: Facts): string {
  const [only] = statuses.size === 1 ? statuses.keys() : [];
  return String(SIGNALS[signal].status ?? only ?? 'error');
}

/** Capital of a plain word; names of programs and units stay as they are written. */
function capital(text: string): string {
  return text.replace(/^(?:an?|the|somebody|nothing|nobody)\b/, (word) => word.charAt(0).toUpperCase() + word.slice(1));
}
