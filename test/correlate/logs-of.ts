import { findBursts } from '../../src/bursts/find.ts';
import type { StreamClock, TimedStream } from '../../src/clock/timeline.ts';
import { timeStream } from '../../src/clock/timeline.ts';
import type { Facts } from '../../src/correlate/facts.ts';
import { factsOf } from '../../src/correlate/facts-of.ts';
import type { Scene } from '../../src/correlate/scene.ts';
import { sceneOf } from '../../src/correlate/scenes.ts';
import type { Digest, SourceDigest, StreamDigest } from '../../src/digest/digest.ts';
import { mergeDigests } from '../../src/digest/merge.ts';
import { StreamBuilder } from '../../src/digest/stream-builder.ts';
import type { Hop } from '../../src/vocabulary/hops.ts';
import type { ClueRecord, LogRecord, RequestRecord, Stamp } from '../../src/vocabulary/records.ts';
import { SIGNALS, type SignalId } from '../../src/vocabulary/signals.ts';

/** 2025-03-04T09:00:00Z: where the logs of the tests begin. */
export const T0 = 1_741_078_800_000;

const utc = (ms: number): Stamp => ({ kind: 'utc', ms });

/** A visitor's request, answered well with 200 unless told otherwise. */
export function row(hop: Hop, atMs: number, fields: Partial<RequestRecord> = {}): RequestRecord {
  return {
    kind: 'request',
    hop,
    line: 1,
    stamp: utc(atMs),
    text: `${fields.method ?? 'GET'} ${fields.path ?? '/'} ${fields.status ?? 200}`,
    status: 200,
    method: 'GET',
    path: '/',
    visitor: true,
    ...fields,
  };
}

/** A line that gives this signal, on the hop whose log shows it. */
export function clue(signal: SignalId, atMs: number, fields: Partial<ClueRecord> = {}): ClueRecord {
  return {
    kind: 'clue',
    hop: SIGNALS[signal].hop,
    line: 1,
    stamp: utc(atMs),
    text: `${signal} at ${atMs}`,
    signal,
    ...fields,
  };
}

/** A log of one program as a test writes it down. */
export interface LogSketch {
  readonly hop: Hop;
  readonly records: readonly LogRecord[];
  /** Format id; else told from the hop. */
  readonly format?: string;
  readonly server?: string;
  readonly folder?: string;
  /** Name of the file family; logs of one name are pieces of one stream. */
  readonly name?: string;
}

/** The summary of one source that holds these records, lines numbered in their order. */
export function sourceDigestOf(log: LogSketch, index: number): SourceDigest {
  const { hop, server = null, folder = '' } = log;
  const format = log.format ?? `${hop}-log`;
  const key = `${format} ${server ?? ''} ${folder}/${log.name ?? (hop === 'edge' ? '' : String(index))}`;
  const builder = new StreamBuilder({ key, format, hop, server, folder }, index);
  log.records.forEach((record, i) => {
    builder.add({ ...record, line: record.line === 1 ? i + 1 : record.line });
  });
  const { length } = log.records;
  return {
    index,
    label: `${folder}/${hop}-${index}.log`,
    format,
    hop,
    server,
    bytes: length * 100,
    sha256: null,
    lines: length,
    records: length,
    notUnderstood: { count: 0, samples: [] },
    lostBytes: 0,
    skipped: null,
    warnings: [],
    streams: [builder.close()],
  };
}

/** The digest of several logs, one source each. */
export function digestOf(logs: readonly LogSketch[]): Digest {
  return mergeDigests(logs.map(sourceDigestOf));
}

const TRUE_CLOCK: StreamClock = {
  zone: 'UTC',
  zoneOffsetMinutes: 0,
  skewSeconds: 0,
  year: null,
  method: 'explicit',
  uncertaintySeconds: 0,
  alternatives: [],
};

/** Streams whose written times are right already. */
export function timedOf(logs: readonly LogSketch[]): TimedStream[] {
  return digestOf(logs).streams.map((stream: StreamDigest) => timeStream(stream, TRUE_CLOCK, (_segment, ms) => ms));
}

/** The scenes of all bursts found in the logs, in order of time. */
export function scenesIn(logs: readonly LogSketch[]): Scene[] {
  const streams = timedOf(logs);
  const bursts = findBursts(streams);
  return bursts.map((burst) => sceneOf(burst, bursts, streams));
}

/** The facts of the one burst in the logs; throws where there is not exactly one. */
export function factsIn(logs: readonly LogSketch[]): Facts {
  const [scene, ...others] = scenesIn(logs);
  if (!scene || others.length > 0) throw new Error(`expected one burst, found ${others.length + (scene ? 1 : 0)}`);
  return factsOf(scene);
}

/** One record every `everyMs` from `fromMs` up to and without `toMs`. */
export function steady<R>(fromMs: number, toMs: number, everyMs: number, make: (atMs: number, i: number) => R): R[] {
  const records: R[] = [];
  for (let at = fromMs, i = 0; at < toMs; at += everyMs, i++) records.push(make(at, i));
  return records;
}

/** Records of several makers in order of time. */
export function inOrder(...groups: readonly (readonly LogRecord[])[]): LogRecord[] {
  const ms = ({ stamp }: LogRecord): number => (stamp.kind === 'none' ? 0 : stamp.ms);
  return groups.flat().sort((a, b) => ms(a) - ms(b));
}
