// The order in which clocks are found and what each find tells of the next: one state, so one file. The ways of finding are files of their own.
import type { Digest, StreamDigest } from '../digest/digest.ts';
import { clockCourse } from './course.ts';
import { type ClockDomain, ClockDomains } from './domains.ts';
import { type ReadStream, tellsOfRequests } from './events.ts';
import { placeByShape, skewsByRhythm } from './place-by-shape.ts';
import { type Placement, placeByRequests, skewOf, wholeSeconds } from './placement.ts';
import { type Prior, priorsOf } from './priors.ts';
import { placeByProcesses } from './processes.ts';
import { tieByDate } from './ties.ts';
import { type StreamClock, type TimedStream, timeStream } from './timeline.ts';
import { instantsOf, isWritten, passesOf, wallOf, writtenOffset, writtenZone } from './written.ts';
import { yearsOf } from './year.ts';
import { type YearReference, yearReference } from './year-reference.ts';
import { parseZone, UTC, type Zone } from './zones.ts';

/** What the user said about zones and years. */
export interface ClockOptions {
  /** Zone of every log that does not write one (`UTC`, `+05:30`, `Europe/Berlin`). */
  readonly tz?: string | undefined;
  /** Year of every log that does not write one. */
  readonly year?: number | undefined;
}

const isDated = ({ segments }: StreamDigest): boolean => segments.some(({ kind }) => kind !== 'none');
const isOutside = ({ hop }: StreamDigest): boolean => hop === 'edge' || hop === 'client';

/** A machine's clock may be off by as much where nothing ties it to the edge's. */
const UNTIED_SECONDS = 300;
const ANY_ZONE_SECONDS = 14 * 3600;
/** Skews nearer than this are one. */
const ONE_SKEW_MS = 3000;

/**
 * Puts every stream on one clock, the edge's (without an edge log that of the logs which write their zone). Zones come, in
 * this order, from the user, the stamps themselves, another log of the same machine or an inner stamp (both checked against
 * the requests and the trouble that other logs tell of), the same requests in a log that has a zone, the same processes, the
 * shape of the trouble; else UTC is assumed and said. Skews come from Ray IDs, requests, processes, or the shape; one machine
 * has one.
 */
export function setClocks(digest: Digest, options: ClockOptions): TimedStream[] {
  return new Clocks(digest, options).all();
}

/** A skew that a log of a machine was found to have. */
type MachineSkew = Pick<Placement, 'skewMs' | 'uncertaintySeconds' | 'course'>;

/** What turns a stream's times into instants. */
type Reckoning = Pick<Placement, 'zone' | 'skewMs' | 'course'>;

/** The streams while they are given their places, those that are surest first. */
class Clocks {
  private readonly streams: readonly StreamDigest[];
  private readonly labels: readonly string[];
  private readonly options: ClockOptions;
  private readonly domains: ClockDomains;
  private readonly reference: YearReference;
  private readonly years = new Map<StreamDigest, (number | undefined)[]>();
  private readonly reads = new Map<StreamDigest, (Reckoning & { read: ReadStream })[]>();
  private readonly placements = new Map<StreamDigest, Placement>();
  private readonly edge: readonly StreamDigest[];
  private edgeReads: readonly ReadStream[] | null = null;
  /** Skews of machines, the surest first: several where logs of one machine disagree. */
  private readonly machines = new Map<ClockDomain, MachineSkew[]>();

  constructor({ streams, sources }: Digest, options: ClockOptions) {
    this.streams = streams;
    this.labels = sources.map(({ label }) => label);
    this.options = options;
    this.domains = new ClockDomains(streams);
    this.reference = yearReference(streams, sources, options.year);
    this.edge = streams.filter((stream) => stream.hop === 'edge' && isWritten(stream));
    for (const stream of streams) {
      const years = yearsOf(stream.segments, (source) => this.reference.of(source).ms);
      const { year } = options;
      this.years.set(stream, year === undefined ? years : years.map((one) => (one === undefined ? one : year)));
    }
  }

