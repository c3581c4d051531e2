import type { FoundBurst } from '../../bursts/burst.ts';
import type { Failure, Witness } from '../../bursts/witness.ts';
import { isCovered } from '../../clock/coverage.ts';
import type { TimedRequest, TimedStream } from '../../clock/timeline.ts';
import { type CountedRows, sampleOf } from '../../correlate/counted-rows.ts';
import { dimensionValue, VALUES } from '../../correlate/dimensions.ts';
import type { Dimension, Facts } from '../../correlate/facts.ts';
import { writtenTimes, writtenWithin } from '../../correlate/row-times.ts';
import { WeightedRows } from '../../correlate/weighted-rows.ts';
import type { Burst } from '../schema.ts';

/** Values listed per dimension; the rest is summed as `other`. */
const LISTED = 10;

const DIMENSIONS = {
  hosts: 'host',
  servers: 'server',
  paths: 'path',
  methods: 'method',
  colos: 'colo',
  upstreams: 'upstream',
  clients: 'client',
} as const satisfies Record<keyof Burst['scope'], Dimension>;

/** Who was hit: failed and all requests of the burst by host, path, method, colo, backend and client. */
export function scopeOf(burst: FoundBurst, rows: CountedRows): Burst['scope'] {
  const fine = rows.areStandIns ? rows.fineMeanwhile : answeredMeanwhile(burst);
  // What failed of another burst's fault at the time is part of the total.
  const own = new Set(burst.failures);
  const others = writtenWithin(burst.witness.failures, burst.startMs, burst.endMs).filter((one) => !own.has(one));
  const estimated = burst.estimated || rows.areStandIns || !fine.isWhole;
  const { knowsTotals } = burst.witness;
  const scale = 1 / burst.sampleRate;
  const dimension = (name: Dimension): Burst['scope']['hosts'] => {
    const failed = weightsBy(burst.failures, name);
    const failedToo = weightsBy(others, name);
    const sums = knowsTotals ? fine.sumBy(VALUES[name]) : null;
    const most = new MostFailed(knowsTotals);
    const add = (value: string, ownFailed: number, good: number): void =>
      most.add(value, Math.round(ownFailed * scale), Math.round((ownFailed + good) * scale));
    for (const [value, own] of failed) add(value, own, (failedToo.get(value) ?? 0) + (sums?.of(value) ?? 0));
    for (const [value, more] of failedToo) if (!failed.has(value)) add(value, 0, more + (sums?.of(value) ?? 0));
    sums?.eachBut([...failed.keys(), ...failedToo.keys()], (value, sum) => add(value, 0, sum));
    return { ...most.told(), estimated };
  };
  return {
    hosts: dimension(DIMENSIONS.hosts),
    servers: dimension(DIMENSIONS.servers),
    paths: dimension(DIMENSIONS.paths),
    methods: dimension(DIMENSIONS.methods),
    colos: dimension(DIMENSIONS.colos),
    upstreams: dimension(DIMENSIONS.upstreams),
    clients: dimension(DIMENSIONS.clients),
  };
}

/** How many requests some failures stand for, by a value; values that no row tells are left out. */
function weightsBy(failures: readonly Failure[], name: Dimension): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const failure of failures) {
    const value = dimensionValue(failure, name) ?? '';
    if (value !== '') weights.set(value, (weights.get(value) ?? 0) + failure.weight);
  }
  return weights;
}

/** The values with which most requests failed, and the sum of all others. Those with which nothing failed are thousands. */
class MostFailed {
  private readonly knowsTotals: boolean;
  private readonly listed: { readonly value: string; readonly failed: number; readonly total: number }[] = [];
  private readonly other = { failed: 0, total: 0 };

  constructor(knowsTotals: boolean) {
    this.knowsTotals = knowsTotals;
  }

  /** Takes each value once, with its requests. */
  add(value: string, failed: number, total: number): void {
    const { listed, knowsTotals } = this;
    let place = listed.length;
    for (let before = listed[place - 1]; before !== undefined; before = listed[place - 1]) {
      const more = failed - before.failed || (knowsTotals ? total - before.total : 0);
      if (more < 0 || (more === 0 && value > before.value)) break;
      place--;
    }
    if (place === LISTED) {
      this.leaveOut(failed, total);
      return;
    }
    listed.splice(place, 0, { value, failed, total });
    const last = listed.length > LISTED ? listed.pop() : undefined;
    if (last !== undefined) this.leaveOut(last.failed, last.total);
  }

  private leaveOut(failed: number, total: number): void {
    this.other.failed += failed;
    this.other.total += total;
  }

  told(): Pick<Burst['scope']['hosts'], 'values' | 'other'> {
    const told = (total: number): number | null => (this.knowsTotals ? total : null);
    return {
      values: this.listed.map(({ value, failed, total }) => ({ value, failed, total: told(total) })),
      other: { failed: this.other.failed, total: told(this.other.total) },
    };
  }
}

/** Good answers that were given in the burst's time. */
function answeredMeanwhile({ witness, startMs, endMs }: FoundBurst): WeightedRows {
  const rows = goodRows(witness);
  const places = writtenTimes(rows).within(startMs, endMs);
  const weights = new Float64Array(places.length);
  let i = 0;
  let end = 0;
  for (const { sample, stream } of witness.streams) {
    end += sample.length;
    for (; i < places.length && (places[i] ?? 0) < end; i++) weights[i] = stream.kept.ordinary.weight;
  }
  return new WeightedRows(rows, places, weights);
}

const known = new WeakMap<Witness, readonly TimedRequest[]>();

/** The good rows of a witness: the same list for all its bursts. */
function goodRows(witness: Witness): readonly TimedRequest[] {
  const rows = known.get(witness) ?? sampleOf(witness.streams);
  known.set(witness, rows);
  return rows;
}

