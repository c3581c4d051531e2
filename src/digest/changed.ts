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
}

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
    streams: source.streams.map((stream) => changedStream(stream, change)),
  };
}

function changedStream(stream: StreamDigest, change: DigestChange): StreamDigest {
  const { format, server, key, kept, clues, levels } = stream;
  const changedServer = server === null ? null : change.server(server);
  const rows = (kind: KeptKind): KeptRows => ({
    weight: kept[kind].weight,
    rows: kept[kind].rows.map((one) => changedKept(one, change, kept[kind].weight)),
  });
  return {
    ...stream,
    server: changedServer,
    // Format and machine begin the key (`streamIdentity`).
    key: `${format} ${changedServer ?? ''}${key.slice(`${format} ${server ?? ''}`.length)}`,
    kept: { ordinary: rows('ordinary'), failed: rows('failed'), refused: rows('refused') },
    clues: new Map(
      [...clues].map(([signal, series]) => [
        signal,
        { ...series, kept: series.kept.map((one) => changedKept(one, change, series.sample.weight)) },
      ]),
    ),
    levels: new Map([...levels].map(([level, count]) => [change.text(level), count])),
  };
}

/**
 * A record that says something else. Where its sampling hash is made of that, it gets a new one, which a sample chooses like
 * the old one: with the old one, what is masked could be found by trying.
 */
function changedKept<R extends LogRecord>(kept: Kept<R>, change: DigestChange, weight: number): Kept<R> {
  const { record: before, hash } = kept;
  const record = change.record(before);
  const told = hashed(record);
  if (told === hashed(before)) return { ...kept, record };
  const own = finishHash(addText(HASH_START, `${told} ${stampMs(record.stamp)}`));
  return { ...kept, record, hash: own - (own % weight) + (hash % weight === 0 ? 0 : 1) };
}

/** What the sampling hash of a record is made of, beside its time. */
function hashed(record: LogRecord): string {
  return record.kind === 'clue'
    ? record.text.slice(0, CLUE_CHARS)
    : (record.ray ?? `${record.method ?? ''} ${record.path ?? ''}`);
}