  all(): TimedStream[] {
    const written = this.streams.filter(isWritten);
    const unwritten = this.streams.filter((stream) => isDated(stream) && !isWritten(stream));
    // The edge is the clock; where there is no edge log the other request logs are.
    for (const stream of this.edge) this.placeWritten(stream);
    for (const stream of [...written].sort((a, b) => Number(b.requestCount > 0) - Number(a.requestCount > 0)))
      this.placeWritten(stream);
    const userZone = this.options.tz === undefined ? null : parseZone(this.options.tz);
    for (const stream of unwritten) {
      if (userZone) this.place(stream, this.unskewed(stream, userZone, 'option', 1));
    }
    const open = unwritten.filter((stream) => !this.placements.has(stream));
    const byRequests = open.filter((stream) => this.placeByRequests(stream));
    for (const stream of byRequests) this.learnSkew(stream);
    for (const stream of written) this.placeWrittenByShape(stream);
    const tied = this.placedRead([...written, ...byRequests]);
    const found = [...byRequests];
    const placeMore = (streams: readonly StreamDigest[]): void => {
      const unplaced = (some: readonly StreamDigest[]) => some.filter((stream) => !this.placements.has(stream));
      const byProcesses = unplaced(open).filter((stream) => this.placeByProcesses(stream, found));
      found.push(...byProcesses);
      const more = unplaced(streams).filter((stream) => this.placeByShape(stream, found, tied));
      found.push(...more);
      // What was found for one log may be what another is expected to have.
      if (byProcesses.length + more.length > 0) placeMore(streams);
    };
    // The rhythm of lost requests is proof, and what is proven of one log may name the processes of another.
    placeMore(open.filter((stream) => this.tellsOfRequests(stream)));
    placeMore(open);
    for (const stream of written) this.placeWrittenByProcesses(stream);
    for (const stream of open) {
      if (!this.placements.has(stream)) this.placeBySiblings(stream, found);
    }
    for (const stream of written) this.placeWritten(stream);
    const adrift = this.adrift(unwritten);
    return this.streams.map((stream) => this.timed(stream, adrift.has(stream)));
  }

  private place(stream: StreamDigest, placement: Placement): void {
    this.placements.set(stream, placement);
  }

  /** A stream read with a zone and a skew. */
  private read(stream: StreamDigest, { zone, skewMs, course }: Reckoning): ReadStream {
    const known = this.reads.get(stream) ?? [];
    this.reads.set(stream, known);
    let found = known.find((one) => one.zone === zone && one.skewMs === skewMs && one.course === course);
    if (!found) {
      const toInstant = instantsOf(stream.segments, this.years.get(stream) ?? [], zone, skewMs, course);
      found = { zone, skewMs, ...(course && { course }), read: { stream, toInstant } };
      known.push(found);
    }
    return found.read;
  }

  private placedRead(streams: readonly StreamDigest[]): ReadStream[] {
    return streams.flatMap((stream) => {
      const placement = this.placements.get(stream);
      return placement ? [this.read(stream, placement)] : [];
    });
  }

  /** A place with the skew of the stream's machine, if one is known: where its logs disagree the least. */
  private unskewed(
    stream: StreamDigest,
    zone: Zone,
    method: Placement['method'],
    uncertaintySeconds: number,
  ): Placement {
    const [machine, ...others] = this.knownSkews(stream).sort((a, b) => Math.abs(a.skewMs) - Math.abs(b.skewMs));
    const untied = this.edge.length > 0 && stream.hop !== 'edge' ? UNTIED_SECONDS : 0;
    const skewMs = machine?.skewMs ?? 0;
    const apartSeconds = others.map((other) => Math.abs(other.skewMs - skewMs) / 1000);
    return {
      zone,
      skewMs,
      method: method === 'explicit' && machine ? 'sibling' : method,
      uncertaintySeconds: Math.max(uncertaintySeconds, machine?.uncertaintySeconds ?? untied, ...apartSeconds),
      alternatives: others.map((other) => ({
        zoneOffsetMinutes: this.offsetOf(stream, zone),
        skewSeconds: other.skewMs / 1000,
        support: 0,
      })),
      isTied: false,
      ...(machine?.course && { course: machine.course }),
    };
  }

  private placeWritten(stream: StreamDigest): void {
    if (this.placements.get(stream)?.isTied) return;
    const zone = writtenZone(stream);
    const references = this.clocksFor(stream);
    const shared = references.length === 0 ? null : skewOf(this.read(stream, { zone: UTC, skewMs: 0 }), references);
    const found = shared ?? (stream.hop === 'client' ? tieByDate(stream) : null);
    if (!found) {
      const placement = this.unskewed(stream, zone, 'explicit', 0);
      const alternatives = [...(this.open.get(stream) ?? []), ...placement.alternatives];
      this.place(stream, { ...placement, alternatives });
      return;
    }
    const { method, uncertaintySeconds, rival } = found;
    this.place(stream, {
      zone,
      skewMs: wholeSeconds(found.differenceMs),
      method,
      uncertaintySeconds,
      isTied: true,
      ...(found.course && { course: found.course }),
      alternatives: rival
        ? [{ zoneOffsetMinutes: 0, skewSeconds: wholeSeconds(rival.differenceMs) / 1000, support: rival.support }]
        : [],
    });
    this.learnSkew(stream);
  }