/** The scope in words for programs, and as one sentence for people: "only POST /checkout, from every data centre". */
export function sentenceOf(
  burst: FoundBurst,
  facts: Facts,
  streams: readonly TimedStream[],
): { pattern: string; sentence: string } {
  const parts = [
    ...whichRequests(facts),
    ...fromWhere(facts),
    ...howOften(facts.scope.failedShare),
    ...howItEnds(burst, streams),
  ];
  return {
    pattern: parts.flatMap(({ pattern }) => (pattern === '' ? [] : [pattern])).join(' '),
    sentence: parts.some(({ says }) => says !== '')
      ? `${capital(parts.flatMap(({ says }) => (says === '' ? [] : [says])).join(', '))}.`
      : 'The rows do not tell who was hit and who was not.',
  };
}

interface Part {
  readonly pattern: string;
  readonly says: string;
}

/** Above this share all requests of the kind fail; below the other, they fail now and then. */
const ALL = 0.93;
const NOW_AND_THEN = 0.7;
/** A burst that was over this soon had passed before anybody could have acted. */
const TRANSIENT_MS = 60_000;

function whichRequests({ scope, signals }: Facts): Part[] {
  const paths = scope.only.get('path');
  const methods = scope.only.get('method');
  const files = scope.isStaticFine ? ', not the static files' : '';
  const area = signals.get('derived.one-area')?.values.area;
  const parts: Part[] = [];
  if (paths) parts.push({ pattern: 'one-path', says: `only ${methods ? `${listOf(methods)} ` : ''}${listOf(paths)}` });
  else if (methods) parts.push({ pattern: 'one-method', says: `only ${listOf(methods)} requests${files}` });
  else if (scope.failedShare !== null && scope.failedShare > ALL && scope.only.size === 0)
    parts.push({
      pattern: 'everything',
      says: scope.isStaticFine ? `every page${files}` : 'every request that needs the origin',
    });
  else if (area !== undefined) parts.push({ pattern: 'one-area', says: `only what lies below ${area}` });
  else if (signals.has('derived.all-paths')) parts.push({ pattern: 'all-paths', says: `all kinds of pages${files}` });
  if (signals.has('derived.compressed-only'))
    parts.push({ pattern: 'compressed-only', says: 'only answers of types that are compressed' });
  return parts;
}

/** What the failures can be bound to beside their kind: pattern, and how it is said. */
const PLACES = [
  ['host', 'one-host', (values: string) => `only on ${values}`],
  ['server', 'one-server', (values: string) => `only on the server ${values}`],
  ['upstream', 'one-upstream', (values: string) => `only from the backend ${values}`],
  ['client', 'one-visitor', (values: string) => `only of the visitor ${values}`],
  ['colo', 'one-colo', (values: string) => `only through Cloudflare’s data centre ${values}`],
] as const;

function fromWhere({ scope, signals }: Facts): Part[] {
  const parts: Part[] = PLACES.flatMap(([dimension, pattern, says]) => {
    const values = scope.only.get(dimension);
    return values ? [{ pattern, says: says(listOf(values)) }] : [];
  });
  if (signals.has('derived.some-edge-servers'))
    parts.push({ pattern: 'some-edge-servers', says: 'only through some of Cloudflare’s addresses' });
  if (scope.everyColo) parts.push({ pattern: 'every-colo', says: 'from every data centre' });
  return parts;
}

function howOften(failedShare: number | null): Part[] {
  if (failedShare === null) return [];
  if (failedShare >= NOW_AND_THEN) return [{ pattern: 'steady', says: '' }];
  const percent = Math.max(1, Math.round(failedShare * 100));
  return [{ pattern: 'intermittent', says: `about ${percent} % of these requests failed, the others succeeded` }];
}

function howItEnds(burst: FoundBurst, streams: readonly TimedStream[]): Part[] {
  if (endsWithLog(burst, streams) && burst.witness.knowsTotals)
    return [{ pattern: 'unfinished', says: 'still going on where the logs end' }];
  const isTransient = burst.endMs - burst.firstRequestMs < TRANSIENT_MS && !beginsWithLog(burst);
  return [{ pattern: isTransient ? 'transient' : 'lasting', says: '' }];
}

/** A burst that begins or ends this near to the end of the logs, or to a hole in them, is cut off by it. */
const CUT_MS = 2000;

/** Whether the burst may have begun before the log that counts it. */
export function beginsWithLog({ startMs, witness }: FoundBurst): boolean {
  return isCutOff(witness.streams, startMs - CUT_MS, startMs);
}

/**
 * Whether the burst may have gone on after the log that counts it. Logs of several programs in one file (a journal, what Compose prints)
 * end together; where they begin is told for each, as Compose may print the last lines of each.
 */
export function endsWithLog({ endMs, witness }: FoundBurst, streams: readonly TimedStream[]): boolean {
  const sources = new Set(witness.streams.flatMap(sourcesOf));
  const beside = streams.filter((stream) => sourcesOf(stream).some((source) => sources.has(source)));
  return isCutOff(beside, endMs, endMs + CUT_MS);
}

function sourcesOf({ stream }: TimedStream): number[] {
  return stream.segments.map(({ source }) => source);
}

/** Whether none of the logs covers a time, where they tell what they cover. */
function isCutOff(streams: readonly TimedStream[], fromMs: number, toMs: number): boolean {
  const covered = streams.filter(({ coverage }) => coverage.length > 0);
  return covered.length > 0 && !covered.some(({ coverage }) => isCovered(coverage, fromMs, toMs));
}

/** "a", "a and b", "a, b and c". */
function listOf(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} and ${last}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
