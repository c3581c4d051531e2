import { addText, CLUE_CHARS, finishHash, HASH_START } from '../vocabulary/hash.ts';
import type { LogRecord } from '../vocabulary/records.ts';
import type { Digest, Kept, KeptKind, KeptRows, SourceDigest, StreamDigest } from './digest.ts';
import { stampMs } from './written-time.ts';

/** How that of a digest is changed which logs wrote; what was counted stays. */
export interface DigestChange {
  readonly record: <R extends LogRecord>(record: R) => R;
  /** Warnings, levels, and lines that nobody understood. */
  readonly text: (text: string) => string;
  /** Name of a machine. */
  readonly server: (name: string) => string;
  /** Makes a hash unreadable, and readable again; `place` is that of its record. Absent where it need not be kept. */
  readonly seal?: Seal | undefined;
}

export type Seal = (hash: number, place: string) => number;

/** All that was read, changed; in canonical order. */
export function changedDigest({ sources, streams }: Digest, change: DigestChange): Digest {
  return {
    sources: sources.map((source) => changedSource(source, change)),
    streams: streams.map((stream) => changedStream(stream, change)).sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}

/** One source and its streams, changed. */
export function changedSource(source: SourceDigest, change: DigestChange): SourceDigest {
  const { count, samples } = source.notUnderstood;
  return {
    ...source,
    server: source.server === null ? null : change.server(source.server),
    notUnderstood: { count, samples: samples.map(({ line, text }) => ({ line, text: change.text(text) })) },
    warnings: source.warnings.map(change.text),
    streams: source.streams.map((stream) => changedStream(stream, change, source.label)),
  };
}

/** A source with the hashes that its records had before they were masked. */
export function unsealedSource(source: SourceDigest, seal: Seal): SourceDigest {
  const opened = <R extends LogRecord>({ sealed, ...kept }: Kept<R>): Kept<R> =>
    sealed === undefined ? kept : { ...kept, hash: seal(sealed, placeOf(kept.record, source.label)) };
  return { ...source, streams: source.streams.map((stream) => withKept(stream, opened)) };
}

function placeOf({ line, stamp }: LogRecord, label: string): string {
  return `${label}:${line}:${stampMs(stamp)}`;
}

function changedStream(stream: StreamDigest, change: DigestChange, label = ''): StreamDigest {
  const { format, server, key, levels } = stream;
  const changedServer = server === null ? null : change.server(server);
  return {
    ...withKept(stream, (one, weight) => changedKept(one, change, weight, label)),
    server: changedServer,
    // Format and machine begin the key (`streamIdentity`).
    key: `${format} ${changedServer ?? ''}${key.slice(`${format} ${server ?? ''}`.length)}`,
    levels: new Map([...levels].map(([level, count]) => [change.text(level), count])),
  };
}

/** A stream with each of the records that it keeps changed; `weight` is that of its sample. */
function withKept(
  stream: StreamDigest,
  change: <R extends LogRecord>(kept: Kept<R>, weight: number) => Kept<R>,
): StreamDigest {
  const rows = (kind: KeptKind): KeptRows => {
    const { rows, weight } = stream.kept[kind];
    return { weight, rows: rows.map((one) => change(one, weight)) };
  };
  return {
    ...stream,
    kept: { ordinary: rows('ordinary'), failed: rows('failed'), refused: rows('refused') },
    clues: new Map(
      [...stream.clues].map(([signal, series]) => [
        signal,
        { ...series, kept: series.kept.map((one) => change(one, series.sample.weight)) },
      ]),
    ),
  };
}

/**
 * A record that says something else. Where its sampling hash is made of that, it gets a new one, which a sample chooses like
 * the old one: with the old one, what is masked could be found by trying. It is kept sealed, so that those who have the key
 * can thin the sample further just as one run does.
 */
function changedKept<R extends LogRecord>(kept: Kept<R>, change: DigestChange, weight: number, label: string): Kept<R> {
  const { record: before, hash } = kept;
  const record = change.record(before);
  const told = hashed(record);
  if (told === hashed(before)) return { ...kept, record };
  const own = finishHash(addText(HASH_START, `${told} ${stampMs(record.stamp)}`));
  const like = own - (own % weight) + (hash % weight === 0 ? 0 : 1);
  return { ...kept, record, hash: like, sealed: change.seal?.(hash, placeOf(record, label)) ?? kept.sealed };
}

/** What the sampling hash of a record is made of, beside its time. */
function hashed(record: LogRecord): string {
  return record.kind === 'clue'
    ? record.text.slice(0, CLUE_CHARS)
    : (record.ray ?? `${record.method ?? ''} ${record.path ?? ''}`);
}