  /** Minutes of skew that only the shape of the trouble shows, and which of several skews of its machine a log has. */
  private placeWrittenByShape(stream: StreamDigest): void {
    if (isOutside(stream) || this.placements.get(stream)?.isTied) return;
    const zone = writtenZone(stream);
    const prior: Prior = { zone, method: 'sibling', seen: [] };
    const readAs = (): ReadStream => this.read(stream, { zone, skewMs: 0 });
    const log = { readAs, priors: [prior], machineSkewsMs: this.machineSkews(stream) };
    const shape = placeByShape(log, this.clocksFor(stream));
    // Its zone is written: what would overrule it is chance.
    if (shape.kind !== 'placed' || !shape.placement.isTied || shape.placement.method !== 'sibling') {
      this.open.set(
        stream,
        skewsByRhythm(readAs, this.clocksFor(stream)).map((other) => ({
          ...other,
          zoneOffsetMinutes: writtenOffset(stream),
        })),
      );
      return;
    }
    this.place(stream, { ...shape.placement, zone, method: 'shape' });
    this.learnSkew(stream);
  }

  /** The logs whose clock a log with a written zone is set by: the edge's; without one its machine's request logs. */
  private clocksFor(stream: StreamDigest): readonly ReadStream[] {
    if (this.edge.length > 0) {
      if (stream.hop === 'edge') return [];
      this.edgeReads ??= this.placedRead(this.edge);
      return this.edgeReads;
    }
    if (stream.requestCount > 0 || isOutside(stream)) return [];
    return this.placedRead(this.siblings(stream).filter((other) => isWritten(other) && other.requestCount > 0));
  }

  /** The skew of a machine is that of its surest log: by Ray IDs, by requests of the edge, by shape. */
  private learnSkew(stream: StreamDigest): void {
    const placement = this.placements.get(stream);
    const domain = this.domains.of(stream);
    if (!placement?.isTied || stream.hop === 'edge' || this.edge.length === 0) return;
    const known = this.machines.get(domain) ?? [];
    const { skewMs, uncertaintySeconds } = placement;
    const course = placement.course && clockCourse(placement.course);
    const same = known.findIndex((other) => Math.abs(other.skewMs - skewMs) <= ONE_SKEW_MS);
    if (same >= 0 && (known[same]?.uncertaintySeconds ?? 0) <= uncertaintySeconds) return;
    if (same >= 0) known.splice(same, 1);
    known.push({ skewMs, uncertaintySeconds, ...(course && { course }) });
    known.sort((a, b) => a.uncertaintySeconds - b.uncertaintySeconds || Math.abs(a.skewMs) - Math.abs(b.skewMs));
    this.machines.set(domain, known);
  }

  /** Without an edge log the logs that write their zone are the clock, and nobody knows how far it is off. */
  private machineSkews(stream: StreamDigest): number[] {
    return this.knownSkews(stream).map(({ skewMs }) => skewMs);
  }

  /** Skews that the stream may have: of its file's other lines where its machine's disagree, of its machine, of those whose it may be. */
  private knownSkews(stream: StreamDigest): MachineSkew[] {
    const [own = '', ...others] = this.domains.near(stream);
    const ofMachine = this.machines.get(own) ?? [];
    const known = ofMachine.length > 0 ? ofMachine : others.flatMap((domain) => this.machines.get(domain) ?? []);
    const inFile = known.length < 2 ? [] : this.skewsInFile(stream);
    return inFile.length > 0 ? inFile : [...known];
  }

  private skewsInFile(stream: StreamDigest): MachineSkew[] {
    return this.streams.flatMap((other) => {
      const placement = this.placements.get(other);
      return placement?.isTied && sharesFile(other, stream) && this.domains.of(other) === this.domains.of(stream)
        ? [placement]
        : [];
    });
  }

  private siblings(stream: StreamDigest): StreamDigest[] {
    const near = new Set(this.domains.near(stream));
    return this.streams.filter((other) => near.has(this.domains.of(other)));
  }

  /** Logs to compare with, in groups: those of the same machine that are tied, the edge's, the rest of those that write a zone. */
  private references(stream: StreamDigest): ReadStream[][] {
    const written = this.streams.filter((other) => isWritten(other) && other.requestCount > 0);
    const near = new Set(this.domains.near(stream));
    const isOwn = (other: StreamDigest): boolean =>
      near.has(this.domains.of(other)) && (this.edge.length === 0 || this.placements.get(other)?.isTied === true);
    const own = written.filter(isOwn);
    const edge = written.filter(({ hop }) => hop === 'edge');
    const rest = written.filter((other) => !isOwn(other) && other.hop !== 'edge');
    return [own, edge, rest].map((group) => this.placedRead(group));
  }

  private placeByRequests(stream: StreamDigest): boolean {
    const priors = this.writtenPriors(stream);
    const readAs = (zone: Zone): ReadStream => this.read(stream, { zone, skewMs: 0 });
    for (const group of this.references(stream)) {
      const placement = placeByRequests(readAs, priors, group, this.machineSkews(stream));
      if (!placement) continue;
      this.place(stream, placement);
      return true;
    }
    return false;
  }

  private inDomain(domain: ClockDomain): StreamDigest[] {
    return this.streams.filter((stream) => this.domains.of(stream) === domain);
  }

  /** Zones that stamps tell of: those of its machine, else of each machine whose log it may be. */
  private writtenPriors(stream: StreamDigest): Prior[] {
    const [own = '', ...others] = this.domains.near(stream);
    const priors = priorsOf(stream, this.inDomain(own));
    if (priors.length > 0) return priors;
    for (const prior of others.flatMap((domain) => priorsOf(stream, this.inDomain(domain)))) {
      const offsets = new Set(prior.seen.map(({ offsetMinutes }) => offsetMinutes));
      if (!priors.some(({ seen }) => seen.some(({ offsetMinutes }) => offsets.has(offsetMinutes)))) priors.push(prior);
    }
    return priors;
  }

  /** Zones that a stream is expected to have: those of stamps, then those that were found for other logs of its machine. */
  private priors(stream: StreamDigest, found: readonly StreamDigest[]): Prior[] {
    const priors = this.writtenPriors(stream);
    const own = this.inDomain(this.domains.of(stream));
    const siblings = priorsOf(stream, own).length > 0 ? own : this.siblings(stream);
    for (const other of found) {
      const zone = this.placements.get(other)?.zone;
      if (!zone || other === stream || !siblings.includes(other)) continue;
      if (!priors.some((prior) => prior.zone.name.split('/').includes(zone.name.split('/')[0] ?? '')))
        priors.push({ zone, method: 'sibling', seen: [] });
    }
    return priors;
  }

  private tellsOfRequests(stream: StreamDigest): boolean {
    return tellsOfRequests(this.read(stream, { zone: UTC, skewMs: 0 }));
  }

  /** The tied logs of a stream's machine: they may tell of the same processes. */
  private tiedSiblings(stream: StreamDigest): ReadStream[] {
    return this.placedRead(
      this.siblings(stream).filter(
        (other) => other !== stream && !isOutside(other) && this.placements.get(other)?.isTied === true,
      ),
    );
  }

  private placeByProcesses(stream: StreamDigest, found: readonly StreamDigest[]): boolean {
    const readAs = (zone: Zone): ReadStream => this.read(stream, { zone, skewMs: 0 });
    const references = this.tiedSiblings(stream);
    const placement = placeByProcesses(readAs, this.priors(stream, found), references, this.machineSkews(stream));
    if (!placement) return false;
    this.place(stream, placement);
    this.learnSkew(stream);
    return true;
  }

  /** Minutes of skew that processes show which logs of its machine without a zone, placed by now, tell of, too. */
  private placeWrittenByProcesses(stream: StreamDigest): void {
    if (isOutside(stream) || this.placements.get(stream)?.isTied) return;
    const zone = writtenZone(stream);
    const readAs = (): ReadStream => this.read(stream, { zone, skewMs: 0 });
    const prior: Prior = { zone, method: 'sibling', seen: [] };
    const placement = placeByProcesses(readAs, [prior], this.tiedSiblings(stream), this.machineSkews(stream));
    // Its zone is written: what would overrule it is chance.
    if (!placement || placement.zone !== zone) return;
    this.place(stream, { ...placement, method: 'process' });
    this.learnSkew(stream);
  }

  private placeByShape(
    stream: StreamDigest,
    found: readonly StreamDigest[],
    references: readonly ReadStream[],
  ): boolean {
    const priors = this.priors(stream, found);
    const readAs = (zone: Zone): ReadStream => this.read(stream, { zone, skewMs: 0 });
    const log = { readAs, priors, machineSkewsMs: this.machineSkews(stream) };
    const shape = placeByShape(log, references);
    if (shape.kind === 'open') {
      if (shape.alternatives.length > 0) this.open.set(stream, shape.alternatives);
      return false;
    }
    const { placement } = shape;
    // An expected zone that nothing contradicts stays one that is expected: others may be told from it no more than from the expectation.
    if (placement.method !== 'shape' && !placement.isTied && !shape.isZoneParted) return false;
    this.place(
      stream,
      placement.isTied || placement.method === 'shape'
        ? placement
        : this.unskewed(stream, placement.zone, placement.method, 1),
    );
    this.learnSkew(stream);
    return true;
  }

  /** Streams with several expected zones that nothing could part. */
  private readonly ambiguous = new Set<StreamDigest>();
  /** What the shape left open. */
  private readonly open = new Map<StreamDigest, StreamClock['alternatives']>();

  private placeBySiblings(stream: StreamDigest, found: readonly StreamDigest[]): void {
    const [prior, ...others] = this.priors(stream, found);
    // Journald's short form is the host's clock, which an inner stamp told: what programs in containers write says nothing of it.
    if (others.length > 0 && prior?.method !== 'inner') this.ambiguous.add(stream);
    if (!prior) {
      const placement = this.unskewed(stream, UTC, 'assumed', ANY_ZONE_SECONDS);
      this.place(stream, { ...placement, alternatives: this.open.get(stream) ?? placement.alternatives });
      return;
    }
    const placement = this.unskewed(stream, prior.zone, prior.method, 1);
    this.place(stream, {
      ...placement,
      alternatives: [
        ...others.map(({ zone }) => ({ zoneOffsetMinutes: this.offsetOf(stream, zone), skewSeconds: 0, support: 0 })),
        ...placement.alternatives,
        ...(this.open.get(stream) ?? []),
      ],
    });
  }

  /** Streams whose place is a guess while others have one: their times cannot be set against those. */
  private adrift(unwritten: readonly StreamDigest[]): ReadonlySet<StreamDigest> {
    const isGuess = (stream: StreamDigest): boolean => {
      const placement = this.placements.get(stream);
      return placement?.method === 'assumed' || this.ambiguous.has(stream);
    };
    const hasPlace = this.streams.some((stream) => this.placements.has(stream) && !isGuess(stream));
    return new Set(hasPlace ? unwritten.filter(isGuess) : []);
  }

  /** The offset in force at a stream's end. */
  private offsetOf(stream: StreamDigest, zone: Zone): number {
    if (isWritten(stream)) return writtenOffset(stream);
    const { segments } = stream;
    const last = segments.reduce((at, { kind }, i) => (kind === 'none' ? at : i), 0);
    const segment = segments[last];
    const wallMs = segment ? wallOf(segment, this.years.get(stream)?.[last], segment.lastMs) : Number.NaN;
    return zone.toInstant(wallMs, passesOf(segments)[last]).offsetMinutes;
  }

  private timed(stream: StreamDigest, isAdrift: boolean): TimedStream {
    const placement = this.placements.get(stream) ?? this.unskewed(stream, UTC, 'explicit', 0);
    const { zone, skewMs, method, uncertaintySeconds, alternatives, isTied, course } = placement;
    const years = this.years.get(stream) ?? [];
    const year = years.findLast((one) => one !== undefined);
    const yearless = stream.segments.findLast(({ kind }) => kind === 'yearless');
    const clock: StreamClock = {
      zone: zone.name,
      zoneOffsetMinutes: this.offsetOf(stream, zone),
      skewSeconds: skewMs / 1000,
      year: year === undefined ? null : { value: year, method: this.reference.of(yearless?.source ?? -1).method },
      method,
      uncertaintySeconds,
      alternatives,
      ...(isTied ? { tied: true } : {}),
      ...(course && { course }),
      ...(isAdrift ? { adrift: 'zone' } : {}),
    };
    return timeStream(stream, clock, instantsOf(stream.segments, years, zone, skewMs, course), this.labels);
  }
}

function sharesFile({ segments }: StreamDigest, other: StreamDigest): boolean {
  return segments.some(({ source }) => other.segments.some((segment) => segment.source === source));
}
